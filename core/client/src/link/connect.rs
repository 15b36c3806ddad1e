//! Dialling: names to addresses, addresses to a connection, failures to what they mean.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use quinn::{
    ClientConfig, Connection, ConnectionError, Endpoint, EndpointConfig, TokioRuntime,
    TransportConfig, congestion::CubicConfig, crypto::rustls::QuicClientConfig,
};
use tandem_engine::LinkFault;
use tokio::{net::lookup_host, task::JoinSet, time::sleep};

use super::{Dial, counter, tls};

/// Bytes that may leave before the first acknowledgement: a whole trip's flush in one flight.
const FIRST_WINDOW: u64 = 64 << 10;
const KEEP_ALIVE: Duration = Duration::from_secs(10);
const MAX_IDLE_MS: u32 = 30_000;

/// Addresses of one name that are tried at most, and the head start of each before the next.
const MAX_ADDRESSES: usize = 4;
const HEAD_START: Duration = Duration::from_millis(250);

/// Connects to whichever of the relay's addresses answers first.
pub(super) async fn connect(dial: &Dial) -> Result<(Endpoint, Connection), LinkFault> {
    let addresses: Vec<SocketAddr> = match dial.instead {
        Some(address) => vec![address],
        None => lookup_host(dial.relay.address.as_str())
            .await
            .map_err(|_| LinkFault::Unreachable)?
            .take(MAX_ADDRESSES)
            .collect(),
    };
    let mut tries = JoinSet::new();
    for (before, address) in (0..).zip(addresses) {
        let dial = dial.clone();
        tries.spawn(async move {
            sleep(HEAD_START * before).await;
            connect_to(address, &dial).await
        });
    }
    let mut fault = LinkFault::Unreachable;
    while let Some(tried) = tries.join_next().await {
        match tried {
            Ok(Ok(connected)) => return Ok(connected),
            Ok(Err(LinkFault::WrongKey)) => return Err(LinkFault::WrongKey),
            Ok(Err(other)) if fault == LinkFault::Unreachable => fault = other,
            _ => {}
        }
    }
    Err(fault)
}

async fn connect_to(address: SocketAddr, dial: &Dial) -> Result<(Endpoint, Connection), LinkFault> {
    let wrong_key = Arc::new(AtomicBool::new(false));
    let broken = |error: String| LinkFault::Closed(error);
    let tls = tls::client(&dial.key, dial.relay.key, wrong_key.clone())
        .map_err(|error| broken(error.to_string()))?;
    let tls = QuicClientConfig::try_from(tls).map_err(|error| broken(error.to_string()))?;
    let mut config = ClientConfig::new(Arc::new(tls));
    config.transport_config(Arc::new(transport(dial)));
    let socket =
        counter::bind(address.is_ipv6(), &dial.counter).map_err(|_| LinkFault::Unreachable)?;
    let endpoint = Endpoint::new_with_abstract_socket(
        EndpointConfig::default(),
        None,
        socket,
        Arc::new(TokioRuntime),
    )
    .map_err(|_| LinkFault::Unreachable)?;
    let connecting = endpoint
        .connect_with(config, address, tls::SERVER_NAME)
        .map_err(|error| broken(error.to_string()))?;
    match connecting.await {
        Ok(connection) => Ok((endpoint, connection)),
        Err(_) if wrong_key.load(Ordering::Relaxed) => Err(LinkFault::WrongKey),
        Err(error) => Err(fault(&error)),
    }
}

/// quinn's defaults cost round trips and bytes on short connections; `docs/performance.md`.
fn transport(dial: &Dial) -> TransportConfig {
    let mut congestion = CubicConfig::default();
    congestion.initial_window(FIRST_WINDOW);
    let mut config = TransportConfig::default();
    config
        .congestion_controller_factory(Arc::new(congestion))
        .initial_rtt(dial.path.round_trip(&dial.relay))
        .mtu_discovery_config(None)
        .keep_alive_interval(Some(KEEP_ALIVE))
        .max_idle_timeout(Some(quinn::VarInt::from_u32(MAX_IDLE_MS).into()))
        .max_concurrent_bidi_streams(0u32.into())
        .max_concurrent_uni_streams(0u32.into())
        .datagram_receive_buffer_size(None);
    config
}

/// What a lost connection means.
pub(super) fn fault(error: &ConnectionError) -> LinkFault {
    match error {
        // A reset: the relay was restarted and does not know this connection any more.
        ConnectionError::TimedOut | ConnectionError::Reset => LinkFault::Unreachable,
        ConnectionError::LocallyClosed => LinkFault::HungUp,
        other => LinkFault::Closed(other.to_string()),
    }
}
