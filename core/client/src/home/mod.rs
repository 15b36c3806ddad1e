//! A home: the folder in which one device lives.
//!
//! ```text
//! tandem-home   says that this is one, and in which layout
//! lock          locked while a process has the home open; that process's id
//! store/        the store
//! path          what the way to the relay was like last time; may be deleted
//! key           the root key, where no other vault is named
//! ```
//!
//! What is in the store, its journal and what an inbox is shown from is sealed (`docs/adr/0015`); the
//! other files say nothing of anybody.
//!
//! A store is built as `store.new` and gets its name when it is whole, and so does `tandem-home`. A store that was damaged
//! is kept as `store.damaged-1` and so on. One from before there was sealing is `store.unsealed` for the
//! moment between its successor's getting its name and its own removal.

mod ladder;
mod lock;
mod path;
mod seal;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tandem_engine::{Engine, Key, OpenError, Profile, Trouble};

use crate::{
    Clock, FileVault, RootKey, SealedStore, Store, SystemClock, Vault, VaultError,
    clock::fresh_seed,
    files::{empty_dir, private_dir, private_file, restrict_files, sync_dir},
    store::{Opened, Opener, PhoneStore, StoreError, preview},
    vault::{KEY_FILE, KEY_FILE_NEW},
};

pub(crate) use path::PathMemory;

/// The layout that this code writes.
const LAYOUT: u32 = 1;
const MARKER: &str = "tandem-home";
const MARKER_NEW: &str = "tandem-home.new";
const STORE: &str = "store";
const STORE_NEW: &str = "store.new";
const PATH: &str = "path";
const STORE_UNSEALED: &str = "store.unsealed";

/// Why a home can't be made or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HomeError {
    /// There is one already.
    #[error("{} is a Tandem home already", .0.display())]
    Exists(PathBuf),
    /// Something else lives in this folder.
    #[error("{} has other files in it; name an empty folder or one that does not exist", .0.display())]
    NotEmpty(PathBuf),
    /// There is no home here.
    #[error("{} is not a Tandem home; make one with `tandem init`", .0.display())]
    NotAHome(PathBuf),
    /// A process has it open.
    #[error("{} is open in {}; end that first", home.display(), holder(*pid))]
    Held {
        /// Which home.
        home: PathBuf,
        /// Which process, if it has said so.
        pid: Option<u32>,
    },
    /// A newer version wrote it; nothing was touched.
    #[error("a newer version of Tandem wrote this home (format {0}); use that version")]
    Newer(u32),
    /// The disk is full. What was committed before is still there.
    #[error("{} can't be opened while the disk is full; free some space and try again", .0.display())]
    Full(PathBuf),
    /// What is in it can't be read. Nothing of it was deleted or changed.
    #[error("{} is damaged ({why}); nothing of it was deleted", home.display())]
    Damaged {
        /// Which home.
        home: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The vault has no key, but there is a home that needs one. Nothing was touched.
    #[error(
        "the vault has no key for the home in {}; put a copy of the key back, or name the vault that \
         has it", .0.display()
    )]
    KeyMissing(PathBuf),
    /// The vault has another key than the home was sealed with. Nothing was touched.
    #[error(
        "the key in the vault is not the one of the home in {}; name the right vault, or put back the \
         key and the home of one time", .0.display()
    )]
    WrongKey(PathBuf),
    /// The vault did not do what it was asked. Nothing was touched.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The client of this home was closed for good.
    #[error("this home was closed; open it again")]
    Closed,
    /// The profile can't be used.
    #[error(transparent)]
    Profile(#[from] Trouble),
    /// A file or folder can't be used.
    #[error("{}: {why}", path.display())]
    Files {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The system did not give what is needed.
    #[error("the system failed: {0}")]
    System(String),
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".into(), |pid| format!("process {pid}"))
}

/// Something that a person is to be told about their home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The store was damaged and was made anew from what could be read.
    StoreRebuilt {
        /// What was wrong.
        why: String,
        /// Where the damaged one is kept.
        quarantine: PathBuf,
        /// Records that could be read.
        kept: usize,
        /// Records that could not.
        lost: usize,
    },
}

