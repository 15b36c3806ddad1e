//! Appends to a journal: one write and one sync for a whole group.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tandem_relay::Record;

use super::{
    Disk, End, Header, JournalId, Mark, Position, SegmentKey, Span,
    format::{HEADER, MAX_PAYLOAD, PREFIX},
    segment_path,
};
use crate::folder::sync_dir;

/// Bytes after which a new segment is begun.
pub(crate) const SEGMENT_BYTES: u64 = 64 << 20;

/// Space is taken ahead in pieces of this many bytes: a sync into space that is there already has
/// no metadata to write and takes half the time. It is also what a full disk is noticed by first.
const AHEAD: u64 = 512 << 10;

/// A group of so many bytes takes no more space than it needs: beside its own bytes the metadata is
/// little, and zeros that the next such group overwrites at once would be as much again to write.
const LARGE: usize = 64 << 10;

/// A journal that is open for appending.
///
/// After an error it must be dropped: what of the group reached the disk is not known.
#[derive(Debug)]
pub(crate) struct Journal {
    dir: PathBuf,
    disk: Arc<dyn Disk>,
    id: JournalId,
    segment: u32,
    key: SegmentKey,
    file: File,
    end: u64,
    taken: u64,
    last: Mark,
    segment_bytes: u64,
    buffer: Vec<u8>,
}

impl Journal {
    /// Begins a journal in an empty folder.
    pub(crate) fn create(dir: &Path, disk: Arc<dyn Disk>, id: JournalId) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        Self::begin(dir, disk, Header { journal: id, segment: 1, previous_len: 0 })
    }

    /// Goes on where a journal ends, in the same segment.
    pub(crate) fn resume(dir: &Path, disk: Arc<dyn Disk>, end: &End) -> io::Result<Self> {
        let id = end.journal.ok_or_else(|| io::Error::other("no journal to go on with"))?;
        let file = OpenOptions::new().write(true).open(segment_path(dir, end.at.segment))?;
        let taken = file.metadata()?.len();
        Ok(Self {
            dir: dir.to_owned(),
            disk,
            id,
            segment: end.at.segment,
            key: SegmentKey::new(&id, end.at.segment),
            file,
            end: end.at.offset,
            taken,
            last: [0; 8],
            segment_bytes: SEGMENT_BYTES,
            buffer: Vec::new(),
        })
    }

    /// Goes on where a journal ends, in a new segment: never again in a file that failed.
    pub(crate) fn resume_in_new_segment(
        dir: &Path,
        disk: Arc<dyn Disk>,
        end: &End,
    ) -> io::Result<Self> {
        let journal = end.journal.ok_or_else(|| io::Error::other("no journal to go on with"))?;
        let segment = end.at.segment + 1;
        Self::begin(dir, disk, Header { journal, segment, previous_len: end.at.offset })
    }

    /// A segment appears under its name only when its header is durable. Its first piece of space
    /// is taken at once, so that one that could hold nothing is never begun.
    fn begin(dir: &Path, disk: Arc<dyn Disk>, header: Header) -> io::Result<Self> {
        let path = segment_path(dir, header.segment);
        let draft = path.with_extension("new");
        let made = || -> io::Result<File> {
            let file = OpenOptions::new().write(true).create(true).truncate(true).open(&draft)?;
            let mut bytes = header.to_bytes().to_vec();
            bytes.resize(usize::try_from(AHEAD).unwrap_or(HEADER), 0);
            disk.write(&file, &bytes, 0)?;
            disk.sync(&file)?;
            file.sync_all()?;
            fs::rename(&draft, &path)?;
            sync_dir(dir)?;
            Ok(file)
        };
        let file = match made() {
            Ok(file) => file,
            Err(error) => {
                // It holds nothing yet, and on a full disk it is in the way.
                let _ = fs::remove_file(&draft);
                return Err(error);
            }
        };
        Ok(Self {
            dir: dir.to_owned(),
            disk,
            id: header.journal,
            segment: header.segment,
            key: SegmentKey::new(&header.journal, header.segment),
            file,
            end: HEADER as u64,
            taken: AHEAD,
            last: [0; 8],
            segment_bytes: SEGMENT_BYTES,
            buffer: Vec::new(),
        })
    }

    /// A journal that begins a new segment after so many bytes.
    #[cfg(test)]
    pub(crate) fn with_segment_bytes(mut self, bytes: u64) -> Self {
        self.segment_bytes = bytes;
        self
    }

    /// Makes a group of records durable, all or, as far as anybody is told, none. `spans` gets
    /// where each stands.
    ///
    /// # Errors
    /// When writing or syncing failed, or a record is over its limit. The journal must be dropped.
    pub(crate) fn append<'a>(
        &mut self,
        records: impl Iterator<Item = &'a Record>,
        spans: &mut Vec<Span>,
    ) -> io::Result<()> {
        if self.end >= self.segment_bytes {
            self.roll()?;
        }
        self.buffer.clear();
        for record in records {
            self.encode(record, spans)?;
        }
        let end = self.end + self.buffer.len() as u64;
        if end > self.taken {
            self.taken = if self.buffer.len() < LARGE { end.next_multiple_of(AHEAD) } else { end };
            let zeros = usize::try_from(self.taken - self.end).map_err(io::Error::other)?;
            self.buffer.resize(zeros, 0);
        }
        self.disk.write(&self.file, &self.buffer, self.end)?;
        self.disk.sync(&self.file)?;
        self.end = end;
        self.buffer.shrink_to(4 << 20);
        Ok(())
    }

    fn encode(&mut self, record: &Record, spans: &mut Vec<Span>) -> io::Result<()> {
        let start = self.buffer.len();
        let offset = self.end + start as u64;
        self.buffer.extend_from_slice(&[0; PREFIX]);
        let buffer = std::mem::take(&mut self.buffer);
        self.buffer = postcard::to_extend(record, buffer).map_err(io::Error::other)?;
        let (prefix, payload) = self.buffer[start..].split_at_mut(PREFIX);
        if payload.len() > MAX_PAYLOAD {
            return Err(io::Error::other("a record over its limit"));
        }
        let len = u32::try_from(payload.len()).map_err(io::Error::other)?;
        self.last = self.key.mark(offset, payload);
        prefix[..4].copy_from_slice(&len.to_le_bytes());
        prefix[4..].copy_from_slice(&self.last);
        let at = Position { segment: self.segment, offset };
        let prefix = u32::try_from(PREFIX).map_err(io::Error::other)?;
        spans.push(Span { at, len: len + prefix });
        Ok(())
    }

    fn roll(&mut self) -> io::Result<()> {
        self.trim()?;
        let header = Header { journal: self.id, segment: self.segment + 1, previous_len: self.end };
        let next = Self::begin(&self.dir, self.disk.clone(), header)?;
        *self = Self { segment_bytes: self.segment_bytes, last: self.last, ..next };
        Ok(())
    }

    fn trim(&self) -> io::Result<()> {
        self.file.set_len(self.end)?;
        self.file.sync_all()
    }

    /// Where the next record belongs; everything before it is durable.
    pub(crate) fn end(&self) -> Position {
        Position { segment: self.segment, offset: self.end }
    }

    /// The journal's id.
    pub(crate) fn id(&self) -> JournalId {
        self.id
    }

    /// The checksum of the last record that was appended.
    pub(crate) fn last(&self) -> Mark {
        self.last
    }

    /// Gives back the space that was taken ahead.
    ///
    /// # Errors
    /// When the file system says no; nothing is lost by it.
    pub(crate) fn close(self) -> io::Result<()> {
        self.trim()
    }
}
