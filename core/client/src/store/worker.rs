//! The one thread that touches the store: it opens, commits in groups, reads, closes.
//!
//! Jobs are done in the order they were given, so a read sees every commit before it. Commits that
//! wait together become one batch and share one sync.

use std::{
    any::Any,
    sync::{Arc, mpsc as jobs},
    thread,
    time::Duration,
};

use tandem_engine::{Batch, CommitId, Engine, Key};
use tandem_proto::ThreadId;
use tokio::sync::mpsc;

use super::{Opener, Store, StoreError};
use crate::{HomeError, Notice, Vault};

/// Commits that become one batch at most, and bytes of their values at which a group is closed: a
/// group fits one segment of the log with room.
const GROUP_COMMITS: usize = 512;
const GROUP_BYTES: usize = 2 << 20;

/// After so long without a job nobody wants anything.
const IDLE: Duration = Duration::from_secs(1);

enum Job {
    Open,
    Commit(CommitId, Batch),
    Load(ThreadId, Vec<Key>),
    Forget(CommitId, ThreadId),
    Close,
}

/// What came of an opening: an engine, unless the early one stands, and what the person is to be told.
pub(crate) type Opening = Result<(Option<Engine>, Vec<Notice>), HomeError>;

/// What came of a job. There is one for each, in order.
pub(crate) enum StoreEvent {
    /// Beside the one that follows: an engine to look at while the store is being opened.
    Early(Box<Engine>),
    /// The store was opened, or could not be; without an engine when the early one stands.
    Opened(Box<Opening>),
    /// A commit is durable.
    Persisted(CommitId),
    /// A commit failed, and so will all later ones until the store is opened again.
    Failed(CommitId, StoreError),
    /// Records were read.
    Loaded(ThreadId, Vec<(Key, Vec<u8>)>),
    /// Records could not be read.
    LoadFailed(ThreadId, StoreError),
    /// The store is closed, and others may open it.
    Closed,
}

/// The thread's near end. When it is dropped the thread does what it was given, closes the store
/// and ends.
#[derive(Debug)]
pub(crate) struct StoreWorker {
    jobs: jobs::Sender<Job>,
}

impl StoreWorker {
    /// Starts the thread. Its queue is bounded by who fills it: an engine that waits for its
    /// commits.
    pub(crate) fn start(
        opener: Opener,
    ) -> Result<(Self, mpsc::UnboundedReceiver<StoreEvent>), HomeError> {
        let (job_sender, job_receiver) = jobs::channel();
        let (event_sender, event_receiver) = mpsc::unbounded_channel();
        thread::Builder::new()
            .name("tandem-store".into())
            .spawn(move || {
                Desk { opener, open: None, vault: None, events: event_sender }.run(&job_receiver)
            })
            .map_err(|error| HomeError::System(error.to_string()))?;
        Ok((Self { jobs: job_sender }, event_receiver))
    }

    /// Opens the store, after closing it if need be.
    pub(crate) fn open(&self) {
        self.give(Job::Open);
    }

    /// Makes a batch durable.
    pub(crate) fn commit(&self, id: CommitId, batch: Batch) {
        self.give(Job::Commit(id, batch));
    }

    /// Reads what lies under some prefixes.
    pub(crate) fn load(&self, thread: ThreadId, prefixes: Vec<Key>) {
        self.give(Job::Load(thread, prefixes));
    }

    /// Forgets a thread for good; answered as a commit is.
    pub(crate) fn forget(&self, id: CommitId, thread: ThreadId) {
        self.give(Job::Forget(id, thread));
    }

    /// Closes the store and lets others have it.
    pub(crate) fn close(&self) {
        self.give(Job::Close);
    }

    fn give(&self, job: Job) {
        // The thread only ends when this end is dropped, or if it panicked: then no event comes
        // and the driver sees the closed channel.
        let _ = self.jobs.send(job);
    }
}

struct Desk {
    opener: Opener,
    open: Option<(Box<dyn Store>, Box<dyn Any + Send>)>,
    vault: Option<Arc<dyn Vault>>,
    events: mpsc::UnboundedSender<StoreEvent>,
}

impl Desk {
    fn run(mut self, jobs: &jobs::Receiver<Job>) {
        let mut next = self.wait(jobs);
        while let Some(job) = next.take() {
            match job {
                Job::Open => self.open(),
                Job::Commit(id, batch) => next = self.commit(id, batch, jobs),
                Job::Load(thread, prefixes) => self.load(thread, &prefixes),
                Job::Forget(id, thread) => self.forget(id, &thread),
                Job::Close => {
                    self.open = None;
                    self.tell(StoreEvent::Closed);
                }
            }
            if next.is_none() {
                next = self.wait(jobs);
            }
        }
    }

