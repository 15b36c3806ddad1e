//! The records, one struct each.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use serde::{Deserialize, Serialize};
use tandem_proto::{
    ChainHash, DeviceKey, Enrolment, Farewell, Generation, Hash16, ItemHash, PersonId, Receipt,
    RelayLink, Role, SchoolPass, SeatRequest, Seq, SignedCursors, ThreadCursor, Timestamp,
    Tombstone,
};
use zeroize::Zeroizing;

use super::Record;
use crate::{
    InboxRow, Misdeed,
    batch::Attestation,
    keys::Keyring,
    thread::{EntryRecord, ThreadFacts},
};

/// This person and this device.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct IdentityRecord {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) identity: [u8; 32],
    pub(crate) transport: [u8; 32],
    pub(crate) relay: RelayLink,
    pub(crate) made: Timestamp,
    /// The transport key that is to be, while threads learn of it.
    #[serde(default)]
    pub(crate) next: Option<[u8; 32]>,
    /// Since when the present one is; `None` since the home was made.
    #[serde(default)]
    pub(crate) renewed: Option<Timestamp>,
    /// The transport key before the present one.
    #[serde(default)]
    pub(crate) before: Option<[u8; 32]>,
    /// The next one was the present one already.
    #[serde(default)]
    pub(crate) returns: bool,
    /// When this device went back to the one before last.
    #[serde(default)]
    pub(crate) went_back: Option<Timestamp>,
}
impl Record for IdentityRecord {}

/// What the relay signed last.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct SessionRecord {
    pub(crate) generation: Option<Generation>,
    pub(crate) signed: Option<SignedSet>,
    pub(crate) as_of: Option<Timestamp>,
    /// The sum of the revisions of acknowledgements that were claimed with them.
    #[serde(default)]
    pub(crate) acks: u64,
    /// The school of this home.
    #[serde(default)]
    pub(crate) school: Option<SchoolRecord>,
}
impl Record for SessionRecord {}

/// The school of this home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SchoolRecord {
    /// What the relay is shown.
    pub(crate) pass: SchoolPass,
    /// What the relay said of it last.
    pub(crate) enrolment: Option<Enrolment>,
}

/// The cursors that the relay signed, with its signature.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SignedSet {
    pub(crate) signed: SignedCursors,
    pub(crate) set: Vec<ThreadCursor>,
}

/// A thread, as much of it as is resident.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ThreadRecord {
    /// The cursor: how far the log of the session's generation has been read.
    pub(crate) seq: Seq,
    pub(crate) chain: ChainHash,
    /// The last revision of acknowledgements taken in.
    pub(crate) acks: u64,
    /// Changes that left the outbox and have not been met in this generation's log.
    pub(crate) unmet: Vec<ChangeHash>,
    /// All changes of the document count as unmet; set when a log is begun anew, resolved when the
    /// document is next in memory.
    pub(crate) unmet_all: bool,
    /// How often the log was begun anew. What was noted of the log in another era counts no more.
    pub(crate) era: u64,
    /// Links that have not been met in this generation's log.
    pub(crate) unmet_links: Vec<ItemHash>,
    /// Items that were read and are not in the document, with their seq.
    pub(crate) except: Vec<(Seq, Hash16)>,
    /// Own entries that were met in the log without a receipt.
    pub(crate) unreceipted: Vec<(Seq, ItemHash)>,
    /// The last seq that holds something of another device.
    pub(crate) others: Seq,
    /// What was acknowledged last: seq and exceptions.
    pub(crate) acked: Option<(Seq, Vec<Hash16>)>,
    /// Changes stored after the document's base, numbered from here.
    pub(crate) first_change: u64,
    /// The number of the next change.
    pub(crate) next_change: u64,
    /// The number of the next outbox item.
    pub(crate) next_item: u64,
    /// By which last words of those who were taken out the entries stand as they do; see
    /// [`crate::state::Cast::last_words`].
    #[serde(default)]
    pub(crate) folded_by: Option<Hash16>,
    /// Devices that signed for another log of this generation than the one that was read here.
    #[serde(default)]
    pub(crate) other_log: BTreeSet<DeviceKey>,
    /// How far devices said to have read the log, and its chain there, where that is further than here.
    #[serde(default)]
    pub(crate) heads: BTreeMap<DeviceKey, (Seq, [u8; 16])>,
    /// Up to where our own words have said which log was read here, in this generation.
    #[serde(default)]
    pub(crate) said: Seq,
    /// Since when nothing is new in it, where the home keeps threads for a term only.
    #[serde(default)]
    pub(crate) quiet: Option<Quiet>,
}
impl Record for ThreadRecord {}

