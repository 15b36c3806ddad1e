//! Opening a store: the ladder from what is whole to what can be saved.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tandem_proto::SecretKey;
use tandem_relay::{Config, Relay, RestoreError};

use super::{
    index::{Checkpoint, Index, index_dir},
    quarantine, rebuild,
    replay::{Catchup, Replay, Replayed},
};
use crate::{
    acts::{Acts, acts_of},
    clock::Clock,
    folder::{Folder, sync_dir},
    journal::{Disk, Journal, JournalError, Position, Scan, cut_to, set_aside},
};

/// A store can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The journal can't be read as it is.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A new index can't be made either.
    #[error("can't build the index in {path}: {why}")]
    Index {
        /// Its folder.
        path: PathBuf,
        /// What it said.
        why: String,
    },
    /// The core takes not even an empty journal.
    #[error(transparent)]
    Core(#[from] RestoreError),
    /// A thread can't be started.
    #[error("can't start a thread: {0}")]
    Thread(io::Error),
    /// The file system said no.
    #[error("can't use {path}: {source}")]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What the core is restored with.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// The operator's limits.
    pub(crate) core: Config,
    /// The relay's key.
    pub(crate) key: SecretKey,
    /// Tells the time.
    pub(crate) clock: Clock,
}

/// Where a store is and how it is written.
#[derive(Debug, Clone)]
pub(crate) struct StoreDir {
    /// Keeps the folder locked.
    pub(crate) folder: Arc<Folder>,
    /// The journal's way to its files.
    pub(crate) disk: Arc<dyn Disk>,
}

/// A core, and the journal that it may be told to write to.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(super) relay: Relay,
    pub(super) journal: Journal,
    pub(super) renewal: Option<PathBuf>,
    pub(super) acts: Acts,
    /// Why the store could not be rebuilt, where it was to be.
    pub(super) unerased: Option<String>,
}

impl Opened {
    /// Why what was erased is still in the store's files, if it is.
    pub(crate) fn unerased(&self) -> Option<&str> {
        self.unerased.as_deref()
    }
}

/// The folder of a store's journal.
pub(crate) fn journal_dir(store: &Path) -> PathBuf {
    store.join("journal")
}

impl StoreDir {
    pub(super) fn journal(&self) -> PathBuf {
        journal_dir(&self.folder.store())
    }

    /// Opens journal and index, and restores the core. What is damaged is set aside; the core
    /// then draws a new generation, so that devices upload what was lost.
    pub(super) fn open(&self, setup: &Setup) -> Result<(Opened, Index), StoreError> {
        // Before anything is made or changed: a newer store stays as it is.
        Scan::open(&self.journal())?;
        let store = self.folder.store();
        rebuild::finish(&store).map_err(io_at(&store))?;
        fs::create_dir_all(self.journal())
            .and_then(|()| sync_dir(&store))
            .and_then(|()| store.parent().map_or(Ok(()), sync_dir))
            .map_err(io_at(&store))?;
        let mut rebuilt = None;
        loop {
            let (mut index, checkpoint) = self.index(setup)?;
            let (restored, replayed) =
                self.restore(setup, Some(Catchup::new(&index, checkpoint)))?;
            let Some(relay) = self.mend(setup, restored, &replayed)? else { continue };
            // Erased, and cut off before that was physical.
            if replayed.is_due && rebuilt.is_none() {
                let tried = rebuild::rebuild(&store, self.disk.clone());
                rebuilt = Some(tried.map(drop).map_err(|error| error.to_string()));
                index.clear().map_err(|why| self.no_index(&why))?;
                continue;
            }
            if let Some(Err(disagreement)) = &replayed.indexed {
                drop(index);
                index = self.rebuild(setup, disagreement)?;
            }
            let journal = match replayed.end.journal {
                None => Journal::create(&self.journal(), self.disk.clone(), crate::random()),
                Some(_) => Journal::resume(&self.journal(), self.disk.clone(), &replayed.end),
            };
            let mut opened = self.opened(relay, &replayed, journal)?;
            opened.unerased = rebuilt.and_then(Result::err);
            if let Some(error) = &opened.unerased {
                tracing::error!(
                    error,
                    "what was erased is still in the store's files; the next start tries again"
                );
            }
            return Ok((opened, index));
        }
    }

