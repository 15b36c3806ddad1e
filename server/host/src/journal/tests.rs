#![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]
#![allow(clippy::cast_possible_truncation, reason = "small numbers")]

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tandem_proto::{Generation, Seq, ThreadId, Timestamp, TransportKey};
use tandem_relay::Record;
use tempfile::TempDir;

use super::*;

fn record(n: u64) -> Record {
    if n == 0 {
        return Record::Generation(Generation::new([7; 16]));
    }
    Record::Append {
        thread: ThreadId::new([1; 20]),
        seq: Seq(n),
        time: Timestamp(n),
        item: vec![n.to_le_bytes()[0]; 20 + (n as usize * 13) % 60],
        by: TransportKey::new([2; 32]),
    }
}

fn begin(dir: &Path) -> Journal {
    Journal::create(dir, Arc::new(RealDisk), [9; 16]).unwrap()
}

/// Appends records `from..to`, each as a group of its own.
fn fill(journal: &mut Journal, from: u64, to: u64) -> Vec<Span> {
    let mut spans = Vec::new();
    for n in from..to {
        journal.append([&record(n)].into_iter(), &mut spans).unwrap();
    }
    spans
}

fn scan(dir: &Path) -> (Vec<Record>, End) {
    let mut scan = Scan::open(dir).unwrap();
    let mut records = Vec::new();
    while let Some(entry) = scan.next().unwrap() {
        records.push(entry.record);
    }
    (records, scan.end().clone())
}

fn expect_first(records: &[Record], count: usize) {
    let expected: Vec<_> = (0..count as u64).map(record).collect();
    assert_eq!(records, expected);
}

/// Everything under a folder, with its bytes.
fn contents(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    all.sort();
    all
}

/// A closed journal of one segment: its folder, its bytes and where its records stand.
fn closed(count: u64) -> (TempDir, PathBuf, Vec<u8>, Vec<Span>) {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = begin(dir.path());
    let spans = fill(&mut journal, 0, count);
    journal.close().unwrap();
    let path = segment_path(dir.path(), 1);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len() as u64, spans.last().unwrap().end().offset);
    (dir, path, bytes, spans)
}

#[test]
fn a_journal_that_was_cut_short_is_readable_up_to_its_last_whole_record() {
    let (dir, path, bytes, spans) = closed(8);
    let from = spans[5].at.offset as usize;
    for cut in from..=bytes.len() {
        fs::write(&path, &bytes[..cut]).unwrap();
        let whole = spans.iter().filter(|span| span.end().offset <= cut as u64).count();
        let (records, end) = scan(dir.path());
        expect_first(&records, whole);
        let boundary = spans[whole - 1].end();
        assert_eq!(end.at, boundary);
        assert_eq!(end.damage.is_some(), boundary.offset != cut as u64, "cut at {cut}");
        if end.damage.is_none() {
            continue;
        }
        let aside = dir.path().join("aside");
        set_aside(dir.path(), end.at, &aside).unwrap();
        let kept: Vec<_> = contents(&aside).into_iter().map(|(_, bytes)| bytes).collect();
        assert_eq!(kept, [bytes[boundary.offset as usize..cut].to_vec()]);
        fs::remove_dir_all(aside).unwrap();
        let (records, end) = scan(dir.path());
        expect_first(&records, whole);
        assert!(end.damage.is_none());
    }
}

#[test]
fn a_flipped_bit_ends_the_readable_part_before_its_record() {
    let (dir, path, bytes, spans) = closed(12);
    for at in (0..bytes.len()).step_by(5) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        fs::write(&path, &damaged).unwrap();
        let whole = spans.iter().filter(|span| span.end().offset <= at as u64).count();
        let (records, end) = scan(dir.path());
        // A damaged header takes everything with it: the records are checked with what it says.
        let whole = if at < spans[0].at.offset as usize { 0 } else { whole };
        expect_first(&records, whole);
        assert!(end.damage.is_some(), "flipped at {at}");
        let aside = dir.path().join("aside");
        set_aside(dir.path(), end.at, &aside).unwrap();
        let kept = contents(&aside).remove(0).1;
        assert!(damaged.ends_with(&kept) && !kept.is_empty());
        fs::remove_dir_all(aside).unwrap();
        assert!(scan(dir.path()).1.damage.is_none());
    }
}

