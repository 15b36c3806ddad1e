#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod document;
mod order;
mod rules;
mod speed;

use std::collections::BTreeMap;

use automerge::{ActorId, AutoCommit, Change};
use tandem_proto::{Card, DeviceKey, PersonId, Role, Timestamp, TransportKey};

use super::*;
use crate::{EntryId, Fields, Remark, ThreadRow};

/// A moment of a school year.
const NOW: Timestamp = Timestamp(1_760_000_000_000);
const DAY: u64 = 24 * 3600 * 1000;

const TEACHER: u8 = 1;
const MOTHER: u8 = 2;
const FATHER: u8 = 3;
const SPECIALIST: u8 = 4;
/// The mother's second phone.
const TABLET: u8 = 12;
const ARCHIVE: u8 = 5;

fn person(n: u8) -> PersonId {
    PersonId::new([n % 10; 16])
}

fn prefix(n: u8) -> ActorPrefix {
    [n; 16]
}

fn actor(n: u8) -> ActorId {
    let mut bytes = [n; 20];
    bytes[16..].copy_from_slice(&[0, 0, 0, 1]);
    ActorId::from(&bytes[..])
}

fn card(n: u8) -> Card {
    let role = match n % 10 {
        TEACHER => Role::Teacher,
        SPECIALIST => Role::Specialist,
        ARCHIVE => Role::Archive,
        _ => Role::Guardian,
    };
    Card {
        person: person(n),
        role,
        device: DeviceKey::new([n; 32]),
        transport: TransportKey::new([n; 32]),
    }
}

/// A roster that knows some of the devices.
struct Known(BTreeMap<ActorPrefix, Card>);

impl Known {
    fn all() -> Self {
        Self::some(&[TEACHER, MOTHER, FATHER, SPECIALIST, TABLET, ARCHIVE])
    }

    fn some(devices: &[u8]) -> Self {
        Self(devices.iter().map(|n| (prefix(*n), card(*n))).collect())
    }
}

impl Authors for Known {
    fn known(&self, prefix: &ActorPrefix) -> Option<Card> {
        self.0.get(prefix).cloned()
    }

    fn founder(&self) -> PersonId {
        person(TEACHER)
    }
}

/// A device with its document and fold.
#[derive(Debug, Clone)]
struct Device {
    n: u8,
    doc: ThreadDoc,
    fold: Fold,
    entries: u8,
}

impl Device {
    fn new(n: u8) -> Self {
        Self { n, doc: ThreadDoc::begin(), fold: Fold::default(), entries: 0 }
    }

    fn keep(&mut self, change: Change) -> Change {
        self.fold.take(&change, self.doc.newest_before(&change));
        change
    }

    fn edit(&mut self, now: Timestamp, edits: &[Edit]) -> Change {
        let change = self.doc.edit(actor(self.n), now, edits).unwrap();
        self.keep(change)
    }

    /// A change as a device that obeys no rules makes it.
    fn raw(&mut self, write: impl FnOnce(&mut AutoCommit)) -> Option<Change> {
        let change = self.doc.write(actor(self.n), NOW, |doc| {
            write(doc);
            Ok(())
        });
        change.ok().map(|change| self.keep(change))
    }

    fn next_id(&mut self) -> EntryId {
        self.entries += 1;
        entry_id(&prefix(self.n), [self.n, self.entries, 0, 0, 0, 0])
    }

    fn post_at(&mut self, now: Timestamp, kind: &str, fields: &[(&str, &str)]) -> EntryId {
        let entry = self.next_id();
        let post = Edit::Post {
            entry,
            kind: kind.to_owned(),
            at: clock(now, self.fold.newest()),
            answers: None,
            fields: fields_of(fields),
        };
        self.edit(now, &[post]);
        entry
    }

    fn post(&mut self, kind: &str, fields: &[(&str, &str)]) -> EntryId {
        self.post_at(NOW, kind, fields)
    }

    fn hear(&mut self, changes: Vec<Change>) {
        for change in self.doc.take(changes).unwrap() {
            self.keep(change);
        }
    }

    fn hear_from(&mut self, other: &mut Self) {
        self.hear(other.doc.changes());
    }

    fn rows(&self) -> Vec<ThreadRow> {
        rows(&self.fold, &Known::all(), person(self.n), &|_| None)
    }

    fn row(&self, entry: EntryId) -> ThreadRow {
        self.rows().into_iter().find(|row| row.entry == entry).unwrap()
    }
}

fn fields_of(fields: &[(&str, &str)]) -> Fields {
    fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// The entry's map in a device's document, also when it was written over.
fn map_of(device: &Device, entry: EntryId) -> automerge::ObjId {
    schema::object(device.fold.entry(&entry).unwrap().map().unwrap().0)
}

fn entries_map() -> automerge::ObjId {
    schema::object(&schema::ENTRIES_MAP)
}

/// A thread's rows; the last of them is the one that is made alone, too.
fn rows(
    fold: &Fold,
    who: &dyn Authors,
    me: PersonId,
    arrived: &dyn Fn(&EntryId) -> Option<Timestamp>,
) -> Vec<ThreadRow> {
    let projection = Projection { fold, who, me, arrived };
    let rows = projection.rows();
    assert_eq!(projection.last_row().as_ref(), rows.last());
    rows
}