    /// Opens the journal again after a write or sync failed, up to where it is durable.
    pub(super) fn reopen(
        &self,
        setup: &Setup,
        index: &Index,
        durable: Position,
    ) -> Result<Opened, StoreError> {
        let store = self.folder.store();
        let aside = rebuild::quarantine_of(&store).join("unacknowledged");
        cut_to(&self.journal(), durable, &aside).map_err(io_at(&store))?;
        let mut mended = false;
        loop {
            let (restored, replayed) = self.restore(setup, None)?;
            let Some(relay) = self.mend(setup, restored, &replayed)? else {
                mended = true;
                continue;
            };
            if replayed.end.at < durable && !mended {
                self.mark_renewal().map_err(io_at(&store))?;
                mended = true;
            }
            if mended {
                self.refill(index).map_err(|why| self.no_index(&why))?;
            }
            let journal = match replayed.end.journal {
                None => Journal::create(&self.journal(), self.disk.clone(), crate::random()),
                Some(_) => Journal::resume_in_new_segment(
                    &self.journal(),
                    self.disk.clone(),
                    &replayed.end,
                ),
            };
            return self.opened(relay, &replayed, journal);
        }
    }

    /// Rebuilds the store, and opens it again whether that went well or not.
    pub(super) fn reopen_rebuilt(
        &self,
        setup: &Setup,
        index: &Index,
    ) -> Result<Opened, StoreError> {
        let store = self.folder.store();
        let rebuilt = rebuild::finish(&store)
            .map_err(rebuild::RebuildError::Io)
            .and_then(|()| rebuild::rebuild(&store, self.disk.clone()));
        rebuild::finish(&store).map_err(io_at(&store))?;
        loop {
            let (restored, replayed) = self.restore(setup, None)?;
            let Some(relay) = self.mend(setup, restored, &replayed)? else { continue };
            self.refill(index).map_err(|why| self.no_index(&why))?;
            let journal = match replayed.end.journal {
                None => Journal::create(&self.journal(), self.disk.clone(), crate::random()),
                Some(_) => Journal::resume(&self.journal(), self.disk.clone(), &replayed.end),
            };
            let mut opened = self.opened(relay, &replayed, journal)?;
            opened.unerased = rebuilt.map(drop).map_err(|error| error.to_string()).err();
            return Ok(opened);
        }
    }

    /// Rebuilds the store where nothing has it open.
    pub(crate) fn rebuild_closed(&self) -> Result<(), rebuild::RebuildError> {
        rebuild::rebuild(&self.folder.store(), self.disk.clone()).map(drop)
    }