#[test]
fn space_taken_ahead_is_a_clean_end_and_is_written_into_again() {
    let dir = tempfile::tempdir().unwrap();
    let spans = fill(&mut begin(dir.path()), 0, 3);
    let (records, end) = scan(dir.path());
    expect_first(&records, 3);
    assert_eq!((end.at, end.damage), (spans[2].end(), None));
    assert!(fs::metadata(segment_path(dir.path(), 1)).unwrap().len() > end.at.offset);
    let mut journal = Journal::resume(dir.path(), Arc::new(RealDisk), &end).unwrap();
    fill(&mut journal, 3, 5);
    journal.close().unwrap();
    expect_first(&scan(dir.path()).0, 5);
}

#[test]
fn a_large_group_takes_no_more_space_than_it_needs_and_a_small_one_after_it_does() {
    let dir = tempfile::tempdir().unwrap();
    let path = segment_path(dir.path(), 1);
    let mut journal = begin(dir.path());
    let large: Vec<_> = (0..8_000).map(record).collect();
    let mut spans = Vec::new();
    journal.append(large.iter(), &mut spans).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), spans[7_999].end().offset);
    let small = fill(&mut journal, 8_000, 8_003);
    assert!(fs::metadata(&path).unwrap().len() > small[2].end().offset);
    let (records, end) = scan(dir.path());
    expect_first(&records, 8_003);
    assert_eq!(end.damage, None);
}

#[test]
fn words_after_the_zeros_are_damage() {
    let (dir, path, mut bytes, spans) = closed(3);
    bytes.extend_from_slice(&[0; 9000]);
    bytes.push(1);
    fs::write(path, bytes).unwrap();
    let (records, end) = scan(dir.path());
    expect_first(&records, 3);
    assert_eq!((end.at, end.damage), (spans[2].end(), Some("zeros between records")));
}

fn segmented() -> (TempDir, usize) {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = begin(dir.path()).with_segment_bytes(600);
    let spans = fill(&mut journal, 0, 40);
    journal.close().unwrap();
    let in_first_two = spans.iter().filter(|span| span.at.segment <= 2).count();
    assert!(spans.last().unwrap().at.segment > 4);
    (dir, in_first_two)
}

#[test]
fn a_long_journal_goes_over_several_segments() {
    let (dir, _) = segmented();
    let (records, end) = scan(dir.path());
    expect_first(&records, 40);
    assert!(end.damage.is_none());
}

#[test]
fn a_missing_segment_ends_the_readable_part_and_the_later_ones_are_kept() {
    let (dir, in_first_two) = segmented();
    let later = contents(dir.path()).split_off(3);
    fs::remove_file(segment_path(dir.path(), 3)).unwrap();
    let (records, end) = scan(dir.path());
    expect_first(&records, in_first_two);
    assert!(end.damage.is_some());
    let aside = tempfile::tempdir().unwrap();
    set_aside(dir.path(), end.at, aside.path()).unwrap();
    let bytes = |files: Vec<(PathBuf, Vec<u8>)>| -> Vec<Vec<u8>> {
        files.into_iter().map(|(_, bytes)| bytes).collect()
    };
    assert_eq!(bytes(contents(aside.path())), bytes(later));
    assert!(scan(dir.path()).1.damage.is_none());
}

#[test]
fn a_segment_that_lost_its_last_record_is_noticed_by_the_next_one() {
    let (dir, in_first_two) = segmented();
    let path = segment_path(dir.path(), 2);
    let mut scan_all = Scan::open(dir.path()).unwrap();
    let mut last = None;
    while let Some(entry) = scan_all.next().unwrap() {
        if entry.span.at.segment == 2 {
            last = Some(entry.span.at.offset);
        }
    }
    fs::OpenOptions::new().write(true).open(path).unwrap().set_len(last.unwrap()).unwrap();
    let (records, end) = scan(dir.path());
    expect_first(&records, in_first_two - 1);
    assert!(end.damage.is_some());
}

