//! What is tried when a store does not open, step by step, without deleting anything.
//!
//! Try again; then read what can be read from a copy, build a new store from it, and only when an
//! engine accepts that one set the old one aside. If nothing useful can be read everything stays
//! as it was, but for the end of its log, which sled itself trims when it opens a file: a full disk or
//! a missing permission looks like damage at first.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::Duration,
};

use tandem_engine::{Batch, Engine, Write};

use super::{HomeError, Notice, STORE, STORE_NEW, broken, files, seed_of_store};
use crate::{
    RootKey, SealedStore, Vault,
    files::{copy_dir, private_dir, restrict_files, sync_dir},
    store::{
        PhoneStore, Record, Salvaged, Store, StoreError, are_unsealed, preview, resident, sound,
    },
};

/// Tries before damage is believed, and the pause between them.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(50);

/// How long sled may take: it reads its whole log after a crash, on slow phones.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of one batch while a store is being rebuilt.
const REBUILD_BYTES: usize = 2 << 20;

/// Where the readable is read from; a copy of ours, removed afterwards.
const COPY: &str = "store.copy";

/// What a home is opened with.
pub(super) struct Ladder<'a> {
    /// The folder, whose lock we hold.
    pub(super) home: &'a Path,
    pub(super) vault: &'a dyn Vault,
    /// What the vault has.
    pub(super) root: Option<RootKey>,
    /// Makes an engine of resident records.
    pub(super) engine: &'a dyn Fn(Vec<Record>) -> Result<Engine, HomeError>,
}

pub(super) struct Climbed {
    pub(super) store: SealedStore<PhoneStore>,
    /// `None`: what was shown early is what is there.
    pub(super) engine: Option<Engine>,
    pub(super) notice: Option<Notice>,
}

impl Ladder<'_> {
    /// Opens the store, of which these records, still sealed, were shown already.
    pub(super) fn climb(self, shown: Option<&[Record]>) -> Result<Climbed, HomeError> {
        let mut tries = 0;
        let why = loop {
            tries += 1;
            match self.open() {
                Ok(Found::Unsealed) => return self.seal(),
                Ok(Found::Sealed(store, sealed)) => {
                    let stands = shown == Some(sealed.as_slice());
                    // What was shown did open.
                    let records = (!stands).then(|| store.open_all(sealed)).transpose();
                    let records = match records {
                        Ok(records) => records,
                        Err(error) => break error.to_string(),
                    };
                    // The store is sound; if its records make no engine, no rebuilding helps.
                    let engine = records.map(self.engine).transpose()?;
                    return Ok(Climbed { store: *store, engine, notice: None });
                }
                Err(error @ (StoreError::Damaged(_) | StoreError::Closed(_))) if tries == TRIES => {
                    break error.to_string();
                }
                Err(error) if !may_pass(&error) || tries == TRIES => {
                    return Err(broken(self.home, error));
                }
                Err(_) => thread::sleep(PAUSE * tries),
            }
        };
        self.rebuild(why)
    }

    /// Opens the store as it is.
    fn open(&self) -> Result<Found, StoreError> {
        let (store, sealed) = open(&self.home.join(STORE))?;
        if are_unsealed(&sealed) {
            return Ok(Found::Unsealed);
        }
        let root = self.root.as_ref().ok_or(StoreError::KeyMissing)?;
        self.unseal(store, sealed, root)
    }

    pub(super) fn unseal(
        &self,
        store: PhoneStore,
        sealed: Vec<Record>,
        root: &RootKey,
    ) -> Result<Found, StoreError> {
        let (store, changed) =
            SealedStore::open_over(store, &sealed, root, self.vault, seed_of_store()?)?;
        let sealed = if changed { store.sealed_resident()? } else { sealed };
        Ok(Found::Sealed(Box::new(store), sealed))
    }

    fn rebuild(self, why: String) -> Result<Climbed, HomeError> {
        let damaged = |why: &str| HomeError::Damaged { home: self.home.into(), why: why.into() };
        let salvaged = salvage(self.home)?.filter(|(records, _)| !records.is_empty());
        let (records, lost) = salvaged.ok_or_else(|| damaged(&why))?;
        if are_unsealed(&records) {
            if self.root.is_some() {
                return Err(damaged(&why));
            }
            let kept = records.len();
            (self.engine)(known(&records))?;
            let quarantine = free_name(self.home);
            let mut climbed = self.seal_records(records, &quarantine)?;
            climbed.notice = Some(Notice::StoreRebuilt { why, quarantine, kept, lost });
            return Ok(climbed);
        }
        let root = self.root.as_ref().ok_or_else(|| HomeError::KeyMissing(self.home.into()))?;
        let (records, lost) = match sound(root, (records, lost)) {
            Ok(sound) => sound,
            Err(StoreError::Damaged(_)) => return Err(damaged(&why)),
            Err(error) => return Err(broken(self.home, error)),
        };
        let kept = records.len();
        let opened = preview(root, &known(&records)).ok_or_else(|| damaged(&why))?;
        (self.engine)(opened)?;
        let failed = |error| broken(self.home, error);
        let new = self.place_for_new()?;
        PhoneStore::create(&new).and_then(|store| fill(&store, records)).map_err(failed)?;
        let quarantine = free_name(self.home);
        self.swap_in(&quarantine)?;
        tracing::warn!(%why, quarantine = %quarantine.display(), kept, lost, "store rebuilt");
        let mut climbed = self.opened_again()?;
        climbed.notice = Some(Notice::StoreRebuilt { why, quarantine, kept, lost });
        Ok(climbed)
    }

    pub(super) fn place_for_new(&self) -> Result<PathBuf, HomeError> {
        let failed = |error| files(self.home, &error);
        let new = self.home.join(STORE_NEW);
        if new.exists() {
            fs::remove_dir_all(&new).map_err(failed)?;
        }
        private_dir(&new).map_err(failed)?;
        Ok(new)
    }

    /// Sets the store aside and gives the new one its name.
    pub(super) fn swap_in(&self, aside: &Path) -> Result<(), HomeError> {
        let failed = |error| files(self.home, &error);
        restrict_files(&self.home.join(STORE_NEW)).map_err(failed)?;
        fs::rename(self.home.join(STORE), aside).map_err(failed)?;
        sync_dir(self.home).map_err(failed)?;
        super::finish_swap(self.home).map_err(failed)
    }

    pub(super) fn opened_again(&self) -> Result<Climbed, HomeError> {
        let failed = |error| broken(self.home, error);
        let Found::Sealed(store, sealed) = self.open().map_err(failed)? else {
            return Err(failed(StoreError::Damaged("it is not sealed".into())));
        };
        let engine = Some((self.engine)(store.open_all(sealed).map_err(failed)?)?);
        Ok(Climbed { store: *store, engine, notice: None })
    }
}

