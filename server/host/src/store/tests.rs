#![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]
#![allow(clippy::cast_possible_truncation, reason = "small numbers")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use tandem_proto::{
    Card, DeviceKey, EnvelopeHeader, EnvelopeKind, Epoch, Generation, PersonId, Role, RosterLink,
    SecretKey, Seq, Statement, ThreadId, ThreadKind, Timestamp, TransportKey,
};
use tandem_relay::Record;

use super::{
    index::{Checkpoint, Index},
    open::{Opened, Setup, StoreDir, StoreError},
};
use crate::{
    clock::Clock,
    folder::Folder,
    journal::{Journal, JournalError, Position, RealDisk, Span, segment_path},
};

const ITEMS: u64 = 30;

pub(super) fn genesis(n: u8) -> (ThreadId, Vec<u8>) {
    let key = SecretKey::from_seed([n; 32]);
    let founder = Card {
        person: PersonId::new([n; 16]),
        role: Role::Teacher,
        device: DeviceKey::new(key.public()),
        transport: TransportKey::new([n; 32]),
    };
    let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [n; 16], founder };
    let item = RosterLink::found(&key, Timestamp(0), statement).to_item();
    (ThreadId::of_genesis(&item), item)
}

pub(super) fn envelope(n: u64) -> Vec<u8> {
    let mut nonce = [0; 16];
    nonce[..8].copy_from_slice(&n.to_le_bytes());
    EnvelopeHeader { kind: EnvelopeKind::Batch, epoch: Epoch(0), nonce }.assemble(&[5; 90])
}

/// Two threads of a genesis and some envelopes each.
fn records(seed: u8) -> Vec<Record> {
    let mut records = vec![Record::Generation(Generation::new([seed; 16]))];
    for n in 0..ITEMS {
        for member in [seed, seed + 100] {
            let (thread, genesis) = genesis(member);
            let item = if n == 0 { genesis } else { envelope(n) };
            let by = TransportKey::new([member; 32]);
            records.push(Record::Append { thread, seq: Seq(n + 1), time: Timestamp(n), item, by });
        }
    }
    records
}

struct Rig {
    dir: tempfile::TempDir,
    seed: u8,
}

impl Rig {
    /// A store with a journal of [`records`] and no index yet.
    fn new(seed: u8) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let rig = Self { dir, seed };
        let journal = rig.store().join("journal");
        let mut journal = Journal::create(&journal, Arc::new(RealDisk), [seed; 16]).unwrap();
        journal.append(records(seed).iter(), &mut Vec::new()).unwrap();
        journal.close().unwrap();
        rig
    }

    fn store(&self) -> PathBuf {
        self.dir.path().join("store")
    }

    fn index(&self) -> PathBuf {
        self.store().join("index")
    }

    fn open(&self) -> Result<(Opened, Index), StoreError> {
        let folder = Arc::new(Folder::open(self.dir.path()).unwrap());
        let setup = Setup {
            core: tandem_relay::Config::default(),
            key: SecretKey::from_seed([1; 32]),
            clock: Clock::system(),
        };
        StoreDir { folder, disk: Arc::new(RealDisk) }.open(&setup)
    }

    /// Opens, and expects every item of the journal in the index.
    fn expect_whole(&self) -> Opened {
        let (opened, index) = self.open().unwrap();
        for member in [self.seed, self.seed + 100] {
            assert_eq!(positions(&index, member), ITEMS as usize);
        }
        assert_eq!(index.stored().unwrap(), 2 * ITEMS);
        opened
    }

    fn quarantined(&self) -> Vec<PathBuf> {
        let mut all = Vec::new();
        for folder in fs::read_dir(self.store().join("quarantine")).into_iter().flatten() {
            let files = fs::read_dir(folder.unwrap().path()).unwrap();
            all.extend(files.map(|file| PathBuf::from(file.unwrap().file_name())));
        }
        all.sort();
        all
    }
}

fn positions(index: &Index, member: u8) -> usize {
    let (thread, _) = genesis(member);
    let places = index.places(thread, Seq(1), 1000, usize::MAX).unwrap();
    let seqs: Vec<_> = places.iter().map(|(seq, _)| seq.0).collect();
    assert_eq!(seqs, (1..=places.len() as u64).collect::<Vec<_>>());
    places.len()
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap().path();
        let target = to.join(file.file_name().unwrap());
        if file.is_dir() {
            copy_dir(&file, &target);
        } else {
            fs::copy(file, target).unwrap();
        }
    }
}

