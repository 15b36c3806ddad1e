//! Dialling: names to addresses, addresses to a connection, failures to what they mean.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use quinn::{Connection, ConnectionError, Endpoint, EndpointConfig, TokioRuntime};
use tandem_engine::LinkFault;
use tandem_quic::Pin;
use tokio::{net::lookup_host, task::JoinSet, time::sleep};

use super::{Dial, counter};

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
    let pin = Pin::new(dial.relay.key);
    let broken = |error: String| LinkFault::Closed(error);
    let round_trip = dial.path.round_trip();
    let config = tandem_quic::client(Some(&dial.key), &pin, round_trip)
        .map_err(|error| broken(error.to_string()))?;
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
        .connect_with(config, address, tandem_quic::SERVER_NAME)
        .map_err(|error| broken(error.to_string()))?;
    match connecting.await {
        Ok(connection) => Ok((endpoint, connection)),
        Err(_) if pin.met_another() => Err(LinkFault::WrongKey),
        Err(error) => Err(fault(&error)),
    }
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
