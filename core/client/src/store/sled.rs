//! sled by the durability recipe: what stands behind the journal of phones.
//!
//! sled's own `flush` does not reach the platter on Linux, and its blob files are never synced at
//! all. So: segments of 8 MiB and values cut into pieces, which keeps every page inline; one
//! writer; after each flush a `sync_data` on an own handle to sled's file; and after any error no
//! further commit until the store is opened again. `docs/adr` says what was measured.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use tandem_engine::{Batch, Key};

use super::{
    FORMAT, Record, Store, StoreError,
    phone::{Mark, last_of},
    value::{self, CHECKSUM},
};
use crate::files::{guarded, sync_dir, sync_file};

const SEGMENT: usize = 8 << 20;
const CACHE: u64 = 16 << 20;

/// How long a store that was closed just now may keep its file.
const LET_GO: Duration = Duration::from_secs(1);

/// Bytes of one piece of a value. sled moves a page over a quarter of a segment into a blob file;
/// a page holds up to some twenty values, and twenty of these are well below that.
const PIECE: usize = 64 << 10;

/// First byte of sled's keys: the format, the last checkpoint, a record's head, a record's further
/// pieces.
const FORMAT_KEY: &[u8] = b"f";
const MARK_KEY: &[u8] = b"m";
const HEAD: u8 = b'r';
const FURTHER: u8 = b'p';

/// Bytes before a head's first piece: the checksum and the number of further pieces.
const HEADER: usize = CHECKSUM + 2;

/// A store in a folder of its own.
#[derive(Debug)]
pub(crate) struct SledStore {
    db: ::sled::Db,
    /// Our own handle to sled's file: the only way to a real sync.
    file: File,
    dir: PathBuf,
    closed: OnceLock<String>,
}

impl SledStore {
    /// Makes a store in a folder that has none.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Busy`] when there is one already.
    pub(crate) fn create(dir: &Path) -> Result<Self, StoreError> {
        guarded(|| {
            if dir.join("db").exists() {
                return Err(StoreError::Busy);
            }
            let store = Self::open_files(dir)?;
            let format = value::wrap(FORMAT_KEY, &FORMAT.to_le_bytes());
            store.db.insert(FORMAT_KEY, format)?;
            store.sync()?;
            // sled syncs neither its settings nor the names of its files.
            sync_file(&dir.join("conf"))?;
            store.file.sync_all()?;
            sync_dir(dir)?;
            sync_dir(dir.parent().unwrap_or(dir))?;
            Ok(store)
        })
    }

    /// Opens the store in a folder.
    ///
    /// # Errors
    /// [`StoreError`]; a panic inside sled is [`StoreError::Damaged`].
    pub(crate) fn open(dir: &Path) -> Result<Self, StoreError> {
        guarded(|| {
            if !dir.join("db").exists() {
                return Err(StoreError::Damaged("its file is missing".into()));
            }
            let store = Self::open_when_let_go(dir)?;
            // sled takes a file that it can't make sense of for an empty one; we don't.
            let format = store.db.get(FORMAT_KEY)?.ok_or_else(|| value::damaged(FORMAT_KEY))?;
            let format = value::unwrap(FORMAT_KEY, &format)?.try_into().map(u32::from_le_bytes);
            match format {
                Ok(format) if format > FORMAT => Err(StoreError::Newer(format)),
                Ok(_) => Ok(store),
                Err(_) => Err(value::damaged(FORMAT_KEY)),
            }
        })
    }

    /// sled lets go of its file a moment after it was closed: its own threads end later. Whoever
    /// else could have it is kept out by the home's lock.
    fn open_when_let_go(dir: &Path) -> Result<Self, StoreError> {
        let since = Instant::now();
        loop {
            match Self::open_files(dir) {
                Err(StoreError::Busy) if since.elapsed() < LET_GO => thread::sleep(LET_GO / 200),
                opened => return opened,
            }
        }
    }

