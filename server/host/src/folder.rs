//! The data folder: one process at a time, the relay's key, and where the store is.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use tandem_proto::{ItemHash, RelayKey, SecretKey};

/// A data folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process has it open.
    #[error("the data folder {path} is in use{}", match .pid {
        Some(pid) => format!(" by process {pid}"),
        None => String::new(),
    })]
    InUse {
        /// The folder.
        path: PathBuf,
        /// The process that holds it, when it could be read.
        pid: Option<u32>,
    },
    /// A store without the key that its devices know.
    #[error(
        "{store} is here but {key} is not: put the key back, or move the store away to begin \
         a new relay with a new link"
    )]
    KeyMissing {
        /// The key's path.
        key: PathBuf,
        /// The store's path.
        store: PathBuf,
    },
    /// A key file that holds no key.
    #[error("{path} does not hold a relay key: put the right one back")]
    KeyMalformed {
        /// The key's path.
        path: PathBuf,
    },
    /// The file system said no.
    #[error("can't use {path}: {source}")]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The relay's key.
const KEY: &str = "relay.key";

/// An open data folder. Whoever may still write to it holds this, so that the lock outlives them.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    // Held for the lock on it.
    _lock: File,
}

impl Folder {
    /// Takes the folder, made when it is not there, for this process.
    pub(crate) fn open(root: &Path) -> Result<Self, FolderError> {
        DirBuilder::new().recursive(true).mode(0o700).create(root).map_err(io_at(root))?;
        let path = root.join("relay.lock");
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(io_at(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Who holds it is only told; that it is held is what counts.
                let _ = lock.read_to_string(&mut text);
                return Err(FolderError::InUse {
                    path: root.to_owned(),
                    pid: text.trim().parse().ok(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(FolderError::Io { path, source }),
        }
        lock.set_len(0)
            .and_then(|()| lock.write_all(format!("{}\n", std::process::id()).as_bytes()))
            .map_err(io_at(&path))?;
        Ok(Self { root: root.to_owned(), _lock: lock })
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the store is.
    pub(crate) fn store(&self) -> PathBuf {
        store_of(&self.root)
    }

    /// The relay's key; drawn now when neither it nor a store is here.
    pub(crate) fn key(&self) -> Result<SecretKey, FolderError> {
        let path = self.root.join(KEY);
        match fs::read_to_string(&path) {
            Ok(text) => read_key(&text, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.draw_key(&path),
            Err(source) => Err(FolderError::Io { path, source }),
        }
    }

    fn draw_key(&self, path: &Path) -> Result<SecretKey, FolderError> {
        let store = self.store();
        if store.exists() {
            return Err(FolderError::KeyMissing { key: path.to_owned(), store });
        }
        let seed = crate::random::<32>();
        // Under its name only when whole: half a key must never be taken for one.
        let draft = self.root.join("relay.key.new");
        let written = || -> io::Result<()> {
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&draft)?;
            file.write_all(format!("{}\n", ItemHash::new(seed)).as_bytes())?;
            file.sync_all()?;
            fs::rename(&draft, path)?;
            sync_dir(&self.root)?;
            self.root.parent().filter(|p| !p.as_os_str().is_empty()).map_or(Ok(()), sync_dir)
        };
        written().map_err(io_at(path))?;
        Ok(SecretKey::from_seed(seed))
    }
}

fn read_key(text: &str, path: &Path) -> Result<SecretKey, FolderError> {
    // Every 32-byte id reads and writes the same base32; the seed borrows it.
    let seed: ItemHash =
        text.trim().parse().map_err(|_| FolderError::KeyMalformed { path: path.to_owned() })?;
    Ok(SecretKey::from_seed(*seed.as_bytes()))
}

/// The public half of the key of a data folder, which is not opened.
pub(crate) fn public_key(root: &Path) -> Result<RelayKey, FolderError> {
    let path = root.join(KEY);
    let text = fs::read_to_string(&path).map_err(io_at(&path))?;
    Ok(RelayKey::new(read_key(&text, &path)?.public()))
}

/// Whether no relay has lived in this data folder yet.
pub(crate) fn is_new(root: &Path) -> bool {
    !root.join(KEY).exists() && !store_of(root).exists()
}

/// Where the store of a data folder is.
pub(crate) fn store_of(root: &Path) -> PathBuf {
    root.join("store")
}

/// Makes the names in a folder durable.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { path, source }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_key_is_drawn_once_and_only_its_owner_can_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("new/data");
        let first = Folder::open(&root).unwrap().key().unwrap();
        let again = Folder::open(&root).unwrap().key().unwrap();
        assert_eq!(first.seed(), again.seed());
        let mode = fs::metadata(root.join("relay.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_second_opener_is_refused_and_told_which_process_holds_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let held = Folder::open(dir.path()).unwrap();
        let error = Folder::open(dir.path()).unwrap_err();
        assert!(
            matches!(error, FolderError::InUse { pid: Some(pid), .. } if pid == std::process::id())
        );
        assert!(error.to_string().contains(&std::process::id().to_string()));
        drop(held);
        Folder::open(dir.path()).unwrap();
    }

    #[test]
    fn a_store_without_its_key_gets_no_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        fs::create_dir(folder.store()).unwrap();
        assert!(matches!(folder.key(), Err(FolderError::KeyMissing { .. })));
        assert!(!dir.path().join("relay.key").exists());
    }

    #[test]
    fn half_a_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        fs::write(dir.path().join("relay.key"), "abcdefgh\n").unwrap();
        assert!(matches!(folder.key(), Err(FolderError::KeyMalformed { .. })));
    }
}
