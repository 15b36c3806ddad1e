//! A raw client: QUIC, one stream, frames.

use std::{sync::Arc, time::Duration};

use quinn::{
    Connection, ConnectionError, Endpoint, RecvStream, SendStream, crypto::rustls::QuicClientConfig,
};
use rustls::{
    DigitallySignedStruct, SignatureScheme,
    client::{
        AlwaysResolvesClientRawPublicKeys, Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::verify_tls13_signature_with_raw_key,
    pki_types::{
        CertificateDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime,
    },
    sign::CertifiedKey,
};
use tandem_proto::{
    ALPN, Card, ClientToRelay, Decoded, DeviceKey, FrameReader, Greeting, Hello, PROTOCOL,
    PersonId, Push, RelayKey, RelayLink, RelayToClient, Role, RosterLink, SecretKey, Statement,
    ThreadId, ThreadKind, TransportKey, Wire, cursor_digest, cursor_root,
};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(10);
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A device that speaks frames and keeps nothing.
pub(super) struct Client {
    key: SecretKey,
    send: SendStream,
    recv: RecvStream,
    frames: FrameReader,
    connection: Connection,
    _endpoint: Endpoint,
}

/// The genesis of a thread founded by this device.
pub(super) fn genesis(device: &SecretKey, seed: u8) -> (ThreadId, Vec<u8>) {
    let founder = Card {
        person: PersonId::new([1; 16]),
        role: Role::Teacher,
        device: DeviceKey::new(device.public()),
        transport: TransportKey::new(device.public()),
    };
    let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [seed; 16], founder };
    let item = RosterLink::sign(device, None, statement).to_item();
    (ThreadId::of_genesis(&item), item)
}

impl Client {
    pub(super) async fn dial(link: &RelayLink, seed: u8) -> Self {
        Self::try_dial(link, seed).await.unwrap()
    }

    pub(super) async fn try_dial(link: &RelayLink, seed: u8) -> Result<Self, ConnectionError> {
        let key = SecretKey::from_seed([seed; 32]);
        let (endpoint, connection) = connect(link, config(Some(&key), link.key)).await;
        let connection = connection?;
        let (send, recv) = connection.open_bi().await?;
        let frames = FrameReader::new();
        Ok(Self { key, send, recv, frames, connection, _endpoint: endpoint })
    }

    pub(super) fn is_open(&self) -> bool {
        self.connection.close_reason().is_none()
    }

    /// The code with which the relay closes the connection.
    pub(super) async fn closed(&self) -> u64 {
        match self.connection.closed().await {
            ConnectionError::ApplicationClosed(close) => close.error_code.into_inner(),
            other => panic!("{other}"),
        }
    }

    pub(super) fn device(&self) -> &SecretKey {
        &self.key
    }

    pub(super) async fn send_bytes(&mut self, bytes: &[u8]) {
        self.send.write_all(bytes).await.unwrap();
    }

    pub(super) async fn send(&mut self, frame: &ClientToRelay) {
        self.send_bytes(&frame.to_bytes()).await;
    }

    pub(super) async fn send_hello(&mut self) {
        let digest = cursor_digest(&cursor_root([]));
        let hello = Hello { version: PROTOCOL, generation: None, digest };
        self.send(&ClientToRelay::Hello(hello)).await;
    }

    pub(super) async fn hello(&mut self) -> Greeting {
        self.send_hello().await;
        match self.next().await {
            RelayToClient::Greeting(greeting) => greeting,
            other => panic!("not greeted but {other:?}"),
        }
    }

    pub(super) async fn push(&mut self, thread: ThreadId, item: &[u8]) {
        let item = item.to_vec().try_into().unwrap();
        let push = Push { thread, items: vec![item].try_into().unwrap() };
        self.send(&ClientToRelay::Push(push)).await;
    }

    /// The next frame.
    pub(super) async fn next(&mut self) -> RelayToClient {
        loop {
            match self.frames.next_frame().unwrap() {
                Some(Decoded::Frame(frame)) => return frame,
                Some(Decoded::Unknown(tag)) => panic!("unknown frame {tag}"),
                None => {}
            }
            let chunk = timeout(PATIENCE, self.recv.read_chunk(1 << 16, true)).await.unwrap();
            self.frames.feed(&chunk.unwrap().expect("a frame before the end").bytes);
        }
    }
}

/// A handshake without a key of one's own.
pub(super) async fn shows_no_key(link: &RelayLink) -> Result<Connection, ConnectionError> {
    connect(link, config(None, link.key)).await.1
}

async fn connect(
    link: &RelayLink,
    config: quinn::ClientConfig,
) -> (Endpoint, Result<Connection, ConnectionError>) {
    let mut endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    endpoint.set_default_client_config(config);
    let address = link.address.as_str().parse().unwrap();
    let connection = endpoint.connect(address, "tandem.invalid").unwrap().await;
    (endpoint, connection)
}

fn config(key: Option<&SecretKey>, relay: RelayKey) -> quinn::ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pin(relay)));
    let mut tls = match key {
        None => tls.with_no_client_auth(),
        Some(key) => {
            let pkcs8 = PrivatePkcs8KeyDer::from([&PKCS8[..], key.seed()].concat());
            let signing = rustls::crypto::ring::sign::any_eddsa_type(&pkcs8).unwrap();
            let public = CertificateDer::from([&SPKI[..], &key.public()].concat());
            let own = Arc::new(CertifiedKey::new(vec![public], signing));
            tls.with_client_cert_resolver(Arc::new(AlwaysResolvesClientRawPublicKeys::new(own)))
        }
    };
    tls.alpn_protocols = vec![ALPN.to_vec()];
    tls.resumption = Resumption::disabled();
    tls.enable_sni = false;
    quinn::ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls).unwrap()))
}

#[derive(Debug)]
struct Pin(RelayKey);

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        assert_eq!(certificate.as_ref(), [&SPKI[..], self.0.as_bytes()].concat());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        unreachable!("QUIC has no TLS 1.2")
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let key = SubjectPublicKeyInfoDer::from(certificate.as_ref());
        let algorithms = rustls::crypto::ring::default_provider().signature_verification_algorithms;
        verify_tls13_signature_with_raw_key(message, &key, signature, &algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}
