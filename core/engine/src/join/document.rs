//! What is checked of a saved document before Automerge loads it.
//!
//! It must be one document chunk whose columns neither inflate to gigabytes nor claim more rows
//! than a volume can have.

use flate2::{Decompress, FlushDecompress, Status};

use super::columns::{DEFLATED, rows, specs};
use crate::batch::Reader;

const MAGIC_AND_CHECKSUM: usize = 8;
const DOCUMENT: u8 = 0;

/// Rows of all columns together: some twenty columns over the operations of a volume.
const MAX_ROWS: u64 = 1 << 25;

/// Bytes of all columns together, inflated.
const MAX_COLUMNS: usize = 16 << 20;

/// Whether these are the bytes of a document that can be loaded at a bounded cost.
pub(super) fn is_bounded(bytes: &[u8]) -> bool {
    walk(bytes).is_some_and(|rows| rows <= MAX_ROWS)
}

fn walk(bytes: &[u8]) -> Option<u64> {
    let mut document = Reader::new(bytes);
    document.array::<MAGIC_AND_CHECKSUM>()?;
    if *document.array::<1>()? != [DOCUMENT] || document.u64()? != document.rest().len() as u64 {
        return None;
    }
    let actors = document.u64()?;
    for _ in 0..actors {
        let len = document.u64()?;
        document.take(len)?;
    }
    let heads = document.u64()?;
    for _ in 0..heads {
        document.array::<32>()?;
    }
    let changes = specs(&mut document)?;
    let operations = specs(&mut document)?;
    let (mut sum, mut room) = (0u64, MAX_COLUMNS);
    for (spec, len) in changes.into_iter().chain(operations) {
        let column = document.take(len)?;
        let here = if spec & DEFLATED == 0 {
            rows(spec, column, actors)?
        } else {
            let column = inflate(column, room)?;
            room -= column.len();
            rows(spec, &column, actors)?
        };
        sum = sum.saturating_add(here);
    }
    Some(sum)
}

/// Inflates at most `max` bytes.
fn inflate(column: &[u8], max: usize) -> Option<Vec<u8>> {
    let mut stream = Decompress::new(false);
    let mut out = Vec::new();
    loop {
        let (read, written) = (stream.total_in(), out.len());
        out.reserve((column.len() * 4).clamp(256, 64 << 10));
        let rest = column.get(usize::try_from(read).ok()?..)?;
        let status = stream.decompress_vec(rest, &mut out, FlushDecompress::None).ok()?;
        if out.len() > max {
            return None;
        }
        if status == Status::StreamEnd {
            return Some(out);
        }
        if stream.total_in() == read && out.len() == written {
            return None;
        }
    }
}
