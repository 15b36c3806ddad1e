//! The segment journal: every change of the relay's state, append-only and checksummed.
//!
//! `store/journal/00000001.log`, `00000002.log` and so on, one run of records over all of them:
//!
//! | bytes of a segment | what |
//! |---|---|
//! | 8 | `tandem-j` |
//! | 4 | version, 1 |
//! | 4 | the first 4 bytes of BLAKE3 over the 12 before: the same in every version |
//! | 16 | the journal's id, random |
//! | 4 | the segment's number |
//! | 8 | the length of the segment before; 0 in the first |
//! | 8 | the first 8 bytes of BLAKE3 over the 44 before |
//! | rest | records: length (4 bytes), checksum (8), postcard of [`tandem_relay::Record`] |
//!
//! Numbers are little-endian. A record's checksum is BLAKE3 keyed by the journal's id and the
//! segment's number, over its offset, its length and its bytes: a record that was moved, or is
//! another journal's, does not check. The newest segment may end in zeros, for space is taken
//! ahead so that a sync has no metadata to write; every other segment ends with its last record,
//! and the next one's header says where that is.

mod disk;
mod format;
mod repair;
mod scan;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use disk::{Disk, RealDisk};
pub(crate) use format::{Header, HeaderError, JournalId, Mark, SegmentKey, read_header};
pub(crate) use repair::{cut_to, set_aside};
pub(crate) use scan::{End, Entry, Scan};
pub(crate) use writer::Journal;

use std::path::{Path, PathBuf};

/// Where in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// The segment's number; the first is 1.
    pub(crate) segment: u32,
    /// The byte in it.
    pub(crate) offset: u64,
}

/// Where a record stands, its length and checksum included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Where it begins.
    pub(crate) at: Position,
    /// How long it is.
    pub(crate) len: u32,
}

impl Span {
    /// Where the next record begins.
    pub(crate) fn end(&self) -> Position {
        Position { offset: self.at.offset + u64::from(self.len), ..self.at }
    }
}

/// A journal can't be read as it is, and nothing in it was changed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Written by a newer version of this program.
    #[error("{path} was written by a newer version of the relay (format {version}): use that one")]
    Newer {
        /// The segment.
        path: PathBuf,
        /// Its format.
        version: u32,
    },
    /// A whole, undamaged record that this version can't read.
    #[error("{path} holds a record at {offset} that only a newer version of the relay can read")]
    NewerRecord {
        /// The segment.
        path: PathBuf,
        /// Where in it.
        offset: u64,
    },
    /// The file system said no.
    #[error("can't read {path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The path of a segment.
pub(crate) fn segment_path(dir: &Path, segment: u32) -> PathBuf {
    dir.join(format!("{segment:08}.log"))
}
