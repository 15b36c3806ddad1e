//! A home, opened.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tandem_client::{Client, ClientOptions, Notice};
use tandem_engine::{Answer, Intent, Profile, Query, SyncReport};
use tandem_proto::ThreadId;

use crate::{
    ChangeFeed, InboxFeed, KeyVault, LinkFeed, NetworkPath, Notifications, SyncOp, TandemError,
    ThreadFeed,
    live::{Live, live_calls, run, run_blocking},
    notes::Telling,
    vault::Foreign,
};

/// Makes a home for a person's device in a folder that is empty or does not exist.
///
/// # Errors
/// [`TandemError`]; there is no home then.
#[uniffi::export]
pub async fn create_home(
    folder: String,
    profile: Profile,
    vault: Arc<dyn KeyVault>,
) -> Result<(), TandemError> {
    let make = move || tandem_client::create_with(Path::new(&folder), &profile, &Foreign(vault));
    Ok(run_blocking(make).await??)
}

/// A damaged store was made anew from what could be read, and the person has not been told yet.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Repair {
    /// What was wrong.
    pub why: String,
    /// Records that could be read.
    pub kept: u64,
    /// Records that could not.
    pub lost: u64,
    /// Where the damaged one is kept.
    pub quarantine: String,
}

/// An open home: one device of one person.
///
/// Letting go of it hangs up and closes the store in the background; nothing that was kept is lost. To
/// open the home again right after, wait for `close_home` first.
#[derive(Debug, uniffi::Object)]
pub struct Tandem {
    client: Arc<Client>,
    /// Whether the shell wants to be connected, and whether there is a way to the network.
    wanted: AtomicBool,
    path: AtomicBool,
    /// Who is told of what is new.
    telling: Mutex<Option<Telling>>,
}

#[uniffi::export]
impl Tandem {
    /// Opens a home. What an inbox shows may be there before the store is open; everything else waits
    /// for it by itself.
    ///
    /// # Errors
    /// [`TandemError`]; nothing of the home was deleted.
    #[uniffi::constructor]
    pub async fn open(folder: String, vault: Arc<dyn KeyVault>) -> Result<Arc<Self>, TandemError> {
        let options = ClientOptions { vault: Some(Arc::new(Foreign(vault))), ..Default::default() };
        let folder = PathBuf::from(folder);
        let client = run(async move { Client::open(&folder, options).await }).await??;
        let (wanted, path) = (AtomicBool::new(false), AtomicBool::new(true));
        let telling = Mutex::new(None);
        Ok(Arc::new(Self { client: Arc::new(client), wanted, path, telling }))
    }

    /// Does what a person means; the answer comes when it is durable on this phone. Who stops waiting
    /// does not take it back.
    ///
    /// # Errors
    /// [`TandemError`].
    pub async fn perform(&self, intent: Intent) -> Result<Answer, TandemError> {
        let _live = Live::begin();
        Ok(self.client.perform(intent).await?)
    }

    /// Answers a screen's question from what is on this phone.
    ///
    /// # Errors
    /// [`TandemError`].
    pub async fn ask(&self, query: Query) -> Result<Answer, TandemError> {
        let _live = Live::begin();
        Ok(self.client.ask(query).await?)
    }

    /// How this home stands, for whoever is asked for help: counts, states and public keys as lines of
    /// `name=value`, and nobody's names, titles or words.
    ///
    /// # Errors
    /// [`TandemError`] when the home was closed.
    pub async fn diagnostics(&self) -> Result<String, TandemError> {
        Ok(format!("{}\nlive_calls={}", self.client.diagnostics().await?, live_calls()))
    }

    /// The inbox: all its rows, then how they change.
    pub fn inbox(&self) -> Arc<InboxFeed> {
        Arc::new(InboxFeed::new(self.client.watch_inbox()))
    }

    /// A thread: all its rows, then how they change.
    ///
    /// # Errors
    /// None of its own. It can fail so that an id that is none, from a link or a push, is an error in Swift
    /// instead of its end.
    pub fn thread(&self, thread: ThreadId) -> Result<Arc<ThreadFeed>, TandemError> {
        Ok(Arc::new(ThreadFeed::new(self.client.watch_thread(thread))))
    }

    /// A thread's newest rows, so many, and earlier ones as they are asked for; then how they change.
    ///
    /// # Errors
    /// As [`Self::thread`].
    pub fn newest(&self, thread: ThreadId, rows: u32) -> Result<Arc<ThreadFeed>, TandemError> {
        Ok(Arc::new(ThreadFeed::new(self.client.watch_newest(thread, rows as usize))))
    }

