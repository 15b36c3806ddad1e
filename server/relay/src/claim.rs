//! Claims: a device says what moved and to which root, and the relay signs what it comes to too.

use std::collections::BTreeMap;

use tandem_proto::{
    Claim, ClaimedCursor, RelayToClient, ThreadId, TransportKey, limits::MAX_THREADS_PER_DEVICE,
};

use crate::{ConnId, Record, commit::After, device::StoredCursor, relay::Relay};

impl Relay {
    pub(crate) fn claim(&mut self, id: ConnId, device: TransportKey, claim: Claim) {
        if claim.generation != self.generation {
            return;
        }
        let Some(conn) = self.conns.get_mut(id) else { return };
        conn.claim.extend_from_slice(&claim.moved);
        let is_too_long = conn.claim.len() > MAX_THREADS_PER_DEVICE;
        if !is_too_long && claim.root.is_none() {
            return;
        }
        let moved = std::mem::take(&mut conn.claim);
        let agreed = claim
            .root
            .filter(|_| !is_too_long)
            .filter(|root| self.accept_claim(device, &moved, *root));
        match agreed {
            Some(root) => {
                let generation = self.generation;
                self.when_durable(After::SignCursors { conn: id, device, generation, root });
            }
            None => self.conns.send(id, RelayToClient::ClaimRefused),
        }
    }

    /// Moves the claimed cursors if they give this root; otherwise changes nothing.
    fn accept_claim(
        &mut self,
        key: TransportKey,
        claimed: &[ClaimedCursor],
        root: [u8; 32],
    ) -> bool {
        let Some(device) = self.devices.get_mut(&key) else {
            return claimed.is_empty() && root == tandem_proto::cursor_root([]);
        };
        let mut moved: BTreeMap<ThreadId, StoredCursor> = BTreeMap::new();
        for cursor in claimed {
            let Some(thread) = self.threads.get(&cursor.thread) else { return false };
            if device.cursor(&cursor.thread).is_none() || cursor.seq > thread.durable {
                return false;
            }
            // A revision of a lost future would hide what comes next.
            let acks = cursor.acks.min(thread.revision());
            moved.insert(cursor.thread, StoredCursor { seq: cursor.seq, acks });
        }
        if device.root_with(&self.threads, &moved) != root {
            return false;
        }
        for (thread, cursor) in moved {
            let Some(state) = self.threads.get(&thread) else { continue };
            device.set(&key, thread, cursor, state);
            let StoredCursor { seq, acks } = cursor;
            let record = Record::Cursor { device: key, thread, seq, acks };
            self.commits.collecting.records.push(record);
        }
        device.remember_root(root);
        true
    }
}
