//! What a member could send that no engine of ours sends: for proofs.
//!
//! A member's device has real keys, a real seat and the real document, so what it makes passes the
//! relay and opens for the others. Nothing here is sent: the engine hands out the items, and goes on as
//! if they had never been made.

mod links;

use automerge::{Change, ChangeHash};
use tandem_proto::{DeviceKey, EnvelopeKind, Hasher, SecretKey, ThreadId, Timestamp};

use crate::{
    Engine, EntryId, Fields,
    batch::{self, Attestation},
    engine::random,
    keys,
    thread::{Edit, ThreadDoc, entry_id, read_change},
};

pub use links::FalseLink;

/// Operations of one change of [`Forgery::TooMany`]: as many as pass one by one.
const OPERATIONS: u32 = 8_000;

/// Words that no honest device makes; texts are those of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forgery {
    /// An entry of another device, signed by this one, in every way in which it could be said.
    InTheNameOf(DeviceKey, String),
    /// Another device's newest words, altered, with what that device signed for the true ones.
    Altered(DeviceKey, String),
    /// Two entries under one number, each signed: two items.
    Twice([String; 2]),
    /// Two entries, and a third that says it follows the first and names the second: three items.
    OutOfOrder([String; 3]),
    /// An entry of this device that builds on nothing and says that it was made then.
    LongAgo(Timestamp, String),
    /// So many entries, each of so many bytes, that build on what nobody has.
    OnNothing(u32, usize),
    /// So many carried entries that nobody vouches for.
    Unvouched(u32),
    /// A few kilobytes that come to more than may be.
    Inflates,
    /// More operations than may be, each change within its limits.
    TooMany,
    /// All that this device has of another thread, with what its authors signed there.
    OfAnotherThread(ThreadId),
}

/// A device that makes them, over a copy of its document.
struct Forger<'a> {
    id: &'a ThreadId,
    key: &'a SecretKey,
    device: DeviceKey,
    now: Timestamp,
    doc: ThreadDoc,
    drawn: u32,
    seed: [u8; 32],
}

type Plain = (EnvelopeKind, Vec<u8>);

impl Engine {
    /// Makes a forgery: items for the log, sealed under the present epoch. None where this device has
    /// no seat, or has not read the thread.
    pub fn forge(&mut self, id: &ThreadId, forgery: &Forgery) -> Vec<Vec<u8>> {
        let seed = random(&mut self.rng);
        let there = match forgery {
            Forgery::OfAnotherThread(other) => self.vouched(other),
            _ => None,
        };
        let (me, now) = (&self.me, self.now);
        let Some(thread) = self.threads.get_mut(id) else { return Vec::new() };
        let Some(epoch) = thread.epoch_key().cloned() else { return Vec::new() };
        let Some(loaded) = thread.loaded.as_mut() else { return Vec::new() };
        let attestations: Vec<Attestation> = loaded.attestations.values().cloned().collect();
        let Ok(doc) = loaded.doc() else { return Vec::new() };
        let (doc, key, device) = (doc.clone(), &me.identity, me.device);
        let mut forger = Forger { id, key, device, now, doc, drawn: 0, seed };
        let plains = match there {
            Some((changes, signed)) => carried(&signed, &changes).into_iter().collect(),
            None => forger.forge(forgery, &attestations),
        };
        let sealed = plains.iter().map(|(kind, plain)| keys::seal(&epoch, id, *kind, plain).ok());
        sealed.flatten().collect()
    }

    /// What was said in a thread, and what its authors signed of it.
    fn vouched(&mut self, id: &ThreadId) -> Option<(Vec<Change>, Vec<Attestation>)> {
        let loaded = self.threads.get_mut(id)?.loaded.as_mut()?;
        let signed = loaded.attestations.values().cloned().collect();
        Some((loaded.doc().ok()?.changes(), signed))
    }

