//! Ed25519 keys in the shapes that TLS has for them, and how a peer's signature is judged.

use std::sync::Arc;

use quinn::Connection;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, PeerMisbehaved, SignatureAlgorithm,
    SignatureScheme,
    client::danger::HandshakeSignatureValid,
    pki_types::CertificateDer,
    sign::{CertifiedKey, Signer, SigningKey},
};
use tandem_proto::{SecretKey, Signature, TransportKey};

/// A SubjectPublicKeyInfo of Ed25519 up to the key (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

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
pub(crate) fn shown(key: &SecretKey) -> Arc<CertifiedKey> {
    shown_with(key.public(), key)
}

/// Shows one key and signs with another; only a test has two.
pub(crate) fn shown_with(public: [u8; 32], signer: &SecretKey) -> Arc<CertifiedKey> {
    let public = CertificateDer::from([&SPKI[..], &public].concat());
    Arc::new(CertifiedKey::new(vec![public], Arc::new(Prover(signer.clone()))))
}

/// Whether a peer's signature over the handshake is that of the key it shows.
pub(crate) fn is_signed_by(
    shown: &CertificateDer<'_>,
    message: &[u8],
    signed: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    if signed.scheme != SignatureScheme::ED25519 {
        return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
    }
    let key = read(shown).ok_or(CertificateError::BadEncoding)?;
    let signature = signed.signature().try_into().map_err(|_| CertificateError::BadSignature)?;
    let verified = Signature::from_bytes(signature).verify_tls(&key, message);
    verified.map_err(|_| CertificateError::BadSignature)?;
    Ok(HandshakeSignatureValid::assertion())
}

/// Proves to the other side that this key is ours.
#[derive(Debug, Clone)]
struct Prover(SecretKey);

impl SigningKey for Prover {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let taken = offered.contains(&SignatureScheme::ED25519);
        taken.then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ED25519
    }
}

impl Signer for Prover {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature = self.0.sign_tls(message);
        let signature = signature
            .ok_or_else(|| Error::General("this is not what TLS 1.3 has signed".to_owned()))?;
        Ok(signature.to_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

/// How both verifiers judge what a peer signed: rustls has a trait for each side, with these methods in
/// both.
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
            key::is_signed_by(shown, message, signature)
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
