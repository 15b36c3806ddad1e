#![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

use tandem_proto::{
    ErasedBecause, Generation, SecretKey, Seq, ThreadId, Timestamp, Tombstone, TransportKey,
};
use tandem_relay::Record;

use super::*;
use crate::{
    journal::{RealDisk, segment_path},
    store::tests::{envelope, genesis},
};

/// A store of two threads, the first of which was erased.
fn erased() -> (tempfile::TempDir, PathBuf, Vec<Record>) {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("store");
    let mut records = vec![Record::Generation(Generation::new([1; 16]))];
    for n in 0..20_u64 {
        for member in [1, 2] {
            let (thread, first) = genesis(member);
            let item = if n == 0 { first } else { envelope(n * 10 + u64::from(member)) };
            let by = TransportKey::new([member; 32]);
            records.push(Record::Append { thread, seq: Seq(n + 1), time: Timestamp(n), item, by });
        }
    }
    let key = SecretKey::from_seed([1; 32]);
    let (gone, _) = genesis(1);
    let because = ErasedBecause::Operator;
    let stone =
        Tombstone::sign(&key, gone, Timestamp(1), because, String::new().try_into().unwrap());
    records.push(Record::Erased(stone));
    let mut journal = Journal::create(&journal_dir(&store), Arc::new(RealDisk), [1; 16]).unwrap();
    journal.append(records.iter(), &mut Vec::new()).unwrap();
    journal.close().unwrap();
    records.retain(|record| record.thread() != Some(&gone));
    (dir, store, records)
}

fn records(store: &Path) -> Vec<Record> {
    let mut scan = Scan::open(&journal_dir(store)).unwrap();
    let mut records = Vec::new();
    while let Some(entry) = scan.next().unwrap() {
        records.push(entry.record);
    }
    assert_eq!(scan.end().damage, None);
    records
}

/// The bytes of an item of the erased thread, in whatever file of the store.
fn is_found(dir: &Path) -> bool {
    let sought = envelope(11);
    fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_found(&path);
        }
        let bytes = fs::read(&path).unwrap();
        bytes.windows(sought.len()).any(|window| window == sought)
    })
}

#[test]
fn a_rebuilt_journal_has_every_record_but_those_of_the_erased_thread() {
    let (_dir, store, kept) = erased();
    assert!(is_found(&store));
    assert!(rebuild(&store, Arc::new(RealDisk)).unwrap());
    assert_eq!(records(&store), kept);
    assert!(!is_found(&store) && !old_of(&store).exists() && !new_of(&store).exists());
    assert!(!rebuild(&store, Arc::new(RealDisk)).unwrap(), "there is nothing to do any more");
    assert_eq!(records(&store), kept);
}

/// Copies a folder of files.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn cut_off_anywhere_the_next_opening_ends_it_and_nothing_else_is_lost() {
    // What each step leaves: the old journal, the new one, and under which names.
    for step in 0..5 {
        let (_dir, store, kept) = erased();
        let (journal, new, old) = (journal_dir(&store), new_of(&store), old_of(&store));
        let before = store.join("before");
        copy(&journal, &before);
        rebuild(&store, Arc::new(RealDisk)).unwrap();
        copy(&journal, &new);
        fs::remove_dir_all(&journal).unwrap();
        fs::rename(&before, &old).unwrap();
        // Here `old` is the old journal and `new` the new one, both whole.
        match step {
            // The new one is being written.
            0 => {
                fs::rename(&old, &journal).unwrap();
                let segment = fs::OpenOptions::new().write(true).open(segment_path(&new, 1));
                segment.unwrap().set_len(100).unwrap();
            }
            // It is whole.
            1 => fs::rename(&old, &journal).unwrap(),
            // The old one was put away.
            2 => {}
            // The new one took its place.
            3 => fs::rename(&new, &journal).unwrap(),
            // The old one is half removed.
            _ => {
                fs::rename(&new, &journal).unwrap();
                fs::remove_file(segment_path(&old, 1)).unwrap();
            }
        }
        finish(&store).unwrap();
        let due = rebuild(&store, Arc::new(RealDisk)).unwrap();
        assert_eq!(due, step < 2, "at step {step}");
        assert_eq!(records(&store), kept, "at step {step}");
        assert!(!is_found(&store) && !old.exists() && !new.exists(), "at step {step}");
    }
}

#[test]
fn a_damaged_journal_is_left_as_it_is() {
    let (_dir, store, _) = erased();
    let path = segment_path(&journal_dir(&store), 1);
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let error = rebuild(&store, Arc::new(RealDisk)).unwrap_err();
    assert!(matches!(error, RebuildError::Damaged(_)), "{error}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn the_threads_that_stay_keep_their_seqs() {
    let (_dir, store, _) = erased();
    rebuild(&store, Arc::new(RealDisk)).unwrap();
    let stays: Vec<(ThreadId, u64)> = records(&store)
        .iter()
        .filter_map(|record| match record {
            Record::Append { thread, seq, .. } => Some((*thread, seq.0)),
            _ => None,
        })
        .collect();
    let (thread, _) = genesis(2);
    assert_eq!(stays, (1..=20).map(|seq| (thread, seq)).collect::<Vec<_>>());
}
