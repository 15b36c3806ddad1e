//! Keeping changes: document, fold and attestations, in the commit of the input that brought them.

use automerge::Change;
use tandem_proto::ThreadId;

use crate::{
    Engine, EntryId, Key,
    batch::Attestation,
    record::Kind,
    thread::{Fold, Touched},
};

/// Changes stored one by one before the document is written whole again. A whole save of 1,000
/// entries costs some 7 ms; loading a hundred single changes costs little.
const MAX_LOOSE_CHANGES: u64 = 96;

impl Engine {
    /// Keeps a change that the document has just taken in, and says which entries it touched.
    pub(crate) fn keep_change(
        &mut self,
        id: &ThreadId,
        change: &Change,
        attestation: Option<Attestation>,
    ) -> Touched {
        let Some(thread) = self.threads.get_mut(id) else { return Default::default() };
        let Some(loaded) = thread.loaded.as_mut() else { return Default::default() };
        let number = thread.record.next_change;
        thread.record.next_change += 1;
        self.out
            .put_raw(Key::number(Kind::DocumentChange, id, number), change.raw_bytes().to_vec());
        let before = loaded.doc().ok().and_then(|doc| doc.newest_before(change));
        let touched = match thread.cast.is_too_late(change) {
            true => Touched::default(),
            false => loaded.fold.take(change, before),
        };
        for entry in &touched.entries {
            if let Some(record) = loaded.fold.entry(entry) {
                self.out.put(Key::entry(Kind::Entry, id, entry), record);
            }
        }
        if touched.thread {
            self.out.put(Key::thread(Kind::Facts, id), loaded.fold.facts());
        }
        if let Some(attestation) = attestation {
            let actor = change.actor_id().to_bytes().to_vec();
            self.out.put(Key::attestation(id, &actor), &attestation);
            loaded.attestations.insert(actor, attestation);
        }
        if thread.record.next_change - thread.record.first_change > MAX_LOOSE_CHANGES {
            self.compact(id);
        }
        self.keep_thread(id);
        self.touched.insert(*id);
        touched
    }

    /// Says anew what the changes say, since other words count now.
    pub(crate) fn fold_again(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(Ok(doc)) = thread.loaded.as_mut().map(|l| l.doc()) else { return };
        let fold = thread.cast.fold(doc);
        thread.record.folded_by = thread.cast.last_words();
        self.keep_thread(id);
        self.keep_fold(id, fold);
    }

    /// Keeps what the changes say, made anew, and returns the entries that are there no more.
    pub(crate) fn keep_fold(&mut self, id: &ThreadId, fold: Fold) -> Vec<EntryId> {
        let loaded = self.threads.get_mut(id).and_then(|thread| thread.loaded.as_mut());
        let Some(loaded) = loaded else { return Vec::new() };
        let before = loaded.fold.entries().map(|(entry, _)| *entry);
        let gone: Vec<_> = before.filter(|entry| fold.entry(entry).is_none()).collect();
        for entry in &gone {
            self.out.delete(Key::entry(Kind::Entry, id, entry));
        }
        for (entry, record) in fold.entries() {
            self.out.put(Key::entry(Kind::Entry, id, entry), record);
        }
        self.out.put(Key::thread(Kind::Facts, id), fold.facts());
        loaded.fold = fold;
        self.touched.insert(*id);
        gone
    }

    /// Writes the document whole and forgets its single changes.
    pub(crate) fn compact(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(Ok(doc)) = thread.loaded.as_mut().map(|l| l.doc()) else { return };
        self.out.put_raw(Key::thread(Kind::DocumentBase, id), doc.save());
        for number in thread.record.first_change..thread.record.next_change {
            self.out.delete(Key::number(Kind::DocumentChange, id, number));
        }
        thread.record.first_change = thread.record.next_change;
    }
}
