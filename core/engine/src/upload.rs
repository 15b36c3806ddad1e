//! The outbox on its way: sealing at upload, pushing, carrying, refusals.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use automerge::{Change, ChangeHash};
use tandem_proto::{
    ClientToRelay, EnvelopeKind, ItemHash, Push, Refusal, Refused, ThreadId,
    limits::{MAX_FRAME_BYTES, MAX_ITEMS_PER_FRAME},
};

use crate::{
    Engine, Key, StuckReason,
    batch::{self, Attestation},
    keys,
    record::{Cargo, Kind, OutboxRecord, Stored},
    session::{Flight, Phase},
    state::{Deferred, Pushed},
    thread::{DocError, Fold},
};

/// Raw bytes of changes in one carried envelope: compressed to about half, it stays near the limit
/// of an item; one that is over is cut in two.
const CARRY_BYTES: usize = 512 << 10;

/// Changes in one carried envelope.
const CARRY_CHANGES: usize = 2_048;

/// Links of one thread that may lose on one connection before the rest waits for the next: as many
/// as a school office lets in at once, and no endless quarrel with a relay that takes none.
const MAX_LOST_LINKS: usize = 64;

/// Room for the frame around items.
const FRAME_OVERHEAD: usize = 64;

impl Engine {
    /// Pushes one new outbox item, when there is a connection to push on.
    pub(crate) fn push(&mut self, id: &ThreadId, number: u64) {
        // While catching up, what is new goes with the upload that follows, in order.
        let live = self.session.phase == Phase::Live && self.session.uploaded;
        if live {
            self.push_numbers(id, &[number]);
        }
    }

    /// Pushes every item of a thread that was not met in the log, in order.
    pub(crate) fn push_waiting(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        let numbers: Vec<u64> = thread
            .outbox
            .iter()
            .filter(|(_, item)| item.met.is_none() && !matches!(item.cargo, Cargo::Stuck { .. }))
            .map(|(number, _)| *number)
            .collect();
        self.push_numbers(id, &numbers);
    }

    fn push_numbers(&mut self, id: &ThreadId, numbers: &[u64]) {
        let Some(thread) = self.threads.get(id) else { return };
        let mut items = Vec::new();
        for number in numbers {
            let Some(record) = thread.outbox.get(number) else { continue };
            let item = match &record.cargo {
                Cargo::Change { plain, .. } => {
                    match keys::seal(&thread.record.key, id, EnvelopeKind::Batch, plain) {
                        Ok(item) => item,
                        // Checked when the entry was made; a batch that can't be sealed under a
                        // later key would be refused by every reader too.
                        Err(_) => continue,
                    }
                }
                Cargo::Link { item } => item.clone(),
                Cargo::Stuck { .. } => continue,
            };
            items.push((Pushed::Item(*number), item));
        }
        self.push_items(id, items);
    }

    /// Pushes items that are not in flight already, in as few frames as they fit.
    fn push_items(&mut self, id: &ThreadId, items: Vec<(Pushed, Vec<u8>)>) {
        let (mut frame, mut bytes) = (Vec::new(), FRAME_OVERHEAD);
        for (pushed, item) in items {
            let hash = ItemHash::of(&item);
            if self.session.in_flight.contains_key(&hash.short()) {
                continue;
            }
            let full = frame.len() == MAX_ITEMS_PER_FRAME;
            if full || bytes + item.len() + 4 > MAX_FRAME_BYTES {
                self.send_push(id, std::mem::take(&mut frame));
                bytes = FRAME_OVERHEAD;
            }
            bytes += item.len() + 4;
            let flight = Flight { thread: *id, item: hash, pushed };
            self.session.named.insert(hash.short(), (*id, hash));
            self.session.in_flight.insert(hash.short(), flight);
            if let Ok(item) = item.try_into() {
                frame.push(item);
            }
        }
        if !frame.is_empty() {
            self.send_push(id, frame);
        }
    }

