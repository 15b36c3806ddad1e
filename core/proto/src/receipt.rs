//! Receipts: the relay's signed statement that an item is durable at a place and time.

use serde::{Deserialize, Serialize};

use crate::{
    BoundedVec, Generation, Hash16, ItemHash, MerklePath, RangeProof, RelayKey, SecretKey, Seq,
    Signature, ThreadId, Timestamp, hash::Domain, limits::MAX_ITEMS_PER_FRAME, merkle::Tree,
};

const DOMAIN: &str = "tandem/receipts/1";

static LEAF: Domain = Domain::new("tandem/receipt/1");

/// A receipt was not what it claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The relay's key did not sign this.
    #[error("the receipt is not signed by the relay")]
    Forged,
    /// It names an item that was not pushed on this connection.
    #[error("the receipt is for an item that was not sent")]
    UnknownItem,
    /// Its hash tree does not fit.
    #[error("the receipt's hash tree does not fit")]
    BadTree,
}

/// What one receipt says, before it is hashed into the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptLeaf {
    /// Whose log.
    pub thread: ThreadId,
    /// Where in it.
    pub seq: Seq,
    /// What stands there.
    pub item: ItemHash,
}

impl ReceiptLeaf {
    fn hash(&self, generation: &Generation) -> [u8; 32] {
        let parts: [&[u8]; 4] = [
            generation.as_bytes(),
            self.thread.as_bytes(),
            &self.seq.0.to_le_bytes(),
            self.item.as_bytes(),
        ];
        LEAF.hash(&parts)
    }
}

fn signed_parts(
    generation: &Generation,
    time: Timestamp,
    size: u32,
    root: &[u8; 32],
) -> [u8; 16 + 8 + 4 + 32] {
    let mut out = [0; 60];
    out[..16].copy_from_slice(generation.as_bytes());
    out[16..24].copy_from_slice(&time.0.to_le_bytes());
    out[24..28].copy_from_slice(&size.to_le_bytes());
    out[28..].copy_from_slice(root);
    out
}

/// The receipts of one device's items in one group commit, as they travel.
///
/// `items` names each by half its hash and its seq; thread and full hash are what the device
/// pushed, so they stay off the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptBatch {
    /// The store's present generation.
    pub generation: Generation,
    /// When it was durable, by the relay's clock.
    pub time: Timestamp,
    /// Where these leaves stand in the group commit's tree.
    pub proof: RangeProof,
    /// The relay's signature over generation, time, tree size and root.
    pub signature: Signature,
    /// The leaves, in order.
    pub items: BoundedVec<(Hash16, Seq), MAX_ITEMS_PER_FRAME>,
}

/// Signs the receipts of one group commit: one signature, then one batch per run of leaves.
///
/// `runs` are lengths of neighbouring runs (one per receiving device) that add up to
/// `leaves.len()`; a run over [`MAX_ITEMS_PER_FRAME`] is left out, which callers avoid by cutting.
#[must_use]
pub fn sign_receipts(
    key: &SecretKey,
    generation: Generation,
    time: Timestamp,
    leaves: &[ReceiptLeaf],
    runs: &[usize],
) -> Vec<ReceiptBatch> {
    let hashes: Vec<_> = leaves.iter().map(|leaf| leaf.hash(&generation)).collect();
    let tree = Tree::of(&hashes);
    let root = tree.root();
    let size = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
    let signature = key.sign(DOMAIN, &[&signed_parts(&generation, time, size, &root)]);
    let mut first = 0;
    let mut batches = Vec::with_capacity(runs.len());
    for &count in runs {
        let run = &leaves[first..first + count];
        let items: Vec<_> = run.iter().map(|leaf| (leaf.item.short(), leaf.seq)).collect();
        if let (Some(proof), Ok(items)) = (tree.range(first, count), items.try_into()) {
            batches.push(ReceiptBatch { generation, time, proof, signature, items });
        }
        first += count;
    }
    batches
}

