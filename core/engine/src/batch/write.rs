//! Making batches.

use automerge::{ActorId, Change};
use tandem_proto::{DeviceKey, SecretKey, ThreadId};

use super::{
    Attestation, BatchError, DICTIONARY, MAX_CHANGES, Place,
    actor::{actor_prefix, prefix_of},
    deflate, follows,
    lean::lean,
    leb::put_u64,
};

/// Closes a run of this device's changes: all by one of its actors, in order, none left out. Gives
/// the batch and the attestation that stands in it.
///
/// # Errors
/// [`BatchError::WrongActor`] or [`BatchError::Disordered`] when they are not such a run,
/// [`BatchError::Malformed`] when there is none, [`BatchError::TooBig`].
pub(crate) fn close(
    thread: &ThreadId,
    identity: &SecretKey,
    changes: &[Change],
) -> Result<(Vec<u8>, Attestation), BatchError> {
    let (first, last) = changes.first().zip(changes.last()).ok_or(BatchError::Malformed)?;
    let actor: &ActorId = first.actor_id();
    let prefix = actor_prefix(thread, &DeviceKey::new(identity.public()));
    if prefix_of(actor.to_bytes()) != Some(prefix)
        || changes.iter().any(|change| change.actor_id() != actor)
    {
        return Err(BatchError::WrongActor);
    }
    if !changes.array_windows().all(|[a, b]| follows(&Place::from(a), &Place::from(b))) {
        return Err(BatchError::Disordered);
    }
    let attestation = Attestation::sign(identity, thread, actor, last.seq(), last.hash());
    let mut out = vec![DICTIONARY];
    out.extend_from_slice(&attestation.signature.to_bytes());
    pack(&mut out, changes)?;
    Ok((out, attestation))
}

/// Puts others' changes together with what their authors signed, to be sealed as `Carried`. The
/// same attestations, in whatever order, and the same changes in the same order give the same
/// bytes, so that the log dedupes what two members carry.
///
/// # Errors
/// [`BatchError::Malformed`] when there are no changes, [`BatchError::TooBig`].
pub(crate) fn carry(
    attestations: &[Attestation],
    changes: &[Change],
) -> Result<Vec<u8>, BatchError> {
    if changes.is_empty() {
        return Err(BatchError::Malformed);
    }
    let mut sorted: Vec<_> = attestations.iter().collect();
    sorted.sort_by_key(|attestation| (attestation.device, attestation.change));
    sorted.dedup_by_key(|attestation| (attestation.device, attestation.change));
    if sorted.len() as u64 > super::MAX_ATTESTATIONS {
        return Err(BatchError::TooBig);
    }
    let mut out = vec![DICTIONARY];
    put_u64(&mut out, sorted.len() as u64);
    for attestation in sorted {
        attestation.put(&mut out);
    }
    pack(&mut out, changes)?;
    Ok(out)
}

fn pack(out: &mut Vec<u8>, changes: &[Change]) -> Result<(), BatchError> {
    let raw: usize = changes.iter().map(|change| change.raw_bytes().len()).sum();
    let operations: usize = changes.iter().map(Change::len).sum();
    let many = changes.len() > MAX_CHANGES || operations > super::MAX_OPERATIONS;
    if many || raw > super::MAX_INFLATED {
        return Err(BatchError::TooBig);
    }
    let lean = lean(changes.iter().map(|change| (change.raw_bytes(), change.hash().0)))
        .ok_or(BatchError::Malformed)?;
    put_u64(out, lean.apart.len() as u64);
    out.extend_from_slice(&lean.apart);
    out.extend_from_slice(&deflate(&lean.text));
    Ok(())
}
