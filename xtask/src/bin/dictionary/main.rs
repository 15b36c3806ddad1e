//! `cargo xtask dictionary`: trains the dictionary that batches are compressed with.
//!
//! The dictionary belongs to the protocol version: once a version is released its file stays as it
//! is, and another training makes the next version. It is trained on changes like ours, made here
//! by Automerge itself from made-up messages, concerns and steps in English and Spanish; no word in
//! them was ever said by anybody. The same sources give the same file.

use std::{error::Error, fs, path::Path};

use automerge::{
    ActorId, AutoCommit, ObjId, ObjType, ROOT, ScalarValue,
    transaction::{CommitOptions, Transactable},
};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

#[allow(dead_code, unreachable_pub, reason = "shared with the engine, which uses all of it")]
#[path = "../../../../core/engine/src/batch/leb.rs"]
mod leb;

#[allow(dead_code, unreachable_pub, reason = "shared with the engine, which uses all of it")]
#[path = "../../../../core/engine/src/batch/lean.rs"]
mod lean;

mod words;

/// Where the engine includes it from, below the workspace.
const FILE: &str = "core/engine/dict/v1.dict";

/// Bytes of the dictionary: half of deflate's window, so that a batch has the other half.
const SIZE: usize = 16 << 10;

/// Made-up threads, and entries in each.
const THREADS: usize = 160;
const ENTRIES: usize = 24;

/// Where the made-up threads begin in time: the first school day of a year.
const BEGIN_MS: i64 = 1_756_710_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut samples = Vec::new();
    for thread in 0..THREADS {
        samples.extend(Thread::begin(thread as u64)?.samples()?);
    }
    let trained = zstd::dict::from_samples(&samples, SIZE)?;
    let words = &trained[content(&trained)..];
    fs::write(root.join(FILE), words)?;
    println!("{FILE}: {} bytes from {} changes", words.len(), samples.len());
    Ok(())
}

/// Where the content of a zstd dictionary begins, after magic, id and entropy tables. Those are
/// noise to deflate; the last content is the most useful, so it stays at the end.
fn content(trained: &[u8]) -> usize {
    // The tables end with three repeat offsets, 1, 4 and 8, as the trainer writes them.
    const OFFSETS: [u8; 12] = [1, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0];
    let at = trained.windows(OFFSETS.len()).take(1024).position(|bytes| bytes == OFFSETS);
    at.map_or(0, |at| at + OFFSETS.len())
}

/// One made-up thread.
struct Thread {
    doc: AutoCommit,
    rng: ChaCha8Rng,
    devices: Vec<ActorId>,
    people: Vec<String>,
    steps: Vec<ObjId>,
    said: Vec<String>,
    now: i64,
    spanish: bool,
}

