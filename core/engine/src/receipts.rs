//! Receipts and signed cursors: what the relay holds, and when the outbox may forget.

use tandem_proto::{
    ChainHash, Claim, ClaimedCursor, ClientToRelay, Receipt, ReceiptBatch, ReceiptRequest, Seq,
    SignedCursors, ThreadCursor, ThreadId, cursor_root,
    limits::{MAX_CURSORS_PER_FRAME, MAX_ITEMS_PER_FRAME},
    planted::{Fault, is},
};

use crate::{
    Engine, Key,
    record::{Cargo, Kind, LogPlace, SentRecord, SignedSet},
    state::{Deferred, Pushed},
};

impl Engine {
    /// The relay says that items are durable.
    pub(crate) fn take_receipts(&mut self, batch: &ReceiptBatch) {
        let present = self.session.generation() == Some(batch.generation);
        if !present {
            return;
        }
        let named = &self.session.named;
        let opened = batch.open(&self.me.relay.key, |short| named.get(short).copied());
        // Who signs what we did not send, or with another key, is not to be talked to.
        let Ok(receipts) = opened else { return self.come_back_later() };
        let mut moved = std::collections::BTreeSet::new();
        for receipt in receipts {
            let short = receipt.item.short();
            let (id, seq, item) = (receipt.thread, receipt.seq, receipt.item);
            let asked = self.session.requested.remove(&short).is_some();
            let flight = self.session.in_flight.remove(&short);
            if asked {
                self.with_records(&id, Deferred::Receipt(receipt.clone()));
            }
            if let Some(flight) = flight {
                if let Pushed::Item(number) = flight.pushed {
                    self.receipted(&id, number, receipt);
                }
                if let Some(thread) = self.threads.get_mut(&id)
                    && seq > thread.record.seq
                {
                    thread.ahead.own(seq, item, flight.pushed);
                }
            }
            moved.insert(id);
        }
        for id in moved {
            self.advance(id);
            self.touched.insert(id);
        }
    }

    /// An own outbox item has its receipt.
    fn receipted(&mut self, id: &ThreadId, number: u64, receipt: Receipt) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let (seq, item) = (receipt.seq, receipt.item);
        let Some(record) = thread.outbox.get_mut(&number) else { return };
        let first = record.receipt.is_none();
        record.receipt = Some(receipt.clone());
        record.refused = None;
        let record = record.clone();
        self.out.put(Key::number(Kind::Outbox, id, number), &record);
        if let Cargo::Link { item } = &record.cargo {
            self.keep_removal_receipt(id, item, &receipt);
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        if let Cargo::Change { change, deed, .. } = &record.cargo
            && let Some(entry) = deed.creates()
        {
            let place = LogPlace { generation: receipt.generation, seq, item };
            let era = thread.record.era;
            let receipt = Some(receipt);
            let sent =
                SentRecord { change: *change, era, place: Some(place), receipt, again: None };
            self.out.put(Key::entry(Kind::Sent, id, &entry), &sent);
            match thread.loaded.as_mut() {
                Some(loaded) => drop(loaded.sent.insert(entry, sent)),
                None => thread.overtaken = true,
            }
            if first {
                self.session.report.sent += 1;
            }
        }
        if is(Fault::TrustReceipt) {
            self.drop_item(id, number);
        }
    }

