//! Disks: what was written, and what would still be there after the power was cut.

use std::collections::{BTreeMap, VecDeque};

use tandem_engine::{Batch, CommitId, Key, Write};
use tandem_proto::{SecretKey, ThreadId};
use tandem_relay::{CommitId as JournalId, Record};

use crate::newer::Newer;

/// A device's store as it is on the platter.
pub type Store = BTreeMap<Key, Vec<u8>>;

/// Applies a batch to a store.
pub(crate) fn apply(store: &mut Store, batch: &Batch) {
    for write in batch.writes() {
        match write {
            Write::Put(key, value) => {
                store.insert(key.clone(), value.clone());
            }
            Write::Delete(key) => {
                store.remove(key);
            }
        }
    }
}

/// The records under some prefixes.
pub(crate) fn scan(store: &Store, prefixes: &[Key]) -> Vec<(Key, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for prefix in prefixes {
        for (key, value) in store.range(prefix.clone()..) {
            if !key.as_bytes().starts_with(prefix.as_bytes()) {
                break;
            }
            found.insert(key.clone(), value.clone());
        }
    }
    found.into_iter().collect()
}

/// What takes every record of a thread out of a store.
pub(crate) fn forget(store: &Store, thread: &ThreadId) -> Batch {
    let mut batch = Batch::new();
    let is_its = |key: &&Key| key.as_bytes().get(1..=ThreadId::LEN) == Some(thread.as_bytes());
    store.keys().filter(is_its).for_each(|key| batch.push(Write::Delete(key.clone())));
    batch
}

/// The records that are read when a store is opened.
pub(crate) fn resident(store: &Store) -> Vec<(Key, Vec<u8>)> {
    store
        .iter()
        .filter(|(key, _)| key.is_resident())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// How a disk behaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Temper {
    /// Some commits take up to this long.
    pub(crate) slow_ms: u64,
    /// Nothing more fits.
    pub(crate) full: bool,
    /// Nothing more fits when this many more commits came to their end.
    pub(crate) full_in: Option<u32>,
}

/// A device's disk.
#[derive(Debug, Default)]
pub(crate) struct DeviceDisk {
    pub(crate) durable: Store,
    pub(crate) pending: VecDeque<(CommitId, Batch)>,
    pub(crate) busy_until: u64,
    pub(crate) temper: Temper,
    /// Crash when this many more commits came to their end; before or after it counts.
    pub(crate) crash_in: Option<(u32, CrashAt)>,
    pub(crate) copies: Vec<Store>,
    pub(crate) newer: Newer,
}

/// On which side of a commit point the power is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrashAt {
    /// The commit is lost.
    Before,
    /// The commit is durable, but whoever waited for it never hears so.
    After,
}

impl DeviceDisk {
    /// What a reader sees: commits are read in order with reads, durable or not.
    pub(crate) fn live(&self) -> Store {
        let mut live = self.durable.clone();
        for (_, batch) in &self.pending {
            apply(&mut live, batch);
        }
        live
    }

    /// The device's identity key, read as whoever holds the disk could: behind the person (16
    /// bytes), the name (its length and its bytes, short here) and the role (1).
    pub(crate) fn identity(&self) -> Option<SecretKey> {
        let record = self.durable.get(&Key::new(vec![1]))?;
        let rest = record.get(1 + 16..)?;
        let name = usize::from(*rest.first()?);
        let seed = rest.get(1 + name + 1..)?.first_chunk::<32>()?;
        Some(SecretKey::from_seed(*seed))
    }

    /// The oldest pending commit becomes durable.
    pub(crate) fn settle_one(&mut self) -> Option<CommitId> {
        let (id, batch) = self.pending.pop_front()?;
        self.newer.watch(&self.durable, &batch);
        apply(&mut self.durable, &batch);
        Some(id)
    }

    /// The power is cut.
    pub(crate) fn cut(&mut self) {
        self.pending.clear();
        self.crash_in = None;
        self.busy_until = 0;
    }

    /// Whether the commit that ends now is the one to crash at.
    pub(crate) fn crashes_now(&mut self) -> Option<CrashAt> {
        let (left, at) = self.crash_in?;
        self.crash_in = if left <= 1 { None } else { Some((left - 1, at)) };
        (left <= 1).then_some(at)
    }

    /// Whether there is no room for the commit that ends now.
    pub(crate) const fn is_full(&mut self) -> bool {
        if let Some(left) = self.temper.full_in {
            self.temper.full |= left <= 1;
            self.temper.full_in = if left <= 1 { None } else { Some(left - 1) };
        }
        self.temper.full
    }
}

/// The relay's journal.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    pub(crate) durable: Vec<Record>,
    pub(crate) pending: VecDeque<(JournalId, Vec<Record>)>,
    pub(crate) busy_until: u64,
    pub(crate) temper: Temper,
    pub(crate) crash_in: Option<(u32, CrashAt)>,
    pub(crate) copies: Vec<Vec<Record>>,
}

impl Journal {
    pub(crate) fn cut(&mut self) {
        self.pending.clear();
        self.crash_in = None;
        self.busy_until = 0;
    }

    pub(crate) fn crashes_now(&mut self) -> Option<CrashAt> {
        let (left, at) = self.crash_in?;
        self.crash_in = if left <= 1 { None } else { Some((left - 1, at)) };
        (left <= 1).then_some(at)
    }
}
