//! Who is in a thread, this device, and what the relay signed.

use serde::{Deserialize, Serialize};
use tandem_proto::{
    DeviceKey, Enrolment, Generation, ItemHash, Role, SchoolId, Seq, ThreadCursor, Timestamp,
    TransportKey,
};

use super::Author;
use crate::EntryId;

/// A person who is in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MemberRow {
    /// Who, and as what.
    pub author: Author,
    /// Whether it is this person.
    pub mine: bool,
    /// Whether all their devices are verified.
    pub verified: bool,
    /// Who verified them, else who let them in; `None` for an unverified founder.
    pub vouched_by: Option<Author>,
    /// When they came in, by the clock of who let them in.
    pub since: Timestamp,
    /// Their devices, in the order in which they came in.
    pub devices: Vec<KeyRow>,
    /// What this device has seen theirs do that no honest device does.
    pub misdeeds: Vec<Misdeed>,
    /// Whether this person may take them out; one's own other devices always.
    pub removable: bool,
    /// Whether this person may found the thread's group anew without them.
    pub dispensable: bool,
}

/// Something that a device did which no honest device does, as its own signature shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Misdeed {
    /// It changed who is in a thread in a way that no device can follow.
    StoppedThread,
    /// It said two different things under one number.
    TwoWords,
    /// It said something that does not follow what it said before.
    OutOfOrder,
}

impl Misdeed {
    /// Its name in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::StoppedThread => "stopped_thread",
            Self::TwoWords => "two_words",
            Self::OutOfOrder => "out_of_order",
        }
    }
}

/// A device of a person who is in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct KeyRow {
    /// Which.
    pub device: DeviceKey,
    /// When it came in, by the clock of who let it in.
    pub since: Timestamp,
    /// Whether somebody else said that it is this person's, or said so of the device of theirs that
    /// let it in.
    pub verified: bool,
    /// Whether it can read what is said now. One that can't lost its place in the group and is given
    /// another when it asks.
    pub seated: bool,
}

/// A receipt of an own entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ReceiptRow {
    /// Which entry.
    pub entry: EntryId,
    /// The envelope that carries it.
    pub envelope: ItemHash,
    /// In which generation.
    pub generation: Generation,
    /// Where in the log.
    pub seq: Seq,
    /// When, by the relay's clock.
    pub time: Timestamp,
    /// Whether the relay's signature holds, checked just now.
    pub verified: bool,
}

/// This device, as the doctor sees it. Public keys only.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DeviceRow {
    /// Since when the transport key is what it is.
    pub renewed: Timestamp,
    /// In how many threads its next keys are not known yet; `None` when none are being made.
    pub renewing: Option<u32>,
    /// The key that signs what this device says.
    pub device: DeviceKey,
    /// The key that it shows the relay.
    pub transport: TransportKey,
    /// The relay's generation that the cursors are in; `None` before the first greeting.
    pub generation: Option<Generation>,
    /// How far each thread's log has been read, sorted by thread.
    pub cursors: Vec<CursorRow>,
    /// The school of this home at its relay.
    pub school: Option<HomeSchool>,
    /// As what this home was made, or let in.
    pub role: Role,
}

impl DeviceRow {
    /// Whether this home keeps a school's records.
    #[must_use]
    pub fn keeps_records(&self) -> bool {
        self.role == Role::Archive
    }
}

/// The school of a home at its relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct HomeSchool {
    /// Its id there.
    pub school: SchoolId,
    /// What the relay said last; `None` before it was asked.
    pub enrolment: Option<Enrolment>,
}

/// How far a thread's log has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CursorRow {
    /// How far.
    pub cursor: ThreadCursor,
    /// When the relay signed just this, by its clock; checked anew. `None` when its signature is
    /// over another place, of another generation or not there.
    pub signed: Option<Timestamp>,
}
