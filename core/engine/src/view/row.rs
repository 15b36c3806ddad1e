//! A row of a thread, finished: nothing is left for a shell to decide.

use serde::{Deserialize, Serialize};
use tandem_proto::{PersonId, Role, Timestamp};

use crate::{EntryId, Fields};

/// Who said something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Author {
    /// The person.
    pub person: PersonId,
    /// Their name as they wrote it in this thread; empty until it is here.
    pub name: String,
    /// As what they are in this thread.
    pub role: Role,
}

impl Author {
    /// Whether this is the seat of a school's records, which read everything and say nothing.
    #[must_use]
    pub fn keeps_records(&self) -> bool {
        self.role == Role::Archive
    }
}

/// Why an item does not leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum StuckReason {
    /// This device is not in the thread's roster (any more).
    NotAMember,
    /// The relay says that a limit is reached.
    OverQuota,
    /// The relay can't read the item.
    Malformed,
    /// The relay does not take it, for a reason this version does not know.
    Refused,
    /// Somebody changed who is in the thread in a way that no device can follow.
    Broken,
    /// This device was taken out of the thread.
    Removed,
    /// The relay takes new threads from devices of its schools only.
    NotAdmitted,
    /// The thread's school is suspended at the relay, or was removed from it.
    SchoolSuspended,
    /// The relay has erased the thread.
    Erased,
    /// Somebody's newer version changed who is in, in a way that this version can't read.
    NewerVersionNeeded,
}

/// That somebody has had something on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SeenBy {
    /// Who.
    pub person: PersonId,
    /// When, by their clock.
    pub at: Timestamp,
}

/// An own entry's honest state. Each is traceable to a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Delivery {
    /// Only its writer can see it. Reserved.
    Draft,
    /// Waits for a time or a look. Reserved.
    Held {
        /// Until when.
        until: Timestamp,
    },
    /// Durable here; leaves when there is signal.
    OnThisPhone,
    /// The relay holds it, by its receipt of the present generation.
    OnRelay {
        /// When it was durable there, by the relay's clock.
        at: Timestamp,
    },
    /// A device of another person has signed that it holds it.
    OnTheirPhone {
        /// Whose.
        people: Vec<PersonId>,
    },
    /// Another person has had it on the screen.
    Seen {
        /// Who, and when.
        by: Vec<SeenBy>,
    },
    /// Another person says: heard. Reserved.
    Heard,
    /// It does not leave.
    Stuck {
        /// Why.
        reason: StuckReason,
        /// When it is tried again; `None` when a person has to do something.
        next_try: Option<Timestamp>,
    },
}

impl Delivery {
    /// The state's name in scripts.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Held { .. } => "held",
            Self::OnThisPhone => "on_this_phone",
            Self::OnRelay { .. } => "on_relay",
            Self::OnTheirPhone { .. } => "on_their_phone",
            Self::Seen { .. } => "seen",
            Self::Heard => "heard",
            Self::Stuck { .. } => "stuck",
        }
    }
}

/// Something that a row says about itself beside its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Remark {
    /// Written by a newer version; shown as it is, as far as it can be.
    NewerVersionNeeded,
    /// It arrived after later entries did; when, by this device's clock.
    ArrivedLate(Timestamp),
    /// Its writer changed it after it was said.
    Edited,
    /// A required field is missing: this name. It is not shown as a valid entry.
    Incomplete(String),
    /// Someone else tried to change this field; their words are not shown as the author's.
    EditByOther {
        /// Which field.
        field: String,
        /// Who tried.
        person: PersonId,
    },
    /// Someone who does not own this step tried to move it.
    MoveByOther(PersonId),
    /// Its clock was far ahead; it stands where it belongs.
    ClockAhead,
}

/// What an entry answers, in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Quote {
    /// Who said it.
    pub author: Author,
    /// The first words of what it is about, 200 characters at most.
    pub line: String,
}

impl Quote {
    /// Characters of the line.
    pub(crate) const CHARS: usize = 200;
}

/// One entry of a thread, as a screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ThreadRow {
    /// Which entry.
    pub entry: EntryId,
    /// The kind's name.
    pub kind: String,
    /// Who said it.
    pub author: Author,
    /// Whether this person said it, on whichever device.
    pub mine: bool,
    /// When it was said, as rows are ordered.
    pub at: Timestamp,
    /// What it answers.
    pub answers: Option<EntryId>,
    /// The same, as far as it is here, wherever in the thread it stands.
    pub quoted: Option<Quote>,
    /// Its fields, as they stand.
    pub fields: Fields,
    /// Own entries: how far it got. Others': `None`.
    pub delivery: Option<Delivery>,
    /// What else there is to say.
    pub remarks: Vec<Remark>,
}

impl ThreadRow {
    /// The kind of rows that say who came and who went. Their fields: `event` (an [`Event`]'s name),
    /// `person`, `name` and `role` of whom it is about (of who did it, when it is about all), and
    /// `device` where it is one of several.
    pub const ROSTER: &'static str = "roster";

    /// Whether somebody said this, rather than that somebody came or went.
    #[must_use]
    pub fn is_entry(&self) -> bool {
        self.kind != Self::ROSTER
    }
}

/// Something that happened to a thread's membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody was let in.
    Came,
    /// Somebody was let in again, on a new device; their old ones are out.
    CameBack,
    /// Somebody who is in has another device in it.
    DeviceAdded,
    /// Somebody left.
    Left,
    /// Somebody was taken out.
    Removed,
    /// One of somebody's devices was taken out.
    DeviceRemoved,
    /// Somebody founded the thread's group anew. Whom they left out, if anybody, says an event of
    /// its own behind it.
    Refounded,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Came,
        Self::CameBack,
        Self::DeviceAdded,
        Self::Left,
        Self::Removed,
        Self::DeviceRemoved,
        Self::Refounded,
    ];

    /// The event's name in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::CameBack => "came_back",
            Self::DeviceAdded => "device_added",
            Self::Left => "left",
            Self::Removed => "removed",
            Self::DeviceRemoved => "device_removed",
            Self::Refounded => "refounded",
        }
    }
}
