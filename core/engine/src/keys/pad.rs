//! Padding: what a length gives away.
//!
//! Padme (Nikitin et al., 2019) rounds a length up so that it tells O(log log n) bits and costs
//! at most 12 %. It counts the whole ciphertext, tag included, which has at least 64 bytes. The
//! padding is a byte 0x80 and zeros; it has one right length, and another is refused.

/// Bytes that no ciphertext is below.
const SHORTEST: usize = 64;

/// Bytes of the authentication tag, which is counted with what is padded.
const TAG: usize = 16;

const MARK: u8 = 0x80;

/// The length to which `len` is rounded up.
fn padme(len: usize) -> usize {
    if len <= SHORTEST {
        return SHORTEST;
    }
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1usize << (exponent - kept)) - 1;
    len.saturating_add(mask) & !mask
}

/// How long a plaintext of `len` bytes is with its padding.
fn padded_len(len: usize) -> usize {
    padme(len.saturating_add(1 + TAG)) - TAG
}

/// The plaintext with its padding.
pub(super) fn pad(plain: &[u8]) -> Vec<u8> {
    let len = padded_len(plain.len());
    let mut out = Vec::with_capacity(len + TAG);
    out.extend_from_slice(plain);
    out.push(MARK);
    out.resize(len, 0);
    out
}

/// Takes the padding off; `None` when it is not the one that [`pad`] gives.
pub(super) fn unpad(mut padded: Vec<u8>) -> Option<Vec<u8>> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    if padded[end] != MARK || padded_len(end) != padded.len() {
        return None;
    }
    padded.truncate(end);
    Some(padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ciphertext_has_64_bytes_at_least_and_12_percent_more_at_most() {
        for len in 0..20_000 {
            let whole = padded_len(len) + TAG;
            let needed = len + 1 + TAG;
            assert!(whole >= needed.max(SHORTEST));
            assert!(whole <= SHORTEST.max(needed + needed * 12 / 100), "{needed} became {whole}");
        }
    }

    #[test]
    fn padding_comes_off_again_and_has_one_spelling() {
        for len in [0, 1, 47, 48, 300, 4096] {
            let plain = vec![0; len];
            let padded = pad(&plain);
            assert_eq!(unpad(padded.clone()), Some(plain));
            let longer = [&padded[..], &[0]].concat();
            assert_eq!(unpad(longer), None, "a longer padding is refused");
        }
        assert_eq!(unpad(vec![0; 64]), None);
        assert_eq!(unpad(Vec::new()), None);
    }
}
