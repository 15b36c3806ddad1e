//! `tandem leave`

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tandem_engine::{Answer, Intent};

use crate::{
    error::Failure,
    home::{Home, unexpected},
    out::Done,
    plain,
};

const EXAMPLES: &str = "\
Example:
  tandem leave Maya

You leave with all your devices. What is here stays here to be read; nothing that is said after is
sent to you. It is done when your word has reached the relay and another member's phone has
answered. To come back you need a new invite, on a device that was not in the thread.";

/// Leaves a thread, with all your devices.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Leave {
    /// The thread's id, its first letters, or its title
    thread: String,
}

impl Leave {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        match home.perform(Intent::Leave { thread: row.thread }).await? {
            Answer::Wished(thread) => Ok(Done::new(
                json!({ "thread": thread.to_string(), "state": "on_this_phone" }),
                format!(
                    "You leave {} with your next sync. It is done when somebody else's phone has \
                     answered.",
                    plain::line(&row.title)
                ),
            )),
            other => Err(unexpected(&other)),
        }
    }
}
