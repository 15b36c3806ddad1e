//! `tandem relay admin`

mod audit;
mod device;
mod erase;
mod school;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use tandem_server::{AdminReply, AdminRequest};

use crate::{error::Failure, out::Done};

const EXAMPLES: &str = "\
Examples:
  tandem relay admin --data ./relay school add 'Elm Street School'
  tandem relay admin --data ./relay school list
  tandem relay admin --data ./relay device suspend k3x9mq
  tandem relay admin --data ./relay erase --thread k3x9mq
  tandem relay admin --data ./relay audit --json

While the relay runs it is asked over admin.sock in its data folder, which only its own account (and
root) can open; while it does not run, its store is opened instead. There is no password, and nothing
of this is on the network. Every change is in the audit log.";

/// Administers a relay, running or not.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Admin {
    /// The folder of the relay's key and store
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

/// What is administered.
#[derive(Debug, Subcommand)]
enum What {
    /// Schools: add, list, limit, suspend, resume, remove, link
    #[command(subcommand)]
    School(school::School),
    /// Devices: list, suspend, resume, remove
    #[command(subcommand)]
    Device(device::Device),
    /// Erase a thread for good, or say what there is of it
    Erase(erase::Erase),
    /// Print and verify the log of what was done here; ends with 6 when it is cut or changed
    Audit(audit::Audit),
}

impl Admin {
    pub(crate) fn run(self) -> Result<Done, Failure> {
        let data = self.data.ok_or_else(|| {
            Failure::Usage("say which relay: --data DIR, the folder of its key and store".into())
        })?;
        match self.what {
            What::School(command) => command.run(&data),
            What::Device(command) => command.run(&data),
            What::Erase(command) => command.run(&data),
            What::Audit(command) => command.run(&data),
        }
    }
}

/// Asks the relay, on a thread of its own: it blocks.
fn ask(data: &std::path::Path, request: AdminRequest) -> Result<AdminReply, Failure> {
    let data = data.to_owned();
    let asking = std::thread::spawn(move || tandem_server::ask_admin(&data, request));
    match asking.join() {
        Ok(told) => Ok(told?),
        Err(_) => Err(Failure::Client("asking the relay broke down".to_owned())),
    }
}

/// An answer to another request. The relay gives none; said rather than panicked about.
fn unexpected(reply: &AdminReply) -> Failure {
    Failure::Client(format!("the relay answered something that was not asked: {reply:?}"))
}
