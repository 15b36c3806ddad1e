//! The relay's store: the journal is the truth, the index a help that can be made again.
//!
//! Opening replays the whole journal through [`tandem_relay::Relay::restore`]: it is read once
//! per start at the speed of the disk or of the core, whichever is slower, and nothing of it is
//! kept but the core's own state. That is what a start costs.

mod committer;
mod index;
mod open;
mod quarantine;
mod reader;
mod rebuild;
mod recent;
mod replay;

#[cfg(all(test, target_os = "linux"))]
mod powercut;
#[cfg(test)]
mod tests;

pub use open::StoreError;
pub(crate) use open::{Opened, Setup, StoreDir, journal_dir};
pub(crate) use reader::ReadRequest;

use std::{io, sync::Arc, thread::JoinHandle};

use tandem_relay::{CommitId, ReadId, Relay};
use tokio::sync::mpsc::UnboundedSender;

use self::{
    committer::{Commit, Committer, Work},
    index::Index,
    reader::Reader,
};
use crate::{journal::Position, metrics::Metrics};

/// What the store's threads tell the driver.
#[derive(Debug)]
pub(crate) enum StoreEvent {
    /// These commits are durable.
    Committed(Vec<CommitId>),
    /// A write or sync failed: nothing after `durable` is, and the writer has ended.
    Failed {
        /// Up to where everything is durable.
        durable: Position,
        /// What happened.
        error: io::Error,
    },
    /// The answer to a read of the core numbered `core`.
    Items {
        /// Which core asked; one that has been replaced gets no answer.
        core: u64,
        /// Its question.
        id: ReadId,
        /// The items.
        items: Vec<Vec<u8>>,
    },
}

/// An open store: its three threads.
#[derive(Debug)]
pub(crate) struct Store {
    dir: StoreDir,
    index: Arc<Index>,
    events: UnboundedSender<StoreEvent>,
    metrics: Metrics,
    committer: Option<Committer>,
    reader: Option<Reader>,
    indexer: Option<JoinHandle<()>>,
}

impl Store {
    /// Opens the store and restores the core from it. Blocks.
    ///
    /// # Errors
    /// [`StoreError`]; a store of a newer version is then as it was.
    pub(crate) fn open(
        dir: StoreDir,
        setup: &Setup,
        events: UnboundedSender<StoreEvent>,
        metrics: Metrics,
    ) -> Result<(Self, Relay), StoreError> {
        let (opened, index) = dir.open(setup)?;
        let index = Arc::new(index);
        let lazy = index.clone();
        let indexer = std::thread::Builder::new()
            .name("tandem-index".to_owned())
            .spawn(move || lazy.store_lazily())
            .map_err(StoreError::Thread)?;
        let mut store = Self {
            dir,
            index,
            events,
            metrics,
            committer: None,
            reader: None,
            indexer: Some(indexer),
        };
        let relay = store.resume(opened)?;
        Ok((store, relay))
    }

    /// Starts to write and read again, on what was opened or reopened.
    ///
    /// # Errors
    /// [`StoreError::Thread`].
    pub(crate) fn resume(&mut self, opened: Opened) -> Result<Relay, StoreError> {
        let work = Work {
            journal: opened.journal,
            index: self.index.clone(),
            events: self.events.clone(),
            metrics: self.metrics.clone(),
            renewal: opened.renewal,
            acts: opened.acts,
        };
        self.committer = Some(Committer::start(work).map_err(StoreError::Thread)?);
        if let Some(reader) = self.reader.take() {
            reader.close();
        }
        // The journal may be another one, whose segments it has not opened.
        let reader = Reader::start(self.dir.journal(), self.index.clone(), self.events.clone());
        self.reader = Some(reader.map_err(StoreError::Thread)?);
        Ok(opened.relay)
    }

    /// What opens the store again after a failure, on a thread that may block.
    pub(crate) fn reopener(
        &self,
        durable: Position,
    ) -> impl Fn(&Setup) -> Result<Opened, StoreError> + Send + 'static {
        let (dir, index) = (self.dir.clone(), self.index.clone());
        move |setup| dir.reopen(setup, &index, durable)
    }

    /// What rebuilds the store and opens it again, on a thread that may block; nothing is written from
    /// here on until [`Store::resume`]. Everything that was committed must be durable.
    pub(crate) fn rebuilder(
        &mut self,
    ) -> impl FnMut(&Setup) -> Result<Opened, StoreError> + Send + 'static {
        let (dir, index, mut committer) =
            (self.dir.clone(), self.index.clone(), self.committer.take());
        move |setup| {
            if let Some(committer) = committer.take() {
                committer.close();
            }
            dir.reopen_rebuilt(setup, &index)
        }
    }

    /// Makes these durable, told by [`StoreEvent::Committed`].
    pub(crate) fn commit(&self, commits: Vec<Commit>) {
        if let Some(committer) = &self.committer {
            committer.commit(commits);
        }
    }

    /// Reads items, told by [`StoreEvent::Items`].
    pub(crate) fn read(&self, request: ReadRequest) {
        if let Some(reader) = &self.reader {
            reader.read(request);
        }
    }

    /// Writes everything that is left and ends the threads. Blocks.
    pub(crate) fn close(mut self) {
        if let Some(committer) = self.committer.take() {
            committer.close();
        }
        if let Some(reader) = self.reader.take() {
            reader.close();
        }
        self.index.close();
        if let Some(indexer) = self.indexer.take() {
            // A panic there has been told by its own message; the journal has everything.
            let _ = indexer.join();
        }
    }
}

impl Drop for Store {
    /// Without [`Store::close`] the threads end by themselves; this one must be told.
    fn drop(&mut self) {
        self.index.close();
    }
}
