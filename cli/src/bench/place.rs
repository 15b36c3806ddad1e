//! The folder that everything is in, and the processes that are measured.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde::Deserialize;
use tandem_proto::{RelayKey, RelayLink, TandemLink};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    process::{Child, Command},
    time::timeout,
};

use super::proc;
use crate::error::Failure;

/// How long a relay may take until it listens.
const PATIENCE: Duration = Duration::from_secs(20);

/// A folder of this run alone, removed when dropped.
#[derive(Debug)]
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("tandem-bench-{}", std::process::id()));
        fs::create_dir(&folder)
            .map_err(|error| Failure::File { path: folder.clone(), why: error.to_string() })?;
        Ok(Self(folder))
    }

    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("tandem: {} could not be removed: {error}", self.0.display());
        }
    }
}

/// The line that a relay prints, ours or the bare one.
#[derive(Deserialize)]
struct Told {
    link: String,
    listen: SocketAddr,
    metrics: Option<SocketAddr>,
}

/// A relay in a process of its own; it is killed when dropped.
#[derive(Debug)]
pub(super) struct Relay {
    child: Child,
    pid: u32,
    link: RelayLink,
    listen: SocketAddr,
    metrics: Option<SocketAddr>,
}

impl Relay {
    /// Starts Tandem's relay, with its metrics.
    pub(super) async fn tandem(data: &Path) -> Result<Self, Failure> {
        let config = data.with_extension("toml");
        fs::write(&config, "metrics = \"127.0.0.1:0\"\n")?;
        let mut command = program()?;
        command.args(["relay", "run", "--json", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.arg("--config").arg(config);
        Self::start(command, data).await
    }

    /// Starts the bare relay that is the floor.
    pub(super) async fn bare(data: &Path) -> Result<Self, Failure> {
        let mut command = program()?;
        command.args(["bench", "--bare-relay"]).arg(data);
        Self::start(command, data).await
    }

    async fn start(mut command: Command, data: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(data)?;
        let log = data.with_extension("log");
        let failed = || {
            let said = fs::read_to_string(&log).unwrap_or_default();
            let last = said.lines().last().unwrap_or("it said nothing").to_owned();
            Failure::Client(format!("a relay did not start: {last}"))
        };
        let log_file = fs::File::create(&log)?;
        let mut child = command.stdout(Stdio::piped()).stderr(log_file).spawn()?;
        let lines = child.stdout.take().map(|pipe| BufReader::new(pipe).lines());
        let mut lines = lines.ok_or_else(failed)?;
        let line = timeout(PATIENCE, lines.next_line()).await.map_err(|_| failed())??;
        let told: Told = line.and_then(|l| serde_json::from_str(&l).ok()).ok_or_else(failed)?;
        let TandemLink::Relay(link) = told.link.parse()? else { return Err(failed()) };
        let pid = child.id().ok_or_else(failed)?;
        Ok(Self { child, pid, link, listen: told.listen, metrics: told.metrics })
    }

    pub(super) const fn link(&self) -> &RelayLink {
        &self.link
    }

    pub(super) const fn listen(&self) -> SocketAddr {
        self.listen
    }

    pub(super) const fn key(&self) -> RelayKey {
        self.link.key
    }

    /// The processor time it has used.
    pub(super) fn cpu(&self) -> Result<Duration, Failure> {
        proc::cpu(self.pid)
    }

    /// How often it has made something durable; `None` for the bare relay, which does not tell.
    pub(super) async fn commits(&self) -> Result<Option<u64>, Failure> {
        const COUNT: &str = "\ntandem_journal_sync_seconds_count ";
        let Some(address) = self.metrics else { return Ok(None) };
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").await?;
        let mut said = String::new();
        stream.read_to_string(&mut said).await?;
        let count = said.split_once(COUNT).and_then(|(_, rest)| rest.lines().next());
        let count = count.and_then(|count| count.parse().ok());
        count.map(Some).ok_or_else(|| Failure::Client("a relay does not count commits".to_owned()))
    }

    /// Bytes that it has in memory.
    pub(super) fn resident(&self) -> Result<u64, Failure> {
        proc::resident(self.pid)
    }

    /// Ends it, so that it takes no time from what is measured next.
    pub(super) async fn end(mut self) -> Result<(), Failure> {
        Ok(self.child.kill().await?)
    }
}

/// This program, with nothing of the environment that it would heed.
pub(super) fn program() -> Result<Command, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env_remove("TANDEM_HOME").env_remove("TANDEM_VAULT").env_remove("RUST_LOG");
    command.stdin(Stdio::null()).kill_on_drop(true);
    Ok(command)
}
