//! The home that a command works in: where it is, and its client.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use tandem_client::{
    Client, ClientError, ClientOptions, FileVault, HomeError, SyncError, Vault, VaultError,
};
use tandem_engine::{
    Answer, DeviceRow, EntryId, InboxRow, Intent, InviteRow, JoinRow, JoinState, MemberRow,
    OfferRow, Profile, Query, ReceiptRow, RetentionRow, ThreadExport, ThreadRow, Trouble,
    UpkeepRow, UptakeRow, WaitingRow,
};
use tandem_proto::{PersonId, ThreadId};

use crate::{error::Failure, find, out, plain, words};

/// The folder that `--home`, `TANDEM_HOME` or the user's own home folder names.
pub(crate) fn folder(said: Option<PathBuf>) -> Result<PathBuf, Failure> {
    said.or_else(|| std::env::var_os("TANDEM_HOME").filter(|v| !v.is_empty()).map(PathBuf::from))
        .or_else(|| std::env::home_dir().map(|dir| dir.join(".tandem")))
        .ok_or(Failure::NowhereToLive)
}

/// What the command line says of a home.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    /// `--home`.
    pub(crate) home: Option<PathBuf>,
    /// `--vault`.
    pub(crate) vault: Option<PathBuf>,
}

impl Said {
    /// The home that this, the environment or the user's own home folder names.
    pub(crate) fn place(self) -> Result<Place, Failure> {
        let named = || std::env::var_os("TANDEM_VAULT").filter(|v| !v.is_empty());
        let vault = self.vault.or_else(|| named().map(PathBuf::from));
        Ok(Place { folder: folder(self.home)?, vault: vault.map(FileVault::new) })
    }
}

/// Where a home is, and its root key.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    /// Without it, the key is in the folder.
    vault: Option<FileVault>,
}

impl Place {
    /// A home whose root key is in its folder.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), vault: None }
    }
}

/// Makes a home.
pub(crate) fn create(place: &Place, profile: &Profile) -> Result<(), Failure> {
    let Place { folder, vault } = place;
    let vault = vault.clone().unwrap_or_else(|| FileVault::in_home(folder));
    tandem_client::create_with(folder, profile, &vault).map_err(|error| match error {
        HomeError::Profile(trouble) => Failure::of_name("a name", trouble),
        HomeError::Files { path, why } => Failure::CantOpen(format!(
            "can't make a home in {}: {why}; say another folder with --home DIR or TANDEM_HOME",
            path.display()
        )),
        other => told(other),
    })
}

/// An open home.
#[derive(Debug)]
pub(crate) struct Home {
    client: Client,
    folder: PathBuf,
}

impl Home {
    /// Opens the home in a folder.
    pub(crate) async fn open(place: Place) -> Result<Self, Failure> {
        let Place { folder, vault } = place;
        let vault = vault.map(|vault| Arc::new(vault) as Arc<dyn Vault>);
        let opened = async {
            let options = ClientOptions { vault, ..ClientOptions::default() };
            let client = Client::open(&folder, options).await?;
            // A command ends with the store closed; nothing is won by showing what is not known yet
            // to be all.
            client.whole().await?;
            Ok(client)
        };
        match opened.await {
            Ok(client) => {
                for notice in client.take_notices() {
                    out::aside(&words::notice(&notice));
                }
                Ok(Self { client, folder })
            }
            Err(error) => Err(told(error)),
        }
    }

    /// The client itself, for what is not asked once.
    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Closes it; what was answered is durable already.
    pub(crate) async fn close(&self) {
        self.client.close().await;
    }

    /// Means something.
    pub(crate) async fn perform(&self, intent: Intent) -> Result<Answer, Failure> {
        self.client.perform(intent).await.map_err(said)
    }

    async fn ask(&self, query: Query) -> Result<Answer, Failure> {
        self.client.ask(query).await.map_err(said)
    }

