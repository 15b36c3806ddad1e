//! The fold: changes in, records out.

use std::collections::{BTreeMap, BTreeSet};

use automerge::Change;
use tandem_proto::{PersonId, Timestamp};

use super::{
    clock,
    op::{self, Act, Op, OpRef, Value},
    record::{EntryMap, EntryRecord, ThreadFacts, Write},
    schema,
};
use crate::EntryId;

/// What a change touched, and is to be stored again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// These entries' records.
    pub(crate) entries: BTreeSet<EntryId>,
    /// Those among them that were not here before, other than as marks.
    pub(crate) begun: BTreeSet<EntryId>,
    /// The thread's facts.
    pub(crate) thread: bool,
}

/// What a map is for.
enum Meaning {
    People,
    Entries,
    Seen,
    Person(PersonId),
    SeenOf(PersonId),
    Entry(EntryId),
}

/// What the changes of a thread say, each writer's words kept apart. Depends only on which changes
/// were taken; taking one again changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fold {
    facts: ThreadFacts,
    entries: BTreeMap<EntryId, EntryRecord>,
    /// The maps under `entries`.
    maps: BTreeMap<OpRef, EntryId>,
    /// The newest time at which an entry stands.
    newest: Timestamp,
}

impl Fold {
    /// A fold from its stored records.
    #[must_use]
    pub(crate) fn from_parts(
        facts: ThreadFacts,
        entries: impl IntoIterator<Item = (EntryId, EntryRecord)>,
    ) -> Self {
        let entries: BTreeMap<_, _> = entries.into_iter().collect();
        let maps = entries
            .iter()
            .flat_map(|(id, record)| record.maps.keys().map(|made| (*made, *id)))
            .collect();
        let newest = entries.values().filter_map(EntryRecord::newest).max().unwrap_or_default();
        Self { facts, entries, maps, newest }
    }

    /// What the thread says about itself.
    #[must_use]
    pub(crate) const fn facts(&self) -> &ThreadFacts {
        &self.facts
    }

    /// One entry's record.
    #[must_use]
    pub(crate) fn entry(&self, entry: &EntryId) -> Option<&EntryRecord> {
        self.entries.get(entry)
    }

    /// All records. Some are only marks for entries that are not here yet.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&EntryId, &EntryRecord)> {
        self.entries.iter()
    }

    /// The newest time at which an entry stands, for [`super::clock`].
    #[must_use]
    pub(crate) const fn newest(&self) -> Timestamp {
        self.newest
    }

    fn record(&mut self, entry: EntryId) -> &mut EntryRecord {
        self.entries.entry(entry).or_insert_with(|| EntryRecord::new(entry))
    }

    /// Takes a change after those it depends on. `before` is what
    /// [`super::ThreadDoc::newest_before`] says of it.
    pub(crate) fn take(&mut self, change: &Change, before: Option<Timestamp>) -> Touched {
        let mut touched = Touched::default();
        // What can't be decoded has not passed the document's gate and says nothing here either.
        let first = change.start_op().get();
        for op in op::read(change).unwrap_or_default() {
            self.take_op(op, first, before, &mut touched);
        }
        touched
    }

    fn take_op(&mut self, op: Op, first: u64, before: Option<Timestamp>, touched: &mut Touched) {
        let Op { id, object, key, act } = op;
        let Some(object) = object else {
            if let (schema::TITLE, Act::Write(value)) = (key.as_str(), act) {
                self.facts.title.take(word(id, value), schema::Keep::Newest);
                touched.thread = true;
            }
            return;
        };
        match (self.meaning(&object), act) {
            (Some(Meaning::People), Act::MakeMap) => {
                touched.thread |= insert(&mut self.facts.people, id, &key);
            }
            (Some(Meaning::Seen), Act::MakeMap) => {
                touched.thread |= insert(&mut self.facts.seen, id, &key);
            }
            (Some(Meaning::Person(person)), Act::Write(value)) if key == schema::NAME => {
                let words = self.facts.names.entry(person).or_default();
                words.take(word(id, value), schema::Keep::Newest);
                touched.thread = true;
            }
            (Some(Meaning::Person(person)), Act::Write(value)) => {
                let Some(device) = schema::verified_device(&key) else { return };
                let words = self.facts.verified.entry((person, device)).or_default();
                words.take(word(id, value), schema::Keep::Newest);
                touched.thread = true;
            }
            (Some(Meaning::Entries), act) => {
                let Ok(entry) = key.parse::<EntryId>() else { return };
                let record = self.record(entry);
                if matches!(act, Act::MakeMap) {
                    if record.maps.is_empty() {
                        touched.begun.insert(entry);
                    }
                    record.maps.entry(id).or_insert(EntryMap { before, ..EntryMap::default() });
                    self.maps.insert(id, entry);
                } else {
                    record.strikes.insert(id.actor.prefix());
                }
                touched.entries.insert(entry);
            }
            (Some(Meaning::SeenOf(person)), Act::Write(Value::Int(at))) => {
                let Ok(entry) = key.parse::<EntryId>() else { return };
                let at = Timestamp(u64::try_from(at).unwrap_or(0));
                let marks = &mut self.record(entry).seen;
                let mark = marks.entry((person, id.actor.prefix())).or_insert(at);
                *mark = at.min(*mark);
                touched.entries.insert(entry);
            }
            (Some(Meaning::Entry(entry)), act) => {
                let value = match act {
                    Act::Write(value) => value,
                    Act::MakeMap => Value::Other,
                };
                // Of one change: by the same actor, and numbered from the change's first.
                let original = object.actor == id.actor && object.counter >= first;
                if let (true, schema::AT, Value::Int(at)) = (original, key.as_str(), &value) {
                    let at = Timestamp(u64::try_from(*at).unwrap_or(0));
                    let (at, _) = clock::placed(at, before);
                    self.newest = self.newest.max(at);
                }
                let record = self.record(entry);
                let words = record.maps.entry(object).or_default().words.entry(key);
                let keep = schema::keep(words.key());
                words.or_default().take(Write { by: id, value, original }, keep);
                touched.entries.insert(entry);
            }
            // A newer version's, or nobody's: the document keeps it.
            _ => {}
        }
    }

    fn meaning(&self, map: &OpRef) -> Option<Meaning> {
        match *map {
            schema::PEOPLE_MAP => Some(Meaning::People),
            schema::ENTRIES_MAP => Some(Meaning::Entries),
            schema::SEEN_MAP => Some(Meaning::Seen),
            _ => self
                .maps
                .get(map)
                .map(|entry| Meaning::Entry(*entry))
                .or_else(|| self.facts.people.get(map).map(|person| Meaning::Person(*person)))
                .or_else(|| self.facts.seen.get(map).map(|person| Meaning::SeenOf(*person))),
        }
    }
}

const fn word(by: OpRef, value: Value) -> Write {
    Write { by, value, original: true }
}

fn insert(maps: &mut BTreeMap<OpRef, PersonId>, made: OpRef, key: &str) -> bool {
    key.parse().is_ok_and(|person| maps.insert(made, person).is_none())
}
