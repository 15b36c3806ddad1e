//! What an opening reads, in a file of its own, so that it can be shown while sled opens.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `tandem-r` |
//! | 4 | version, 1 |
//! | 24 | the store's id and the number of the checkpoint whose resident records these are |
//! | 16 | the first 16 bytes of BLAKE3 over all other bytes |
//! | rest | the records, as one batch |
//!
//! Numbers are little-endian. Nothing rests on this file: it is read only beside a journal of the
//! same number, and what the store itself has counts as soon as it is open. So it is never synced; a
//! torn one does not check out, and one that was not written in time has another number.

use std::{fs, os::unix::fs::FileExt as _, path::Path};

use tandem_engine::{Batch, Write};

use super::{journal::Mark, words};
use crate::{StoreError, files::private_file, store::Record};

const NAME: &str = "resident";
const MAGIC: &[u8; 8] = b"tandem-r";
const VERSION: [u8; 4] = 1u32.to_le_bytes();
const CHECK: usize = 16;

/// Whoever has more than this in their inbox and outbox waits for sled instead of writing it with
/// each checkpoint.
pub(super) const MOST: usize = 2 << 20;

fn check(head: &[u8], payload: &[u8]) -> [u8; CHECK] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(head);
    hasher.update(payload);
    let mut out = [0; CHECK];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..CHECK]);
    out
}

fn head(mark: Mark) -> Vec<u8> {
    [&MAGIC[..], &VERSION, &mark.to_bytes()].concat()
}

/// Writes a checkpoint's resident records; without them, that there is nothing to be read.
pub(super) fn write(
    dir: &Path,
    mark: Mark,
    records: Option<Vec<Record>>,
) -> Result<(), StoreError> {
    let mut bytes = head(mark);
    if let Some(records) = records {
        let mut batch = Batch::new();
        records.into_iter().for_each(|(key, value)| batch.push(Write::Put(key, value)));
        let payload = words::encode(&batch);
        bytes.extend_from_slice(&check(&bytes, &payload));
        bytes.extend_from_slice(&payload);
    }
    let file = private_file(&dir.join(NAME))?;
    file.write_all_at(&bytes, 0)?;
    Ok(file.set_len(bytes.len() as u64)?)
}

/// The resident records of a checkpoint, if that is the one whose they are.
pub(super) fn read(dir: &Path, mark: Mark) -> Option<Batch> {
    let bytes = fs::read(dir.join(NAME)).ok()?;
    let rest = bytes.strip_prefix(head(mark).as_slice())?;
    let (sum, payload) = rest.split_first_chunk::<CHECK>()?;
    (*sum == check(&head(mark), payload)).then(|| words::decode(payload))?
}
