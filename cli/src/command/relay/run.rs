//! `tandem relay run`

use std::{net::SocketAddr, path::PathBuf, str::FromStr as _};

use clap::Args;
use serde_json::json;
use tandem_server::{Host, HostConfig, LogFormat, LogSettings};
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
it after what is under way. What is on the command line counts before the config file.";

/// Runs a relay.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Run {
    /// The folder of its key and its store
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The UDP address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
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
            None => HostConfig::new(&self.data),
        };
        config.data = self.data;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        log(&config.log)?;
        let stop = stop::asked();
        let mut host = Host::start(config).await?;
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
