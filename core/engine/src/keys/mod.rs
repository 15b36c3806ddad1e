//! Who can read: group keys, and the envelopes sealed with them.

mod aead;
#[allow(dead_code, unused_imports, reason = "the epochs of a thread come to use it next")]
pub(crate) mod group;
mod pad;
mod seal;

pub(crate) use aead::{NONCE, SealingKeys, open_once, seal_once};
pub(crate) use seal::{open, seal};

use serde::{Deserialize, Serialize};
use tandem_proto::Epoch;

/// The key agreement of one thread: which epoch is current, and each epoch's key.
pub trait GroupKeys {
    /// The epoch to seal under.
    fn epoch(&self) -> Epoch;

    /// The 32-byte secret of an epoch; `None` when this device does not have it.
    fn secret(&self, epoch: Epoch) -> Option<&[u8; 32]>;
}

/// A thread key made at the founding and given to each admitted device. One epoch for ever: who
/// has it reads everything, also after leaving. MLS takes its place (`docs/threat-model.md`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundedKey([u8; 32]);

impl FoundedKey {
    /// Takes 32 secret random bytes.
    #[must_use]
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }
}

impl std::fmt::Debug for FoundedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FoundedKey(..)")
    }
}

impl GroupKeys for FoundedKey {
    fn epoch(&self) -> Epoch {
        Epoch(0)
    }

    fn secret(&self, epoch: Epoch) -> Option<&[u8; 32]> {
        (epoch == Epoch(0)).then_some(&self.0)
    }
}