    /// The inbox, and the joins that wait.
    pub(crate) async fn inbox(&self) -> Result<(Vec<InboxRow>, Vec<JoinRow>), Failure> {
        match self.ask(Query::Inbox).await? {
            Answer::Inbox(rows, joins) => Ok((rows, joins)),
            other => Err(unexpected(&other)),
        }
    }

    /// The thread that a person's word names.
    pub(crate) async fn thread(&self, name: &str) -> Result<InboxRow, Failure> {
        let (rows, joins) = self.inbox().await?;
        find::thread(name, &rows, &joins).cloned()
    }

    /// A thread's title and rows.
    pub(crate) async fn rows(&self, thread: ThreadId) -> Result<(String, Vec<ThreadRow>), Failure> {
        match self.ask(Query::Thread(thread)).await? {
            Answer::Thread(title, rows) => Ok((title, rows)),
            other => Err(unexpected(&other)),
        }
    }

    /// Marks what was shown of a thread as seen, where this home says anything at all.
    pub(crate) async fn mark_seen(
        &self,
        thread: ThreadId,
        shown: &[ThreadRow],
    ) -> Result<(), Failure> {
        let others: Vec<EntryId> =
            shown.iter().filter(|row| row.is_entry() && !row.mine).map(|row| row.entry).collect();
        if others.is_empty() {
            return Ok(());
        }
        match self.perform(Intent::MarkSeen { thread, entries: Some(others) }).await {
            Ok(_) | Err(Failure::Trouble(Trouble::ReadsOnly)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// How long this home keeps its threads.
    pub(crate) async fn retention(&self) -> Result<RetentionRow, Failure> {
        match self.ask(Query::Retention).await? {
            Answer::Retention(row) => Ok(row),
            other => Err(unexpected(&other)),
        }
    }

    /// How all threads are kept up.
    pub(crate) async fn upkeep(&self) -> Result<Vec<UpkeepRow>, Failure> {
        match self.ask(Query::Upkeep).await? {
            Answer::Upkeep(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }

    /// All of a thread.
    pub(crate) async fn export(&self, thread: ThreadId) -> Result<ThreadExport, Failure> {
        match self.ask(Query::Export(thread)).await? {
            Answer::Export(all) => Ok(*all),
            other => Err(unexpected(&other)),
        }
    }

    /// What waits to leave.
    pub(crate) async fn waiting(&self) -> Result<Vec<WaitingRow>, Failure> {
        match self.ask(Query::Waiting).await? {
            Answer::Waiting(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }

    /// How many entries, and how many own joins, wait here. A sync's report counts both together.
    pub(crate) async fn counts(&self) -> Result<(u32, u32), Failure> {
        let rows = self.waiting().await?;
        let entries: BTreeSet<_> = rows.iter().filter_map(|row| row.entry).collect();
        let (_, joins) = self.inbox().await?;
        // Somebody at an own thread's door is no join of ours, nor is one that was refused.
        let ours = |row: &&JoinRow| row.knocking.is_none() && row.state == JoinState::Joining;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok((count(entries.len()), count(joins.iter().filter(ours).count())))
    }

    /// This device's public keys, and how far it has read.
    pub(crate) async fn device(&self) -> Result<DeviceRow, Failure> {
        match self.ask(Query::Device).await? {
            Answer::Device(row) => Ok(row),
            other => Err(unexpected(&other)),
        }
    }

    /// Who holds keys of a thread.
    pub(crate) async fn members(&self, thread: ThreadId) -> Result<Vec<MemberRow>, Failure> {
        match self.ask(Query::Members(thread)).await? {
            Answer::Members(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }

    /// The code to compare with somebody.
    pub(crate) async fn code(&self, thread: ThreadId, person: PersonId) -> Result<String, Failure> {
        match self.ask(Query::Code(thread, person)).await? {
            Answer::Code(code) => Ok(code),
            other => Err(unexpected(&other)),
        }
    }

    /// The invites that this home made, into one thread or all.
    pub(crate) async fn invites(
        &self,
        thread: Option<ThreadId>,
    ) -> Result<Vec<InviteRow>, Failure> {
        match self.ask(Query::Invites(thread)).await? {
            Answer::Invites(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }

    /// This device's offer, and those that it takes up.
    pub(crate) async fn offers(&self) -> Result<(Option<OfferRow>, Vec<UptakeRow>), Failure> {
        match self.ask(Query::Offers).await? {
            Answer::Offers(offer, uptakes) => Ok((offer, uptakes)),
            other => Err(unexpected(&other)),
        }
    }

    /// Everybody who is in any thread of this home, each once, without this person.
    pub(crate) async fn everybody(&self) -> Result<Vec<MemberRow>, Failure> {
        let mut everybody: Vec<MemberRow> = Vec::new();
        for thread in self.inbox().await?.0 {
            let members = self.members(thread.thread).await?;
            for member in members.into_iter().filter(|member| !member.mine) {
                let known = everybody.iter().any(|row| row.author.person == member.author.person);
                everybody.extend(Some(member).filter(|_| !known));
            }
        }
        Ok(everybody)
    }

    /// The names in all threads.
    pub(crate) async fn names(&self) -> Result<words::Names, Failure> {
        Ok(words::Names::of_inbox(&self.inbox().await?.0))
    }

    /// The receipts of own entries in a thread.
    pub(crate) async fn receipts(&self, thread: ThreadId) -> Result<Vec<ReceiptRow>, Failure> {
        match self.ask(Query::Receipts(thread)).await? {
            Answer::Receipts(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }
}

/// An answer to another question. The engine gives none; said rather than panicked about.
pub(crate) fn unexpected(answer: &Answer) -> Failure {
    Failure::Client(format!("the engine answered something that was not asked: {answer:?}"))
}

pub(crate) fn said(error: ClientError) -> Failure {
    match error {
        ClientError::Trouble(trouble) => Failure::Trouble(trouble),
        ClientError::Home(why) => told(why),
        other => Failure::Client(other.to_string()),
    }
}

fn told(error: HomeError) -> Failure {
    match error {
        HomeError::Held { pid, home } => Failure::InUse { pid, home },
        HomeError::NotAHome(home) => Failure::NoHome(home),
        HomeError::Exists(home) => Failure::HomeExists(home),
        HomeError::Profile(trouble) => Failure::Trouble(trouble),
        HomeError::Files { path, why } => Failure::CantOpen(format!(
            "can't use the home in {}: {why}; see that you may read and write it, or say another \
             with --home DIR",
            path.display()
        )),
        HomeError::KeyMissing(home) => Failure::CantOpen(format!(
            "there is no root key for the home in {}; put a copy of its key back, or say where it is \
             with --vault FILE or TANDEM_VAULT",
            home.display()
        )),
        HomeError::WrongKey(home) => Failure::CantOpen(format!(
            "the key is not the one that the home in {} was sealed with; say the right one with \
             --vault FILE or TANDEM_VAULT, or put back the home and the key of one time",
            home.display()
        )),
        HomeError::Vault(VaultError::Taken) => Failure::CantOpen(
            "there is a key in that vault already, maybe another home's; say another file with \
             --vault FILE"
                .to_owned(),
        ),
        damaged @ HomeError::Damaged { .. } => Failure::CantOpen(format!(
            "{damaged}. Put a copy of it back, or make another home with `tandem init --home DIR` \
             and ask for a new link: others have what you sent"
        )),
        other => Failure::CantOpen(other.to_string()),
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Unreachable => Self::Unreachable,
            SyncError::WrongKey => Self::WrongKey,
            SyncError::TimedOut => Self::TimedOut,
            SyncError::TurnedAway(why) => Self::TurnedAway { why },
            SyncError::RelayClosed(why) => Self::RelayClosed(plain::line(&why)),
            SyncError::Home(why) => told(why),
            other => Self::Client(other.to_string()),
        }
    }
}
