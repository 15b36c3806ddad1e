//! Storage keys and batches.
//!
//! A key is one byte of kind, then what tells records of that kind apart. All keys live in one
//! tree; a prefix of a key is a key too and scans what lies under it. Kinds below 16 are resident:
//! read when the store is opened. The others are read per thread when it is needed.

use std::fmt;

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
