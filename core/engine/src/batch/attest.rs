//! Attestations: a device's signature under one of its changes, and thereby under all before it.
//!
//! A change's hash covers its dependencies, so one signature vouches for every earlier change of
//! that device that the signed one descends from. It names no epoch and survives sealing anew.

use automerge::{ActorId, Change, ChangeHash};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tandem_proto::{
    BadSignature, DeviceKey, SecretKey, Signature, ThreadId,
    planted::{Fault, is},
};

const DOMAIN: &str = "tandem/batch/1";

/// A device's signature under one of its changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attestation {
    /// Who signed.
    pub(crate) device: DeviceKey,
    /// Which change.
    #[serde(serialize_with = "put_hash", deserialize_with = "get_hash")]
    pub(crate) change: ChangeHash,
    /// Over thread, actor, sequence number and change hash.
    pub(crate) signature: Signature,
}

impl Attestation {
    /// Bytes of an attestation in a carried batch.
    pub(super) const LEN: usize = 32 + 32 + 64;

    /// Signs a change of this device.
    pub(crate) fn sign(
        key: &SecretKey,
        thread: &ThreadId,
        actor: &ActorId,
        seq: u64,
        change: ChangeHash,
    ) -> Self {
        let parts = parts(thread, actor.to_bytes(), seq);
        let parts: [&[u8]; 4] = [parts.0, parts.1, &parts.2, &change.0];
        Self { device: DeviceKey::new(key.public()), change, signature: key.sign(DOMAIN, &parts) }
    }

    /// Checks that the device signed exactly this change. Whether the change's actor is the
    /// device's, the caller knows.
    pub(crate) fn verify(&self, thread: &ThreadId, change: &Change) -> Result<(), BadSignature> {
        if change.hash() != self.change {
            return Err(BadSignature);
        }
        self.verify_parts(thread, change.actor_id().to_bytes(), change.seq())
    }

    pub(super) fn verify_parts(
        &self,
        thread: &ThreadId,
        actor: &[u8],
        seq: u64,
    ) -> Result<(), BadSignature> {
        if is(Fault::SignatureSkipped) {
            return Ok(());
        }
        let parts = parts(thread, actor, seq);
        let parts: [&[u8]; 4] = [parts.0, parts.1, &parts.2, &self.change.0];
        self.signature.verify(self.device.as_bytes(), DOMAIN, &parts)
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.device.as_bytes());
        out.extend_from_slice(&self.change.0);
        out.extend_from_slice(&self.signature.to_bytes());
    }

    pub(super) fn get(bytes: &[u8; Self::LEN]) -> Self {
        let (mut device, mut change, mut signature) = ([0; 32], [0; 32], [0; 64]);
        device.copy_from_slice(&bytes[..32]);
        change.copy_from_slice(&bytes[32..64]);
        signature.copy_from_slice(&bytes[64..]);
        Self {
            device: DeviceKey::new(device),
            change: ChangeHash(change),
            signature: Signature::from_bytes(&signature),
        }
    }
}

fn parts<'a>(thread: &'a ThreadId, actor: &'a [u8], seq: u64) -> (&'a [u8], &'a [u8], [u8; 8]) {
    let thread: &[u8] = if is(Fault::ThreadNotSigned) { &[] } else { thread.as_bytes() };
    (thread, actor, seq.to_le_bytes())
}

fn put_hash<S: Serializer>(hash: &ChangeHash, serializer: S) -> Result<S::Ok, S::Error> {
    hash.0.serialize(serializer)
}

fn get_hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ChangeHash, D::Error> {
    <[u8; 32]>::deserialize(deserializer).map(ChangeHash)
}
