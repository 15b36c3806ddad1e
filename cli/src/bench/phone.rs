//! A phone: the real client on a real home.

use std::{
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use tandem_client::{Client, ClientOptions, LinkPhase, Subscription, UdpCounter};
use tandem_engine::{Answer, InboxRow, Intent, Query, ViewDiff};
use tandem_proto::{InviteLink, Role, ThreadId};
use tokio::{task::JoinSet, time::timeout};

use super::homes;
use crate::{
    error::Failure,
    home::{said, unexpected},
};

/// How long anything that is measured may take before it counts as broken.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How long filling a relay may take.
const UPLOAD: Duration = Duration::from_secs(300);

/// For a goodbye to leave, so that its bytes are counted where they belong.
const GOODBYE: Duration = Duration::from_millis(30);

/// An open home.
#[derive(Debug)]
pub(super) struct Phone {
    client: Arc<Client>,
    counter: Arc<UdpCounter>,
}

/// What one flush came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flush {
    /// From the dial to the relay's greeting.
    pub(super) greeted: Duration,
    /// From the dial to the first entry's receipt on the screen.
    pub(super) first: Duration,
    /// From the dial to the last entry's receipt on the screen.
    pub(super) receipts: Duration,
    /// Bytes up and down until then.
    pub(super) bytes: (u64, u64),
    /// From the dial until the relay has signed the cursors.
    pub(super) settled: Duration,
    /// Bytes up and down with the goodbye.
    pub(super) bytes_whole: (u64, u64),
}

impl Phone {
    /// Opens a home, all of it; the relay is found at `through`, if that is given.
    pub(super) async fn open(home: &Path, through: Option<SocketAddr>) -> Result<Self, Failure> {
        let phone = Self::open_early(home, through).await?;
        phone.whole().await?;
        Ok(phone)
    }

    /// Until the store is open too.
    pub(super) async fn whole(&self) -> Result<(), Failure> {
        self.client.whole().await.map_err(|error| Failure::CantOpen(error.to_string()))
    }

    /// Opens a home as far as its inbox needs it.
    pub(super) async fn open_early(
        home: &Path,
        through: Option<SocketAddr>,
    ) -> Result<Self, Failure> {
        let counter = Arc::<UdpCounter>::default();
        let options = ClientOptions {
            dial_override: through,
            udp_counter: Some(counter.clone()),
            ..ClientOptions::default()
        };
        let client = Client::open(home, options).await;
        let client = client.map_err(|error| Failure::CantOpen(error.to_string()))?;
        Ok(Self { client: Arc::new(client), counter })
    }

    pub(super) async fn close(self) {
        self.client.close().await;
    }

    pub(super) fn bytes(&self) -> (u64, u64) {
        self.counter.bytes()
    }

    pub(super) async fn perform(&self, intent: Intent) -> Result<Answer, Failure> {
        self.client.perform(intent).await.map_err(said)
    }

    pub(super) async fn ask(&self, query: Query) -> Result<Answer, Failure> {
        self.client.ask(query).await.map_err(said)
    }

    /// Founds a thread.
    pub(super) async fn found(&self, title: &str) -> Result<ThreadId, Failure> {
        match self.perform(Intent::FoundThread { title: title.to_owned() }).await? {
            Answer::Founded(thread) => Ok(thread),
            other => Err(unexpected(&other)),
        }
    }

    /// A link that lets one person in.
    pub(super) async fn invite(&self, thread: ThreadId, role: Role) -> Result<InviteLink, Failure> {
        let invite = Intent::Invite { thread, role, in_person: false };
        match self.perform(invite).await? {
            Answer::Invited(link) => Ok(link),
            other => Err(unexpected(&other)),
        }
    }

    /// Sends everything, however much there is.
    pub(super) async fn upload(&self) -> Result<(), Failure> {
        self.client.sync_once(UPLOAD).await?;
        Ok(())
    }

    /// A sync with nothing to say: its time and its bytes, up and down.
    pub(super) async fn reconnect(&self) -> Result<(Duration, (u64, u64)), Failure> {
        let before = self.bytes();
        let since = Instant::now();
        self.client.sync_once(PATIENCE).await?;
        let took = since.elapsed();
        tokio::time::sleep(GOODBYE).await;
        Ok((took, less(self.bytes(), before)))
    }

