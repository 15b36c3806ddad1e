//! A line to the relay that is far, narrow or lossy: a UDP proxy in this process. What it lets
//! through keeps its order.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::UdpSocket,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until},
};

/// The largest UDP datagram.
const DATAGRAM: usize = 65_536;

/// Bytes that wait for a narrow line before more is dropped.
const QUEUE: u64 = 256 << 10;

/// How a line is, each way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quality {
    pub(super) delay: Duration,
    /// `None`: as fast as it comes.
    pub(super) bits_per_second: Option<u64>,
    /// Lost, of a hundred.
    pub(super) lost: u64,
}

impl Quality {
    /// Only far.
    pub(super) const fn far(round_trip_ms: u64) -> Self {
        Self { delay: Duration::from_millis(round_trip_ms / 2), bits_per_second: None, lost: 0 }
    }

    /// The round trip of a small datagram.
    pub(super) fn round_trip(&self) -> Duration {
        self.delay * 2
    }
}

/// A line; it is cut when dropped.
#[derive(Debug)]
pub(super) struct Line {
    address: SocketAddr,
    task: AbortHandle,
}

impl Line {
    /// A line to `relay`. The seed decides what it loses.
    pub(super) async fn lay(relay: SocketAddr, quality: Quality, seed: u64) -> io::Result<Self> {
        let near = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?);
        let address = near.local_addr()?;
        let task = tokio::spawn(carry(near, relay, quality, seed)).abort_handle();
        Ok(Self { address, task })
    }

    /// Where the device finds the relay.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One direction for one of the device's sockets: when each datagram arrives.
#[derive(Debug)]
struct Way {
    quality: Quality,
    chance: u64,
    free: Instant,
    out: UnboundedSender<(Instant, Vec<u8>)>,
}

impl Way {
    fn new(quality: Quality, seed: u64) -> (Self, UnboundedReceiver<(Instant, Vec<u8>)>) {
        let (out, queue) = unbounded_channel();
        // Xorshift needs something other than nothing to begin with.
        let chance = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        (Self { quality, chance, free: Instant::now(), out }, queue)
    }

    fn send(&mut self, bytes: &[u8]) {
        if self.draw(100) < self.quality.lost {
            return;
        }
        let now = Instant::now();
        let mut gone = now;
        if let Some(rate) = self.quality.bits_per_second {
            let waits = self.free.saturating_duration_since(now);
            if waits > Duration::from_micros(QUEUE * 8_000_000 / rate) {
                return;
            }
            gone += waits + Duration::from_micros(bytes.len() as u64 * 8_000_000 / rate);
            self.free = gone;
        }
        // Who carries it may have gone with the line.
        let _ = self.out.send((gone + self.quality.delay, bytes.to_vec()));
    }

    fn draw(&mut self, below: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        (self.chance >> 11) % below
    }
}

async fn carry(near: Arc<UdpSocket>, relay: SocketAddr, quality: Quality, seed: u64) {
    let mut ways: BTreeMap<SocketAddr, Way> = BTreeMap::new();
    // Ends with this task.
    let mut tasks = JoinSet::new();
    let mut buffer = vec![0; DATAGRAM];
    loop {
        let Ok((len, device)) = near.recv_from(&mut buffer).await else {
            // What an earlier datagram met; the socket is as good as before.
            tokio::task::yield_now().await;
            continue;
        };
        if let std::collections::btree_map::Entry::Vacant(free) = ways.entry(device) {
            let nth = seed.wrapping_add(2 * tasks.len() as u64);
            let Ok(far) = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await else { continue };
            if far.connect(relay).await.is_err() {
                continue;
            }
            let (far, near) = (Arc::new(far), near.clone());
            let (up, going) = Way::new(quality, nth);
            let (down, coming) = Way::new(quality, nth + 1);
            free.insert(up);
            tasks.spawn(deliver(going, far.clone(), None));
            tasks.spawn(deliver(coming, near, Some(device)));
            tasks.spawn(listen(far, down));
        }
        if let Some(way) = ways.get_mut(&device) {
            way.send(&buffer[..len]);
        }
    }
}

async fn listen(far: Arc<UdpSocket>, mut down: Way) {
    let mut buffer = vec![0; DATAGRAM];
    loop {
        // An error is the answer to a datagram that found no relay: nothing to carry.
        if let Ok(len) = far.recv(&mut buffer).await {
            down.send(&buffer[..len]);
        } else {
            tokio::task::yield_now().await;
        }
    }
}

async fn deliver(
    mut queue: UnboundedReceiver<(Instant, Vec<u8>)>,
    socket: Arc<UdpSocket>,
    to: Option<SocketAddr>,
) {
    while let Some((at, bytes)) = queue.recv().await {
        if at > Instant::now() {
            sleep_until(at).await;
        }
        // UDP promises nothing; QUIC sends again.
        let _ = match to {
            Some(device) => socket.send_to(&bytes, device).await,
            None => socket.send(&bytes).await,
        };
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    async fn echo() -> SocketAddr {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut buffer = vec![0; DATAGRAM];
            while let Ok((len, from)) = socket.recv_from(&mut buffer).await {
                let _ = socket.send_to(&buffer[..len], from).await;
            }
        });
        address
    }

    #[tokio::test]
    async fn a_datagram_takes_its_delay_and_its_bytes_and_order_is_kept() {
        let quality = Quality { bits_per_second: Some(80_000), ..Quality::far(40) };
        let line = Line::lay(echo().await, quality, 1).await.unwrap();
        let device = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let since = Instant::now();
        for n in 0..3u8 {
            device.send_to(&[n; 100], line.address()).await.unwrap();
        }
        let mut buffer = [0; 200];
        for n in 0..3u8 {
            assert_eq!(device.recv(&mut buffer).await.unwrap(), 100);
            assert_eq!(buffer[0], n);
        }
        // Three hundred bytes at ten thousand a second up, one hundred more down.
        assert!(since.elapsed() >= Duration::from_millis(40 + 30 + 10));
    }

    #[test]
    fn a_line_loses_about_as_many_as_it_should() {
        let (mut way, mut queue) = Way::new(Quality { lost: 10, ..Quality::far(0) }, 7);
        (0..10_000).for_each(|_| way.send(&[1]));
        let mut arrived = 0;
        while queue.try_recv().is_ok() {
            arrived += 1;
        }
        assert!((8_800..=9_200).contains(&arrived), "{arrived}");
    }
}
