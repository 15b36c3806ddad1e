//! A group's state as bytes, and back.
//!
//! The library keeps a state as a map of values; the bytes are the map in order, compressed, with a
//! version before it and a checksum. The checksum is for damage: the library trusts what it reads in
//! its store, so it must only ever read what it wrote. Who could write a sound checksum over other
//! values is kept out by how the device's store is sealed.

use std::fmt;

use openmls::prelude::{GroupId, MlsGroup};
use openmls_traits::OpenMlsProvider as _;
use serde::{Deserialize, Serialize};
use tandem_proto::{ThreadId, derive_key};
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    GroupError,
    provider::{Provider, Values},
};
use crate::batch::{DICTIONARY, deflate, inflate};

/// The first byte: how the rest is written, which the library's own format is a part of. Another
/// release of it needs another version here: its store panics at values that it cannot read.
const VERSION: u8 = 1;
const _: () = assert!(DICTIONARY == 1, "version 1 is compressed with the first dictionary");

/// Bytes of the checksum.
const CHECK: usize = 16;

/// Bytes of a state that is not compressed: 400 devices.
const MAX_STATE: usize = 4 << 20;

/// What the library keeps of a group, by the beginnings of its keys. A key package's secret, and
/// keys of proposals that were never made, are not part of it.
const KEPT: [&[u8]; 12] = [
    b"ConfirmationTag{",
    b"EpochKeyPairs{",
    b"EpochSecrets{",
    b"GroupContext{",
    b"GroupState{",
    b"InterimTranscriptHash{",
    MESSAGE_SECRETS,
    b"MlsGroupJoinConfig{",
    b"OwnLeafNodeIndex{",
    b"OwnLeafNodes{",
    b"ResumptionPsk{",
    b"Tree{",
];
const MESSAGE_SECRETS: &[u8] = b"MessageSecrets{";

/// A group after one commit: opaque, secret, and the same bytes for the same history.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct GroupState(Zeroizing<Vec<u8>>);

impl GroupState {
    /// Takes bytes that [`GroupState::as_bytes`] gave; they are checked when used.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes to keep, sealed like every secret.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Loads the group into a provider, with the thread that it is of.
    pub(super) fn load(
        &self,
        provider: Provider,
    ) -> Result<(MlsGroup, Provider, ThreadId), GroupError> {
        let (thread, values) = unpack(&self.0)?;
        let provider = provider.holding(values);
        let group = MlsGroup::load(provider.storage(), &group_id(&thread))
            .ok()
            .flatten()
            .ok_or(GroupError::State)?;
        Ok((group, provider, thread))
    }

    /// What the provider holds of a group now.
    pub(super) fn save(provider: &Provider, thread: &ThreadId) -> Result<Self, GroupError> {
        let mut values = provider.values();
        values.retain(|key, _| KEPT.iter().any(|kept| key.starts_with(kept)));
        for (_, value) in values.iter_mut().filter(|(key, _)| key.starts_with(MESSAGE_SECRETS)) {
            *value = without_clock(value)?;
        }
        Ok(Self(pack(thread, values)))
    }
}

impl fmt::Debug for GroupState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GroupState({} bytes)", self.0.len())
    }
}

/// A thread's group has the thread's id.
pub(super) fn group_id(thread: &ThreadId) -> GroupId {
    GroupId::from_slice(thread.as_bytes())
}

/// The library notes by the system's clock since when it has an epoch's secrets, to delete them
/// after a while, which we do not ask of it.
fn without_clock(value: &mut Vec<u8>) -> Result<Vec<u8>, GroupError> {
    let mut json: serde_json::Value =
        serde_json::from_slice(value).map_err(|_| GroupError::State)?;
    value.zeroize();
    *json.pointer_mut("/message_secrets/added_at").ok_or(GroupError::State)? =
        serde_json::Value::Null;
    serde_json::to_vec(&json).map_err(|_| GroupError::State)
}

#[derive(Serialize, Deserialize)]
struct Packed {
    thread: ThreadId,
    values: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Bytes of these values; the same values give the same bytes.
pub(super) fn pack(thread: &ThreadId, values: Values) -> Zeroizing<Vec<u8>> {
    let packed = Packed { thread: *thread, values: values.into_iter().collect() };
    let plain = postcard::to_stdvec(&packed).expect("bytes in memory take all that is written");
    let plain = Zeroizing::new(plain);
    for (_, mut value) in packed.values {
        value.zeroize();
    }
    let squeezed = Zeroizing::new(deflate(&plain));
    Zeroizing::new([&[VERSION][..], &checksum(&squeezed), &squeezed].concat())
}

/// The values behind bytes that [`pack`] made.
pub(super) fn unpack(bytes: &[u8]) -> Result<(ThreadId, Values), GroupError> {
    let (version, rest) = bytes.split_first().ok_or(GroupError::State)?;
    let (check, squeezed) = rest.split_at_checked(CHECK).ok_or(GroupError::State)?;
    if *version != VERSION || check != checksum(squeezed) {
        return Err(GroupError::State);
    }
    let plain = Zeroizing::new(inflate(squeezed, MAX_STATE).map_err(|_| GroupError::State)?);
    let (packed, rest) =
        postcard::take_from_bytes::<Packed>(&plain).map_err(|_| GroupError::State)?;
    let sorted = packed.values.is_sorted_by(|a, b| a.0 < b.0);
    if sorted && rest.is_empty() {
        Ok((packed.thread, packed.values.into_iter().collect()))
    } else {
        Err(GroupError::State)
    }
}

fn checksum(squeezed: &[u8]) -> [u8; CHECK] {
    let mut check = [0; CHECK];
    check.copy_from_slice(&derive_key("tandem/group/state/1", &[squeezed])[..CHECK]);
    check
}
