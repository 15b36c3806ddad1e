//! Why a command came to nothing: a kind for scripts, a sentence for people, an exit code.

use std::{io, net::SocketAddr, path::PathBuf};

use tandem_engine::Trouble;
use tandem_proto::{Closing, LinkError, Whom};
use tandem_server::{AdminError, AdminFailure, CheckError, FolderError, HostError};

use crate::find::FEWEST;

/// Something else went wrong.
pub(crate) const OTHER: u8 = 1;
/// The command line is not one of ours.
pub(crate) const USAGE: u8 = 2;
/// The relay could not be reached, or time ran out.
pub(crate) const OUT_OF_REACH: u8 = 3;
/// Another process has the home open.
pub(crate) const IN_USE: u8 = 4;
/// There is no home that can be opened.
pub(crate) const NO_HOME: u8 = 5;
/// A check found something missing or not valid.
pub(crate) const CHECK: u8 = 6;

/// A command came to nothing. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The words don't add up.
    #[error("{0}")]
    Usage(String),
    /// Nothing names the home.
    #[error("there is no home folder to put `.tandem` in; say --home DIR or set TANDEM_HOME")]
    NowhereToLive,
    /// The folder is no home.
    #[error("there is no home in {}; make one with `tandem init`, or say --home DIR", .0.display())]
    NoHome(PathBuf),
    /// The folder has a home already.
    #[error("there is a home in {} already; choose another folder with --home DIR", .0.display())]
    HomeExists(PathBuf),
    /// Someone else has it open.
    #[error(
        "{} has the home {} open; end it first, or use another home",
        .pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}")),
        .home.display()
    )]
    InUse {
        /// Which process.
        pid: Option<u32>,
        /// Which home.
        home: PathBuf,
    },
    /// The home can't be made or opened, in the client's words.
    #[error("{0}")]
    CantOpen(String),
    /// No thread of this name.
    #[error(
        "no thread here is called {0:?} and no id begins so{more}; `tandem threads` lists them",
        more = at_least(.0)
    )]
    UnknownThread(String),
    /// The thread's document has not arrived.
    #[error(
        "this thread is not here yet: the person who invited has to be in touch once; \
             then `tandem sync --once` brings it"
    )]
    StillJoining,
    /// No entry of this id.
    #[error(
        "no entry here has an id that begins with {0:?}{more}; `tandem read` shows them",
        more = at_least(.0)
    )]
    UnknownEntry(String),
    /// No person of this name.
    #[error(
        "nobody in this thread is called {0:?} and no id begins so{more}; `tandem members` lists \
         them",
        more = at_least(.0)
    )]
    UnknownPerson(String),
    /// No invite of this id.
    #[error(
        "no invite of this home has an id that begins with {0:?}{more}; `tandem invite --list` \
         shows them",
        more = at_least(.0)
    )]
    UnknownInvite(String),
    /// No device of that person has a key like this.
    #[error("no device of theirs is called {0:?}; `tandem members` lists them")]
    UnknownDevice(String),
    /// More than one fits.
    #[error("{what:?} fits more than one: {}; say more of the id", .fits.join(", "))]
    Ambiguous {
        /// What was said.
        what: String,
        /// What fits.
        fits: Vec<String>,
    },
    /// Text that is no link of the kind needed.
    #[error("{0}")]
    BadLink(#[from] LinkError),
    /// A link, but of the other kind.
    #[error("{0}")]
    WrongLink(&'static str),
    /// A name or a title that is too long.
    #[error("{what} has {max} bytes at most, this one has {bytes}; shorten it")]
    LongName {
        /// Of what kind.
        what: &'static str,
        /// What it has.
        bytes: usize,
        /// What it may have.
        max: usize,
    },
    /// The engine said no.
    #[error("{0}")]
    Trouble(#[from] Trouble),
    /// Nobody answered.
    #[error("the relay could not be reached; everything written is kept, try again later")]
    Unreachable,
    /// Someone else answered.
    #[error(
        "what answers at the relay's address has another key than this home knows; \
             nothing was sent. Ask who runs the relay"
    )]
    WrongKey,
    /// It took too long.
    #[error("time ran out before everything was through; what is left waits for the next time")]
    TimedOut,
    /// The client stopped.
    #[error("{0}")]
    Client(String),
    /// The relay closed the connection, in its words.
    #[error("the relay ended the connection: {0}. Everything written is kept, try again later")]
    RelayClosed(String),
    /// The relay does not serve this device, or its school.
    #[error("{why}. Everything written is kept and can be read here. {then}", then = then(.why))]
    TurnedAway {
        /// Whom, and how.
        why: Closing,
    },
    /// A home that keeps no records was asked to.
    #[error(
        "this home keeps no school's records; make one that does with `tandem --home DIR init --name \
         'Lincoln School records' --role archive`, and stay in touch from this one with `tandem watch`"
    )]
    NoRecords,
    /// A file is there already.
    #[error("{} is there already; say another --out, or --force to write over it", .0.display())]
    FileExists(PathBuf),
    /// A file could not be written.
    #[error("{} can't be written: {why}; what was there is as it was", .path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The relay could not be administered.
    #[error("{0}")]
    Admin(#[from] AdminFailure),
    /// The relay could not run.
    #[error("{0}")]
    Host(#[from] HostError),
    /// The relay's address can't be had.
    #[error("can't listen on {address}: {why}. Choose another with {instead}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        why: String,
        /// What names another.
        instead: &'static str,
    },
    /// The relay's store could not be checked.
    #[error("{0}")]
    Check(#[from] CheckError),
    /// The relay's config can't be used.
    #[error("{0}")]
    Config(String),
    /// A file could not be read.
    #[error("{} can't be read: {why}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Standard input or output failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The reader of standard output went away.
    #[error("nobody reads the output any more")]
    NobodyReads,
}

/// What somebody can do whom the relay does not serve.
const fn then(why: &Closing) -> &'static str {
    match why {
        Closing::Suspended(Whom::Device) => "Ask your school, or who runs the relay",
        Closing::Suspended(Whom::School) => "Ask your school: its office can have it resumed",
        Closing::Removed(Whom::Device) => {
            "If that is a mistake ask your school: you need a new home and a new link"
        }
        Closing::Removed(Whom::School) => {
            "With another school's link say `tandem school join LINK`"
        }
        _ => "Try again later",
    }
}

