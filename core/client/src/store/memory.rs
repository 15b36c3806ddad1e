//! A store in memory, with a disk that fails on demand: for simulation and tests.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use tandem_engine::{Batch, Key, Write};

use super::{FORMAT, Store, StoreError, value};

/// How a commit fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing of it is there after the next opening.
    Lost,
    /// It was durable before the failure: all of it is there after the next opening.
    Kept,
}

#[derive(Debug)]
struct Platter {
    format: u32,
    records: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Bytes that fit.
    room: usize,
    commits: u64,
    faults: BTreeMap<u64, Fault>,
}

/// What survives a power cut. Clones are the same disk.
#[derive(Debug, Clone)]
pub struct MemoryDisk(Arc<Mutex<Platter>>);

impl Default for MemoryDisk {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryDisk {
    /// An empty disk without a limit.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Platter {
            format: FORMAT,
            records: BTreeMap::new(),
            room: usize::MAX,
            commits: 0,
            faults: BTreeMap::new(),
        })))
    }

    /// Opens a store over what is durable. What an earlier store had not made durable is gone.
    ///
    /// # Errors
    /// [`StoreError::Newer`].
    pub fn open(&self) -> Result<MemoryStore, StoreError> {
        let platter = self.platter();
        if platter.format > FORMAT {
            return Err(StoreError::Newer(platter.format));
        }
        let live = Mutex::new(platter.records.clone());
        Ok(MemoryStore { disk: self.clone(), live, closed: OnceLock::new() })
    }

    /// How many commits were tried on this disk.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.platter().commits
    }

    /// Makes the commit of this number fail; the next one has the number [`Self::commits`].
    pub fn fail(&self, commit: u64, fault: Fault) {
        self.platter().faults.insert(commit, fault);
    }

    /// Leaves room for this many bytes of keys and values in all.
    pub fn set_room(&self, bytes: usize) {
        self.platter().room = bytes;
    }

    /// Flips a bit of a stored value, as a failing disk does. Whether there was one.
    pub fn flip(&self, key: &Key) -> bool {
        let mut platter = self.platter();
        let stored = platter.records.get_mut(key.as_bytes()).and_then(|v| v.last_mut());
        stored.map(|byte| *byte ^= 1).is_some()
    }

    /// Puts the value of `from` under `to`, as a misdirected write does. Whether there was one.
    pub fn misdirect(&self, from: &Key, to: &Key) -> bool {
        let mut platter = self.platter();
        let Some(stored) = platter.records.get(from.as_bytes()).cloned() else { return false };
        platter.records.insert(to.as_bytes().to_vec(), stored);
        true
    }

    /// Claims that a version with this store format wrote the disk.
    pub fn set_format(&self, format: u32) {
        self.platter().format = format;
    }

    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A store over a [`MemoryDisk`]. Dropping it is pulling the plug.
#[derive(Debug)]
pub struct MemoryStore {
    disk: MemoryDisk,
    /// What this store shows; after a failed commit it is ahead of the disk.
    live: Mutex<BTreeMap<Vec<u8>, Vec<u8>>>,
    closed: OnceLock<String>,
}

impl MemoryStore {
    fn live(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Vec<u8>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sync(&self) -> Result<(), StoreError> {
        let mut platter = self.disk.platter();
        let number = platter.commits;
        platter.commits += 1;
        let fault = platter.faults.remove(&number);
        let live = self.live();
        let size: usize = live.iter().map(|(key, value)| key.len() + value.len()).sum();
        if size > platter.room {
            return Err(StoreError::Full);
        }
        if fault != Some(Fault::Lost) {
            platter.records = live.clone();
        }
        match fault {
            Some(_) => Err(StoreError::Disk("a fault that was asked for".into())),
            None => Ok(()),
        }
    }
}

impl Store for MemoryStore {
    fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        let stored = self.live().get(key.as_bytes()).cloned();
        stored.map(|stored| value::unwrap(key.as_bytes(), &stored)).transpose()
    }

    fn scan(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
        let from = prefix.as_bytes();
        self.live()
            .range(from.to_vec()..)
            .take_while(|(key, _)| key.starts_with(from))
            .map(|(key, stored)| Ok((Key::new(key.clone()), value::unwrap(key, stored)?)))
            .collect()
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        if let Some(why) = self.closed.get() {
            return Err(StoreError::Closed(why.clone()));
        }
        for write in batch.writes() {
            match write {
                Write::Put(key, value) => {
                    let key = key.as_bytes().to_vec();
                    let stored = value::wrap(&key, value);
                    self.live().insert(key, stored);
                }
                Write::Delete(key) => {
                    self.live().remove(key.as_bytes());
                }
            }
        }
        self.sync().inspect_err(|error| {
            // The first reason stands.
            let _ = self.closed.set(error.to_string());
        })
    }
}
