//! One connection: frames in, frames out.

use std::{pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use quinn::{Connection, Incoming, RecvStream, SendStream, VarInt};
use tandem_proto::{
    ClientToRelay, Closing, DecodeError, Decoded, FrameReader, RelayToClient, TransportKey, Wire,
};
use tandem_relay::ConnId;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, sleep_until, timeout},
};

use super::{ConnEvent, Context, Out, gate::Seat};

/// A handshake takes two round trips; a phone on a bad line has seconds.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Who connects has something to say.
const FIRST_FRAME: Duration = Duration::from_secs(10);

/// For the last words to arrive.
const FAREWELL: Duration = Duration::from_secs(2);

/// Packets taken off the stream at once: their frames reach the core together, and share a commit.
const PACKETS: usize = 16;

/// Bytes put on the stream at once.
const CHUNK: usize = 64 << 10;

/// Bytes that are written before the core hears of it. It sees its queues that much longer than
/// they are, far below any limit of theirs, and is spared an input for each receipt.
const REPORT: usize = 4 << 10;

/// Application error codes of a closed connection.
mod code {
    pub(super) const DONE: u32 = 0;
    pub(super) const MALFORMED: u32 = 1;
    pub(super) const SILENT: u32 = 2;
    pub(super) const BUSY: u32 = 3;
}

/// Serves one connection from its handshake to its end.
pub(super) async fn serve(incoming: Incoming, mut seat: Seat, context: Arc<Context>) {
    let address = incoming.remote_address();
    let connection = match timeout(HANDSHAKE, incoming).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(error)) => return tracing::debug!(%address, %error, "a handshake failed"),
        Err(_) => return tracing::debug!(%address, "a handshake took too long"),
    };
    seat.established();
    let Some(key) = tandem_quic::device_key(&connection) else {
        // The verifier has let no other through.
        return connection.close(VarInt::from_u32(code::MALFORMED), b"no key");
    };
    let taken = seat.take(key);
    let Ok(Ok((send, recv))) = timeout(FIRST_FRAME, connection.accept_bi()).await else {
        return connection.close(VarInt::from_u32(code::SILENT), b"nothing said");
    };
    if let Err(wait) = taken {
        tracing::info!(device = %short(&key), "dials too often");
        context.metrics.turned_away();
        return send_away(&connection, send, wait).await;
    }
    let session = Session { id: context.number(), key, context, connection };
    session.run(send, recv).await;
    drop(seat);
}

/// Says when to come again, and closes.
async fn send_away(connection: &Connection, mut send: SendStream, wait: Duration) {
    let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    let busy = RelayToClient::Closing(Closing::Busy(wait)).to_bytes();
    let farewell = async {
        if send.write_chunk(busy.into()).await.is_ok() && send.finish().is_ok() {
            // Whether it arrived makes no difference to us.
            let _ = send.stopped().await;
        }
    };
    let _ = timeout(FAREWELL, farewell).await;
    connection.close(VarInt::from_u32(code::BUSY), b"again too soon");
}

struct Session {
    id: ConnId,
    key: TransportKey,
    context: Arc<Context>,
    connection: Connection,
}

/// Why reading ended.
enum Ended {
    Gone,
    Silent,
    /// With the way to say so, if the driver does not have it yet.
    Malformed(DecodeError, Option<UnboundedSender<Out>>),
}

impl Session {
    async fn run(&self, send: SendStream, recv: RecvStream) {
        let (out, queue) = unbounded_channel();
        let own = out.downgrade();
        let mut write = pin!(self.write(send, queue));
        let ended = tokio::select! {
            ended = self.read(recv, out) => Some(ended),
            () = &mut write => None,
        };
        let code = match ended {
            None | Some(Ended::Gone) => code::DONE,
            Some(Ended::Silent) => code::SILENT,
            Some(Ended::Malformed(error, out)) => {
                tracing::info!(conn = self.id.0, device = %short(&self.key), %error, "malformed");
                let last = RelayToClient::Closing(Closing::Malformed).to_bytes();
                let out = out.or_else(|| own.upgrade());
                if out.is_some_and(|out| out.send(Out::Last(last)).is_ok()) {
                    // Whether it arrived makes no difference to us.
                    let _ = timeout(FAREWELL * 2, write).await;
                }
                code::MALFORMED
            }
        };
        self.connection.close(VarInt::from_u32(code), b"");
        self.tell(ConnEvent::Closed(self.id)).await;
    }

