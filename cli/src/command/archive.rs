//! `tandem archive`

mod export;
mod file;
mod news;
mod run;

use std::sync::Arc;

use clap::Subcommand;

use crate::{error::Failure, home::Home, out::Done};

/// What can be done for a school's records.
#[derive(Debug, Subcommand)]
pub(crate) enum Archive {
    /// Stay in touch, keep what is said, and give devices back their place, until asked to stop
    Run(run::Run),
    /// Write a copy of what was said into a file, for whoever has a right to one
    Export(export::Export),
}

impl Archive {
    pub(crate) async fn run(self, home: Arc<Home>, json: bool) -> Result<Done, Failure> {
        match self {
            Self::Run(command) => command.run(&home, json).await,
            Self::Export(command) => command.run(&home).await,
        }
    }
}
