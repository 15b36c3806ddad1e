//! Threads in the inbox, and what waits to leave this device.

use serde::{Deserialize, Serialize};
use tandem_proto::{ErasedBecause, PersonId, Role, ThreadId, Timestamp};

use super::{Author, Delivery, Kept};
use crate::{EntryId, StepState};

/// The last thing said in a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct LastLine {
    /// Which entry.
    pub entry: EntryId,
    /// Its kind's name.
    pub kind: String,
    /// Who said it.
    pub author: Author,
    /// Its first words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Own: how far it got.
    pub delivery: Option<Delivery>,
}

/// One thread in the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct InboxRow {
    /// Which thread.
    pub thread: ThreadId,
    /// Its title.
    pub title: String,
    /// The other people in it, by name.
    pub people: Vec<Author>,
    /// The last thing said.
    pub last: Option<LastLine>,
    /// Entries of others that were not on the screen yet.
    pub unseen: u32,
    /// Entries of which something has not left this device: the words, or a step's move.
    pub waiting: u32,
    /// Entries of which something is stuck; they don't count as waiting.
    pub stuck: u32,
    /// Everything that the relay held then is here, by this device's clock; `None` before the
    /// first sync.
    pub as_of: Option<Timestamp>,
    /// Who among the people is not verified.
    #[serde(default)]
    pub unverified: Vec<PersonId>,
    /// Whose device was shown another log of this thread than this one, and signed for it: the relay
    /// keeps something from somebody, or has lost something that it does not own up to.
    #[serde(default)]
    pub other_log: Vec<PersonId>,
    /// It is this person's desk: only their own devices are in it.
    #[serde(default)]
    pub desk: bool,
    /// The relay has erased the thread: nothing comes or goes any more, what is here stays.
    #[serde(default)]
    pub erased: Option<ErasedRow>,
    /// Somebody's newer version changed who is in, in a way that this version can't read: nothing
    /// comes or goes here before this one is newer, too.
    #[serde(default)]
    pub newer_version_needed: bool,
    /// The end of the home's term for it is near, or over: until when it is kept.
    #[serde(default)]
    pub kept: Option<Kept>,
    /// As what this person can do something in it; `None` when this device is not in (any more), when it was
    /// erased, and when only a newer version can go on.
    #[serde(default)]
    pub role: Option<Role>,
    /// As what this person may let somebody in.
    #[serde(default)]
    pub admits: Vec<Role>,
}

impl InboxRow {
    /// A thread of which nothing is here yet.
    #[must_use]
    pub const fn blank(thread: ThreadId) -> Self {
        Self {
            thread,
            title: String::new(),
            people: Vec::new(),
            last: None,
            unseen: 0,
            waiting: 0,
            stuck: 0,
            as_of: None,
            unverified: Vec::new(),
            other_log: Vec::new(),
            desk: false,
            erased: None,
            newer_version_needed: false,
            kept: None,
            role: None,
            admits: Vec::new(),
        }
    }
}

/// What a relay's tombstone says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ErasedRow {
    /// When, by the relay's clock.
    pub at: Timestamp,
    /// Why.
    pub because: ErasedBecause,
    /// The same in words; may be empty.
    pub words: String,
}

/// What it is that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Waiting {
    /// The entry itself.
    Entry,
    /// A step's move, to this state.
    Move(StepState),
    /// A mark: what was on the screen.
    Seen,
    /// A name or the thread's title.
    Names,
    /// Who is in the thread.
    Members,
    /// That somebody was verified.
    Verified,
}

/// Something that waits to leave this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct WaitingRow {
    /// Of which thread.
    pub thread: ThreadId,
    /// Which entry; `None` for things that are not entries (a roster link, a mark).
    pub entry: Option<EntryId>,
    /// What of it.
    pub what: Waiting,
    /// How it stands.
    pub delivery: Delivery,
}