    /// The next job. Between jobs the store does what it puts off until those who wait were
    /// answered.
    fn wait(&self, jobs: &jobs::Receiver<Job>) -> Option<Job> {
        let (mut idle, mut more) = (false, self.tidy(false));
        loop {
            let next = match (more, idle) {
                (true, _) => jobs.try_recv().map_err(|error| match error {
                    jobs::TryRecvError::Empty => jobs::RecvTimeoutError::Timeout,
                    jobs::TryRecvError::Disconnected => jobs::RecvTimeoutError::Disconnected,
                }),
                (false, false) => jobs.recv_timeout(IDLE),
                (false, true) => return jobs.recv().ok(),
            };
            match next {
                Ok(job) => return Some(job),
                Err(jobs::RecvTimeoutError::Disconnected) => return None,
                Err(jobs::RecvTimeoutError::Timeout) => {
                    idle |= !more;
                    more = self.tidy(idle);
                }
            }
        }
    }

    fn tidy(&self, idle: bool) -> bool {
        let Some((store, _)) = &self.open else { return false };
        store.tidy(idle).unwrap_or_else(|error| {
            // Nothing is lost by it; the next commit is refused and the store opened again.
            tracing::warn!(%error, "the store could not be tidied");
            false
        })
    }

    fn open(&mut self) {
        // The old store goes first: two of them can't be open at once.
        self.open = None;
        let events = &self.events;
        let mut early = |engine| drop(events.send(StoreEvent::Early(Box::new(engine))));
        let opened = (self.opener)(&mut early).map(|opened| {
            self.open = Some((opened.store, opened.guard));
            self.vault = opened.vault;
            (opened.engine, opened.notices)
        });
        self.tell(StoreEvent::Opened(Box::new(opened)));
    }

    /// Commits this batch and those that wait right behind it; the job that ended the group.
    fn commit(&self, id: CommitId, batch: Batch, jobs: &jobs::Receiver<Job>) -> Option<Job> {
        let (mut ids, mut group) = (vec![id], batch);
        let mut ended_by = None;
        while ids.len() < GROUP_COMMITS && size(&group) < GROUP_BYTES {
            match jobs.try_recv() {
                Ok(Job::Commit(id, batch)) => {
                    ids.push(id);
                    batch.writes().iter().for_each(|write| group.push(write.clone()));
                }
                Ok(other) => {
                    ended_by = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        let outcome = match &self.open {
            Some((store, _)) => store.commit(&group),
            None => Err(not_open()),
        };
        for id in ids {
            self.tell(match &outcome {
                Ok(()) => StoreEvent::Persisted(id),
                Err(error) => StoreEvent::Failed(id, error.clone()),
            });
        }
        ended_by
    }

    fn forget(&self, id: CommitId, thread: &ThreadId) {
        let forgotten = match &self.open {
            Some((store, _)) => store.forget(thread, self.vault.as_deref()),
            None => Err(not_open()),
        };
        self.tell(match forgotten {
            Ok(()) => StoreEvent::Persisted(id),
            Err(error) => StoreEvent::Failed(id, error),
        });
    }

    fn load(&self, thread: ThreadId, prefixes: &[Key]) {
        let records = match &self.open {
            Some((store, _)) => prefixes.iter().try_fold(Vec::new(), |mut records, prefix| {
                records.extend(store.scan(prefix)?);
                Ok(records)
            }),
            None => Err(not_open()),
        };
        self.tell(match records {
            Ok(records) => StoreEvent::Loaded(thread, records),
            Err(error) => StoreEvent::LoadFailed(thread, error),
        });
    }

    fn tell(&self, event: StoreEvent) {
        // Nobody listens any more once the driver is gone; the work is done all the same.
        let _ = self.events.send(event);
    }
}

fn not_open() -> StoreError {
    StoreError::Closed("it was not opened".into())
}

fn size(batch: &Batch) -> usize {
    use tandem_engine::Write;
    let bytes = |write: &Write| match write {
        Write::Put(key, value) => key.as_bytes().len() + value.len(),
        Write::Delete(key) => key.as_bytes().len(),
    };
    batch.writes().iter().map(bytes).sum()
}

#[cfg(test)]
mod tests;
