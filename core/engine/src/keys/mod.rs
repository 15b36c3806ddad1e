//! Who can read: group keys, and the envelopes sealed with them.

mod aead;
pub(crate) mod group;
mod keyring;
mod pad;
mod seal;

pub(crate) use aead::{NONCE, SealingKeys, open_once, seal_once};
pub(crate) use keyring::{EpochSecret, Keyring};
pub(crate) use seal::{open, seal};
