//! What was taken in: kept, and where it stands in the log.

use automerge::{Change, ChangeHash};
use tandem_proto::{
    Card, ItemHash, Seq, ThreadId,
    planted::{Fault, is},
};

use crate::{
    Engine, EntryId, Key, batch,
    batch::Attestation,
    record::{Arrived, Cargo, Kind, LogPlace, SentRecord},
};

impl Engine {
    /// Keeps a change of the log or of a snapshot that the document has just taken in, and notes
    /// the entries that it begins.
    pub(crate) fn take_change(&mut self, id: &ThreadId, change: &Change, author: Option<&Card>) {
        let Some(thread) = self.threads.get(id) else { return };
        let Some(newest) = thread.loaded.as_ref().map(|l| l.fold.newest()) else { return };
        let era = thread.record.era;
        let touched = self.keep_change(id, change, None);
        if let Some(thread) = self.threads.get_mut(id) {
            thread.gained = true;
        }
        let mine = author.is_some_and(|card| card.person == self.me.person);
        // What nobody is shown did not arrive.
        let heard = author.is_none_or(|card| card.role.takes_part());
        let Some(loaded) = self.threads.get_mut(id).and_then(|t| t.loaded.as_mut()) else { return };
        for entry in &touched.begun {
            if mine {
                let change = change.hash();
                let sent = SentRecord { change, era, place: None, receipt: None, again: None };
                self.out.put(Key::entry(Kind::Sent, id, entry), &sent);
                loaded.sent.insert(*entry, sent);
            } else if heard {
                // An entry that stands after all others moves the thread's clock on.
                let late = loaded.fold.newest() <= newest && !is(Fault::LateNotTold);
                let arrived = Arrived { at: self.now, late };
                self.out.put(Key::entry(Kind::Arrived, id, entry), &arrived);
                loaded.arrived.insert(*entry, arrived);
                self.session.report.received += 1;
            }
        }
        if let Some(card) = author {
            self.heard_of(id, &card.device);
        }
    }

    /// Keeps an attestation, if it is for a change that is here and newer than what is held.
    pub(crate) fn keep_attestation(&mut self, id: &ThreadId, attestation: Attestation) {
        let Some(loaded) = self.threads.get_mut(id).and_then(|t| t.loaded.as_mut()) else { return };
        let Ok(doc) = loaded.doc() else { return };
        let Some(change) = doc.change(&attestation.change) else { return };
        let maker = batch::prefix_of(change.actor_id().to_bytes());
        let by_maker = maker == Some(batch::actor_prefix(id, &attestation.device));
        if !by_maker || attestation.verify(id, &change).is_err() {
            return;
        }
        let actor = change.actor_id().to_bytes().to_vec();
        let held = loaded.attestations.get(&actor).map(|held| held.change);
        let Ok(doc) = loaded.doc() else { return };
        let held = held.and_then(|held| doc.change(&held)).map_or(0, |held| held.seq());
        if change.seq() > held {
            self.out.put(Key::attestation(id, &actor), &attestation);
            loaded.attestations.insert(actor, attestation);
        }
    }

    /// All changes of an item are in the document, and the item stands in the log.
    pub(super) fn met(&mut self, id: &ThreadId, seq: Seq, item: ItemHash, hashes: &[ChangeHash]) {
        self.keep_item(id, item, hashes);
        let Some(thread) = self.threads.get_mut(id) else { return };
        let mut own = Vec::new();
        if let Some(loaded) = thread.loaded.as_mut() {
            for hash in hashes {
                if let Some(entry) = loaded.own_entry(hash) {
                    own.push((entry, *hash));
                }
            }
        }
        let carried = thread
            .outgoing()
            .filter(|(_, change)| hashes.contains(change))
            .map(|(number, _)| number)
            .collect::<Vec<_>>();
        let ignore = is(Fault::IgnoreCarriedOwn);
        thread.record.unmet.retain(|change| !hashes.contains(change));
        thread.record.except.retain(|(at, short)| *at != seq || *short != item.short());
        if !ignore {
            for number in carried {
                if let Some(record) = thread.outbox.get_mut(&number)
                    && record.met.is_none()
                {
                    record.met = Some(seq);
                    record.refused = None;
                    self.out.put(Key::number(Kind::Outbox, id, number), record);
                }
            }
            for (entry, change) in own {
                self.place_own(id, entry, change, seq, item);
            }
        }
        self.touched.insert(*id);
    }

    /// An own entry was met in the log.
    pub(crate) fn place_own(
        &mut self,
        id: &ThreadId,
        entry: EntryId,
        change: ChangeHash,
        seq: Seq,
        item: ItemHash,
    ) {
        let Some(generation) = self.session.generation() else { return };
        let Some(thread) = self.threads.get_mut(id) else { return };
        let place = Some(LogPlace { generation, seq, item });
        let receipt = thread
            .outbox
            .values()
            .find(|record| matches!(&record.cargo, Cargo::Change { change: c, .. } if *c == change))
            .and_then(|record| record.receipt.clone());
        let era = thread.record.era;
        let sent = SentRecord { change, era, place, receipt, again: None };
        match thread.loaded.as_mut() {
            Some(loaded) => {
                let before = loaded.sent.get(&entry);
                // The first place counts.
                let placed = before.is_some_and(|b| b.era == era && b.place.is_some());
                let receipted = before.is_some_and(|b| b.era == era && b.receipt.is_some());
                if placed && (receipted || sent.receipt.is_none()) {
                    return self.place_copy(id, &entry, seq, item);
                }
                loaded.sent.insert(entry, sent.clone());
            }
            None => thread.overtaken = true,
        }
        self.out.put(Key::entry(Kind::Sent, id, &entry), &sent);
        if sent.receipt.is_none() {
            thread.record.unreceipted.push((seq, item));
            self.ask_receipts(id);
        }
        self.weigh_acknowledgements(id);
        self.touched.insert(*id);
    }

    /// A copy of an own entry was met further down the log.
    pub(super) fn place_copy(&mut self, id: &ThreadId, entry: &EntryId, seq: Seq, item: ItemHash) {
        let Some(generation) = self.session.generation() else { return };
        let loaded = self.threads.get_mut(id).and_then(|thread| thread.loaded.as_mut());
        let Some(sent) = loaded.and_then(|loaded| loaded.sent.get_mut(entry)) else { return };
        if sent.place.is_some_and(|place| place.seq < seq) {
            sent.again = Some(LogPlace { generation, seq, item });
            self.out.put(Key::entry(Kind::Sent, id, entry), sent);
            self.weigh_acknowledgements(id);
        }
    }
}
