//! The dialling side: shows a device's key and expects the relay's.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use quinn::{ClientConfig, crypto::rustls::QuicClientConfig};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, SignatureScheme,
    client::{
        AlwaysResolvesClientRawPublicKeys, Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
    version::TLS13,
};
use tandem_proto::{ALPN, RelayKey, SecretKey};

use crate::{key, provider, transport};

/// A name for quinn's API; it is never sent, and a key is what is checked.
pub const SERVER_NAME: &str = "relay.invalid";

/// The relay's key that a dial expects, and whether somebody else answered.
#[derive(Debug, Clone)]
pub struct Pin {
    relay: RelayKey,
    another: Arc<AtomicBool>,
}

impl Pin {
    /// Expects this key.
    #[must_use]
    pub fn new(relay: RelayKey) -> Self {
        Self { relay, another: Arc::default() }
    }

    /// Whether a dial with this pin met another key: nothing was sent to it.
    #[must_use]
    pub fn met_another(&self) -> bool {
        self.another.load(Ordering::Relaxed)
    }
}

/// How to dial: expecting the relay's key, showing the device's if there is one to be shown, and
/// assuming the round trip of last time.
///
/// # Errors
/// When TLS does not take the settings.
pub fn client(
    device: Option<&SecretKey>,
    pin: &Pin,
    round_trip: Duration,
) -> Result<ClientConfig, Error> {
    let tls = tls(device, pin)?;
    let tls = QuicClientConfig::try_from(tls).map_err(|error| Error::General(error.to_string()))?;
    let mut config = ClientConfig::new(Arc::new(tls));
    config.transport_config(Arc::new(transport::client(round_trip)));
    Ok(config)
}

pub(crate) fn tls(device: Option<&SecretKey>, pin: &Pin) -> Result<rustls::ClientConfig, Error> {
    let config = rustls::ClientConfig::builder_with_provider(provider::provider())
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pinned(pin.clone())));
    let mut config = match device {
        Some(device) => {
            let shown = AlwaysResolvesClientRawPublicKeys::new(key::shown(device));
            config.with_client_cert_resolver(Arc::new(shown))
        }
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_early_data = false;
    config.enable_sni = false;
    Ok(config)
}

/// Takes the pinned key and no other.
#[derive(Debug)]
struct Pinned(Pin);

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if key::read(shown).as_ref() == Some(self.0.relay.as_bytes()) {
            return Ok(ServerCertVerified::assertion());
        }
        self.0.another.store(true, Ordering::Relaxed);
        Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    key::signed_by_the_key_shown!();
}
