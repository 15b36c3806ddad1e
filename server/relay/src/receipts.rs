//! Receipts: one signature over what one commit made durable, cut for each connection.

use std::collections::BTreeMap;

use tandem_proto::{
    Receipt, ReceiptBatch, ReceiptLeaf, ReceiptRequest, RelayKey, RelayToClient, SecretKey,
    Timestamp, TransportKey, limits::MAX_ITEMS_PER_FRAME, sign_receipts,
};

use crate::{ConnId, append::durable_leaves, relay::Relay};

/// Above so many connections they share one tree and one signature: a tree each is smaller on the
/// wire (no hashes of others' leaves), a signature each costs 20 us.
const MAX_TREES: usize = 4;

/// Receipts that one connection may show: more removals than one device has made in all its threads,
/// and no endless list.
const MAX_SHOWN_RECEIPTS: u16 = 1_024;

impl Relay {
    /// Signs and sends receipts for durable items.
    pub(crate) fn send_receipts(&mut self, mut wanted: BTreeMap<ConnId, Vec<ReceiptLeaf>>) {
        wanted.retain(|conn, leaves| !leaves.is_empty() && self.conns.get(*conn).is_some());
        // Nothing can be durable before the generation is.
        let Some(generation) = self.told else { return };
        let groups: Vec<BTreeMap<_, _>> = if wanted.len() > MAX_TREES {
            vec![wanted]
        } else {
            wanted.into_iter().map(|one| BTreeMap::from([one])).collect()
        };
        for group in groups {
            for (conn, batch) in sign_group(&self.key, generation, self.now, &group) {
                self.conns.send(conn, RelayToClient::Receipts(batch));
            }
        }
    }

    /// A device shows a receipt for what it pushes next. One that is not this relay's counts for nothing.
    pub(crate) fn shown_receipt(&mut self, conn: ConnId, receipt: Receipt) {
        let key = RelayKey::new(self.key.public());
        let Some(conn) = self.conns.get_mut(conn) else { return };
        let shown = (receipt.thread, receipt.item);
        if conn.receipts_shown >= MAX_SHOWN_RECEIPTS || conn.receipted.contains(&shown) {
            return;
        }
        conn.receipts_shown += 1;
        if receipt.verify(&key).is_ok() {
            conn.receipted.insert(shown);
        }
    }

    pub(crate) fn receipt_request(
        &mut self,
        conn: ConnId,
        device: TransportKey,
        request: &ReceiptRequest,
    ) {
        if self.answer_erased(conn, &request.thread) {
            return;
        }
        match self.threads.get(&request.thread) {
            Some(thread) if let Some(end) = thread.served(&device) => {
                let leaves = durable_leaves(request.thread, thread, &request.seqs, end);
                self.send_receipts([(conn, leaves)].into());
            }
            _ => self.conns.send(conn, RelayToClient::UnknownThread(request.thread)),
        }
    }
}

/// One tree over all leaves of a group, cut into runs that fit a frame.
fn sign_group(
    key: &SecretKey,
    generation: tandem_proto::Generation,
    now: Timestamp,
    group: &BTreeMap<ConnId, Vec<ReceiptLeaf>>,
) -> Vec<(ConnId, ReceiptBatch)> {
    let leaves: Vec<_> = group.values().flatten().copied().collect();
    let runs: Vec<_> = group
        .iter()
        .flat_map(|(conn, leaves)| {
            leaves.chunks(MAX_ITEMS_PER_FRAME).map(|chunk| (*conn, chunk.len()))
        })
        .collect();
    let lens: Vec<_> = runs.iter().map(|(_, len)| *len).collect();
    let batches = sign_receipts(key, generation, now, &leaves, &lens);
    runs.into_iter().map(|(conn, _)| conn).zip(batches).collect()
}
