//! The outbox on its way: sealing at upload, pushing, carrying.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use automerge::{Change, ChangeHash};
use tandem_proto::{
    ClientToRelay, EnvelopeKind, ItemHash, Push, Seq, ThreadId,
    limits::{MAX_FRAME_BYTES, MAX_ITEMS_PER_FRAME},
};

use crate::{
    Engine, Key, StuckReason,
    batch::{self, Attestation, LogHead},
    keys,
    record::{Cargo, Kind},
    session::{Flight, Phase},
    state::{Pushed, Thread},
};

/// Raw bytes of changes in one carried envelope: compressed to about half, it stays near the limit
/// of an item; one that is over is cut in two.
const CARRY_BYTES: usize = 512 << 10;

/// Changes in one carried envelope.
const CARRY_CHANGES: usize = 2_048;

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
        self.drop_outrun_links(id);
        let Some(thread) = self.threads.get(id) else { return };
        let numbers: Vec<u64> = thread
            .outbox
            .iter()
            .filter(|(_, item)| item.met.is_none() && !matches!(item.cargo, Cargo::Stuck { .. }))
            .map(|(number, _)| *number)
            .collect();
        self.push_numbers(id, &numbers);
    }

    /// What waits goes under the present epoch from here on, and the log has been read.
    pub(crate) fn caught_up(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let read = std::mem::take(&mut thread.keys.handed_over);
        if std::mem::take(&mut thread.keys.reseal) || read {
            self.keep_keys(id);
        }
    }

    fn push_numbers(&mut self, id: &ThreadId, numbers: &[u64]) {
        let Some(thread) = self.threads.get(id) else { return };
        if thread.is_erased() {
            return self.mark_all_refused(id, numbers, &StuckReason::Erased);
        }
        if thread.roster.is_out(&self.me.device) {
            return self.mark_all_refused(id, numbers, &StuckReason::Removed);
        }
        // A group that is founded anew gets past what nobody can follow.
        if thread.keys.broken.is_some() {
            self.mark_all_refused(id, numbers, &StuckReason::Broken);
        }
        self.say_head(id, numbers);
        let Some(thread) = self.threads.get(id) else { return };
        // Words go before links: a link ends the epoch that they are sealed under, and nothing
        // invisible may hold back something visible.
        let (mut items, mut links) = (Vec::new(), Vec::new());
        for number in numbers {
            let Some(record) = thread.outbox.get(number) else { continue };
            match &record.cargo {
                Cargo::Change { plain, .. } => {
                    // Without a seat in the group nothing can be sealed until there is one. That it
                    // fits was checked when the entry was made.
                    let seal = |plain: &[u8]| {
                        let key = thread.sealing_key()?;
                        keys::seal(&key, id, EnvelopeKind::Batch, plain).ok()
                    };
                    let headed = thread.heads.get(number).map(|head| head.before(plain));
                    // Words that leave no room for a head go without.
                    let sealed = headed.and_then(|plain| seal(&plain)).or_else(|| seal(plain));
                    items.extend(sealed.map(|item| (Pushed::Item(*number), item)));
                }
                Cargo::Link { item } => links.push((Pushed::Item(*number), item.clone())),
                Cargo::Stuck { .. } => {}
            }
        }
        items.append(&mut links);
        self.push_items(id, items);
    }

    /// Has the last of these words say which log was read here, if words of others came since that was
    /// said: a relay that shows others another one can keep back the words, but not that.
    fn say_head(&mut self, id: &ThreadId, numbers: &[u64]) {
        let Some(generation) = self.session.generation() else { return };
        let Some(thread) = self.threads.get_mut(id) else { return };
        let (outbox, heads) = (&thread.outbox, &mut thread.heads);
        heads.retain(|number, head| outbox.contains_key(number) && head.is_of(&generation));
        let is_words = |number: &&u64| {
            matches!(outbox.get(*number).map(|item| &item.cargo), Some(Cargo::Change { .. }))
        };
        let Some(last) = numbers.iter().rfind(is_words) else { return };
        let (seq, chain, others) = (thread.record.seq, thread.record.chain, thread.record.others);
        let said = heads.values().map(|head| head.seq).fold(thread.record.said, Seq::max);
        if others > said {
            heads.entry(*last).or_insert_with(|| LogHead::of(&generation, seq, &chain));
        }
    }

    /// Pushes items that are not in flight already, in as few frames as they fit.
    pub(crate) fn push_items(&mut self, id: &ThreadId, items: Vec<(Pushed, Vec<u8>)>) {
        if self.threads.get(id).is_some_and(Thread::is_erased) {
            return;
        }
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
        if thread.record.unmet_links.is_empty() || thread.roster.is_out(&self.me.device) {
            return;
        }
        // A link that lost, on this connection or by what the log has shown, is not offered again.
        let chain = thread.roster.counting();
        let unmet: BTreeSet<ItemHash> = thread
            .record
            .unmet_links
            .iter()
            .filter(|link| chain.contains(link) && !thread.lost.contains(link))
            .copied()
            .collect();
        let items = thread
            .links
            .links
            .iter()
            .filter(|link| unmet.contains(&ItemHash::of(link)))
            .map(|link| (Pushed::Link, link.clone()))
            .collect();
        self.show_removal_receipts(id, &unmet);
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
        // Without a seat in the group nothing can be sealed; with one, this comes again.
        let Some(key) = thread.sealing_key().map(std::borrow::Cow::into_owned) else { return };
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

    /// Removes an item from the outbox.
    pub(crate) fn drop_item(&mut self, id: &ThreadId, number: u64) {
        if let Some(thread) = self.threads.get_mut(id) {
            thread.outbox.remove(&number);
            self.out.delete(Key::number(Kind::Outbox, id, number));
            self.touched.insert(*id);
        }
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
