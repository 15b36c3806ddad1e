//! What a connection has not been sent: mail, runs of logs read again, acknowledgements; round
//! robin over its threads, as much as its queue takes.

use tandem_proto::{
    Closing, Deliver, Item, RelayToClient, Seq, ThreadId, limits::MAX_ITEMS_PER_FRAME,
};

use crate::{ConnId, ReadId, relay::Relay};

/// What the first thread of a backlog needs next.
enum Next {
    /// A run of its log.
    Read(Seq, usize),
    /// Its items have been sent; acknowledgements after this revision have not.
    Acks(u64),
    /// It is not served on this connection any more.
    Nothing,
}

impl Relay {
    /// Sends what a connection waits for, until its queue is full, a read is under way or nothing
    /// is left; then says that it has caught up, if it asked.
    pub(crate) fn pump(&mut self, id: ConnId) {
        loop {
            let Some(conn) = self.conns.get_mut(id) else { return };
            if conn.lagging {
                return;
            }
            if let Some(due) = conn.mail.pop_front() {
                self.send_mail(id, due);
                continue;
            }
            if conn.reading.is_some() {
                return;
            }
            let Some(thread) = conn.backlog.front().copied() else {
                for _ in 0..std::mem::take(&mut conn.owes_caught_up) {
                    self.conns.send(id, RelayToClient::CaughtUp);
                }
                return;
            };
            match self.next_of(id, thread) {
                Next::Read(first, count) => {
                    self.conns.read(id, thread, first, count);
                    return;
                }
                Next::Acks(after) => {
                    if !self.send_acks(id, thread, after) {
                        return;
                    }
                }
                Next::Nothing => {}
            }
            if let Some(conn) = self.conns.get_mut(id) {
                conn.unmark_first();
            }
        }
    }

    fn next_of(&mut self, id: ConnId, thread: ThreadId) -> Next {
        let Some(state) = self.threads.get(&thread) else { return Next::Nothing };
        let Some(conn) = self.conns.get_mut(id) else { return Next::Nothing };
        let Some(served) = state.served(&conn.device) else { return Next::Nothing };
        conn.skip_own(&thread, served);
        let Some(follow) = conn.follow(None, &thread).copied() else { return Next::Nothing };
        if follow.sent >= served {
            let is_member = state.member(&conn.device).is_some();
            return if is_member { Next::Acks(follow.acks) } else { Next::Nothing };
        }
        let next_own = conn.own(&thread).and_then(|own| own.next_above(follow.sent));
        let end = next_own.map_or(served.next(), |own| own.min(served.next()));
        let missing = end.0.saturating_sub(follow.sent.next().0);
        let count = usize::try_from(missing).unwrap_or(usize::MAX).min(MAX_ITEMS_PER_FRAME);
        Next::Read(follow.sent.next(), count)
    }

    /// Sends acknowledgements after a revision; `false` when the queue was full before the end.
    fn send_acks(&mut self, id: ConnId, thread: ThreadId, after: u64) -> bool {
        let Some(state) = self.threads.get(&thread) else { return true };
        let Some(device) = self.conns.get(id).map(|conn| conn.device) else { return true };
        for held in state.acks_after(after, &device) {
            let Some(conn) = self.conns.get_mut(id) else { return true };
            if conn.lagging {
                return false;
            }
            if let Some(follow) = conn.follow(None, &thread) {
                follow.acks = held.revision;
            }
            let frame = RelayToClient::Acknowledged(held.revision, held.ack.clone());
            self.conns.send(id, frame);
        }
        true
    }

    /// A read was answered.
    pub(crate) fn items(&mut self, read: ReadId, items: Vec<Vec<u8>>) {
        let Some((id, reading)) = self.conns.read_answered(read) else { return };
        let items: Result<Vec<Item>, _> =
            items.into_iter().take(reading.count).map(Item::try_from).collect();
        let Ok(items) = items else { return self.conns.close(id, Closing::Busy(crate::RETRY_MS)) };
        let (thread, first, count) = (reading.thread, reading.first, items.len() as u64);
        let Ok(items) = items.try_into() else { return };
        let Some(conn) = self.conns.get_mut(id) else { return };
        if count == 0 {
            // The log can't be read: better a new connection than one that waits for ever.
            return self.conns.close(id, Closing::Busy(crate::RETRY_MS));
        }
        let lagging = conn.lagging;
        match conn.follow(None, &thread) {
            // Other frames filled the queue meanwhile, or cursors moved: read again later.
            Some(follow) if !lagging && follow.sent.next() == first => {
                follow.sent = Seq(follow.sent.0 + count);
                let deliver = Deliver { thread, first, items };
                self.conns.send(id, RelayToClient::Deliver(deliver));
                self.rotate(id);
            }
            _ => {}
        }
        self.pump(id);
    }

    /// Gives the next thread of the backlog its turn.
    fn rotate(&mut self, id: ConnId) {
        if let Some(conn) = self.conns.get_mut(id)
            && let Some(first) = conn.backlog.pop_front()
        {
            conn.backlog.push_back(first);
        }
    }
}
