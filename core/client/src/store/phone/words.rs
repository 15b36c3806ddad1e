//! A commit as bytes: its writes one after the other.

use tandem_engine::{Batch, Key, Write};

const PUT: u8 = 1;
const DELETE: u8 = 2;

/// The bytes of a commit.
pub(super) fn encode(batch: &Batch) -> Vec<u8> {
    let mut out = Vec::new();
    for write in batch.writes() {
        match write {
            Write::Put(key, value) => {
                out.push(PUT);
                put(&mut out, key.as_bytes());
                put(&mut out, value);
            }
            Write::Delete(key) => {
                out.push(DELETE);
                put(&mut out, key.as_bytes());
            }
        }
    }
    out
}

/// The commit again; `None` for bytes that are not one.
pub(super) fn decode(mut bytes: &[u8]) -> Option<Batch> {
    let mut batch = Batch::new();
    while let Some((kind, rest)) = bytes.split_first() {
        bytes = rest;
        let key = Key::new(take(&mut bytes)?.to_vec());
        batch.push(match *kind {
            PUT => Write::Put(key, take(&mut bytes)?.to_vec()),
            DELETE => Write::Delete(key),
            _ => return None,
        });
    }
    Some(batch)
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    // A record is far below 4 GiB: the journal takes no commit over 64 MiB.
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(bytes);
}

fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
    let (taken, rest) = rest.split_at_checked(len)?;
    *bytes = rest;
    Some(taken)
}
