//! The second copy of the audit log, `acts.log`, beside the relay's key and outside the store.
//!
//! The journal is the truth. But removing `store/` is a wipe that devices mend, and no device has
//! what whoever runs the relay did: without this copy a wipe or an older store put back would let
//! back in whoever was suspended. It also shows when acts were cut off the journal's end, which the
//! chain alone can't.
//!
//! A record is its length (4 bytes, little-endian) and postcard of [`AuditRecord`]; each is signed
//! and chained, so nothing else guards it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use tandem_relay::{AuditRecord, Relay};

use crate::folder::sync_dir;

/// Bytes of one record; the largest is a school with every limit of its own.
const MAX_RECORD: usize = 64 << 10;

/// The copy, open for adding.
#[derive(Debug)]
pub(crate) struct Acts {
    file: File,
    /// Bytes of its records.
    len: u64,
    /// The number of the last record in it.
    last: u64,
}

/// Where the copy of a data folder is.
pub(crate) fn acts_of(root: &Path) -> PathBuf {
    root.join("acts.log")
}

/// The records that can be read, and how many bytes they take. No file is an empty copy.
pub(crate) fn read(path: &Path) -> io::Result<(Vec<AuditRecord>, u64)> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(mut file) => drop(file.read_to_end(&mut bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let (mut records, mut rest) = (Vec::new(), bytes.as_slice());
    // A record that was cut short by a power cut is in the journal.
    while let Some((record, after)) = next(rest) {
        records.push(record);
        rest = after;
    }
    Ok((records, (bytes.len() - rest.len()) as u64))
}

fn next(bytes: &[u8]) -> Option<(AuditRecord, &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_le_bytes(*len)).ok().filter(|len| *len <= MAX_RECORD)?;
    let (record, rest) = rest.split_at_checked(len)?;
    Some((postcard::from_bytes(record).ok()?, rest))
}

impl Acts {
    /// Opens the copy in a data folder, and makes it and what the journal told of one: what the
    /// journal lacks the core takes back, what the copy lacks is added. A copy of another history is
    /// set aside.
    pub(crate) fn open(
        root: &Path,
        journal: &[AuditRecord],
        relay: &mut Relay,
    ) -> io::Result<Self> {
        let path = acts_of(root);
        let (mut kept, mut len) = read(&path)?;
        let same = kept.iter().zip(journal).take_while(|(a, b)| a == b).count();
        if same < kept.len().min(journal.len()) {
            let aside = free_name(&path);
            fs::rename(&path, &aside)?;
            tracing::error!(
                aside = %aside.display(),
                "acts.log tells of other acts than the store: the store's count, the file is set \
                 aside; compare both with `tandem relay admin audit`"
            );
            (kept, len) = (Vec::new(), 0);
        }
        let lost = kept.split_off(journal.len().min(kept.len()));
        let brought = relay.bring_back(lost.iter().cloned());
        if brought > 0 {
            tracing::warn!(
                acts = brought,
                "the store lacked acts that acts.log has: schools and suspensions are as they were"
            );
        }
        let whole = if brought < lost.len() as u64 {
            let aside = free_name(&path);
            fs::copy(&path, &aside)?;
            tracing::error!(
                number = relay.audit().len() + 1, aside = %aside.display(),
                "acts.log has an act that does not follow: it is left out, the file is kept"
            );
            let gone = lost.iter().skip(usize::try_from(brought).unwrap_or(usize::MAX));
            len - gone.map(|record| encoded(record).len() as u64).sum::<u64>()
        } else {
            len
        };
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        file.set_len(whole)?;
        let last = kept.len() as u64 + brought;
        let mut acts = Self { file, len: whole, last };
        acts.add(journal)?;
        acts.file.sync_all()?;
        sync_dir(root)?;
        Ok(acts)
    }

    /// Adds records that it does not have yet. After one that could not be written it takes no more:
    /// the next start adds them all, from the journal.
    pub(crate) fn add<'a>(
        &mut self,
        records: impl IntoIterator<Item = &'a AuditRecord>,
    ) -> io::Result<()> {
        let (mut last, mut bytes) = (self.last, Vec::new());
        for record in records.into_iter().filter(|record| record.number > self.last) {
            if record.number != last + 1 {
                break;
            }
            bytes.extend(encoded(record));
            last = record.number;
        }
        if bytes.is_empty() {
            return Ok(());
        }
        // Over what a write that failed may have left.
        self.file.write_all_at(&bytes, self.len)?;
        self.file.sync_data()?;
        self.len += bytes.len() as u64;
        self.last = last;
        Ok(())
    }
}

fn encoded(record: &AuditRecord) -> Vec<u8> {
    // Writing into a Vec can't fail; a record is far below its limit.
    let body = postcard::to_extend(record, Vec::new()).expect("a record always serializes");
    let len = u32::try_from(body.len()).expect("a record is small");
    [&len.to_le_bytes()[..], &body].concat()
}

fn free_name(path: &Path) -> PathBuf {
    let named = |n: u32| path.with_extension(format!("log.aside-{n}"));
    (1..).map(named).find(|name| !name.exists()).unwrap_or_else(|| named(0))
}
