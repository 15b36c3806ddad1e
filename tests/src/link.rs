//! Links as QUIC gives them: ordered and reliable while they live, and they do not live for ever.
//!
//! Loss and reordering of packets show as delay; what shows above QUIC are connections that break
//! with frames in flight, and a relay that learns of it later than the device does.

use std::collections::VecDeque;

use tandem_proto::FrameReader;

use crate::queue::Moment;

/// How the way between a device and the relay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weather {
    /// One way, at least.
    pub(crate) latency_ms: u64,
    /// And up to this much more.
    pub(crate) jitter_ms: u64,
    /// Dials that fail though there is signal.
    pub(crate) failed_dials_percent: u64,
    /// Whether there is any signal.
    pub(crate) signal: bool,
    /// Bytes per second from the relay; `None` when it is not the line that limits.
    pub(crate) down_rate: Option<u64>,
    /// How long the relay takes at most to notice that a connection died.
    pub(crate) relay_notices_ms: u64,
}

impl Default for Weather {
    fn default() -> Self {
        Self {
            latency_ms: 5,
            jitter_ms: 3,
            failed_dials_percent: 0,
            signal: true,
            down_rate: None,
            relay_notices_ms: 200,
        }
    }
}

/// One direction of a connection.
#[derive(Debug, Default)]
pub(crate) struct Pipe {
    /// When the last frame that was sent arrives.
    pub(crate) last_arrival: Moment,
    /// Frames sent, and frames that arrived.
    pub(crate) sent: u64,
    pub(crate) arrived: u64,
    /// Frames from this one on are lost.
    pub(crate) lost_from: Option<u64>,
    pub(crate) reader: FrameReader,
}

impl Pipe {
    /// When a frame that is sent now arrives, and its number; `None` when it is lost.
    pub(crate) fn send(&mut self, now: Moment, delay: u64) -> Option<(Moment, u64)> {
        let number = self.sent;
        self.sent += 1;
        if self.lost_from.is_some_and(|from| number >= from) {
            return None;
        }
        self.last_arrival = self.last_arrival.max(now + delay);
        Some((self.last_arrival, number))
    }

    /// Whether frame `number` really arrives.
    pub(crate) fn arrives(&mut self, number: u64) -> bool {
        if self.lost_from.is_some_and(|from| number >= from) {
            return false;
        }
        self.arrived += 1;
        true
    }

    pub(crate) const fn in_flight(&self) -> u64 {
        self.sent - self.arrived
    }

    /// The line breaks: of the frames in flight only `kept` still arrive.
    pub(crate) fn cut(&mut self, kept: u64) {
        let from = self.arrived + kept;
        self.lost_from = Some(self.lost_from.map_or(from, |before| before.min(from)));
    }
}

/// How one end of a connection sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The handshake is under way.
    Opening,
    /// It is there.
    Open,
    /// It is gone, and this end knows.
    Gone,
}

/// One connection between a device's process and a relay's process.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) device: usize,
    /// Which opening of the device's store dialled.
    pub(crate) opening: u64,
    /// Which start of the relay answered.
    pub(crate) boot: u64,
    /// Over which of its stores.
    pub(crate) incarnation: u64,
    pub(crate) device_end: End,
    pub(crate) relay_end: End,
    pub(crate) broken: bool,
    pub(crate) up: Pipe,
    pub(crate) down: Pipe,
    /// Frames that the relay's core has sent and the line has not taken yet.
    pub(crate) queued: VecDeque<Vec<u8>>,
    pub(crate) queued_bytes: usize,
    pub(crate) closing: bool,
    /// A stranger with a member's transport key, not an engine: what it is sent goes nowhere.
    pub(crate) rogue: bool,
}

impl Connection {
    pub(crate) fn new(device: usize, opening: u64, boot: u64, incarnation: u64) -> Self {
        Self {
            device,
            opening,
            boot,
            incarnation,
            device_end: End::Opening,
            relay_end: End::Opening,
            broken: false,
            up: Pipe::default(),
            down: Pipe::default(),
            queued: VecDeque::new(),
            queued_bytes: 0,
            closing: false,
            rogue: false,
        }
    }
}
