//! The primitives of the one suite, by the crates of RustCrypto and dalek: HKDF-SHA-256 (RFC 5869), X25519
//! (RFC 7748), ChaCha20-Poly1305 (RFC 8439).
//!
//! The HPKE library's own provider calls the same crates, and has other suites beside: three curves and a cipher
//! that nobody here asks for, which a linker can't know and a phone would carry. A test compares the two.

use chacha20poly1305::{
    ChaCha20Poly1305,
    aead::{Aead as _, KeyInit as _, Payload},
};
use hkdf::Hkdf;
use hpke_rs_crypto::error::Error;
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};

/// Bytes of a nonce.
const NONCE: usize = 12;

/// HKDF's extract.
pub(super) fn extract(salt: &[u8], ikm: &[u8]) -> Vec<u8> {
    Hkdf::<Sha256>::extract(Some(salt), ikm).0.to_vec()
}

/// HKDF's expand, to `len` bytes.
pub(super) fn expand(prk: &[u8], info: &[u8], len: usize) -> Result<Vec<u8>, Error> {
    let hkdf = Hkdf::<Sha256>::from_prk(prk).map_err(|_| Error::HpkeInvalidOutputLength)?;
    // No key material of HKDF is longer than this, whatever is asked for (RFC 5869, 2.3).
    let mut okm = vec![0; len.min(255 * 32 + 1)];
    hkdf.expand(info, &mut okm).map_err(|_| Error::HpkeInvalidOutputLength)?;
    Ok(okm)
}

/// What a secret and another's public key come to. A public key of small order, which comes to nothing but zeros,
/// is none (RFC 9180, 7.1.4).
pub(super) fn dh(public: &[u8], secret: &[u8]) -> Result<Vec<u8>, Error> {
    let public: [u8; 32] = public.try_into().map_err(|_| Error::KemInvalidPublicKey)?;
    let shared = secret_of(secret)?.diffie_hellman(&PublicKey::from(public));
    if !shared.was_contributory() {
        return Err(Error::KemInvalidPublicKey);
    }
    Ok(shared.as_bytes().to_vec())
}

/// The public key of a secret.
pub(super) fn public_of(secret: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(PublicKey::from(&secret_of(secret)?).as_bytes().to_vec())
}

fn secret_of(secret: &[u8]) -> Result<StaticSecret, Error> {
    let secret: [u8; 32] = secret.try_into().map_err(|_| Error::KemInvalidSecretKey)?;
    Ok(StaticSecret::from(secret))
}

/// Seals with a key and a nonce that are used once.
pub(super) fn seal(key: &[u8], nonce: &[u8], aad: &[u8], msg: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Error::AeadInvalidNonce)?;
    cipher(key)?.encrypt(&nonce.into(), Payload { msg, aad }).map_err(|_| {
        // The one way to fail is a message of 256 GB.
        Error::CryptoLibraryError("too long to be sealed".to_owned())
    })
}

/// Opens what [`seal`] sealed.
pub(super) fn open(key: &[u8], nonce: &[u8], aad: &[u8], msg: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Error::AeadInvalidNonce)?;
    cipher(key)?.decrypt(&nonce.into(), Payload { msg, aad }).map_err(|_| Error::AeadOpenError)
}

fn cipher(key: &[u8]) -> Result<ChaCha20Poly1305, Error> {
    ChaCha20Poly1305::new_from_slice(key)
        .map_err(|_| Error::CryptoLibraryError("a key of another length".to_owned()))
}
