//! What is read before it may be written, though nothing in it is needed.
//!
//! Two kinds are written without their thread's records being in memory: how far an own entry got
//! and what an item brought, when a receipt comes. Whoever sends to 180 threads at once must not read
//! 180 threads for it. What a newer version wrote behind those records is therefore
//! read by its keys, once after the store was opened and before the first connection: only of what
//! has been waiting since then. What was written since has no tail that is not known.
//!
//! What an item brought is written once in its life, unless its log is begun anew. From then on
//! that thread's items are read with its other records. One case is left: a relay that was put back has
//! the item at another place before anybody has noticed. Then what stood behind its record is lost
//! (`docs/proof.md`, what is known not to hold); the record itself follows from the log.

use tandem_proto::{EnvelopeKind, ItemHash, ThreadId};

use super::Thread;
use crate::{
    Engine, Key, Trouble, keys,
    record::{Cargo, ItemRecord, Kind, OF_A_THREAD, RecordError, SentRecord},
};

/// What of a thread's records is to be read before anything is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Unread {
    /// Nothing.
    #[default]
    Nothing,
    /// What belongs to its outbox.
    Waiting,
    /// It was asked for.
    Asked,
}

impl From<RecordError> for Trouble {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Newer(version) => Self::Newer(version),
            RecordError::Malformed => Self::Damaged(error.to_string()),
        }
    }
}

impl Thread {
    /// Whether the log will bring items that have a record: it was begun anew, or a welcome told of
    /// them.
    pub(crate) const fn knows_what_comes(&self) -> bool {
        self.record.era > 0 || self.keys.handed_over
    }

    /// What is read when the thread is needed.
    pub(crate) fn keys_to_read(&self) -> Vec<Key> {
        let items = self.knows_what_comes().then_some(Kind::Item);
        OF_A_THREAD.iter().copied().chain(items).map(|kind| Key::thread(kind, &self.id)).collect()
    }

    /// The records that receipts for what waits will write.
    fn keys_of_waiting(&self) -> Vec<Key> {
        let mut keys = Vec::new();
        for item in self.outbox.values() {
            let Cargo::Change { plain, deed, .. } = &item.cargo else { continue };
            if let Some(entry) = deed.creates() {
                keys.push(Key::entry(Kind::Sent, &self.id, &entry));
            }
            // In the first era an item is met once, and has no record before.
            if (self.knows_what_comes() || item.met.is_some())
                && let Some(key) = self.epoch_key()
                && let Ok(sealed) = keys::seal(key, &self.id, EnvelopeKind::Batch, plain)
            {
                keys.push(Key::item(&self.id, &ItemHash::of(&sealed).short()));
            }
        }
        keys
    }
}

impl Engine {
    /// Whether everything has been read that a receipt may write; asks for what has not.
    pub(crate) fn waiting_is_read(&mut self) -> bool {
        let mut all = true;
        for thread in self.threads.values_mut() {
            if thread.unread == Unread::Nothing || thread.damaged.is_some() {
                continue;
            }
            if thread.unread == Unread::Waiting && !thread.loading {
                let keys = thread.keys_of_waiting();
                if keys.is_empty() {
                    thread.unread = Unread::Nothing;
                    continue;
                }
                (thread.unread, thread.loading) = (Unread::Asked, true);
                self.out.load(thread.id, keys);
            }
            all = false;
        }
        all
    }

    /// What was asked for is here. Only what stands behind it counts.
    pub(crate) fn waiting_was_read(&mut self, id: ThreadId, records: &[(Key, Vec<u8>)]) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        thread.unread = Unread::Nothing;
        let tails = &mut self.out.tails;
        for (key, value) in records {
            let read = match key.kind() {
                Some(Kind::Sent) => tails.read::<SentRecord>(key, value).map(drop),
                _ => tails.read::<ItemRecord>(key, value).map(drop),
            };
            if let Err(e) = read {
                return self.load_failed(id, e.into());
            }
        }
        if thread.loaded.is_some() {
            if std::mem::take(&mut thread.overtaken) {
                // The log was begun anew meanwhile.
                return self.read_items(&id);
            }
            self.go_on(id);
        } else if !thread.deferred.is_empty() {
            self.load(&id);
        }
    }

    /// The log is begun anew and will bring items that have a record.
    pub(crate) fn read_items(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if thread.loading {
            // What is on its way was asked for before.
            thread.overtaken = true;
        } else if thread.loaded.is_some() {
            (thread.loading, thread.reading_items) = (true, true);
            self.out.load(*id, vec![Key::thread(Kind::Item, id)]);
        }
    }
}