#[test]
fn a_deleted_index_is_built_again() {
    let rig = Rig::new(1);
    rig.expect_whole();
    fs::remove_dir_all(rig.index()).unwrap();
    let opened = rig.expect_whole();
    assert!(opened.renewal.is_none(), "nothing was lost");
    assert_eq!(opened.relay.generation(), Generation::new([1; 16]));
    assert!(rig.quarantined().is_empty());
}

#[test]
fn an_index_that_lags_behind_takes_in_the_rest_of_the_journal() {
    let rig = Rig::new(1);
    let full = segment_path(&rig.store().join("journal"), 1);
    let bytes = fs::read(&full).unwrap();
    rig.expect_whole();
    let behind = tempfile::tempdir().unwrap();
    copy_dir(&rig.index(), behind.path());
    // Ten more records, then the index from before.
    let (opened, index) = rig.open().unwrap();
    let mut journal = opened.journal;
    let (thread, _) = genesis(1);
    for n in 0..10 {
        let (seq, item) = (Seq(ITEMS + 1 + n), envelope(1000 + n));
        let by = TransportKey::new([1; 32]);
        let record = Record::Append { thread, seq, time: Timestamp(0), item, by };
        journal.append([&record].into_iter(), &mut Vec::new()).unwrap();
    }
    journal.close().unwrap();
    drop(index);
    assert!(fs::read(&full).unwrap().starts_with(&bytes));
    fs::remove_dir_all(rig.index()).unwrap();
    copy_dir(behind.path(), &rig.index());
    let (_, index) = rig.open().unwrap();
    assert_eq!(positions(&index, 1), ITEMS as usize + 10);
    assert!(rig.quarantined().is_empty());
}

#[test]
fn an_index_from_elsewhere_is_set_aside_and_built_again() {
    let (rig, other) = (Rig::new(1), Rig::new(2));
    rig.expect_whole();
    other.expect_whole();
    fs::remove_dir_all(rig.index()).unwrap();
    copy_dir(&other.index(), &rig.index());
    rig.expect_whole();
    assert_eq!(rig.quarantined(), [PathBuf::from("index")]);
}

#[test]
fn a_corrupt_index_is_built_again() {
    for damage in [
        |bytes: &mut Vec<u8>| bytes.iter_mut().for_each(|b| *b = 0x5a),
        |bytes: &mut Vec<u8>| bytes.iter_mut().skip(64).step_by(9).for_each(|b| *b ^= 0xff),
        |bytes: &mut Vec<u8>| bytes.truncate(100),
    ] {
        let rig = Rig::new(1);
        rig.expect_whole();
        let db = rig.index().join("db");
        let mut bytes = fs::read(&db).unwrap();
        damage(&mut bytes);
        fs::write(&db, bytes).unwrap();
        rig.expect_whole();
    }
}

#[test]
fn an_index_of_another_format_is_set_aside_and_built_again() {
    let rig = Rig::new(1);
    rig.expect_whole();
    let db = sled::Config::new().path(rig.index()).segment_size(8 << 20).open().unwrap();
    db.insert(b"c", b"of the future").unwrap();
    drop(db);
    rig.expect_whole();
    assert_eq!(rig.quarantined(), [PathBuf::from("index")]);
}

#[test]
fn a_damaged_journal_keeps_its_readable_part_and_draws_a_new_generation() {
    let rig = Rig::new(1);
    rig.expect_whole();
    let path = segment_path(&rig.store().join("journal"), 1);
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half] ^= 4;
    fs::write(&path, bytes).unwrap();
    let (opened, index) = rig.open().unwrap();
    assert_ne!(opened.relay.generation(), Generation::new([1; 16]));
    let (a, b) = (positions(&index, 1), positions(&index, 101));
    assert!(a > 5 && a < ITEMS as usize && a - b <= 1, "{a} {b}");
    assert_eq!(rig.quarantined().len(), 2, "{:?}", rig.quarantined());
    // Until the new generation is durable, every start draws one.
    drop((opened, index));
    let (opened, _) = rig.open().unwrap();
    assert!(opened.renewal.is_some());
    assert_ne!(opened.relay.generation(), Generation::new([1; 16]));
}

