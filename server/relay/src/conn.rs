//! Connections: what is queued on each, and what each has been sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tandem_proto::{
    ClaimedCursor, Closing, Hash16, MailboxId, RelayToClient, Seq, ThreadId, TransportKey, Version,
};

use crate::{ConnId, Effect, ReadId, device::Device, size::wire_len, spans::Spans};

/// How far one connection has been sent one thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Follow {
    pub(crate) sent: Seq,
    /// The last revision of acknowledgements it was sent.
    pub(crate) acks: u64,
    /// Whether it stands in the connection's backlog.
    pub(crate) waiting: bool,
}

/// A read of the log that a connection waits for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) id: ReadId,
    pub(crate) thread: ThreadId,
    pub(crate) first: Seq,
    pub(crate) count: usize,
}

/// Mail that a connection is to be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MailDue {
    /// What lies in a mailbox, also when that is nothing.
    Box(MailboxId),
    /// One letter.
    Letter(MailboxId, Hash16),
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Conn {
    pub(crate) device: TransportKey,
    /// What both speak; `None` before `Hello`.
    pub(crate) version: Option<Version>,
    /// The device's stored cursors hold on this connection without being named.
    pub(crate) matched: bool,
    pub(crate) queued: usize,
    pub(crate) lagging: bool,
    follows: BTreeMap<ThreadId, Follow>,
    /// What was pushed here: the receipt stands for it, it is not sent back.
    own: BTreeMap<ThreadId, Spans>,
    pub(crate) backlog: VecDeque<ThreadId>,
    pub(crate) mail: VecDeque<MailDue>,
    pub(crate) reading: Option<Reading>,
    pub(crate) owes_caught_up: bool,
    /// The frames of a claim that has not ended.
    pub(crate) claim: Vec<ClaimedCursor>,
    pub(crate) watched: BTreeSet<MailboxId>,
}

impl Conn {
    fn new(device: TransportKey) -> Self {
        Self {
            device,
            version: None,
            matched: false,
            queued: 0,
            lagging: false,
            follows: BTreeMap::new(),
            own: BTreeMap::new(),
            backlog: VecDeque::new(),
            mail: VecDeque::new(),
            reading: None,
            owes_caught_up: false,
            claim: Vec::new(),
            watched: BTreeSet::new(),
        }
    }

    /// How far this connection has been sent a thread; `None` when it does not follow it. A
    /// matched connection follows all stored cursors without an entry for each: the entry is made
    /// when the thread first has news.
    pub(crate) fn follow(
        &mut self,
        device: Option<&Device>,
        thread: &ThreadId,
    ) -> Option<&mut Follow> {
        if self.matched && !self.follows.contains_key(thread) {
            let cursor = device?.cursor(thread)?;
            let follow = Follow { sent: cursor.seq, acks: cursor.acks, waiting: false };
            self.follows.insert(*thread, follow);
        }
        self.follows.get_mut(thread)
    }

    /// Follows a thread from a cursor that the device just named. It asked for what comes after,
    /// so also for own items whose receipts it has had.
    pub(crate) fn follow_from(&mut self, thread: ThreadId, seq: Seq, durable: Seq) {
        let waiting = self.follows.get(&thread).is_some_and(|follow| follow.waiting);
        self.follows.insert(thread, Follow { sent: seq, acks: 0, waiting });
        if let Some(own) = self.own.get_mut(&thread) {
            own.forget_through(durable);
        }
    }

    /// Forgets what it follows; what it pushed stays its own.
    pub(crate) fn unfollow_all(&mut self) {
        self.follows.clear();
        self.backlog.clear();
        self.owes_caught_up = false;
    }

    /// Puts a followed thread into the backlog.
    pub(crate) fn mark(&mut self, thread: ThreadId) {
        if let Some(follow) = self.follows.get_mut(&thread)
            && !follow.waiting
        {
            follow.waiting = true;
            self.backlog.push_back(thread);
        }
    }

    /// Takes the first thread off the backlog.
    pub(crate) fn unmark_first(&mut self) {
        if let Some(thread) = self.backlog.pop_front()
            && let Some(follow) = self.follows.get_mut(&thread)
        {
            follow.waiting = false;
        }
    }

    pub(crate) fn pushed(&mut self, thread: ThreadId, seq: Seq) {
        self.own.entry(thread).or_default().insert(seq);
    }

    pub(crate) fn own(&self, thread: &ThreadId) -> Option<&Spans> {
        self.own.get(thread)
    }

    /// Moves `sent` over own items that are durable, and forgets those that lie behind it.
    pub(crate) fn skip_own(&mut self, thread: &ThreadId, durable: Seq) {
        let (Some(follow), Some(own)) = (self.follows.get_mut(thread), self.own.get_mut(thread))
        else {
            return;
        };
        if let Some(end) = own.end_of(follow.sent.next()) {
            follow.sent = follow.sent.max(end.min(durable));
        }
        own.forget_through(follow.sent);
        if own.is_empty() {
            self.own.remove(thread);
        }
    }
}

