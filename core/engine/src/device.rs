//! What the doctor sees of this device: its public keys, and how far it has read.

use tandem_proto::{ThreadCursor, cursor_root};

use crate::{CursorRow, DeviceRow, Engine};

impl Engine {
    /// This device, with what the relay signed of its cursors checked anew.
    pub(crate) fn device_row(&self) -> DeviceRow {
        let generation = self.session.generation();
        let signed = self.session.record.signed.as_ref().filter(|set| {
            Some(set.signed.generation) == generation
                && set.signed.root == cursor_root(&set.set)
                && set.signed.verify(&self.me.relay.key, &self.me.transport_key).is_ok()
        });
        let cursors = self.threads.values().map(|thread| {
            let record = &thread.record;
            let cursor = ThreadCursor { thread: thread.id, seq: record.seq, chain: record.chain };
            let covers = signed.filter(|set| set.set.contains(&cursor));
            CursorRow { cursor, signed: covers.map(|set| set.signed.time) }
        });
        DeviceRow {
            renewed: self.me.renewed,
            renewing: self.to_renew(),
            device: self.me.device,
            transport: self.me.transport_key,
            generation,
            cursors: cursors.collect(),
            school: self.home_school(),
            role: self.me.role,
        }
    }
}

#[cfg(test)]
mod tests;
