//! What whoever runs the relay can ask, and what comes back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tandem_proto::{
    SchoolId, SchoolPass, ThreadId, Timestamp, Tombstone, TransportKey, limits::MAX_REASON_BYTES,
};

use super::{Limit, Quota, Standing};

/// Bytes of a school's name.
pub(super) const MAX_SCHOOL_NAME: usize = 128;

/// One request of whoever runs the relay, numbered by the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AdminId(pub u64);

/// What is asked.
///
/// A school is named by its name, its id or the first letters of its id; a device by its transport
/// key or the first letters of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdminRequest {
    /// Adds a school; its pass is told in the reply and never again.
    AddSchool {
        /// Its name.
        name: String,
        /// What it may have of its own.
        quota: Quota,
    },
    /// Gives a school another pass.
    LinkSchool(String),
    /// Changes what a school may have; `None` goes back to the relay's default.
    LimitSchool {
        /// Which.
        school: String,
        /// What changes.
        changes: BTreeMap<Limit, Option<u64>>,
    },
    /// Suspends, resumes or removes a school.
    SetSchool(String, Standing),
    /// Lists the schools.
    Schools,
    /// Suspends, resumes or removes a device.
    SetDevice(String, Standing),
    /// Lists the devices, of one school if it is named.
    Devices(Option<String>),
    /// Says what there is of a thread, which is named by its id or the first letters of it.
    LookAtThread(String),
    /// Erases a thread, for good.
    EraseThread {
        /// Which, named as to look at it.
        thread: String,
        /// What the people in it are told.
        words: String,
    },
}

impl AdminRequest {
    /// Its name in logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AddSchool { .. } => "add a school",
            Self::LinkSchool(_) => "give a school another link",
            Self::LimitSchool { .. } => "limit a school",
            Self::SetSchool(..) => "change how a school stands",
            Self::Schools => "list schools",
            Self::SetDevice(..) => "change how a device stands",
            Self::Devices(_) => "list devices",
            Self::LookAtThread(_) => "look at a thread",
            Self::EraseThread { .. } => "erase a thread",
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdminReply {
    /// A school has a new pass.
    Linked(SchoolRow, SchoolPass),
    /// A school stands so now.
    School(SchoolRow),
    /// All schools, by name.
    Schools(Vec<SchoolRow>),
    /// A device stands so now.
    Device(KnownDevice),
    /// Devices, by key.
    Devices(Vec<KnownDevice>),
    /// What there is of a thread.
    Thread(ThreadLook),
    /// A thread was erased.
    Erased(ErasedThread),
}

/// A thread, as who runs the relay sees it: no word of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadLook {
    /// Its id.
    pub thread: ThreadId,
    /// The name of its school.
    pub school: Option<String>,
    /// Items of its log.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Devices that are in it.
    pub devices: u64,
    /// When the last item came; `None` when the relay has nothing of it.
    pub newest: Option<Timestamp>,
    /// When it is erased if nothing more comes; `None` for never.
    pub kept_until: Option<Timestamp>,
    /// What it is refused with, once erased.
    pub erased: Option<Tombstone>,
}

/// What became of a thread that was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedThread {
    /// What it is refused with from here on.
    pub tombstone: Tombstone,
    /// Items of its log, which are gone.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Whether nothing of it is in the store's files any more: for the host to say, when it has rebuilt
    /// them.
    pub gone: bool,
}

/// A school, as who runs the relay sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolRow {
    /// Its id.
    pub school: SchoolId,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
    /// When it was added.
    pub since: Timestamp,
    /// How many devices it has.
    pub devices: u64,
    /// How many threads it has.
    pub threads: u64,
    /// Bytes of their logs.
    pub bytes: u64,
    /// Every limit as it holds for the school.
    pub limits: Quota,
    /// Those that are its own.
    pub own: BTreeSet<Limit>,
}

/// A device, as who runs the relay sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownDevice {
    /// The key that it shows.
    pub device: TransportKey,
    /// The name of its school.
    pub school: Option<String>,
    /// When it came to that school.
    pub since: Option<Timestamp>,
    /// How it stands itself.
    pub standing: Standing,
    /// Whether it is connected.
    pub connected: bool,
}

/// Why nothing came of it. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AdminError {
    /// A name that can't be one.
    #[error("a school's name has 1 to {MAX_SCHOOL_NAME} bytes and no control characters")]
    BadName,
    /// A name that another school has.
    #[error("there is a school {0:?} already; choose another name")]
    NameTaken(String),
    /// No such school.
    #[error("there is no school {0:?}; `tandem relay admin school list` lists them")]
    NoSchool(String),
    /// No such device.
    #[error("there is no device {0:?} here; `tandem relay admin device list` lists them")]
    NoDevice(String),
    /// No such thread.
    #[error(
        "no thread here has an id that begins with {0:?}; one that is not here is named by all of it"
    )]
    NoThread(String),
    /// A reason that can't be told.
    #[error("a reason has {MAX_REASON_BYTES} bytes at most and no control characters")]
    BadReason,
    /// More than one fits.
    #[error("{0:?} fits more than one; say more of it")]
    Ambiguous(String),
    /// It stands so already.
    #[error("{0} is {1} already")]
    Already(String, String),
    /// Removed is for good.
    #[error("{0} was removed, and that is for good; add a school, or make a new home, instead")]
    Gone(String),
    /// The store can't be written, or the relay stops.
    #[error("the relay can't store anything just now; nothing was done, try again")]
    Unavailable,
}