    /// How the connection stands, as it changes.
    pub fn link(&self) -> Arc<LinkFeed> {
        Arc::new(LinkFeed::new(self.client.link_state()))
    }

    /// That something changed, whatever it was: for screens that ask and want to know when to ask again.
    pub fn changes(&self) -> Arc<ChangeFeed> {
        Arc::new(ChangeFeed::new(self.client.changes()))
    }

    /// From now on tells somebody of what is new and was not read yet; nobody any more with none. What was
    /// unread already is not told again.
    ///
    /// # Errors
    /// [`TandemError`] when this process has no room for it.
    pub fn notify(&self, by: Option<Arc<dyn Notifications>>) -> Result<(), TandemError> {
        let telling = by.map(|by| Telling::begin(self.client.watch_inbox(), by)).transpose()?;
        *self.telling.lock().unwrap_or_else(PoisonError::into_inner) = telling;
        Ok(())
    }

    /// Begins to connect, send and read everything, at most until the deadline.
    ///
    /// # Errors
    /// [`TandemError`] when nothing can be begun.
    pub fn start_sync(&self, deadline_ms: u32) -> Result<Arc<SyncOp>, TandemError> {
        SyncOp::begin(self.client.clone(), deadline_ms).map(Arc::new)
    }

    /// The same, and waits for it. In Swift, cancelling the task does not reach it: use `start_sync`.
    ///
    /// # Errors
    /// [`TandemError`]; nothing is lost.
    pub async fn sync_once(&self, deadline_ms: u32) -> Result<SyncReport, TandemError> {
        self.start_sync(deadline_ms)?.wait().await
    }

    /// A push woke the phone. What it says is a hint of somebody's and is not believed: whatever it is,
    /// one sync looks.
    ///
    /// # Errors
    /// As for `sync_once`.
    pub async fn wake(
        &self,
        push_payload: Vec<u8>,
        deadline_ms: u32,
    ) -> Result<SyncReport, TandemError> {
        drop(push_payload);
        self.sync_once(deadline_ms).await
    }

    /// Whether to stay connected, dialling again whenever the line is lost.
    pub fn set_online(&self, online: bool) {
        self.wanted.store(online, Ordering::Relaxed);
        self.go_online();
    }

    /// The phone's way to the network changed: a live connection goes on over the new one, a waiting
    /// one is tried at once, and without any nothing is dialled.
    pub fn network_changed(&self, path: NetworkPath) {
        self.path.store(path.online, Ordering::Relaxed);
        self.go_online();
        if path.online {
            self.client.network_changed();
        }
    }

    /// Hangs up and closes the store, before the system stops this process. Feeds stay, and get all
    /// their rows again after `resume`.
    ///
    /// # Errors
    /// [`TandemError`] when the home is closed.
    pub async fn suspend(&self) -> Result<(), TandemError> {
        let client = self.client.clone();
        Ok(run(async move { client.suspend().await }).await??)
    }

    /// Opens the store again, and connects if it was to be online.
    ///
    /// # Errors
    /// [`TandemError`]; it can be tried again.
    pub async fn resume(&self) -> Result<(), TandemError> {
        let client = self.client.clone();
        Ok(run(async move { client.resume().await }).await??)
    }

    /// Waits until the store behind an inbox that is shown already is open too; when it could not be
    /// opened, tries again.
    ///
    /// # Errors
    /// [`TandemError`]; what was shown was true when it was written.
    pub async fn whole(&self) -> Result<(), TandemError> {
        let client = self.client.clone();
        Ok(run(async move { client.whole().await }).await??)
    }

    /// Hangs up and closes the home for good.
    ///
    /// # Errors
    /// [`TandemError`] when this process has no room for it.
    pub async fn close_home(&self) -> Result<(), TandemError> {
        let client = self.client.clone();
        run(async move { client.close().await }).await
    }

    /// What the person has not been told yet about their home; each is given out once.
    pub fn take_repairs(&self) -> Vec<Repair> {
        let told = self.client.take_notices().into_iter().map(|notice| match notice {
            Notice::StoreRebuilt { why, quarantine, kept, lost } => Repair {
                why,
                kept: kept as u64,
                lost: lost as u64,
                quarantine: quarantine.display().to_string(),
            },
        });
        told.collect()
    }
}

impl Tandem {
    fn go_online(&self) {
        let online = self.wanted.load(Ordering::Relaxed) && self.path.load(Ordering::Relaxed);
        self.client.set_online(online);
    }
}
