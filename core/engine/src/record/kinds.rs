//! The records, one struct each.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use serde::{Deserialize, Serialize};
use tandem_proto::{
    Acknowledgement, ChainHash, DeviceKey, DeviceLink, Enrolment, Farewell, Generation, Hash16,
    InviteId, InviteLink, InviteSecret, ItemHash, PersonId, Receipt, RelayLink, Role, SchoolPass,
    SeatRequest, Seq, SignedCursors, ThreadCursor, ThreadId, Timestamp, Tombstone,
};
use zeroize::Zeroizing;

use super::{Record, RecordError};
use crate::{
    EntryId, Fields, InboxRow, Misdeed, StepState, StuckReason, Waiting,
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

/// What was meant, kept so that it can be made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Deed {
    /// The thread is begun: its title and its founder's name.
    Begin { title: String, name: String },
    /// A newcomer says their name.
    Name { name: String },
    /// Something is said.
    Post { entry: EntryId, kind: String, at: Timestamp, answers: Option<EntryId>, fields: Fields },
    /// A step moves.
    Move { entry: EntryId, state: StepState },
    /// Entries were on the screen.
    Seen { entries: Vec<EntryId>, at: Timestamp },
    /// Somebody was met, or a code compared: these devices are this person's.
    Verified { person: PersonId, devices: Vec<DeviceKey>, at: Timestamp },
}

impl Deed {
    /// The entry that this says or moves.
    pub(crate) const fn entry(&self) -> Option<EntryId> {
        match self {
            Self::Post { entry, .. } | Self::Move { entry, .. } => Some(*entry),
            _ => None,
        }
    }

    /// What it is to whoever asks what waits.
    pub(crate) const fn what(&self) -> Waiting {
        match self {
            Self::Begin { .. } | Self::Name { .. } => Waiting::Names,
            Self::Post { .. } => Waiting::Entry,
            Self::Move { state, .. } => Waiting::Move(*state),
            Self::Seen { .. } => Waiting::Seen,
            Self::Verified { .. } => Waiting::Verified,
        }
    }

    /// The entry that this brings into being.
    pub(crate) const fn creates(&self) -> Option<EntryId> {
        match self {
            Self::Post { entry, .. } => Some(*entry),
            _ => None,
        }
    }
}

/// What an outbox item carries.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Cargo {
    /// A change, as the closed batch that is sealed at upload.
    Change { change: ChangeHash, plain: Vec<u8>, deed: Deed },
    /// A roster link.
    Link { item: Vec<u8> },
    /// Something that was refused: outside the document, kept for its writer; tried when.
    Stuck { deed: Deed, reason: StuckReason, tried: Timestamp },
}

/// An item on its way out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OutboxRecord {
    pub(crate) cargo: Cargo,
    /// The relay's receipt, of the present generation.
    pub(crate) receipt: Option<Receipt>,
    /// Where it was met in the log of the present generation.
    pub(crate) met: Option<Seq>,
    /// Why the relay did not take it, though it stays in the document.
    pub(crate) refused: Option<StuckReason>,
}
impl Record for OutboxRecord {
    /// 2: a deed may be one more, [`Deed::Verified`].
    const VERSION: u8 = 2;

    fn migrate(from: u8, body: &[u8]) -> Result<Vec<u8>, RecordError> {
        match from {
            1 => Ok(body.to_vec()),
            _ => Err(RecordError::Malformed),
        }
    }
}

impl OutboxRecord {
    /// Something that has not left yet.
    pub(crate) const fn new(cargo: Cargo) -> Self {
        Self { cargo, receipt: None, met: None, refused: None }
    }

    /// The entry that this brings into being, and why it does not leave.
    pub(crate) fn stuck(&self) -> Option<(&Deed, &StuckReason, Option<Timestamp>)> {
        match &self.cargo {
            Cargo::Stuck { deed, reason, tried } => Some((deed, reason, reason.next_try(*tried))),
            Cargo::Change { deed, .. } => Some((deed, self.refused.as_ref()?, None)),
            Cargo::Link { .. } => None,
        }
    }
}

/// Where something stands in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogPlace {
    pub(crate) generation: Generation,
    pub(crate) seq: Seq,
    pub(crate) item: ItemHash,
}

/// How far an own entry got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SentRecord {
    /// The change that says it.
    pub(crate) change: ChangeHash,
    /// The thread's era in which place and receipt were noted.
    pub(crate) era: u64,
    /// Where it was met in a log.
    pub(crate) place: Option<LogPlace>,
    /// The relay's receipt.
    pub(crate) receipt: Option<Receipt>,
    /// Where a copy of it was met last: who can't open the first may hold this one.
    #[serde(default)]
    pub(crate) again: Option<LogPlace>,
}
impl Record for SentRecord {}

/// Which devices of others signed that they hold an own entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PhonesRecord(pub(crate) Vec<DeviceKey>);
impl Record for PhonesRecord {}

