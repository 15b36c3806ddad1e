#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use quinn::{
    ClientConfig, Connection, ConnectionError, Endpoint, Incoming, ServerConfig,
    crypto::rustls::QuicClientConfig,
};
use rustls::{
    CipherSuite, NamedGroup,
    client::{AlwaysResolvesClientRawPublicKeys, Resumption},
    pki_types::CertificateDer,
};
use tandem_proto::{RelayKey, SecretKey, TransportKey};

use super::*;

const RELAY: u8 = 1;
const DEVICE: u8 = 100;

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

fn pin(seed: u8) -> Pin {
    Pin::new(RelayKey::new(secret(seed).public()))
}

fn listen(config: ServerConfig) -> (Endpoint, SocketAddr) {
    let endpoint = Endpoint::server(config, (Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = endpoint.local_addr().unwrap();
    (endpoint, address)
}

fn relay(clients: Clients) -> (Endpoint, SocketAddr) {
    listen(server(&secret(RELAY), clients).unwrap())
}

fn device(shown: Option<&SecretKey>, pin: &Pin) -> ClientConfig {
    client(shown, pin, Duration::ZERO).unwrap()
}

fn dialler() -> Endpoint {
    Endpoint::client((Ipv4Addr::LOCALHOST, 0).into()).unwrap()
}

/// Dials; what each end came to.
async fn meet(
    listener: &Endpoint,
    address: SocketAddr,
    config: ClientConfig,
) -> (Result<Connection, ConnectionError>, Result<Connection, ConnectionError>, Endpoint) {
    let dialler = dialler();
    let dialled = dialler.connect_with(config, address, SERVER_NAME).unwrap();
    let accepted = async { listener.accept().await.map(Incoming::into_future).unwrap().await };
    let (near, far) = tokio::join!(dialled, accepted);
    (near, far, dialler)
}

/// One word there and back: whatever the listener has to say of the handshake has come by then.
async fn word(near: &Connection, far: &Connection) {
    let (mut send, mut answer) = near.open_bi().await.unwrap();
    send.write_all(b"word").await.unwrap();
    let (mut back, mut heard) = far.accept_bi().await.unwrap();
    let mut bytes = [0; 4];
    heard.read_exact(&mut bytes).await.unwrap();
    back.write_all(&bytes).await.unwrap();
    answer.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"word");
}

#[tokio::test]
async fn the_relay_learns_the_key_that_a_device_proves() {
    let (listener, address) = relay(Clients::Proven);
    let pin = pin(RELAY);
    let config = device(Some(&secret(DEVICE)), &pin);
    let (near, far, _dialler) = meet(&listener, address, config).await;
    word(&near.unwrap(), far.as_ref().unwrap()).await;
    assert_eq!(device_key(&far.unwrap()), Some(TransportKey::new(secret(DEVICE).public())));
    assert!(!pin.met_another());
}

#[tokio::test]
async fn another_key_than_the_pinned_one_is_refused_and_told_apart() {
    let (listener, address) = relay(Clients::Proven);
    let pin = pin(RELAY + 1);
    let (near, far, _dialler) = meet(&listener, address, device(Some(&secret(DEVICE)), &pin)).await;
    assert!(near.is_err() && far.is_err());
    assert!(pin.met_another());
}

#[tokio::test]
async fn a_relay_that_shows_the_pinned_key_but_can_not_sign_with_it_is_refused() {
    let shown = key::shown_with(secret(RELAY).public(), &secret(RELAY + 1));
    let tls = server::tls(shown, Clients::Proven).unwrap();
    let (listener, address) = listen(server::quic(tls).unwrap());
    let config = device(Some(&secret(DEVICE)), &pin(RELAY));
    let (near, far, _dialler) = meet(&listener, address, config).await;
    assert!(near.is_err() && far.is_err());
}

#[tokio::test]
async fn a_device_that_shows_a_key_which_is_not_its_own_is_refused() {
    let (listener, address) = relay(Clients::Proven);
    let shown = key::shown_with(secret(DEVICE).public(), &secret(DEVICE + 1));
    let mut tls = client::tls(Some(&secret(DEVICE)), &pin(RELAY)).unwrap();
    tls.client_auth_cert_resolver = Arc::new(AlwaysResolvesClientRawPublicKeys::new(shown));
    let config = ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls).unwrap()));
    let (near, far, _dialler) = meet(&listener, address, config).await;
    assert!(far.is_err());
    // The dialling side hears of it only when it wants something.
    if let Ok(near) = near {
        assert!(near.accept_bi().await.is_err());
    }
}

