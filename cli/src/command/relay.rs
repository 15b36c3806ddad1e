//! `tandem relay`

mod admin;
mod check;
mod run;

use clap::Subcommand;

use crate::{error::Failure, out::Done};

/// What can be done with a relay.
#[derive(Debug, Subcommand)]
pub(crate) enum Relay {
    /// Run a relay until it is asked to stop
    Run(run::Run),
    /// Say what a relay's store holds, offline; nothing is written
    Check(check::Check),
    /// Schools, devices and the log of what was done; only for who can open the relay's folder
    Admin(admin::Admin),
}

impl Relay {
    pub(crate) async fn run(self, json: bool) -> Result<Done, Failure> {
        match self {
            Self::Run(command) => command.run(json).await,
            Self::Check(command) => command.run(),
            Self::Admin(command) => command.run(),
        }
    }
}
