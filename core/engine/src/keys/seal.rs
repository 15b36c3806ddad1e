//! Envelopes: sealed at upload, under the epoch that is current then.

use tandem_proto::{
    EnvelopeError, EnvelopeHeader, EnvelopeKind, Epoch, ThreadId, derive_key,
    limits::MAX_ITEM_BYTES,
    planted::{self, Fault},
};
use zeroize::Zeroizing;

use super::{
    EpochSecret, Keyring,
    aead::{NONCE, SealingKeys},
};

/// A batch could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealError {
    /// The envelope would be longer than a log item may be.
    #[error("an envelope of {bytes} bytes is over the limit of {MAX_ITEM_BYTES}")]
    TooLong {
        /// What it would have.
        bytes: usize,
    },
}

/// An envelope could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OpenError {
    /// Not an envelope, or one of a newer version.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// This device does not have that epoch's secret.
    #[error("this device has no key for epoch {0}")]
    NoKey(Epoch),
    /// Not sealed by a member, or not as a member seals.
    #[error("the envelope was not sealed by a member of this thread")]
    Forged,
}

/// Seals a batch under an epoch. The same batch in the same epoch is the same bytes.
///
/// # Errors
/// [`SealError`].
pub(crate) fn seal(
    key: &EpochSecret,
    thread: &ThreadId,
    kind: EnvelopeKind,
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    let epoch = key.epoch;
    let forced = planted::is(Fault::NonceFromCounter).then(counted);
    let (nonce, sealed) =
        epoch_keys(key.secret(), thread).seal(&aad(thread, kind, epoch), plain, forced);
    let item = EnvelopeHeader { kind, epoch, nonce }.assemble(&sealed);
    if item.len() > MAX_ITEM_BYTES {
        return Err(SealError::TooLong { bytes: item.len() });
    }
    Ok(item)
}

/// Opens an envelope of a thread.
///
/// # Errors
/// [`OpenError`].
pub(crate) fn open(
    keys: &Keyring,
    thread: &ThreadId,
    item: &[u8],
) -> Result<(EnvelopeKind, Vec<u8>), OpenError> {
    let (header, sealed) = EnvelopeHeader::parse(item)?;
    let aad = aad(thread, header.kind, header.epoch);
    let mut error = OpenError::NoKey(header.epoch);
    for key in keys.of(header.epoch) {
        match epoch_keys(key.secret(), thread).open(&aad, &header.nonce, sealed) {
            Some(plain) => return Ok((header.kind, plain)),
            None => error = OpenError::Forged,
        }
    }
    Err(error)
}

fn epoch_keys(secret: &[u8; 32], thread: &ThreadId) -> SealingKeys {
    let parts: &[&[u8]] = &[secret, thread.as_bytes()];
    SealingKeys {
        seal: Zeroizing::new(derive_key("tandem/envelope-key/1", parts)),
        nonce: Zeroizing::new(derive_key("tandem/envelope-nonce/1", parts)),
    }
}

/// What is bound beside the plaintext: the thread id and the header without its nonce.
fn aad(thread: &ThreadId, kind: EnvelopeKind, epoch: Epoch) -> Vec<u8> {
    let mut out = thread.as_bytes().to_vec();
    out.extend_from_slice(&EnvelopeHeader::prefix(kind, epoch));
    out
}

/// The planted fault's nonce: the next number since the process began.
fn counted() -> [u8; NONCE] {
    use std::sync::atomic::{AtomicU64, Ordering};

    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut nonce = [0; NONCE];
    nonce[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    nonce
}

#[cfg(test)]
#[path = "seal/tests.rs"]
mod tests;
