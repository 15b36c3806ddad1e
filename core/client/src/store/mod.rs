//! Where records are kept: a store is whatever passes the contract suite.

mod memory;
mod opening;
mod phone;
mod sealed;
mod sled;
mod value;
mod worker;

#[cfg(test)]
mod contract;
#[cfg(all(test, target_os = "linux"))]
mod powercut;

use tandem_engine::{Batch, Key, Write};
use tandem_proto::ThreadId;

use crate::{Vault, VaultError};

pub use memory::{Fault, MemoryDisk, MemoryStore};
pub use phone::PhoneStore;
pub use sealed::SealedStore;
pub(crate) use sealed::{are_unsealed, preview, sound};
pub(crate) use sled::SledStore;

pub(crate) use opening::{Opened, Opener, memory_opener};
pub(crate) use worker::{Opening, StoreEvent, StoreWorker};

/// A key and its value.
pub(crate) type Record = (Key, Vec<u8>);

/// What could be read of a damaged store, and how many records could not.
pub(crate) type Salvaged = (Vec<Record>, usize);

/// The format of stores that this code writes. It counts what the store itself adds around
/// records; the records inside have versions of their own.
pub(crate) const FORMAT: u32 = 1;

/// Why a store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space is left. What was committed before is still there.
    #[error("the disk is full; free some space and try again")]
    Full,
    /// The disk or its file system failed.
    #[error("the disk failed: {0}")]
    Disk(String),
    /// What is stored is not what was written.
    #[error("what is stored here is damaged: {0}")]
    Damaged(String),
    /// A newer version wrote it; nothing was touched.
    #[error("a newer version of Tandem wrote this (store format {0}); use that version")]
    Newer(u32),
    /// It is open already.
    #[error("this store is open already")]
    Busy,
    /// It did not open in time.
    #[error("the store did not open in time")]
    Stuck,
    /// There is no key for it in the vault.
    #[error("the vault has no key, but there is a store that needs one; put a copy of it back")]
    KeyMissing,
    /// The vault's key is another one than it was sealed with.
    #[error("the key in the vault is not the one that this store was sealed with")]
    WrongKey,
    /// The vault did not do what it was asked.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A commit failed before; nothing more is taken until it is opened again.
    #[error("the store is closed since a write failed: {0}")]
    Closed(String),
}

/// Records under keys, in one ordered space.
///
/// A value comes back exactly as it was committed or not at all: one that was flipped, cut or
/// moved to another key is [`StoreError::Damaged`].
pub trait Store: Send {
    /// The value under a key.
    ///
    /// # Errors
    /// [`StoreError`]; never for a key that is not there.
    fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError>;

    /// Every record whose key begins with `prefix`, in the order of their keys.
    ///
    /// # Errors
    /// [`StoreError`].
    fn scan(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>, StoreError>;

    /// Makes a batch durable, all or none; of two writes to one key the later counts. It is
    /// durable when this returns.
    ///
    /// # Errors
    /// [`StoreError`]: whether the batch will be there after the next opening is not known, and
    /// every later commit is refused until then.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// Forgets a thread for good: every record of it, and, where records are sealed, every key that
    /// could open a copy of one; the vault takes a new root key then.
    ///
    /// # Errors
    /// [`StoreError`]: as after a commit that failed.
    fn forget(&self, thread: &ThreadId, vault: Option<&dyn Vault>) -> Result<(), StoreError> {
        let _ = vault;
        let mut batch = Batch::new();
        for kind in 1..=u8::MAX {
            let prefix = Key::new([&[kind][..], thread.as_bytes()].concat());
            let records = self.scan(&prefix)?;
            records.into_iter().for_each(|(key, _)| batch.push(Write::Delete(key)));
        }
        if batch.is_empty() { Ok(()) } else { self.commit(&batch) }
    }

    /// Does a piece of what can wait until whoever committed was answered, and says whether there
    /// is more; `idle` says that nobody wants anything just now.
    ///
    /// # Errors
    /// [`StoreError`]: as after a commit that failed, though none is lost.
    fn tidy(&self, idle: bool) -> Result<bool, StoreError> {
        let _ = idle;
        Ok(false)
    }
}

impl Store for Box<dyn Store> {
    fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).load(key)
    }

    fn scan(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
        (**self).scan(prefix)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        (**self).commit(batch)
    }

    fn tidy(&self, idle: bool) -> Result<bool, StoreError> {
        (**self).tidy(idle)
    }

    fn forget(&self, thread: &ThreadId, vault: Option<&dyn Vault>) -> Result<(), StoreError> {
        (**self).forget(thread, vault)
    }
}

/// What an engine needs at its opening: every record whose key is resident.
pub(crate) fn resident(store: &dyn Store) -> Result<Vec<Record>, StoreError> {
    let mut records = Vec::new();
    for kind in 0..Key::FIRST_ON_DEMAND {
        records.extend(store.scan(&Key::new(vec![kind]))?);
    }
    Ok(records)
}
