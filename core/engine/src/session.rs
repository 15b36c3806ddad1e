//! The session with the relay: dial, greeting, catching up, live, and back again.

use std::collections::{BTreeMap, BTreeSet};

use rand_core::Rng;
use tandem_proto::{
    ChainHash, ClientToRelay, Closing, CursorProof, Cursors, Evidence, Generation, Greeting,
    Hash16, Hello, ItemHash, MailboxId, PROTOCOL, RelayToClient, Seq, ThreadCursor, ThreadId,
    Timestamp, cursor_digest, cursor_root,
    limits::MAX_CURSORS_PER_FRAME,
    planted::{Fault, is},
};

use crate::{
    Delivery, Effect, Engine, Key, SyncReport,
    record::{Kind, SessionRecord, Stored},
    state::{Ahead, Deferred, Pushed},
};

/// The first wait after a fault, and the longest, in milliseconds.
const BACKOFF_FIRST_MS: u64 = 500;
const BACKOFF_LAST_MS: u64 = 60_000;

/// How long acknowledgements and claims are collected while live, in milliseconds.
pub(crate) const COALESCE_MS: u64 = 1_000;

/// How long a relay that owes an answer may be silent, in milliseconds: longer than a line of
/// 64 kbit/s needs for its largest delivery.
const SILENCE_MS: u64 = 30_000;

/// Items that may wait beyond a gap in one thread before it is read again from its cursor.
const MAX_AHEAD: usize = 4_096;

/// How far the connection is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// There is none.
    #[default]
    Offline,
    /// The client dials.
    Dialing,
    /// Hello is said; nothing counts yet.
    Greeting,
    /// The relay has greeted.
    Live,
}

/// What the engine remembers of the relay, and the state of the present connection.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) record: Stored<SessionRecord>,
    pub(crate) online: bool,
    pub(crate) phase: Phase,
    faults: u32,
    retry_at: Option<Timestamp>,
    /// How many `CaughtUp` are still to come.
    pub(crate) expected: u32,
    /// Everything unmet has been pushed since the last catch-up.
    pub(crate) uploaded: bool,
    /// Threads whose upload waits for their records.
    pub(crate) uploading: BTreeSet<ThreadId>,
    /// Pushed on this connection, without receipt or refusal, by half the hash.
    pub(crate) in_flight: BTreeMap<Hash16, Flight>,
    /// Receipts that were asked for, by half the hash.
    pub(crate) requested: BTreeMap<Hash16, ThreadId>,
    /// Everything that a receipt on this connection can be for, by half the hash.
    pub(crate) named: BTreeMap<Hash16, (ThreadId, ItemHash)>,
    /// A claim under way: the set that the relay is to sign.
    pub(crate) claimed: Option<Vec<ThreadCursor>>,
    /// Mailboxes whose letters were asked for and have not come.
    pub(crate) mail: BTreeSet<MailboxId>,
    /// Letters that were put and not confirmed, by half their hash.
    pub(crate) letters: BTreeSet<Hash16>,
    /// Welcomes that were put and not confirmed, by half their hash.
    pub(crate) welcomes: BTreeMap<Hash16, tandem_proto::InviteId>,
    /// When what was collected is to be acknowledged and claimed.
    pub(crate) due: Option<Timestamp>,
    /// When the relay was last heard on this connection.
    heard_at: Timestamp,
    /// The first sync of this connection is complete: from here on acknowledgements and claims are
    /// collected for a while.
    pub(crate) settled: bool,
    /// Something was sent or arrived since it was last said that the sync is complete.
    pub(crate) moved: bool,
    pub(crate) report: SyncReport,
}

