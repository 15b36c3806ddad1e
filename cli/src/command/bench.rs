//! `tandem bench`

use std::path::PathBuf;

use clap::{
    Args,
    builder::{PathBufValueParser, PossibleValuesParser, TypedValueParser},
};

use crate::{
    args::Json,
    bench::{self, Settings},
    error::Failure,
    out::Done,
};

const EXAMPLES: &str = "\
Workloads:
  W1  one new entry in each of 180 threads, from the dial to the last receipt
  W2  a reconnect with nothing new, with 180, 10 and 1,000 threads
  W3  one entry from phone to phone; the same without the phones
  W4  fifty links append what was sealed beforehand
  W5  20 entries over a line of 300 ms, of 64 kbit/s, with a tenth lost
  W6  a cold start: 200 threads of 500 entries, open to inbox rows
  W7  opening one thread of 1,000 entries
  W8  the relay's memory for a connected device that says nothing
  S1  one joins a thread of 12 devices, one is taken out, a tablet is added to 25 such threads
  S2  somebody joins a thread of 1,000 entries

Examples:
  tandem bench                          all of them, within 15 minutes
  tandem bench W1 W4 --floor            beside a bare QUIC relay doing the same
  tandem bench --floor --json out.json  also as a document (docs/cli-json.md)
  tandem bench --smoke                  tiny sizes: whether it runs, not how fast

Works in a folder of its own under the temporary folder (TMPDIR), which should be on a real disk,
and removes it. The table goes to standard output. Needs Linux.";

/// Measures.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Bench {
    /// Which workloads; all of them when none is named
    #[arg(value_name = "WORK", value_parser = PossibleValuesParser::new(bench::names()), ignore_case = true)]
    works: Vec<String>,
    /// Let a bare QUIC relay do the same work, and say each figure's ratio to it
    #[arg(long)]
    floor: bool,
    /// Tiny sizes, each workload once or twice
    #[arg(long)]
    smoke: bool,
    /// Write the figures to this file
    // Stands in for the flag of all other commands, so it has its name and its type.
    #[arg(id = "json", long = "json", value_name = "FILE", value_parser = PathBufValueParser::new().map(Json::File))]
    json: Option<Json>,
    /// Run the bare relay
    #[arg(long, value_name = "DATA", hide = true)]
    bare_relay: Option<PathBuf>,
    /// Open a home, and say how long that took
    #[arg(long, value_name = "HOME", hide = true)]
    open_home: Option<PathBuf>,
}

impl Bench {
    pub(crate) async fn run(self) -> Result<Done, Failure> {
        if let Some(data) = &self.bare_relay {
            return bench::bare_relay(data).await;
        }
        if let Some(home) = &self.open_home {
            return bench::open_home(home).await;
        }
        let file = match self.json {
            Some(Json::File(file)) => Some(file),
            Some(Json::On) => {
                return Err(Failure::Usage(
                    "bench prints a table and writes its document to a file: say \
                     `tandem bench --json FILE`"
                        .to_owned(),
                ));
            }
            Some(Json::Off) | None => None,
        };
        let works = self.works.iter().map(|work| work.to_uppercase()).collect();
        bench::run(&Settings { works, floor: self.floor, smoke: self.smoke, file }).await
    }
}
