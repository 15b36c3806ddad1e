//! Where damaged files are kept: set aside, never deleted.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tandem_proto::Timestamp;

use crate::folder::sync_dir;

/// A new folder under `store/quarantine/`, named by the time.
pub(super) fn folder(store: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let root = super::rebuild::quarantine_of(store);
    fs::create_dir_all(&root)?;
    for n in 0.. {
        let path = root.join(if n == 0 { now.to_string() } else { format!("{now}-{n}") });
        match fs::create_dir(&path) {
            Ok(()) => {
                sync_dir(&root)?;
                sync_dir(store)?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    unreachable!("one of all numbers is free")
}

/// Moves a folder or file into a new quarantine folder; says where it is now.
pub(super) fn keep(store: &Path, path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let kept = folder(store, now)?.join(path.file_name().unwrap_or_default());
    fs::rename(path, &kept)?;
    sync_dir(store)?;
    Ok(kept)
}
