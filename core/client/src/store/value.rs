//! What is wrapped around a value so that a wrong one is noticed.

use tandem_engine::Key;

use super::StoreError;

/// Bytes of a checksum. It guards against disks, not against people: 64 bits are plenty.
pub(super) const CHECKSUM: usize = 8;

/// The checksum of a value under its key; another key's value does not pass here.
pub(super) fn checksum(key: &[u8], value: &[u8]) -> [u8; CHECKSUM] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(key.len() as u64).to_le_bytes());
    hasher.update(key);
    hasher.update(value);
    let mut out = [0; CHECKSUM];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..CHECKSUM]);
    out
}

/// What is said of a value that does not pass.
pub(super) fn damaged(key: &[u8]) -> StoreError {
    StoreError::Damaged(format!("the record {:?}", Key::new(key.to_vec())))
}

/// Checksum, then value.
pub(super) fn wrap(key: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(CHECKSUM + value.len());
    out.extend_from_slice(&checksum(key, value));
    out.extend_from_slice(value);
    out
}

/// The value inside, if it is the one that was written under this key.
pub(super) fn unwrap(key: &[u8], stored: &[u8]) -> Result<Vec<u8>, StoreError> {
    match stored.split_first_chunk::<CHECKSUM>() {
        Some((sum, value)) if *sum == checksum(key, value) => Ok(value.to_vec()),
        _ => Err(damaged(key)),
    }
}
