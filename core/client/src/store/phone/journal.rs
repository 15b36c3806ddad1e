//! The journal before sled: one file, begun anew at each checkpoint.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `tandem-w` |
//! | 4 | version, 1 |
//! | 4 | the first 4 bytes of BLAKE3 over the 12 before: the same in every version |
//! | 16 | the store's id, random |
//! | 8 | the number of the checkpoint that the records follow |
//! | 8 | the first 8 bytes of BLAKE3 over the 40 before |
//! | rest | records: tag (4 bytes), length (4), checksum (8), a batch |
//!
//! Numbers are little-endian. Tag and checksum are keyed by the store's id and the checkpoint's
//! number, and the checksum covers the offset, so a record of another run never passes. One record
//! is one commit; it is synced before the next is written, so only the last can be torn: a whole
//! record behind one that is not whole is damage.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

use crate::{
    StoreError,
    files::{private_file, sync_dir},
};

const NAME: &str = "journal";
const MAGIC: &[u8; 8] = b"tandem-w";
const VERSION: u32 = 1;
const HEADER: usize = 48;
const PREFIX: usize = 16;

/// Space is taken ahead in pieces of so many bytes: a sync into space that is there already has no
/// metadata to write, and takes half the time.
const AHEAD: u64 = 256 << 10;

/// More than any commit: a longer length is damage.
const MAX_RECORD: usize = 64 << 20;

/// Which store, and the checkpoint that a run of records follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The store's id.
    pub(super) id: [u8; 16],
    /// The checkpoint's number.
    pub(super) number: u64,
}

impl Mark {
    pub(super) const fn next(self) -> Self {
        Self { number: self.number + 1, ..self }
    }

    pub(crate) fn to_bytes(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        bytes[..16].copy_from_slice(&self.id);
        bytes[16..].copy_from_slice(&self.number.to_le_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, number) = bytes.split_first_chunk::<16>()?;
        Some(Self { id: *id, number: u64::from_le_bytes(number.try_into().ok()?) })
    }
}

/// What a journal file holds.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) mark: Mark,
    /// The commits, in order.
    pub(super) commits: Vec<Vec<u8>>,
    /// Whole commits behind one that is not.
    pub(super) beyond_damage: usize,
    end: u64,
}

/// A journal that is open for appending.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    run: Run,
    end: u64,
    taken: u64,
}

/// What the records of one run are checked with.
#[derive(Debug, Clone)]
struct Run {
    key: [u8; 32],
    tag: [u8; 4],
}

impl Run {
    fn of(mark: Mark) -> Self {
        let key = blake3::derive_key("tandem/phone-journal/1", &mark.to_bytes());
        let mut tag = [0; 4];
        tag.copy_from_slice(&blake3::keyed_hash(&key, b"tag").as_bytes()[..4]);
        Self { key, tag }
    }

    fn checksum(&self, offset: u64, payload: &[u8]) -> [u8; 8] {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&offset.to_le_bytes());
        hasher.update(&(payload.len() as u64).to_le_bytes());
        hasher.update(payload);
        let mut out = [0; 8];
        out.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        out
    }

    fn record(&self, offset: u64, payload: &[u8]) -> Option<Vec<u8>> {
        let len = u32::try_from(payload.len()).ok()?;
        let mut record = Vec::with_capacity(PREFIX + payload.len());
        record.extend_from_slice(&self.tag);
        record.extend_from_slice(&len.to_le_bytes());
        record.extend_from_slice(&self.checksum(offset, payload));
        record.extend_from_slice(payload);
        Some(record)
    }

    /// The payload of a whole record at an offset.
    fn open<'a>(&self, bytes: &'a [u8], offset: usize) -> Option<&'a [u8]> {
        let (tag, rest) = bytes.get(offset..)?.split_first_chunk::<4>()?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let (sum, rest) = rest.split_first_chunk::<8>()?;
        let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
        let payload = rest.get(..len).filter(|_| len <= MAX_RECORD && *tag == self.tag)?;
        (*sum == self.checksum(offset as u64, payload)).then_some(payload)
    }

    /// Whole records after a place where none begins.
    fn beyond(&self, bytes: &[u8], from: usize) -> usize {
        let mut found = 0;
        let mut at = from + 1;
        while at + PREFIX <= bytes.len() {
            match self.open(bytes, at) {
                Some(payload) => {
                    found += 1;
                    at += PREFIX + payload.len();
                }
                None => at += 1,
            }
        }
        found
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join(NAME)
}

