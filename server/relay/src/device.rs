//! What the core remembers of one device: its cursors and what it has not been told.

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::{Seq, ThreadCursor, ThreadId, TransportKey, cursor_root};

use crate::thread::Thread;

/// How far a device has durably read one thread, as far as the relay knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoredCursor {
    pub(crate) seq: Seq,
    /// The last revision of acknowledgements it has.
    pub(crate) acks: u64,
}

/// One device that named cursors in this generation.
#[derive(Debug, Default)]
pub(crate) struct Device {
    cursors: BTreeMap<ThreadId, StoredCursor>,
    /// Threads with news beyond the cursor, so that a quiet reconnect looks at none.
    pub(crate) dirty: BTreeSet<ThreadId>,
    root: Option<[u8; 32]>,
    /// The sum of the revisions of acknowledgements in the cursors.
    pub(crate) acks: u64,
}

impl Device {
    pub(crate) fn cursor(&self, thread: &ThreadId) -> Option<StoredCursor> {
        self.cursors.get(thread).copied()
    }

    pub(crate) fn cursors(&self) -> impl Iterator<Item = (&ThreadId, &StoredCursor)> {
        self.cursors.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.cursors.len()
    }

    /// Sets a cursor and notes whether it leaves news.
    pub(crate) fn set(
        &mut self,
        key: &TransportKey,
        thread: ThreadId,
        cursor: StoredCursor,
        state: &Thread,
    ) {
        let before = self.cursors.insert(thread, cursor).map_or(0, |before| before.acks);
        self.acks = self.acks.wrapping_sub(before).wrapping_add(cursor.acks);
        self.root = None;
        self.look_at(key, thread, state);
    }

    /// Forgets the cursor of a thread.
    pub(crate) fn forget(&mut self, thread: &ThreadId) {
        if let Some(cursor) = self.cursors.remove(thread) {
            self.acks = self.acks.wrapping_sub(cursor.acks);
            self.root = None;
        }
        self.dirty.remove(thread);
    }

    /// Notes whether a thread has news for this device.
    pub(crate) fn look_at(&mut self, key: &TransportKey, thread: ThreadId, state: &Thread) {
        let Some(cursor) = self.cursors.get(&thread) else { return };
        if state.has_news(cursor.seq, cursor.acks, key) {
            self.dirty.insert(thread);
        } else {
            self.dirty.remove(&thread);
        }
    }

    /// The root over all cursors as they are stored; reckoned once after each change.
    pub(crate) fn root(&mut self, threads: &BTreeMap<ThreadId, Thread>) -> [u8; 32] {
        if let Some(root) = self.root {
            return root;
        }
        let root = self.root_with(threads, &BTreeMap::new());
        self.root = Some(root);
        root
    }

    /// The root that the cursors would have with some of them moved. Chains come from our log.
    pub(crate) fn root_with(
        &self,
        threads: &BTreeMap<ThreadId, Thread>,
        moved: &BTreeMap<ThreadId, StoredCursor>,
    ) -> [u8; 32] {
        let cursors: Vec<_> = self
            .cursors
            .iter()
            .filter_map(|(thread, stored)| {
                let seq = moved.get(thread).unwrap_or(stored).seq;
                let chain = threads.get(thread)?.chain(seq)?;
                Some(ThreadCursor { thread: *thread, seq, chain })
            })
            .collect();
        cursor_root(&cursors)
    }

    /// The root was just reckoned for what is stored now.
    pub(crate) fn remember_root(&mut self, root: [u8; 32]) {
        self.root = Some(root);
    }
}