/// Makes a home for a person's device in a folder that is empty or does not exist, with its root key
/// in a file of the folder. Blocks.
///
/// # Errors
/// [`HomeError::Exists`], [`HomeError::NotEmpty`], or what the disk said.
pub fn create(home: &Path, profile: &Profile) -> Result<(), HomeError> {
    create_with(home, profile, &FileVault::in_home(home))
}

/// The same, with the root key in a vault that no other home uses.
///
/// # Errors
/// As [`create`]; [`VaultError::Taken`] for a vault that has a key already.
pub fn create_with(home: &Path, profile: &Profile, vault: &dyn Vault) -> Result<(), HomeError> {
    if home.join(MARKER).exists() {
        return Err(HomeError::Exists(home.into()));
    }
    let files = |error| files(home, &error);
    match fs::read_dir(home) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(files(error)),
        Ok(entries) => {
            for entry in entries {
                // An earlier attempt may have been cut off: it left these and nothing else.
                let name = entry.map_err(files)?.file_name();
                let ours = [lock::LOCK, STORE_NEW, MARKER_NEW, KEY_FILE, KEY_FILE_NEW];
                if !ours.iter().any(|ours| name == *ours) {
                    return Err(HomeError::NotEmpty(home.into()));
                }
            }
        }
    }
    let first = tandem_engine::create(SystemClock.now(), fresh_seed()?, profile)?;
    private_dir(home).map_err(files)?;
    let _lock = lock::take(home)?;
    let new = home.join(STORE_NEW);
    let root = first_key(vault, new.exists())?;
    private_dir(&new).map_err(files)?;
    // Emptied and not removed: whoever tries again after being cut off here finds the folder, and
    // knows whose the key is.
    empty_dir(&new).and_then(|()| sync_dir(home)).map_err(files)?;
    if vault.load()?.is_none() {
        vault.create(&root)?;
    }
    let store = PhoneStore::create(&new)
        .and_then(|store| SealedStore::create(store, &root, seed_of_store()?));
    let store = store.map_err(|error| broken(home, error))?;
    store.commit(&first).map_err(|error| broken(home, error))?;
    drop(store);
    restrict_files(&new).map_err(files)?;
    write_marker(home).map_err(files)?;
    finish_swap(home).map_err(files)
}

/// A fresh root key for a home; the vault's own, if an attempt that was cut off has put it there.
fn first_key(vault: &dyn Vault, tried_before: bool) -> Result<RootKey, HomeError> {
    match vault.load()? {
        None => Ok(RootKey::new(fresh_seed()?)),
        Some(root) if tried_before => Ok(root),
        Some(_) => Err(VaultError::Taken.into()),
    }
}

/// What a store draws its keys and nonces from.
pub(crate) fn seed_of_store() -> Result<[u8; 32], StoreError> {
    fresh_seed().map_err(|error| StoreError::Disk(error.to_string()))
}

/// What opens a home, again and again.
pub(crate) fn opener(home: PathBuf, vault: Arc<dyn Vault>, clock: Arc<dyn Clock>) -> Opener {
    Box::new(move |early| {
        check_marker(&home)?;
        let guard = lock::take(&home)?;
        finish_swap(&home).map_err(|error| files(&home, &error))?;
        if !home.join(STORE).is_dir() {
            let why = format!("its folder {STORE} is gone");
            return Err(HomeError::Damaged { home: home.clone(), why });
        }
        remove_unsealed(&home)?;
        let root = vault.load()?;
        let make = |records| make_engine(&home, &*clock, records);
        let look = |root: &RootKey| {
            let sealed = PhoneStore::preview(&home.join(STORE))?;
            early(make(preview(root, &sealed)?).ok()?);
            Some(sealed)
        };
        let shown = root.as_ref().and_then(look);
        let climb = ladder::Ladder { home: &home, vault: &*vault, root, engine: &make };
        let climbed = climb.climb(shown.as_deref())?;
        if shown.is_none() {
            climbed.store.inner().keep_preview();
        }
        Ok(Opened {
            engine: climbed.engine,
            store: Box::new(climbed.store),
            vault: Some(Arc::clone(&vault)),
            guard: Box::new(guard),
            notices: climbed.notice.into_iter().collect(),
        })
    })
}

