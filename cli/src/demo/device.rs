//! One device: a home, a line, and a client while it is switched on.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tandem_client::{Client, ClientOptions, HomeError};
use tandem_engine::{
    Answer, InboxRow, Intent, JoinRow, MemberRow, Profile, Query, ReceiptRow, ThreadRow, WaitingRow,
};
use tandem_proto::{DeviceKey, DeviceLink, RelayLink, ThreadId};
use tokio::process::Command;

use super::{cast::Person, line::Line, relay};
use crate::{
    error::Failure,
    home::{said, unexpected},
};

/// A dial that found no signal is given up soon: the ridge does not last.
const DIAL: Duration = Duration::from_secs(2);

/// One device of one person.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) person: Person,
    pub(super) line: Line,
    home: PathBuf,
    client: Option<Arc<Client>>,
}

impl Device {
    /// Makes a home whose relay is found at the end of `line`, and opens it.
    pub(super) async fn make(
        home: PathBuf,
        person: Person,
        line: Line,
        key: tandem_proto::RelayKey,
    ) -> Result<Self, Failure> {
        let relay = RelayLink { address: line.address().to_string().parse()?, key };
        let profile = Profile { name: person.name.to_owned(), role: person.role, relay };
        tandem_client::create(&home, &profile).map_err(not_opened)?;
        let mut device = Self { person, line, home, client: None };
        device.switch_on().await?;
        Ok(device)
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// Opens the home, if it is not open.
    pub(super) async fn switch_on(&mut self) -> Result<(), Failure> {
        if self.client.is_none() {
            let options = ClientOptions { dial_timeout: DIAL, ..ClientOptions::default() };
            let client = Client::open(&self.home, options).await.map_err(not_opened)?;
            self.client = Some(Arc::new(client));
        }
        Ok(())
    }

    /// Closes the home, so that another process can open it.
    pub(super) async fn switch_off(&mut self) {
        if let Some(client) = self.take_client() {
            client.close().await;
        }
    }

    /// The client, to be closed by whoever takes it.
    pub(super) fn take_client(&mut self) -> Option<Arc<Client>> {
        self.client.take()
    }

    /// This program on this home, as a process of its own. The device must be switched off.
    pub(super) fn process(&self, words: &[&str]) -> Result<Command, Failure> {
        let mut command = relay::tandem()?;
        command.arg("--home").arg(&self.home).args(words);
        Ok(command)
    }

    pub(super) fn client(&self) -> Result<&Arc<Client>, Failure> {
        let off = || Failure::Client(format!("{}'s device is switched off", self.person.name));
        self.client.as_ref().ok_or_else(off)
    }

    /// Whether to stay in touch.
    pub(super) fn set_online(&self, online: bool) -> Result<(), Failure> {
        self.client()?.set_online(online);
        Ok(())
    }

    /// Signal comes or goes, and the system tells the app, as on a phone.
    pub(super) fn set_signal(&self, signal: bool) -> Result<(), Failure> {
        self.line.set_signal(signal);
        self.set_online(signal)
    }

    pub(super) async fn perform(&self, intent: Intent) -> Result<Answer, Failure> {
        self.client()?.perform(intent).await.map_err(said)
    }

    async fn ask(&self, query: Query) -> Result<Answer, Failure> {
        self.client()?.ask(query).await.map_err(said)
    }

    pub(super) async fn inbox(&self) -> Result<(Vec<InboxRow>, Vec<JoinRow>), Failure> {
        match self.ask(Query::Inbox).await? {
            Answer::Inbox(rows, joins) => Ok((rows, joins)),
            other => Err(unexpected(&other)),
        }
    }

    /// What was said; who came and went is not what the demo counts.
    pub(super) async fn rows(&self, thread: ThreadId) -> Result<(String, Vec<ThreadRow>), Failure> {
        let (title, mut rows) = self.all_rows(thread).await?;
        rows.retain(ThreadRow::is_entry);
        Ok((title, rows))
    }

    /// Who came and went.
    pub(super) async fn events(&self, thread: ThreadId) -> Result<Vec<ThreadRow>, Failure> {
        let (_, mut rows) = self.all_rows(thread).await?;
        rows.retain(|row| !row.is_entry());
        Ok(rows)
    }

    async fn all_rows(&self, thread: ThreadId) -> Result<(String, Vec<ThreadRow>), Failure> {
        match self.ask(Query::Thread(thread)).await? {
            Answer::Thread(title, rows) => Ok((title, rows)),
            other => Err(unexpected(&other)),
        }
    }

    /// Who holds keys of a thread, as this device has it.
    pub(super) async fn members(&self, thread: ThreadId) -> Result<Vec<MemberRow>, Failure> {
        match self.ask(Query::Members(thread)).await? {
            Answer::Members(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }

    /// The key that signs what this device says.
    pub(super) async fn key(&self) -> Result<DeviceKey, Failure> {
        match self.ask(Query::Device).await? {
            Answer::Device(row) => Ok(row.device),
            other => Err(unexpected(&other)),
        }
    }

    /// Offers itself to be let in, as `tandem device offer` does.
    pub(super) async fn offer(&self) -> Result<DeviceLink, Failure> {
        match self.perform(Intent::OfferDevice).await? {
            Answer::Offered(row) => Ok(row.link),
            other => Err(unexpected(&other)),
        }
    }

    pub(super) async fn waiting(&self) -> Result<Vec<WaitingRow>, Failure> {
        match self.ask(Query::Waiting).await? {
            Answer::Waiting(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }

    pub(super) async fn receipts(&self, thread: ThreadId) -> Result<Vec<ReceiptRow>, Failure> {
        match self.ask(Query::Receipts(thread)).await? {
            Answer::Receipts(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }
}

fn not_opened(error: HomeError) -> Failure {
    Failure::CantOpen(error.to_string())
}
