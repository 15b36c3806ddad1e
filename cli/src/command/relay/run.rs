//! `tandem relay run`

use std::{net::SocketAddr, path::PathBuf, str::FromStr as _};

use clap::Args;
use serde_json::json;
use tandem_server::{Host, HostConfig, HostError, LogFormat, LogSettings};
use tracing_subscriber::{
    Layer as _, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::{
    error::Failure,
    out::{self, Done},
    stop,
};

const EXAMPLES: &str = "\
Examples:
  tandem relay run --data ./relay
  tandem relay run --data ./relay --listen 127.0.0.1:0 --json
  tandem relay run --data /srv/tandem --config /etc/tandem.toml

The first run makes the folder with the relay's key in it; the same folder and address give the
same link ever after. Logs go to standard error and hold nobody's words. SIGTERM or Ctrl-C ends
it after what is under way. What is on the command line counts before the config file: --data
before its `data`, --listen before its `listen`. One of both must name the folder.";

/// Runs a relay.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Run {
    /// The folder of its key and its store; may be left out when the config file names it
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The UDP address to listen on, as IP:PORT; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT", value_parser = address)]
    listen: Option<SocketAddr>,
    /// A config file (docs/operations.md lists its keys)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Run {
    pub(crate) async fn run(self, json: bool) -> Result<Done, Failure> {
        let mut config = match &self.config {
            Some(path) => {
                HostConfig::from_file(path).map_err(|e| Failure::Config(e.to_string()))?
            }
            None => HostConfig::new(PathBuf::new()),
        };
        if let Some(data) = self.data {
            config.data = data;
        }
        if config.data.as_os_str().is_empty() {
            return Err(Failure::Usage(
                "say where the relay keeps its key and its store: --data DIR, or `data` in the \
                 config file"
                    .to_owned(),
            ));
        }
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        log(&config.log)?;
        let stop = stop::asked();
        let listen = config.listen;
        let mut host = Host::start(config).await.map_err(|error| not_started(error, listen))?;
        let (link, listen) = (host.link().to_string(), host.listen());
        if json {
            let metrics = host.metrics().map(|metrics| metrics.to_string());
            let told = json!({ "link": link, "listen": listen.to_string(), "metrics": metrics });
            out::line(&told.to_string())?;
        } else {
            out::line(&format!(
                "The relay listens on {listen}. Its link:\n\n{link}\n\nNext, in another terminal: \
                 `tandem init --name NAME --role ROLE --relay LINK`. Ctrl-C stops the relay."
            ))?;
        }
        tokio::select! {
            () = stop => {}
            ended = host.wait() => return Err(ended.into()),
        }
        host.stop().await;
        Ok(Done::silent())
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "say an IP address and a port, as 127.0.0.1:7443 or 0.0.0.0:7443; a name such as \
         localhost is not taken"
            .to_owned()
    })
}

/// Says what to do where the address can't be had; `listen` is what devices are to dial.
fn not_started(error: HostError, listen: SocketAddr) -> Failure {
    match error {
        HostError::Listen { address, source } => Failure::Listen {
            address,
            why: source.to_string(),
            instead: if address == listen { "--listen IP:PORT" } else { "`metrics` in the config" },
        },
        other => other.into(),
    }
}

/// Sends logs to standard error, so that standard output keeps the link alone.
fn log(settings: &LogSettings) -> Result<(), Failure> {
    let filter = Targets::from_str(&settings.filter)
        .map_err(|e| Failure::Config(format!("log.filter in the config: {e}")))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry();
    let set = match settings.format {
        LogFormat::Text => registry.with(lines.with_filter(filter)).try_init(),
        LogFormat::Json => registry.with(lines.json().with_filter(filter)).try_init(),
    };
    set.map_err(|e| Failure::Config(e.to_string()))
}