    fn open_files(dir: &Path) -> Result<Self, StoreError> {
        set_stray_snapshots_aside(dir)?;
        let db = ::sled::Config::new()
            .path(dir)
            .segment_size(SEGMENT)
            .cache_capacity(CACHE)
            .flush_every_ms(None)
            .open()?;
        let file = File::options().read(true).write(true).open(dir.join("db"))?;
        Ok(Self { db, file, dir: dir.to_path_buf(), closed: OnceLock::new() })
    }

    /// Every record of a damaged store that can still be read, how many can't, and the last
    /// checkpoint. Writes to the folder: give it a copy.
    pub(crate) fn salvage(dir: &Path) -> Result<(Vec<Record>, usize, Option<Mark>), StoreError> {
        let store = guarded(|| Self::open_files(dir))?;
        let (mut kept, mut lost) = (Vec::new(), 0);
        let mark = guarded(|| store.mark()).unwrap_or(None);
        let mut heads = store.db.scan_prefix([HEAD]);
        // A panic ends the walk: sled's iterator can't be trusted after one.
        while let Ok(Some(item)) = guarded(|| Ok(heads.next())) {
            let read = guarded(|| {
                let (key, head) = item?;
                Ok((Key::new(key[1..].to_vec()), store.assemble(&key[1..], &head)?))
            });
            match read {
                Ok(record) => kept.push(record),
                Err(_) if lost > MAX_LOST => break,
                Err(_) => lost += 1,
            }
        }
        Ok((kept, lost, mark))
    }

    /// Every resident record, if they are not more bytes than this.
    pub(super) fn resident_within(&self, most: usize) -> Result<Option<Vec<Record>>, StoreError> {
        let below = Key::new(vec![Key::FIRST_ON_DEMAND]);
        guarded(|| {
            let (mut records, mut bytes) = (Vec::new(), 0);
            for item in self.db.range([HEAD].to_vec()..head_key(below.as_bytes())) {
                let (key, head) = item?;
                let value = self.assemble(&key[1..], &head)?;
                bytes += key.len() + value.len();
                if bytes > most {
                    return Ok(None);
                }
                records.push((Key::new(key[1..].to_vec()), value));
            }
            Ok(Some(records))
        })
    }

    /// The last checkpoint; `None` in a store that never had a journal.
    pub(super) fn mark(&self) -> Result<Option<Mark>, StoreError> {
        let Some(stored) = self.db.get(MARK_KEY)? else { return Ok(None) };
        let mark = Mark::from_bytes(&value::unwrap(MARK_KEY, &stored)?);
        mark.map(Some).ok_or_else(|| value::damaged(MARK_KEY))
    }

    /// Makes all of these durable, together with a checkpoint's number, if there is one.
    pub(super) fn write_all(
        &self,
        writes: BTreeMap<&[u8], Option<&[u8]>>,
        mark: Option<Mark>,
    ) -> Result<(), StoreError> {
        if let Some(why) = self.closed.get() {
            return Err(StoreError::Closed(why.clone()));
        }
        guarded(|| self.write(writes, mark)).inspect_err(|error| {
            // The first reason stands.
            let _ = self.closed.set(error.to_string());
        })
    }

    /// Puts a head's pieces together and checks the whole.
    fn assemble(&self, key: &[u8], head: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (sum, further, first) = split_head(head).ok_or_else(|| value::damaged(key))?;
        let mut whole = first.to_vec();
        for piece in 0..further {
            let piece = self.db.get(further_key(key, piece))?;
            whole.extend_from_slice(&piece.ok_or_else(|| value::damaged(key))?);
        }
        if sum == value::checksum(key, &whole) { Ok(whole) } else { Err(value::damaged(key)) }
    }

