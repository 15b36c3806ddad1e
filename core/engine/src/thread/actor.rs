//! Who wrote an operation: actors, the devices behind them, and ids bound to their makers.

use std::fmt;

use automerge::ActorId;
use serde::{Deserialize, Serialize};
use tandem_proto::{
    Card, Hasher, PersonId,
    planted::{Fault, is},
};

use crate::EntryId;

/// The part of an actor that names a device in a thread; the rest is the incarnation.
pub(crate) type ActorPrefix = [u8; 16];

/// Who is behind an actor, as far as the roster is known.
pub(crate) trait Authors {
    /// The card of the device with this prefix; `None` until its roster link is here.
    fn known(&self, prefix: &ActorPrefix) -> Option<Card>;

    /// The same, of a device whose words are shown: whoever takes part. Of the others nothing but
    /// the name is (ADR 0020).
    fn card(&self, prefix: &ActorPrefix) -> Option<Card> {
        self.known(prefix).filter(|card| card.role.takes_part() || is(Fault::HearArchive))
    }

    /// The person who founded the thread.
    fn founder(&self) -> PersonId;
}

/// An automerge actor as this protocol makes them: a device's prefix and an incarnation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Actor([u8; 20]);

impl Actor {
    /// The actor of the fixed first change.
    pub(super) const NOBODY: Self = Self([0; 20]);

    /// Reads an automerge actor; `None` when it isn't one of ours.
    pub(super) fn read(actor: &ActorId) -> Option<Self> {
        actor.to_bytes().try_into().ok().map(Self)
    }

    /// The device.
    pub(super) fn prefix(&self) -> ActorPrefix {
        let mut prefix = [0; 16];
        prefix.copy_from_slice(&self.0[..16]);
        prefix
    }

    /// Which of the device's lives.
    pub(super) fn incarnation(&self) -> [u8; 4] {
        let mut incarnation = [0; 4];
        incarnation.copy_from_slice(&self.0[16..]);
        incarnation
    }

    /// As automerge has it.
    pub(super) fn id(&self) -> ActorId {
        ActorId::from(&self.0[..])
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Actor(")?;
        for byte in &self.0[..4] {
            write!(f, "{byte:02x}")?;
        }
        write!(f, "..{:02x})", self.0[19])
    }
}

/// Random bytes at the front of an entry's id; the others bind it to its maker.
const RANDOM: usize = 6;

/// An entry's id from six random bytes, bound to the device that makes it: no other member can
/// begin an entry under an id that was seen and so push the first one off the screen.
#[must_use]
pub(crate) fn entry_id(maker: &ActorPrefix, random: [u8; RANDOM]) -> EntryId {
    let hash = Hasher::new("tandem/entry/1").part(maker).part(&random).finish();
    let mut bytes = [0; 10];
    bytes[..RANDOM].copy_from_slice(&random);
    bytes[RANDOM..].copy_from_slice(&hash[..10 - RANDOM]);
    EntryId::new(bytes)
}

/// Whether this id was made for this device.
pub(super) fn is_bound(entry: &EntryId, maker: &ActorPrefix) -> bool {
    let mut random = [0; RANDOM];
    random.copy_from_slice(&entry.as_bytes()[..RANDOM]);
    entry_id(maker, random) == *entry
}
