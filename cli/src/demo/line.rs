//! A line between one device and the relay: a UDP proxy that delays, mixes up, loses, doubles and
//! holds back, and through which nothing passes where there is no signal.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    net::UdpSocket,
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use super::chance::Chance;

/// The largest UDP datagram.
const DATAGRAM: usize = 65_536;

/// Longer than a silent QUIC connection lives.
const IDLE: Duration = Duration::from_secs(40);

/// What a line holds back before it drops: two seconds' worth, as cells do.
const QUEUE: Duration = Duration::from_secs(2);

/// How a line is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quality {
    /// One way, at least.
    pub(super) delay_ms: u64,
    /// Up to so much more, differently for each datagram: they overtake each other.
    pub(super) jitter_ms: u64,
    /// Lost, of a thousand, each way.
    pub(super) lost: u64,
    /// Arriving twice, of a thousand.
    pub(super) doubled: u64,
    /// Each way.
    pub(super) bytes_per_second: u64,
}

/// What went over a line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Carried {
    /// Bytes that the device sent.
    pub(super) up: u64,
    /// Bytes that reached the device.
    pub(super) down: u64,
    /// Datagrams that were sent by either side.
    pub(super) sent: u64,
    /// Datagrams that never arrived.
    pub(super) lost: u64,
}

impl std::iter::Sum for Carried {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            up: sum.up + one.up,
            down: sum.down + one.down,
            sent: sum.sent + one.sent,
            lost: sum.lost + one.lost,
        })
    }
}

/// A line; it is cut for good when dropped.
#[derive(Debug)]
pub(super) struct Line {
    address: SocketAddr,
    air: Arc<Air>,
    task: JoinHandle<()>,
}

