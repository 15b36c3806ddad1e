//! The one thread that writes: it makes everything that waits durable with one sync.

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
    time::Instant,
};

use tandem_relay::{CommitId, Record};
use tokio::sync::mpsc::UnboundedSender;

use super::{
    Index, StoreEvent,
    index::{Checkpoint, Place},
};
use crate::{
    acts::Acts,
    journal::{Journal, Span},
    metrics::Metrics,
};

/// Commits that are written together at most: bounds what is encoded before the sync begins.
const GROUP: usize = 4096;

/// A commit on its way.
pub(crate) type Commit = (CommitId, Vec<Record>);

/// The writer's thread. Dropped, it finishes what it was given and ends.
#[derive(Debug)]
pub(crate) struct Committer {
    jobs: Option<Sender<Vec<Commit>>>,
    thread: Option<JoinHandle<()>>,
}

/// What the writer's thread works with.
pub(crate) struct Work {
    pub(crate) journal: Journal,
    /// Also keeps the folder locked while anything may still be written.
    pub(crate) index: Arc<Index>,
    pub(crate) events: UnboundedSender<StoreEvent>,
    pub(crate) metrics: Metrics,
    /// A file that says "the next generation is not durable yet"; removed when it is.
    pub(crate) renewal: Option<PathBuf>,
    /// The second copy of the audit log.
    pub(crate) acts: Acts,
}

impl Committer {
    /// Starts the thread.
    pub(crate) fn start(work: Work) -> io::Result<Self> {
        let (jobs, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("tandem-journal".to_owned())
            .spawn(move || run(work, &waiting))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Hands over commits. After a failure they vanish: whoever holds them has been told.
    pub(crate) fn commit(&self, commits: Vec<Commit>) {
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(commits);
        }
    }

    /// Waits until everything is written and the file is closed. Blocks.
    pub(crate) fn close(mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic there has been told by its own message; nothing is left to save.
            let _ = thread.join();
        }
    }
}

fn run(mut work: Work, waiting: &Receiver<Vec<Commit>>) {
    let mut group: Vec<Commit> = Vec::new();
    while let Ok(commits) = waiting.recv() {
        group.extend(commits);
        while group.len() < GROUP {
            let Ok(more) = waiting.try_recv() else { break };
            group.extend(more);
        }
        let durable = work.journal.end();
        if let Err(error) = write(&mut work, &group) {
            let _ = work.events.send(StoreEvent::Failed { durable, error });
            return;
        }
        let ids = group.drain(..).map(|(id, _)| id).collect();
        if work.events.send(StoreEvent::Committed(ids)).is_err() {
            break;
        }
    }
    if let Err(error) = work.journal.close() {
        tracing::warn!(%error, "the journal could not be trimmed");
    }
}

fn write(work: &mut Work, group: &[Commit]) -> io::Result<()> {
    let records = || group.iter().flat_map(|(_, records)| records);
    let mut spans = Vec::new();
    let from = work.journal.end();
    let began = Instant::now();
    work.journal.append(records(), &mut spans)?;
    let Some(last) = spans.last() else { return Ok(()) };
    work.metrics.synced(began.elapsed(), spans.iter().map(|span| u64::from(span.len)).sum());
    let checkpoint = Checkpoint {
        journal: work.journal.id(),
        next: last.end(),
        mark: work.journal.last(),
        count: 0,
    };
    let acts = records().filter_map(|record| match record {
        Record::Audited(act) => Some(act),
        _ => None,
    });
    if let Err(error) = work.acts.add(acts) {
        // The journal has them; the next start adds what is missing.
        tracing::error!(%error, "the copy of the audit log can't be written");
    }
    let places = places(records().zip(spans));
    work.metrics.appended(places.len());
    work.index.note(places.into_iter(), checkpoint);
    if work.renewal.is_some() && records().any(|r| matches!(r, Record::Generation(_))) {
        let marker = work.renewal.take().unwrap_or_default();
        if let Err(error) = std::fs::remove_file(marker) {
            // The next start draws one more generation: needless, harmless.
            tracing::warn!(%error, ?from, "the mark of a renewal could not be removed");
        }
    }
    Ok(())
}

fn places<'a>(records: impl Iterator<Item = (&'a Record, Span)>) -> Vec<Place> {
    records
        .filter_map(|(record, span)| match record {
            Record::Append { thread, seq, .. } => Some(((*thread, *seq), span)),
            _ => None,
        })
        .collect()
}
