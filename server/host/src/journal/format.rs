//! Bytes of headers and records.

use std::{fs::File, io, os::unix::fs::FileExt as _};

/// Bytes of a segment's header.
pub(crate) const HEADER: usize = 52;

/// Bytes before a record's payload.
pub(crate) const PREFIX: usize = 12;

/// Bytes of a record's payload. The largest is a letter of 768 KiB; a length over this is damage.
pub(crate) const MAX_PAYLOAD: usize = 2 << 20;

const MAGIC: &[u8; 8] = b"tandem-j";
const VERSION: u32 = 1;

/// One journal, from its first segment to its last.
pub(crate) type JournalId = [u8; 16];

/// A record's checksum.
pub(crate) type Mark = [u8; 8];

/// What a segment says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Whose segment.
    pub(crate) journal: JournalId,
    /// Its number.
    pub(crate) segment: u32,
    /// The length of the segment before.
    pub(crate) previous_len: u64,
}

/// Bytes were not a header of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderError {
    /// A whole header of a newer version.
    Newer(u32),
    /// Not a header.
    Damaged,
}

fn number<const N: usize>(bytes: &[u8; HEADER], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

impl Header {
    pub(crate) fn to_bytes(self) -> [u8; HEADER] {
        let mut out = [0; HEADER];
        out[..8].copy_from_slice(MAGIC);
        out[8..12].copy_from_slice(&VERSION.to_le_bytes());
        let check = blake3::hash(&out[..12]);
        out[12..16].copy_from_slice(&check.as_bytes()[..4]);
        out[16..32].copy_from_slice(&self.journal);
        out[32..36].copy_from_slice(&self.segment.to_le_bytes());
        out[36..44].copy_from_slice(&self.previous_len.to_le_bytes());
        let check = blake3::hash(&out[..44]);
        out[44..].copy_from_slice(&check.as_bytes()[..8]);
        out
    }

    pub(crate) fn parse(bytes: &[u8; HEADER]) -> Result<Self, HeaderError> {
        if &bytes[..8] != MAGIC || bytes[12..16] != blake3::hash(&bytes[..12]).as_bytes()[..4] {
            return Err(HeaderError::Damaged);
        }
        let version = u32::from_le_bytes(number(bytes, 8));
        if version != VERSION {
            return Err(HeaderError::Newer(version));
        }
        if bytes[44..] != blake3::hash(&bytes[..44]).as_bytes()[..8] {
            return Err(HeaderError::Damaged);
        }
        Ok(Self {
            journal: number(bytes, 16),
            segment: u32::from_le_bytes(number(bytes, 32)),
            previous_len: u64::from_le_bytes(number(bytes, 36)),
        })
    }
}

/// Reads a segment's header; one that is not whole is damaged.
pub(crate) fn read_header(file: &File) -> io::Result<Result<Header, HeaderError>> {
    let mut bytes = [0; HEADER];
    match file.read_exact_at(&mut bytes, 0) {
        Ok(()) => Ok(Header::parse(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Err(HeaderError::Damaged)),
        Err(error) => Err(error),
    }
}

/// What a segment's records are checked with.
#[derive(Debug, Clone)]
pub(crate) struct SegmentKey([u8; 32]);

impl SegmentKey {
    pub(crate) fn new(journal: &JournalId, segment: u32) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("tandem/journal-record/1");
        hasher.update(journal).update(&segment.to_le_bytes());
        Self(*hasher.finalize().as_bytes())
    }

    pub(crate) fn mark(&self, offset: u64, payload: &[u8]) -> Mark {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(&offset.to_le_bytes());
        hasher.update(&(payload.len() as u64).to_le_bytes());
        hasher.update(payload);
        let mut mark = [0; 8];
        mark.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        mark
    }

    /// The payload of a whole record at `offset`, if it is what was written there.
    pub(crate) fn open<'a>(&self, offset: u64, record: &'a [u8]) -> Option<&'a [u8]> {
        let (len, rest) = record.split_first_chunk::<4>()?;
        let (mark, payload) = rest.split_first_chunk::<8>()?;
        let whole = payload.len() == u32::from_le_bytes(*len) as usize
            && *mark == self.mark(offset, payload);
        whole.then_some(payload)
    }
}
