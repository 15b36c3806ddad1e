//! Homes with a history: written by the engine itself, without waiting for a disk between two
//! entries, and then put on the disk as any store is.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tandem_client::{FileVault, PhoneStore, SealedStore, Store, StoreError};
use tandem_engine::{
    Answer, Batch, Effect, Engine, Fields, Input, Intent, Key, Profile, Ticket, Trouble, Write,
};
use tandem_proto::{RelayLink, Role, ThreadId, Timestamp};

use super::words;
use crate::{
    error::Failure,
    home::{self, Place, unexpected},
};

/// Bytes put on the disk at once.
const PIECE: usize = 2 << 20;

/// Between two entries, as the writer's clock has it.
const STEP_MS: u64 = 60_000;

/// Makes a home with so many threads of so many entries each, all written here and none sent.
pub(super) fn write(
    folder: &Path,
    relay: &RelayLink,
    threads: usize,
    entries: usize,
) -> Result<Vec<ThreadId>, Failure> {
    let profile =
        Profile { name: "Ms Rivera".to_owned(), role: Role::Teacher, relay: relay.clone() };
    home::create(&Place::at(folder), &profile)?;
    let store = opened(folder).map_err(failed)?;
    let first: BTreeMap<Key, Vec<u8>> =
        store.scan(&Key::new(Vec::new())).map_err(failed)?.into_iter().collect();
    let mut desk = Desk::open(first.clone(), (threads * (entries + 1)) as u64)?;
    let mut ids = Vec::with_capacity(threads);
    for n in 0..threads {
        match desk.perform(Intent::FoundThread { title: format!("Child {n}") })? {
            Answer::Founded(id) => ids.push(id),
            other => return Err(unexpected(&other)),
        }
    }
    // Thread by thread: few documents are in memory at once, and each is read once.
    for (n, id) in ids.iter().enumerate() {
        for entry in 0..entries {
            desk.perform(message(*id, (n * entries + entry) as u64))?;
        }
    }
    eprintln!("  a home of {threads} threads with {entries} entries each is written");
    keep(&store, &first, desk.records)?;
    Ok(ids)
}

/// The intent of one message of 200 characters.
pub(super) fn message(thread: ThreadId, number: u64) -> Intent {
    let fields = Fields::from([("text".to_owned(), words::message(number))]);
    Intent::Post { thread, kind: "message".to_owned(), fields, answers: None }
}

/// An engine whose commits are durable at once.
struct Desk {
    engine: Engine,
    now: Timestamp,
    records: BTreeMap<Key, Vec<u8>>,
}

impl Desk {
    fn open(records: BTreeMap<Key, Vec<u8>>, steps: u64) -> Result<Self, Failure> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let today = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let now = Timestamp(today.saturating_sub(steps.saturating_mul(STEP_MS)));
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(failed)?;
        let resident = records.iter().filter(|(key, _)| key.is_resident());
        let resident = resident.map(|(key, value)| (key.clone(), value.clone())).collect();
        let engine = Engine::open(now, seed, resident).map_err(failed)?;
        Ok(Self { engine, now, records })
    }

    fn perform(&mut self, intent: Intent) -> Result<Answer, Failure> {
        self.now = self.now.plus_ms(STEP_MS);
        self.engine.handle(self.now, Input::Intent(Ticket(1), intent));
        let mut answered = None;
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Persist(id, batch) => {
                    for write in batch.writes() {
                        match write {
                            Write::Put(key, value) => {
                                self.records.insert(key.clone(), value.clone());
                            }
                            Write::Delete(key) => drop(self.records.remove(key)),
                        }
                    }
                    self.engine.handle(self.now, Input::Persisted(id));
                }
                Effect::Load(thread, prefixes) => {
                    let found = prefixes.iter().flat_map(|prefix| self.scan(prefix)).collect();
                    self.engine.handle(self.now, Input::Loaded(thread, found));
                }
                Effect::Answer(_, answer) => answered = Some(answer),
                _ => {}
            }
        }
        let silent = || Err(Trouble::NotKept("the engine did not answer".to_owned()));
        answered.unwrap_or_else(silent).map_err(Failure::Trouble)
    }

    fn scan(&self, prefix: &Key) -> Vec<(Key, Vec<u8>)> {
        let from = prefix.as_bytes();
        self.records
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.as_bytes().starts_with(from))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

fn keep(
    store: &SealedStore<PhoneStore>,
    first: &BTreeMap<Key, Vec<u8>>,
    records: BTreeMap<Key, Vec<u8>>,
) -> Result<(), Failure> {
    let (mut batch, mut bytes) = (Batch::new(), 0);
    for key in first.keys().filter(|key| !records.contains_key(key)) {
        batch.push(Write::Delete(key.clone()));
    }
    for (key, value) in records {
        bytes += value.len();
        batch.push(Write::Put(key, value));
        if bytes > PIECE {
            store.commit(&batch).map_err(failed)?;
            (batch, bytes) = (Batch::new(), 0);
        }
    }
    store.commit(&batch).map_err(failed)
}

/// Opens the store of a home that was made just now: sled lets go of its lock a moment after it is
/// closed.
fn opened(home: &Path) -> Result<SealedStore<PhoneStore>, StoreError> {
    let store = home.join("store");
    let busy = || match PhoneStore::open(&store) {
        Err(StoreError::Busy) => None,
        done => Some(done),
    };
    let mut tries = (0..100).map(|_| {
        busy().or_else(|| {
            std::thread::sleep(Duration::from_millis(20));
            None
        })
    });
    let store = tries.find_map(|tried| tried).unwrap_or(Err(StoreError::Busy))?;
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| StoreError::Disk(error.to_string()))?;
    SealedStore::open(store, &FileVault::in_home(home), seed)
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::Client(format!("a home of the benchmark could not be written: {error}"))
}
