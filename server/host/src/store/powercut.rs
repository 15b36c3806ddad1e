//! Power cuts under the real store: its threads write a real journal and a real index, all that
//! they do to files is recorded, and what a disk may hold at random moments is opened again.
//!
//! `TANDEM_IMAGES` says how many images (300), `TANDEM_SEED` from which seed (1):
//! `cargo xtask powercut --images N --seed S`.
#![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tandem_platter::{Dice, Recorder, Recording, from_environment, record};
use tandem_proto::{Generation, ItemHash, SecretKey, Seq, Timestamp, TransportKey};
use tandem_relay::{CommitId, Record};
use tokio::sync::mpsc::unbounded_channel;

use super::{
    Setup, Store, StoreDir, StoreEvent,
    tests::{envelope, genesis},
};
use crate::{
    clock::Clock,
    folder::Folder,
    journal::{Journal, RealDisk, Scan},
    metrics::Metrics,
};

/// Group commits of one recording, over three openings.
const GROUPS: usize = 60;

/// Images of one recording.
const IMAGES: u64 = 100;

/// Threads that are written to.
const THREADS: u8 = 4;

fn setup(key: SecretKey) -> Setup {
    Setup { core: tandem_relay::Config::default(), key, clock: Clock::system() }
}

fn data(root: &Path) -> PathBuf {
    root.join("data")
}

fn store_dir(root: &Path) -> (StoreDir, SecretKey) {
    let folder = Arc::new(Folder::open(&data(root)).unwrap());
    let key = folder.key().unwrap();
    (StoreDir { folder, disk: Arc::new(RealDisk) }, key)
}

/// The records of every group commit, as a relay would write them: a generation, each thread's
/// genesis, and then envelopes here and there.
fn groups(dice: &mut Dice) -> Vec<Vec<Record>> {
    let mut heads = [0u64; THREADS as usize];
    let mut nonce = 0;
    let mut append = |member: u8, large: bool| {
        let (thread, genesis) = genesis(member + 1);
        let head = &mut heads[usize::from(member)];
        *head += 1;
        nonce += 1;
        let mut item = if *head == 1 { genesis } else { envelope(nonce) };
        if large && *head > 1 {
            item.extend(vec![9; 60_000]);
        }
        let by = TransportKey::new([member + 1; 32]);
        Record::Append { thread, seq: Seq(*head), time: Timestamp(nonce), item, by }
    };
    let mut groups = vec![vec![Record::Generation(Generation::new([7; 16]))]];
    groups[0].extend((0..THREADS).map(|member| append(member, false)));
    while groups.len() < GROUPS {
        let many = if dice.percent(20) { 1 + dice.below(40) } else { 1 };
        let member = |dice: &mut Dice| u8::try_from(dice.below(THREADS.into())).unwrap();
        groups.push((0..many).map(|_| append(member(dice), dice.percent(5))).collect());
    }
    groups
}

/// Runs a store over several openings; the n-th mark is the n-th group's, 0 is the key's.
fn some_days(root: &Path, recorder: &Recorder, groups: &[Vec<Record>]) {
    let mut number = 0;
    for part in groups.chunks(GROUPS.div_ceil(3)) {
        let (dir, key) = store_dir(root);
        if number == 0 {
            recorder.mark(0);
        }
        let (tell, mut events) = unbounded_channel();
        let (store, _) = Store::open(dir, &setup(key), tell, Metrics::default()).unwrap();
        for group in part {
            number += 1;
            store.commit(vec![(CommitId(number), group.clone())]);
            match events.blocking_recv() {
                Some(StoreEvent::Committed(ids)) => assert_eq!(ids, [CommitId(number)]),
                other => panic!("{other:?}"),
            }
            recorder.mark(number);
        }
        store.close();
    }
}

fn items(groups: &[Vec<Record>]) -> Vec<ItemHash> {
    let items = groups.iter().flatten().filter_map(|record| match record {
        Record::Append { item, .. } => Some(ItemHash::of(item)),
        _ => None,
    });
    items.collect()
}

fn images() -> (u64, u64) {
    (from_environment("TANDEM_IMAGES").unwrap_or(300), from_environment("TANDEM_SEED").unwrap_or(1))
}

