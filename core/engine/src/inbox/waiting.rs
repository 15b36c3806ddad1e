//! Envelopes that wait, and for what.
//!
//! A member can send hundreds that wait for ever. So what each waits for is remembered, and it is not
//! opened again before something of that is here; and what waits together has a limit in bytes, since
//! all of it is opened at once when one of them waits for another's word.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Change, ChangeHash};
use tandem_proto::{ItemHash, Seq, ThreadId, limits::MAX_EXCEPT};

use super::Taken;
use crate::{
    Engine, Key,
    batch::{self, Attestation},
    keys::{self, Keyring},
    record::{Kind, WaitingRecord},
    state::{Cast, Loaded, Thread},
    thread::ThreadDoc,
};

/// Bytes of changes that wait in one thread: several school years of it, carried at once.
const MAX_WAITING_BYTES: usize = 16 << 20;

/// What waited when something was tried: how many envelopes had come to wait, and how many links were
/// known.
pub(crate) type WaitingNow = (u64, usize);

/// What an envelope waits for.
#[derive(Debug)]
pub(crate) enum Need {
    /// The roster link of this device.
    Author([u8; 16]),
    /// Somebody's word for these changes, which nothing that waited at that time had.
    Word(Vec<ChangeHash>, WaitingNow),
    /// Changes that its own build on; any of them.
    Changes(Vec<ChangeHash>),
}

/// That an envelope waits.
#[derive(Debug)]
pub(crate) struct Waits {
    pub(crate) need: Need,
    /// What it names of what is not here.
    pub(crate) names: Vec<ChangeHash>,
    /// Bytes of its changes.
    pub(crate) bytes: usize,
}

impl Waits {
    pub(super) fn of(need: Need, names: Vec<ChangeHash>, changes: &[Change]) -> Self {
        Self { need, names, bytes: changes.iter().map(|change| change.raw_bytes().len()).sum() }
    }
}

/// What each waits for.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    by_seq: BTreeMap<Seq, Waits>,
    /// How many came to wait.
    came: u64,
}

/// All that waits, opened.
pub(super) struct Together {
    /// The changes that somebody vouches for.
    pub(super) vouched: BTreeSet<ChangeHash>,
    pub(super) attestations: Vec<Attestation>,
}

impl Together {
    pub(super) fn open<'a>(
        id: &ThreadId,
        ring: &Keyring,
        cast: &Cast,
        items: impl Iterator<Item = &'a [u8]>,
    ) -> Self {
        let device_of = |prefix: &[u8; 16]| cast.device(prefix);
        let (mut changes, mut attestations) = (BTreeMap::new(), Vec::new());
        for item in items {
            let opened = keys::open(ring, id, item).ok();
            let opened =
                opened.and_then(|(kind, plain)| batch::read(id, kind, &plain, &device_of).ok());
            if let Some(opened) = opened {
                changes.extend(opened.changes.into_iter().map(|change| (change.hash(), change)));
                attestations.extend(opened.attestations);
            }
        }
        let places: Vec<batch::Place<'_>> = changes.values().map(batch::Place::from).collect();
        let by = batch::verify_each(id, &mut attestations, &places, &device_of);
        let unvouched = batch::unvouched(&places, &by);
        let vouched = changes.keys().filter(|hash| !unvouched.contains(*hash)).copied().collect();
        Self { vouched, attestations }
    }
}

/// What these name that is neither here nor among them: changes that they build on, or vouch for.
pub(super) fn named(
    changes: &[Change],
    attestations: &[Attestation],
    doc: &ThreadDoc,
) -> Vec<ChangeHash> {
    let own: BTreeSet<ChangeHash> = changes.iter().map(Change::hash).collect();
    let deps = changes.iter().flat_map(|change| change.deps().iter());
    let named = deps.chain(attestations.iter().map(|attestation| &attestation.change));
    let named: BTreeSet<ChangeHash> =
        named.filter(|hash| !own.contains(hash) && !doc.holds(hash)).copied().collect();
    named.into_iter().collect()
}

impl Loaded {
    /// Whether something that waits may have somebody's word for one of these changes: it names it, or
    /// was not opened yet.
    pub(super) fn names_any(&self, changes: &[ChangeHash]) -> bool {
        let names = |waits: &Waits| waits.names.iter().any(|name| changes.contains(name));
        self.waiting.len() > self.needs.by_seq.len() || self.needs.by_seq.values().any(names)
    }
}

