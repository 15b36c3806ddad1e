//! XChaCha20-Poly1305, and the nonce that follows from what is sealed.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use tandem_proto::keyed_hash;

use super::pad::{pad, unpad};

/// Bytes of a nonce on the wire.
pub(crate) const NONCE: usize = 16;

/// Two keys of one purpose: one seals, one makes nonces.
pub(crate) struct SealingKeys {
    /// The AEAD's key.
    pub(crate) seal: zeroize::Zeroizing<[u8; 32]>,
    /// The nonce hash's key.
    pub(crate) nonce: zeroize::Zeroizing<[u8; 32]>,
}

impl SealingKeys {
    /// The nonce of this plaintext: the first 16 bytes of a keyed hash of AAD and padded plaintext.
    /// The same words give the same bytes; other words give another nonce, also on a phone that
    /// was restored from an old copy, where a counter would start again.
    fn nonce_of(&self, aad: &[u8], padded: &[u8]) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&keyed_hash(&self.nonce, &[aad, padded])[..NONCE]);
        nonce
    }

    /// Pads and seals; gives the nonce and the ciphertext. `forced` takes the nonce's place, for
    /// the planted fault.
    pub(crate) fn seal(
        &self,
        aad: &[u8],
        plain: &[u8],
        forced: Option<[u8; NONCE]>,
    ) -> ([u8; NONCE], Vec<u8>) {
        let padded = pad(plain);
        let nonce = forced.unwrap_or_else(|| self.nonce_of(aad, &padded));
        (nonce, encrypt(&self.seal, &wide(&nonce), aad, &padded))
    }

    /// Opens what [`SealingKeys::seal`] made; `None` when anything at all is not as it makes it,
    /// the nonce included: another nonce over the same words is a second spelling of them.
    pub(crate) fn open(&self, aad: &[u8], nonce: &[u8; NONCE], sealed: &[u8]) -> Option<Vec<u8>> {
        let padded = decrypt(&self.seal, &wide(nonce), aad, sealed)?;
        if self.nonce_of(aad, &padded) != *nonce {
            return None;
        }
        unpad(padded)
    }
}

/// The 24-byte nonce: our 16 bytes, then zeros. HChaCha20 takes exactly the first 16 bytes, to
/// derive a key of their own; the last 8 are the nonce under that key, which is used once.
fn wide(nonce: &[u8; NONCE]) -> XNonce {
    let mut out = XNonce::default();
    out[..NONCE].copy_from_slice(nonce);
    out
}

/// Pads and seals under a key that seals nothing else; see the caller for why that holds.
pub(crate) fn seal_once(key: &[u8; 32], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    encrypt(key, &XNonce::default(), aad, &pad(plain))
}

/// Opens what [`seal_once`] made.
pub(crate) fn open_once(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    unpad(decrypt(key, &XNonce::default(), aad, sealed)?)
}

fn encrypt(key: &[u8; 32], nonce: &XNonce, aad: &[u8], msg: &[u8]) -> Vec<u8> {
    XChaCha20Poly1305::new(key.into())
        .encrypt(nonce, Payload { msg, aad })
        .expect("XChaCha20-Poly1305 seals anything below 256 GiB")
}

fn decrypt(key: &[u8; 32], nonce: &XNonce, aad: &[u8], msg: &[u8]) -> Option<Vec<u8>> {
    XChaCha20Poly1305::new(key.into()).decrypt(nonce, Payload { msg, aad }).ok()
}
