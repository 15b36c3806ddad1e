//! The facade: what shells call.

mod diagnostics;
mod error;
mod options;
mod subscription;

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tandem_engine::{Answer, InboxRow, Intent, Query, SyncReport, ThreadRow, Watch, WatchId};
use tandem_proto::{RelayLink, ThreadId};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

pub use diagnostics::Diagnostics;
pub use error::{ClientError, SyncError};
pub use options::ClientOptions;
pub use subscription::{ChangeWatch, LinkWatch, Scroll, Subscription};

use crate::{
    FileVault, HomeError, LinkState, MemoryDisk, Notice,
    driver::{Driver, Goodbyes, Request, Shared, SyncId, Wish, feed},
    home::{self, PathMemory},
    store::{Opener, memory_opener},
};

/// How much longer than asked a sync may take to say that it ran out of time.
const SYNC_GRACE: Duration = Duration::from_millis(500);

/// How long closing waits for the goodbye to leave.
const GOODBYE: Duration = Duration::from_millis(300);

/// An open home: one device of one person.
///
/// Cheap to share behind an `Arc`. Needs a tokio runtime with time and I/O, on which its driver
/// runs. Dropping it hangs up and closes the store in the background; nothing that was committed
/// is lost. To have another process open the home right after, await [`Client::close`].
#[derive(Debug)]
pub struct Client {
    requests: mpsc::UnboundedSender<Request>,
    shared: Arc<Shared>,
    relay: RelayLink,
    changes: watch::Receiver<()>,
    last_watch: AtomicU64,
    last_sync: AtomicU64,
}

impl Client {
    /// Opens a home.
    ///
    /// Where what an inbox shows was written down apart, this returns before the store is open:
    /// [`Client::watch_inbox`] gives its rows at once, and everything else waits for the store by
    /// itself. [`Client::whole`] says when it is there, or why not.
    ///
    /// # Errors
    /// [`HomeError`]; nothing of the home was deleted.
    pub async fn open(home: &Path, options: ClientOptions) -> Result<Self, HomeError> {
        let path = PathMemory::new(Some(home.join("path")));
        let vault = options.vault.clone().unwrap_or_else(|| Arc::new(FileVault::in_home(home)));
        let opener = home::opener(home.to_path_buf(), vault, options.clock.clone());
        Self::start(opener, path, options).await
    }

    /// Opens a home in memory, for simulation. Make its first records with
    /// [`tandem_engine::create`].
    ///
    /// # Errors
    /// [`HomeError`].
    pub async fn open_in_memory(
        disk: &MemoryDisk,
        options: ClientOptions,
    ) -> Result<Self, HomeError> {
        let opener = memory_opener(disk.clone(), options.clock.clone());
        Self::start(opener, PathMemory::new(None), options).await
    }

    async fn start(
        opener: Opener,
        path: PathMemory,
        options: ClientOptions,
    ) -> Result<Self, HomeError> {
        let (requests, receiver) = mpsc::unbounded_channel();
        let (first, opened) = oneshot::channel();
        let shared = Arc::new(Shared {
            state: watch::Sender::new(LinkState::default()),
            counter: options.udp_counter.clone().unwrap_or_default(),
            notices: Mutex::new(Vec::new()),
        });
        let (change, changes) = watch::channel(());
        let driver = Driver::new(opener, path, options, shared.clone(), change, receiver, first)?;
        tokio::spawn(driver.run());
        let ended = || HomeError::System("the store's thread ended".into());
        let relay = opened.await.map_err(|_| ended())??;
        let (last_watch, last_sync) = (AtomicU64::new(0), AtomicU64::new(0));
        Ok(Self { requests, shared, relay, changes, last_watch, last_sync })
    }