/// What is under a store's name.
pub(super) enum Found {
    /// The store, and its resident records, still sealed.
    Sealed(Box<SealedStore<PhoneStore>>, Vec<Record>),
    /// One from before there was sealing.
    Unsealed,
}

/// Whether trying again may help.
const fn may_pass(error: &StoreError) -> bool {
    !matches!(
        error,
        StoreError::Newer(_)
            | StoreError::Full
            | StoreError::Stuck
            | StoreError::KeyMissing
            | StoreError::WrongKey
            | StoreError::Vault(_)
    )
}

fn known(records: &[Record]) -> Vec<Record> {
    records.iter().filter(|(key, _)| key.is_resident()).cloned().collect()
}

/// Opens a store's files and reads what is resident, on a thread that may panic or hang.
pub(super) fn open(dir: &Path) -> Result<(PhoneStore, Vec<Record>), StoreError> {
    let (sender, receiver) = mpsc::channel();
    let dir = dir.to_path_buf();
    thread::Builder::new()
        .name("tandem-open".into())
        .spawn(move || {
            let opened = PhoneStore::open(&dir).and_then(|store| {
                let records = resident(&store)?;
                Ok((store, records))
            });
            // Whoever lost patience has hung up.
            let _ = sender.send(opened);
        })
        .map_err(StoreError::from)?;
    receiver.recv_timeout(PATIENCE).unwrap_or(Err(StoreError::Stuck))
}

/// What can be read of the store, from copies: as it is, then without sled's snapshot of it (the
/// log is read whole then), then with a settings file made anew.
fn salvage(home: &Path) -> Result<Option<Salvaged>, HomeError> {
    let copy = home.join(COPY);
    let failed = |error| files(home, &error);
    let mut best: Option<Salvaged> = None;
    for without in [&[][..], &["snap."][..], &["snap.", "conf"][..]] {
        if copy.exists() {
            fs::remove_dir_all(&copy).map_err(failed)?;
        }
        copy_dir(&home.join(STORE), &copy).map_err(failed)?;
        for entry in fs::read_dir(&copy).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if without.iter().any(|name| entry.file_name().to_string_lossy().starts_with(name)) {
                fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        match PhoneStore::salvage(&copy) {
            Err(StoreError::Full) => return Err(HomeError::Full(home.into())),
            Err(_) => {}
            Ok(found) => {
                if best.as_ref().is_none_or(|best| found.0.len() > best.0.len()) {
                    best = Some(found);
                }
            }
        }
        if best.as_ref().is_some_and(|(records, lost)| !records.is_empty() && *lost == 0) {
            break;
        }
    }
    fs::remove_dir_all(&copy).map_err(failed)?;
    Ok(best)
}

pub(super) fn fill(store: &dyn Store, records: Vec<Record>) -> Result<(), StoreError> {
    let (mut batch, mut bytes) = (Batch::new(), 0);
    for (key, value) in records {
        bytes += value.len();
        batch.push(Write::Put(key, value));
        if bytes > REBUILD_BYTES {
            store.commit(&batch)?;
            (batch, bytes) = (Batch::new(), 0);
        }
    }
    store.commit(&batch)
}

fn free_name(home: &Path) -> PathBuf {
    let name = |n: u32| home.join(format!("{STORE}.damaged-{n}"));
    (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0))
}
