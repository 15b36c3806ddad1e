//! The document's keys: the only place that knows them.
//!
//! | where | key | what |
//! |---|---|---|
//! | root | `title` | text, by the founder's person |
//! | root | `people`, `entries`, `seen` | maps, made by the fixed first change |
//! | `people` | person id | map, `name`: text, by that person; `v.DEVICE`: milliseconds, by another |
//! | `entries` | entry id | map, see below |
//! | `seen` | person id | map, entry id: milliseconds, by that person |
//!
//! An entry has `k` (its kind's name), `at` (milliseconds), `re` (the answered entry, optional),
//! `f.NAME` for each field, and for steps `state`.

use automerge::{Change, ObjId};
use tandem_proto::DeviceKey;

use super::{actor::Actor, op::OpRef};

pub(super) const TITLE: &str = "title";
pub(super) const NAME: &str = "name";

pub(super) const KIND: &str = "k";
pub(super) const AT: &str = "at";
pub(super) const ANSWERS: &str = "re";
pub(super) const STATE: &str = "state";
const FIELD: &str = "f.";
const VERIFIED: &str = "v.";

/// The key of a field.
pub(super) fn field_key(name: &str) -> String {
    format!("{FIELD}{name}")
}

/// The field behind a key.
pub(super) fn field_name(key: &str) -> Option<&str> {
    key.strip_prefix(FIELD)
}

/// The key, in a person's map, of somebody's word that this device is that person's.
pub(super) fn verified_key(device: &DeviceKey) -> String {
    format!("{VERIFIED}{device}")
}

/// The device behind such a key.
pub(super) fn verified_device(key: &str) -> Option<DeviceKey> {
    key.strip_prefix(VERIFIED)?.parse().ok()
}

/// Which of one device's writes to one key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// The first: what an entry is does not change.
    First,
    /// The state that is furthest forward.
    Furthest,
    /// The newest.
    Newest,
}

/// The rule for a key of an entry.
pub(super) fn keep(key: &str) -> Keep {
    match key {
        KIND | AT | ANSWERS => Keep::First,
        STATE => Keep::Furthest,
        _ => Keep::Newest,
    }
}

const fn made_first(counter: u64) -> OpRef {
    OpRef { counter, actor: Actor::NOBODY }
}

/// The maps of the fixed first change.
pub(super) const PEOPLE_MAP: OpRef = made_first(1);
pub(super) const ENTRIES_MAP: OpRef = made_first(2);
pub(super) const SEEN_MAP: OpRef = made_first(3);

/// automerge's name of a map.
pub(super) fn object(map: &OpRef) -> ObjId {
    // The index is a hint; automerge looks the actor up when it doesn't fit.
    ObjId::Id(map.counter, map.actor.id(), 0)
}

/// The change that every document begins with, the same bytes on every device, so that two devices
/// never make the same map twice.
pub(super) const FIRST_CHANGE: &[u8] = b"\x85\x6f\x4a\x83\xc5\x53\x50\xf3\x01\x42\x00\x14\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x01\x00\x00\x00\
    \x05\x15\x15\x34\x01\x42\x02\x56\x02\x70\x02\
    \x7d\x06people\x07entries\x04seen\x03\x03\x00\x03\x00\x03\x00";

/// The first change, read.
pub(super) fn first_change() -> Change {
    Change::try_from(FIRST_CHANGE).expect("the constant bytes are a change, a test says so")
}
