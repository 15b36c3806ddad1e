//! Reading batches: what is not signed by who it says is refused.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Change, ChangeHash};
use tandem_proto::{DeviceKey, EnvelopeKind, Signature, ThreadId};

use super::{
    Attestation, BatchError, DICTIONARY, MAX_ATTESTATIONS, MAX_INFLATED, MAX_OPERATIONS, Place,
    SqueezeError,
    actor::{actor_prefix, prefix_of},
    check_order,
    head::LogHead,
    inflate,
    leb::Reader,
    rebuild::{Rebuilt, rebuild},
    unvouched,
};
use crate::thread::read_change;

/// What a batch held.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The changes, in the order of the batch.
    pub(crate) changes: Vec<Change>,
    /// The author's under the newest change, or those that were carried. One whose change is not
    /// in the batch has not been verified: its device is known, its signature is the caller's to
    /// check against the change, should it hold that.
    pub(crate) attestations: Vec<Attestation>,
    /// Changes for which no attestation vouches inside this batch. Always empty for an own batch.
    /// Each must be an ancestor of a change that the same device attested, or be refused.
    pub(crate) unvouched: BTreeSet<ChangeHash>,
    /// Which log whoever sealed an own batch says to have been shown. That is its author only where the
    /// batch brings what was not here: a member can seal another's words again.
    pub(crate) head: Option<LogHead>,
}

/// Whose device has this actor prefix, if it is in the roster.
pub(crate) type DeviceOf<'a> = &'a dyn Fn(&[u8; 16]) -> Option<DeviceKey>;

/// Reads a batch and checks who made it.
///
/// # Errors
/// [`BatchError`]; nothing of a batch that fails is to be used. After
/// [`BatchError::UnknownAuthor`] it may succeed once the roster has grown.
pub(crate) fn read(
    thread: &ThreadId,
    kind: EnvelopeKind,
    plain: &[u8],
    device_of: DeviceOf<'_>,
) -> Result<Opened, BatchError> {
    let (head, plain) = match kind {
        EnvelopeKind::Batch => LogHead::split(plain)?,
        EnvelopeKind::Carried => (None, plain),
    };
    let mut plain = Reader::new(plain);
    match plain.array().ok_or(BatchError::Malformed)? {
        [DICTIONARY] => {}
        [0] => return Err(BatchError::Malformed),
        [version] => return Err(BatchError::Newer(*version)),
    }
    match kind {
        EnvelopeKind::Batch => {
            let signature = plain.array().ok_or(BatchError::Malformed)?;
            let signature = Signature::from_bytes(signature);
            let opened = own(thread, &signature, &unpack(plain)?, device_of)?;
            Ok(Opened { head, ..opened })
        }
        EnvelopeKind::Carried => {
            let attestations = attestations(&mut plain)?;
            carried(thread, attestations, &unpack(plain)?, device_of)
        }
    }
}

fn own(
    thread: &ThreadId,
    signature: &Signature,
    rebuilt: &[Rebuilt],
    device_of: DeviceOf<'_>,
) -> Result<Opened, BatchError> {
    let newest = rebuilt.last().ok_or(BatchError::Malformed)?;
    let device = author(thread, &newest.actor, device_of)?;
    let attestation = Attestation { device, change: newest.hash, signature: *signature };
    attestation.verify_parts(thread, &newest.actor, newest.seq).map_err(|_| BatchError::Forged)?;
    if rebuilt.iter().any(|change| change.actor != newest.actor) {
        return Err(BatchError::WrongActor);
    }
    let in_order = rebuilt.array_windows().all(|[a, b]| super::follows(&a.place(), &b.place()));
    if !in_order {
        return Err(BatchError::Disordered);
    }
    Ok(Opened {
        changes: parse(rebuilt)?,
        attestations: vec![attestation],
        unvouched: BTreeSet::new(),
        head: None,
    })
}

fn carried(
    thread: &ThreadId,
    attestations: Vec<Attestation>,
    rebuilt: &[Rebuilt],
    device_of: DeviceOf<'_>,
) -> Result<Opened, BatchError> {
    if rebuilt.is_empty() {
        return Err(BatchError::Malformed);
    }
    for change in rebuilt {
        author(thread, &change.actor, device_of)?;
    }
    let places: Vec<_> = rebuilt.iter().map(Rebuilt::place).collect();
    check_order(&places, None)?;
    let attested = verify(thread, &attestations, &places, device_of)?;
    let unvouched = unvouched(&places, &attested);
    Ok(Opened { changes: parse(rebuilt)?, attestations, unvouched, head: None })
}