#[test]
fn a_segment_of_another_journal_does_not_follow() {
    let (dir, in_first_two) = segmented();
    let other = tempfile::tempdir().unwrap();
    let mut journal =
        Journal::create(other.path(), Arc::new(RealDisk), [8; 16]).unwrap().with_segment_bytes(600);
    fill(&mut journal, 0, 40);
    journal.close().unwrap();
    fs::copy(segment_path(other.path(), 3), segment_path(dir.path(), 3)).unwrap();
    let (records, end) = scan(dir.path());
    expect_first(&records, in_first_two);
    assert!(end.damage.is_some());
}

#[test]
fn a_newer_version_is_refused() {
    let (dir, path, mut bytes, _) = closed(3);
    bytes[8..12].copy_from_slice(&2u32.to_le_bytes());
    let check = blake3::hash(&bytes[..12]);
    bytes[12..16].copy_from_slice(&check.as_bytes()[..4]);
    fs::write(&path, &bytes).unwrap();
    let error = Scan::open(dir.path()).err().unwrap();
    assert!(matches!(error, JournalError::Newer { version: 2, .. }), "{error}");
}

#[test]
fn a_whole_record_of_an_unknown_kind_is_refused_not_cut_off() {
    let (dir, path, mut bytes, spans) = closed(3);
    let last = spans[2];
    let at = last.at.offset as usize;
    // Variant 99, checksummed as a newer version would have.
    bytes[at + 12] = 99;
    let mark = SegmentKey::new(&[9; 16], 1).mark(last.at.offset, &bytes[at + 12..]);
    bytes[at + 4..at + 12].copy_from_slice(&mark);
    fs::write(&path, &bytes).unwrap();
    let mut scan = Scan::open(dir.path()).unwrap();
    scan.next().unwrap();
    scan.next().unwrap();
    assert!(matches!(scan.next(), Err(JournalError::NewerRecord { .. })));
}

/// A disk that can be filled, or made to forget.
#[derive(Debug, Default)]
struct Faulty {
    full: AtomicBool,
    deaf: AtomicBool,
}

impl Disk for Faulty {
    fn write(&self, file: &fs::File, bytes: &[u8], offset: u64) -> io::Result<()> {
        if self.full.load(Ordering::Relaxed) {
            // Half of it arrives, as it may.
            RealDisk.write(file, &bytes[..bytes.len() / 2], offset)?;
            return Err(ErrorKind::StorageFull.into());
        }
        RealDisk.write(file, bytes, offset)
    }

    fn sync(&self, file: &fs::File) -> io::Result<()> {
        if self.deaf.load(Ordering::Relaxed) {
            return Err(io::Error::other("the disk does not answer"));
        }
        RealDisk.sync(file)
    }
}

#[test]
fn what_failed_to_be_written_or_synced_is_cut_off_and_a_new_segment_goes_on() {
    let faults: [fn(&Faulty) -> &AtomicBool; 2] = [|disk| &disk.full, |disk| &disk.deaf];
    for fault in faults {
        let dir = tempfile::tempdir().unwrap();
        let disk = Arc::new(Faulty::default());
        let mut journal = Journal::create(dir.path(), disk.clone(), [9; 16]).unwrap();
        fill(&mut journal, 0, 3);
        fault(&disk).store(true, Ordering::Relaxed);
        let durable = journal.end();
        let (a, b) = (record(77), record(78));
        assert!(journal.append([&a, &b].into_iter(), &mut Vec::new()).is_err());
        drop(journal);
        let aside = dir.path().join("aside");
        cut_to(dir.path(), durable, &aside).unwrap();
        let (records, end) = scan(dir.path());
        expect_first(&records, 3);
        assert_eq!((end.at, end.damage), (durable, None));
        assert!(Journal::resume_in_new_segment(dir.path(), disk.clone(), &end).is_err());
        assert_eq!(scan(dir.path()).1.at, durable, "a failed beginning leaves nothing behind");
        fault(&disk).store(false, Ordering::Relaxed);
        let mut journal = Journal::resume_in_new_segment(dir.path(), disk.clone(), &end).unwrap();
        fill(&mut journal, 3, 6);
        journal.close().unwrap();
        let (records, end) = scan(dir.path());
        expect_first(&records, 6);
        assert_eq!((end.at.segment, end.damage), (2, None));
    }
}
