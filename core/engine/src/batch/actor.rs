//! Actors: whose changes these are, so that the changes themselves say it.

use automerge::ActorId;
use tandem_proto::{DeviceKey, Hasher, ThreadId};

/// Bytes of an actor id that say which device.
const PREFIX: usize = 16;

/// Bytes of an actor id that say which of its incarnations.
const INCARNATION: usize = 4;

/// The part of an actor id that a device has in a thread, whatever its incarnation.
pub(crate) fn actor_prefix(thread: &ThreadId, device: &DeviceKey) -> [u8; PREFIX] {
    let hash =
        Hasher::new("tandem/actor/1").part(thread.as_bytes()).part(device.as_bytes()).finish();
    let mut prefix = [0; PREFIX];
    prefix.copy_from_slice(&hash[..PREFIX]);
    prefix
}

/// The actor id of one incarnation of a device in a thread.
pub(crate) fn actor_id(
    thread: &ThreadId,
    device: &DeviceKey,
    incarnation: [u8; INCARNATION],
) -> ActorId {
    let mut id = [0; PREFIX + INCARNATION];
    id[..PREFIX].copy_from_slice(&actor_prefix(thread, device));
    id[PREFIX..].copy_from_slice(&incarnation);
    ActorId::from(&id[..])
}

/// The device part of an actor id; `None` when it is not one of ours.
pub(crate) fn prefix_of(actor: &[u8]) -> Option<[u8; PREFIX]> {
    let id: &[u8; PREFIX + INCARNATION] = actor.try_into().ok()?;
    id.first_chunk().copied()
}
