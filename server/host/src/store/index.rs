//! Where each item stands in the journal: sled, with what it does not have yet in memory.
//!
//! One tree. `p`, thread (20 bytes) and a block's number (8, big-endian) lead to the places of up
//! to 16 neighbours, each segment (4), offset (8) and length (4); block 0 begins with seq 1. `c` is
//! the checkpoint: how far the journal is applied, by which record that is known, and how many
//! positions there are. Both are written in one batch, off the hot path.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use tandem_proto::{Seq, ThreadId};

use super::recent::{Recent, Run};
use crate::{
    folder::{Folder, sync_dir},
    journal::{JournalId, Mark, Position, Span},
};

/// Positions that are collected before they are written: the more of a thread come together, the
/// fewer blocks are written twice.
const BATCH: u64 = 32_768;

/// Positions in one value of the tree, which takes about as long to write with one as with all.
const BLOCK: usize = 16;

/// Bytes of a position.
const SPAN: usize = 16;

/// The page cache: the index of a district is read here and there, never whole.
const CACHE_BYTES: u64 = 32 << 20;

const CHECKPOINT: &[u8] = b"c";
const VERSION: u8 = 2;

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
    fresh: Recent,
    /// On its way into the tree; read from here until it is there.
    writing: Arc<Recent>,
    /// Positions in all.
    count: u64,
    /// The tree is wrong somewhere and gets no checkpoint any more.
    distrusted: bool,
    closing: bool,
}

