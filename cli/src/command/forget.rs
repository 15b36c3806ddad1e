//! `tandem forget`

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
Examples:
  tandem forget Maya             says what would go
  tandem forget Maya --yes

Everything of the thread goes from this phone, with what has not been sent, and this home takes a new
root key, so that nothing can open what the disk may still have of it. Other phones, yours too, keep
what they have, and so does the relay. Whoever is still in a thread with others leaves first
(`tandem leave`), unless the relay has erased it. It does not come back by itself.";

/// Forgets a thread on this phone, for good.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Forget {
    /// The thread's id, its first letters, or its title
    thread: String,
    /// Do it; without this it is only said what would go
    #[arg(long)]
    yes: bool,
}

impl Forget {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let title = plain::line(&row.title);
        let unsent = row.waiting + row.stuck;
        if !self.yes {
            let text = format!(
                "{title} would go from this phone for good, with {} that nobody else has. Nothing \
                 was done; say --yes.",
                crate::words::count(unsent, "entry", "entries")
            );
            let document = json!({
                "thread": row.thread.to_string(), "forgotten": false, "unsent": unsent
            });
            return Ok(Done::new(document, text));
        }
        match home.perform(Intent::Forget { thread: row.thread }).await? {
            Answer::Forgotten(thread) => Ok(Done::new(
                json!({ "thread": thread.to_string(), "forgotten": true, "unsent": unsent }),
                format!("{title} is gone from this phone."),
            )),
            other => Err(unexpected(&other)),
        }
    }
}