/// All connections, and the effects that are to be performed.
#[derive(Debug)]
pub(crate) struct Conns {
    all: BTreeMap<ConnId, Conn>,
    /// The connection of each device that has said `Hello`.
    live: BTreeMap<TransportKey, ConnId>,
    pub(crate) watchers: BTreeMap<MailboxId, BTreeSet<ConnId>>,
    reads: BTreeMap<ReadId, ConnId>,
    next_read: u64,
    pub(crate) effects: VecDeque<Effect>,
    max_queued: usize,
}

impl Conns {
    pub(crate) fn new(max_queued: usize) -> Self {
        Self {
            all: BTreeMap::new(),
            live: BTreeMap::new(),
            watchers: BTreeMap::new(),
            reads: BTreeMap::new(),
            next_read: 0,
            effects: VecDeque::new(),
            max_queued,
        }
    }

    pub(crate) fn open(&mut self, id: ConnId, device: TransportKey) {
        self.all.insert(id, Conn::new(device));
    }

    pub(crate) fn get(&self, id: ConnId) -> Option<&Conn> {
        self.all.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: ConnId) -> Option<&mut Conn> {
        self.all.get_mut(&id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&ConnId, &Conn)> {
        self.all.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Conn> {
        self.all.values_mut()
    }

    pub(crate) fn ids(&self) -> Vec<ConnId> {
        self.all.keys().copied().collect()
    }

    pub(crate) fn of_device(&self, device: &TransportKey) -> Option<ConnId> {
        self.live.get(device).copied()
    }

    /// Makes this connection its device's only one; an older one is closed.
    pub(crate) fn make_live(&mut self, id: ConnId, device: TransportKey) {
        if let Some(old) = self.live.insert(device, id) {
            self.close(old, Closing::Replaced);
        }
    }

    /// Queues a frame. A connection that lets four times its limit pile up is closed.
    pub(crate) fn send(&mut self, id: ConnId, frame: RelayToClient) {
        let Some(conn) = self.all.get_mut(&id) else { return };
        if conn.queued > self.max_queued.saturating_mul(4) {
            self.close(id, Closing::Busy(crate::RETRY_MS));
            return;
        }
        conn.queued += wire_len(&frame);
        conn.lagging |= conn.queued > self.max_queued;
        self.effects.push_back(Effect::Send(id, frame));
    }

    /// Bytes left a connection's queue; whether it has just stopped lagging.
    pub(crate) fn drained(&mut self, id: ConnId, bytes: usize) -> bool {
        let Some(conn) = self.all.get_mut(&id) else { return false };
        conn.queued = conn.queued.saturating_sub(bytes);
        let caught_up = conn.lagging && conn.queued <= self.max_queued / 2;
        conn.lagging &= !caught_up;
        caught_up
    }

    /// Says why, closes and forgets.
    pub(crate) fn close(&mut self, id: ConnId, why: Closing) {
        if self.all.contains_key(&id) {
            self.effects.push_back(Effect::Send(id, RelayToClient::Closing(why)));
            self.effects.push_back(Effect::Close(id));
            self.forget(id);
        }
    }

    /// Forgets a connection that is gone.
    pub(crate) fn forget(&mut self, id: ConnId) {
        let Some(conn) = self.all.remove(&id) else { return };
        if self.live.get(&conn.device) == Some(&id) {
            self.live.remove(&conn.device);
        }
        for mailbox in conn.watched {
            if let Some(watchers) = self.watchers.get_mut(&mailbox) {
                watchers.remove(&id);
                if watchers.is_empty() {
                    self.watchers.remove(&mailbox);
                }
            }
        }
        if let Some(reading) = conn.reading {
            self.reads.remove(&reading.id);
        }
    }

    /// Asks for a run of the log on behalf of a connection.
    pub(crate) fn read(&mut self, id: ConnId, thread: ThreadId, first: Seq, count: usize) {
        let Some(conn) = self.all.get_mut(&id) else { return };
        let read = ReadId(self.next_read);
        self.next_read += 1;
        conn.reading = Some(Reading { id: read, thread, first, count });
        self.reads.insert(read, id);
        let bytes = tandem_proto::limits::DELIVER_BYTES;
        self.effects.push_back(Effect::Read { id: read, thread, first, count, bytes });
    }

    /// A read was answered: for whom it was made and what it asked for.
    pub(crate) fn read_answered(&mut self, id: ReadId) -> Option<(ConnId, Reading)> {
        let conn = self.reads.remove(&id)?;
        Some((conn, self.all.get_mut(&conn)?.reading.take()?))
    }
}
