//! Where each item stands in the journal: sled, with what it does not have yet in memory.
//!
//! One tree. `p`, thread (20 bytes) and seq (8, big-endian) lead to segment (4), offset (8) and
//! length (4); `c` is the checkpoint: how far the journal is applied, by which record that is
//! known, and how many positions there are. Both are written in one batch, off the hot path.

use std::{
    collections::BTreeMap,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use tandem_proto::{Seq, ThreadId};

use crate::{
    folder::{Folder, sync_dir},
    journal::{JournalId, Mark, Position, Span},
};

/// Positions that are collected before they are written.
const BATCH: usize = 8192;

/// The page cache: the index of a district is read here and there, never whole.
const CACHE_BYTES: u64 = 32 << 20;

const CHECKPOINT: &[u8] = b"c";
const VERSION: u8 = 1;

/// The index can't be used as it is; the journal can make it again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IndexError {
    /// sled says no.
    #[error(transparent)]
    Sled(#[from] sled::Error),
    /// sled panicked, as it does on some damaged files.
    #[error("the index can't be read")]
    Panicked,
    /// The file system says no.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A checkpoint that this version did not write.
    #[error("the index has another format")]
    Format,
}

/// How far the journal is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// Of which journal.
    pub(crate) journal: JournalId,
    /// The next record to apply.
    pub(crate) next: Position,
    /// The checksum of the record before it.
    pub(crate) mark: Mark,
    /// Positions in the index.
    pub(crate) count: u64,
}

/// An item and where it stands.
pub(crate) type Place = ((ThreadId, Seq), Span);

#[derive(Debug, Default)]
struct Overlay {
    places: BTreeMap<(ThreadId, Seq), Span>,
    checkpoint: Option<Checkpoint>,
    closing: bool,
}

/// The index.
pub(crate) struct Index {
    db: sled::Db,
    overlay: Mutex<Overlay>,
    full: Condvar,
    // Whoever holds the index, holds the folder; dropped last.
    _folder: Arc<Folder>,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Index(..)")
    }
}

fn guarded<T>(work: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(IndexError::Panicked))
}

impl Index {
    /// Opens the index in `dir`, made when it is not there, and reads its checkpoint.
    pub(crate) fn open(
        dir: &Path,
        folder: Arc<Folder>,
    ) -> Result<(Self, Option<Checkpoint>), IndexError> {
        guarded(|| {
            let fresh = !dir.join("db").exists();
            let db = sled::Config::new()
                .path(dir)
                .cache_capacity(CACHE_BYTES)
                .segment_size(8 << 20)
                .flush_every_ms(None)
                .open()?;
            if fresh {
                // sled does not make its own files' names durable.
                for name in ["conf", "db"] {
                    std::fs::File::open(dir.join(name))?.sync_all()?;
                }
                sync_dir(dir)?;
                dir.parent().map_or(Ok(()), sync_dir)?;
            }
            let checkpoint = match db.get(CHECKPOINT)? {
                None if db.is_empty() => None,
                None => return Err(IndexError::Format),
                Some(bytes) => Some(read_checkpoint(&bytes).ok_or(IndexError::Format)?),
            };
            let overlay = Overlay { checkpoint, ..Overlay::default() };
            let full = Condvar::new();
            let index = Self { db, overlay: Mutex::new(overlay), full, _folder: folder };
            Ok((index, checkpoint))
        })
    }

    /// How many positions are stored; counts them.
    pub(crate) fn stored(&self) -> Result<u64, IndexError> {
        guarded(|| Ok(self.db.len().saturating_sub(1) as u64))
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) -> Result<(), IndexError> {
        *self.lock() = Overlay::default();
        guarded(|| Ok(self.db.clear()?))
    }

    /// Takes note of what became durable, in memory.
    pub(crate) fn note(&self, places: impl Iterator<Item = Place>, checkpoint: Checkpoint) {
        let mut overlay = self.lock();
        let count = overlay.checkpoint.map_or(0, |c| c.count);
        let mut added = 0;
        for (key, span) in places {
            overlay.places.insert(key, span);
            added += 1;
        }
        overlay.checkpoint = Some(Checkpoint { count: count + added, ..checkpoint });
        if overlay.places.len() >= BATCH {
            self.full.notify_one();
        }
    }

    /// Writes what is in memory only.
    pub(crate) fn store(&self) -> Result<(), IndexError> {
        let (places, checkpoint) = {
            let overlay = self.lock();
            (overlay.places.clone(), overlay.checkpoint)
        };
        let Some(checkpoint) = checkpoint else { return Ok(()) };
        guarded(|| {
            let mut batch = sled::Batch::default();
            for ((thread, seq), span) in &places {
                batch.insert(key(thread, *seq), write_span(span));
            }
            batch.insert(CHECKPOINT, &write_checkpoint(&checkpoint)[..]);
            self.db.apply_batch(batch)?;
            self.db.flush()?;
            Ok(())
        })?;
        let mut overlay = self.lock();
        overlay.places.retain(|key, span| places.get(key) != Some(span));
        Ok(())
    }

