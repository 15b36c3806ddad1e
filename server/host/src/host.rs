//! A running relay.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use quinn::{Endpoint, VarInt};
use tandem_proto::{RelayAddress, RelayKey, RelayLink};
use tokio::{
    net::TcpListener,
    sync::mpsc::{Sender, channel, unbounded_channel},
    task::{AbortHandle, JoinHandle},
    time::timeout,
};

use crate::{
    admin::{Socket, link_of, socket_of},
    clock::Clock,
    config::{ConfigError, HostConfig},
    driver::{Driver, Ears},
    folder::{Folder, FolderError, is_new},
    journal::{Disk, RealDisk},
    metrics::Metrics,
    net::{Context, Health, endpoint, listen, serve_admin},
    store::{Setup, Store, StoreDir, StoreError},
};

/// Frames waiting for the core; a reader that finds this full waits, and its sender with it.
const WAITING_FRAMES: usize = 1024;

/// For the last packets of closed connections.
const LAST_PACKETS: Duration = Duration::from_secs(1);

/// A relay can't start, or had to end.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The config can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder or the key can't be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The store can't be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address can't be listened on.
    #[error("can't listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The host ended by a fault of its own; the log has its message.
    #[error("the relay broke down: {0}")]
    Broken(String),
}

/// A running relay. Dropped without [`Host::stop`], it breaks off as if it were killed.
#[derive(Debug)]
pub struct Host {
    link: RelayLink,
    listen: SocketAddr,
    metrics: Option<SocketAddr>,
    stop: Sender<()>,
    // `None` once it has ended and its end was told.
    driver: Option<JoinHandle<Result<(), StoreError>>>,
    // For its end, after which its file is gone.
    socket: Option<JoinHandle<()>>,
    endpoint: Endpoint,
    tasks: Vec<AbortHandle>,
}

impl Host {
    /// Opens the data folder, restores the core and listens. Needs a tokio runtime with time and
    /// I/O.
    ///
    /// # Errors
    /// [`HostError`]; nothing is then left running.
    pub async fn start(config: HostConfig) -> Result<Self, HostError> {
        Self::start_with(config, Clock::system(), Arc::new(RealDisk)).await
    }

    /// Starts with another clock or disk.
    pub(crate) async fn start_with(
        config: HostConfig,
        clock: Clock,
        disk: Arc<dyn Disk>,
    ) -> Result<Self, HostError> {
        config.check()?;
        if config.data.as_os_str().is_empty() {
            let why = "must be set: it is the folder of relay.key and store/".to_owned();
            return Err(ConfigError::BadValue { key: "data", why }.into());
        }
        let bind = || UdpSocket::bind(config.listen).map_err(listening(config.listen));
        // A new relay takes its address first: where that is taken no folder with a key is left. One
        // that is here already is opened first, for whoever has it open most likely has the address.
        let early = if is_new(&config.data) { Some(bind()?) } else { None };
        let admin = match config.metrics {
            Some(address) => Some(TcpListener::bind(address).await.map_err(listening(address))?),
            None => None,
        };
        let metrics = Metrics::default();
        let (store_events, store_ears) = unbounded_channel();
        let (open, counters) = (config.clone(), metrics.clone());
        let opening = tokio::task::spawn_blocking(move || -> Result<_, HostError> {
            let folder = Arc::new(Folder::open(&open.data)?);
            let key = folder.key()?;
            let setup = Setup { core: open.core(), key, clock };
            let dir = StoreDir { folder, disk };
            let (store, relay) = Store::open(dir, &setup, store_events, counters)?;
            Ok((setup, store, relay))
        });
        let (setup, store, relay) =
            opening.await.map_err(|error| HostError::Broken(error.to_string()))??;
        let socket = early.map_or_else(bind, Ok)?;
        let endpoint = endpoint(socket, &setup.key).map_err(listening(config.listen))?;
        let address = endpoint.local_addr().map_err(listening(config.listen))?;
        let link = RelayLink {
            address: config.public.clone().map_or_else(|| dialled(address), Ok)?,
            key: RelayKey::new(setup.key.public()),
        };
        if let Err(source) = std::fs::write(link_of(&config.data), format!("{link}\n")) {
            return Err(FolderError::Io { path: link_of(&config.data), source }.into());
        }
        tracing::info!(listen = %address, generation = %relay.generation(), "relay started");

        let health = Health::default();
        let (conn_events, conn_ears) = channel(WAITING_FRAMES);
        let (stop, stop_ears) = channel(1);
        let driver = Driver::new(relay, setup, store, health.clone(), metrics.clone());
        let (asks, ask_ears) = channel(1);
        let ears = Ears { conns: conn_ears, store: store_ears, asks: ask_ears, stop: stop_ears };
        let driver = tokio::spawn(driver.run(ears));
        let context = Context {
            events: conn_events,
            limits: config.limits,
            metrics: metrics.clone(),
            last: AtomicU64::new(0),
        };
        let listener = tokio::spawn(listen(endpoint.clone(), Arc::new(context)));
        let mut tasks = vec![driver.abort_handle(), listener.abort_handle()];
        let scraped = admin.as_ref().and_then(|admin| admin.local_addr().ok());
        if let Some(admin) = admin {
            tasks.push(tokio::spawn(serve_admin(admin, metrics, health)).abort_handle());
        }
        let socket = match Socket::bind(&config.data) {
            Ok(socket) => Some(tokio::spawn(socket.serve(asks))),
            Err(error) => {
                tracing::warn!(
                    %error, socket = %socket_of(&config.data).display(),
                    "this relay can be administered only while it does not run"
                );
                None
            }
        };
        tasks.extend(socket.as_ref().map(JoinHandle::abort_handle));
        let driver = Some(driver);
        Ok(Self { link, listen: address, metrics: scraped, stop, driver, socket, endpoint, tasks })
    }

