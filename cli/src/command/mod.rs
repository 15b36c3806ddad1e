//! One file per command: its words, and what it does.

pub(crate) mod archive;
pub(crate) mod bench;
pub(crate) mod demo;
pub(crate) mod device;
pub(crate) mod doctor;
pub(crate) mod forget;
pub(crate) mod init;
pub(crate) mod invite;
pub(crate) mod join;
pub(crate) mod leave;
pub(crate) mod members;
pub(crate) mod outbox;
pub(crate) mod post;
pub(crate) mod read;
pub(crate) mod readmit;
pub(crate) mod receipts;
pub(crate) mod refound;
pub(crate) mod relay;
pub(crate) mod remove;
pub(crate) mod retention;
pub(crate) mod school;
pub(crate) mod step;
pub(crate) mod sync;
pub(crate) mod thread;
pub(crate) mod threads;
pub(crate) mod verify;
pub(crate) mod watch;

use std::future::Future;

use tandem_proto::Role;

use crate::{
    args::{Cli, Command},
    error::Failure,
    home::{Home, Said},
    out::Done,
};

/// Performs a command to its end.
pub(crate) fn run(cli: Cli) -> Result<Done, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(dispatch(cli))
}

async fn dispatch(cli: Cli) -> Result<Done, Failure> {
    let folder = Said { home: cli.home, vault: cli.vault };
    let json = cli.json.on_stdout();
    match cli.command {
        Command::Bench(command) => command.run().await,
        Command::Demo(command) => command.run(json).await,
        Command::Relay(command) => command.run(json).await,
        Command::Init(command) => command.run(folder.place()?).await,
        Command::School(command) => at_home(folder, |home| command.run(home)).await,
        Command::Thread(command) => at_home(folder, |home| command.run(home)).await,
        Command::Threads(command) => at_home(folder, |home| command.run(home)).await,
        Command::Read(command) => at_home(folder, |home| command.run(home, json)).await,
        Command::Outbox(command) => at_home(folder, |home| command.run(home)).await,
        Command::Invite(command) => at_home(folder, |home| command.run(home)).await,
        Command::Join(command) => at_home(folder, |home| command.run(home)).await,
        Command::Device(command) => at_home(folder, |home| command.run(home)).await,
        Command::Readmit(command) => at_home(folder, |home| command.run(home)).await,
        Command::Members(command) => at_home(folder, |home| command.run(home)).await,
        Command::Remove(command) => at_home(folder, |home| command.run(home)).await,
        Command::Leave(command) => at_home(folder, |home| command.run(home)).await,
        Command::Forget(command) => at_home(folder, |home| command.run(home)).await,
        Command::Retention(command) => at_home(folder, |home| command.run(home)).await,
        Command::Refound(command) => at_home(folder, |home| command.run(home)).await,
        Command::Verify(command) => at_home(folder, |home| command.run(home)).await,
        Command::Post(command) => at_home(folder, |home| command.run(home)).await,
        Command::Step(command) => at_home(folder, |home| command.run(home)).await,
        Command::Sync(command) => at_home(folder, |home| command.run(home)).await,
        Command::Watch(command) => at_home(folder, |home| command.run(home, json)).await,
        Command::Archive(command) => at_home(folder, |home| command.run(home, json)).await,
        Command::Receipts(command) => at_home(folder, |home| command.run(home)).await,
        Command::Doctor(command) => at_home(folder, |home| command.run(home)).await,
    }
}

/// Opens the home, performs a command in it and closes it again, whatever came of it.
async fn at_home<F, R>(folder: Said, command: F) -> Result<Done, Failure>
where
    F: FnOnce(std::sync::Arc<Home>) -> R,
    R: Future<Output = Result<Done, Failure>>,
{
    let home = std::sync::Arc::new(Home::open(folder.place()?).await?);
    let ended = command(std::sync::Arc::clone(&home)).await;
    home.close().await;
    ended
}

/// The roles that a person can have. No guess is made at one that is none of them.
pub(crate) fn role(name: &str) -> Result<Role, String> {
    match name.parse() {
        Ok(Role::Student) | Err(_) => {
            Err("the roles are guardian, teacher, specialist, lead and archive".to_owned())
        }
        Ok(role) => Ok(role),
    }
}
