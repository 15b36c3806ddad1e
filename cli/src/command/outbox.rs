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

/// Lists what waits.
#[derive(Debug, Args)]
pub(crate) struct Outbox {}

impl Outbox {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let waiting = home.waiting().await?;
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
        let text = match lines.len() {
            0 => "Nothing waits.".to_owned(),
            n => {
                let n = u32::try_from(n).unwrap_or(u32::MAX);
                format!(
                    "{}.\n\n{}",
                    words::count(n, "thing waits", "things wait"),
                    lines.join("\n")
                )
            }
        };
        Ok(Done::new(document, text))
    }
}
