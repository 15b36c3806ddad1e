//! Snapshots: a newcomer believes no change that its author did not sign for.

use std::collections::BTreeSet;

use automerge::{Change, ChangeHash};
use tandem_proto::ThreadId;

use super::JoinError;
use crate::batch::{Attestation, DeviceOf, Place, author, check_order, unvouched, verify};

/// Checks every change of a snapshot but `first`, the change that every document begins with: that its author is known, that it follows its author's
/// previous one, that nothing it depends on is left out, that some change of the same device that
/// descends from it, or it itself, is attested, and that no attested change is left out.
///
/// # Errors
/// [`JoinError::Snapshot`] or [`JoinError::Incomplete`].
pub(crate) fn verify_snapshot(
    thread: &ThreadId,
    first: &ChangeHash,
    changes: &[Change],
    attestations: &[Attestation],
    device_of: DeviceOf<'_>,
) -> Result<(), JoinError> {
    let places: Vec<_> =
        changes.iter().filter(|change| change.hash() != *first).map(Place::from).collect();
    for place in &places {
        author(thread, place.actor, device_of)?;
    }
    check_order(&places, Some(first))?;
    let attested = verify(thread, attestations, &places, device_of)?;
    let here: BTreeSet<_> = places.iter().map(|place| place.hash).collect();
    let left_out = attestations.iter().any(|attestation| !here.contains(&attestation.change));
    if left_out || !unvouched(&places, &attested).is_empty() {
        return Err(JoinError::Incomplete);
    }
    Ok(())
}