/// Since when nothing is new in a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Quiet {
    /// How much of the home's term had passed; see [`RetentionRecord::passed`].
    pub(crate) since: u64,
    /// The number of the next change then: with another one, this is out of date.
    pub(crate) changes: u64,
}

/// How long this home keeps threads, and how much time it has seen pass. Not there when it keeps them
/// for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RetentionRecord {
    /// The term.
    pub(crate) days: u32,
    /// How much time this device has seen pass since it had a term, in milliseconds.
    pub(crate) passed: u64,
    /// How much that was when the term was last changed.
    pub(crate) changed: u64,
    /// Up to where the clock was followed.
    pub(crate) clock: Timestamp,
    /// Since when the clock has stood before that.
    pub(crate) behind: Option<Timestamp>,
}
impl Record for RetentionRecord {}

/// The relay's tombstone of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TombstoneRecord {
    pub(crate) stone: Tombstone,
}
impl Record for TombstoneRecord {}

/// A thread's roster: every link that was shown, in an order that [`tandem_proto::Roster`] takes.
/// Apart from the thread's record, which is written with each item of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RosterRecord {
    pub(crate) links: Vec<Vec<u8>>,
    /// The relay's receipts for removals of this device's making: with one it takes the removal back
    /// when it has lost it, whatever it has taken since.
    #[serde(default)]
    pub(crate) receipts: Vec<Receipt>,
}
impl Record for RosterRecord {}

/// A thread's keys: what opens its envelopes, and what this device needs to be given a seat.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct KeysRecord {
    pub(crate) ring: Keyring,
    /// Packages by which others can give this device a seat, the newest last.
    pub(crate) packages: Vec<KeptPackage>,
    /// This device can't follow the group and asks for a new seat, by this item.
    pub(crate) request: Option<Vec<u8>>,
    /// Requests of others that the log has shown and no link has answered.
    pub(crate) wanted: Vec<SeatRequest>,
    /// A link that does not do what it says: nobody can follow the group over it.
    pub(crate) broken: Option<ItemHash>,
    /// What waits may have been sealed and sent under an epoch that is over: it is met in the log
    /// first, or sealed anew.
    pub(crate) reseal: bool,
    /// What the log had before this device came was handed over with its welcome, and the log has not
    /// been read past it yet.
    pub(crate) handed_over: bool,
    /// When it asked for a seat.
    pub(crate) asked: Option<Timestamp>,
    /// Farewells of others that the log has shown and no link has answered.
    #[serde(default)]
    pub(crate) leaving: Vec<Farewell>,
    /// What this person wants of the thread's membership, until a link has done it.
    #[serde(default)]
    pub(crate) wishes: Vec<Wish>,
    /// What devices did that no honest one does; each once.
    #[serde(default)]
    pub(crate) misdeeds: Vec<(DeviceKey, Misdeed)>,
    /// Where in the log something stands that only a newer version reads.
    #[serde(default)]
    pub(crate) newer: Option<Seq>,
}
impl Record for KeysRecord {}

/// What a person wants of a thread's membership. Kept as what is wanted, never as a link made for
/// it: of two links with one predecessor one loses, and is made anew (DESIGN, section 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Wish {
    /// This person is out, or this one of their devices.
    Remove { person: PersonId, device: Option<DeviceKey> },
    /// This person is out, with all their devices.
    Leave,
    /// The group goes on without this person, founded anew.
    GoOnWithout(PersonId),
}

/// A key package of this device.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeptPackage {
    /// What others have of it.
    pub(crate) public: Vec<u8>,
    /// What opens welcomes made with it.
    pub(crate) secret: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for KeptPackage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptPackage(..)")
    }
}

/// The group as it was after a roster link; see [`crate::keys::group::GroupState`].
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct GroupRecord(pub(crate) Zeroizing<Vec<u8>>);
impl Record for GroupRecord {}

impl std::fmt::Debug for GroupRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GroupRecord(..)")
    }
}

impl Record for InboxRow {}

impl Record for EntryRecord {}
impl Record for ThreadFacts {}
impl Record for Attestation {}