/// Said where somebody gave too few letters of an id.
fn at_least(name: &str) -> &'static str {
    if name.chars().count() < FEWEST { " (say at least four letters of an id)" } else { "" }
}

impl Failure {
    /// Trouble with a name or a title: nobody can send that in parts.
    pub(crate) fn of_name(what: &'static str, trouble: Trouble) -> Self {
        match trouble {
            Trouble::TooLong { bytes, max } => Self::LongName { what, bytes, max },
            other => Self::Trouble(other),
        }
    }

    /// The kind's name in JSON.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::Trouble(trouble) => trouble.name(),
            Self::NowhereToLive | Self::NoHome(_) => "no_home",
            Self::HomeExists(_) => "home_exists",
            Self::InUse { .. } => "home_in_use",
            Self::CantOpen(_) => "home_unreadable",
            Self::UnknownThread(_) => "unknown_thread",
            Self::StillJoining => "still_joining",
            Self::UnknownEntry(_) => "unknown_entry",
            Self::UnknownPerson(_) => "unknown_person",
            Self::UnknownDevice(_) => "unknown_device",
            Self::UnknownInvite(_) => "unknown_invite",
            Self::Ambiguous { .. } => "ambiguous",
            Self::BadLink(_) | Self::WrongLink(_) => "bad_link",
            Self::LongName { .. } => "too_long",
            Self::NoRecords => "no_records",
            Self::FileExists(_) => "file_exists",
            Self::Unreachable => "relay_out_of_reach",
            Self::WrongKey => "wrong_relay_key",
            Self::TimedOut => "timed_out",
            Self::RelayClosed(_) => "relay_closed",
            Self::TurnedAway { why: Closing::Suspended(_) } => "suspended",
            Self::TurnedAway { .. } => "removed",
            Self::Admin(AdminFailure::NoRelay(_)) => "no_store",
            Self::Admin(AdminFailure::Refused(AdminError::NoSchool(_))) => "unknown_school",
            Self::Admin(AdminFailure::Refused(AdminError::NoDevice(_))) => "unknown_device",
            Self::Admin(AdminFailure::Refused(AdminError::NoThread(_))) => "unknown_thread",
            Self::Admin(AdminFailure::Refused(AdminError::Ambiguous(_))) => "ambiguous",
            Self::Admin(AdminFailure::Refused(_) | AdminFailure::NotYours(_)) => "not_allowed",
            Self::Admin(AdminFailure::Folder(FolderError::InUse { .. })) => "relay_in_use",
            Self::Admin(_) => "other",
            Self::Host(HostError::Folder(FolderError::InUse { .. })) => "relay_in_use",
            Self::Host(HostError::Config(_)) | Self::Config(_) => "bad_config",
            Self::Check(CheckError::NoStore(_)) => "no_store",
            Self::Client(_) | Self::Host(_) | Self::Listen { .. } | Self::Check(_) => "other",
            Self::File { .. } | Self::Write { .. } | Self::Io(_) | Self::NobodyReads => "io",
        }
    }

    /// How the relay was not reached, for scripts; `None` when this says nothing of the relay.
    pub(crate) const fn relay(&self) -> Option<&'static str> {
        match self {
            Self::Unreachable => Some("unreachable"),
            Self::WrongKey => Some("wrong_key"),
            Self::TimedOut => Some("timed_out"),
            Self::RelayClosed(_) => Some("closed"),
            Self::TurnedAway { .. } => Some("turned_away"),
            _ => None,
        }
    }

    /// The process's exit code.
    pub(crate) const fn exit(&self) -> u8 {
        match self {
            Self::Usage(_) => USAGE,
            Self::Unreachable
            | Self::WrongKey
            | Self::TimedOut
            | Self::RelayClosed(_)
            | Self::TurnedAway { .. } => OUT_OF_REACH,
            Self::Admin(AdminFailure::Folder(FolderError::InUse { .. })) => IN_USE,
            Self::InUse { .. } | Self::Host(HostError::Folder(FolderError::InUse { .. })) => IN_USE,
            Self::NowhereToLive | Self::NoHome(_) | Self::CantOpen(_) => NO_HOME,
            _ => OTHER,
        }
    }
}
