//! How long a home keeps its threads, as a screen shows it.

use serde::{Deserialize, Serialize};
use tandem_proto::{ThreadId, Timestamp};

/// How long this home keeps a thread in which nothing is new.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RetentionRow {
    /// The term, in days; `None` keeps every thread for good.
    pub days: Option<u32>,
    /// Threads that have an end by it, the first to go first.
    pub threads: Vec<KeptThread>,
}

/// A thread that has an end by the home's term.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct KeptThread {
    /// Which.
    pub thread: ThreadId,
    /// Its title.
    pub title: String,
    /// Until when it is kept.
    pub kept: Kept,
}

/// Until when a thread is kept on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Kept {
    /// When it is forgotten at the earliest, if nothing is new in it and this device is in use until
    /// then.
    pub until: Timestamp,
    /// What it is kept for beyond that.
    pub waits_for: Option<WaitsFor>,
}

/// What a thread is kept for although its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum WaitsFor {
    /// Own words that have not left this device.
    Words,
    /// A link of this device's making by which somebody may still come in.
    Invite,
    /// Another device of this person that is in it, with nobody else.
    OwnDevice,
    /// This person is in with others, and leaves first: with the next sync, when somebody has answered.
    Leaving,
}

impl WaitsFor {
    /// Its name in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Invite => "invite",
            Self::OwnDevice => "own_device",
            Self::Leaving => "leaving",
        }
    }
}