    /// What devices are given to find and know this relay.
    #[must_use]
    pub fn link(&self) -> RelayLink {
        self.link.clone()
    }

    /// The UDP address and port that are listened on.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// The TCP address of `/metrics` and `/health`, when they are on.
    #[must_use]
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// Takes nothing new, finishes what is under way, tells devices, closes; at most ten seconds.
    pub async fn stop(mut self) {
        self.endpoint.set_server_config(None);
        // A driver that has ended already needs no telling.
        let _ = self.stop.send(()).await;
        if let Some(driver) = self.driver.take() {
            match driver.await {
                Ok(Ok(())) => tracing::info!("relay stopped"),
                Ok(Err(error)) => tracing::error!(%error, "the relay had ended by itself"),
                Err(error) => tracing::error!(%error, "the relay had broken down"),
            }
        }
        if let Some(socket) = self.socket.take() {
            socket.abort();
            // It ends by being aborted, and in no other way.
            let _ = socket.await;
        }
        self.endpoint.close(VarInt::from_u32(0), b"stopping");
        // Who has not heard by then times out.
        let _ = timeout(LAST_PACKETS, self.endpoint.wait_idle()).await;
    }

    /// Waits until the relay ends by itself, which only a fault makes it do. Cancel-safe.
    pub async fn wait(&mut self) -> HostError {
        let Some(driver) = &mut self.driver else {
            return HostError::Broken("it has ended already".to_owned());
        };
        let ended = driver.await;
        self.driver = None;
        match ended {
            Ok(Ok(())) => HostError::Broken("it ended without being told to".to_owned()),
            Ok(Err(error)) => error.into(),
            Err(error) => HostError::Broken(error.to_string()),
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.endpoint.close(VarInt::from_u32(0), b"");
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// What to dial for an address that is listened on; for "any" it can only be this machine.
fn dialled(address: SocketAddr) -> Result<RelayAddress, HostError> {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
    };
    if ip != address.ip() {
        tracing::warn!("the link names this machine only: set `public` to what devices can dial");
    }
    let text = SocketAddr::new(ip, address.port()).to_string();
    text.parse().map_err(|_| HostError::Broken(format!("{text} can't be put in a link")))
}

fn listening(address: SocketAddr) -> impl FnOnce(io::Error) -> HostError {
    move |source| HostError::Listen { address, source }
}

#[cfg(test)]
mod tests;