    fn send_push(&mut self, id: &ThreadId, items: Vec<tandem_proto::Item>) {
        // Cut to the limit by the caller.
        let items = items.try_into().unwrap_or_default();
        self.send(ClientToRelay::Push(Push { thread: *id, items }));
        self.session.moved = true;
    }

    /// Pushes the links that this generation's log has not shown, in order.
    pub(crate) fn push_links(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        if thread.record.unmet_links.is_empty() {
            return;
        }
        // A link that lost, on this connection or by what the log has shown, is not offered again.
        let chain: BTreeSet<ItemHash> =
            thread.roster.chain().map(|link| ItemHash::of(&link.to_item())).collect();
        let unmet: BTreeSet<ItemHash> = thread
            .record
            .unmet_links
            .iter()
            .filter(|link| chain.contains(link) && !thread.lost.contains(link))
            .copied()
            .collect();
        let items = thread
            .record
            .links
            .iter()
            .filter(|link| unmet.contains(&ItemHash::of(link)))
            .map(|link| (Pushed::Link, link.clone()))
            .collect();
        self.push_items(id, items);
    }

    /// Rule 5: uploads each change of the document that this generation's log has not shown and
    /// that is not on its way as our own.
    pub(crate) fn upload(&mut self, id: &ThreadId) {
        self.session.uploading.remove(id);
        self.resolve_unmet(id);
        if self.session.phase != Phase::Live {
            return;
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(loaded) = thread.loaded.as_mut() else { return };
        let unmet = thread.record.unmet.clone();
        let attestations = loaded.attestations.clone();
        let Ok(doc) = loaded.doc() else { return };
        let mut changes: Vec<Change> = unmet.iter().filter_map(|hash| doc.change(hash)).collect();
        // The same order on every device (a change starts after what it builds on), so that
        // carriers of the same changes make the same bytes and the log takes them once.
        changes.sort_by_key(|change| (change.start_op(), change.hash()));
        let key = thread.record.key.clone();
        let mut items = Vec::new();
        let mut runs = runs(changes);
        while let Some(mut run) = runs.pop_front() {
            let mut vouching: BTreeMap<Vec<u8>, Attestation> = BTreeMap::new();
            for change in &run {
                let actor = change.actor_id().to_bytes();
                if let Some(attestation) = attestations.get(actor) {
                    vouching.insert(actor.to_vec(), attestation.clone());
                }
            }
            let vouching: Vec<_> = vouching.into_values().collect();
            let sealed = batch::carry(&vouching, &run)
                .ok()
                .and_then(|plain| keys::seal(&key, id, EnvelopeKind::Carried, &plain).ok());
            match sealed {
                Some(item) => {
                    let hashes = run.iter().map(Change::hash).collect();
                    items.push((Pushed::Carried(hashes), item));
                }
                None if run.len() > 1 => {
                    let second = run.split_off(run.len() / 2);
                    runs.push_front(second);
                    runs.push_front(run);
                }
                // One change that fitted an envelope when it was made fits one now; an author's
                // own key is the only thing it could lack.
                None => {}
            }
        }
        self.push_items(id, items);
    }

    /// Turns "every change counts as unmet" into the list of them.
    pub(crate) fn resolve_unmet(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if !thread.record.unmet_all {
            return;
        }
        let own: BTreeSet<ChangeHash> = thread.outgoing().map(|(_, change)| change).collect();
        let Some(Ok(doc)) = thread.loaded.as_mut().map(|l| l.doc()) else { return };
        thread.record.unmet =
            doc.changes().iter().map(Change::hash).filter(|hash| !own.contains(hash)).collect();
        thread.record.unmet_all = false;
        self.keep_thread(id);
    }

    /// The relay did not take something.
    pub(crate) fn take_refusal(&mut self, refused: &Refused) {
        self.session.letters.remove(&refused.item);
        let Some(flight) = self.session.in_flight.remove(&refused.item) else { return };
        let id = flight.thread;
        match refused.reason {
            Refusal::UnknownThread => self.show_again(&id),
            // Whether we are a member is not known before the roster has been caught up with.
            Refusal::NotAMember if !self.session.uploaded => self.show_again(&id),
            Refusal::Unavailable | Refusal::StaleEpoch => self.come_back_later(),
            Refusal::StaleLink => self.link_lost(&id, &flight),
            Refusal::NotAMember | Refusal::Malformed | Refusal::OverQuota => {
                let reason = match refused.reason {
                    Refusal::NotAMember => StuckReason::NotAMember,
                    Refusal::OverQuota => StuckReason::OverQuota,
                    _ => StuckReason::Malformed,
                };
                if let Pushed::Item(number) = flight.pushed {
                    self.with_records(&id, Deferred::Refused { number, reason });
                }
            }
        }
    }

    /// Something was refused because the relay lacks the thread, or us in it; the roster goes
    /// first, then everything again.
    fn show_again(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        if self.session.uploaded && !thread.shown {
            self.show_thread_to_relay(*id);
        }
    }

    fn link_lost(&mut self, id: &ThreadId, flight: &Flight) {
        if let Pushed::Item(number) = flight.pushed {
            self.drop_item(id, number);
        }
        // The log shows which link won; the admission is made again after catching up.
        let Some(thread) = self.threads.get_mut(id) else { return };
        thread.lost.insert(flight.item);
        if thread.lost.len() <= MAX_LOST_LINKS {
            self.session.uploaded = false;
            self.name_thread(id);
        }
    }

    /// Removes an item from the outbox.
    pub(crate) fn drop_item(&mut self, id: &ThreadId, number: u64) {
        if let Some(thread) = self.threads.get_mut(id) {
            thread.outbox.remove(&number);
            self.out.delete(Key::number(Kind::Outbox, id, number));
            self.touched.insert(*id);
        }
    }

    /// Takes a refused change out of the document, keeps it as stuck, and makes the later own
    /// changes of that thread again under a new incarnation (DESIGN section 6).
    pub(crate) fn take_out(&mut self, id: &ThreadId, number: u64, reason: StuckReason) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(item) = thread.outbox.get(&number).cloned() else { return };
        let Cargo::Change { deed: refused, .. } = item.cargo.clone() else {
            return self.drop_item(id, number);
        };
        let later: Vec<(u64, Stored<OutboxRecord>)> = thread
            .outbox
            .range(number..)
            .filter(|(_, item)| matches!(item.cargo, Cargo::Change { .. }))
            .map(|(number, item)| (*number, item.clone()))
            .collect();
        let taken: BTreeSet<ChangeHash> = later
            .iter()
            .filter_map(|(_, item)| match &item.cargo {
                Cargo::Change { change, .. } => Some(*change),
                _ => None,
            })
            .collect();
        let Some(loaded) = thread.loaded.as_mut() else { return };
        let rebuilt = loaded.doc().and_then(|doc| doc.without(&taken)).map(|mut doc| {
            let mut fold = Fold::default();
            for change in doc.changes() {
                let before = doc.newest_before(&change);
                fold.take(&change, before);
            }
            (doc, fold)
        });
        match rebuilt {
            Ok((doc, fold)) => {
                let gone: Vec<_> = loaded
                    .fold
                    .entries()
                    .map(|(entry, _)| *entry)
                    .filter(|entry| fold.entry(entry).is_none())
                    .collect();
                for entry in gone {
                    self.out.delete(Key::entry(Kind::Entry, id, &entry));
                    self.out.delete(Key::entry(Kind::Sent, id, &entry));
                    loaded.sent.remove(&entry);
                }
                for (entry, record) in fold.entries() {
                    self.out.put(Key::entry(Kind::Entry, id, entry), record);
                }
                self.out.put(Key::thread(Kind::Facts, id), fold.facts());
                loaded.replace(doc, fold);
                thread.actor = None;
                self.vouch_again(id, &later);
            }
            // Others hold it, so the log does: there is nothing to take out.
            Err(DocError::Needed) => return self.drop_item(id, number),
            Err(e) => return self.load_failed(*id, e.to_string()),
        }
        for (number, item) in &later {
            self.drop_item(id, *number);
            if let Cargo::Change { .. } = &item.cargo {
                self.session.in_flight.retain(|_, flight| {
                    let same = matches!(flight.pushed, Pushed::Item(n) if n == *number);
                    flight.thread != *id || !same
                });
            }
        }
        self.compact(id);
        self.keep_thread(id);
        let Some(thread) = self.threads.get_mut(id) else { return };
        let stuck = Stored::new(OutboxRecord {
            cargo: Cargo::Stuck { deed: refused, reason },
            receipt: None,
            met: None,
        });
        self.out.put_stored(Key::number(Kind::Outbox, id, number), &stuck);
        thread.outbox.insert(number, stuck);
        for (_, item) in later.into_iter().skip(1) {
            if let Cargo::Change { deed, .. } = item.cargo.clone() {
                // Made from the same deed before; what can't be made again stays with its writer.
                if self.act(id, deed.clone()).is_err() {
                    self.keep_stuck(id, deed, StuckReason::Refused);
                }
            }
        }
        self.touched.insert(*id);
    }

