//! `tandem threads`

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use crate::{clock, error::Failure, home::Home, out::Done, rows, shapes};

const EXAMPLES: &str = "\
Examples:
  tandem threads
  tandem threads --json

Also joins that wait, and people who ask with a link that lets nobody in (any more).";

/// Lists the threads.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Threads {}

impl Threads {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let (threads, joins) = home.inbox().await?;
        let now = clock::now();
        let (joining, knocking) = shapes::joins(&joins);
        let document = json!({
            "threads": threads.iter().map(shapes::inbox).collect::<Vec<_>>(),
            "joining": joining,
            "knocking": knocking,
        });
        let mut blocks: Vec<_> = threads.iter().map(|row| rows::inbox(row, now)).collect();
        blocks.extend(joins.iter().map(|row| rows::joining(row, now)));
        if blocks.is_empty() {
            blocks.push(
                "No threads yet. `tandem thread new TITLE` founds one; `tandem join LINK` asks to \
                 be let into one."
                    .to_owned(),
            );
        }
        Ok(Done::new(document, blocks.join("\n\n")))
    }
}
