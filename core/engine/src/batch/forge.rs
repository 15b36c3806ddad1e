//! Batches that [`super::close`] does not make.

use automerge::Change;
use tandem_proto::{SecretKey, Signature, ThreadId};

use super::{Attestation, DICTIONARY, deflate, lean::lean, leb::put_u64};

/// An own batch of these changes, whatever they are, signed by this key.
pub(crate) fn handmade(thread: &ThreadId, key: &SecretKey, changes: &[Change]) -> Option<Vec<u8>> {
    let last = changes.last()?;
    let signed = Attestation::sign(key, thread, last.actor_id(), last.seq(), last.hash());
    signed_as(&signed.signature, changes)
}

/// An own batch of these changes, with a signature that may be another's.
pub(crate) fn signed_as(signature: &Signature, changes: &[Change]) -> Option<Vec<u8>> {
    let made = lean(changes.iter().map(|change| (change.raw_bytes(), change.hash().0)))?;
    let mut out = vec![DICTIONARY];
    out.extend_from_slice(&signature.to_bytes());
    put_u64(&mut out, made.apart.len() as u64);
    out.extend_from_slice(&made.apart);
    out.extend_from_slice(&deflate(&made.text));
    Some(out)
}

/// What looks like an own batch, and comes to this many bytes.
pub(crate) fn inflating(bytes: usize) -> Vec<u8> {
    let mut out = vec![DICTIONARY];
    out.extend_from_slice(&[0; 64]);
    put_u64(&mut out, 0);
    out.extend_from_slice(&deflate(&vec![0; bytes]));
    out
}
