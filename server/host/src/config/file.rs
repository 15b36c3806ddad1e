//! The config file: TOML, every key checked.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use tandem_proto::limits::{MAX_FRAME_BYTES, MAX_LETTER_BYTES};
use tandem_relay::Admission;

use super::{HostConfig, Limits, LogFormat, LogSettings};

/// A config file with every key, its default and what it does.
pub const SAMPLE_CONFIG: &str = include_str!("sample.toml");

/// A config can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("can't read the config file {path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML, or has a key that does not exist, or a value of a wrong kind.
    #[error("in the config file {path}: {why}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Line, key and reason.
        why: String,
    },
    /// A value that can't be.
    #[error("{key} in the config: {why}")]
    BadValue {
        /// Which key.
        key: &'static str,
        /// What it must be.
        why: String,
    },
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    data: Option<PathBuf>,
    listen: Option<String>,
    public: Option<String>,
    metrics: Option<String>,
    admission: Option<String>,
    log: Log,
    limits: LimitsTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Log {
    filter: Option<String>,
    format: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LimitsTable {
    connections: Option<usize>,
    connections_per_address: Option<usize>,
    dials_per_address: Option<u32>,
    dials_per_device: Option<u32>,
    handshakes: Option<usize>,
    frames_per_second: Option<u32>,
    queued_bytes: Option<usize>,
    items_per_thread: Option<u64>,
    bytes_per_thread: Option<u64>,
    threads_founded_per_day: Option<u32>,
    bytes_per_day: Option<u64>,
    devices_per_school: Option<u64>,
    threads_per_school: Option<u64>,
    bytes_per_school: Option<u64>,
    letters_per_device: Option<u32>,
    retention_days: Option<u64>,
    letter_bytes: Option<usize>,
}

impl HostConfig {
    /// Reads a config file. What it leaves out has its default; `data` may be left out when the
    /// caller sets it afterwards.
    ///
    /// # Errors
    /// [`ConfigError`], which names the file, the key and what is wrong.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let file: File = toml::from_str(&text).map_err(|error| ConfigError::Malformed {
            path: path.to_owned(),
            why: error.to_string().trim_end().to_owned(),
        })?;
        let mut config = Self::new(file.data.unwrap_or_default());
        if let Some(listen) = file.listen {
            config.listen = address("listen", &listen)?;
        }
        config.public = file
            .public
            .map(|public| {
                public.parse().map_err(|_| ConfigError::BadValue {
                    key: "public",
                    why: format!("{public:?} is not a host and port like relay.example:7443"),
                })
            })
            .transpose()?;
        config.metrics = file.metrics.map(|metrics| address("metrics", &metrics)).transpose()?;
        config.admission = match file.admission.as_deref() {
            None | Some("open") => Admission::Open,
            Some("schools") => Admission::Schools,
            Some(other) => {
                let why = format!("{other:?} is neither \"open\" nor \"schools\"");
                return Err(ConfigError::BadValue { key: "admission", why });
            }
        };
        config.log = file.log.settings()?;
        config.limits = file.limits.limits();
        config.check()?;
        Ok(config)
    }

    /// Checks what types can't, whoever set the values.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let bad = |key, why: &str| Err(ConfigError::BadValue { key, why: why.to_owned() });
        if self.metrics.is_some_and(|metrics| !metrics.ip().is_loopback()) {
            return bad("metrics", "must be a loopback address, for it is open to whoever asks");
        }
        let limits = &self.limits;
        for (key, value) in [
            ("limits.connections", limits.connections),
            ("limits.connections_per_address", limits.connections_per_address),
            ("limits.dials_per_address", limits.dials_per_address as usize),
            ("limits.dials_per_device", limits.dials_per_device as usize),
            ("limits.handshakes", limits.handshakes),
            ("limits.frames_per_second", limits.frames_per_second as usize),
        ] {
            if value == 0 {
                return bad(key, "must be at least 1");
            }
        }
        if limits.queued_bytes < MAX_FRAME_BYTES / 4 {
            return bad("limits.queued_bytes", "must be at least 262144, for one large item");
        }
        if limits.letter_bytes < MAX_LETTER_BYTES {
            return bad("limits.letter_bytes", "must be at least 786432, for one large letter");
        }
        Ok(())
    }
}

