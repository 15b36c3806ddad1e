//! Who is who in a thread, and how far their words count.

use std::collections::BTreeMap;

use automerge::Change;
use tandem_proto::{
    Card, DeviceKey, Hash16, Hasher, PersonId, Roster,
    planted::{Fault, is},
};

use crate::{
    batch::actor_prefix,
    thread::{ActorPrefix, Authors, Fold, ThreadDoc},
};

/// Who is who, as far as the roster ever said.
#[derive(Debug, Clone)]
pub(crate) struct Cast {
    cards: BTreeMap<ActorPrefix, Card>,
    founder: PersonId,
    /// The last operation that counts of each incarnation of a device that was taken out.
    last_words: BTreeMap<ActorPrefix, BTreeMap<[u8; 4], u64>>,
}

impl Cast {
    pub(crate) fn of(roster: &Roster) -> Self {
        let thread = roster.thread();
        let cards = roster
            .cards_ever()
            .map(|card| (actor_prefix(&thread, &card.device), card.clone()))
            .collect();
        let last_words = roster
            .cards_ever()
            .filter_map(|card| Some((&card.device, roster.last_words(&card.device)?)))
            .map(|(device, words)| (actor_prefix(&thread, device), words))
            .collect();
        Self { cards, founder: roster.founder(), last_words }
    }

    /// Whether a change was made by a device that was out by then, as far as whoever took it out knew:
    /// the document has it, and nobody is shown it.
    pub(crate) fn is_too_late(&self, change: &Change) -> bool {
        let actor = change.actor_id().to_bytes();
        let Some((prefix, incarnation)) = actor.split_first_chunk::<16>() else { return false };
        let Some(last) = self.last_words.get(prefix) else { return false };
        let incarnation = <[u8; 4]>::try_from(incarnation).unwrap_or_default();
        let known = last.get(&incarnation).copied().unwrap_or(0);
        change.start_op().get() > known && !is(Fault::ShowAfterRemoval)
    }

    /// What the changes of a document say, as far as they count.
    pub(crate) fn fold(&self, doc: &mut ThreadDoc) -> Fold {
        let mut fold = Fold::default();
        for change in doc.changes().iter().filter(|change| !self.is_too_late(change)) {
            let before = doc.newest_before(change);
            fold.take(change, before);
        }
        fold
    }

    /// A hash of how far words count; none while nobody was taken out.
    pub(crate) fn last_words(&self) -> Option<Hash16> {
        if self.last_words.is_empty() {
            return None;
        }
        let mut hasher = Hasher::new("tandem/last-words/1");
        for (device, words) in &self.last_words {
            hasher = hasher.part(device);
            for (incarnation, last) in words {
                hasher = hasher.part(incarnation).part(&last.to_be_bytes());
            }
        }
        let hash = hasher.finish();
        Some(Hash16::new(std::array::from_fn(|n| hash[n])))
    }

    pub(crate) fn device(&self, prefix: &ActorPrefix) -> Option<DeviceKey> {
        self.cards.get(prefix).map(|card| card.device)
    }
}

impl Authors for Cast {
    fn known(&self, prefix: &ActorPrefix) -> Option<Card> {
        self.cards.get(prefix).cloned()
    }

    fn founder(&self) -> PersonId {
        self.founder
    }
}
