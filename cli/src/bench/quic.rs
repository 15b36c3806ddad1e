//! QUIC with the settings of the client and of the relay, for links that speak frames and keep
//! nothing, and for the bare relay.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use quinn::{Connection, Endpoint};
use tandem_proto::{RelayKey, SecretKey};
use tandem_quic::{Clients, Pin};

use crate::error::Failure;

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
    let config = tandem_quic::client(device, &Pin::new(relay), round_trip).map_err(broken)?;
    let connecting =
        endpoint.connect_with(config, address, tandem_quic::SERVER_NAME).map_err(broken)?;
    connecting.await.map_err(broken)
}

/// A listener of the bare relay.
pub(super) fn listen(key: &SecretKey) -> Result<Endpoint, Failure> {
    let config = tandem_quic::server(key, Clients::Unknown).map_err(broken)?;
    Ok(Endpoint::server(config, (Ipv4Addr::LOCALHOST, 0).into())?)
}

/// Something of QUIC failed, in its words.
pub(super) fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::Client(format!("a link of the benchmark broke: {error}"))
}
