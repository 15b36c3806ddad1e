//! `tandem receipts`

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use crate::{
    clock,
    error::{CHECK, Failure},
    home::Home,
    out::Done,
    rows::short,
    shapes,
};

const EXAMPLES: &str = "\
Examples:
  tandem receipts Maya
  tandem receipts Maya --json

A receipt is the relay's signature that an entry is kept at a place in its log and since when.
Each is checked here with the relay's pinned key, without signal.";

/// Lists receipts.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Receipts {
    /// The thread's id, its first letters, or its title
    thread: String,
}

impl Receipts {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let receipts = home.receipts(row.thread).await?;
        let now = clock::now();
        let lines: Vec<_> = receipts
            .iter()
            .map(|receipt| {
                let holds = if receipt.verified {
                    "The signature holds."
                } else {
                    "The signature does not hold: keep this and ask who runs the relay."
                };
                format!(
                    "[{}] is kept by the relay as number {} of this thread, since {}. {holds}\n  {}",
                    short(receipt.entry),
                    receipt.seq,
                    clock::moment(receipt.time, now),
                    receipt.envelope
                )
            })
            .collect();
        let text = match lines.len() {
            0 => "No receipts yet: nothing of yours is with the relay.".to_owned(),
            _ => lines.join("\n"),
        };
        let document =
            json!({ "receipts": receipts.iter().map(shapes::receipt).collect::<Vec<_>>() });
        let exit = if receipts.iter().all(|receipt| receipt.verified) { 0 } else { CHECK };
        Ok(Done::new(document, text).exit(exit))
    }
}
