//! Ed25519 signatures, each in a domain of its own.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A signature did not verify, or its key is not a point that can sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// An Ed25519 signature, 64 bytes on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature([[u8; 32]; 2]);

impl Signature {
    /// Takes the 64 bytes as they are; they are checked when verified.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 64]) -> Self {
        let (mut r, mut s) = ([0; 32], [0; 32]);
        r.copy_from_slice(&bytes[..32]);
        s.copy_from_slice(&bytes[32..]);
        Self([r, s])
    }

    /// The 64 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut out = [0; 64];
        out[..32].copy_from_slice(&self.0[0]);
        out[32..].copy_from_slice(&self.0[1]);
        out
    }

    /// Checks that `key` signed `parts` in `domain` (RFC 8032, strict: no small-order keys).
    ///
    /// # Errors
    /// [`BadSignature`], without saying which check failed.
    pub fn verify(
        &self,
        key: &[u8; 32],
        domain: &'static str,
        parts: &[&[u8]],
    ) -> Result<(), BadSignature> {
        let key = VerifyingKey::from_bytes(key).map_err(|_| BadSignature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&self.to_bytes());
        key.verify_strict(&message(domain, parts), &signature).map_err(|_| BadSignature)
    }
}

impl Signature {
    /// Checks that `key` signed `content` as MLS signs ([`SecretKey::sign_mls`]); strict.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify_mls(&self, key: &[u8; 32], content: &[u8]) -> Result<(), BadSignature> {
        let key = VerifyingKey::from_bytes(key).map_err(|_| BadSignature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&self.to_bytes());
        let labelled = is_mls(content).then_some(content).ok_or(BadSignature)?;
        key.verify_strict(labelled, &signature).map_err(|_| BadSignature)
    }
}

impl Signature {
    /// Checks that `key` signed `content` as TLS 1.3 signs ([`SecretKey::sign_tls`]); strict.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify_tls(&self, key: &[u8; 32], content: &[u8]) -> Result<(), BadSignature> {
        let key = VerifyingKey::from_bytes(key).map_err(|_| BadSignature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&self.to_bytes());
        let padded = is_tls(content).then_some(content).ok_or(BadSignature)?;
        key.verify_strict(padded, &signature).map_err(|_| BadSignature)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

/// An Ed25519 secret key: a device's identity, its transport key, or the relay's.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 32]>, SigningKey);

impl SecretKey {
    /// The key behind 32 secret random bytes (RFC 8032 seed).
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let signing = SigningKey::from_bytes(&seed);
        Self(Zeroizing::new(seed), signing)
    }