    /// Does what a person means; the answer comes when it is durable on this device.
    ///
    /// Dropping the future does not take it back.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn perform(&self, intent: Intent) -> Result<Answer, ClientError> {
        self.ask_driver(|reply| Request::Wish(Wish::Perform(intent, reply)))
            .await
            .unwrap_or(Err(ClientError::Closed))
    }

    /// Answers a screen's question from what is on this device.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn ask(&self, query: Query) -> Result<Answer, ClientError> {
        self.ask_driver(|reply| Request::Wish(Wish::Ask(query, reply)))
            .await
            .unwrap_or(Err(ClientError::Closed))
    }

    /// The inbox: all its rows, then how they change.
    #[must_use]
    pub fn watch_inbox(&self) -> Subscription<InboxRow> {
        let (feed, rows) = feed();
        let id = self.watch_id();
        self.tell_driver(Request::WatchInbox(id, feed));
        Subscription::new(rows, id, self.requests.clone())
    }

    /// A thread: all its rows, then how they change.
    #[must_use]
    pub fn watch_thread(&self, thread: ThreadId) -> Subscription<ThreadRow> {
        self.watch(Watch::Thread(thread))
    }

    /// A thread's newest rows, so many, and earlier ones as they are asked for
    /// ([`Scroll::show_earlier`]); then how they change. What comes takes none of them away.
    #[must_use]
    pub fn watch_newest(&self, thread: ThreadId, rows: usize) -> Subscription<ThreadRow> {
        self.watch(Watch::Newest(thread, rows, None))
    }

    fn watch(&self, watch: Watch) -> Subscription<ThreadRow> {
        let (feed, rows) = feed();
        let id = self.watch_id();
        self.tell_driver(Request::WatchThread(id, watch, feed));
        Subscription::new(rows, id, self.requests.clone())
    }

    /// Connects, sends and reads everything, and hangs up again unless the client was online
    /// before. Keeps trying until it got through or `patience` is over; only another key than the
    /// relay's ends it at once.
    ///
    /// Dropping the future gives the sync up and loses nothing.
    ///
    /// # Errors
    /// [`SyncError`], at most a second after `patience`.
    pub async fn sync_once(&self, patience: Duration) -> Result<SyncReport, SyncError> {
        let id = SyncId(self.last_sync.fetch_add(1, Ordering::Relaxed));
        let _given_up = GiveUp(self, id);
        let synced = self.ask_driver(|reply| Request::Wish(Wish::Sync(id, patience, reply)));
        match timeout(patience.saturating_add(SYNC_GRACE), synced).await {
            Ok(Some(synced)) => synced,
            Ok(None) => Err(SyncError::NotOpen),
            Err(_) => Err(SyncError::TimedOut),
        }
    }

    /// Whether to stay connected, dialling again whenever the line is lost.
    pub fn set_online(&self, online: bool) {
        self.tell_driver(Request::SetOnline(online));
    }

    /// How the connection stands, now and as it changes.
    #[must_use]
    pub fn link_state(&self) -> LinkWatch {
        LinkWatch::new(self.shared.state.subscribe())
    }

    /// That something changed on this device, whatever it was: for screens that ask a [`Query`] and
    /// want to know when to ask again.
    #[must_use]
    pub fn changes(&self) -> ChangeWatch {
        let mut changes = self.changes.clone();
        changes.mark_unchanged();
        ChangeWatch::new(changes)
    }

    /// The device's way to the network changed: a live connection goes on over the new one, a
    /// waiting one is tried at once.
    pub fn network_changed(&self) {
        self.tell_driver(Request::NetworkChanged);
    }

    /// Hangs up and closes the store, so that another process can open the home. Subscriptions
    /// stay, and get all their rows again after [`Client::resume`].
    ///
    /// # Errors
    /// [`ClientError::Closed`].
    pub async fn suspend(&self) -> Result<(), ClientError> {
        let goodbyes = self.ask_driver(Request::Suspend).await.ok_or(ClientError::Closed)?;
        wait_for(goodbyes).await;
        Ok(())
    }

    /// Opens the store again after [`Client::suspend`], and connects if it was to be online.
    ///
    /// # Errors
    /// [`HomeError`]; it can be tried again.
    pub async fn resume(&self) -> Result<(), HomeError> {
        self.ask_driver(Request::Resume).await.ok_or(HomeError::Closed)?
    }

    /// Waits until the store behind an inbox that is shown already is open too, and tries again if
    /// it could not be opened. After that [`Client::take_notices`] has all there is to tell.
    ///
    /// # Errors
    /// [`HomeError`]; what was shown was true when it was written, and nothing of the home was
    /// deleted.
    pub async fn whole(&self) -> Result<(), HomeError> {
        self.resume().await
    }

    /// Hangs up and closes the home for good. When this returns another process can open it.
    pub async fn close(&self) {
        if let Some(goodbyes) = self.ask_driver(Request::Close).await {
            wait_for(goodbyes).await;
        }
    }

    /// Bytes in UDP datagrams, sent and received, since this client or its counter was made.
    #[must_use]
    pub fn wire_bytes(&self) -> (u64, u64) {
        self.shared.counter.bytes()
    }

    /// The relay of this home.
    #[must_use]
    pub const fn relay(&self) -> &RelayLink {
        &self.relay
    }

    /// What the person has not been told yet about their home; each is given out once.
    #[must_use]
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.shared.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn watch_id(&self) -> WatchId {
        WatchId(self.last_watch.fetch_add(1, Ordering::Relaxed))
    }

    fn tell_driver(&self, request: Request) {
        // A driver that is gone has closed everything; feeds in the request end with it.
        let _ = self.requests.send(request);
    }

    /// The driver's answer; `None` when it is gone.
    async fn ask_driver<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<T>) -> Request,
    ) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.tell_driver(request(reply));
        answer.await.ok()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Open subscriptions would keep the driver alive without this.
        let (reply, _) = oneshot::channel();
        self.tell_driver(Request::Close(reply));
    }
}

/// Tells the driver that nobody waits for a sync any more; does nothing after it has ended.
struct GiveUp<'a>(&'a Client, SyncId);

impl Drop for GiveUp<'_> {
    fn drop(&mut self) {
        self.0.tell_driver(Request::GiveUpSync(self.1));
    }
}

async fn wait_for(goodbyes: Goodbyes) {
    let all = async {
        for goodbye in goodbyes {
            // A link task that panicked has nothing more to send.
            let _ = goodbye.await;
        }
    };
    // What has not left by then stays behind; the relay notices by itself.
    let _ = timeout(GOODBYE, all).await;
}

#[cfg(test)]
mod tests;
