//! TLS 1.3 with raw public keys both ways (RFC 7250): the relay's key is pinned, ours is shown.
//!
//! No tickets and no early data: on resumption a device that was shut out would still look
//! authenticated.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::{
        AlwaysResolvesClientRawPublicKeys, Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{
        WebPkiSupportedAlgorithms, ring::default_provider, verify_tls13_signature_with_raw_key,
    },
    pki_types::{
        CertificateDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime,
    },
    sign::CertifiedKey,
    version::TLS13,
};
use tandem_proto::{ALPN, RelayKey, SecretKey};

/// A name for quinn's API; it is never sent, and a key is what is checked.
pub(super) const SERVER_NAME: &str = "relay.invalid";

/// What stands before an Ed25519 key's 32 bytes in a SubjectPublicKeyInfo and in a PKCS #8 key.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// What to show and whom to expect. `wrong_key` is set when somebody else answers.
pub(super) fn client(
    key: &SecretKey,
    relay: RelayKey,
    wrong_key: Arc<AtomicBool>,
) -> Result<ClientConfig, Error> {
    let provider = Arc::new(default_provider());
    let pin = Pin { relay, wrong_key, algorithms: provider.signature_verification_algorithms };
    let shown = Arc::new(AlwaysResolvesClientRawPublicKeys::new(certified(key)?));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(pin))
        .with_client_cert_resolver(shown);
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_early_data = false;
    config.enable_sni = false;
    Ok(config)
}

/// A key in the shape that rustls shows.
pub(super) fn certified(key: &SecretKey) -> Result<Arc<CertifiedKey>, Error> {
    let pkcs8 = PrivatePkcs8KeyDer::from([&PKCS8[..], key.seed()].concat());
    let signer = rustls::crypto::ring::sign::any_eddsa_type(&pkcs8)?;
    let public = CertificateDer::from([&SPKI[..], &key.public()].concat());
    Ok(Arc::new(CertifiedKey::new(vec![public], signer)))
}

#[derive(Debug)]
struct Pin {
    relay: RelayKey,
    wrong_key: Arc<AtomicBool>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if shown.as_ref().strip_prefix(&SPKI) == Some(self.relay.as_bytes()) {
            return Ok(ServerCertVerified::assertion());
        }
        self.wrong_key.store(true, Ordering::Relaxed);
        Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("QUIC has no TLS 1.2".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let key = SubjectPublicKeyInfoDer::from(shown.as_ref());
        verify_tls13_signature_with_raw_key(message, &key, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}
