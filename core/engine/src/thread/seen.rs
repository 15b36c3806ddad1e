//! Who has had an entry on the screen.

use std::collections::BTreeMap;

use tandem_proto::{PersonId, Timestamp};

use super::{
    actor::Authors,
    fold::Fold,
    record::{EntryRecord, is_person},
};
use crate::EntryId;

impl EntryRecord {
    /// People who had it on the screen, the author's person left out, and when first by their own
    /// clock. A mark counts only by that person's own devices.
    #[must_use]
    pub(crate) fn seen_by(&self, who: &dyn Authors) -> Vec<(PersonId, Timestamp)> {
        let author = self.author(who);
        let mut seen: BTreeMap<PersonId, Timestamp> = BTreeMap::new();
        for ((person, prefix), at) in &self.seen {
            if Some(*person) != author && is_person(who, prefix, person) {
                let first = seen.entry(*person).or_insert(*at);
                *first = (*at).min(*first);
            }
        }
        seen.into_iter().collect()
    }

    fn author(&self, who: &dyn Authors) -> Option<PersonId> {
        self.map().and_then(|(made, _)| who.card(&made.actor.prefix())).map(|card| card.person)
    }
}

/// Others' entries that this person has not had on the screen.
#[must_use]
pub(crate) fn unseen(fold: &Fold, who: &dyn Authors, me: PersonId) -> Vec<EntryId> {
    unseen_entries(fold, who, me).copied().collect()
}

/// How many there are of them.
#[must_use]
pub(crate) fn count_unseen(fold: &Fold, who: &dyn Authors, me: PersonId) -> u32 {
    u32::try_from(unseen_entries(fold, who, me).count()).unwrap_or(u32::MAX)
}

fn unseen_entries<'a>(
    fold: &'a Fold,
    who: &'a dyn Authors,
    me: PersonId,
) -> impl Iterator<Item = &'a EntryId> {
    let is_unseen = move |record: &EntryRecord| {
        record.author(who).is_some_and(|author| author != me)
            && !record
                .seen
                .keys()
                .any(|(person, prefix)| *person == me && is_person(who, prefix, &me))
    };
    fold.entries().filter(move |(_, record)| is_unseen(record)).map(|(id, _)| id)
}
