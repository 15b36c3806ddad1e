//! The way to the relay: one QUIC connection with one control stream.

mod connect;
mod counter;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use quinn::{Connection, Endpoint, ReadError, RecvStream, SendStream};
use tandem_engine::LinkFault;
use tandem_proto::{Decoded, FrameReader, RelayLink, RelayToClient, SecretKey};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinHandle,
    time::timeout,
};

pub use counter::UdpCounter;

use crate::home::PathMemory;

/// Bytes that wait for a line at most. Far above what one flush has; a line that does not drain
/// this is given up and dialled again.
const MAX_QUEUED: usize = 64 << 20;

/// Bytes taken off the stream at once.
const CHUNK: usize = 64 << 10;

/// How long the goodbye may take to leave.
const GOODBYE: Duration = Duration::from_millis(200);

/// Everything that a dial needs.
#[derive(Debug, Clone)]
pub(crate) struct Dial {
    pub(crate) relay: RelayLink,
    pub(crate) key: SecretKey,
    /// Dial this address instead of the relay's.
    pub(crate) instead: Option<SocketAddr>,
    pub(crate) patience: Duration,
    pub(crate) path: PathMemory,
    pub(crate) counter: Arc<UdpCounter>,
}

/// What a link says.
#[derive(Debug)]
pub(crate) enum LinkEvent {
    /// Connected; nothing counts before the relay's greeting.
    Up,
    /// Frames arrived, in order.
    Frames(Vec<RelayToClient>),
    /// It could not be made, or is gone. The last event.
    Down(LinkFault),
}

/// The near end of a link. Dropping it hangs up.
#[derive(Debug)]
pub(crate) struct Link {
    /// Tells this link's events from those of earlier ones.
    pub(crate) session: u64,
    out: mpsc::UnboundedSender<Vec<u8>>,
    queued: Arc<AtomicUsize>,
    moved: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Link {
    /// Dials. Everything is told through `events`, with this session's number.
    pub(crate) fn dial(dial: Dial, session: u64, events: mpsc::Sender<(u64, LinkEvent)>) -> Self {
        let (out, frames) = mpsc::unbounded_channel();
        let (queued, moved) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let far =
            Far { dial, session, events, frames, queued: queued.clone(), moved: moved.clone() };
        Self { session, out, queued, moved, task: tokio::spawn(far.run()) }
    }

    /// Queues encoded frames; false when the line is too slow to take any more.
    pub(crate) fn send(&self, frames: Vec<u8>) -> bool {
        let queued = self.queued.fetch_add(frames.len(), Ordering::Relaxed) + frames.len();
        // A link that is gone has said so, or will.
        let _ = self.out.send(frames);
        queued <= MAX_QUEUED
    }

    /// The device's way to the network changed: go on from another socket.
    pub(crate) fn rebind(&self) {
        self.moved.notify_one();
    }

    /// Hangs up; the handle ends when the goodbye has left.
    pub(crate) fn hang_up(self) -> JoinHandle<()> {
        self.task
    }
}

/// The link's task.
struct Far {
    dial: Dial,
    session: u64,
    events: mpsc::Sender<(u64, LinkEvent)>,
    frames: mpsc::UnboundedReceiver<Vec<u8>>,
    queued: Arc<AtomicUsize>,
    moved: Arc<Notify>,
}

impl Far {
    async fn run(mut self) {
        let (endpoint, connection) = match self.connect().await {
            Ok(connected) => connected,
            Err(fault) => return self.tell(LinkEvent::Down(fault)).await,
        };
        let fault = self.live(&endpoint, &connection).await;
        let round_trip = connection.rtt();
        connection.close(0u32.into(), b"bye");
        self.tell(LinkEvent::Down(fault)).await;
        let path = self.dial.path;
        let remember = tokio::task::spawn_blocking(move || path.remember(round_trip));
        // Late or failed, both are harmless: the relay notices by itself, and the next connection
        // starts a bit slower.
        let _ = timeout(GOODBYE, endpoint.wait_idle()).await;
        let _ = remember.await;
    }

