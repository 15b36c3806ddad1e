//! `tandem refound`

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tandem_engine::{Answer, Intent};

use crate::{
    error::Failure,
    find,
    home::{Home, unexpected},
    out::Done,
    plain, words,
};

const EXAMPLES: &str = "\
Example:
  tandem refound Maya --without 'Mr Okafor'

For a thread that somebody has stopped (`tandem outbox` says so): its keys are made anew without
them, and the others get theirs with their next sync. What was said stays. Everybody is shown it. A
guardian is left out by another guardian only.";

/// Goes on without somebody who has stopped a thread.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Refound {
    /// The thread's id, its first letters, or its title
    thread: String,
    /// The person to go on without: their name, their id, or its first letters
    #[arg(long, value_name = "PERSON")]
    without: String,
}

impl Refound {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let members = home.members(row.thread).await?;
        let member = find::person(&self.without, &members)?;
        let without = member.author.person;
        match home.perform(Intent::Refound { thread: row.thread, without }).await? {
            Answer::Wished(thread) => Ok(Done::new(
                json!({
                    "thread": thread.to_string(),
                    "without": without.to_string(),
                    "state": "on_this_phone",
                }),
                format!(
                    "{} goes on without {} from your next sync on.",
                    plain::line(&row.title),
                    words::author(&member.author)
                ),
            )),
            other => Err(unexpected(&other)),
        }
    }
}
