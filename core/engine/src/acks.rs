//! Acknowledgements: what we have signed for, and what others have.

use std::collections::BTreeSet;

use automerge::ChangeHash;
use tandem_proto::{
    Acknowledgement, ClientToRelay, DeviceKey, Hash16, Seq, ThreadId,
    limits::MAX_EXCEPT,
    planted::{Fault, is},
};

use crate::{
    Engine, Key,
    batch::{self, LogHead},
    record::{Kind, LogPlace, PeerRecord, PhonesRecord},
    session::COALESCE_MS,
    state::{Deferred, Thread},
};

impl Thread {
    /// What this device can sign for now: the last seq read and what is missing below it.
    fn statement(&self) -> (Seq, Vec<Hash16>) {
        let mut except: Vec<Hash16> = self.record.except.iter().map(|(_, hash)| *hash).collect();
        except.sort_unstable();
        except.dedup();
        (self.record.seq, except)
    }

    /// Whether there is something of others that was not signed for, or the exceptions changed.
    fn has_unsaid(&self) -> bool {
        if !self.named || self.record.seq == Seq(0) {
            return false;
        }
        let (_, except) = self.statement();
        match self.acking.as_ref().or(self.record.acked.as_ref()) {
            None => self.record.others > Seq(0) || !except.is_empty(),
            Some((seq, said)) => *seq < self.record.others || *said != except,
        }
    }
}

impl Engine {
    /// Whether any thread has something to acknowledge.
    pub(crate) fn unacknowledged(&self) -> bool {
        self.threads.values().any(|t| t.has_unsaid() && t.is_read_elsewhere(&self.me))
    }

    /// Signs for everything that was taken in since the last time.
    pub(crate) fn acknowledge(&mut self) {
        let Some(generation) = self.session.generation() else { return };
        let mut frames = Vec::new();
        for thread in self.threads.values_mut() {
            if !thread.is_read_elsewhere(&self.me) || !thread.has_unsaid() {
                continue;
            }
            let (seq, except) = thread.statement();
            // A device that misses more than can be named says nothing rather than too much.
            let Ok(names) = except.clone().try_into() else { continue };
            debug_assert!(except.len() <= MAX_EXCEPT);
            let chain = thread.record.chain;
            let ack =
                Acknowledgement::sign(&self.me.identity, thread.id, generation, seq, chain, names);
            // It counts as said when the relay has signed for what was claimed after it.
            thread.acking = Some((seq, except));
            frames.push(ack);
        }
        for ack in frames {
            self.send(ClientToRelay::Acknowledge(ack));
        }
    }

    /// The relay passes on another device's acknowledgement.
    pub(crate) fn acknowledged(&mut self, revision: u64, ack: Acknowledgement) {
        let id = ack.thread;
        if self.session.generation() == Some(ack.generation) {
            self.with_records(&id, Deferred::Acknowledged(revision, ack));
        }
    }

