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

use super::{HomeError, Notice, STORE, STORE_NEW, broken, files};
use crate::{
    files::{copy_dir, private_dir, restrict_files, sync_dir},
    store::{PhoneStore, Record, Salvaged, Store, StoreError, resident},
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

/// Makes an engine of resident records.
pub(super) type MakeEngine<'a> = &'a dyn Fn(Vec<Record>) -> Result<Engine, HomeError>;

pub(super) struct Climbed {
    pub(super) store: PhoneStore,
    /// `None`: what was shown early is what is there.
    pub(super) engine: Option<Engine>,
    pub(super) notice: Option<Notice>,
}

/// Opens the store of a home whose lock we hold, of which these records were shown already.
pub(super) fn climb(
    home: &Path,
    engine: MakeEngine<'_>,
    shown: Option<&[Record]>,
) -> Result<Climbed, HomeError> {
    let mut tries = 0;
    let why = loop {
        tries += 1;
        match open(&home.join(STORE)) {
            Ok((store, records)) => {
                // The store is sound; if its records make no engine, no rebuilding helps.
                let stands = shown == Some(records.as_slice());
                let engine = if stands { None } else { Some(engine(records)?) };
                return Ok(Climbed { store, engine, notice: None });
            }
            Err(error @ (StoreError::Damaged(_) | StoreError::Closed(_))) if tries == TRIES => {
                break error.to_string();
            }
            Err(error @ (StoreError::Newer(_) | StoreError::Full | StoreError::Stuck)) => {
                return Err(broken(home, error));
            }
            Err(error) if tries == TRIES => return Err(broken(home, error)),
            Err(_) => thread::sleep(PAUSE * tries),
        }
    };
    rebuild(home, engine, why)
}

/// Opens a store and reads what is resident, on a thread that may panic or hang.
fn open(dir: &Path) -> Result<(PhoneStore, Vec<Record>), StoreError> {
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

fn rebuild(home: &Path, engine: MakeEngine<'_>, why: String) -> Result<Climbed, HomeError> {
    let damaged = |why: &str| HomeError::Damaged { home: home.into(), why: why.into() };
    let failed = |error| files(home, &error);
    let (old, new) = (home.join(STORE), home.join(STORE_NEW));
    let (records, lost) =
        salvage(home)?.filter(|(records, _)| !records.is_empty()).ok_or_else(|| damaged(&why))?;
    let kept = records.len();
    let known = records.iter().filter(|(key, _)| key.is_resident()).cloned().collect();
    engine(known)?;
    if new.exists() {
        fs::remove_dir_all(&new).map_err(failed)?;
    }
    private_dir(&new).map_err(failed)?;
    fill(&new, records).map_err(|error| broken(home, error))?;
    restrict_files(&new).map_err(failed)?;
    let quarantine = free_name(home);
    fs::rename(&old, &quarantine).map_err(failed)?;
    sync_dir(home).map_err(failed)?;
    super::finish_swap(home).map_err(failed)?;
    tracing::warn!(%why, quarantine = %quarantine.display(), kept, lost, "store rebuilt");
    let (store, records) = open(&old).map_err(|error| broken(home, error))?;
    let engine = Some(engine(records)?);
    let notice = Notice::StoreRebuilt { why, quarantine, kept, lost };
    Ok(Climbed { store, engine, notice: Some(notice) })
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

fn fill(dir: &Path, records: Vec<Record>) -> Result<(), StoreError> {
    let store = PhoneStore::create(dir)?;
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
