//! `tandem relay check`

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tandem_proto::ItemHash;

use crate::{
    error::{CHECK, Failure},
    out::Done,
    words,
};

const EXAMPLES: &str = "\
Examples:
  tandem relay check --data ./relay
  tandem receipts Maya --json | jq -r '.receipts[].envelope_hash' > kept.txt
  tandem relay check --data ./relay --has kept.txt

Reads the whole store, recomputes every chain and writes nothing. Ends with 6 when the store is
damaged or something of --has is missing. Hashes for --has are those of now: after a wipe, words
come back in new envelopes, with new receipts.";

/// Says what a relay's store holds.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Check {
    /// The folder of the relay's key and store
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// A file of envelope hashes, one a line, that must be there
    #[arg(long, value_name = "FILE")]
    has: Option<PathBuf>,
}

impl Check {
    pub(crate) fn run(self) -> Result<Done, Failure> {
        let has = match &self.has {
            Some(path) => hashes(path)?,
            None => Vec::new(),
        };
        let found = tandem_server::check(&self.data, &has)?;
        let threads: Vec<_> = found
            .threads
            .iter()
            .map(|thread| {
                json!({
                    "thread": thread.thread.to_string(),
                    "head": thread.head.0,
                    "chain": thread.chain.to_string(),
                    "ok": thread.ok,
                })
            })
            .collect();
        let mut document = json!({
            "generation": found.generation.map(|generation| generation.to_string()),
            "threads": threads,
            "audit": {
                "acts": found.audit.acts.len(),
                "ok": found.audit.fault.is_none(),
                "wrong": found.audit.fault,
            },
            "missing": found.missing.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        let mut lines = vec![match found.generation {
            Some(generation) => format!("Generation {generation}."),
            None => "A store that was begun and never used.".to_owned(),
        }];
        if found.threads.is_empty() {
            lines.push("No threads.".to_owned());
        }
        for thread in &found.threads {
            let holds = match (thread.whole, &found.damage) {
                (true, None) => "the chain holds",
                (true, Some(_)) => "the chain holds to here; more may be behind the damage",
                (false, _) => "with a gap: the chain does not hold",
            };
            let read = match thread.whole {
                true => words::count(thread.head.0, "item", "items"),
                false => format!("items up to number {}", thread.head),
            };
            lines.push(format!("{}  {read}, {holds}", thread.thread));
        }
        for hash in &found.missing {
            lines.push(format!("Not here: {hash}"));
        }
        if !found.audit.acts.is_empty() || found.audit.fault.is_some() {
            let acts = words::count(found.audit.acts.len() as u64, "act", "acts");
            lines.push(match &found.audit.fault {
                None => format!("The audit log has {acts}, each as the relay signed it."),
                Some(fault) => format!("The audit log has {acts} and is not whole: {fault}."),
            });
        }
        if let Some(damage) = &found.damage {
            lines.push(format!(
                "Segment {} can't be read from byte {} on: {}. What stands above is what comes \
                 before that.\nThe next start of the relay sets the rest aside in \
                 store/quarantine and draws a new generation, and devices bring back what they \
                 have.",
                damage.segment, damage.offset, damage.what
            ));
            document["damage"] = json!({
                "segment": damage.segment,
                "offset": damage.offset,
                "what": damage.what,
            });
        }
        Ok(Done::new(document, lines.join("\n")).exit(if found.is_ok() { 0 } else { CHECK }))
    }
}

/// The hashes in a file, one a line.
fn hashes(path: &Path) -> Result<Vec<ItemHash>, Failure> {
    let file = |why: String| Failure::File { path: path.to_owned(), why };
    let text = std::fs::read_to_string(path).map_err(|error| file(error.to_string()))?;
    text.lines()
        .map(str::trim)
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .map(|(at, line)| {
            line.parse().map_err(|_| {
                file(format!(
                    "line {} is no envelope hash as `tandem receipts` prints them",
                    at + 1
                ))
            })
        })
        .collect()
}