    /// Writes whenever enough has come together, until [`Index::close`]. Runs on its own thread.
    pub(crate) fn store_lazily(&self) {
        loop {
            let closing = {
                let overlay = self.lock();
                let overlay = self
                    .full
                    .wait_while(overlay, |o| o.places.len() < BATCH && !o.closing)
                    .unwrap_or_else(PoisonError::into_inner);
                overlay.closing
            };
            if let Err(error) = self.store() {
                // What is in memory stays there, and the next start applies it from the journal.
                tracing::error!(%error, "the index can't be written; it goes on in memory");
                return;
            }
            if closing {
                return;
            }
        }
    }

    /// Lets [`Index::store_lazily`] write the rest and end.
    pub(crate) fn close(&self) {
        self.lock().closing = true;
        self.full.notify_one();
    }

    /// Where a thread's items stand from `first` on without a gap: at most `count`, and about
    /// `bytes` but at least one.
    pub(crate) fn places(
        &self,
        thread: ThreadId,
        first: Seq,
        count: usize,
        bytes: usize,
    ) -> Result<Vec<(Seq, Span)>, IndexError> {
        // Memory first: what moves to the tree meanwhile is then seen at least once.
        let range = (thread, first)..=(thread, Seq(u64::MAX));
        let recent: BTreeMap<Seq, Span> = {
            let overlay = self.lock();
            overlay.places.range(range).take(count).map(|((_, seq), span)| (*seq, *span)).collect()
        };
        guarded(|| {
            let mut stored = self.db.range(key(&thread, first)..=key(&thread, Seq(u64::MAX)));
            let mut found = Vec::new();
            let mut room = bytes;
            let mut seq = first;
            while found.len() < count {
                let span = match recent.get(&seq) {
                    Some(span) => *span,
                    None => {
                        let wanted = key(&thread, seq);
                        let at = stored.find(|s| {
                            s.as_ref().map_or(true, |(at, _)| at.as_ref() >= wanted.as_slice())
                        });
                        match at.transpose()? {
                            Some((at, span)) if at == wanted => {
                                read_span(&span).ok_or(IndexError::Format)?
                            }
                            _ => break,
                        }
                    }
                };
                let len = span.len as usize;
                if !found.is_empty() && len > room {
                    break;
                }
                room = room.saturating_sub(len);
                found.push((seq, span));
                seq = seq.next();
            }
            Ok(found)
        })
    }

    /// Makes the next start build the index anew: it named a place where the item is not.
    pub(crate) fn distrust(&self) {
        let forgotten = guarded(|| {
            self.db.remove(CHECKPOINT)?;
            self.db.flush()?;
            Ok(())
        });
        self.lock().checkpoint = None;
        if let Err(error) = forgotten {
            tracing::error!(%error, "the index can't be marked as wrong");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Overlay> {
        // Every change of the overlay is whole before anything in it can panic.
        self.overlay.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(thread: &ThreadId, seq: Seq) -> Vec<u8> {
    [b"p", thread.as_bytes().as_slice(), &seq.0.to_be_bytes()].concat()
}

fn write_span(span: &Span) -> Vec<u8> {
    let Span { at, len } = span;
    [&at.segment.to_le_bytes()[..], &at.offset.to_le_bytes(), &len.to_le_bytes()].concat()
}

fn read_span(bytes: &[u8]) -> Option<Span> {
    let (segment, rest) = bytes.split_first_chunk::<4>()?;
    let (offset, rest) = rest.split_first_chunk::<8>()?;
    let at =
        Position { segment: u32::from_le_bytes(*segment), offset: u64::from_le_bytes(*offset) };
    Some(Span { at, len: u32::from_le_bytes(rest.try_into().ok()?) })
}

fn write_checkpoint(checkpoint: &Checkpoint) -> Vec<u8> {
    let next = Span { at: checkpoint.next, len: 0 };
    [
        &[VERSION][..],
        &checkpoint.journal,
        &checkpoint.mark,
        &checkpoint.count.to_le_bytes(),
        &write_span(&next),
    ]
    .concat()
}

fn read_checkpoint(bytes: &[u8]) -> Option<Checkpoint> {
    let (version, rest) = bytes.split_first()?;
    let (journal, rest) = rest.split_first_chunk()?;
    let (mark, rest) = rest.split_first_chunk()?;
    let (count, rest) = rest.split_first_chunk()?;
    let next = read_span(rest)?.at;
    (*version == VERSION).then_some(Checkpoint {
        journal: *journal,
        next,
        mark: *mark,
        count: u64::from_le_bytes(*count),
    })
}

/// The folder of a store's index.
pub(crate) fn index_dir(store: &Path) -> PathBuf {
    store.join("index")
}