/// Records once in a while and looks at images; `look` gets an image, what was promised by then,
/// and words that say which one it is.
fn cuts<T>(
    run: impl Fn(&Path, &Recorder, &mut Dice) -> T,
    mut look: impl FnMut(&Path, Option<u64>, &T, &str),
) {
    let (images, first) = images();
    println!("{images} images from seed {first} on");
    let mut recorded: Option<(T, Recording)> = None;
    for seed in first..first + images {
        if (seed - first) % IMAGES == 0 {
            let dir = tempfile::tempdir().unwrap();
            let mut dice = Dice::new(seed);
            let made = record(dir.path(), |recorder| run(dir.path(), recorder, &mut dice));
            recorded = Some(made);
        }
        let Some((wrote, recording)) = &recorded else { continue };
        let mut dice = Dice::new(seed);
        let cut = recording.moment(&mut dice);
        let image = recording.image(cut, &mut dice);
        let dir = tempfile::tempdir().unwrap();
        image.write_to(dir.path()).unwrap();
        let what = format!("seed {seed}, cut at {cut} of {}, {}", recording.len(), image.fate());
        look(dir.path(), recording.promised(cut), wrote, &what);
    }
}

#[test]
fn a_power_cut_at_any_moment_leaves_the_relay_everything_that_it_gave_receipts_for() {
    let (mut promised, mut renewed) = (0, 0);
    let run = |root: &Path, recorder: &Recorder, dice: &mut Dice| {
        let groups = groups(dice);
        some_days(root, recorder, &groups);
        let key = Folder::open(&data(root)).unwrap().key().unwrap();
        (groups, key)
    };
    cuts(run, |root, kept, (groups, key), what| {
        let Some(kept) = kept else {
            // Nothing was promised, not even the key: it may all begin anew.
            let (dir, key) = store_dir(root);
            dir.open(&setup(key)).unwrap_or_else(|error| panic!("{error}: {what}"));
            return;
        };
        promised += 1;
        let kept = items(&groups[..usize::try_from(kept).unwrap()]);
        let (dir, found) = store_dir(root);
        assert_eq!(found.seed(), key.seed(), "{what}");
        if !kept.is_empty() {
            let report = crate::check(&data(root), &kept).unwrap();
            assert!(report.missing.is_empty(), "{:?}: {what}", report.missing);
        }
        let (opened, index) =
            dir.open(&setup(found)).unwrap_or_else(|error| panic!("{error}: {what}"));
        renewed += u64::from(opened.renewal.is_some());
        let report = crate::check(&data(root), &kept).unwrap();
        assert!(report.is_ok(), "{report:?}: {what}");
        let written = items(groups).len() as u64;
        let heads: u64 = report.threads.iter().map(|thread| thread.head.0).sum();
        assert!(heads >= kept.len() as u64 && heads <= written, "{heads}: {what}");
        let indexed: usize = report
            .threads
            .iter()
            .map(|t| index.places(t.thread, Seq(1), 10_000, usize::MAX).unwrap().len())
            .sum();
        assert_eq!(indexed as u64, heads, "{what}");
    });
    println!("{promised} with something promised; {renewed} drew a new generation");
}

#[test]
fn a_power_cut_while_segments_are_begun_leaves_every_record_that_was_answered() {
    let run = |root: &Path, recorder: &Recorder, dice: &mut Dice| {
        let records: Vec<Record> = groups(dice).concat();
        let journal = Journal::create(&root.join("journal"), Arc::new(RealDisk), [9; 16]).unwrap();
        let mut journal = journal.with_segment_bytes(3_000);
        crate::folder::sync_dir(root).unwrap();
        for (n, record) in (1..).zip(&records) {
            journal.append([record].into_iter(), &mut Vec::new()).unwrap();
            recorder.mark(n);
        }
        journal.close().unwrap();
        records
    };
    cuts(run, |root, kept, records, what| {
        let Some(kept) = kept else { return };
        let mut scan = Scan::open(&root.join("journal")).unwrap();
        let mut found = Vec::new();
        while let Some(entry) = scan.next().unwrap_or_else(|error| panic!("{error}: {what}")) {
            found.push(entry.record);
        }
        assert!(found.len() as u64 >= kept, "{} of {kept}: {what}", found.len());
        assert_eq!(found, records[..found.len()], "{what}");
    });
}