    fn restore<'a>(
        &self,
        setup: &Setup,
        catchup: Option<Catchup<'a>>,
    ) -> Result<(Result<Relay, RestoreError>, Replayed), StoreError> {
        let scan = Scan::open(&self.journal())?;
        let mut replay = Replay::new(scan, catchup);
        let restored = Relay::restore(
            setup.clock.now(),
            setup.core.clone(),
            setup.key.clone(),
            crate::random(),
            &mut replay,
        );
        Ok((restored, replay.finish()?))
    }

    /// The core, if the journal was whole; otherwise sets the rest aside, and it is to be read
    /// again.
    fn mend(
        &self,
        setup: &Setup,
        restored: Result<Relay, RestoreError>,
        replayed: &Replayed,
    ) -> Result<Option<Relay>, StoreError> {
        let (at, what) = match (restored, replayed.end.damage) {
            (Ok(relay), None) => return Ok(Some(relay)),
            (_, Some(what)) => (replayed.end.at, what.to_owned()),
            (Err(why), None) => (replayed.last.ok_or_else(|| why.clone())?, why.to_string()),
        };
        let store = self.folder.store();
        // First of all: cut short after the repair, the next start must still draw a generation.
        let aside = self
            .mark_renewal()
            .and_then(|()| quarantine::folder(&store, setup.clock.now()))
            .and_then(|aside| set_aside(&self.journal(), at, &aside).map(|()| aside))
            .map_err(io_at(&store))?;
        tracing::error!(
            segment = at.segment, offset = at.offset, kept = %aside.display(),
            "the journal is damaged: {what}; what was readable counts, the rest is set aside, \
             and devices will upload what is missing"
        );
        Ok(None)
    }

    fn opened(
        &self,
        mut relay: Relay,
        replayed: &Replayed,
        journal: io::Result<Journal>,
    ) -> Result<Opened, StoreError> {
        let journal = journal.map_err(io_at(&self.journal()))?;
        let renewal = Some(self.marker()).filter(|marker| marker.exists());
        // Over an empty journal the core has drawn one already.
        if renewal.is_some() && replayed.last.is_some() {
            relay.renew();
        }
        let root = self.folder.root();
        let acts = Acts::open(root, &replayed.acts, &mut relay).map_err(io_at(&acts_of(root)))?;
        if let Some(fault) = relay.audit().fault() {
            tracing::error!(
                "the audit log is not whole: {fault}; `tandem relay admin audit` shows it"
            );
        }
        Ok(Opened { relay, journal, renewal, acts, unerased: None })
    }

    fn index(&self, setup: &Setup) -> Result<(Index, Option<Checkpoint>), StoreError> {
        let dir = index_dir(&self.folder.store());
        match Index::open(&dir, self.folder.clone()) {
            Ok(opened) => Ok(opened),
            Err(why) => {
                self.discard(setup, &why)?;
                Index::open(&dir, self.folder.clone()).map_err(|why| self.no_index(&why))
            }
        }
    }

    fn rebuild(
        &self,
        setup: &Setup,
        disagreement: &dyn std::error::Error,
    ) -> Result<Index, StoreError> {
        self.discard(setup, disagreement)?;
        let dir = index_dir(&self.folder.store());
        let (index, _) =
            Index::open(&dir, self.folder.clone()).map_err(|why| self.no_index(&why))?;
        self.refill(&index).map_err(|why| self.no_index(&why))?;
        Ok(index)
    }

    /// Fills an index from the whole journal.
    fn refill(&self, index: &Index) -> Result<(), Box<dyn std::error::Error>> {
        index.clear()?;
        let scan = Scan::open(&self.journal())?;
        let mut replay = Replay::new(scan, Some(Catchup::new(index, None)));
        replay.by_ref().for_each(drop);
        if let Some(indexed) = replay.finish()?.indexed {
            indexed?;
        }
        Ok(())
    }

    fn discard(&self, setup: &Setup, why: &dyn std::error::Error) -> Result<(), StoreError> {
        let store = self.folder.store();
        let dir = index_dir(&store);
        let kept = quarantine::keep(&store, &dir, setup.clock.now()).map_err(io_at(&dir))?;
        tracing::warn!(%why, kept = %kept.display(), "the index is built anew from the journal");
        Ok(())
    }

    fn no_index(&self, why: &dyn std::fmt::Display) -> StoreError {
        StoreError::Index { path: index_dir(&self.folder.store()), why: why.to_string() }
    }

    fn mark_renewal(&self) -> io::Result<()> {
        fs::File::create(self.marker())?.sync_all()?;
        sync_dir(&self.folder.store())
    }

    /// While this file is there, the next generation is not durable yet.
    fn marker(&self) -> PathBuf {
        self.folder.store().join("renewal")
    }
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { path, source }
}
