//! Items: on their way out, on their way in, and how far own entries got.

use automerge::ChangeHash;
use serde::{Deserialize, Serialize};
use tandem_proto::{
    Acknowledgement, DeviceKey, Generation, ItemHash, PersonId, Receipt, Seq, Timestamp,
};

use super::{Record, RecordError};
use crate::{EntryId, Fields, StepState, StuckReason, Waiting};

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
