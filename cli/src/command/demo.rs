//! `tandem demo`

use std::path::PathBuf;

use clap::Args;

use crate::{
    demo::{self, Settings},
    error::Failure,
    out::Done,
};

const EXAMPLES: &str = "\
Examples:
  tandem demo
  tandem demo --fast --plain             for scripts: short pauses, no colour
  tandem demo --seed 7 --keep ./trip     the same people again; their homes stay in ./trip

Needs no network but this machine's own and leaves nothing behind without --keep. The seed decides
who says what, and how often the lines lose something; when a packet travels is up to the machine.
Ends with 6 when one of its checks does not hold.";

/// Plays a school trip on real processes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Demo {
    /// The same seed gives the same people; without it a fresh one is drawn and printed
    #[arg(long)]
    seed: Option<u64>,
    /// No colour, and nothing is drawn over
    #[arg(long)]
    plain: bool,
    /// Shorter pauses and a shorter dead zone
    #[arg(long)]
    fast: bool,
    /// Leave the homes and the relay's files in this folder, which must not exist yet
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

impl Demo {
    pub(crate) async fn run(self, json: bool) -> Result<Done, Failure> {
        let seed = match self.seed {
            Some(seed) => seed,
            None => fresh_seed()?,
        };
        let settings = Settings { seed, plain: self.plain, fast: self.fast, keep: self.keep, json };
        demo::run(settings).await
    }
}

/// Small enough to be typed again.
fn fresh_seed() -> Result<u64, Failure> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Client(error.to_string()))?;
    Ok(u64::from(u32::from_le_bytes(bytes)) % 1_000_000)
}
