//! The relay: a child process that is killed and started again.

use std::{
    fs::File,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde::Deserialize;
use tandem_proto::{RelayKey, TandemLink};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::error::Failure;

/// How long a relay may take until it listens.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often a start on the old port is tried: somebody's socket may have it for a moment.
const TRIES: u32 = 5;

/// A relay process; it is killed when dropped.
#[derive(Debug)]
pub(super) struct Relay {
    data: PathBuf,
    log: PathBuf,
    child: Child,
    listen: SocketAddr,
    key: RelayKey,
}

/// The line that `relay run --json` prints.
#[derive(Deserialize)]
struct Told {
    link: String,
    listen: SocketAddr,
}

impl Relay {
    /// Starts a relay on a free port with its data under `place`.
    pub(super) async fn start(place: &Path) -> Result<Self, Failure> {
        let (data, log) = (place.join("relay"), place.join("relay.log"));
        let (child, listen, key) = run(&data, &log, "127.0.0.1:0").await?;
        Ok(Self { data, log, child, listen, key })
    }

    pub(super) const fn listen(&self) -> SocketAddr {
        self.listen
    }

    pub(super) const fn key(&self) -> RelayKey {
        self.key
    }

    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    /// `kill -9`; returns its process's id when it is gone.
    pub(super) async fn kill(&mut self) -> Result<u32, Failure> {
        let pid = self.child.id().unwrap_or(0);
        self.child.kill().await?;
        Ok(pid)
    }

    /// Starts it again where it was.
    pub(super) async fn restart(&mut self) -> Result<u32, Failure> {
        let mut tries = 0;
        let (child, listen, key) = loop {
            tries += 1;
            match run(&self.data, &self.log, &self.listen.to_string()).await {
                Ok(started) => break started,
                Err(failure) if tries == TRIES => return Err(failure),
                Err(_) => sleep(Duration::from_millis(200)).await,
            }
        };
        if listen != self.listen || key != self.key {
            return Err(Failure::Client("the relay came back as another one".to_owned()));
        }
        self.child = child;
        Ok(self.child.id().unwrap_or(0))
    }
}

/// This program, with nothing of the environment that it would heed.
pub(super) fn tandem() -> Result<Command, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env_remove("TANDEM_HOME").env_remove("TANDEM_VAULT").env_remove("RUST_LOG");
    command.stdin(Stdio::null()).kill_on_drop(true);
    Ok(command)
}

async fn run(
    data: &Path,
    log: &Path,
    listen: &str,
) -> Result<(Child, SocketAddr, RelayKey), Failure> {
    let log_file = File::options().create(true).append(true).open(log)?;
    let mut command = tandem()?;
    command.args(["relay", "run", "--json", "--listen", listen, "--data"]).arg(data);
    let mut child = command.stdout(Stdio::piped()).stderr(log_file).spawn()?;
    let ended = || {
        let last = std::fs::read_to_string(log).unwrap_or_default();
        let last = last.lines().last().unwrap_or("it said nothing").to_owned();
        Failure::Client(format!("the relay did not start: {last}"))
    };
    let out = child.stdout.take().ok_or_else(ended)?;
    let mut lines = BufReader::new(out).lines();
    let line = timeout(PATIENCE, lines.next_line()).await.map_err(|_| ended())??;
    let told: Told = serde_json::from_str(&line.ok_or_else(ended)?).map_err(|_| ended())?;
    match told.link.parse()? {
        TandemLink::Relay(link) => Ok((child, told.listen, link.key)),
        TandemLink::Join(_) | TandemLink::School(_) | TandemLink::Device(_) => Err(ended()),
    }
}
