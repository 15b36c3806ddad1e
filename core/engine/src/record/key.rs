//! Storage keys and batches.
//!
//! A key is one byte of kind, then what tells records of that kind apart. All keys live in one
//! tree; a prefix of a key is a key too and scans what lies under it. Kinds below 16 are resident:
//! read when the store is opened. The others are read per thread when it is needed.

use std::fmt;

use tandem_proto::{DeviceKey, Hash16, InviteId, ItemHash, Seq, ThreadId};

use crate::EntryId;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $byte:literal,)*) => {
        /// What a key's first byte says. Resident kinds are below [`Key::FIRST_ON_DEMAND`]; a
        /// number is never given a second meaning. 0 is the store's own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[$doc])* $name = $byte,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

kinds! {
    /// The one record about this person and device.
    Identity = 1,
    /// The one record about the relay's last signature.
    Session = 2,
    /// A thread, by its id.
    Thread = 3,
    /// A thread's inbox row.
    Inbox = 4,
    /// An item that waits, by thread and number.
    Outbox = 5,
    /// An invite that this device made, by its id.
    Invite = 6,
    /// A join that this device asked for, by the invite's id.
    Join = 7,
    /// A thread's roster, by the thread's id.
    Roster = 8,
    /// A thread's keys, by the thread's id.
    Keys = 9,
    /// This device's offer to be let in.
    Offer = 10,
    /// An offer of another device that this one takes up, by the offer's id.
    Uptake = 11,
    /// The relay's tombstone of a thread, by the thread's id.
    Erased = 12,
    /// The one record about how long this home keeps threads.
    Retention = 13,
    /// A thread's document as it was last written whole.
    DocumentBase = 16,
    /// A change after that, by number.
    DocumentChange = 17,
    /// An entry as the fold has it.
    Entry = 18,
    /// What the fold knows of the thread beside its entries.
    Facts = 19,
    /// An actor's newest attestation.
    Attestation = 20,
    /// An item that waits for others, by seq.
    Waiting = 21,
    /// How far an own entry got, by entry.
    Sent = 22,
    /// Which phones hold an own entry, by entry.
    Phones = 23,
    /// When another's entry arrived, by entry.
    Arrived = 24,
    /// Which changes an item of the log brought, by half the item's hash.
    Item = 25,
    /// Another device's newest acknowledgement, by device.
    Peer = 26,
    /// The group as it was after a roster link, by the link.
    Group = 27,
}

/// The kinds of one thread that are read when it is needed. What items brought is read by the item,
/// when somebody could not take it in, and with these once the log was begun anew.
pub(crate) const OF_A_THREAD: [Kind; 11] = [
    Kind::DocumentBase,
    Kind::DocumentChange,
    Kind::Entry,
    Kind::Facts,
    Kind::Attestation,
    Kind::Waiting,
    Kind::Sent,
    Kind::Phones,
    Kind::Arrived,
    Kind::Peer,
    Kind::Group,
];

/// A storage key, or the prefix of some.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(Vec<u8>);

impl Key {
    /// The first byte of the kinds that are not resident.
    pub const FIRST_ON_DEMAND: u8 = 16;

    /// A key from its bytes.
    #[must_use]
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn one(kind: Kind) -> Self {
        Self(vec![kind as u8])
    }

    pub(crate) fn thread(kind: Kind, thread: &ThreadId) -> Self {
        let mut bytes = vec![kind as u8];
        bytes.extend_from_slice(thread.as_bytes());
        Self(bytes)
    }

    pub(crate) fn invite(kind: Kind, invite: &InviteId) -> Self {
        let mut bytes = vec![kind as u8];
        bytes.extend_from_slice(invite.as_bytes());
        Self(bytes)
    }

    pub(crate) fn entry(kind: Kind, thread: &ThreadId, entry: &EntryId) -> Self {
        Self::thread(kind, thread).with(entry.as_bytes())
    }

    pub(crate) fn number(kind: Kind, thread: &ThreadId, number: u64) -> Self {
        Self::thread(kind, thread).with(&number.to_be_bytes())
    }

    pub(crate) fn seq(kind: Kind, thread: &ThreadId, seq: Seq) -> Self {
        Self::number(kind, thread, seq.0)
    }

    pub(crate) fn item(thread: &ThreadId, item: &Hash16) -> Self {
        Self::thread(Kind::Item, thread).with(item.as_bytes())
    }

    pub(crate) fn group(thread: &ThreadId, link: &ItemHash) -> Self {
        Self::thread(Kind::Group, thread).with(link.as_bytes())
    }

    pub(crate) fn peer(thread: &ThreadId, device: &DeviceKey) -> Self {
        Self::thread(Kind::Peer, thread).with(device.as_bytes())
    }

    pub(crate) fn attestation(thread: &ThreadId, actor: &[u8]) -> Self {
        Self::thread(Kind::Attestation, thread).with(actor)
    }

    fn with(mut self, more: &[u8]) -> Self {
        self.0.extend_from_slice(more);
        self
    }

    /// The first byte as a kind, if it is `kind`, and what follows the thread id.
    pub(crate) fn under(&self, kind: Kind, thread: &ThreadId) -> Option<&[u8]> {
        self.0.strip_prefix(&[kind as u8])?.strip_prefix(thread.as_bytes())
    }

    /// What kind of record is under this key; `None` when a newer version wrote it.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| self.0.first() == Some(&(*kind as u8)))
    }

    /// The thread id, of the kinds that have one behind the kind.
    pub(crate) fn of_thread(&self) -> Option<&[u8]> {
        self.0.get(1..1 + ThreadId::LEN)
    }

    /// What follows the kind, if it is `kind`.
    pub(crate) fn after(&self, kind: Kind) -> Option<&[u8]> {
        self.0.strip_prefix(&[kind as u8])
    }

    /// Whether this is known to be a record's key and no prefix of others: it says all that one of its
    /// kind can say.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let rest = match self.kind() {
            Some(Kind::Outbox | Kind::DocumentChange | Kind::Waiting) => 8,
            Some(Kind::Entry | Kind::Sent | Kind::Phones | Kind::Arrived) => 10,
            Some(Kind::Item) => 16,
            Some(Kind::Peer | Kind::Group) => 32,
            _ => return false,
        };
        self.0.len() == 1 + ThreadId::LEN + rest
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether a record under this key is read when the store is opened.
    #[must_use]
    pub fn is_resident(&self) -> bool {
        self.0.first().is_some_and(|kind| *kind < Self::FIRST_ON_DEMAND)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(")?;
        for byte in self.0.iter().take(8) {
            write!(f, "{byte:02x}")?;
        }
        f.write_str(")")
    }
}

/// One change of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Sets a value.
    Put(Key, Vec<u8>),
    /// Removes a value, if there is one.
    Delete(Key),
}

/// Changes that become durable together or not at all; of two for one key the later counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    writes: Vec<Write>,
}

impl Batch {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { writes: Vec::new() }
    }

    /// Adds a change.
    pub fn push(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// The changes in order.
    #[must_use]
    pub fn writes(&self) -> &[Write] {
        &self.writes
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }
}