impl Thread {
    /// What waits now.
    pub(super) fn waiting_now(&self) -> WaitingNow {
        (self.loaded.as_ref().map_or(0, |loaded| loaded.needs.came), self.links.links.len())
    }

    /// Where what stands that is to be tried again.
    #[cfg(test)]
    pub(super) fn ready_seqs(&mut self) -> Vec<Seq> {
        self.ready().into_iter().map(|(seq, _)| seq).collect()
    }

    /// What waits and may have come to what it waits for.
    pub(super) fn ready(&mut self) -> Vec<(Seq, Vec<u8>)> {
        let (now, cast) = (self.waiting_now(), &self.cast);
        let Some(loaded) = self.loaded.as_mut() else { return Vec::new() };
        let needs = std::mem::take(&mut loaded.needs);
        let unknown = loaded.waiting.len() > needs.by_seq.len();
        let names: BTreeSet<ChangeHash> =
            needs.by_seq.values().flat_map(|waits| waits.names.iter().copied()).collect();
        let may_have =
            |changes: &[ChangeHash]| unknown || changes.iter().any(|change| names.contains(change));
        let Ok(doc) = loaded.doc() else { return Vec::new() };
        let is_met = |need: &Need| match need {
            Need::Author(prefix) => cast.device(prefix).is_some(),
            Need::Word(changes, then) => {
                (*then != now && may_have(changes)) || changes.iter().any(|hash| doc.holds(hash))
            }
            // Without any, it was not looked at.
            Need::Changes(changes) => {
                changes.is_empty() || changes.iter().any(|hash| doc.holds(hash))
            }
        };
        let blocked = needs.by_seq.iter().filter(|(_, waits)| !is_met(&waits.need));
        let blocked: BTreeSet<Seq> = blocked.map(|(seq, _)| *seq).collect();
        loaded.needs = needs;
        let ready = loaded.waiting.iter().filter(|(seq, _)| !blocked.contains(seq));
        ready.map(|(seq, kept)| (*seq, kept.item.clone())).collect()
    }
}

impl Engine {
    /// Keeps an envelope until what it waits for is here. One that is too much is read again when
    /// somebody carries what it brought.
    pub(super) fn keep_waiting(&mut self, id: &ThreadId, seq: Seq, item: &[u8], waits: Waits) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let era = thread.record.era;
        let Some(loaded) = thread.loaded.as_mut() else { return };
        // Also of those that were kept before this process began, and were not opened since.
        let bytes: usize = loaded.waiting.values().map(|kept| kept.bytes).sum();
        if loaded.waiting.len() >= MAX_EXCEPT || bytes + waits.bytes > MAX_WAITING_BYTES {
            return;
        }
        let record = WaitingRecord { era, item: item.to_vec(), bytes: waits.bytes };
        self.out.put(Key::seq(Kind::Waiting, id, seq), &record);
        loaded.waiting.insert(seq, record);
        // It may have the word that another waits for, and itself wait for that one's changes.
        let for_a_word = loaded.needs.by_seq.values().any(|other| match &other.need {
            Need::Word(changes, _) => waits.names.iter().any(|name| changes.contains(name)),
            _ => false,
        });
        loaded.needs.by_seq.insert(seq, waits);
        loaded.needs.came += 1;
        if for_a_word {
            thread.gained = true;
        }
    }

    /// Tries again what waited for others, as long as something gets in.
    pub(crate) fn take_waiting(&mut self, id: &ThreadId) {
        loop {
            let ready = self.threads.get_mut(id).map(Thread::ready).unwrap_or_default();
            let (mut moved, mut together) = (false, None);
            for (seq, item) in ready {
                let hash = ItemHash::of(&item);
                match self.take_envelope(id, seq, &item, &mut together) {
                    Taken::Waits(waits) => {
                        let loaded = self.threads.get_mut(id).and_then(|t| t.loaded.as_mut());
                        if let Some(loaded) = loaded {
                            loaded.needs.by_seq.insert(seq, waits);
                        }
                        continue;
                    }
                    Taken::In(changes) => self.met(id, seq, hash, &changes),
                    Taken::Refused => {}
                }
                moved = true;
                if let Some(loaded) = self.threads.get_mut(id).and_then(|t| t.loaded.as_mut()) {
                    loaded.waiting.remove(&seq);
                    loaded.needs.by_seq.remove(&seq);
                }
                self.out.delete(Key::seq(Kind::Waiting, id, seq));
                self.keep_thread(id);
            }
            if !moved {
                return;
            }
        }
    }
}
