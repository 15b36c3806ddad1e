//! The QUIC endpoint: its settings, and the door.

use std::{
    io,
    net::UdpSocket,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use quinn::Endpoint;
use tandem_proto::SecretKey;
use tandem_quic::Clients;
use tandem_relay::ConnId;
use tokio::sync::mpsc::Sender;

use super::{
    ConnEvent, connection,
    gate::{Admission, Gate},
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

/// The endpoint on a socket.
///
/// # Errors
/// When the socket can't be used, or TLS does not take the key.
pub(crate) fn endpoint(socket: UdpSocket, key: &SecretKey) -> io::Result<Endpoint> {
    let mut config = tandem_quic::server(key, Clients::Proven).map_err(io::Error::other)?;
    config
        // Strangers' first packets, held until the door looks at them.
        .max_incoming(4096)
        .incoming_buffer_size(16 << 10)
        .incoming_buffer_size_total(16 << 20);
    let runtime = quinn::default_runtime().ok_or_else(|| io::Error::other("no runtime"))?;
    Endpoint::new(super::reset::endpoint(key), Some(config), socket, runtime)
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
