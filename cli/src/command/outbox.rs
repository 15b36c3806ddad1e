//! `tandem outbox`

use std::{collections::BTreeMap, sync::Arc};

use clap::Args;
use serde_json::json;

use crate::{
    clock,
    error::Failure,
    home::Home,
    out::Done,
    rows, shapes,
    words::{self, Names},
};

const EXAMPLES: &str = "\
Examples:
  tandem outbox
  tandem outbox --json

An entry that was said and moved has two lines and counts as one. Marks of what you have read,
names, and who is in a thread wait too, and count as no entry.";

/// Lists what waits.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Outbox {}

impl Outbox {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let waiting = home.waiting().await?;
        let (entries, joins) = home.counts().await?;
        let (inbox, _) = home.inbox().await?;
        let titles: BTreeMap<_, _> =
            inbox.iter().map(|row| (row.thread, row.title.as_str())).collect();
        let names = Names::of_inbox(&inbox);
        let now = clock::now();
        let document =
            json!({ "waiting": waiting.iter().map(shapes::waiting).collect::<Vec<_>>() });
        let lines: Vec<_> = waiting
            .iter()
            .map(|row| {
                let title = titles.get(&row.thread).copied().unwrap_or("a thread not here yet");
                rows::waiting(row, title, &names, now)
            })
            .collect();
        let mut said = match (entries, joins, lines.is_empty()) {
            (0, 0, false) => words::no_entry_waits(),
            _ => words::waits(entries, joins),
        };
        if joins > 0 {
            said.push_str(" `tandem threads` shows which.");
        }
        let text = if lines.is_empty() { said } else { format!("{said}\n\n{}", lines.join("\n")) };
        Ok(Done::new(document, text))
    }
}
