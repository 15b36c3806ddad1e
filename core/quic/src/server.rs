//! The listening side: shows the relay's key and learns the device's.

use std::sync::Arc;

use quinn::{ServerConfig, crypto::rustls::QuicServerConfig};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    pki_types::{CertificateDer, UnixTime},
    server::{
        AlwaysResolvesServerRawPublicKeys, NoServerSessionStorage,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
    sign::CertifiedKey,
    version::TLS13,
};
use tandem_proto::{ALPN, SecretKey};

use crate::{key, provider, transport};

/// What a listener asks of those who dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clients {
    /// To prove a key, any key. A newcomer has no thread yet and still needs the mailboxes, so
    /// what a key may do is not decided here.
    Proven,
    /// Nothing: for a listener that keeps nothing of anybody.
    Unknown,
}

/// How to listen with the relay's key.
///
/// # Errors
/// When TLS does not take the settings.
pub fn server(key: &SecretKey, clients: Clients) -> Result<ServerConfig, Error> {
    quic(tls(key::shown(key), clients)?)
}

pub(crate) fn quic(tls: rustls::ServerConfig) -> Result<ServerConfig, Error> {
    let tls = QuicServerConfig::try_from(tls).map_err(|error| Error::General(error.to_string()))?;
    let mut config = ServerConfig::with_crypto(Arc::new(tls));
    config.transport_config(Arc::new(transport::server()));
    Ok(config)
}

pub(crate) fn tls(
    shown: Arc<CertifiedKey>,
    clients: Clients,
) -> Result<rustls::ServerConfig, Error> {
    let config = rustls::ServerConfig::builder_with_provider(provider::provider())
        .with_protocol_versions(&[&TLS13])?;
    let config = match clients {
        Clients::Proven => config.with_client_cert_verifier(Arc::new(AnyDevice)),
        Clients::Unknown => config.with_no_client_auth(),
    };
    let shown = AlwaysResolvesServerRawPublicKeys::new(shown);
    let mut config = config.with_cert_resolver(Arc::new(shown));
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(config)
}

/// Takes whoever proves an Ed25519 key.
#[derive(Debug)]
struct AnyDevice;

impl ClientCertVerifier for AnyDevice {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        match key::read(shown) {
            Some(_) => Ok(ClientCertVerified::assertion()),
            None => Err(Error::InvalidCertificate(CertificateError::BadEncoding)),
        }
    }

    key::signed_by_the_key_shown!();
}