#[test]
fn records_that_do_not_add_up_are_cut_off_like_damage() {
    let rig = Rig::new(1);
    let journal = rig.store().join("journal");
    fs::remove_dir_all(&journal).unwrap();
    let mut records = records(1);
    records.remove(20);
    let mut journal = Journal::create(&journal, Arc::new(RealDisk), [1; 16]).unwrap();
    journal.append(records.iter(), &mut Vec::new()).unwrap();
    journal.close().unwrap();
    let (opened, index) = rig.open().unwrap();
    assert!(opened.renewal.is_some());
    assert_eq!(positions(&index, 1) + positions(&index, 101), 20);
}

#[test]
fn a_store_of_a_newer_version_is_refused_untouched() {
    let rig = Rig::new(1);
    rig.expect_whole();
    let path = segment_path(&rig.store().join("journal"), 1);
    let mut bytes = fs::read(&path).unwrap();
    bytes[8..12].copy_from_slice(&9u32.to_le_bytes());
    let check = blake3::hash(&bytes[..12]);
    bytes[12..16].copy_from_slice(&check.as_bytes()[..4]);
    fs::write(&path, &bytes).unwrap();
    let before = tempfile::tempdir().unwrap();
    copy_dir(&rig.store(), before.path());
    let error = rig.open().err().unwrap();
    assert!(matches!(error, StoreError::Journal(JournalError::Newer { version: 9, .. })));
    assert!(error.to_string().contains("newer version"), "{error}");
    let list = |dir: &Path| {
        let mut files = Vec::new();
        for sub in ["journal", "index"] {
            for file in fs::read_dir(dir.join(sub)).unwrap() {
                let file = file.unwrap().path();
                let name = file.strip_prefix(dir).unwrap().to_owned();
                files.push((name, file.is_file().then(|| fs::read(&file).unwrap())));
            }
        }
        files.sort();
        files
    };
    assert_eq!(list(&rig.store()), list(before.path()));
    assert!(rig.quarantined().is_empty());
}

#[test]
fn places_are_the_same_in_memory_and_in_the_tree_however_they_got_there() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Arc::new(Folder::open(dir.path()).unwrap());
    let (index, checkpoint) = Index::open(&dir.path().join("index"), folder).unwrap();
    assert_eq!(checkpoint, None);
    let threads = [ThreadId::new([1; 20]), ThreadId::new([2; 20])];
    let span = |seq: u64| Span { at: Position { segment: 1, offset: seq * 100 }, len: 100 };
    let mut head = 0;
    for (round, more) in [1, 14, 1, 1, 40, 3, 16, 16, 9].into_iter().enumerate() {
        for thread in threads {
            let places = (head + 1..=head + more).map(|seq| ((thread, Seq(seq)), span(seq)));
            let reached = Checkpoint {
                journal: [3; 16],
                next: span(head + more).end(),
                mark: [4; 8],
                count: 0,
            };
            index.note(places, reached);
        }
        head += more;
        for thread in threads {
            for first in 1..=head + 1 {
                let places = index.places(thread, Seq(first), 20, usize::MAX).unwrap();
                let expected: Vec<_> =
                    (first..=head).take(20).map(|seq| (Seq(seq), span(seq))).collect();
                assert_eq!(places, expected, "round {round}, from {first} of {head}");
            }
            let few = index.places(thread, Seq(1), 20, 250).unwrap();
            assert_eq!(few.len() as u64, head.min(2), "as many as the bytes allow");
        }
        // Sometimes what is new waits for the next round.
        if round % 3 != 1 {
            index.store().unwrap();
            assert_eq!(index.stored().unwrap(), 2 * head);
        }
    }
}

#[test]
fn an_index_with_a_gap_is_not_believed_at_the_next_start() {
    let rig = Rig::new(1);
    rig.expect_whole();
    let (opened, index) = rig.open().unwrap();
    let (thread, _) = genesis(1);
    let place = |seq| {
        let at = Position { segment: 1, offset: 1 };
        ((thread, Seq(seq)), Span { at, len: 1 })
    };
    let reached =
        Checkpoint { journal: [1; 16], next: opened.journal.end(), mark: [0; 8], count: 0 };
    index.note([place(ITEMS + 1), place(ITEMS + 3)].into_iter(), reached);
    index.store().unwrap();
    drop((opened, index));
    rig.expect_whole();
    assert_eq!(rig.quarantined(), [PathBuf::from("index")]);
}
