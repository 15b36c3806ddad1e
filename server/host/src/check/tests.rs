#![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use tandem_proto::{Timestamp, TransportKey};

use super::*;
use crate::journal::{Journal, RealDisk, segment_path};

type Listing = Vec<(PathBuf, SystemTime, Option<Vec<u8>>)>;

fn listing(dir: &Path) -> Listing {
    let mut all = vec![(dir.to_owned(), fs::metadata(dir).unwrap().modified().unwrap(), None)];
    for file in fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        let meta = fs::metadata(&path).unwrap();
        if meta.is_dir() {
            all.extend(listing(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            all.push((path, meta.modified().unwrap(), Some(bytes)));
        }
    }
    all.sort();
    all
}

fn append(thread: u8, seq: u64) -> Record {
    Record::Append {
        thread: ThreadId::new([thread; 20]),
        seq: Seq(seq),
        time: Timestamp(0),
        item: vec![thread, u8::try_from(seq).unwrap()],
        by: TransportKey::new([0; 32]),
    }
}

/// A data folder with these records.
fn data(records: &[Record]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal_dir(&store_of(dir.path()));
    let mut journal = Journal::create(&journal, Arc::new(RealDisk), [3; 16]).unwrap();
    journal.append(records.iter(), &mut Vec::new()).unwrap();
    dir
}

fn generation(n: u8) -> Generation {
    Generation::new([n; 16])
}

#[test]
fn it_finds_heads_chains_and_what_is_missing_and_writes_nothing() {
    let dir = data(&[
        Record::Generation(generation(1)),
        append(1, 1),
        append(2, 1),
        Record::Generation(generation(2)),
        append(1, 2),
    ]);
    let (there, absent) = (ItemHash::of(&[1, 2]), ItemHash::of(b"never"));
    let before = listing(dir.path());
    let report = check(dir.path(), &[absent, there]).unwrap();
    assert_eq!(listing(dir.path()), before);
    assert_eq!(report.generation, Some(generation(2)));
    assert_eq!(report.missing, [absent]);
    let heads: Vec<_> = report.threads.iter().map(|t| (t.head.0, t.ok)).collect();
    assert_eq!(heads, [(2, true), (1, true)]);
    let thread = ThreadId::new([1; 20]);
    let chain = ChainHash::start(&thread).next(&ItemHash::of(&[1, 1])).next(&ItemHash::of(&[1, 2]));
    assert_eq!(report.threads[0].chain, chain);
    assert!(!report.is_ok());
    assert!(check(dir.path(), &[there]).unwrap().is_ok());
}

#[test]
fn a_gap_and_a_damaged_journal_are_told() {
    let gap = data(&[Record::Generation(generation(1)), append(1, 1), append(1, 3), append(2, 1)]);
    let report = check(gap.path(), &[]).unwrap();
    let ok: Vec<_> = report.threads.iter().map(|t| t.ok).collect();
    assert_eq!(ok, [false, true]);

    let path = segment_path(&journal_dir(&store_of(gap.path())), 1);
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes[last] ^= 1;
    fs::write(path, bytes).unwrap();
    let before = listing(gap.path());
    let report = check(gap.path(), &[]).unwrap();
    assert_eq!(listing(gap.path()), before);
    assert_eq!(report.damage.as_ref().map(|d| d.segment), Some(1));
    assert!(report.threads.iter().all(|t| !t.ok) && !report.is_ok());
    // The record of the second thread is the one that is damaged; of the first all was read.
    let whole: Vec<_> = report.threads.iter().map(|t| t.whole).collect();
    assert_eq!(whole, [false]);
}

#[test]
fn a_log_that_was_read_to_the_damage_is_whole_and_not_known_to_be_all() {
    let dir = data(&[Record::Generation(generation(1)), append(1, 1), append(1, 2), append(2, 1)]);
    let path = segment_path(&journal_dir(&store_of(dir.path())), 1);
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes[last] ^= 1;
    fs::write(path, bytes).unwrap();
    let report = check(dir.path(), &[]).unwrap();
    assert!(report.damage.is_some() && !report.is_ok());
    let logs: Vec<_> = report.threads.iter().map(|t| (t.head.0, t.whole, t.ok)).collect();
    assert_eq!(logs, [(2, true, false)]);
}

#[test]
fn no_store_is_an_error_and_none_is_made() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(check(dir.path(), &[]), Err(CheckError::NoStore(_))));
    assert!(fs::read_dir(dir.path()).unwrap().next().is_none());
}
