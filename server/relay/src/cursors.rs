//! Cursors that a device names: where it stands, and so what it is sent.

use tandem_proto::{
    Closing, Cursors, RelayToClient, ThreadCursor, ThreadId, TransportKey,
    limits::MAX_THREADS_PER_DEVICE,
    planted::{self, Fault},
};

use crate::{ConnId, Record, device::StoredCursor, relay::Relay};

/// Threads that are not here and that are remembered for one connection of a device which follows none:
/// more than a family has, and little for whoever makes up keys.
const MAX_STRANGE_OF_STRANGERS: usize = 64;

impl Relay {
    pub(crate) fn cursors(&mut self, id: ConnId, device: TransportKey, cursors: &Cursors) {
        // Of another generation: the new greeting is under way, what it says is void.
        if cursors.generation != self.generation {
            return;
        }
        if cursors.first {
            self.forget_cursors(id, device);
        }
        for cursor in cursors.cursors.iter() {
            if !self.name_cursor(id, device, cursor) {
                return;
            }
        }
        let Some(conn) = self.conns.get_mut(id) else { return };
        conn.owes_caught_up += u32::from(cursors.last);
        self.pump(id);
    }

    fn forget_cursors(&mut self, id: ConnId, device: TransportKey) {
        if let Some(conn) = self.conns.get_mut(id) {
            conn.unfollow_all();
        }
        let Some(forgotten) = self.devices.remove(&device) else { return };
        for (thread, _) in forgotten.cursors() {
            if let Some(thread) = self.threads.get_mut(thread) {
                thread.followers.remove(&device);
            }
        }
        self.commits.collecting.records.push(Record::CursorsForgotten(device));
    }

    /// A thread's roster has moved, and that is durable. Whoever named the thread on an open connection
    /// before it had them is sent it, from where they said they stand. Whoever follows it and is not in
    /// the chain that counts by now, though nobody took them out, is told so: they can show what they
    /// know. Else both would hear of it on their next connection only.
    pub(crate) fn roster_moved(&mut self, thread: ThreadId) {
        let Some(state) = self.threads.get(&thread) else { return };
        let is_out = |device: &&TransportKey| state.served(device).is_none();
        // They stay followers: what they were told may be lost with the connection.
        let fell_out: Vec<_> = state.followers.iter().filter(is_out).copied().collect();
        let came_in: Vec<_> = state.roster().lines().into_keys().collect();
        for device in came_in {
            let Some(id) = self.conns.of_device(&device) else { continue };
            let cursor = self.conns.get_mut(id).and_then(|conn| conn.strange.remove(&thread));
            if let Some(cursor) = cursor
                && self.name_cursor(id, device, &cursor)
            {
                self.pump(id);
            }
        }
        for device in fell_out {
            if let Some(id) = self.conns.of_device(&device) {
                self.conns.send(id, RelayToClient::UnknownThread(thread));
            }
        }
    }

    /// Takes one cursor; `false` when the connection ended or what follows is void.
    fn name_cursor(&mut self, id: ConnId, device: TransportKey, cursor: &ThreadCursor) -> bool {
        let thread = cursor.thread;
        if self.answer_erased(id, &thread) {
            return true;
        }
        let state = match self.threads.get_mut(&thread) {
            Some(state)
                if state.member(&device).is_some()
                    || state.served(&device).is_some_and(|end| cursor.seq <= end) =>
            {
                state
            }
            _ => {
                self.remember_strange(id, device, cursor);
                self.conns.send(id, RelayToClient::UnknownThread(thread));
                return true;
            }
        };
        if !state.is_on_chain(cursor.seq, cursor.chain) {
            // Rule 2: without the relay's own signature this proves nothing.
            if planted::is(Fault::UnsignedEvidence) {
                self.draw_generation();
                return false;
            }
            self.conns.send(id, RelayToClient::OffChain(thread));
            return true;
        }
        let stored = self.devices.entry(device).or_default();
        if stored.len() >= MAX_THREADS_PER_DEVICE && stored.cursor(&thread).is_none() {
            self.conns.close(id, Closing::Malformed);
            return false;
        }
        stored.set(&device, thread, StoredCursor { seq: cursor.seq, acks: 0 }, state);
        state.followers.insert(device);
        let has_news = state.has_news(cursor.seq, 0, &device);
        let record = Record::Cursor { device, thread, seq: cursor.seq, acks: 0 };
        self.commits.collecting.records.push(record);
        if let Some(conn) = self.conns.get_mut(id) {
            conn.strange.remove(&thread);
            conn.follow_from(thread, cursor.seq, state.durable);
            if has_news {
                conn.mark(thread);
            }
        }
        true
    }

    /// Keeps where a device stands in a thread that is not here, or not with it in it, until it is.
    fn remember_strange(&mut self, id: ConnId, device: TransportKey, cursor: &ThreadCursor) {
        let limit = match self.devices.contains_key(&device) {
            true => MAX_THREADS_PER_DEVICE,
            false => MAX_STRANGE_OF_STRANGERS,
        };
        if let Some(conn) = self.conns.get_mut(id)
            && (conn.strange.len() < limit || conn.strange.contains_key(&cursor.thread))
        {
            conn.strange.insert(cursor.thread, *cursor);
        }
    }
}
