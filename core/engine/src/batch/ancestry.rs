//! What descends from what, told by the changes themselves.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Change, ChangeHash};

use super::{BatchError, actor::prefix_of};

/// As much of a change as its place among others needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) hash: ChangeHash,
    pub(crate) actor: &'a [u8],
    pub(crate) seq: u64,
    pub(crate) deps: &'a [ChangeHash],
}

impl<'a> From<&'a Change> for Place<'a> {
    fn from(change: &'a Change) -> Self {
        Self {
            hash: change.hash(),
            actor: change.actor_id().to_bytes(),
            seq: change.seq(),
            deps: change.deps(),
        }
    }
}

/// Whether `next` is the author's next change after `previous`. Automerge names an author's
/// previous change among the direct dependencies of each, and we hold every author to that: it is
/// what lets one signature stand for all earlier changes.
pub(crate) fn follows(previous: &Place<'_>, next: &Place<'_>) -> bool {
    previous.actor == next.actor
        && previous.seq.checked_add(1) == Some(next.seq)
        && next.deps.contains(&previous.hash)
}

/// Checks that each change follows its author's previous one, as far as that is among `changes`.
/// With `first`, the change that every document begins with, these must be all changes of a
/// document: every dependency and every previous change is there.
pub(crate) fn check_order(
    changes: &[Place<'_>],
    first: Option<&ChangeHash>,
) -> Result<(), BatchError> {
    let whole = first.is_some();
    let mut by_place = BTreeMap::new();
    let mut hashes = BTreeSet::new();
    for change in changes {
        // The same number twice is equivocation, the same change twice a second spelling.
        if by_place.insert((change.actor, change.seq), change).is_some() {
            return Err(BatchError::Disordered);
        }
        hashes.insert(change.hash);
    }
    for change in changes {
        if whole && !change.deps.iter().all(|dep| hashes.contains(dep) || Some(dep) == first) {
            return Err(BatchError::Disordered);
        }
        match change.seq.checked_sub(1) {
            None => return Err(BatchError::Disordered),
            Some(0) => {}
            Some(before) => match by_place.get(&(change.actor, before)) {
                Some(previous) if !follows(previous, change) => return Err(BatchError::Disordered),
                None if whole => return Err(BatchError::Disordered),
                Some(_) | None => {}
            },
        }
    }
    Ok(())
}

/// Those among `changes` for which no attested change of the same device vouches. `attested` are
/// the devices, by the prefix of their actors, with their attested changes. A path that leaves
/// `changes` is not followed.
pub(crate) fn unvouched(
    changes: &[Place<'_>],
    attested: &BTreeMap<[u8; 16], Vec<ChangeHash>>,
) -> BTreeSet<ChangeHash> {
    let by_hash: BTreeMap<_, _> = changes.iter().map(|change| (change.hash, change)).collect();
    let mut missing: BTreeSet<_> = by_hash.keys().copied().collect();
    for (prefix, heads) in attested {
        let mut seen: BTreeSet<ChangeHash> = BTreeSet::new();
        let mut next = heads.clone();
        while let Some(hash) = next.pop() {
            let Some(change) = by_hash.get(&hash) else { continue };
            if !seen.insert(hash) {
                continue;
            }
            if prefix_of(change.actor) == Some(*prefix) {
                missing.remove(&hash);
            }
            next.extend(change.deps);
        }
    }
    missing
}