fn header(mark: Mark) -> [u8; HEADER] {
    let mut out = [0; HEADER];
    out[..8].copy_from_slice(MAGIC);
    out[8..12].copy_from_slice(&VERSION.to_le_bytes());
    let check = blake3::hash(&out[..12]);
    out[12..16].copy_from_slice(&check.as_bytes()[..4]);
    out[16..40].copy_from_slice(&mark.to_bytes());
    let check = blake3::hash(&out[..40]);
    out[40..].copy_from_slice(&check.as_bytes()[..8]);
    out
}

fn parse(bytes: &[u8]) -> Result<Mark, StoreError> {
    let damaged = || StoreError::Damaged("its journal can't be read".into());
    let header: &[u8; HEADER] = bytes.first_chunk().ok_or_else(damaged)?;
    if &header[..8] != MAGIC || header[12..16] != blake3::hash(&header[..12]).as_bytes()[..4] {
        return Err(damaged());
    }
    match header[8..12].try_into().map(u32::from_le_bytes) {
        Ok(VERSION) => {}
        Ok(newer) => return Err(StoreError::Newer(newer)),
        Err(_) => return Err(damaged()),
    }
    if header[40..] != blake3::hash(&header[..40]).as_bytes()[..8] {
        return Err(damaged());
    }
    Mark::from_bytes(&header[16..40]).ok_or_else(damaged)
}

/// Reads a store's journal; `None` when there is none. Changes nothing.
///
/// # Errors
/// [`StoreError::Damaged`] for a header that can't be read, [`StoreError::Newer`]; what is wrong
/// further down is told in [`Found`].
pub(super) fn read(dir: &Path) -> Result<Option<Found>, StoreError> {
    let bytes = match std::fs::read(path(dir)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mark = parse(&bytes)?;
    let run = Run::of(mark);
    let (mut at, mut commits) = (HEADER, Vec::new());
    while let Some(payload) = run.open(&bytes, at) {
        commits.push(payload.to_vec());
        at += PREFIX + payload.len();
    }
    let beyond_damage = run.beyond(&bytes, at);
    Ok(Some(Found { mark, commits, beyond_damage, end: at as u64 }))
}

impl Journal {
    /// Begins a run: nothing of an earlier one counts any more.
    pub(super) fn begin(dir: &Path, mark: Mark) -> Result<Self, StoreError> {
        let file = private_file(&path(dir))?;
        let mut this = Self { file, run: Run::of(mark), end: HEADER as u64, taken: 0 };
        this.restart(mark)?;
        sync_dir(dir)?;
        Ok(this)
    }

    /// Goes on behind what was found.
    pub(super) fn resume(dir: &Path, found: &Found) -> Result<Self, StoreError> {
        let file = private_file(&path(dir))?;
        let taken = file.metadata()?.len();
        Ok(Self { file, run: Run::of(found.mark), end: found.end, taken })
    }

    /// Begins the next run in the same file. Its header is in one sector and overwrites the old one:
    /// whenever the power goes, one of the two is there. The records of the old run go only when the
    /// new header is on the platter: an old header always has all of its records behind it.
    pub(super) fn restart(&mut self, mark: Mark) -> Result<(), StoreError> {
        self.file.write_all_at(&header(mark), 0)?;
        self.file.sync_all()?;
        if self.file.metadata()?.len() > AHEAD {
            self.file.set_len(AHEAD)?;
        }
        let rest = usize::try_from(AHEAD).unwrap_or(HEADER) - HEADER;
        self.file.write_all_at(&vec![0; rest], HEADER as u64)?;
        self.file.sync_all()?;
        (self.run, self.end, self.taken) = (Run::of(mark), HEADER as u64, AHEAD);
        Ok(())
    }

    /// Makes one commit durable.
    pub(super) fn append(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let record = self.run.record(self.end, payload);
        let mut record = record.filter(|_| payload.len() <= MAX_RECORD).ok_or_else(too_long)?;
        let end = self.end + record.len() as u64;
        if end > self.taken {
            self.taken = end.next_multiple_of(AHEAD);
            let whole = usize::try_from(self.taken - self.end).map_err(|_| too_long())?;
            record.resize(whole, 0);
        }
        self.file.write_all_at(&record, self.end)?;
        self.file.sync_data()?;
        self.end = end;
        Ok(())
    }

    /// A disk that fails from here on.
    #[cfg(test)]
    pub(super) fn replace_file(&mut self, file: File) {
        self.file = file;
    }

    /// Bytes of the records of this run.
    pub(super) const fn len(&self) -> u64 {
        self.end - HEADER as u64
    }
}

fn too_long() -> StoreError {
    StoreError::Disk("a commit of over 64 MiB".into())
}
