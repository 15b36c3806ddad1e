//! Ed25519 keys in the shapes that TLS has for them, and how a peer's signature is judged.

use std::sync::Arc;

use quinn::Connection;
use rustls::{
    Error,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    sign::CertifiedKey,
};
use tandem_proto::{SecretKey, TransportKey};

/// A SubjectPublicKeyInfo of Ed25519 up to the key (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A PKCS #8 private key of Ed25519 up to the seed (RFC 8410).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// The key that a connected device has proven; `None` when it was not asked for one.
#[must_use]
pub fn device_key(connection: &Connection) -> Option<TransportKey> {
    let identity = connection.peer_identity()?;
    let shown = identity.downcast::<Vec<CertificateDer<'static>>>().ok()?;
    shown.first().and_then(|shown| read(shown)).map(TransportKey::new)
}

/// The key in what a peer shows; `None` when it is not an Ed25519 key.
pub(crate) fn read(shown: &CertificateDer<'_>) -> Option<[u8; 32]> {
    shown.as_ref().strip_prefix(&SPKI)?.try_into().ok()
}

/// A key in the shape that rustls shows, with what signs for it.
pub(crate) fn shown(key: &SecretKey) -> Result<Arc<CertifiedKey>, Error> {
    shown_with(key.public(), key)
}

/// Shows one key and signs with another; only a test has two.
pub(crate) fn shown_with(public: [u8; 32], signer: &SecretKey) -> Result<Arc<CertifiedKey>, Error> {
    let pkcs8 = PrivatePkcs8KeyDer::from([&PKCS8[..], signer.seed()].concat());
    let signer = ring::sign::any_eddsa_type(&pkcs8)?;
    let public = CertificateDer::from([&SPKI[..], &public].concat());
    Ok(Arc::new(CertifiedKey::new(vec![public], signer)))
}

/// The cryptography of both sides.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// How both verifiers judge what a peer signed: rustls has a trait for each side, with these methods
/// in both. They go with a field `provider`.
macro_rules! signed_by_the_key_shown {
    () => {
        fn verify_tls12_signature(
            &self,
            _message: &[u8],
            _shown: &CertificateDer<'_>,
            _signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Err(Error::General("QUIC has no TLS 1.2".to_owned()))
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            shown: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            let key = SubjectPublicKeyInfoDer::from(shown.as_ref());
            let algorithms = &self.provider.signature_verification_algorithms;
            verify_tls13_signature_with_raw_key(message, &key, signature, algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            vec![SignatureScheme::ED25519]
        }

        fn requires_raw_public_keys(&self) -> bool {
            true
        }
    };
}
pub(crate) use signed_by_the_key_shown;
