//! The command line, word for word.

use std::path::PathBuf;

use clap::{
    ArgAction, Parser, Subcommand,
    builder::{BoolValueParser, TypedValueParser},
};

use crate::command::{
    archive, bench, demo, device, doctor, forget, init, invite, join, leave, members, outbox, post,
    read, readmit, receipts, refound, relay, remove, retention, school, step, sync, thread,
    threads, verify, watch,
};

const EXAMPLES: &str = "\
Examples:
  tandem relay run --data ./relay                     a relay; it prints its link
  tandem init --name 'Ms Rivera' --role teacher --relay tandem://relay/...
  tandem thread new 'Maya'                            a thread, shown with its id
  tandem invite Maya --role guardian                  a link and a QR code for one parent
  tandem post Maya --kind message --text 'Reading went well today.'
  tandem sync --once                                  sends and fetches, then ends

A thread is named by its id, by the first letters of it (4 or more), or by its exact title;
an entry by its id or the first letters of it. Times are UTC.

The home is the folder of --home, else of TANDEM_HOME, else ~/.tandem. What is in it is sealed; the
key is in the file of --vault, else of TANDEM_VAULT, else in the home itself.

Exit codes:
  0  done
  1  something else went wrong; standard error says what
  2  the command line is not one of ours
  3  the relay could not be reached, or time ran out
  4  another process has this home open
  5  there is no home that can be opened here
  6  a check found something missing or not valid (relay check, relay admin audit, receipts,
     demo)";

/// Conversation between a family and a child's teachers, also without signal.
#[derive(Debug, Parser)]
#[command(name = "tandem", version, after_help = EXAMPLES)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Cli {
    /// The folder of this person's home (relay, demo and bench use none)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,

    /// The file with the home's root key, when it is not to be in the home itself
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) vault: Option<PathBuf>,

    /// Print one JSON document on standard output and everything else on standard error
    #[arg(long, global = true, action = ArgAction::SetTrue)]
    #[arg(value_parser = BoolValueParser::new().map(Json::flag))]
    pub(crate) json: Json,

    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What `--json` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    /// Nothing.
    Off,
    /// One document on standard output.
    On,
    /// A document in this file: `bench` alone.
    File(PathBuf),
}

impl Json {
    const fn flag(said: bool) -> Self {
        if said { Self::On } else { Self::Off }
    }

    /// Whether standard output is for scripts.
    pub(crate) fn on_stdout(&self) -> bool {
        *self == Self::On
    }
}

/// What `tandem` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play a school trip: a relay, sixteen devices, lossy lines, and checks of how it ended
    Demo(demo::Demo),
    /// Measure how fast it is on this machine
    Bench(bench::Bench),
    /// Run a relay, check what one holds, or administer one
    #[command(subcommand)]
    Relay(relay::Relay),
    /// Make a home: a person with one device
    Init(init::Init),
    /// Make this home one of a school's
    #[command(subcommand)]
    School(school::School),
    /// Found a thread
    #[command(subcommand)]
    Thread(thread::Thread),
    /// List the threads of this home
    Threads(threads::Threads),
    /// Show what was said in a thread, and mark it as seen
    Read(read::Read),
    /// List what waits to leave this device, and why
    Outbox(outbox::Outbox),
    /// Make a link that lets one person in, list such links, or take one back
    Invite(invite::Invite),
    /// Ask to be let in, by a link
    Join(join::Join),
    /// List who can read a thread, on which devices, and who vouches for them
    Members(members::Members),
    /// Compare a code with somebody, to be sure that a seat in a thread is theirs
    Verify(verify::Verify),
    /// Take a person out of a thread, or one of their devices
    Remove(remove::Remove),
    /// Leave a thread, with all your devices
    Leave(leave::Leave),
    /// Forget a thread on this phone, for good, or say what would go
    Forget(forget::Forget),
    /// Say how long this home keeps a thread in which nothing is new, or set it
    Retention(retention::Retention),
    /// Go on without somebody who has stopped a thread
    Refound(refound::Refound),
    /// Let another phone of yours in, or offer this one
    #[command(subcommand)]
    Device(device::Device),
    /// Let somebody in again who has lost their phone, on a new one
    Readmit(readmit::Readmit),
    /// Say something
    Post(post::Post),
    /// Move a step forward
    Step(step::Step),
    /// Send what waits and fetch what is new
    Sync(sync::Sync),
    /// Stay in touch and show rows as they change, until Ctrl-C
    Watch(watch::Watch),
    /// List the relay's receipts for own entries, each checked here
    Receipts(receipts::Receipts),
    /// Keep a school's records: stay in touch and repair, or write a copy of what was said
    #[command(subcommand)]
    Archive(archive::Archive),
    /// Look at the store, the keys, the relay, and at what waits and why
    Doctor(doctor::Doctor),
}