    /// A receipt for something that left the outbox long ago, or was carried by another.
    pub(crate) fn placed_receipt(&mut self, id: &ThreadId, receipt: &Receipt) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let era = thread.record.era;
        let at = (receipt.seq, receipt.item);
        thread.record.unreceipted.retain(|place| *place != at);
        self.asked_removal_receipt(id, receipt);
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(loaded) = thread.loaded.as_mut() else { return };
        for (entry, sent) in &mut loaded.sent {
            let here = sent.place.is_some_and(|place| {
                era == sent.era
                    && place.generation == receipt.generation
                    && (place.seq, place.item) == at
            });
            if here {
                sent.receipt = Some(receipt.clone());
                self.out.put(Key::entry(Kind::Sent, id, entry), sent);
            }
        }
        self.keep_thread(id);
        self.touched.insert(*id);
    }

    /// Own entries were met in the log without a receipt of this generation: asks for theirs.
    pub(crate) fn ask_receipts(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        let mut seqs = Vec::new();
        for (seq, item) in &thread.record.unreceipted {
            if seqs.len() < MAX_ITEMS_PER_FRAME
                && !self.session.requested.contains_key(&item.short())
            {
                self.session.requested.insert(item.short(), *id);
                self.session.named.insert(item.short(), (*id, *item));
                seqs.push(*seq);
            }
        }
        // Cut to the limit just above.
        if let (false, Ok(seqs)) = (seqs.is_empty(), seqs.try_into()) {
            self.session.moved = true;
            self.send(ClientToRelay::ReceiptRequest(ReceiptRequest { thread: *id, seqs }));
        }
    }

    /// Whether the cursors are other than what the relay signed.
    pub(crate) fn unclaimed(&self) -> bool {
        let Some(signed) = self.session.record.signed.as_ref() else {
            return self.cursors().next().is_some();
        };
        !self.cursors().eq(signed.set.iter().copied())
            || self.threads.values().any(|t| t.named && t.acks_moved)
    }

    /// Claims the cursors: what moved, and the root that both must come to.
    pub(crate) fn claim(&mut self) {
        let Some(generation) = self.session.generation() else { return };
        let cursors: Vec<_> = self.cursors().collect();
        let signed: std::collections::BTreeMap<ThreadId, (Seq, ChainHash)> = self
            .session
            .record
            .signed
            .iter()
            .flat_map(|set| &set.set)
            .map(|c| (c.thread, (c.seq, c.chain)))
            .collect();
        let moved: Vec<ClaimedCursor> = cursors
            .iter()
            .filter_map(|c| {
                let thread = self.threads.get(&c.thread)?;
                let same = signed.get(&c.thread) == Some(&(c.seq, c.chain));
                (!same || thread.acks_moved).then_some(ClaimedCursor {
                    thread: c.thread,
                    seq: c.seq,
                    acks: thread.record.acks,
                })
            })
            .collect();
        let root = cursor_root(&cursors);
        let named = self.threads.values().filter(|thread| thread.named);
        let acks = named.fold(0u64, |sum, thread| sum.wrapping_add(thread.record.acks));
        let mut chunks: Vec<Vec<_>> =
            moved.chunks(MAX_CURSORS_PER_FRAME).map(<[_]>::to_vec).collect();
        if chunks.is_empty() {
            chunks.push(Vec::new());
        }
        let count = chunks.len();
        for (i, chunk) in chunks.into_iter().enumerate() {
            // Cut to the limit just above.
            let moved = chunk.try_into().unwrap_or_default();
            let root = (i + 1 == count).then_some(root);
            self.send(ClientToRelay::Claim(Claim { generation, moved, root }));
        }
        for thread in self.threads.values_mut() {
            thread.acks_moved = false;
        }
        self.session.claimed = Some((cursors, acks));
    }

    /// The relay signed what was claimed: what stands at or below may leave the outbox.
    pub(crate) fn cursors_signed(&mut self, signed: SignedCursors) {
        let Some((set, acks)) = self.session.claimed.take() else { return };
        let ours = signed.root == cursor_root(&set)
            && Some(signed.generation) == self.session.generation()
            && signed.verify(&self.me.relay.key, &self.me.transport_key).is_ok();
        if !ours {
            return;
        }
        for cursor in &set {
            self.covered(cursor);
        }
        let moved: Vec<ThreadId> = self.newly_signed(&set);
        self.session.record.signed = Some(SignedSet { signed, set });
        self.session.record.acks = acks;
        for id in moved {
            self.with_records(&id, Deferred::Weigh);
        }
        self.all_is_here();
        self.keep_as_of();
    }

    /// Writes down up to when everything is here, if that has moved.
    pub(crate) fn keep_as_of(&mut self) {
        if std::mem::take(&mut self.session.as_of_moved) {
            self.out.put(Key::one(Kind::Session), &self.session.record);
        }
    }

    /// Everything that the relay holds now is here, also where that is nothing new. That is written down at the
    /// end of a look ([`Self::keep_as_of`]): most bring nothing, and the app is gone when a person asks how old
    /// what they see is. Not at once: a full disk that nothing new needs is no reason to begin anew.
    pub(crate) fn all_is_here(&mut self) {
        self.session.record.as_of = Some(self.now);
        self.session.as_of_moved = true;
        self.inbox_moved = true;
    }

    /// Threads that have words of ours which a larger signed cursor now covers, and someone else to
    /// have taken them in.
    fn newly_signed(&self, set: &[ThreadCursor]) -> Vec<ThreadId> {
        let before = self.session.record.signed.as_ref().map_or(&[][..], |set| &set.set);
        set.iter()
            .filter(|cursor| !before.contains(cursor))
            .map(|cursor| cursor.thread)
            .filter(|id| self.threads.get(id).is_some_and(|t| t.record.acks > 0))
            .collect()
    }

    /// Rule 1: an item leaves the outbox when it was met at or below a signed cursor, and a
    /// receipt that the log has not confirmed by now is dropped.
    fn covered(&mut self, cursor: &ThreadCursor) {
        let id = cursor.thread;
        let Some(thread) = self.threads.get_mut(&id) else { return };
        if let Some(said) = thread.acking.take() {
            thread.record.acked = Some(said);
            self.keep_thread(&id);
        }
        let Some(thread) = self.threads.get(&id) else { return };
        let (mut done, mut unconfirmed) = (Vec::new(), Vec::new());
        for (number, item) in &thread.outbox {
            match (item.met, &item.receipt) {
                (Some(seq), _) if seq <= cursor.seq => done.push(*number),
                // One for a place that is still to be read may yet be confirmed.
                (None, Some(receipt)) if !thread.ahead.contains(&receipt.seq) => {
                    unconfirmed.push(*number);
                }
                _ => {}
            }
        }
        for number in done {
            self.drop_item(&id, number);
        }
        for number in unconfirmed {
            self.drop_receipt(&id, number);
        }
    }

    fn drop_receipt(&mut self, id: &ThreadId, number: u64) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(item) = thread.outbox.get_mut(&number) else { return };
        item.receipt = None;
        let item = item.clone();
        self.out.put(Key::number(Kind::Outbox, id, number), &item);
        if let Cargo::Change { change, deed, .. } = &item.cargo
            && let Some(entry) = deed.creates()
        {
            let era = thread.record.era;
            let sent = SentRecord { change: *change, era, place: None, receipt: None, again: None };
            self.out.put(Key::entry(Kind::Sent, id, &entry), &sent);
            match thread.loaded.as_mut() {
                Some(loaded) => drop(loaded.sent.insert(entry, sent)),
                None => thread.overtaken = true,
            }
        }
        self.touched.insert(*id);
    }
}