/// Verifies each attestation whose change is among `changes`; gives the attested changes by the
/// actor prefix of their device.
pub(crate) fn verify(
    thread: &ThreadId,
    attestations: &[Attestation],
    changes: &[Place<'_>],
    device_of: DeviceOf<'_>,
) -> Result<Attested, BatchError> {
    let by_hash: BTreeMap<_, _> = changes.iter().map(|change| (change.hash, change)).collect();
    let mut attested = Attested::new();
    for attestation in attestations {
        if let Some(prefix) = vouches(thread, attestation, &by_hash, device_of)? {
            attested.entry(prefix).or_default().push(attestation.change);
        }
    }
    Ok(attested)
}

/// The same for attestations out of several batches: one that is false is its sender's alone, and
/// takes nothing from the others.
pub(crate) fn verify_each(
    thread: &ThreadId,
    attestations: &mut Vec<Attestation>,
    changes: &[Place<'_>],
    device_of: DeviceOf<'_>,
) -> Attested {
    let by_hash: BTreeMap<_, _> = changes.iter().map(|change| (change.hash, change)).collect();
    let mut attested = Attested::new();
    attestations.retain(|attestation| match vouches(thread, attestation, &by_hash, device_of) {
        Ok(Some(prefix)) => {
            attested.entry(prefix).or_default().push(attestation.change);
            true
        }
        Ok(None) => true,
        Err(_) => false,
    });
    attested
}

/// Attested changes, by the actor prefix of their device.
pub(crate) type Attested = BTreeMap<[u8; 16], Vec<ChangeHash>>;

/// Whose device vouches by an attestation for one of these changes; `None` when it is for another.
fn vouches(
    thread: &ThreadId,
    attestation: &Attestation,
    changes: &BTreeMap<ChangeHash, &Place<'_>>,
    device_of: DeviceOf<'_>,
) -> Result<Option<[u8; 16]>, BatchError> {
    let prefix = actor_prefix(thread, &attestation.device);
    if device_of(&prefix) != Some(attestation.device) {
        return Err(BatchError::UnknownAuthor(prefix));
    }
    let Some(change) = changes.get(&attestation.change) else { return Ok(None) };
    if prefix_of(change.actor) != Some(prefix) {
        return Err(BatchError::WrongActor);
    }
    attestation.verify_parts(thread, change.actor, change.seq).map_err(|_| BatchError::Forged)?;
    Ok(Some(prefix))
}

/// The device behind an actor id.
pub(crate) fn author(
    thread: &ThreadId,
    actor: &[u8],
    device_of: DeviceOf<'_>,
) -> Result<DeviceKey, BatchError> {
    let prefix = prefix_of(actor).ok_or(BatchError::Malformed)?;
    let device = device_of(&prefix).ok_or(BatchError::UnknownAuthor(prefix))?;
    if actor_prefix(thread, &device) == prefix {
        Ok(device)
    } else {
        Err(BatchError::UnknownAuthor(prefix))
    }
}

fn attestations(plain: &mut Reader<'_>) -> Result<Vec<Attestation>, BatchError> {
    let count = plain.u64().ok_or(BatchError::Malformed)?;
    if count > MAX_ATTESTATIONS {
        return Err(BatchError::TooBig);
    }
    let mut out: Vec<Attestation> = Vec::new();
    for _ in 0..count {
        let next = Attestation::get(plain.array().ok_or(BatchError::Malformed)?);
        if out.last().is_some_and(|last| (last.device, last.change) >= (next.device, next.change)) {
            return Err(BatchError::Malformed);
        }
        out.push(next);
    }
    Ok(out)
}

fn unpack(mut plain: Reader<'_>) -> Result<Vec<Rebuilt>, BatchError> {
    let len = plain.u64().ok_or(BatchError::Malformed)?;
    let apart = plain.take(len).ok_or(BatchError::Malformed)?;
    let text = inflate(plain.rest(), MAX_INFLATED).map_err(|error| match error {
        SqueezeError::TooBig => BatchError::TooBig,
        SqueezeError::Malformed => BatchError::Malformed,
    })?;
    rebuild(apart, &text)
}

fn parse(rebuilt: &[Rebuilt]) -> Result<Vec<Change>, BatchError> {
    let mut operations = 0;
    let mut read = |one: &Rebuilt| {
        let change = read_change(&one.chunk).map_err(|_| BatchError::Malformed)?;
        operations += change.len();
        if operations > MAX_OPERATIONS { Err(BatchError::TooBig) } else { Ok(change) }
    };
    rebuilt.iter().map(&mut read).collect()
}

impl Rebuilt {
    fn place(&self) -> Place<'_> {
        Place { hash: self.hash, actor: &self.actor, seq: self.seq, deps: &self.deps }
    }
}
