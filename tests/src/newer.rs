//! A newer version that has used a device's store for a while: it wrote more behind every record
//! than the engine of this world knows of, and none of it may be lost.

use std::collections::{BTreeMap, BTreeSet};

use tandem_engine::{Batch, Key, Kind, Write};

use crate::{
    disk::{self, Store},
    world::World,
};

/// What it wrote behind each record.
const MORE: &[u8] = b"\xf5what a newer version added\xf5";

/// Kinds whose values are the document's own bytes, and no records.
pub const RAW: [Kind; 2] = [Kind::DocumentBase, Kind::DocumentChange];

/// What a device's disk has seen of it.
#[derive(Debug, Default)]
pub(crate) struct Newer {
    /// Kinds of which a record was written again and kept what was behind it.
    pub(crate) kept: BTreeSet<Kind>,
    /// A record that lost it.
    pub(crate) lost: Option<Key>,
}

impl Newer {
    /// Compares what a commit found with what it leaves.
    pub(crate) fn watch(&mut self, before: &Store, batch: &Batch) {
        let mut after: BTreeMap<&Key, Option<&[u8]>> = BTreeMap::new();
        for write in batch.writes() {
            match write {
                Write::Put(key, value) => after.insert(key, Some(value)),
                Write::Delete(key) => after.insert(key, None),
            };
        }
        let grown = |key: &Key| before.get(key).is_some_and(|value| value.ends_with(MORE));
        for (key, value) in after.into_iter().filter(|(key, _)| grown(key)) {
            match value {
                Some(value) if value.ends_with(MORE) => self.kept.extend(key.kind()),
                Some(_) => self.lost = Some(key.clone()),
                None => {}
            }
        }
    }
}

/// The newer version was here.
pub(crate) fn use_store(store: &mut Store) {
    for (key, value) in store {
        let raw = key.kind().is_some_and(|kind| RAW.contains(&kind));
        if !raw && !value.ends_with(MORE) {
            value.extend_from_slice(MORE);
        }
    }
}

impl World {
    /// The app is closed, used for a while as a newer version of itself, and opened again as it is.
    pub fn used_by_a_newer_version(&mut self, device: usize) {
        self.close_device(device);
        use_store(&mut self.devices[device].disk.durable);
        self.open_device(device);
    }

    /// From its next opening on a device shows no thread, only the inbox.
    pub fn watch_the_inbox_only(&mut self, device: usize) {
        self.devices[device].watches_threads = false;
    }

    /// Kinds of which no record was ever written again behind which a newer version had written.
    #[must_use]
    pub fn never_rewritten(&self) -> BTreeSet<Kind> {
        let kept = |kind: &&Kind| self.devices.iter().any(|d| d.disk.newer.kept.contains(kind));
        Kind::ALL.iter().filter(|kind| !kept(kind)).copied().collect()
    }

    /// A store as a newer version would write it that this one can't read: each record of one kind.
    #[must_use]
    pub fn of_a_newer_version(&self, device: usize, kind: Kind) -> Store {
        let mut store = self.copy_of(device);
        for (_, value) in store.iter_mut().filter(|(key, _)| key.kind() == Some(kind)) {
            value[0] = u8::MAX;
        }
        store
    }
}

/// What a store holds that is read when it is opened.
#[must_use]
pub fn resident(store: &Store) -> Vec<(Key, Vec<u8>)> {
    disk::resident(store)
}

/// What a store holds under some prefixes.
#[must_use]
pub fn scan(store: &Store, prefixes: &[Key]) -> Vec<(Key, Vec<u8>)> {
    disk::scan(store, prefixes)
}
