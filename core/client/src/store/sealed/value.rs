//! A value as the disk has it: sealed under a key, for one place.
//!
//! | bytes | what |
//! |---|---|
//! | 24 | the nonce, random |
//! | 2 | sealed: the length of what follows, little-endian |
//! | | sealed: what the store's key stands for, beyond kind and thread |
//! | | sealed: the value |
//! | 16 | the tag |
//!
//! XChaCha20-Poly1305. What is bound beside it: the format, the tree, and the key under which the
//! disk has it, so a value that was moved does not open.

use chacha20poly1305::{AeadInPlace, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use tandem_proto::planted::{Fault, is};

/// The format, and the one tree of a home's store.
const FORMAT_AND_TREE: &[u8] = b"tandem at rest, 1, home\0";

pub(super) const NONCE: usize = 24;
const TAG: usize = 16;
const LENGTH: usize = 2;

fn aad(place: &[u8]) -> Vec<u8> {
    let place = if is(Fault::PlaceNotBound) { &[] } else { place };
    [FORMAT_AND_TREE, place].concat()
}

/// Seals a value for a place; `None` for a rest of more than 64 KiB.
pub(super) fn seal(
    key: &[u8; 32],
    place: &[u8],
    rest: &[u8],
    value: &[u8],
    nonce: &[u8; NONCE],
) -> Option<Vec<u8>> {
    let len = u16::try_from(rest.len()).ok()?;
    let mut out = Vec::with_capacity(NONCE + LENGTH + rest.len() + value.len() + TAG);
    out.extend_from_slice(nonce);
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(rest);
    out.extend_from_slice(value);
    let cipher = XChaCha20Poly1305::new(key.into());
    let tag = cipher
        .encrypt_in_place_detached(XNonce::from_slice(nonce), &aad(place), &mut out[NONCE..])
        .expect("XChaCha20-Poly1305 seals anything below 256 GiB");
    out.extend_from_slice(&tag);
    Some(out)
}

/// The rest and the value again; `None` for anything that was not sealed so for this place.
pub(super) fn open(key: &[u8; 32], place: &[u8], stored: Vec<u8>) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut inner = stored;
    let end = inner.len().checked_sub(TAG).filter(|end| *end >= NONCE + LENGTH)?;
    let tag = *Tag::from_slice(&inner[end..]);
    inner.truncate(end);
    let (nonce, sealed) = inner.split_at_mut(NONCE);
    let cipher = XChaCha20Poly1305::new(key.into());
    let nonce = XNonce::from_slice(nonce);
    cipher.decrypt_in_place_detached(nonce, &aad(place), sealed, &tag).ok()?;
    let (len, words) = sealed.split_first_chunk::<LENGTH>()?;
    let len = usize::from(u16::from_le_bytes(*len));
    let rest = words.get(..len)?.to_vec();
    inner.drain(..NONCE + LENGTH + len);
    Some((rest, inner))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    const KEY: [u8; 32] = [0x42; 32];
    const ALIAS: &[u8] = b"\x04alias-of-a-thread";

    fn sealed() -> Vec<u8> {
        seal(&KEY, ALIAS, &[1, 2], b"Mia", &[7; NONCE]).unwrap()
    }

    #[test]
    fn a_value_opens_only_under_its_key_and_in_its_place() {
        let opened = Some((vec![1, 2], b"Mia".to_vec()));
        assert_eq!(open(&KEY, ALIAS, sealed()), opened);
        assert_eq!(open(&[0x43; 32], ALIAS, sealed()), None);
        assert_eq!(open(&KEY, b"\x04another", sealed()), None);
        assert_eq!(open(&KEY, b"", sealed()), None);
    }

    #[test]
    fn no_bit_can_be_flipped_and_nothing_cut_off() {
        let whole = sealed();
        for place in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[place] ^= 1 << bit;
                assert_eq!(open(&KEY, ALIAS, flipped), None, "bit {bit} of {place}");
            }
            assert_eq!(open(&KEY, ALIAS, whole[..place].to_vec()), None, "cut at {place}");
        }
    }

    /// Frozen: what was sealed by this version is opened by every later one.
    #[test]
    fn a_sealed_value_is_the_same_bytes_for_ever() {
        let hex: String = sealed().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "070707070707070707070707070707070707070707070707\
                         f50c846a2e28ff281ee56284633dd3cf0d05ff87a7a586"
        );
    }
}