    /// Stays connected from now on; returns when it is.
    pub(super) async fn stay_online(&self) -> Result<(), Failure> {
        let mut state = self.client.link_state();
        self.client.set_online(true);
        while state.now().phase != LinkPhase::Live {
            let changed =
                timeout(PATIENCE, state.changed()).await.map_err(|_| Failure::TimedOut)?;
            changed.ok_or_else(closed)?;
        }
        Ok(())
    }

    pub(super) fn rows(&self, thread: ThreadId) -> Subscription<tandem_engine::ThreadRow> {
        self.client.watch_thread(thread)
    }

    pub(super) async fn inbox(&self) -> Result<Inbox, Failure> {
        let mut inbox = Inbox { changes: self.client.watch_inbox(), rows: Vec::new() };
        inbox.until(|_| true).await?;
        Ok(inbox)
    }

    /// Writes one entry in each thread without signal, then connects and sends them.
    pub(super) async fn flush(&self, threads: &[ThreadId], first: u64) -> Result<Flush, Failure> {
        let mut inbox = self.inbox().await?;
        let mut posts = JoinSet::new();
        for (number, thread) in (first..).zip(threads) {
            let (client, intent) = (self.client.clone(), homes::message(*thread, number));
            posts.spawn(async move { client.perform(intent).await });
        }
        while let Some(post) = posts.join_next().await {
            match post.map_err(|error| Failure::Client(error.to_string()))?.map_err(said)? {
                Answer::Said(..) => {}
                other => return Err(unexpected(&other)),
            }
        }
        let waiting =
            |rows: &[InboxRow]| rows.iter().map(|row| u64::from(row.waiting)).sum::<u64>();
        inbox.until(|rows| waiting(rows) == threads.len() as u64).await?;
        let before = self.bytes();
        let since = Instant::now();
        let synced = async {
            self.client.sync_once(PATIENCE).await?;
            Ok::<_, Failure>(since.elapsed())
        };
        let mut state = self.client.link_state();
        let greeted = async {
            while state.changed().await.ok_or_else(closed)?.phase != LinkPhase::Live {}
            Ok(since.elapsed())
        };
        let receipted = async {
            inbox.until(|rows| waiting(rows) < threads.len() as u64).await?;
            let first = since.elapsed();
            if waiting(inbox.rows()) == 0 {
                return Ok((first, first, less(self.bytes(), before)));
            }
            inbox.until(|rows| waiting(rows) == 0).await?;
            Ok((first, since.elapsed(), less(self.bytes(), before)))
        };
        let (settled, greeted, (first, receipts, bytes)) =
            tokio::try_join!(synced, greeted, receipted)?;
        tokio::time::sleep(GOODBYE).await;
        Ok(Flush {
            greeted,
            first,
            receipts,
            bytes,
            settled,
            bytes_whole: less(self.bytes(), before),
        })
    }
}

/// The inbox as a screen has it.
#[derive(Debug)]
pub(super) struct Inbox {
    changes: Subscription<InboxRow>,
    rows: Vec<InboxRow>,
}

impl Inbox {
    /// Takes changes in until the rows are so.
    pub(super) async fn until(&mut self, so: impl Fn(&[InboxRow]) -> bool) -> Result<(), Failure> {
        let all = async {
            loop {
                let change = self.changes.next().await.ok_or_else(closed)?;
                ViewDiff::apply(change, &mut self.rows);
                if so(&self.rows) {
                    return Ok(());
                }
            }
        };
        timeout(PATIENCE, all).await.map_err(|_| Failure::TimedOut)?
    }

    pub(super) fn rows(&self) -> &[InboxRow] {
        &self.rows
    }
}

pub(super) fn closed() -> Failure {
    Failure::Client("a home of the benchmark was closed".to_owned())
}

/// What came since, each way.
pub(super) fn less(now: (u64, u64), before: (u64, u64)) -> (u64, u64) {
    (now.0 - before.0, now.1 - before.1)
}
