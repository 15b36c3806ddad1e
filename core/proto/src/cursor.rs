//! Cursors: how far a device has durably read, and the relay's signature over that.

use serde::{Deserialize, Serialize};

use crate::{
    BadSignature, ChainHash, Generation, Hash16, MerklePath, RelayKey, SecretKey, Seq, Signature,
    ThreadId, Timestamp, TransportKey, hash::Domain, merkle_root,
};

const DOMAIN: &str = "tandem/cursors/1";
static LEAF: Domain = Domain::new("tandem/cursor/1");

/// How far a device has durably read one thread's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ThreadCursor {
    /// Whose log.
    pub thread: ThreadId,
    /// The last seq read; 0 when the thread is followed but nothing has been read.
    pub seq: Seq,
    /// The chain at that seq.
    pub chain: ChainHash,
}

impl ThreadCursor {
    /// The leaf of this cursor in the tree that the relay signs.
    #[must_use]
    pub fn leaf(&self) -> [u8; 32] {
        LEAF.hash(&[self.thread.as_bytes(), &self.seq.0.to_le_bytes(), self.chain.as_bytes()])
    }
}

/// The root over a device's cursors, which must be sorted by thread without repeats.
#[must_use]
pub fn cursor_root<'a>(cursors: impl IntoIterator<Item = &'a ThreadCursor>) -> [u8; 32] {
    let leaves: Vec<_> = cursors.into_iter().map(ThreadCursor::leaf).collect();
    merkle_root(&leaves)
}

/// The 16 bytes that `Hello` carries: of the root over the cursors, and of the sum of the revisions
/// of acknowledgements claimed with them. A device that was copied back to where its cursors are the
/// same may lack acknowledgements all the same; revisions only grow, so their sum tells.
#[must_use]
pub fn cursor_digest(root: &[u8; 32], acks: u64) -> Hash16 {
    let hash = crate::derive_key("tandem/cursor-digest/1", &[root, &acks.to_le_bytes()]);
    crate::ItemHash::new(hash).short()
}

/// The relay's signature over all cursors of one device in one generation.
///
/// A store that was copied back can't know that it is old; this is what tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedCursors {
    /// The store's generation then.
    pub generation: Generation,
    /// When, by the relay's clock.
    pub time: Timestamp,
    /// Root of the tree over the cursors.
    pub root: [u8; 32],
    /// The relay's signature, which also names the device's transport key.
    pub signature: Signature,
}

impl SignedCursors {
    /// Signs a device's cursors.
    #[must_use]
    pub fn sign(
        key: &SecretKey,
        device: &TransportKey,
        generation: Generation,
        time: Timestamp,
        root: [u8; 32],
    ) -> Self {
        let signature = key.sign(
            DOMAIN,
            &[device.as_bytes(), generation.as_bytes(), &time.0.to_le_bytes(), &root],
        );
        Self { generation, time, root, signature }
    }

    /// Checks that `relay` signed this for `device`.
    ///
    /// # Errors
    /// [`BadSignature`] when it did not.
    pub fn verify(&self, relay: &RelayKey, device: &TransportKey) -> Result<(), BadSignature> {
        self.signature.verify(
            relay.as_bytes(),
            DOMAIN,
            &[
                device.as_bytes(),
                self.generation.as_bytes(),
                &self.time.0.to_le_bytes(),
                &self.root,
            ],
        )
    }
}

/// One cursor out of a signed set: what a device shows when it is off the relay's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorProof {
    /// The signed set.
    pub signed: SignedCursors,
    /// The cursor.
    pub cursor: ThreadCursor,
    /// Its place in the set.
    pub path: MerklePath,
}

impl CursorProof {
    /// The proof for the cursor of `thread` out of the sorted set that was signed.
    #[must_use]
    pub fn of(signed: &SignedCursors, set: &[ThreadCursor], thread: &ThreadId) -> Option<Self> {
        let index = set.iter().position(|cursor| cursor.thread == *thread)?;
        let leaves: Vec<_> = set.iter().map(ThreadCursor::leaf).collect();
        let path = MerklePath::of(&leaves, index)?;
        Some(Self { signed: signed.clone(), cursor: set[index], path })
    }

    /// Checks that `relay` once signed this cursor for `device`.
    ///
    /// # Errors
    /// [`BadSignature`] when it did not.
    pub fn verify(&self, relay: &RelayKey, device: &TransportKey) -> Result<(), BadSignature> {
        if self.path.root(self.cursor.leaf()) != Some(self.signed.root) {
            return Err(BadSignature);
        }
        self.signed.verify(relay, device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cursor_of_a_signed_set_verifies_for_its_device_only() {
        let key = SecretKey::from_seed([3; 32]);
        let relay = RelayKey::new(key.public());
        let device = TransportKey::new([7; 32]);
        let set: Vec<_> = (0..5)
            .map(|i| ThreadCursor {
                thread: ThreadId::new([i; 20]),
                seq: Seq(u64::from(i)),
                chain: ChainHash::start(&ThreadId::new([i; 20])),
            })
            .collect();
        let root = cursor_root(&set);
        let signed =
            SignedCursors::sign(&key, &device, Generation::new([1; 16]), Timestamp(9), root);
        let proof = CursorProof::of(&signed, &set, &set[3].thread).expect("in the set");
        assert_eq!(proof.verify(&relay, &device), Ok(()));
        assert!(proof.verify(&relay, &TransportKey::new([8; 32])).is_err());
        let further = ThreadCursor { seq: Seq(99), ..proof.cursor };
        assert!(CursorProof { cursor: further, ..proof }.verify(&relay, &device).is_err());
    }
}