/// An item on its way to the relay.
#[derive(Debug, Clone)]
pub(crate) struct Flight {
    pub(crate) thread: ThreadId,
    pub(crate) item: ItemHash,
    pub(crate) pushed: Pushed,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            record: Stored::new(SessionRecord::default()),
            online: false,
            phase: Phase::Offline,
            faults: 0,
            retry_at: None,
            expected: 0,
            uploaded: false,
            uploading: BTreeSet::new(),
            in_flight: BTreeMap::new(),
            requested: BTreeMap::new(),
            named: BTreeMap::new(),
            claimed: None,
            mail: BTreeSet::new(),
            letters: BTreeSet::new(),
            welcomes: BTreeMap::new(),
            due: None,
            heard_at: Timestamp(0),
            settled: false,
            moved: false,
            report: SyncReport::default(),
        }
    }
}

impl Session {
    pub(crate) fn timeout(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Offline => self.retry_at.filter(|_| self.online),
            Phase::Live if self.settled => self.due,
            Phase::Live | Phase::Greeting => Some(self.heard_at.plus_ms(SILENCE_MS)),
            Phase::Dialing => None,
        }
    }

    /// Whether frames can be sent, greeted or not.
    pub(crate) const fn has_said_hello(&self) -> bool {
        matches!(self.phase, Phase::Greeting | Phase::Live)
    }

    /// Nothing waits for a time that a wrong clock had named.
    pub(crate) fn clock_stepped_back(&mut self, now: Timestamp) {
        self.retry_at = self.retry_at.map(|at| at.min(now));
        self.due = self.due.map(|at| at.min(now));
        self.heard_at = self.heard_at.min(now);
    }

    /// The generation of the cursors, when there is one.
    pub(crate) fn generation(&self) -> Option<Generation> {
        self.record.generation
    }
}

impl Engine {
    pub(crate) fn go_online(&mut self, online: bool) {
        self.session.online = online;
        if online {
            self.session.faults = 0;
            self.session.retry_at = Some(self.now);
            if self.session.phase == Phase::Live {
                // Someone waits for a complete sync: nothing is collected any longer.
                self.session.moved = true;
                self.session.due = Some(self.now);
            }
        } else if self.session.phase != Phase::Offline {
            self.hang_up();
        }
    }

    fn hang_up(&mut self) {
        self.forget_connection();
        self.out.now(Effect::HangUp);
    }

    pub(crate) fn link_down(&mut self) {
        if self.session.phase == Phase::Offline {
            return;
        }
        self.forget_connection();
        self.back_off();
    }

    fn back_off(&mut self) {
        let doubled = BACKOFF_FIRST_MS << self.session.faults.min(16);
        let wait = doubled.min(BACKOFF_LAST_MS);
        // Between half and all of it, so that a school's phones don't come back as one.
        let jitter = u64::from(self.rng.next_u32()) * (wait / 2) / u64::from(u32::MAX);
        self.session.faults += 1;
        self.session.retry_at = Some(self.now.plus_ms(wait / 2 + jitter));
    }

    /// The relay can't take anything just now: come back later.
    pub(crate) fn come_back_later(&mut self) {
        self.hang_up();
        self.back_off();
    }

    fn forget_connection(&mut self) {
        // What was to be sent on it waits for a commit no longer; the next connection begins anew.
        self.out.forget_sends();
        let session = &mut self.session;
        session.phase = Phase::Offline;
        session.expected = 0;
        session.uploaded = false;
        session.uploading.clear();
        session.in_flight.clear();
        session.requested.clear();
        session.named.clear();
        session.claimed = None;
        session.mail.clear();
        session.letters.clear();
        session.welcomes.clear();
        session.due = None;
        session.settled = false;
        for thread in self.threads.values_mut() {
            thread.ahead.clear();
            thread.named = false;
            thread.shown = false;
            thread.lost.clear();
            thread.acking = None;
        }
    }

