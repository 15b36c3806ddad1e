//! `tandem threads`

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tandem_engine::JoinState;

use crate::{clock, error::Failure, home::Home, out::Done, rows, shapes};

/// Lists the threads.
#[derive(Debug, Args)]
pub(crate) struct Threads {}

impl Threads {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let (threads, joins) = home.inbox().await?;
        let now = clock::now();
        let (knocks, joins): (Vec<_>, Vec<_>) =
            joins.into_iter().partition(|row| row.knocking.is_some());
        let joins: Vec<_> =
            joins.into_iter().filter(|row| row.state != JoinState::Joined).collect();
        let document = json!({
            "threads": threads.iter().map(shapes::inbox).collect::<Vec<_>>(),
            "joining": joins.iter().map(shapes::joining).collect::<Vec<_>>(),
            "knocking": knocks.iter().map(shapes::knocking).collect::<Vec<_>>(),
        });
        let mut blocks: Vec<_> = threads.iter().map(|row| rows::inbox(row, now)).collect();
        blocks.extend(joins.iter().chain(&knocks).map(|row| rows::joining(row, now)));
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