impl Thread {
    fn begin(seed: u64) -> Result<Self, Box<dyn Error>> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut doc = AutoCommit::new().with_actor(ActorId::from(&lean::NOBODY[..]));
        for map in ["people", "entries", "seen"] {
            doc.put_object(ROOT, map, ObjType::Map)?;
        }
        doc.commit_with(CommitOptions::default().with_time(0));
        let devices = (0..3).map(|_| ActorId::from(&bytes::<20>(&mut rng)[..])).collect();
        let people = (0..3).map(|_| base32(&bytes::<16>(&mut rng))).collect();
        let now = BEGIN_MS + i64::from(rng.next_u32());
        let spanish = rng.next_u32().is_multiple_of(2);
        Ok(Self { doc, rng, devices, people, steps: vec![], said: vec![], now, spanish })
    }

    /// The lean text of every change of this thread, alone and the last few also as runs.
    fn samples(mut self) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
        self.introduce()?;
        for _ in 0..ENTRIES {
            self.now += i64::from(self.rng.next_u32() % 40_000_000) + 7_000;
            let device = self.below(self.devices.len());
            self.doc.set_actor(self.devices[device].clone());
            match self.rng.next_u32() % 20 {
                0..=10 => drop(self.post("message", &["text"])?),
                11..=13 => drop(self.post("concern", &["what", "way_forward"])?),
                14..=15 => self.step()?,
                16 if !self.steps.is_empty() => self.take_step()?,
                _ => self.see(device)?,
            }
            let options = CommitOptions::default().with_time(self.now / 1000);
            self.doc.commit_with(options);
        }
        let changes = self.doc.get_changes(&[]);
        let text = |run: &[automerge::Change]| {
            lean::lean(run.iter().map(|change| (change.raw_bytes(), change.hash().0)))
                .map(|lean| lean.text)
                .ok_or("a change that can't be made lean")
        };
        let alone = changes[1..].chunks(1).map(text);
        let runs = changes[1..].chunks(6).map(text);
        Ok(alone.chain(runs).collect::<Result<_, _>>()?)
    }

    fn introduce(&mut self) -> Result<(), Box<dyn Error>> {
        let people = self.map("people")?;
        for at in 0..self.people.len() {
            self.doc.set_actor(self.devices[at].clone());
            let map = self.doc.put_object(&people, &self.people[at], ObjType::Map)?;
            let name = words::name(&mut self.rng);
            self.doc.put(&map, "name", name)?;
            if at == 0 {
                self.doc.put(ROOT, "title", words::title(&mut self.rng))?;
            }
            self.doc.commit_with(CommitOptions::default().with_time(self.now / 1000));
        }
        Ok(())
    }

    /// A new entry of that kind with words in these fields.
    fn post(&mut self, kind: &str, fields: &[&str]) -> Result<ObjId, Box<dyn Error>> {
        let entries = self.map("entries")?;
        let id = base32(&bytes::<10>(&mut self.rng));
        let map = self.doc.put_object(&entries, &id, ObjType::Map)?;
        self.doc.put(&map, "k", kind)?;
        self.doc.put(&map, "at", ScalarValue::Int(self.now))?;
        if !self.said.is_empty() && self.rng.next_u32().is_multiple_of(3) {
            let answered = self.below(self.said.len());
            self.doc.put(&map, "re", self.said[answered].as_str())?;
        }
        for field in fields {
            let text = words::field(&mut self.rng, self.spanish, kind, field);
            self.doc.put(&map, format!("f.{field}"), text)?;
        }
        self.said.push(id);
        Ok(map)
    }

    fn step(&mut self) -> Result<(), Box<dyn Error>> {
        // Fields stand in the order of their names, as the engine writes them.
        let due = self.rng.next_u32().is_multiple_of(2);
        let map =
            self.post("step", if due { &["due", "owner", "text"] } else { &["owner", "text"] })?;
        self.doc.put(&map, "state", "open")?;
        self.steps.push(map);
        Ok(())
    }

    fn take_step(&mut self) -> Result<(), Box<dyn Error>> {
        let state = ["doing", "done", "done", "dropped"][self.below(4)];
        let step = self.below(self.steps.len());
        self.doc.put(&self.steps[step], "state", state)?;
        Ok(())
    }

    fn see(&mut self, person: usize) -> Result<(), Box<dyn Error>> {
        let seen = self.map("seen")?;
        let map = match automerge::ReadDoc::get(&self.doc, &seen, &self.people[person])? {
            Some((_, map)) => map,
            None => self.doc.put_object(&seen, &self.people[person], ObjType::Map)?,
        };
        let newest = self.said.len().saturating_sub(3);
        for id in self.said.clone().iter().skip(newest) {
            self.doc.put(&map, id, ScalarValue::Int(self.now))?;
        }
        Ok(())
    }

    fn map(&self, key: &str) -> Result<ObjId, Box<dyn Error>> {
        let found = automerge::ReadDoc::get(&self.doc, ROOT, key)?;
        found.map(|(_, map)| map).ok_or_else(|| "the first change makes the maps".into())
    }

    fn below(&mut self, end: usize) -> usize {
        words::below(&mut self.rng, end)
    }
}

fn bytes<const N: usize>(rng: &mut ChaCha8Rng) -> [u8; N] {
    let mut out = [0; N];
    rng.fill_bytes(&mut out);
    out
}

fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    (0..(bytes.len() * 8).div_ceil(5))
        .map(|group| (0..5).fold(0, |five, at| five << 1 | usize::from(bit(group * 5 + at))))
        .map(|five| char::from(ALPHABET[five]))
        .collect()
}
