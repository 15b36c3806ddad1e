//! `tandem threads`

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use crate::{clock, error::Failure, home::Home, out::Done, rows, shapes};

/// Lists the threads.
#[derive(Debug, Args)]
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
