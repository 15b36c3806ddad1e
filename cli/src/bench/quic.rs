//! QUIC with the settings of the client and of the relay, for links that speak frames and keep
//! nothing, and for the bare relay.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use quinn::{
    ClientConfig, Connection, Endpoint, ServerConfig, TransportConfig, VarInt,
    congestion::CubicConfig,
    crypto::rustls::{QuicClientConfig, QuicServerConfig},
};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, SignatureScheme,
    client::{
        AlwaysResolvesClientRawPublicKeys, Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{ring::default_provider, verify_tls13_signature_with_raw_key},
    pki_types::{
        CertificateDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime,
    },
    server::{AlwaysResolvesServerRawPublicKeys, NoServerSessionStorage},
    sign::CertifiedKey,
    version::TLS13,
};
use tandem_proto::{ALPN, RelayKey, SecretKey};

use crate::error::Failure;

/// What stands before an Ed25519 key's 32 bytes in a SubjectPublicKeyInfo and in a PKCS #8 key.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

const FIRST_WINDOW: u64 = 64 << 10;
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// As the client: a shorter remembered round trip makes a busy relay look like a lost packet.
const SHORTEST: Duration = Duration::from_millis(20);

/// An endpoint from which links are dialled.
pub(super) fn endpoint() -> Result<Endpoint, Failure> {
    Ok(Endpoint::client((Ipv4Addr::LOCALHOST, 0).into())?)
}

/// Dials a relay, expecting its key and showing a device's, if there is one to be shown.
pub(super) async fn dial(
    endpoint: &Endpoint,
    address: SocketAddr,
    relay: RelayKey,
    device: Option<&SecretKey>,
    round_trip: Duration,
) -> Result<Connection, Failure> {
    let mut config = ClientConfig::new(Arc::new(client_tls(device, relay).map_err(broken)?));
    config.transport_config(Arc::new(client_transport(round_trip)));
    let connecting = endpoint.connect_with(config, address, "relay.invalid").map_err(broken)?;
    connecting.await.map_err(broken)
}

/// A listener of the bare relay.
pub(super) fn listen(key: &SecretKey) -> Result<Endpoint, Failure> {
    let mut config = ServerConfig::with_crypto(Arc::new(server_tls(key).map_err(broken)?));
    config.transport_config(Arc::new(server_transport()));
    Ok(Endpoint::server(config, (Ipv4Addr::LOCALHOST, 0).into())?)
}

/// Something of QUIC failed, in its words.
pub(super) fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::Client(format!("a link of the benchmark broke: {error}"))
}

fn client_transport(round_trip: Duration) -> TransportConfig {
    let mut congestion = CubicConfig::default();
    congestion.initial_window(FIRST_WINDOW);
    let mut transport = TransportConfig::default();
    transport
        .congestion_controller_factory(Arc::new(congestion))
        .initial_rtt(round_trip.max(SHORTEST))
        .mtu_discovery_config(None)
        .keep_alive_interval(Some(KEEP_ALIVE))
        .max_idle_timeout(Some(VarInt::from_u32(30_000).into()))
        .max_concurrent_bidi_streams(VarInt::from_u32(0))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .datagram_receive_buffer_size(None);
    transport
}

fn server_transport() -> TransportConfig {
    let mut congestion = CubicConfig::default();
    congestion.initial_window(FIRST_WINDOW);
    let mut transport = TransportConfig::default();
    transport
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(512 << 10))
        .receive_window(VarInt::from_u32(512 << 10))
        .send_window(512 << 10)
        .datagram_receive_buffer_size(None)
        .max_idle_timeout(Some(VarInt::from_u32(30_000).into()))
        .initial_rtt(Duration::from_millis(100))
        .mtu_discovery_config(None)
        .congestion_controller_factory(Arc::new(congestion));
    transport
}

fn client_tls(device: Option<&SecretKey>, relay: RelayKey) -> Result<QuicClientConfig, Error> {
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pin(relay)));
    let mut config = match device {
        Some(device) => {
            let shown = AlwaysResolvesClientRawPublicKeys::new(certified(device)?);
            config.with_client_cert_resolver(Arc::new(shown))
        }
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_sni = false;
    QuicClientConfig::try_from(config).map_err(|error| Error::General(error.to_string()))
}

fn server_tls(key: &SecretKey) -> Result<QuicServerConfig, Error> {
    let shown = Arc::new(AlwaysResolvesServerRawPublicKeys::new(certified(key)?));
    let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_cert_resolver(shown);
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    QuicServerConfig::try_from(config).map_err(|error| Error::General(error.to_string()))
}

fn certified(key: &SecretKey) -> Result<Arc<CertifiedKey>, Error> {
    let pkcs8 = PrivatePkcs8KeyDer::from([&PKCS8[..], key.seed()].concat());
    let signer = rustls::crypto::ring::sign::any_eddsa_type(&pkcs8)?;
    let public = CertificateDer::from([&SPKI[..], &key.public()].concat());
    Ok(Arc::new(CertifiedKey::new(vec![public], signer)))
}

#[derive(Debug)]
struct Pin(RelayKey);

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if shown.as_ref().strip_prefix(&SPKI) == Some(self.0.as_bytes()) {
            return Ok(ServerCertVerified::assertion());
        }
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
        let algorithms = default_provider().signature_verification_algorithms;
        verify_tls13_signature_with_raw_key(message, &key, signature, &algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}