    pub(crate) fn link_up(&mut self) {
        if self.session.phase != Phase::Dialing {
            return;
        }
        self.session.phase = Phase::Greeting;
        self.session.heard_at = self.now;
        self.session.report = SyncReport::default();
        let signed = self.session.record.signed.as_ref();
        let empty = Vec::new();
        let set = signed
            .filter(|set| Some(set.signed.generation) == self.session.record.generation)
            .map_or(&empty, |set| &set.set);
        let hello = Hello {
            version: PROTOCOL,
            generation: self.session.record.generation,
            digest: cursor_digest(&cursor_root(set)),
        };
        self.send(ClientToRelay::Hello(hello));
        for id in self.threads.keys().copied().collect::<Vec<_>>() {
            self.push_links(&id);
            self.push_waiting(&id);
        }
        self.say_mail();
    }

    /// Sends a frame after everything written so far is durable.
    pub(crate) fn send(&mut self, frame: ClientToRelay) {
        self.out.say(Effect::Send(frame));
    }

    pub(crate) fn frame(&mut self, frame: RelayToClient) {
        self.session.heard_at = self.now;
        match (self.session.phase, frame) {
            (Phase::Greeting | Phase::Live, RelayToClient::Greeting(greeting)) => {
                self.greeted(&greeting);
            }
            (Phase::Greeting | Phase::Live, RelayToClient::Closing(closing)) => {
                self.closing(&closing);
            }
            (Phase::Live, frame) => self.live_frame(frame),
            // Replies to what was said in the flight of Hello come after the greeting. A relay
            // that can't greet yet, because its generation is only being drawn, is left alone.
            (Phase::Greeting, _) => self.come_back_later(),
            (Phase::Offline | Phase::Dialing, _) => {}
        }
    }

    fn live_frame(&mut self, frame: RelayToClient) {
        match frame {
            RelayToClient::Receipts(receipts) => self.take_receipts(&receipts),
            RelayToClient::Refused(refused) => self.take_refusal(&refused),
            RelayToClient::Deliver(deliver) => {
                let first = deliver.first.0;
                let items = deliver.items.into_inner();
                for (offset, item) in (0u64..).zip(items) {
                    let seq = Seq(first.saturating_add(offset));
                    self.arrived(deliver.thread, seq, item.into_inner());
                }
                self.advance(deliver.thread);
            }
            RelayToClient::OffChain(thread) => self.off_chain(thread),
            RelayToClient::UnknownThread(thread) => self.show_thread_to_relay(thread),
            RelayToClient::CaughtUp => {
                self.session.expected = self.session.expected.saturating_sub(1);
            }
            RelayToClient::CursorsSigned(signed) => self.cursors_signed(signed),
            RelayToClient::ClaimRefused => {
                self.session.claimed = None;
                self.say_cursors();
            }
            RelayToClient::Acknowledged(revision, ack) => self.acknowledged(revision, ack),
            RelayToClient::Mail(mail) => self.take_mail(mail),
            RelayToClient::MailStored(stored) => self.mail_stored(&stored),
            RelayToClient::Greeting(_) | RelayToClient::Closing(_) => {}
        }
    }

    fn closing(&mut self, closing: &Closing) {
        self.hang_up();
        self.back_off();
        if let Closing::Busy(wait) | Closing::Stopping(wait) = closing {
            let at = self.now.plus_ms((*wait).min(BACKOFF_LAST_MS));
            self.session.retry_at = self.session.retry_at.max(Some(at));
        }
    }

