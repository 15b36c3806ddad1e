//! Rebuilding a store: what was erased goes from its files, and every other record is written anew.
//!
//! A journal only grows, so erasure becomes physical by a new one beside it, `journal.new`, that
//! takes its place:
//!
//! 1. The new journal is written whole and synced.
//! 2. What was set aside as damaged goes: nobody can say what of it belonged to whom.
//! 3. `journal` becomes `journal.old`, `journal.new` becomes `journal`.
//! 4. `journal.old` goes.
//!
//! Cut off before 3, the old journal counts and still says that it is to be rebuilt; cut off in or
//! after 3, [`finish`] ends it at the next opening. The index holds places and no items, and is made
//! anew for the new journal.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tandem_relay::Sieve;

use super::open::journal_dir;
use crate::{
    folder::sync_dir,
    journal::{Disk, Journal, JournalError, Scan},
};

/// Bytes of records that are written, and synced, together.
const GROUP_BYTES: usize = 4 << 20;

/// A store could not be rebuilt; it is as it was, or will be rebuilt by the next opening.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RebuildError {
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It can't be read to its end.
    #[error("the journal is damaged: {0}")]
    Damaged(&'static str),
    /// The file system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn new_of(store: &Path) -> PathBuf {
    store.join("journal.new")
}

fn old_of(store: &Path) -> PathBuf {
    store.join("journal.old")
}

/// Where what is damaged is set aside.
pub(super) fn quarantine_of(store: &Path) -> PathBuf {
    store.join("quarantine")
}

/// Ends a rebuilding that was cut off: forward once the new journal is whole, else back.
pub(super) fn finish(store: &Path) -> io::Result<()> {
    let (journal, new, old) = (journal_dir(store), new_of(store), old_of(store));
    if !journal.exists() && old.exists() {
        // The old one was put away only when the new one was whole.
        fs::rename(if new.exists() { &new } else { &old }, &journal)?;
        sync_dir(store)?;
    }
    if new.exists() || old.exists() {
        remove(&new)?;
        remove(&old)?;
        sync_dir(store)?;
    }
    Ok(())
}

/// Rewrites the journal of a store without what was erased, if there is anything of that; whether it
/// did. Nobody may write to the store meanwhile.
pub(super) fn rebuild(store: &Path, disk: Arc<dyn Disk>) -> Result<bool, RebuildError> {
    let (journal, new, old) = (journal_dir(store), new_of(store), old_of(store));
    let mut sieve = Sieve::new();
    let mut scan = Scan::open(&journal)?;
    while let Some(entry) = scan.next()? {
        sieve.look(&entry.record);
    }
    if let Some(what) = scan.end().damage {
        return Err(RebuildError::Damaged(what));
    }
    let due = sieve.is_due();
    if due {
        remove(&new)?;
        remove(&old)?;
        let written = write(&journal, &new, disk, sieve);
        if let Err(error) = written {
            // On a full disk it is in the way.
            let _ = remove(&new);
            return Err(error);
        }
        sync_dir(store)?;
    }
    remove(&quarantine_of(store))?;
    sync_dir(store)?;
    if due {
        fs::rename(&journal, &old)?;
        sync_dir(store)?;
        fs::rename(&new, &journal)?;
        sync_dir(store)?;
        remove(&old)?;
        sync_dir(store)?;
    }
    Ok(due)
}

fn write(
    from: &Path,
    to: &Path,
    disk: Arc<dyn Disk>,
    mut sieve: Sieve,
) -> Result<(), RebuildError> {
    let mut out = Journal::create(to, disk, crate::random())?;
    let (mut group, mut bytes, mut spans) = (Vec::new(), 0, Vec::new());
    let mut scan = Scan::open(from)?;
    while let Some(entry) = scan.next()? {
        if !sieve.keeps(&entry.record) {
            continue;
        }
        bytes += entry.span.len as usize;
        group.push(entry.record);
        if bytes >= GROUP_BYTES {
            spans.clear();
            out.append(group.iter(), &mut spans)?;
            group.clear();
            bytes = 0;
        }
    }
    out.append(group.iter(), &mut spans)?;
    out.close()?;
    Ok(sync_dir(to)?)
}

fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