    /// Whether what a device signed of its words in one thread would vouch for them in another as well;
    /// `None` where nothing of it is here.
    pub fn vouches_elsewhere(
        &mut self,
        there: &ThreadId,
        device: &DeviceKey,
        here: &ThreadId,
    ) -> Option<bool> {
        let (changes, signed) = self.vouched(there)?;
        let word = signed.iter().find(|signed| signed.device == *device)?;
        let change = changes.iter().find(|change| change.hash() == word.change)?;
        word.verify(there, change).ok()?;
        Some(word.verify(here, change).is_ok())
    }
}

impl Forger<'_> {
    fn forge(&mut self, forgery: &Forgery, attestations: &[Attestation]) -> Vec<Plain> {
        match forgery {
            Forgery::InTheNameOf(other, text) => self.in_the_name_of(*other, text),
            Forgery::Altered(other, text) => self.altered(*other, text, attestations),
            Forgery::Twice(texts) => {
                let (life, doc) = (self.draw(), self.doc.clone());
                let twice = texts.iter().map(|text| {
                    self.doc = doc.clone();
                    self.say(self.device, life, self.now, text)
                });
                let twice: Vec<Change> = twice.collect();
                twice.into_iter().filter_map(|change| self.own(&[change])).collect()
            }
            Forgery::OutOfOrder(texts) => self.out_of_order(texts),
            Forgery::LongAgo(at, text) => {
                self.doc = ThreadDoc::begin();
                let life = self.draw();
                let change = self.say(self.device, life, *at, text);
                self.own(&[change]).into_iter().collect()
            }
            Forgery::OnNothing(count, bytes) => (0..*count)
                .filter_map(|_| {
                    let (life, text) = (self.draw(), self.noise(*bytes));
                    self.doc = ThreadDoc::begin();
                    self.say(self.device, life, self.now, "what nobody is shown");
                    let change = self.say(self.device, life, self.now, &text);
                    self.own(&[change])
                })
                .collect(),
            Forgery::Unvouched(count) => (0..*count)
                .filter_map(|_| {
                    let life = self.draw();
                    self.doc = ThreadDoc::begin();
                    let change = self.say(self.device, life, self.now, "nobody says so");
                    carried(&[], &[change])
                })
                .collect(),
            // The second is within the limit, and is a million changes of nothing.
            Forgery::Inflates => [50 << 20, 4 << 20]
                .map(|bytes| (EnvelopeKind::Batch, batch::inflating(bytes)))
                .into(),
            // Made before, of what is there.
            Forgery::OfAnotherThread(_) => Vec::new(),
            Forgery::TooMany => {
                let changes: Vec<Change> = (0..9).map(|n| self.marks(n)).collect();
                self.own(&changes).into_iter().collect()
            }
        }
    }

    fn in_the_name_of(&mut self, other: DeviceKey, text: &str) -> Vec<Plain> {
        let life = self.draw();
        let change = self.say(other, life, self.now, text);
        let by_us =
            Attestation::sign(self.key, self.id, change.actor_id(), change.seq(), change.hash());
        let as_theirs = Attestation { device: other, ..by_us.clone() };
        let mut out: Vec<Plain> = self.own(std::slice::from_ref(&change)).into_iter().collect();
        // The last one waits for a word of its author that never comes.
        for vouching in [&[by_us][..], &[as_theirs], &[]] {
            out.extend(carried(vouching, std::slice::from_ref(&change)));
        }
        out
    }

    fn altered(
        &mut self,
        other: DeviceKey,
        text: &str,
        attestations: &[Attestation],
    ) -> Vec<Plain> {
        let prefix = batch::actor_prefix(self.id, &other);
        let is_theirs = |c: &Change| batch::prefix_of(c.actor_id().to_bytes()) == Some(prefix);
        let Some(newest) = self.doc.changes().into_iter().rfind(is_theirs) else {
            return Vec::new();
        };
        let signed = attestations.iter().find(|signed| signed.change == newest.hash()).cloned();
        let rest = self.doc.without(&[newest.hash()].into());
        let (Some(signed), Ok(rest)) = (signed, rest) else { return Vec::new() };
        self.doc = rest;
        let life = newest.actor_id().to_bytes().last_chunk().copied().unwrap_or_default();
        let change = self.say(other, life, self.now, text);
        let moved = Attestation { change: change.hash(), ..signed.clone() };
        let changes = [change];
        let own = batch::signed_as(&signed.signature, &changes);
        let mut out: Vec<Plain> =
            own.map(|plain| (EnvelopeKind::Batch, plain)).into_iter().collect();
        for vouching in [signed, moved] {
            out.extend(carried(&[vouching], &changes));
        }
        out
    }

    fn out_of_order(&mut self, [first, beside, third]: &[String; 3]) -> Vec<Plain> {
        let (life, other, doc) = (self.draw(), self.draw(), self.doc.clone());
        let one = self.say(self.device, life, self.now, first);
        let mut after = self.doc.clone();
        self.doc = doc;
        let two = self.say(self.device, other, self.now, beside);
        std::mem::swap(&mut self.doc, &mut after);
        let three = self.say(self.device, life, self.now, third);
        let three = on_another(&three, &one.hash(), &two.hash());
        [Some(one), Some(two), three].into_iter().flatten().filter_map(|c| self.own(&[c])).collect()
    }

    /// A change that marks thousands of entries as seen, of ids that compress well.
    fn marks(&mut self, n: u32) -> Change {
        let ids = (0..OPERATIONS).map(|at| {
            let mut id = [0; 10];
            id[6..].copy_from_slice(&(n * OPERATIONS + at).to_be_bytes());
            EntryId::new(id)
        });
        let (person, at) = (tandem_proto::PersonId::new([7; 16]), self.now);
        let edit = Edit::Seen { person, entries: ids.collect(), at };
        let actor =
            batch::actor_id(self.id, &self.device, self.seed[..4].try_into().expect("4 of 32"));
        self.doc.edit(actor, self.now, &[edit]).expect("a change within its limits")
    }

    /// Says something as a device, in a life of it.
    fn say(&mut self, device: DeviceKey, life: [u8; 4], at: Timestamp, text: &str) -> Change {
        let [a, b, c, d] = self.draw();
        let entry = entry_id(&batch::actor_prefix(self.id, &device), [a, b, c, d, 0, 0]);
        let fields = Fields::from([("text".to_owned(), text.to_owned())]);
        let post = Edit::Post { entry, kind: "message".to_owned(), at, answers: None, fields };
        let actor = batch::actor_id(self.id, &device, life);
        self.doc.edit(actor, at, &[post]).expect("an entry of a few fields is a change")
    }

    /// An own batch of this device.
    fn own(&self, changes: &[Change]) -> Option<Plain> {
        Some((EnvelopeKind::Batch, batch::handmade(self.id, self.key, changes)?))
    }

    fn draw(&mut self) -> [u8; 4] {
        self.drawn += 1;
        let drawn = Hasher::new("tandem/forge/1").part(&self.seed).part(&self.drawn.to_le_bytes());
        drawn.finish()[..4].try_into().expect("4 of 32")
    }

    /// Text that does not compress.
    fn noise(&mut self, bytes: usize) -> String {
        let mut text = String::new();
        while text.len() < bytes {
            text.extend(self.draw().iter().map(|byte| char::from(b'!' + byte % 90)));
        }
        text
    }
}

fn carried(vouching: &[Attestation], changes: &[Change]) -> Option<Plain> {
    Some((EnvelopeKind::Carried, batch::carry(vouching, changes).ok()?))
}

/// The same change with another dependency in the place of one.
fn on_another(change: &Change, one: &ChangeHash, other: &ChangeHash) -> Option<Change> {
    use sha2::{Digest as _, Sha256};

    // Magic and checksum stand before what is hashed.
    let mut bytes = change.raw_bytes().to_vec();
    let at = bytes.windows(32).position(|window| window == one.0)?;
    bytes[at..at + 32].copy_from_slice(&other.0);
    let hash = Sha256::digest(&bytes[8..]);
    bytes[4..8].copy_from_slice(&hash[..4]);
    read_change(&bytes).ok()
}