    /// Takes in an acknowledgement that its device signed.
    pub(crate) fn take_acknowledgement(
        &mut self,
        id: &ThreadId,
        revision: u64,
        ack: Acknowledgement,
    ) {
        if self.session.record.generation != Some(ack.generation) {
            return;
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        if revision >= thread.record.acks {
            thread.record.acks = revision;
            thread.acks_moved = true;
            self.keep_thread(id);
            let due = self.now.plus_ms(COALESCE_MS);
            if self.session.settled {
                self.session.due.get_or_insert(due);
            }
        }
        if ack.verify().is_err() {
            return;
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(card) = thread.roster.members().get(&ack.device) else { return };
        let device = card.device;
        let same_log = thread.was_chain(ack.seq, &ack.chain);
        let era = thread.record.era;
        if let Some(same_log) = same_log {
            self.note_log(id, device, same_log);
        }
        // Sent back to us: it tells nothing.
        if device == self.me.device && !is(Fault::OwnAckCounts) {
            return;
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(loaded) = thread.loaded.as_mut() else { return };
        let newer = loaded.peers.get(&device).is_none_or(|held| held.ack.seq <= ack.seq);
        // A statement about another log than ours says nothing about our words.
        if !newer || same_log == Some(false) {
            return;
        }
        let except = ack.except.clone();
        let peer = PeerRecord { era, ack, same_log: same_log == Some(true) };
        self.out.put(Key::peer(id, &device), &peer);
        loaded.peers.insert(device, peer);
        self.weigh_acknowledgements(id);
        self.read_excepted(id, &device, &except);
        self.heard_of(id, &device);
    }

    /// Says of own entries on whose phones they are, by the acknowledgements that are here. Those of
    /// our own other phones say what they miss, and nothing of anybody else's phone.
    ///
    /// Only those count whose chain is ours at their seq: a relay that shows its members different
    /// logs gets true signatures over other words. And only entries below the signed cursor: what
    /// stands above it may be on a log that the relay has lost.
    pub(crate) fn weigh_acknowledgements(&mut self, id: &ThreadId) {
        let signed = self.session.record.signed.as_ref().and_then(|set| {
            let cursor = set.set.iter().find(|cursor| cursor.thread == *id)?;
            (Some(set.signed.generation) == self.session.generation()).then_some(cursor.seq)
        });
        self.compare_logs(id);
        let Some(signed) = signed else { return };
        let Some(thread) = self.threads.get_mut(id) else { return };
        let own = thread.devices_ever_of(&self.me.person);
        let Some(loaded) = thread.loaded.as_mut() else { return };
        for (entry, sent) in &loaded.sent {
            let here = |place: &&LogPlace| sent.era == thread.record.era && place.seq <= signed;
            let places = || sent.place.iter().chain(&sent.again).filter(here);
            for (device, PeerRecord { ack, same_log, .. }) in &loaded.peers {
                let held = |place: &&LogPlace| {
                    ack.generation == place.generation
                        && ack.seq >= place.seq
                        && !ack.except.contains(&place.item.short())
                };
                let counts = !own.contains(device) || is(Fault::OwnAckCounts);
                let holds = counts && *same_log && places().any(|place| held(&place));
                if holds && loaded.phones.entry(*entry).or_default().insert(*device) {
                    let phones = loaded.phones[entry].iter().copied().collect();
                    self.out.put(Key::entry(Kind::Phones, id, entry), &PhonesRecord(phones));
                    self.touched.insert(*id);
                }
            }
        }
    }

    /// Compares the logs that others signed for with ours, where we have come to their seq.
    fn compare_logs(&mut self, id: &ThreadId) {
        self.compare_heads(id);
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(mut loaded) = thread.loaded.take() else { return };
        let mut compared = Vec::new();
        loaded.peers.retain(|device, peer| {
            if !peer.same_log {
                match thread.was_chain(peer.ack.seq, &peer.ack.chain) {
                    Some(true) => {
                        compared.push((*device, true));
                        peer.same_log = true;
                        self.out.put(Key::peer(id, device), peer);
                    }
                    Some(false) => {
                        // What was signed before our log was begun anew says nothing of the relay.
                        if peer.era == thread.record.era {
                            compared.push((*device, false));
                        }
                        self.out.delete(Key::peer(id, device));
                        return false;
                    }
                    None => {}
                }
            }
            true
        });
        thread.loaded = Some(loaded);
        for (device, same_log) in compared {
            self.note_log(id, device, same_log);
        }
    }

    /// A device's words say which log it was shown.
    pub(crate) fn read_head(&mut self, id: &ThreadId, device: &DeviceKey, head: &LogHead) {
        let Some(generation) = self.session.generation() else { return };
        if is(Fault::HeadsIgnored) {
            return;
        }
        if *device == self.me.device || !head.is_of(&generation) {
            return;
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        thread.record.heads.insert(*device, (head.seq, head.chain));
        self.compare_heads(id);
    }

    /// Compares the log heads that others said with our log, where we have come to their seq. That one
    /// is of our log takes no warning back: what it says may be older than what was signed for since.
    fn compare_heads(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let mut heads = std::mem::take(&mut thread.record.heads);
        let mut others = Vec::new();
        heads.retain(|device, (seq, chain)| {
            let same_log = thread.chain_at(*seq).map(|ours| batch::shortened(ours) == *chain);
            if same_log == Some(false) {
                others.push(*device);
            }
            // What lies before all that is remembered can't be compared any more.
            same_log.is_none() && *seq > thread.record.seq
        });
        thread.record.heads = heads;
        for device in others {
            self.note_log(id, device, false);
        }
    }

    /// Notes whether a device signed for the log that was read here or for another: within one
    /// generation an honest relay has one log.
    fn note_log(&mut self, id: &ThreadId, device: DeviceKey, same_log: bool) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let others = &mut thread.record.other_log;
        let changed = if same_log { others.remove(&device) } else { others.insert(device) };
        if changed {
            self.touched.insert(*id);
            self.keep_thread(id);
        }
    }

    /// Rule 6: what a member says it could not take in is carried again, if we hold it.
    pub(crate) fn read_excepted(&mut self, id: &ThreadId, by: &DeviceKey, except: &[Hash16]) {
        if is(Fault::IgnoreExcept) {
            return;
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        // Who has no seat in the group can't open a copy either; it says so again when it has.
        if thread.keys.wanted.iter().any(|r| r.device == *by && !thread.is_answered(r)) {
            return;
        }
        let epoch = thread.roster.epoch();
        let ours: BTreeSet<Hash16> = thread.record.except.iter().map(|(_, hash)| *hash).collect();
        // Once for each item that is named: a copy that can't be taken in either is not the cure.
        let named: Vec<Hash16> = except
            .iter()
            .filter(|hash| !ours.contains(*hash) && thread.carried_again.insert((**hash, epoch)))
            .copied()
            .collect();
        let Some(loaded) = thread.loaded.as_ref() else { return };
        let unread: Vec<Key> = named
            .iter()
            .filter(|hash| !loaded.items.contains_key(*hash))
            .map(|hash| Key::item(id, hash))
            .collect();
        if unread.is_empty() {
            return self.carry_excepted(id, &named);
        }
        thread.loading = true;
        thread.deferred.push_front(Deferred::Excepted(named));
        self.out.load(*id, unread);
    }

    /// Carries again what these items brought.
    pub(crate) fn carry_excepted(&mut self, id: &ThreadId, named: &[Hash16]) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(loaded) = thread.loaded.as_ref() else { return };
        let mut again: Vec<ChangeHash> =
            named.iter().filter_map(|hash| loaded.items.get(hash)).flatten().copied().collect();
        // What was never met in the log is on its way anyhow.
        let own: Vec<ChangeHash> = thread
            .outgoing()
            .filter(|(number, _)| thread.outbox.get(number).is_some_and(|i| i.met.is_none()))
            .map(|(_, change)| change)
            .collect();
        again.retain(|change| !own.contains(change) && !thread.record.unmet.contains(change));
        // A change may have stood in several of the items.
        again.sort_unstable();
        again.dedup();
        if !again.is_empty() {
            thread.record.unmet.extend(again);
            self.keep_thread(id);
            self.session.uploaded = false;
            self.session.settled = false;
        }
    }
}

#[cfg(test)]
mod tests;
