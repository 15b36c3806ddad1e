//! What an operator may set, with a default for everything but the data folder.

mod file;

use std::{net::SocketAddr, path::PathBuf};

use tandem_proto::RelayAddress;
use tandem_relay::Admission;

pub use file::{ConfigError, SAMPLE_CONFIG};

/// Everything that a relay is started with. Each field says the key it has in the config file;
/// [`SAMPLE_CONFIG`] is such a file with every key and its default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostConfig {
    /// `data`: the folder of `relay.key` and `store/`. Made when it is not there. No default.
    pub data: PathBuf,
    /// `listen`: the UDP address and port to listen on. Default `0.0.0.0:7443`; port 0 takes a
    /// free one.
    pub listen: SocketAddr,
    /// `public`: host and port that devices are told to dial, as text. Default: the address that
    /// is listened on.
    pub public: Option<RelayAddress>,
    /// `metrics`: loopback TCP address of `/metrics` and `/health`. Off unless set.
    pub metrics: Option<SocketAddr>,
    /// `admission`: who may put threads here, `open` for everybody or `schools` for devices of its
    /// schools; the others are served in threads that they were let into. Default `open`.
    pub admission: Admission,
    /// `[log]`: what is logged and how.
    pub log: LogSettings,
    /// `[limits]`: what one device, one address and all together may ask for.
    pub limits: Limits,
}

/// What is logged and how. The program that starts the host installs the subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// `log.filter`: the least level, or directives such as `warn,tandem_server=debug`.
    /// Default `info`.
    pub filter: String,
    /// `log.format`: `text` or `json`. Default `text`.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What one device, one address and all together may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// `limits.connections`: open connections in all. Default 20,000: some 48 KiB each.
    pub connections: usize,
    /// `limits.connections_per_address`: open connections of one IPv4 address or IPv6 /64. A
    /// school or a mobile carrier is one address to us. Default 5,000.
    pub connections_per_address: usize,
    /// `limits.dials_per_address`: connections that one address may begin in a minute; the next is
    /// refused. Default 10,000: every phone of some schools at once.
    pub dials_per_address: u32,
    /// `limits.dials_per_device`: connections that one device may begin in a minute; the next is
    /// told to wait and closed. Default 1,000, half a percent of a processor in handshakes.
    pub dials_per_device: u32,
    /// `limits.handshakes`: handshakes under way before newcomers must prove their address
    /// first, which costs them a round trip; at four times as many, newcomers are refused.
    /// Default 256.
    pub handshakes: usize,
    /// `limits.frames_per_second`: frames read from one connection in a second; the rest waits.
    /// Default 20,000.
    pub frames_per_second: u32,
    /// `limits.queued_bytes`: bytes waiting for one connection before it counts as lagging and
    /// rereads the log later. Default 1 MiB.
    pub queued_bytes: usize,
    /// `limits.items_per_thread`: items in one thread's log. Default 1,000,000.
    pub items_per_thread: u64,
    /// `limits.bytes_per_thread`: bytes of one thread's log. Default 1 GiB.
    pub bytes_per_thread: u64,
    /// `limits.threads_founded_per_day`: threads that one device may found in a day. Default
    /// 2,000: a school's office on its first day.
    pub threads_founded_per_day: u32,
    /// `limits.bytes_per_day`: bytes of log items that one device may upload in a day. Default 4 GiB.
    pub bytes_per_day: u64,
    /// `limits.devices_per_school`: devices of one school. Default 10,000.
    pub devices_per_school: u64,
    /// `limits.threads_per_school`: threads of one school. Default 100,000.
    pub threads_per_school: u64,
    /// `limits.bytes_per_school`: bytes of all logs of one school's threads. Default 256 GiB.
    pub bytes_per_school: u64,
    /// `limits.letters_per_device`: letters of one device waiting in mailboxes. Default 1,000.
    pub letters_per_device: u32,
    /// `limits.letter_bytes`: bytes of letters in all mailboxes together, which are kept in memory.
    /// Default 256 MiB: 300 of the largest, a welcome with a year's snapshot each.
    pub letter_bytes: usize,
    /// `limits.retention_days`: days since a thread's newest item after which it is erased. Default 0:
    /// never.
    pub retention_days: u64,
}

impl HostConfig {
    /// The defaults, over this data folder.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: SocketAddr::from(([0, 0, 0, 0], 7443)),
            public: None,
            metrics: None,
            admission: Admission::Open,
            log: LogSettings::default(),
            limits: Limits::default(),
        }
    }

    pub(crate) fn core(&self) -> tandem_relay::Config {
        tandem_relay::Config {
            admission: self.admission,
            max_bytes_per_day: self.limits.bytes_per_day,
            max_devices_per_school: self.limits.devices_per_school,
            max_threads_per_school: self.limits.threads_per_school,
            max_bytes_per_school: self.limits.bytes_per_school,
            max_queued_bytes: self.limits.queued_bytes,
            max_items_per_thread: self.limits.items_per_thread,
            max_bytes_per_thread: self.limits.bytes_per_thread,
            max_threads_founded_per_day: self.limits.threads_founded_per_day,
            max_letters_per_device: self.limits.letters_per_device,
            max_letter_bytes: self.limits.letter_bytes,
            retention_days: self.limits.retention_days,
        }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let core = tandem_relay::Config::default();
        Self {
            connections: 20_000,
            connections_per_address: 5_000,
            dials_per_address: 10_000,
            dials_per_device: 1_000,
            handshakes: 256,
            frames_per_second: 20_000,
            queued_bytes: core.max_queued_bytes,
            items_per_thread: core.max_items_per_thread,
            bytes_per_thread: core.max_bytes_per_thread,
            threads_founded_per_day: core.max_threads_founded_per_day,
            bytes_per_day: core.max_bytes_per_day,
            devices_per_school: core.max_devices_per_school,
            threads_per_school: core.max_threads_per_school,
            bytes_per_school: core.max_bytes_per_school,
            letters_per_device: core.max_letters_per_device,
            retention_days: core.retention_days,
            letter_bytes: core.max_letter_bytes,
        }
    }
}