/// A store from before there was sealing, whose successor is in its place.
fn remove_unsealed(home: &Path) -> Result<(), HomeError> {
    let old = home.join(STORE_UNSEALED);
    if !old.exists() {
        return Ok(());
    }
    fs::remove_dir_all(&old).and_then(|()| sync_dir(home)).map_err(|error| files(&old, &error))
}

/// An engine over what a store holds.
pub(crate) fn make_engine(
    home: &Path,
    clock: &dyn Clock,
    resident: Vec<(Key, Vec<u8>)>,
) -> Result<Engine, HomeError> {
    Engine::open(clock.now(), fresh_seed()?, resident).map_err(|error| match error {
        OpenError::Newer(format) => HomeError::Newer(format.into()),
        other => HomeError::Damaged { home: home.into(), why: other.to_string() },
    })
}

/// Under its name only when whole: after a power cut, a marker without its line would be no home
/// and no place for one either.
fn write_marker(home: &Path) -> io::Result<()> {
    let new = home.join(MARKER_NEW);
    let mut file = private_file(&new)?;
    file.set_len(0)?;
    io::Write::write_all(&mut file, format!("layout {LAYOUT}\n").as_bytes())?;
    file.sync_all()?;
    fs::rename(new, home.join(MARKER))?;
    sync_dir(home)
}

fn check_marker(home: &Path) -> Result<(), HomeError> {
    let text = match fs::read_to_string(home.join(MARKER)) {
        Ok(text) => text,
        Err(error) => {
            return Err(match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                    HomeError::NotAHome(home.into())
                }
                _ => files(home, &error),
            });
        }
    };
    match text.trim().strip_prefix("layout ").and_then(|layout| layout.parse().ok()) {
        Some(layout) if layout > LAYOUT => Err(HomeError::Newer(layout)),
        Some(_) => Ok(()),
        None => Err(HomeError::NotAHome(home.into())),
    }
}

/// Gives a store that was built whole its name, if its maker was cut off before it could.
fn finish_swap(home: &Path) -> io::Result<()> {
    let (store, new) = (home.join(STORE), home.join(STORE_NEW));
    if !store.exists() && new.exists() {
        fs::rename(new, store)?;
        sync_dir(home)?;
        sync_dir(home.parent().unwrap_or(home))?;
    }
    Ok(())
}

fn files(path: &Path, error: &io::Error) -> HomeError {
    match StoreError::from(io::Error::from(error.kind())) {
        StoreError::Full => HomeError::Full(path.into()),
        _ => HomeError::Files { path: path.into(), why: error.to_string() },
    }
}

pub(crate) fn broken(home: &Path, error: StoreError) -> HomeError {
    let home = home.to_path_buf();
    match error {
        StoreError::Full => HomeError::Full(home),
        StoreError::Newer(format) => HomeError::Newer(format),
        StoreError::Busy => HomeError::Held { home, pid: Some(std::process::id()) },
        StoreError::Disk(why) => HomeError::Files { path: home, why },
        StoreError::KeyMissing => HomeError::KeyMissing(home),
        StoreError::WrongKey => HomeError::WrongKey(home),
        StoreError::Vault(error) => HomeError::Vault(error),
        other => HomeError::Damaged { home, why: other.to_string() },
    }
}

#[cfg(test)]
mod tests;