    fn greeted(&mut self, greeting: &Greeting) {
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
            self.session.requested.clear();
        }
        for thread in self.threads.values_mut() {
            thread.ahead.clear();
            thread.named = false;
        }
        if !known {
            self.enter_generation(greeting.generation);
        }
        if known && greeting.matched {
            self.session.expected = 1;
            let signed = self.session.record.signed.as_ref();
            let named: Vec<_> =
                signed.map(|s| s.set.iter().map(|c| c.thread).collect()).unwrap_or_default();
            for id in named {
                if let Some(thread) = self.threads.get_mut(&id) {
                    thread.named = true;
                }
            }
            let new: Vec<_> = self.threads.values().filter(|t| !t.named).map(|t| t.id).collect();
            for id in new {
                self.name_thread(&id);
            }
        } else {
            self.say_cursors();
        }
    }

    /// Every log is begun anew, and nothing that an older generation said about one counts.
    fn enter_generation(&mut self, generation: Generation) {
        let first_contact = self.session.record.generation.is_none();
        self.session.record.generation = Some(generation);
        self.session.record.signed = None;
        self.out.put_stored(Key::one(Kind::Session), &self.session.record);
        for id in self.threads.keys().copied().collect::<Vec<_>>() {
            if first_contact && self.threads[&id].record.seq == Seq(0) {
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
    fn begin_log(&mut self, id: &ThreadId, new_generation: bool) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let record = &mut thread.record;
        record.seq = Seq(0);
        record.chain = ChainHash::start(id);
        record.acks = 0;
        record.except.clear();
        record.unreceipted.clear();
        self.session.requested.retain(|_, thread| thread != id);
        record.others = Seq(0);
        record.unmet_links = record.links.iter().map(|link| ItemHash::of(link)).collect();
        record.unmet.clear();
        record.unmet_all = new_generation || !is(Fault::CarryOnce);
        record.era += 1;
        if !is(Fault::AckOnce) {
            record.acked = None;
        }
        thread.ahead.clear();
        if !is(Fault::AckOnce) {
            thread.acking = None;
        }
        for (number, item) in &mut thread.outbox {
            if item.receipt.is_some() || item.met.is_some() {
                item.receipt = None;
                item.met = None;
                self.out.put_stored(Key::number(Kind::Outbox, id, *number), item);
            }
        }
        // What waited for others will come again from the log; what is stored of it is of an era
        // that is over.
        if let Some(loaded) = thread.loaded.as_mut() {
            loaded.waiting.clear();
            loaded.peers.clear();
        }
        if let Some(last) = thread.inbox.last.as_mut()
            && matches!(last.delivery, Some(Delivery::OnRelay { .. }))
        {
            last.delivery = Some(Delivery::OnThisPhone);
            self.out.put(Key::thread(Kind::Inbox, id), &thread.inbox);
        }
        self.keep_thread(id);
        self.inbox_moved = true;
        self.touched.insert(*id);
    }

    /// Sends every cursor.
    fn say_cursors(&mut self) {
        let Some(generation) = self.session.record.generation else { return };
        for thread in self.threads.values_mut() {
            thread.named = true;
        }
        let cursors = self.cursors();
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
    pub(crate) fn cursors(&self) -> Vec<ThreadCursor> {
        self.threads
            .values()
            .filter(|thread| thread.named)
            .map(|t| ThreadCursor { thread: t.id, seq: t.record.seq, chain: t.record.chain })
            .collect()
    }

    /// Tells the relay that we follow a thread, from where we are.
    pub(crate) fn name_thread(&mut self, id: &ThreadId) {
        if self.session.phase != Phase::Live {
            return;
        }
        let Some(generation) = self.session.record.generation else { return };
        let Some(thread) = self.threads.get_mut(id) else { return };
        thread.named = true;
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
    fn show_evidence(&mut self, id: &ThreadId) {
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
    fn off_chain(&mut self, id: ThreadId) {
        self.show_evidence(&id);
        if self.threads.contains_key(&id) {
            self.begin_log(&id, false);
            self.session.uploaded = false;
            self.name_thread(&id);
        }
    }

    /// The relay does not have this thread, or not us in it: show it the roster.
    pub(crate) fn show_thread_to_relay(&mut self, id: ThreadId) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        thread.named = false;
        if thread.shown {
            return;
        }
        thread.shown = true;
        self.show_evidence(&id);
        let Some(thread) = self.threads.get(&id) else { return };
        if thread.record.seq > Seq(0) {
            self.begin_log(&id, false);
        }
        let Some(thread) = self.threads.get_mut(&id) else { return };
        thread.record.unmet_links = thread.record.links.iter().map(|l| ItemHash::of(l)).collect();
        self.keep_thread(&id);
        self.push_links(&id);
        self.name_thread(&id);
        self.session.uploaded = false;
    }

    /// Something of a thread's log arrived.
    fn arrived(&mut self, id: ThreadId, seq: Seq, item: Vec<u8>) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        if seq <= thread.record.seq {
            return;
        }
        if thread.ahead.len() >= MAX_AHEAD && seq > thread.record.seq.next() {
            // The gap closes when the log is read again from the cursor at the next connection.
            return;
        }
        thread.ahead.insert(seq, Ahead::Item(item));
        self.session.moved = true;
    }

    /// Goes on with whatever can go on, after each input.
    pub(crate) fn progress(&mut self) {
        if self.session.online
            && self.session.phase == Phase::Offline
            && self.session.retry_at.is_some_and(|at| at <= self.now)
        {
            self.session.phase = Phase::Dialing;
            self.session.retry_at = None;
            self.out.now(Effect::Dial);
        }
        let waits = matches!(self.session.phase, Phase::Live | Phase::Greeting);
        let silent = self.session.heard_at.plus_ms(SILENCE_MS) <= self.now;
        if waits && !self.session.settled && silent && !self.out.is_writing() {
            // Whatever is waited for does not come: a new connection asks for all of it again.
            return self.come_back_later();
        }
        if self.session.phase != Phase::Live || self.session.expected > 0 {
            return;
        }
        if self.threads.values().any(|thread| thread.is_busy()) {
            return;
        }
        if !self.session.uploaded {
            self.session.uploaded = true;
            for id in self.threads.keys().copied().collect::<Vec<_>>() {
                self.push_links(&id);
                self.ask_receipts(&id);
                let thread = &self.threads[&id];
                if thread.record.unmet_all || !thread.record.unmet.is_empty() {
                    self.session.uploading.insert(id);
                    self.with_records(&id, Deferred::Upload);
                }
                self.push_waiting(&id);
                self.close_gap(&id);
            }
            self.admit_again();
        }
        if !self.session.in_flight.is_empty()
            || !self.session.uploading.is_empty()
            || !self.session.mail.is_empty()
            || !self.session.letters.is_empty()
            || !self.session.requested.is_empty()
            || self.session.expected > 0
            || self.threads.values().any(|thread| thread.is_busy())
        {
            return;
        }
        self.settle();
    }

    /// A thread that is caught up but has something beyond a gap is read again from its cursor.
    fn close_gap(&mut self, id: &ThreadId) {
        let stranded = self.threads.get(id).is_some_and(|t| !t.ahead.is_empty() && !t.is_busy());
        if stranded {
            if let Some(thread) = self.threads.get_mut(id) {
                thread.ahead.retain(|_, ahead| matches!(ahead, Ahead::Own(..)));
            }
            self.name_thread(id);
        }
    }

    /// Acknowledges and claims what is new; when there is nothing new, the sync is complete.
    fn settle(&mut self) {
        if self.session.claimed.is_some() {
            return;
        }
        let due = self.session.due.is_some_and(|at| at <= self.now);
        let unsaid = self.unacknowledged() || self.unclaimed();
        if unsaid && self.session.settled && !due {
            self.session.due.get_or_insert(self.now.plus_ms(COALESCE_MS));
            return;
        }
        self.session.due = None;
        if unsaid {
            self.session.moved = true;
            self.acknowledge();
            if self.unclaimed() {
                self.claim();
                return;
            }
        }
        if !self.session.settled || self.session.moved {
            self.session.settled = true;
            self.session.moved = false;
            self.session.faults = 0;
            self.session.report.waiting = self.count_waiting();
            self.out.say(Effect::Settled(self.session.report));
        }
    }
}
