//! Takes a journal back to its readable part.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use super::{JournalError, Position, format::HEADER, scan::segments, segment_path};
use crate::folder::sync_dir;

/// Moves and copies everything from `at` on into the folder `aside`, then truncates the journal
/// there. Nothing is deleted that is not in `aside` first, and a repair that is cut short finds
/// the same damage again.
///
/// # Errors
/// When the file system says no; the journal is then no worse than before.
pub(crate) fn set_aside(dir: &Path, at: Position, aside: &Path) -> io::Result<()> {
    fs::create_dir_all(aside)?;
    let later = segments(dir).map_err(plain)?.into_iter().filter(|n| *n > at.segment);
    for number in later.rev() {
        move_into(&segment_path(dir, number), aside)?;
    }
    sync_dir(aside)?;
    sync_dir(dir)?;
    let path = segment_path(dir, at.segment);
    if !path.exists() {
        return Ok(());
    }
    if at.offset < HEADER as u64 {
        move_into(&path, aside)?;
        sync_dir(aside)?;
        return sync_dir(dir);
    }
    let mut file = OpenOptions::new().read(true).write(true).open(&path)?;
    if file.metadata()?.len() > at.offset {
        file.seek(SeekFrom::Start(at.offset))?;
        let copy = aside.join(format!("{:08}.from-{}.log", at.segment, at.offset));
        let mut copy = File::create(copy)?;
        io::copy(&mut file, &mut copy)?;
        copy.sync_all()?;
        sync_dir(aside)?;
        file.set_len(at.offset)?;
        file.sync_all()?;
    }
    Ok(())
}

/// Cuts off what was written after `at` and never told anybody to be durable: its senders were
/// refused, and after a failed sync the page cache can't be believed about it.
///
/// # Errors
/// When the file system says no.
pub(crate) fn cut_to(dir: &Path, at: Position, aside: &Path) -> io::Result<()> {
    for number in segments(dir).map_err(plain)?.into_iter().filter(|n| *n > at.segment) {
        fs::create_dir_all(aside)?;
        move_into(&segment_path(dir, number), aside)?;
        sync_dir(aside)?;
    }
    sync_dir(dir)?;
    let path = segment_path(dir, at.segment);
    if path.exists() {
        let file = OpenOptions::new().write(true).open(path)?;
        if file.metadata()?.len() > at.offset {
            file.set_len(at.offset)?;
        }
        file.sync_all()?;
    }
    Ok(())
}

fn move_into(path: &Path, aside: &Path) -> io::Result<()> {
    let name: PathBuf = path.file_name().map(Into::into).unwrap_or_default();
    fs::rename(path, aside.join(name))
}

fn plain(error: JournalError) -> io::Error {
    match error {
        JournalError::Io { source, .. } => source,
        other => io::Error::other(other),
    }
}