impl ReceiptBatch {
    /// Turns the batch into receipts that each verify alone.
    ///
    /// `sent` gives thread and full hash of an item by half its hash.
    ///
    /// # Errors
    /// [`ReceiptError`]; nothing of a batch that fails is to be believed.
    pub fn open(
        &self,
        relay: &RelayKey,
        mut sent: impl FnMut(&Hash16) -> Option<(ThreadId, ItemHash)>,
    ) -> Result<Vec<Receipt>, ReceiptError> {
        let leaves = self
            .items
            .iter()
            .map(|(short, seq)| {
                let (thread, item) = sent(short).ok_or(ReceiptError::UnknownItem)?;
                Ok(ReceiptLeaf { thread, seq: *seq, item })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let hashes: Vec<_> = leaves.iter().map(|leaf| leaf.hash(&self.generation)).collect();
        let (root, paths) = self.proof.open(&hashes).ok_or(ReceiptError::BadTree)?;
        let parts = signed_parts(&self.generation, self.time, self.proof.size, &root);
        self.signature
            .verify(relay.as_bytes(), DOMAIN, &[&parts])
            .map_err(|_| ReceiptError::Forged)?;
        Ok(leaves
            .into_iter()
            .zip(paths)
            .map(|(leaf, path)| Receipt {
                thread: leaf.thread,
                generation: self.generation,
                seq: leaf.seq,
                item: leaf.item,
                time: self.time,
                path,
                signature: self.signature,
            })
            .collect())
    }
}

/// The relay's statement that an item is durable in a thread's log; verifies offline and alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Whose log.
    pub thread: ThreadId,
    /// In which incarnation of the relay's store.
    pub generation: Generation,
    /// Where in the log.
    pub seq: Seq,
    /// The item's hash.
    pub item: ItemHash,
    /// When it was durable, by the relay's clock.
    pub time: Timestamp,
    /// The leaf's place in the signed tree.
    pub path: MerklePath,
    /// The relay's signature over the tree's root.
    pub signature: Signature,
}

impl Receipt {
    /// Checks the relay's signature.
    ///
    /// # Errors
    /// [`ReceiptError::BadTree`] or [`ReceiptError::Forged`].
    pub fn verify(&self, relay: &RelayKey) -> Result<(), ReceiptError> {
        let leaf = ReceiptLeaf { thread: self.thread, seq: self.seq, item: self.item };
        let root = self.path.root(leaf.hash(&self.generation)).ok_or(ReceiptError::BadTree)?;
        let parts = signed_parts(&self.generation, self.time, self.path.size, &root);
        self.signature.verify(relay.as_bytes(), DOMAIN, &[&parts]).map_err(|_| ReceiptError::Forged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(n: u8) -> Vec<ReceiptLeaf> {
        (0..n)
            .map(|i| ReceiptLeaf {
                thread: ThreadId::new([i; 20]),
                seq: Seq(u64::from(i) + 1),
                item: ItemHash::of(&[i]),
            })
            .collect()
    }

    #[test]
    fn one_signature_gives_every_device_receipts_that_verify_alone() {
        let key = SecretKey::from_seed([3; 32]);
        let relay = RelayKey::new(key.public());
        let leaves = leaves(10);
        let batches =
            sign_receipts(&key, Generation::new([1; 16]), Timestamp(5), &leaves, &[3, 1, 6]);
        let mut seen = Vec::new();
        for batch in &batches {
            let receipts = batch
                .open(&relay, |short| {
                    let leaf = leaves.iter().find(|leaf| leaf.item.short() == *short)?;
                    Some((leaf.thread, leaf.item))
                })
                .expect("honest receipts open");
            seen.extend(receipts);
        }
        assert_eq!(seen.len(), 10);
        for (receipt, leaf) in seen.iter().zip(&leaves) {
            assert_eq!((receipt.thread, receipt.seq), (leaf.thread, leaf.seq));
            assert_eq!(receipt.verify(&relay), Ok(()));
            let moved = Receipt { seq: receipt.seq.next(), ..receipt.clone() };
            assert!(moved.verify(&relay).is_err(), "a receipt for another place is no receipt");
        }
    }

    #[test]
    fn a_receipt_for_something_that_was_not_sent_is_refused() {
        let key = SecretKey::from_seed([3; 32]);
        let batch =
            &sign_receipts(&key, Generation::new([1; 16]), Timestamp(5), &leaves(1), &[1])[0];
        let relay = RelayKey::new(key.public());
        assert_eq!(batch.open(&relay, |_| None), Err(ReceiptError::UnknownItem));
        let other = RelayKey::new(SecretKey::from_seed([4; 32]).public());
        let sent = (ThreadId::new([0; 20]), ItemHash::of(&[0]));
        assert_eq!(batch.open(&other, |_| Some(sent)), Err(ReceiptError::Forged));
    }
}