    /// Signs for what is left of the actors whose newest changes were taken out: an attestation of a
    /// change that is nowhere any more vouches for nothing.
    fn vouch_again(&mut self, id: &ThreadId, taken: &[(u64, Stored<OutboxRecord>)]) {
        let gone: BTreeSet<ChangeHash> = taken
            .iter()
            .filter_map(|(_, item)| match &item.cargo {
                Cargo::Change { change, .. } => Some(*change),
                _ => None,
            })
            .collect();
        let Some(loaded) = self.threads.get_mut(id).and_then(|t| t.loaded.as_mut()) else { return };
        let actors: Vec<Vec<u8>> = loaded
            .attestations
            .iter()
            .filter(|(_, attestation)| gone.contains(&attestation.change))
            .map(|(actor, _)| actor.clone())
            .collect();
        let Ok(changes) = loaded.doc().map(crate::thread::ThreadDoc::changes) else { return };
        for actor in actors {
            let newest = changes
                .iter()
                .filter(|change| change.actor_id().to_bytes() == actor.as_slice())
                .max_by_key(|change| change.seq());
            let key = Key::attestation(id, &actor);
            if let Some(change) = newest {
                let attestation = Attestation::sign(
                    &self.me.identity,
                    id,
                    change.actor_id(),
                    change.seq(),
                    change.hash(),
                );
                self.out.put(key, &attestation);
                loaded.attestations.insert(actor, attestation);
            } else {
                self.out.delete(key);
                loaded.attestations.remove(&actor);
            }
        }
    }

    fn keep_stuck(&mut self, id: &ThreadId, deed: crate::record::Deed, reason: StuckReason) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let number = thread.take_number();
        let cargo = Cargo::Stuck { deed, reason };
        let item = Stored::new(OutboxRecord { cargo, receipt: None, met: None });
        self.out.put_stored(Key::number(Kind::Outbox, id, number), &item);
        thread.outbox.insert(number, item);
        self.keep_thread(id);
    }
}

/// Cuts changes into runs that each fit one envelope.
fn runs(changes: Vec<Change>) -> VecDeque<Vec<Change>> {
    let mut runs: VecDeque<Vec<Change>> = VecDeque::new();
    let mut bytes = usize::MAX;
    for change in changes {
        let len = change.raw_bytes().len();
        match runs.back_mut() {
            Some(run) if bytes + len <= CARRY_BYTES && run.len() < CARRY_CHANGES => {
                bytes += len;
                run.push(change);
            }
            _ => {
                bytes = len;
                runs.push_back(vec![change]);
            }
        }
    }
    runs
}