    fn write(
        &self,
        writes: BTreeMap<&[u8], Option<&[u8]>>,
        mark: Option<Mark>,
    ) -> Result<(), StoreError> {
        let mut out = ::sled::Batch::default();
        if let Some(mark) = mark {
            out.insert(MARK_KEY, value::wrap(MARK_KEY, &mark.to_bytes()));
        }
        for (key, value) in writes {
            let head = head_key(key);
            let old = self.db.get(&head)?;
            let had = old.as_deref().and_then(split_head).map_or(0, |(_, further, _)| further);
            let has = match value {
                Some(value) => put(&mut out, head, key, value)?,
                None => {
                    if old.is_some() {
                        out.remove(head);
                    }
                    0
                }
            };
            (has..had).for_each(|piece| out.remove(further_key(key, piece)));
        }
        self.db.apply_batch(out)?;
        self.sync()
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.db.flush()?;
        self.file.sync_data()?;
        // A blob would not be on the platter now, whatever was synced.
        match fs::read_dir(self.dir.join("blobs"))?.next() {
            None => Ok(()),
            Some(_) => Err(StoreError::Disk("sled wrote a blob file".into())),
        }
    }
}

/// Losing more than this many records means that the walk itself is lost.
const MAX_LOST: usize = 1 << 16;

impl Store for SledStore {
    fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        guarded(|| match self.db.get(head_key(key.as_bytes()))? {
            Some(head) => self.assemble(key.as_bytes(), &head).map(Some),
            None => Ok(None),
        })
    }

    fn scan(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
        guarded(|| {
            let heads = self.db.scan_prefix(head_key(prefix.as_bytes()));
            heads
                .map(|item| {
                    let (key, head) = item?;
                    Ok((Key::new(key[1..].to_vec()), self.assemble(&key[1..], &head)?))
                })
                .collect()
        })
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.write_all(last_of(batch), None)
    }
}

/// Adds a value's head and further pieces to a batch; how many further ones there are.
fn put(
    out: &mut ::sled::Batch,
    head: Vec<u8>,
    key: &[u8],
    value: &[u8],
) -> Result<u16, StoreError> {
    let (first, rest) = value.split_at(value.len().min(PIECE));
    let further = u16::try_from(rest.len().div_ceil(PIECE))
        .map_err(|_| StoreError::Disk("a record of over 4 GiB".into()))?;
    let mut stored = Vec::with_capacity(HEADER + first.len());
    stored.extend_from_slice(&value::checksum(key, value));
    stored.extend_from_slice(&further.to_le_bytes());
    stored.extend_from_slice(first);
    out.insert(head, stored);
    for (piece, bytes) in (0..further).zip(rest.chunks(PIECE)) {
        out.insert(further_key(key, piece), bytes);
    }
    Ok(further)
}

fn head_key(key: &[u8]) -> Vec<u8> {
    [&[HEAD], key].concat()
}

fn further_key(key: &[u8], piece: u16) -> Vec<u8> {
    [&[FURTHER], key, &piece.to_be_bytes()].concat()
}

fn split_head(head: &[u8]) -> Option<([u8; CHECKSUM], u16, &[u8])> {
    let (sum, rest) = head.split_first_chunk::<CHECKSUM>()?;
    let (further, first) = rest.split_first_chunk::<2>()?;
    Some((*sum, u16::from_le_bytes(*further), first))
}

/// A snapshot that sled was writing when it was cut off makes it refuse to open; the one before
/// is still there and is enough.
fn set_stray_snapshots_aside(dir: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(".generating") {
            fs::rename(entry.path(), dir.join("stray-snapshot"))?;
        }
    }
    Ok(())
}

impl From<::sled::Error> for StoreError {
    fn from(error: ::sled::Error) -> Self {
        use ::sled::Error;
        match error {
            Error::Io(error) => error.into(),
            Error::Corruption { .. } => Self::Damaged("its file does not check out".into()),
            other => {
                // sled's own words are for who looks into it, not for who has the phone.
                tracing::warn!(error = %other, "sled can't use its files");
                Self::Damaged("its file is not one that this version can read".into())
            }
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full
            }
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData => Self::Damaged(error.to_string()),
            // sled's words for its own lock.
            _ if error.to_string().contains("could not acquire lock") => Self::Busy,
            _ => Self::Disk(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