    /// The secret seed, for storing.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.0
    }

    /// The public key's 32 bytes.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.1.verifying_key().to_bytes()
    }

    /// Signs `parts` in `domain`. Deterministic.
    #[must_use]
    pub fn sign(&self, domain: &'static str, parts: &[&[u8]]) -> Signature {
        Signature::from_bytes(&self.1.sign(&message(domain, parts)).to_bytes())
    }

    /// Signs a `SignContent` of MLS (RFC 9420, 5.1.2) as it is; `None` for anything else.
    ///
    /// MLS separates its domains by a label in front of what is signed, where [`SecretKey::sign`]
    /// signs a hash that is derived in the domain. Neither can be taken for the other: ours are 32
    /// bytes, and this signs only what is longer and begins with MLS's label.
    #[must_use]
    pub fn sign_mls(&self, content: &[u8]) -> Option<Signature> {
        is_mls(content).then(|| Signature::from_bytes(&self.1.sign(content).to_bytes()))
    }

    /// Signs what proves in a TLS 1.3 handshake who speaks (`CertificateVerify`, RFC 8446, 4.4.3) as it
    /// is; `None` for anything else.
    ///
    /// TLS puts 64 spaces and a name in front, so that nothing else that is signed here can be taken for
    /// it: ours are 32 bytes, and MLS's begin with a length and its label.
    #[must_use]
    pub fn sign_tls(&self, content: &[u8]) -> Option<Signature> {
        is_tls(content).then(|| Signature::from_bytes(&self.1.sign(content).to_bytes()))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// What is really signed: the domain's hash over the length-prefixed parts.
fn message(domain: &'static str, parts: &[&[u8]]) -> [u8; 32] {
    crate::hash::derive_key(domain, parts)
}

/// Whether this is what MLS signs: one byte of length, then a label that begins like this.
fn is_mls(content: &[u8]) -> bool {
    content.len() > 32 && content.get(1..9) == Some(b"MLS 1.0 ")
}

/// Whether this is what TLS 1.3 signs.
fn is_tls(content: &[u8]) -> bool {
    let named = content.strip_prefix(&[b' '; 64]);
    named.is_some_and(|rest| {
        rest.starts_with(b"TLS 1.3, client CertificateVerify\0")
            || rest.starts_with(b"TLS 1.3, server CertificateVerify\0")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_key_domain_and_parts_only() {
        let key = SecretKey::from_seed([1; 32]);
        let signature = key.sign("tandem/test/1", &[b"a", b"b"]);
        assert_eq!(signature.verify(&key.public(), "tandem/test/1", &[b"a", b"b"]), Ok(()));
        assert!(signature.verify(&key.public(), "tandem/test/2", &[b"a", b"b"]).is_err());
        assert!(signature.verify(&key.public(), "tandem/test/1", &[b"ab", b""]).is_err());
        assert!(signature.verify(&[0; 32], "tandem/test/1", &[b"a", b"b"]).is_err());
    }

    #[test]
    fn what_mls_signs_is_nothing_that_a_domain_signs() {
        let key = SecretKey::from_seed([1; 32]);
        let content = b"\x13MLS 1.0 LeafNodeTBS and the content that follows it";
        let signature = key.sign_mls(content).expect("labelled as MLS does");
        assert_eq!(signature.verify_mls(&key.public(), content), Ok(()));
        assert!(signature.verify_mls(&key.public(), &content[..40]).is_err());
        assert!(signature.verify_mls(&[0; 32], content).is_err());
        assert!(key.sign_mls(&message("tandem/test/1", &[b"a"])).is_none(), "a hash of ours");
        assert!(key.sign_mls(&content[..32]).is_none(), "as long as a hash of ours");
        assert!(key.sign_mls(&[0; 100]).is_none(), "without the label");
    }

    #[test]
    fn a_key_of_small_order_proves_nothing() {
        // The neutral point as key and as commitment: the equation that is not strict holds for every message.
        let (mut neutral, mut bytes) = ([0; 32], [0; 64]);
        (neutral[0], bytes[0]) = (1, 1);
        let lenient = VerifyingKey::from_bytes(&neutral).expect("a point");
        let signed = ed25519_dalek::Signature::from_bytes(&bytes);
        let tls = [&[b' '; 64][..], b"TLS 1.3, server CertificateVerify\0", &[7; 32]].concat();
        let mls = b"\x13MLS 1.0 LeafNodeTBS and the content that follows it";
        assert!(
            ed25519_dalek::Verifier::verify(&lenient, &tls, &signed).is_ok(),
            "else not a test"
        );
        let signature = Signature::from_bytes(&bytes);
        assert!(signature.verify_tls(&neutral, &tls).is_err());
        assert!(signature.verify_mls(&neutral, mls).is_err());
        assert!(signature.verify(&neutral, "tandem/test/1", &[b"a"]).is_err());
    }

    #[test]
    fn what_tls_signs_is_nothing_that_a_domain_or_mls_signs() {
        let key = SecretKey::from_seed([1; 32]);
        let content = [&[b' '; 64][..], b"TLS 1.3, client CertificateVerify\0", &[7; 32]].concat();
        let signature = key.sign_tls(&content).expect("padded and named as TLS does");
        assert_eq!(signature.verify_tls(&key.public(), &content), Ok(()));
        assert!(signature.verify_tls(&key.public(), &content[..120]).is_err());
        assert!(signature.verify_tls(&[0; 32], &content).is_err());
        assert!(key.sign_mls(&content).is_none());
        assert!(key.sign_tls(&message("tandem/test/1", &[b"a"])).is_none(), "a hash of ours");
        assert!(key.sign_tls(&content[1..]).is_none(), "with a space less");
        assert!(key.sign_tls(b"\x13MLS 1.0 LeafNodeTBS and the content that follows it").is_none());
    }
}