    /// Reads frames until the connection ends or can't be understood. The driver learns of the
    /// connection with its first frame: one that says nothing costs the core nothing.
    async fn read(&self, mut recv: RecvStream, out: UnboundedSender<Out>) -> Ended {
        let mut frames = FrameReader::new();
        let mut pace = Pace::new(self.context.limits.frames_per_second);
        let mut out = Some(out);
        let opening = Instant::now();
        loop {
            let mut packets: [Bytes; PACKETS] = Default::default();
            let reading = recv.read_chunks(&mut packets);
            let read = if out.is_some() {
                let left = FIRST_FRAME.saturating_sub(opening.elapsed());
                match timeout(left, reading).await {
                    Ok(read) => read,
                    Err(_) => return Ended::Silent,
                }
            } else {
                reading.await
            };
            match read {
                Ok(Some(read)) => packets[..read].iter().for_each(|packet| frames.feed(packet)),
                Ok(None) => {
                    // It has nothing more to say but may listen on.
                    self.connection.closed().await;
                    return Ended::Gone;
                }
                Err(_) => return Ended::Gone,
            }
            let mut heard = Vec::new();
            let error = loop {
                match frames.next_frame::<ClientToRelay>() {
                    Ok(None) => break None,
                    Ok(Some(decoded)) => {
                        if pace.is_spent() {
                            self.pass_on(std::mem::take(&mut heard), &mut out).await;
                            pace.rest().await;
                        }
                        pace.count();
                        match decoded {
                            Decoded::Frame(frame) => heard.push(frame),
                            Decoded::Unknown(tag) => {
                                let conn = self.id.0;
                                tracing::debug!(conn, tag, "a frame of a newer version");
                            }
                        }
                    }
                    Err(error) => break Some(error),
                }
            };
            self.pass_on(heard, &mut out).await;
            if let Some(error) = error {
                return Ended::Malformed(error, out);
            }
        }
    }

    async fn pass_on(&self, frames: Vec<ClientToRelay>, out: &mut Option<UnboundedSender<Out>>) {
        if frames.is_empty() {
            return;
        }
        if let Some(out) = out.take() {
            self.tell(ConnEvent::Opened(self.id, self.key, out)).await;
        }
        self.tell(ConnEvent::Frames(self.id, frames)).await;
    }

    /// Writes what is queued until the queue is closed or the connection is gone.
    async fn write(&self, mut send: SendStream, mut queue: UnboundedReceiver<Out>) {
        let mut open = true;
        let mut drained = 0;
        while open {
            let Some(first) = queue.recv().await else { break };
            let mut bytes = Vec::new();
            let mut next = Some(first);
            while let Some(out) = next {
                match out {
                    Out::Frame(frame) => {
                        drained += frame.len();
                        append(&mut bytes, frame);
                    }
                    Out::Last(frame) => {
                        append(&mut bytes, frame);
                        open = false;
                    }
                }
                next = if open && bytes.len() < CHUNK { queue.try_recv().ok() } else { None };
            }
            // Taken whole, not copied into the stream's buffer.
            if send.write_chunk(bytes.into()).await.is_err() {
                // The reader sees the same end and tells it.
                return std::future::pending().await;
            }
            if drained >= REPORT {
                self.tell(ConnEvent::Drained(self.id, std::mem::take(&mut drained))).await;
            }
        }
        if send.finish().is_ok() {
            // Closing at once would throw away what has not arrived yet.
            let _ = timeout(FAREWELL, send.stopped()).await;
        }
    }

    async fn tell(&self, event: ConnEvent) {
        // Without a driver there is nobody left to tell.
        let _ = self.context.events.send(event).await;
    }
}

fn append(bytes: &mut Vec<u8>, frame: Vec<u8>) {
    if bytes.is_empty() {
        *bytes = frame;
    } else {
        bytes.extend_from_slice(&frame);
    }
}

/// The first characters of a key, enough to tell devices apart in a log.
fn short(key: &TransportKey) -> String {
    let mut text = key.to_string();
    text.truncate(8);
    text
}

/// Lets so many frames through in a second.
struct Pace {
    limit: u32,
    count: u32,
    since: Instant,
}

impl Pace {
    fn new(limit: u32) -> Self {
        Self { limit, count: 0, since: Instant::now() }
    }

    fn count(&mut self) {
        self.count += 1;
    }

    fn is_spent(&self) -> bool {
        self.count >= self.limit
    }

    /// Waits for the next second.
    async fn rest(&mut self) {
        sleep_until(self.since + Duration::from_secs(1)).await;
        self.since = Instant::now();
        self.count = 0;
    }
}