#[tokio::test]
async fn a_device_that_shows_no_key_is_refused_where_keys_are_asked_for() {
    let (listener, address) = relay(Clients::Proven);
    let (_, far, _dialler) = meet(&listener, address, device(None, &pin(RELAY))).await;
    assert!(far.is_err());

    let (listener, address) = relay(Clients::Unknown);
    let (near, far, _dialler) = meet(&listener, address, device(None, &pin(RELAY))).await;
    word(&near.unwrap(), far.as_ref().unwrap()).await;
    assert_eq!(device_key(&far.unwrap()), None);
}

/// Dials twice with the same settings; whether the second could have sent before an answer came.
async fn resumes(listener: &Endpoint, address: SocketAddr) -> bool {
    // A device of somebody else's making, that would take what it is offered.
    let mut tls = client::tls(Some(&secret(DEVICE)), &pin(RELAY)).unwrap();
    tls.resumption = Resumption::in_memory_sessions(8);
    tls.enable_early_data = true;
    let config = ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls).unwrap()));
    let (near, far, _dialler) = meet(listener, address, config.clone()).await;
    word(&near.unwrap(), &far.unwrap()).await;
    dialler().connect_with(config, address, SERVER_NAME).unwrap().into_0rtt().is_ok()
}

#[tokio::test]
async fn nothing_is_offered_that_a_removed_device_could_resume_with() {
    let (listener, address) = relay(Clients::Proven);
    assert!(!resumes(&listener, address).await);

    // With tickets it would: what is tested above is not merely that nobody asks.
    let shown = key::shown(&secret(RELAY));
    let mut tls = server::tls(shown, Clients::Proven).unwrap();
    tls.send_tls13_tickets = 2;
    tls.max_early_data_size = u32::MAX;
    tls.session_storage = rustls::server::ServerSessionMemoryCache::new(8);
    let (listener, address) = listen(server::quic(tls).unwrap());
    assert!(resumes(&listener, address).await);
}

#[test]
fn only_an_ed25519_key_of_full_length_is_read() {
    let shown = key::shown(&secret(DEVICE)).cert[0].to_vec();
    let read = |bytes: &[u8]| key::read(&CertificateDer::from(bytes.to_vec()));
    assert_eq!(read(&shown), Some(secret(DEVICE).public()));
    assert_eq!(read(&shown[..43]), None);
    assert_eq!(read(&[&shown[..], &[0]].concat()), None);
    assert_eq!(read(&[]), None);
    // The last byte of the algorithm: Ed448 and X25519 are its neighbours.
    for other in [0x6e, 0x71] {
        let mut shown = shown.clone();
        shown[8] = other;
        assert_eq!(read(&shown), None);
    }
}

#[test]
fn what_is_offered_is_what_both_ends_speak_and_nothing_else() {
    let offered = provider::provider();
    let groups: Vec<_> = offered.kx_groups.iter().map(|group| group.name()).collect();
    assert_eq!(groups, [NamedGroup::X25519]);
    let suites: Vec<_> = offered.cipher_suites.iter().map(|suite| suite.suite()).collect();
    // The first is what QUIC protects a connection's first packets with (RFC 9001, 5.2).
    let spoken =
        [CipherSuite::TLS13_AES_128_GCM_SHA256, CipherSuite::TLS13_CHACHA20_POLY1305_SHA256];
    assert_eq!(suites, spoken);
}
