//! What a fold keeps: one record per entry, and one for the thread. Both are stored.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tandem_proto::{DeviceKey, PersonId, Timestamp};

use super::{
    actor::{ActorPrefix, Authors, is_bound},
    clock,
    op::{OpRef, Value},
    schema::{self, Keep},
    step::StepState,
};
use crate::EntryId;

/// One device's word at one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Write {
    pub(super) by: OpRef,
    pub(super) value: Value,
    /// Whether it was said in the change that made the entry.
    pub(super) original: bool,
}

impl Write {
    pub(super) fn prefix(&self) -> ActorPrefix {
        self.by.actor.prefix()
    }

    /// The state that is named here, if this version knows it.
    pub(super) fn state(&self) -> Option<StepState> {
        match &self.value {
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Whether this replaces another word of the same device.
    fn beats(&self, other: &Self, keep: Keep) -> bool {
        match keep {
            Keep::First => self.by < other.by,
            Keep::Newest => self.by > other.by,
            Keep::Furthest => (self.state(), self.by) > (other.state(), other.by),
        }
    }
}

/// The words at one key, one of each device that wrote there, ordered by device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Words(Vec<Write>);

impl Words {
    pub(super) fn take(&mut self, write: Write, keep: Keep) {
        match self.0.binary_search_by_key(&write.prefix(), Write::prefix) {
            Ok(at) if write.beats(&self.0[at], keep) => self.0[at] = write,
            Ok(_) => {}
            Err(at) => self.0.insert(at, write),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Write> {
        self.0.iter()
    }

    /// The newest text by someone who may.
    pub(super) fn newest_text(&self, may: impl Fn(&ActorPrefix) -> bool) -> Option<&str> {
        let newest = self.iter().filter(|write| may(&write.prefix())).max_by_key(|write| write.by);
        match newest.map(|write| &write.value) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// One map that was made under an entry's id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EntryMap {
    /// The newest time that its making depends on.
    pub(super) before: Option<Timestamp>,
    pub(super) words: BTreeMap<String, Words>,
}

/// Everything that was said under one entry's id, by whomever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EntryRecord {
    pub(super) id: EntryId,
    /// By the operation that made them. One, unless two devices used one id.
    pub(super) maps: BTreeMap<OpRef, EntryMap>,
    /// Devices that wrote something else over the entry, or took it out.
    pub(super) strikes: BTreeSet<ActorPrefix>,
    /// When it was first on whose screen, and which device says so.
    pub(super) seen: BTreeMap<(PersonId, ActorPrefix), Timestamp>,
}

impl EntryRecord {
    /// The map that is this entry: of several the one whose maker the id is bound to, then the
    /// first. `None` when there are only marks for an entry that isn't here.
    pub(super) fn map(&self) -> Option<(&OpRef, &EntryMap)> {
        if self.maps.len() == 1 {
            // As nearly always; whom the id is bound to takes a hash to find out.
            return self.maps.first_key_value();
        }
        self.maps.get_key_value(the_entry(&self.id, self.maps.keys())?)
    }

    /// The device that said it; `None` for marks without an entry.
    #[must_use]
    pub(crate) fn device(&self) -> Option<ActorPrefix> {
        self.map().map(|(made, _)| made.actor.prefix())
    }

    /// Whether somebody who is known said it, and it is not shown: they don't take part.
    #[must_use]
    pub(crate) fn is_unheard(&self, who: &dyn Authors) -> bool {
        self.device().is_some_and(|by| who.known(&by).is_some() && who.card(&by).is_none())
    }

    /// Nothing said yet.
    pub(super) const fn new(id: EntryId) -> Self {
        Self { id, maps: BTreeMap::new(), strikes: BTreeSet::new(), seen: BTreeMap::new() }
    }
}

impl EntryMap {
    /// Where the time that was written stands, if one was, and whether it is believed.
    pub(super) fn place(&self, at: Option<&Write>) -> (Timestamp, Place) {
        let Some(Value::Int(at)) = at.map(|write| &write.value) else {
            return (self.before.unwrap_or_default(), Place::Missing);
        };
        match clock::placed(Timestamp(u64::try_from(*at).unwrap_or(0)), self.before) {
            (at, false) => (at, Place::AsWritten),
            (at, true) => (at, Place::PulledBack),
        }
    }
}

impl EntryRecord {
    /// The newest time that was said under this id when one of its maps was made, whoever said it.
    pub(super) fn newest(&self) -> Option<Timestamp> {
        let said = |map: &EntryMap| {
            let at = map.words.get(schema::AT)?;
            at.iter()
                .filter(|write| write.original && matches!(write.value, Value::Int(_)))
                .map(|write| map.place(Some(write)).0)
                .max()
        };
        self.maps.values().filter_map(said).max()
    }
}

/// How an entry came to its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    AsWritten,
    PulledBack,
    Missing,
}

/// Of the maps that were made under an entry's id the one that is the entry.
pub(super) fn the_entry<'a>(
    entry: &EntryId,
    maps: impl Iterator<Item = &'a OpRef>,
) -> Option<&'a OpRef> {
    maps.min_by_key(|made| (!is_bound(entry, &made.actor.prefix()), **made))
}

/// What a thread says about itself beside its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ThreadFacts {
    pub(super) title: Words,
    pub(super) names: BTreeMap<PersonId, Words>,
    /// The maps under `people`.
    pub(super) people: BTreeMap<OpRef, PersonId>,
    /// The maps under `seen`.
    pub(super) seen: BTreeMap<OpRef, PersonId>,
    /// Who says of a person's device that it is theirs.
    #[serde(default)]
    pub(super) verified: BTreeMap<(PersonId, DeviceKey), Words>,
}

impl ThreadFacts {
    /// The title, by the founder's person; empty until it is here.
    #[must_use]
    pub(crate) fn title(&self, who: &dyn Authors) -> &str {
        let founder = who.founder();
        self.title.newest_text(|prefix| is_person(who, prefix, &founder)).unwrap_or_default()
    }

    /// A person's name as they wrote it; empty until it is here. Whoever is in has one, also who
    /// only reads.
    #[must_use]
    pub(crate) fn name(&self, person: &PersonId, who: &dyn Authors) -> &str {
        let own = |prefix: &ActorPrefix| who.known(prefix).is_some_and(|c| c.person == *person);
        let words = self.names.get(person);
        words.and_then(|words| words.newest_text(own)).unwrap_or_default()
    }
}

impl ThreadFacts {
    /// Other people who say that this device is this person's, and since when by their own clocks;
    /// the earliest first. What a person says of themselves counts for nothing.
    #[must_use]
    pub(crate) fn verified_by(
        &self,
        person: &PersonId,
        device: &DeviceKey,
        who: &dyn Authors,
    ) -> Vec<(Timestamp, PersonId)> {
        let words = self.verified.get(&(*person, *device));
        let mut by: Vec<(Timestamp, PersonId)> = words
            .into_iter()
            .flat_map(Words::iter)
            .filter_map(|write| {
                let Value::Int(at) = write.value else { return None };
                let by = who.card(&write.prefix())?.person;
                (by != *person).then(|| (Timestamp(u64::try_from(at).unwrap_or(0)), by))
            })
            .collect();
        by.sort_unstable();
        by
    }
}

/// Whether a device is this person's.
pub(super) fn is_person(who: &dyn Authors, prefix: &ActorPrefix, person: &PersonId) -> bool {
    who.card(prefix).is_some_and(|card| card.person == *person)
}