/// The index.
pub(crate) struct Index {
    db: sled::Db,
    overlay: Mutex<Overlay>,
    full: Condvar,
    /// Held while the tree is changed.
    tree: Mutex<()>,
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
            let count = checkpoint.map_or(0, |checkpoint| checkpoint.count);
            let overlay = Mutex::new(Overlay { count, ..Overlay::default() });
            let (full, tree) = (Condvar::new(), Mutex::new(()));
            Ok((Self { db, overlay, full, tree, _folder: folder }, checkpoint))
        })
    }

    /// How many positions are stored; counts them.
    pub(crate) fn stored(&self) -> Result<u64, IndexError> {
        guarded(|| {
            self.db.scan_prefix(b"p").values().try_fold(0, |count, block| {
                let len = block?.len();
                if len % SPAN == 0 {
                    Ok(count + (len / SPAN) as u64)
                } else {
                    Err(IndexError::Format)
                }
            })
        })
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) -> Result<(), IndexError> {
        let _tree = lock(&self.tree);
        *lock(&self.overlay) = Overlay::default();
        guarded(|| Ok(self.db.clear()?))
    }

    /// Takes note of what became durable, in memory.
    pub(crate) fn note(&self, places: impl Iterator<Item = Place>, reached: Checkpoint) {
        let mut overlay = lock(&self.overlay);
        let before = overlay.fresh.count();
        let follow = places.fold(true, |follow, ((thread, seq), span)| {
            overlay.fresh.push(thread, seq, span) && follow
        });
        overlay.count += overlay.fresh.count() - before;
        overlay.fresh.reached = Some(Checkpoint { count: overlay.count, ..reached });
        if overlay.fresh.count() >= BATCH {
            self.full.notify_one();
        }
        drop(overlay);
        if !follow {
            tracing::error!("a log has a gap; the index is built anew at the next start");
            self.distrust();
        }
    }

    /// Writes what is in memory only.
    pub(crate) fn store(&self) -> Result<(), IndexError> {
        let _tree = lock(&self.tree);
        let (recent, distrusted) = {
            let mut overlay = lock(&self.overlay);
            // What failed to be written is still there, and goes before what came since.
            if overlay.writing.count() == 0 {
                overlay.writing = Arc::new(std::mem::take(&mut overlay.fresh));
            }
            (overlay.writing.clone(), overlay.distrusted)
        };
        let Some(reached) = recent.reached else { return Ok(()) };
        guarded(|| {
            let mut batch = sled::Batch::default();
            for (thread, run) in recent.runs() {
                self.put(&mut batch, thread, run)?;
            }
            if !distrusted {
                batch.insert(CHECKPOINT, &write_checkpoint(&reached)[..]);
            }
            self.db.apply_batch(batch)?;
            self.db.flush()?;
            Ok(())
        })?;
        lock(&self.overlay).writing = Arc::default();
        Ok(())
    }

    /// Adds a run to the blocks that it lies in.
    fn put(&self, batch: &mut sled::Batch, thread: &ThreadId, run: &Run) -> Result<(), IndexError> {
        let (mut block, within) = block_of(run.first);
        let mut bytes = match within {
            0 => Vec::new(),
            _ => self.db.get(key(thread, block))?.map_or(Vec::new(), |begun| begun.to_vec()),
        };
        if bytes.len() != within * SPAN {
            return Err(IndexError::Format);
        }
        let mut rest = &run.spans[..];
        while !rest.is_empty() {
            let room = BLOCK - bytes.len() / SPAN;
            let (now, later) = rest.split_at(room.min(rest.len()));
            now.iter().for_each(|span| bytes.extend_from_slice(&write_span(span)));
            batch.insert(&key(thread, block), std::mem::take(&mut bytes));
            (rest, block) = (later, block + 1);
        }
        Ok(())
    }

    /// Writes whenever enough has come together, until [`Index::close`]. Runs on its own thread.
    pub(crate) fn store_lazily(&self) {
        loop {
            let closing = {
                let overlay = self
                    .full
                    .wait_while(lock(&self.overlay), |o| o.fresh.count() < BATCH && !o.closing)
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
        lock(&self.overlay).closing = true;
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
        let (fresh, writing) = {
            let overlay = lock(&self.overlay);
            (overlay.fresh.part(&thread, first, count), overlay.writing.clone())
        };
        guarded(|| {
            let mut block: Option<(u64, sled::IVec)> = None;
            let mut found = Vec::new();
            let mut room = bytes;
            let mut seq = first;
            while found.len() < count {
                let recent = fresh.as_ref().and_then(|run| run.get(seq));
                let recent = recent.or_else(|| writing.get(&thread, seq));
                let span = match recent {
                    Some(span) => span,
                    None => {
                        let (number, within) = block_of(seq);
                        if block.as_ref().is_none_or(|(read, _)| *read != number) {
                            let read = self.db.get(key(&thread, number))?;
                            block = Some((number, read.unwrap_or_default()));
                        }
                        let spans = block.as_ref().map_or(&[][..], |(_, spans)| spans);
                        match spans.chunks(SPAN).nth(within) {
                            Some(span) => read_span(span).ok_or(IndexError::Format)?,
                            None => break,
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
        let _tree = lock(&self.tree);
        lock(&self.overlay).distrusted = true;
        let forgotten = guarded(|| {
            self.db.remove(CHECKPOINT)?;
            self.db.flush()?;
            Ok(())
        });
        if let Err(error) = forgotten {
            tracing::error!(%error, "the index can't be marked as wrong");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change of the overlay is whole before anything in it can panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The block that an item stands in, and the how manieth in it.
fn block_of(seq: Seq) -> (u64, usize) {
    let at = seq.0.saturating_sub(1);
    let block = BLOCK as u64;
    (at / block, usize::try_from(at % block).unwrap_or(0))
}

fn key(thread: &ThreadId, block: u64) -> [u8; 1 + ThreadId::LEN + 8] {
    let mut key = [b'p'; 1 + ThreadId::LEN + 8];
    key[1..=ThreadId::LEN].copy_from_slice(thread.as_bytes());
    key[1 + ThreadId::LEN..].copy_from_slice(&block.to_be_bytes());
    key
}

fn write_span(span: &Span) -> [u8; SPAN] {
    let mut bytes = [0; SPAN];
    bytes[..4].copy_from_slice(&span.at.segment.to_le_bytes());
    bytes[4..12].copy_from_slice(&span.at.offset.to_le_bytes());
    bytes[12..].copy_from_slice(&span.len.to_le_bytes());
    bytes
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
