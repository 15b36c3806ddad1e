//! Log items: sealed envelopes and roster links, told apart by their first two bytes.
//!
//! An envelope is
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version, 1 |
//! | 1 | kind: 1 batch, 2 carried |
//! | 1 to 10 | epoch, LEB128 |
//! | 16 | nonce: keyed hash of AAD and plaintext |
//! | rest | XChaCha20-Poly1305 of the padded plaintext, tag at the end |
//!
//! The AAD is the thread id and the header without the nonce. A roster link has kind 16 and a
//! request for a seat kind 17; both are in the clear, since the relay must know whom to serve and
//! takes a request also from who has no key.

use crate::{Epoch, ItemHash, limits::MAX_ITEM_BYTES};

const VERSION: u8 = 1;
const NONCE: usize = 16;
const TAG: usize = 16;

/// What a log item is, as far as the relay can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A sealed envelope under an epoch.
    Envelope(EnvelopeKind, Epoch),
    /// A roster link, in the clear; its handshake is not.
    RosterLink,
    /// A member's request for a seat in the group, in the clear.
    SeatRequest,
    /// A member's word that its person leaves, in the clear.
    Farewell,
}

/// What a sealed envelope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvelopeKind {
    /// A batch uploaded by its author.
    Batch,
    /// Changes that a member carries again after the relay lost them, vouched for by attestations.
    Carried,
}

/// Bytes were not a log item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Over [`MAX_ITEM_BYTES`].
    #[error("a log item of {0} bytes is over the limit")]
    TooLong(usize),
    /// Ends before its header does.
    #[error("a log item that ends in its header")]
    Truncated,
    /// A version or kind from the future.
    #[error("a log item of version {version}, kind {kind}")]
    Unknown {
        /// The version byte.
        version: u8,
        /// The kind byte.
        kind: u8,
    },
    /// An epoch with needless or too many bytes.
    #[error("a log item with a malformed epoch")]
    BadEpoch,
}

/// The cleartext part of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnvelopeHeader {
    /// What is inside.
    pub kind: EnvelopeKind,
    /// Under which epoch's key.
    pub epoch: Epoch,
    /// Keyed hash of AAD and plaintext: a retry is the same bytes, other words another nonce.
    pub nonce: [u8; NONCE],
}

impl EnvelopeHeader {
    /// The header's bytes before the nonce: what is bound as AAD beside the thread id.
    #[must_use]
    pub fn prefix(kind: EnvelopeKind, epoch: Epoch) -> Vec<u8> {
        let kind = match kind {
            EnvelopeKind::Batch => 1,
            EnvelopeKind::Carried => 2,
        };
        let mut out = vec![VERSION, kind];
        let mut rest = epoch.0;
        loop {
            let low = (rest & 0x7f) as u8;
            rest >>= 7;
            if rest == 0 {
                out.push(low);
                return out;
            }
            out.push(low | 0x80);
        }
    }

    /// An envelope's bytes from its header and ciphertext.
    #[must_use]
    pub fn assemble(&self, ciphertext: &[u8]) -> Vec<u8> {
        let mut out = Self::prefix(self.kind, self.epoch);
        out.extend_from_slice(&self.nonce);
        out.extend_from_slice(ciphertext);
        out
    }

    /// Splits an envelope into header and ciphertext.
    ///
    /// # Errors
    /// [`EnvelopeError`], also for a roster link.
    pub fn parse(item: &[u8]) -> Result<(Self, &[u8]), EnvelopeError> {
        if item.len() > MAX_ITEM_BYTES {
            return Err(EnvelopeError::TooLong(item.len()));
        }
        let [version, kind, rest @ ..] = item else { return Err(EnvelopeError::Truncated) };
        let kind = match (*version, *kind) {
            (VERSION, 1) => EnvelopeKind::Batch,
            (VERSION, 2) => EnvelopeKind::Carried,
            (version, kind) => return Err(EnvelopeError::Unknown { version, kind }),
        };
        let (epoch, rest) = leb128(rest)?;
        let (nonce, ciphertext) =
            rest.split_first_chunk::<NONCE>().ok_or(EnvelopeError::Truncated)?;
        if ciphertext.len() < TAG {
            return Err(EnvelopeError::Truncated);
        }
        Ok((Self { kind, epoch: Epoch(epoch), nonce: *nonce }, ciphertext))
    }
}

fn leb128(bytes: &[u8]) -> Result<(u64, &[u8]), EnvelopeError> {
    let mut value = 0u64;
    for (i, byte) in bytes.iter().enumerate() {
        let low = u64::from(byte & 0x7f);
        if i > 9 || (i == 9 && low > 1) {
            return Err(EnvelopeError::BadEpoch);
        }
        value |= low << (7 * i);
        if byte & 0x80 == 0 {
            if i > 0 && low == 0 {
                return Err(EnvelopeError::BadEpoch);
            }
            return Ok((value, &bytes[i + 1..]));
        }
    }
    Err(EnvelopeError::Truncated)
}

/// The kind byte of a roster link.
pub(crate) const ROSTER_LINK: [u8; 2] = [VERSION, 16];

/// The kind byte of a request for a seat.
pub(crate) const SEAT_REQUEST: [u8; 2] = [VERSION, 17];

/// The kind byte of a farewell.
pub(crate) const FAREWELL: [u8; 2] = [VERSION, 18];

/// What a log item says it is.
///
/// # Errors
/// [`EnvelopeError`] when it is none.
pub fn item_kind(item: &[u8]) -> Result<ItemKind, EnvelopeError> {
    if item.len() > MAX_ITEM_BYTES {
        return Err(EnvelopeError::TooLong(item.len()));
    }
    if item.starts_with(&ROSTER_LINK) {
        return Ok(ItemKind::RosterLink);
    }
    if item.starts_with(&SEAT_REQUEST) {
        return Ok(ItemKind::SeatRequest);
    }
    if item.starts_with(&FAREWELL) {
        return Ok(ItemKind::Farewell);
    }
    let (header, _) = EnvelopeHeader::parse(item)?;
    Ok(ItemKind::Envelope(header.kind, header.epoch))
}

impl ItemHash {
    /// Whether `item` hashes to this.
    #[must_use]
    pub fn matches(&self, item: &[u8]) -> bool {
        Self::of(item) == *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_reads_back_for_every_length_of_epoch() {
        for epoch in [0, 1, 127, 128, 16_384, u64::MAX].map(Epoch) {
            let header = EnvelopeHeader { kind: EnvelopeKind::Carried, epoch, nonce: [9; 16] };
            let bytes = header.assemble(&[5; 40]);
            assert_eq!(EnvelopeHeader::parse(&bytes), Ok((header, &[5; 40][..])));
        }
    }

    #[test]
    fn an_epoch_has_one_spelling() {
        let mut long = vec![1, 1, 0x80, 0x00];
        long.extend([0; 40]);
        assert_eq!(EnvelopeHeader::parse(&long), Err(EnvelopeError::BadEpoch));
    }
}
