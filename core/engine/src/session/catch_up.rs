//! Catching up: what the greeting says of our cursors, and where each log is read from.

use tandem_proto::{
    ChainHash, ClientToRelay, CursorProof, Cursors, Evidence, Generation, Greeting, ItemHash, Seq,
    ThreadCursor, ThreadId,
    limits::MAX_CURSORS_PER_FRAME,
    planted::{Fault, is},
};

use super::Phase;
use crate::{Delivery, Engine, Key, StuckReason, inbox::Needs, record::Kind, state::Thread};

impl Engine {
    pub(super) fn greeted(&mut self, greeting: &Greeting) {
        let known = self.session.record.generation == Some(greeting.generation);
        let first = self.session.phase == Phase::Greeting;
        self.session.phase = Phase::Live;
        self.session.expected = 0;
        self.session.uploaded = false;
        self.session.claimed = None;
        self.session.settled = false;
        if !first {
            // A generation was drawn while we were connected: what was under way is of the old.
            self.session.in_flight.clear();
            self.session.refused.clear();
            self.session.requested.clear();
        }
        let matched = known && greeting.matched;
        let signed = self.session.record.signed.as_ref().filter(|_| matched);
        // Both are sorted by thread.
        let mut named = signed.iter().flat_map(|set| &set.set).map(|c| c.thread).peekable();
        for thread in self.threads.values_mut() {
            thread.ahead.clear();
            while named.next_if(|id| *id < thread.id).is_some() {}
            thread.named = named.peek() == Some(&thread.id) && !thread.is_erased();
        }
        if !known {
            self.enter_generation(greeting.generation);
        }
        if matched {
            self.session.expected = 1;
            for id in self.threads_that(|thread| !thread.named) {
                self.name_thread(&id);
            }
        } else {
            // A relay that has forgotten where we stand may have forgotten what we signed as well.
            if !is(Fault::AckOnce) {
                for thread in self.threads.values_mut() {
                    thread.record.acked = None;
                    thread.acking = None;
                }
            }
            self.show_tombstones();
            self.say_cursors();
        }
    }

    /// Every log is begun anew, and nothing that an older generation said about one counts.
    pub(super) fn enter_generation(&mut self, generation: Generation) {
        let first_contact = self.session.record.generation.is_none();
        self.session.record.generation = Some(generation);
        self.session.record.signed = None;
        self.out.put(Key::one(Kind::Session), &self.session.record);
        for id in self.threads.keys().copied().collect::<Vec<_>>() {
            let thread = &self.threads[&id];
            if thread.is_erased() || first_contact && thread.record.seq == Seq(0) {
                continue;
            }
            self.begin_log(&id, true);
        }
        for invite in self.invites.keys().copied().collect::<Vec<_>>() {
            self.welcome_again(&invite);
        }
    }

