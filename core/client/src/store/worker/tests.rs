#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::sync::{Arc, Mutex};

use tandem_engine::Write;

use super::*;
use crate::{Fault, MemoryDisk, MemoryStore};

/// Waits in its first commit until the test lets it go, and notes the size of every batch.
struct Gated {
    inner: MemoryStore,
    gate: Mutex<Option<jobs::Receiver<()>>>,
    sizes: Arc<Mutex<Vec<usize>>>,
}

impl Store for Gated {
    fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.load(key)
    }

    fn scan(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
        self.inner.scan(prefix)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        if let Some(gate) = self.gate.lock().unwrap().take() {
            gate.recv().unwrap();
        }
        self.sizes.lock().unwrap().push(batch.writes().len());
        self.inner.commit(batch)
    }
}

/// A desk over an open store, with jobs given while its first commit waits.
fn run(disk: &MemoryDisk, given: impl FnOnce(&StoreWorker)) -> (Vec<StoreEvent>, Vec<usize>) {
    let (jobs, job_receiver) = jobs::channel();
    let (events, mut receiver) = mpsc::unbounded_channel();
    let (open, gate) = jobs::channel();
    let sizes = Arc::new(Mutex::new(Vec::new()));
    let (inner, gate) = (disk.open().unwrap(), Mutex::new(Some(gate)));
    let store = Gated { inner, gate, sizes: sizes.clone() };
    let opener: Opener = Box::new(|_| Err(HomeError::System("not in this test".into())));
    let desk = Desk { opener, open: Some((Box::new(store), Box::new(()))), vault: None, events };
    let worker = StoreWorker { jobs };
    let thread = thread::spawn(move || desk.run(&job_receiver));
    given(&worker);
    open.send(()).unwrap();
    drop(worker);
    thread.join().unwrap();
    let mut told = Vec::new();
    while let Ok(event) = receiver.try_recv() {
        told.push(event);
    }
    let sizes = sizes.lock().unwrap().clone();
    (told, sizes)
}

fn one(n: u8) -> Batch {
    let mut batch = Batch::new();
    batch.push(Write::Put(Key::new(vec![20, n]), vec![n]));
    batch
}

#[test]
fn commits_that_wait_share_a_sync_and_are_answered_in_order() {
    let (told, sizes) = run(&MemoryDisk::new(), |worker| {
        (0..10).for_each(|n| worker.commit(CommitId(n), one(n.to_le_bytes()[0])));
    });
    // The first commit may or may not have met others; none is alone after it.
    assert_eq!(sizes.iter().sum::<usize>(), 10);
    assert!(sizes.len() <= 2, "{sizes:?}");
    let ids = told.iter().map(|event| match event {
        StoreEvent::Persisted(id) => id.0,
        _ => panic!("not persisted"),
    });
    assert!(ids.eq(0..10));
}

#[test]
fn a_read_sees_every_commit_before_it() {
    let (told, _) = run(&MemoryDisk::new(), |worker| {
        worker.commit(CommitId(0), one(1));
        worker.commit(CommitId(1), one(2));
        worker.load(ThreadId::new([9; 20]), vec![Key::new(vec![20])]);
        worker.commit(CommitId(2), one(3));
    });
    let StoreEvent::Loaded(_, records) = &told[2] else { panic!("not loaded third") };
    assert_eq!(records.len(), 2);
    assert!(matches!(told[3], StoreEvent::Persisted(CommitId(2))));
}

#[test]
fn after_a_failure_every_later_commit_fails_and_reading_goes_on() {
    let disk = MemoryDisk::new();
    disk.fail(0, Fault::Lost);
    let (told, _) = run(&disk, |worker| {
        worker.commit(CommitId(0), one(1));
        worker.load(ThreadId::new([9; 20]), vec![Key::new(vec![21])]);
        worker.commit(CommitId(1), one(2));
    });
    assert!(matches!(&told[0], StoreEvent::Failed(CommitId(0), StoreError::Disk(_))));
    assert!(matches!(&told[1], StoreEvent::Loaded(_, records) if records.is_empty()));
    assert!(matches!(&told[2], StoreEvent::Failed(CommitId(1), StoreError::Closed(_))));
}

#[test]
fn a_damaged_record_fails_its_read_and_says_so() {
    let disk = MemoryDisk::new();
    disk.open().unwrap().commit(&one(1)).unwrap();
    disk.flip(&Key::new(vec![20, 1]));
    let (told, _) = run(&disk, |worker| {
        worker.commit(CommitId(0), one(2));
        worker.load(ThreadId::new([9; 20]), vec![Key::new(vec![20])]);
    });
    assert!(matches!(&told[1], StoreEvent::LoadFailed(_, StoreError::Damaged(_))));
}

#[test]
fn what_was_given_is_committed_even_after_its_giver_is_gone() {
    let disk = MemoryDisk::new();
    run(&disk, |worker| (0..5).for_each(|n| worker.commit(CommitId(n), one(n.to_le_bytes()[0]))));
    assert_eq!(disk.open().unwrap().scan(&Key::new(vec![20])).unwrap().len(), 5);
}
