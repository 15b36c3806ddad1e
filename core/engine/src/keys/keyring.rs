//! The secrets of a thread's epochs, as long as the thread is kept.

use serde::{Deserialize, Serialize};
use tandem_proto::{Epoch, ItemHash};
use zeroize::Zeroizing;

/// The secret of one epoch: what envelopes are sealed under from one roster link to the next.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EpochSecret {
    /// The link that began the epoch. After the relay lost something there may be two epochs of
    /// one number.
    pub(crate) link: ItemHash,
    /// Its number.
    pub(crate) epoch: Epoch,
    secret: Zeroizing<[u8; 32]>,
}

impl EpochSecret {
    /// The secret that the group exported after a link.
    pub(crate) const fn new(link: ItemHash, epoch: Epoch, secret: Zeroizing<[u8; 32]>) -> Self {
        Self { link, epoch, secret }
    }

    /// The same epoch under another's secret, for the planted fault.
    pub(crate) fn with_secret_of(&self, other: &Self) -> Self {
        Self { secret: other.secret.clone(), ..self.clone() }
    }

    /// The 32 bytes.
    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl std::fmt::Debug for EpochSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EpochSecret({:?})", self.epoch)
    }
}

/// The epochs of one thread whose secrets this device has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Keyring(Vec<EpochSecret>);

impl Keyring {
    /// The secret of the epoch that a link began.
    pub(crate) fn after(&self, link: &ItemHash) -> Option<&EpochSecret> {
        self.0.iter().find(|secret| secret.link == *link)
    }

    /// The first epoch whose secret this device has.
    pub(crate) fn first(&self) -> Option<&EpochSecret> {
        self.0.first()
    }

    /// The secrets of all epochs of a number, the newest first.
    pub(crate) fn of(&self, epoch: Epoch) -> impl Iterator<Item = &EpochSecret> {
        self.0.iter().rev().filter(move |secret| secret.epoch == epoch)
    }

    /// Keeps a secret.
    pub(crate) fn keep(&mut self, secret: EpochSecret) {
        self.forget(&secret.link);
        self.0.push(secret);
    }

    /// Forgets the secret of an epoch that never was.
    pub(crate) fn forget(&mut self, link: &ItemHash) {
        self.0.retain(|secret| secret.link != *link);
    }
}