    /// Reads a thread's log from its start: its cursor and its receipts are forgotten, and every
    /// change and link counts as unmet until the log shows it.
    pub(super) fn begin_log(&mut self, id: &ThreadId, new_generation: bool) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        thread.set_cursor(Seq(0), ChainHash::start(id));
        let record = &mut thread.record;
        record.acks = 0;
        record.except.clear();
        record.unreceipted.clear();
        // They signed beside a log that is not read any more.
        record.other_log.clear();
        record.heads.clear();
        record.said = Seq(0);
        self.session.requested.retain(|_, thread| thread != id);
        record.others = Seq(0);
        record.unmet_links = thread.links.links.iter().map(|link| ItemHash::of(link)).collect();
        record.unmet.clear();
        record.unmet_all = new_generation || !is(Fault::CarryOnce);
        record.era += 1;
        // Whether this log has anything that only a newer version reads, it shows.
        let newer = thread.keys.newer.take().is_some();
        if !is(Fault::AckOnce) {
            record.acked = None;
        }
        thread.ahead.clear();
        // They are of the log that was.
        thread.heads.clear();
        if !is(Fault::AckOnce) {
            thread.acking = None;
        }
        for (number, item) in &mut thread.outbox {
            if item.receipt.is_some() || item.met.is_some() {
                item.receipt = None;
                item.met = None;
                self.out.put(Key::number(Kind::Outbox, id, *number), item);
            }
        }
        // What was carried again to others is to be met in this log, or is carried once more.
        thread.carried_again.clear();
        // What waited for others will come again from the log; what is stored of it is of an era
        // that is over.
        if let Some(loaded) = thread.loaded.as_mut() {
            loaded.waiting.clear();
            loaded.needs = Needs::default();
            loaded.peers.clear();
        }
        self.read_items(id);
        let Some(thread) = self.threads.get_mut(id) else { return };
        if let Some(last) = thread.inbox.last.as_mut()
            && matches!(last.delivery, Some(Delivery::OnRelay { .. }))
        {
            last.delivery = Some(Delivery::OnThisPhone);
            self.out.put(Key::thread(Kind::Inbox, id), &thread.inbox);
        }
        if newer {
            self.keep_keys(id);
            self.clear_refused(id, &StuckReason::NewerVersionNeeded);
        }
        self.keep_thread(id);
        self.inbox_moved = true;
        self.touched.insert(*id);
    }

    /// Sends every cursor.
    pub(super) fn say_cursors(&mut self) {
        let Some(generation) = self.session.record.generation else { return };
        for thread in self.threads.values_mut().filter(|thread| !thread.is_erased()) {
            thread.named = true;
            // The relay sends the acknowledgements of a thread anew whose cursor it is told.
            thread.record.acks = 0;
        }
        let cursors: Vec<_> = self.cursors().collect();
        let mut chunks: Vec<Vec<_>> =
            cursors.chunks(MAX_CURSORS_PER_FRAME).map(<[_]>::to_vec).collect();
        if chunks.is_empty() {
            chunks.push(Vec::new());
        }
        let count = chunks.len();
        for (i, chunk) in chunks.into_iter().enumerate() {
            // Cut to the limit just above.
            let cursors = chunk.try_into().unwrap_or_default();
            let (first, last) = (i == 0, i + 1 == count);
            let frame = Cursors { generation, cursors, first, last };
            self.send(ClientToRelay::Cursors(frame));
        }
        self.session.expected += 1;
    }

    /// The cursors of the threads that the relay knows we follow, sorted.
    pub(crate) fn cursors(&self) -> impl Iterator<Item = ThreadCursor> + '_ {
        let named = self.threads.values().filter(|thread| thread.named);
        named.map(|t| ThreadCursor { thread: t.id, seq: t.record.seq, chain: t.record.chain })
    }

    /// Tells the relay that we follow a thread, from where we are.
    pub(crate) fn name_thread(&mut self, id: &ThreadId) {
        if self.session.phase != Phase::Live {
            return;
        }
        let Some(generation) = self.session.record.generation else { return };
        let Some(thread) = self.threads.get_mut(id).filter(|t| !t.is_erased()) else { return };
        thread.named = true;
        thread.record.acks = 0;
        let cursor =
            ThreadCursor { thread: *id, seq: thread.record.seq, chain: thread.record.chain };
        let cursors = vec![cursor].try_into().unwrap_or_default();
        let frame = Cursors { generation, cursors, first: false, last: true };
        self.send(ClientToRelay::Cursors(frame));
        self.session.expected += 1;
        self.session.settled = false;
    }

    /// Shows the relay its own signature over our cursor of a thread, if it gave one in the
    /// present generation.
    pub(super) fn show_evidence(&mut self, id: &ThreadId) {
        let proof = self.session.record.signed.as_ref().and_then(|set| {
            if Some(set.signed.generation) != self.session.record.generation {
                return None;
            }
            CursorProof::of(&set.signed, &set.set, id).filter(|p| p.cursor.seq > Seq(0))
        });
        if let Some(proof) = proof {
            self.send(ClientToRelay::Evidence(Evidence { proof }));
        }
    }

    /// Our cursor is not on the relay's chain: show its signature, if we have one, and read again.
    pub(super) fn off_chain(&mut self, id: ThreadId) {
        if self.threads.get(&id).is_some_and(Thread::is_erased) {
            return;
        }
        self.show_evidence(&id);
        if self.threads.contains_key(&id) {
            self.begin_log(&id, false);
            self.session.uploaded = false;
            self.name_thread(&id);
        }
    }

    /// The relay does not have this thread, or not us in it: show it the roster.
    pub(crate) fn show_thread_to_relay(&mut self, id: ThreadId) {
        // It gives no receipts there either: they are asked for again on the next connection.
        self.session.requested.retain(|_, thread| *thread != id);
        let Some(thread) = self.threads.get_mut(&id).filter(|t| !t.is_erased()) else { return };
        thread.named = false;
        if thread.shown {
            return self.go_back_to_the_key_before(&id);
        }
        thread.shown = true;
        self.show_evidence(&id);
        let Some(thread) = self.threads.get(&id) else { return };
        if thread.record.seq > Seq(0) {
            self.begin_log(&id, false);
        }
        let Some(thread) = self.threads.get_mut(&id) else { return };
        thread.record.unmet_links = thread.links.links.iter().map(|l| ItemHash::of(l)).collect();
        self.keep_thread(&id);
        self.push_links(&id);
        self.name_thread(&id);
        self.session.uploaded = false;
    }

    /// Something of a thread's log arrived.
    pub(super) fn arrived(&mut self, id: ThreadId, seq: Seq, item: Vec<u8>) {
        let Some(thread) = self.threads.get(&id).filter(|t| !t.is_erased()) else { return };
        if seq <= thread.record.seq {
            return;
        }
        self.session.moved = true;
        if self.is_for_a_newer_version(&id, seq, &item) {
            return;
        }
        let Some(thread) = self.threads.get_mut(&id) else { return };
        thread.ahead.arrived(thread.record.seq.next(), seq, item);
    }
}