impl Log {
    fn settings(self) -> Result<LogSettings, ConfigError> {
        let mut settings = LogSettings::default();
        if let Some(filter) = self.filter {
            settings.filter = filter;
        }
        settings.format = match self.format.as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => {
                let why = format!("{other:?} is neither \"text\" nor \"json\"");
                return Err(ConfigError::BadValue { key: "log.format", why });
            }
        };
        Ok(settings)
    }
}

impl LimitsTable {
    fn limits(self) -> Limits {
        let default = Limits::default();
        Limits {
            connections: self.connections.unwrap_or(default.connections),
            connections_per_address: self
                .connections_per_address
                .unwrap_or(default.connections_per_address),
            dials_per_address: self.dials_per_address.unwrap_or(default.dials_per_address),
            dials_per_device: self.dials_per_device.unwrap_or(default.dials_per_device),
            handshakes: self.handshakes.unwrap_or(default.handshakes),
            frames_per_second: self.frames_per_second.unwrap_or(default.frames_per_second),
            queued_bytes: self.queued_bytes.unwrap_or(default.queued_bytes),
            items_per_thread: self.items_per_thread.unwrap_or(default.items_per_thread),
            bytes_per_thread: self.bytes_per_thread.unwrap_or(default.bytes_per_thread),
            threads_founded_per_day: self
                .threads_founded_per_day
                .unwrap_or(default.threads_founded_per_day),
            bytes_per_day: self.bytes_per_day.unwrap_or(default.bytes_per_day),
            devices_per_school: self.devices_per_school.unwrap_or(default.devices_per_school),
            threads_per_school: self.threads_per_school.unwrap_or(default.threads_per_school),
            bytes_per_school: self.bytes_per_school.unwrap_or(default.bytes_per_school),
            letters_per_device: self.letters_per_device.unwrap_or(default.letters_per_device),
            retention_days: self.retention_days.unwrap_or(default.retention_days),
            letter_bytes: self.letter_bytes.unwrap_or(default.letter_bytes),
        }
    }
}

fn address(key: &'static str, text: &str) -> Result<SocketAddr, ConfigError> {
    text.parse().map_err(|_| ConfigError::BadValue {
        key,
        why: format!("{text:?} is not an address and port like 127.0.0.1:7443"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

    use super::*;

    fn read(text: &str) -> Result<HostConfig, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.toml");
        std::fs::write(&path, text).unwrap();
        HostConfig::from_file(&path)
    }

    #[test]
    fn the_sample_names_every_key_and_its_default() {
        let all: String = SAMPLE_CONFIG
            .lines()
            .filter(|line| !line.starts_with("# "))
            .map(|line| line.trim_start_matches('#').to_owned() + "\n")
            .collect();
        let config = read(&all).unwrap();
        let mut default = HostConfig::new("/var/lib/tandem");
        default.public = Some("relay.school.example:7443".parse().unwrap());
        default.metrics = Some("127.0.0.1:9464".parse().unwrap());
        assert_eq!(config, default);
        // At the top, of the log, and limits.
        assert_eq!(all.lines().filter(|line| line.contains('=')).count(), 5 + 2 + 17);
        assert_eq!(read(SAMPLE_CONFIG).unwrap().limits, Limits::default());
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        for text in ["lissten = \"x\"", "[limits]\nconections = 3", "[log]\nlevel = \"info\""] {
            let error = read(text).unwrap_err().to_string();
            let key = text.lines().last().unwrap().split(' ').next().unwrap();
            assert!(error.contains(key), "{error}");
            assert!(error.contains("relay.toml"), "{error}");
        }
    }

    #[test]
    fn a_bad_value_is_an_error_that_names_its_key() {
        for (text, key) in [
            ("listen = \"7443\"", "listen"),
            ("public = \"relay\"", "public"),
            ("metrics = \"0.0.0.0:1\"", "metrics"),
            ("admission = \"closed\"", "admission"),
            ("[log]\nformat = \"xml\"", "log.format"),
            ("[limits]\nconnections = 0", "limits.connections"),
            ("[limits]\nqueued_bytes = 10", "limits.queued_bytes"),
            ("[limits]\nletter_bytes = 10", "limits.letter_bytes"),
            ("[limits]\ndials_per_device = 0", "limits.dials_per_device"),
            ("[limits]\nhandshakes = -1", "handshakes"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}
