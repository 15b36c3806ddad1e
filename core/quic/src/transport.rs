//! The transport's settings. quinn's defaults cost round trips and bytes on short connections;
//! `docs/performance.md` has the figures.

use std::{sync::Arc, time::Duration};

use quinn::{TransportConfig, VarInt, congestion::CubicConfig};

/// A round trip assumed below this makes a busy relay look like a lost packet.
pub const SHORTEST_ROUND_TRIP: Duration = Duration::from_millis(20);

/// What the relay assumes of a path. The default of 333 ms spreads the first flight; wrong by half
/// costs nothing.
const ROUND_TRIP: Duration = Duration::from_millis(100);

/// Bytes that may leave before the first acknowledgement: a whole trip's flush in one flight.
const FIRST_WINDOW: u64 = 80 << 10;

/// Bytes of one connection that the relay holds at most, each way.
const RELAY_WINDOW: u32 = 512 << 10;

const KEEP_ALIVE: Duration = Duration::from_secs(10);
const MAX_IDLE_MS: u32 = 30_000;

/// A phone's: what it remembers of the path, and a sign of life through every middlebox.
pub(crate) fn client(round_trip: Duration) -> TransportConfig {
    let mut transport = both(round_trip.max(SHORTEST_ROUND_TRIP));
    transport
        .keep_alive_interval(Some(KEEP_ALIVE))
        .max_concurrent_bidi_streams(VarInt::from_u32(0));
    transport
}

/// The relay's: small where an idle connection pays for it, wide where a flush does.
pub(crate) fn server() -> TransportConfig {
    let mut transport = both(ROUND_TRIP);
    transport
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        .stream_receive_window(VarInt::from_u32(RELAY_WINDOW))
        .receive_window(VarInt::from_u32(RELAY_WINDOW))
        .send_window(u64::from(RELAY_WINDOW));
    transport
}

fn both(round_trip: Duration) -> TransportConfig {
    let mut congestion = CubicConfig::default();
    congestion.initial_window(FIRST_WINDOW);
    let mut transport = TransportConfig::default();
    transport
        .congestion_controller_factory(Arc::new(congestion))
        .initial_rtt(round_trip)
        // Probes are two thirds of a quiet reconnect's bytes.
        .mtu_discovery_config(None)
        .max_idle_timeout(Some(VarInt::from_u32(MAX_IDLE_MS).into()))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .datagram_receive_buffer_size(None);
    transport
}
