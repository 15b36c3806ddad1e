//! Power cuts under the real store: sled writes real files, all that it does to them is recorded,
//! and what a disk may hold at random moments is opened again.
//!
//! `TANDEM_IMAGES` says how many images (300), `TANDEM_SEED` from which seed (1):
//! `cargo xtask powercut --images N --seed S`.
#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tandem_engine::{Batch, Key, Profile, Write};
use tandem_platter::{Dice, Recorder, Recording, from_environment, record};
use tandem_proto::{RelayKey, RelayLink, Role, SecretKey};

use super::{PhoneStore, Record, Store, StoreError};
use crate::{FileVault, SystemClock, home};

type Records = BTreeMap<Key, Vec<u8>>;

/// Commits of one recording, over two openings.
const COMMITS: u64 = 60;

/// Images of one recording.
const IMAGES: u64 = 60;

fn store_of(root: &Path) -> PathBuf {
    root.join("store")
}

/// A commit that replaces, adds and removes records of all sizes, also of several pieces.
fn some_commit(dice: &mut Dice, n: u64) -> Batch {
    let mut batch = Batch::new();
    batch.push(Write::Put(Key::new(b"count".to_vec()), n.to_le_bytes().to_vec()));
    // What an opening reads.
    batch.push(Write::Put(Key::new(vec![3]), n.to_le_bytes().to_vec()));
    for _ in 0..1 + dice.below(4) {
        let key = Key::new(format!("r{:02}", dice.below(40)).into_bytes());
        if dice.percent(20) {
            batch.push(Write::Delete(key));
            continue;
        }
        let len = match dice.below(20) {
            0 => dice.below(300_000),
            1..5 => dice.below(20_000),
            _ => dice.below(800),
        };
        let byte = n.to_le_bytes()[0];
        batch.push(Write::Put(key, vec![byte; len]));
    }
    batch
}

fn apply(records: &mut Records, batch: &Batch) {
    for write in batch.writes() {
        match write {
            Write::Put(key, value) => drop(records.insert(key.clone(), value.clone())),
            Write::Delete(key) => drop(records.remove(key)),
        }
    }
}

fn resident_of(records: &Records) -> Vec<Record> {
    let resident = records.iter().filter(|(key, _)| key.is_resident());
    resident.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The store again, once sled has let go of its lock.
fn open_again(dir: &Path) -> PhoneStore {
    loop {
        match PhoneStore::open(dir) {
            Err(StoreError::Busy) => std::thread::sleep(Duration::from_millis(2)),
            opened => return opened.unwrap(),
        }
    }
}

/// Makes a store and commits to it; the n-th mark is the n-th commit's, 0 is the store's own.
/// `states` are the records after each.
fn some_days(root: &Path, recorder: &Recorder, dice: &mut Dice) -> Vec<Records> {
    let mut store = PhoneStore::create(&store_of(root)).unwrap();
    recorder.mark(0);
    let mut states = vec![Records::new()];
    for n in 1..=COMMITS {
        if n == COMMITS / 2 {
            drop(store);
            store = open_again(&store_of(root));
        }
        let batch = some_commit(dice, n);
        let mut records = states.last().unwrap().clone();
        apply(&mut records, &batch);
        states.push(records);
        store.commit(&batch).unwrap();
        recorder.mark(n);
        // After the answer, as the store's thread does it: cuts fall into checkpoints, too.
        match dice.below(10) {
            0 => store.checkpoint().unwrap(),
            1..4 => drop(store.bring_piece().unwrap()),
            _ => {}
        }
    }
    states
}

fn images() -> (u64, u64) {
    (from_environment("TANDEM_IMAGES").unwrap_or(300), from_environment("TANDEM_SEED").unwrap_or(1))
}

/// Writes an image of one moment and hands it over, with what was promised by then.
fn cut<T>(recording: &Recording, seed: u64, look: impl FnOnce(&Path, Option<u64>, &str) -> T) -> T {
    let mut dice = Dice::new(seed);
    let cut = recording.moment(&mut dice);
    let image = recording.image(cut, &mut dice);
    let dir = tempfile::tempdir().unwrap();
    image.write_to(dir.path()).unwrap();
    let what = format!("seed {seed}, cut at {cut} of {}, {}", recording.len(), image.fate());
    look(dir.path(), recording.promised(cut), &what)
}

#[test]
fn a_power_cut_at_any_moment_leaves_every_commit_that_was_answered_and_none_by_half() {
    let (images, first) = images();
    println!("{images} images from seed {first} on");
    let (mut seed, mut promised, mut beyond, mut previews) = (first, 0, 0, 0);
    while seed < first + images {
        let dir = tempfile::tempdir().unwrap();
        let mut dice = Dice::new(seed);
        let (states, recording) =
            record(dir.path(), |recorder| some_days(dir.path(), recorder, &mut dice));
        let end = (seed + IMAGES).min(first + images);
        for image in seed..end {
            cut(&recording, image, |root, kept, what| {
                let early = PhoneStore::preview(&store_of(root));
                let opened = PhoneStore::open(&store_of(root));
                // Before anything was promised it may be anything but a panic.
                let Some(kept) = kept else { return };
                promised += 1;
                let store = opened.unwrap_or_else(|error| panic!("{error}: {what}"));
                let found = store.scan(&Key::new(Vec::new()));
                let found = found.unwrap_or_else(|error| panic!("{error}: {what}"));
                let found: Records = found.into_iter().collect();
                let kept = usize::try_from(kept).unwrap();
                if let Some(early) = early {
                    previews += 1;
                    let shown = |n: usize| states.get(n).map(resident_of) == Some(early.clone());
                    assert!(shown(kept) || shown(kept + 1), "an older preview: {what}");
                }
                // The commit after the last answered one may have arrived too, whole.
                let whole = states[kept] == found;
                let next = states.get(kept + 1) == Some(&found);
                beyond += u64::from(!whole);
                assert!(whole || next, "not what was answered ({kept}) and not the next: {what}");
            });
        }
        seed = end;
    }
    println!("{promised} with something promised; {beyond} held an unanswered commit as well");
    println!("{previews} could be looked at before they were open");
}

#[test]
fn a_power_cut_while_a_home_is_made_leaves_a_home_or_a_place_for_one() {
    let key = RelayKey::new(SecretKey::from_seed([1; 32]).public());
    let relay = RelayLink { address: "127.0.0.1:7443".parse().unwrap(), key };
    let profile = Profile { name: "Ms. Ito".into(), role: Role::Teacher, relay };
    let dir = tempfile::tempdir().unwrap();
    let ((), recording) = record(dir.path(), |recorder| {
        home::create(&dir.path().join("home"), &profile).unwrap();
        recorder.mark(0);
    });
    let (images, first) = images();
    for seed in first..first + images / 2 {
        cut(&recording, seed, |root, made, what| {
            let home = root.join("home");
            let open = || {
                let mut early = None;
                let vault = Arc::new(FileVault::in_home(&home));
                let mut opener = home::opener(home.clone(), vault, Arc::new(SystemClock));
                let opened = opener(&mut |engine| early = Some(engine));
                opened.map(|opened| (opened.engine.or(early).unwrap(), opened.notices))
            };
            if made.is_none() && open().is_err() {
                // What is left of it is in nobody's way.
                home::create(&home, &profile).unwrap_or_else(|error| panic!("{error}: {what}"));
            }
            let opened = open().unwrap_or_else(|error| panic!("{error}: {what}"));
            let (engine, notices) = opened;
            assert!(notices.is_empty(), "{notices:?}: {what}");
            assert_eq!(engine.relay(), &profile.relay);
        });
    }
}
