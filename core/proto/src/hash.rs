//! Hashing with a domain, so that no hash of one thing is ever the hash of another.

/// BLAKE3 over a domain and length-prefixed parts.
///
/// The domain is BLAKE3's `derive_key` context; each part is preceded by its length as eight
/// little-endian bytes, so that parts can't run into each other.
#[derive(Debug, Clone)]
pub struct Hasher(blake3::Hasher);

impl Hasher {
    /// Starts a hash in `domain`, a constant string of the form `tandem/thing/version`.
    #[must_use]
    pub fn new(domain: &'static str) -> Self {
        Self(blake3::Hasher::new_derive_key(domain))
    }

    /// Adds one part.
    #[must_use]
    pub fn part(mut self, bytes: &[u8]) -> Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// The 32-byte hash.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }
}

/// A key for `domain` out of secret parts.
#[must_use]
pub fn derive_key(domain: &'static str, parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Hasher::new(domain), |h, part| h.part(part)).finish()
}

/// BLAKE3's keyed hash (a PRF) over length-prefixed parts.
#[must_use]
pub fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}