    async fn connect(&mut self) -> Result<(Endpoint, Connection), LinkFault> {
        tokio::select! {
            connected = timeout(self.dial.patience, connect::connect(&self.dial)) => {
                connected.unwrap_or(Err(LinkFault::Unreachable))
            }
            () = hung_up(&mut self.frames) => Err(LinkFault::HungUp),
        }
    }

    async fn live(&mut self, endpoint: &Endpoint, connection: &Connection) -> LinkFault {
        let (send, recv) = match connection.open_bi().await {
            Ok(stream) => stream,
            Err(error) => return connect::fault(&error),
        };
        self.tell(LinkEvent::Up).await;
        let Self { dial, session, events, frames, queued, moved } = self;
        tokio::select! {
            fault = read(recv, *session, events) => fault,
            fault = write(send, frames, queued) => fault,
            fault = follow(endpoint, dial, moved) => fault,
        }
    }

    async fn tell(&self, event: LinkEvent) {
        // A driver that is gone needs no news.
        let _ = self.events.send((self.session, event)).await;
    }
}

/// Ends when the near end is dropped.
async fn hung_up(frames: &mut mpsc::UnboundedReceiver<Vec<u8>>) {
    while frames.recv().await.is_some() {}
}

/// Reads frames until the line ends.
async fn read(
    mut recv: RecvStream,
    session: u64,
    events: &mpsc::Sender<(u64, LinkEvent)>,
) -> LinkFault {
    let mut reader = FrameReader::new();
    loop {
        match recv.read_chunk(CHUNK, true).await {
            Ok(Some(chunk)) => reader.feed(&chunk.bytes),
            Ok(None) => return LinkFault::Closed("the relay ended the conversation".into()),
            Err(ReadError::ConnectionLost(error)) => return connect::fault(&error),
            Err(error) => return LinkFault::Closed(error.to_string()),
        }
        let mut frames = Vec::new();
        let end = loop {
            match reader.next_frame() {
                Ok(Some(Decoded::Frame(frame))) => frames.push(frame),
                Ok(Some(Decoded::Unknown(tag))) => {
                    tracing::debug!(tag, "skipped a frame of a newer version");
                }
                Ok(None) => break None,
                Err(error) => break Some(LinkFault::Closed(error.to_string())),
            }
        };
        if !frames.is_empty() && events.send((session, LinkEvent::Frames(frames))).await.is_err() {
            return LinkFault::HungUp;
        }
        if let Some(fault) = end {
            return fault;
        }
    }
}

/// Writes what is queued until the near end hangs up.
async fn write(
    mut send: SendStream,
    frames: &mut mpsc::UnboundedReceiver<Vec<u8>>,
    queued: &AtomicUsize,
) -> LinkFault {
    while let Some(mut bytes) = frames.recv().await {
        while let Ok(more) = frames.try_recv() {
            bytes.extend_from_slice(&more);
        }
        queued.fetch_sub(bytes.len(), Ordering::Relaxed);
        match send.write_all(&bytes).await {
            Ok(()) => {}
            Err(quinn::WriteError::ConnectionLost(error)) => return connect::fault(&error),
            Err(error) => return LinkFault::Closed(error.to_string()),
        }
    }
    LinkFault::HungUp
}

/// Takes another socket whenever the way to the network changed.
async fn follow(endpoint: &Endpoint, dial: &Dial, moved: &Notify) -> LinkFault {
    loop {
        moved.notified().await;
        let v6 = endpoint.local_addr().is_ok_and(|address| address.is_ipv6());
        let rebound =
            counter::bind(v6, &dial.counter).and_then(|socket| endpoint.rebind_abstract(socket));
        if rebound.is_err() {
            // No network to bind to: the line is dead until there is one.
            return LinkFault::Unreachable;
        }
    }
}

#[cfg(test)]
mod tests;
