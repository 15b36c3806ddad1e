//! Hashing with a domain, so that no hash of one thing is ever the hash of another.

use std::sync::OnceLock;

use blake3::hazmat::{ContextKey, HasherExt as _, hash_derive_key_context};

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

/// A domain that is hashed in so often that its own hash is kept.
///
/// Gives what [`Hasher`] gives in a domain of the same name.
#[derive(Debug)]
pub(crate) struct Domain {
    name: &'static str,
    key: OnceLock<ContextKey>,
}

impl Domain {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, key: OnceLock::new() }
    }

    pub(crate) fn hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        let key = self.key.get_or_init(|| hash_derive_key_context(self.name));
        // In place: a hasher is two kilobytes to be moved.
        let mut hasher = blake3::Hasher::new_from_context_key(key);
        update(&mut hasher, parts);
        *hasher.finalize().as_bytes()
    }
}

/// A key for `domain` out of secret parts.
#[must_use]
pub fn derive_key(domain: &'static str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(domain);
    update(&mut hasher, parts);
    *hasher.finalize().as_bytes()
}

/// BLAKE3's keyed hash (a PRF) over length-prefixed parts.
#[must_use]
pub fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    update(&mut hasher, parts);
    *hasher.finalize().as_bytes()
}

fn update(hasher: &mut blake3::Hasher, parts: &[&[u8]]) {
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_domain_hashes_as_any_other() {
        static KEPT: Domain = Domain::new("tandem/test/1");
        let cases: [&[&[u8]]; 4] = [&[], &[b"one"], &[b"one", &[7; 3000]], &[b"", b"", b"onetwo"]];
        for parts in cases {
            let plain = parts.iter().fold(Hasher::new("tandem/test/1"), |h, part| h.part(part));
            assert_eq!(KEPT.hash(parts), plain.finish());
            assert_eq!(derive_key("tandem/test/1", parts), KEPT.hash(parts));
        }
    }
}