impl Line {
    /// A line to `relay`, in service.
    pub(super) async fn lay(
        relay: SocketAddr,
        quality: Quality,
        chance: Chance,
    ) -> io::Result<Self> {
        let socket = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?);
        let address = socket.local_addr()?;
        let air = Arc::new(Air {
            relay,
            signal: AtomicBool::new(true),
            weather: Mutex::new(Weather {
                quality,
                chance,
                up: Instant::now(),
                down: Instant::now(),
            }),
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            lost: AtomicU64::new(0),
        });
        let task = tokio::spawn(carry(socket, air.clone()));
        Ok(Self { address, air, task })
    }

    /// Where the device finds the relay.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// It goes on as another: the device moved.
    pub(super) fn set_quality(&self, quality: Quality) {
        self.air.weather().quality = quality;
    }

    /// Whether anything passes.
    pub(super) fn set_signal(&self, signal: bool) {
        self.air.signal.store(signal, Relaxed);
    }

    /// What went over it so far.
    pub(super) fn carried(&self) -> Carried {
        let air = &self.air;
        Carried {
            up: air.up.load(Relaxed),
            down: air.down.load(Relaxed),
            sent: air.sent.load(Relaxed),
            lost: air.lost.load(Relaxed),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// What a line's tasks share.
#[derive(Debug)]
struct Air {
    relay: SocketAddr,
    signal: AtomicBool,
    weather: Mutex<Weather>,
    up: AtomicU64,
    down: AtomicU64,
    sent: AtomicU64,
    lost: AtomicU64,
}

#[derive(Debug)]
struct Weather {
    quality: Quality,
    chance: Chance,
    /// When what was sent so far is on its way, for each way.
    up: Instant,
    down: Instant,
}

impl Air {
    /// When a datagram arrives: never, once or twice.
    fn arrivals(&self, way: Way, bytes: usize) -> Vec<Instant> {
        self.sent.fetch_add(1, Relaxed);
        if way == Way::Up {
            self.up.fetch_add(bytes as u64, Relaxed);
        }
        let mut weather = self.weather();
        let quality = weather.quality;
        let now = Instant::now();
        let busy = if way == Way::Up { weather.up } else { weather.down }.max(now);
        let full = busy.duration_since(now) > QUEUE;
        if !self.signal.load(Relaxed) || full || weather.chance.permille(quality.lost) {
            self.lost.fetch_add(1, Relaxed);
            return Vec::new();
        }
        let takes =
            Duration::from_micros(bytes as u64 * 1_000_000 / quality.bytes_per_second.max(1));
        let gone = busy + takes;
        match way {
            Way::Up => weather.up = gone,
            Way::Down => weather.down = gone,
        }
        let copies = if weather.chance.permille(quality.doubled) { 2 } else { 1 };
        let mut at = || {
            let jitter = weather.chance.below(quality.jitter_ms + 1);
            gone + Duration::from_millis(quality.delay_ms + jitter)
        };
        (0..copies).map(|_| at()).collect()
    }

    /// A datagram arrives, if there is signal then.
    fn arrives(&self, way: Way, bytes: usize) -> bool {
        let signal = self.signal.load(Relaxed);
        if !signal {
            self.lost.fetch_add(1, Relaxed);
        } else if way == Way::Down {
            self.down.fetch_add(bytes as u64, Relaxed);
        }
        signal
    }

    fn weather(&self) -> MutexGuard<'_, Weather> {
        // Nothing between two changes of it can panic.
        self.weather.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The relay's side for one of the device's sockets.
struct Far {
    socket: Arc<UdpSocket>,
    back: JoinHandle<()>,
}

impl Drop for Far {
    fn drop(&mut self) {
        self.back.abort();
    }
}

/// Carries what the device sends.
async fn carry(near: Arc<UdpSocket>, air: Arc<Air>) {
    let mut fars: BTreeMap<SocketAddr, Far> = BTreeMap::new();
    let mut buffer = vec![0; DATAGRAM];
    loop {
        let Ok((len, device)) = near.recv_from(&mut buffer).await else {
            // What an earlier datagram met; the socket is as good as before.
            tokio::task::yield_now().await;
            continue;
        };
        let arrivals = air.arrivals(Way::Up, len);
        if arrivals.is_empty() {
            continue;
        }
        fars.retain(|_, far| !far.back.is_finished());
        if let std::collections::btree_map::Entry::Vacant(free) = fars.entry(device) {
            let Ok(far) = reach(near.clone(), device, air.clone()).await else { continue };
            free.insert(far);
        }
        let Some(far) = fars.get(&device) else { continue };
        for at in arrivals {
            let (socket, bytes, air) = (far.socket.clone(), buffer[..len].to_vec(), air.clone());
            tokio::spawn(async move {
                sleep_until(at).await;
                if air.arrives(Way::Up, bytes.len()) {
                    // UDP promises nothing; QUIC sends again.
                    let _ = socket.send(&bytes).await;
                }
            });
        }
    }
}

async fn reach(near: Arc<UdpSocket>, device: SocketAddr, air: Arc<Air>) -> io::Result<Far> {
    let socket = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?);
    socket.connect(air.relay).await?;
    let back = tokio::spawn(carry_back(socket.clone(), near, device, air));
    Ok(Far { socket, back })
}

/// Carries what the relay answers, until it has been silent for long.
async fn carry_back(far: Arc<UdpSocket>, near: Arc<UdpSocket>, device: SocketAddr, air: Arc<Air>) {
    let mut buffer = vec![0; DATAGRAM];
    while let Ok(received) = timeout(IDLE, far.recv(&mut buffer)).await {
        // An error is the answer to a datagram that found no relay: nothing to carry.
        let Ok(len) = received else { continue };
        for at in air.arrivals(Way::Down, len) {
            let (near, bytes, air) = (near.clone(), buffer[..len].to_vec(), air.clone());
            tokio::spawn(async move {
                sleep_until(at).await;
                if air.arrives(Way::Down, bytes.len()) {
                    let _ = near.send_to(&bytes, device).await;
                }
            });
        }
    }
}

#[cfg(test)]
mod tests;
