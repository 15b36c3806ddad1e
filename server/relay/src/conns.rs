//! All connections: which is a device's, and what is queued on them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tandem_proto::{Closing, MailboxId, RelayToClient, Seq, ThreadId, TransportKey};

use crate::{
    ConnId, Effect, ReadId,
    conn::{Conn, Reading},
    size::wire_len,
};

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
