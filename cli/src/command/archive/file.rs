//! A file that appears whole or not at all.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::error::Failure;

/// Writes a file that only its owner can read. One that is there stays as it is unless `force`; one
/// that is written over stays as it was until the new one is whole on the disk.
pub(super) fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let failed = |why: io::Error| match why.kind() {
        io::ErrorKind::AlreadyExists => Failure::FileExists(path.to_owned()),
        _ => Failure::Write { path: path.to_owned(), why: why.to_string() },
    };
    let folder = folder(path);
    // It is made for its owner alone, and goes with this process if it is not finished.
    let mut file = NamedTempFile::new_in(&folder).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    if force {
        file.persist(path).map_err(|error| failed(error.error))?;
    } else {
        // Whoever makes one of this name meanwhile keeps theirs.
        file.persist_noclobber(path).map_err(|error| failed(error.error))?;
    }
    File::open(&folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

/// Where a file is to be.
fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_is_there_stays_unless_it_is_to_be_written_over() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("records.json");
        write(&path, "first", false).unwrap();
        let again = write(&path, "second", false);
        assert!(matches!(again, Err(Failure::FileExists(_))), "{again:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        write(&path, "third", true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "third");
        let left: Vec<_> = fs::read_dir(place.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing lies about: {left:?}");
        let nowhere = write(&place.path().join("none/records.json"), "x", false);
        assert!(matches!(nowhere, Err(Failure::Write { .. })), "{nowhere:?}");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("records.json");
        write(&path, "x", false).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
