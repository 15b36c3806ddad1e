//! The QUIC endpoint: its settings, and the door.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use quinn::{Endpoint, ServerConfig, TransportConfig, VarInt, congestion::CubicConfig};
use tandem_proto::SecretKey;
use tandem_relay::ConnId;
use tokio::sync::mpsc::Sender;

use super::{
    ConnEvent, connection,
    gate::{Admission, Gate},
    tls,
};
use crate::{config::Limits, metrics::Metrics};

/// What every connection shares.
#[derive(Debug)]
pub(crate) struct Context {
    /// To the driver.
    pub(crate) events: Sender<ConnEvent>,
    /// The operator's limits.
    pub(crate) limits: Limits,
    /// The counters.
    pub(crate) metrics: Metrics,
    /// The last connection's number.
    pub(crate) last: AtomicU64,
}

impl Context {
    /// A number that no connection had before.
    pub(super) fn number(&self) -> ConnId {
        ConnId(self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// Binds the endpoint.
///
/// # Errors
/// When the address can't be bound, or TLS does not take the key.
pub(crate) fn bind(address: SocketAddr, key: &SecretKey) -> io::Result<Endpoint> {
    let tls = tls::server(key).map_err(io::Error::other)?;
    let mut config = ServerConfig::with_crypto(Arc::new(tls));
    config
        .transport_config(Arc::new(transport()))
        // Strangers' first packets, held until the door looks at them.
        .max_incoming(4096)
        .incoming_buffer_size(16 << 10)
        .incoming_buffer_size_total(16 << 20);
    let socket = std::net::UdpSocket::bind(address)?;
    let runtime = quinn::default_runtime().ok_or_else(|| io::Error::other("no runtime"))?;
    Endpoint::new(super::reset::endpoint(key), Some(config), socket, runtime)
}

/// Small where an idle connection pays for it, wide where a flush does.
fn transport() -> TransportConfig {
    let mut congestion = CubicConfig::default();
    congestion.initial_window(64 << 10);
    let mut transport = TransportConfig::default();
    transport
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(512 << 10))
        .receive_window(VarInt::from_u32(512 << 10))
        .send_window(512 << 10)
        .datagram_receive_buffer_size(None)
        .max_idle_timeout(Some(VarInt::from_u32(30_000).into()))
        // The default of 333 ms spreads the first flight; wrong by half costs nothing.
        .initial_rtt(Duration::from_millis(100))
        // Probes are two thirds of a quiet reconnect's bytes.
        .mtu_discovery_config(None)
        .congestion_controller_factory(Arc::new(congestion));
    transport
}

/// Takes connections in until the endpoint is closed.
pub(crate) async fn listen(endpoint: Endpoint, context: Arc<Context>) {
    let gate = Gate::new(context.limits.clone());
    while let Some(incoming) = endpoint.accept().await {
        let proven = incoming.remote_address_validated();
        match gate.admit(incoming.remote_address().ip(), proven) {
            Admission::Admit(seat) => {
                tokio::spawn(connection::serve(incoming, seat, context.clone()));
            }
            Admission::Prove => {
                if let Err(error) = incoming.retry() {
                    // It has proven its address after all.
                    error.into_incoming().refuse();
                }
            }
            Admission::Refuse => {
                context.metrics.turned_away();
                incoming.refuse();
            }
        }
    }
}