/// When another's entry came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Arrived {
    pub(crate) at: Timestamp,
    /// Entries that were written later were here already.
    pub(crate) late: bool,
}
impl Record for Arrived {}

/// An item that was opened and waits for what it builds on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WaitingRecord {
    /// The thread's era in which it was read.
    pub(crate) era: u64,
    pub(crate) item: Vec<u8>,
    /// Bytes of its changes, opened.
    #[serde(default)]
    pub(crate) bytes: usize,
}
impl Record for WaitingRecord {}

/// Another device's newest acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PeerRecord {
    /// The thread's era in which it came.
    pub(crate) era: u64,
    pub(crate) ack: Acknowledgement,
    /// Its chain was found to be ours at that seq: it speaks of the log that we read.
    pub(crate) same_log: bool,
}
impl Record for PeerRecord {}

/// The changes that an item of the log brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ItemRecord(pub(crate) Vec<ChangeHash>);
impl Record for ItemRecord {}

impl Record for EntryRecord {}
impl Record for ThreadFacts {}
impl Record for Attestation {}

/// An invite that this device made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct InviteRecord {
    pub(crate) thread: ThreadId,
    pub(crate) role: Role,
    pub(crate) secret: InviteSecret,
    pub(crate) made: Timestamp,
    pub(crate) used: Option<InviteUse>,
    /// Names on later requests with the same invite, and half the hashes of those requests.
    pub(crate) knocks: Vec<(Hash16, String)>,
    /// When each of them came, and whose it was. An older version notes a knock without.
    #[serde(default)]
    pub(crate) knocked: Vec<Knocked>,
    /// It is shown in person: whoever comes in by it was seen by the inviter.
    #[serde(default)]
    pub(crate) in_person: bool,
    /// When it was revoked.
    #[serde(default)]
    pub(crate) revoked: Option<Timestamp>,
    /// It lets in the device of an offer, and this is the offer.
    #[serde(default)]
    pub(crate) offer: Option<InviteId>,
    /// Whoever it lets in was in before, and their other devices are out with the same link.
    #[serde(default)]
    pub(crate) again: bool,
}
impl Record for InviteRecord {}

/// When a later request with an invite came, and whose it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Knocked {
    /// Half the hash of the request.
    pub(crate) request: Hash16,
    pub(crate) at: Timestamp,
    pub(crate) device: DeviceKey,
}

/// The request that an invite let in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct InviteUse {
    /// Half the hash of the request's letter.
    pub(crate) request: Hash16,
    pub(crate) person: PersonId,
    pub(crate) device: DeviceKey,
    pub(crate) transport: tandem_proto::TransportKey,
    pub(crate) one_time: [u8; 32],
    /// The newcomer's key package.
    pub(crate) package: Vec<u8>,
    pub(crate) admission: Admission,
}

/// How far an admission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Admission {
    /// The link is to be read in the log.
    Linking,
    /// The welcome is to be stored by the relay.
    Welcoming,
    /// The welcome is stored; the newcomer has not been heard of.
    Welcomed,
    /// The newcomer is in.
    Arrived,
}

/// A join that this device asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JoinRecord {
    pub(crate) link: InviteLink,
    pub(crate) one_time: [u8; 32],
    pub(crate) package: KeptPackage,
    /// The sealed request.
    pub(crate) letter: Vec<u8>,
    pub(crate) since: Timestamp,
    /// Why it will not be let in.
    pub(crate) refused: Option<String>,
    /// It came by this device's offer, and nobody has to ask for it.
    #[serde(default)]
    pub(crate) by_offer: Option<ByOffer>,
}
impl Record for JoinRecord {}

/// Whose device this is to be, by whoever took up its offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ByOffer {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) role: Role,
}

/// This device's offer to be let in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OfferRecord {
    pub(crate) secret: InviteSecret,
    pub(crate) one_time: [u8; 32],
    /// In the order of the offer.
    pub(crate) packages: Vec<KeptPackage>,
    /// The sealed offer.
    pub(crate) letter: Vec<u8>,
    pub(crate) made: Timestamp,
    /// Who has taken it up.
    pub(crate) taken: Option<ByOffer>,
    /// Why it can't be taken up any more.
    pub(crate) refused: Option<String>,
}
impl Record for OfferRecord {}

/// An offer of another device that this one takes up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct UptakeRecord {
    pub(crate) link: DeviceLink,
    /// Who comes back with that device; `None` when it is this person's own.
    pub(crate) again: Option<PersonId>,
    pub(crate) since: Timestamp,
    /// What was answered, once the offer was read.
    pub(crate) taken: Option<Answered>,
    /// Why it came to nothing.
    pub(crate) refused: Option<String>,
}
impl Record for UptakeRecord {}

/// The answer to an offer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Answered {
    /// The offer's one-time key.
    pub(crate) one_time: [u8; 32],
    /// The sealed answer.
    pub(crate) letter: Vec<u8>,
}
