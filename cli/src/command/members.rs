//! `tandem members`

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use crate::{clock, error::Failure, home::Home, out::Done, plain, rows, shapes};

const EXAMPLES: &str = "\
Examples:
  tandem members Maya
  tandem members Maya --json

These people, on these devices, can read what is said in the thread; nobody else can. Somebody is
verified when another member met them (`tandem invite --in-person`) or compared a code with them
(`tandem verify`), and says so. Somebody who is not came by a link: whoever had it first is in.";

/// Lists who can read a thread.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Members {
    /// The thread's id, its first letters, or its title
    thread: String,
}

impl Members {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let members = home.members(row.thread).await?;
        let now = clock::now();
        let document = json!({ "members": members.iter().map(shapes::member).collect::<Vec<_>>() });
        let title = format!("Who can read {}:", plain::line(&row.title));
        let blocks: Vec<_> = std::iter::once(title)
            .chain(members.iter().map(|member| rows::member(member, now)))
            .collect();
        Ok(Done::new(document, blocks.join("\n\n")))
    }
}
