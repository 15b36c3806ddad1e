#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::{fs, path::PathBuf};

use super::*;
use crate::files::copy_dir;

fn key(n: u32) -> Key {
    Key::new(n.to_be_bytes().to_vec())
}

fn numbered(n: u32, bytes: usize) -> Batch {
    let mut batch = Batch::new();
    batch.push(Write::Put(key(n), vec![n.to_le_bytes()[0]; bytes]));
    batch.push(Write::Put(Key::new(b"newest".to_vec()), n.to_be_bytes().to_vec()));
    batch
}

fn newest(store: &PhoneStore) -> u32 {
    let newest = store.load(&Key::new(b"newest".to_vec())).unwrap().unwrap();
    u32::from_be_bytes(newest.try_into().unwrap())
}

/// A store of ten commits, three of which sled has.
fn some_days(dir: &Path) {
    let store = PhoneStore::create(dir).unwrap();
    for n in 0..10 {
        store.commit(&numbered(n, 100)).unwrap();
        if n == 2 {
            store.checkpoint().unwrap();
        }
    }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("store");
    (place, dir)
}

fn damage(dir: &Path) -> String {
    match PhoneStore::open(dir) {
        Err(StoreError::Damaged(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_committed_is_there_again_from_the_journal_and_from_sled_alike() {
    let (_place, dir) = folder();
    some_days(&dir);
    let store = PhoneStore::open(&dir).unwrap();
    assert_eq!(newest(&store), 9);
    assert_eq!(store.scan(&Key::new(Vec::new())).unwrap().len(), 11);
    let mut gone = Batch::new();
    gone.push(Write::Delete(key(1)));
    gone.push(Write::Delete(key(7)));
    store.commit(&gone).unwrap();
    let keys = |store: &PhoneStore| {
        let all = store.scan(&Key::new(vec![0])).unwrap();
        all.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    let left: Vec<Key> = [0, 2, 3, 4, 5, 6, 8, 9].map(key).to_vec();
    assert_eq!(keys(&store), left);
    store.checkpoint().unwrap();
    assert_eq!(keys(&store), left);
    drop(store);
    assert_eq!(keys(&PhoneStore::open(&dir).unwrap()), left);
}

#[test]
fn the_journal_stays_short_and_what_is_large_goes_past_it() {
    let (_place, dir) = folder();
    let store = PhoneStore::create(&dir).unwrap();
    for n in 0..100 {
        store.commit(&numbered(n, 50_000)).unwrap();
        while store.tidy(false).unwrap() {}
        assert!(store.journal.borrow().len() < DUE);
    }
    store.commit(&numbered(100, 3 << 20)).unwrap();
    assert_eq!(store.journal.borrow().len(), 0);
    store.commit(&numbered(101, 70_000)).unwrap();
    assert!(!store.tidy(false).unwrap());
    assert!(store.journal.borrow().len() > 0, "not due");
    while store.tidy(true).unwrap() {}
    assert_eq!((store.journal.borrow().len(), newest(&store)), (0, 101));
    drop(store);
    let store = PhoneStore::open(&dir).unwrap();
    assert_eq!((newest(&store), store.load(&key(100)).unwrap().unwrap().len()), (101, 3 << 20));
}

#[test]
fn a_checkpoint_goes_in_pieces_and_what_is_committed_between_them_counts() {
    let (_place, dir) = folder();
    let store = PhoneStore::create(&dir).unwrap();
    for n in 0..60 {
        store.commit(&numbered(n, 50_000)).unwrap();
    }
    let mut pieces = 0;
    while store.tidy(false).unwrap() {
        pieces += 1;
        // Behind and before the place where it is.
        let mut batch = numbered(1_000 + pieces, 100);
        batch.push(Write::Put(key(pieces), vec![9; 10]));
        batch.push(Write::Delete(key(59)));
        store.commit(&batch).unwrap();
    }
    assert!(pieces > 10, "{pieces}");
    drop(store);
    let store = PhoneStore::open(&dir).unwrap();
    assert_eq!(newest(&store), 1_000 + pieces);
    assert_eq!(store.load(&key(1)), Ok(Some(vec![9; 10])));
    assert_eq!(store.load(&key(59)), Ok(None));
    assert_eq!(store.load(&key(58)).unwrap().unwrap().len(), 50_000);
}

#[test]
fn a_torn_last_commit_was_never_answered_and_goes() {
    let (place, dir) = folder();
    some_days(&dir);
    let whole = fs::read(journal_path(&dir)).unwrap();
    let found = journal::read(&dir).unwrap().unwrap();
    assert_eq!(found.commits.len(), 7);
    let end = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    // The last record: 16 bytes around two writes.
    for cut in [1, 50, 100] {
        let copy = place.path().join(format!("cut-{cut}"));
        copy_dir(&dir, &copy).unwrap();
        let mut torn = whole.clone();
        torn[end - cut..end].fill(0);
        fs::write(journal_path(&copy), &torn).unwrap();
        let store = PhoneStore::open(&copy).unwrap();
        assert_eq!(newest(&store), 8);
        store.commit(&numbered(70, 10)).unwrap();
        drop(store);
        assert_eq!(newest(&PhoneStore::open(&copy).unwrap()), 70);
    }
}

#[test]
fn a_journal_that_is_broken_in_the_middle_is_damage_and_what_stands_before_is_salvaged() {
    let (_place, dir) = folder();
    some_days(&dir);
    let mut bytes = fs::read(journal_path(&dir)).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes[end / 2] ^= 1;
    fs::write(journal_path(&dir), &bytes).unwrap();
    assert_eq!(damage(&dir), "its journal is broken in the middle");
    let (records, lost) = PhoneStore::salvage(&dir).unwrap();
    let newest = records.iter().find(|(key, _)| key.as_bytes() == b"newest").unwrap();
    let newest = u32::from_be_bytes(newest.1.clone().try_into().unwrap());
    assert!((4..8).contains(&newest), "{newest}");
    assert_eq!(lost, 9 - newest as usize - 1, "all behind the broken one are counted");
}

#[test]
fn a_store_that_is_older_than_its_journal_is_not_taken_for_the_newest() {
    let (place, dir) = folder();
    some_days(&dir);
    let old = place.path().join("old");
    copy_dir(&dir, &old).unwrap();
    PhoneStore::open(&dir).unwrap().checkpoint().unwrap();
    let newer = fs::read(journal_path(&dir)).unwrap();
    let older = fs::read(journal_path(&old)).unwrap();
    fs::write(journal_path(&old), &newer).unwrap();
    assert_eq!(damage(&old), "it is older than its journal");
    let (records, lost) = PhoneStore::salvage(&old).unwrap();
    assert_eq!((records.len(), lost), (4, 1), "what sled has, and that something is missing");

    // The power went between the checkpoint and the new journal: nothing is missing.
    fs::write(journal_path(&dir), &older).unwrap();
    assert_eq!(newest(&PhoneStore::open(&dir).unwrap()), 9);
    // Two checkpoints later it is another matter.
    PhoneStore::open(&dir).unwrap().checkpoint().unwrap();
    fs::write(journal_path(&dir), &older).unwrap();
    assert_eq!(damage(&dir), "its journal is older than it");
}

#[test]
fn a_journal_that_is_missing_or_another_s_is_damage() {
    let (place, dir) = folder();
    some_days(&dir);
    let other = place.path().join("other");
    some_days(&other);
    fs::copy(journal_path(&other), journal_path(&dir)).unwrap();
    assert_eq!(damage(&dir), "its journal is another store's");
    fs::write(journal_path(&dir), b"tandem-w").unwrap();
    assert_eq!(damage(&dir), "its journal can't be read");
    fs::remove_file(journal_path(&dir)).unwrap();
    assert_eq!(damage(&dir), "its journal is missing");
}

#[test]
fn any_bit_of_a_journal_may_flip_without_a_panic_or_a_false_value() {
    let (_place, dir) = folder();
    some_days(&dir);
    let bytes = fs::read(journal_path(&dir)).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    for bit in (0..end * 8).step_by(37) {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        fs::write(journal_path(&dir), &flipped).unwrap();
        let Ok(Some(found)) = journal::read(&dir) else { continue };
        let good = journal_commits(&bytes, &dir);
        assert!(good.starts_with(&found.commits), "bit {bit}");
        let all = found.commits.len() + found.beyond_damage + 1;
        assert!(found.mark.number != 1 || all >= good.len(), "bit {bit}: {found:?}");
    }
}

fn journal_commits(bytes: &[u8], dir: &Path) -> Vec<Vec<u8>> {
    fs::write(journal_path(dir), bytes).unwrap();
    journal::read(dir).unwrap().unwrap().commits
}

#[test]
fn a_write_that_fails_closes_the_store_until_it_is_opened_again() {
    let (_place, dir) = folder();
    some_days(&dir);
    let store = PhoneStore::open(&dir).unwrap();
    let read_only = fs::File::open(journal_path(&dir)).unwrap();
    store.journal.borrow_mut().replace_file(read_only);
    assert!(matches!(store.commit(&numbered(10, 10)), Err(StoreError::Disk(_))));
    assert!(matches!(store.commit(&numbered(11, 10)), Err(StoreError::Closed(_))));
    drop(store);
    assert_eq!(newest(&PhoneStore::open(&dir).unwrap()), 9);
}

fn resident_key(n: u8) -> Key {
    Key::new(vec![3, n])
}

/// What an opening would read, from the store itself.
fn resident_of(store: &PhoneStore) -> Vec<Record> {
    crate::store::resident(store).unwrap()
}

#[test]
fn a_preview_shows_what_the_open_store_has_after_every_commit_and_checkpoint() {
    let (_place, dir) = folder();
    let store = PhoneStore::create(&dir).unwrap();
    let mut seen = 0;
    for n in 0..60u8 {
        let mut batch = numbered(u32::from(n) | 0x1000_0000, 10_000);
        batch.push(Write::Put(resident_key(n % 7), vec![n; 20]));
        if n % 5 == 0 {
            batch.push(Write::Delete(resident_key(n % 3)));
        }
        if n % 20 == 7 {
            // Past the journal.
            batch.push(Write::Put(key(0x2000_0000), vec![n; 2 << 20]));
        }
        store.commit(&batch).unwrap();
        if n % 3 == 0 {
            store.bring_piece().unwrap();
        }
        if let Some(records) = PhoneStore::preview(&dir) {
            assert_eq!(records, resident_of(&store), "after commit {n}");
            seen += 1;
        }
        assert!(seen > 0 || n < 8, "there is a preview from the first checkpoint on");
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_preview_is_given_only_by_a_whole_file_of_the_journals_own_checkpoint() {
    let (_place, dir) = folder();
    some_days(&dir);
    let file = dir.join("resident");
    let whole = fs::read(&file).unwrap();
    let journal = fs::read(journal_path(&dir)).unwrap();
    assert!(PhoneStore::preview(&dir).is_some());
    for byte in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[byte] ^= 4;
        fs::write(&file, &flipped).unwrap();
        assert_eq!(PhoneStore::preview(&dir), None, "byte {byte}");
        fs::write(&file, &whole[..byte]).unwrap();
        assert_eq!(PhoneStore::preview(&dir), None, "cut at {byte}");
    }
    // The journal went on, and this did not.
    PhoneStore::open(&dir).unwrap().checkpoint().unwrap();
    fs::write(&file, &whole).unwrap();
    assert_eq!(PhoneStore::preview(&dir), None);
    // Broken in the middle: what comes after may take back what stands before.
    let end = journal.iter().rposition(|byte| *byte != 0).unwrap();
    let mut broken = journal;
    broken[end / 2] ^= 1;
    fs::write(journal_path(&dir), &broken).unwrap();
    assert_eq!(PhoneStore::preview(&dir), None);
}
