//! What an own change writes into the document.

use std::collections::BTreeMap;

use automerge::{
    AutoCommit, AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value,
    transaction::Transactable,
};
use tandem_proto::{DeviceKey, PersonId, Timestamp};

use super::{
    StepState,
    actor::{Actor, is_bound},
    doc::DocError,
    op::{self, Act, OpRef},
    record::the_entry,
    schema,
};
use crate::{EntryId, Fields};

/// One thing to write. Whether it may be written is checked before, by the intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Edit {
    /// The thread's title.
    Title(String),
    /// The own person's name.
    Name {
        /// The own person.
        person: PersonId,
        /// Their name.
        name: String,
    },
    /// A new entry.
    Post {
        /// Its id, from [`super::entry_id`].
        entry: EntryId,
        /// Its kind's name.
        kind: String,
        /// When it is said, from [`super::clock`].
        at: Timestamp,
        /// What it answers.
        answers: Option<EntryId>,
        /// Its fields, from [`super::compose`].
        fields: Fields,
    },
    /// A step's state.
    Move {
        /// Which step.
        entry: EntryId,
        /// To what.
        state: StepState,
    },
    /// The own person had these on the screen.
    Seen {
        /// The own person.
        person: PersonId,
        /// Which.
        entries: Vec<EntryId>,
        /// When.
        at: Timestamp,
    },
    /// The own person has met somebody, or compared codes with them.
    Verified {
        /// Whom: another person.
        person: PersonId,
        /// The devices that are theirs.
        devices: Vec<DeviceKey>,
        /// When.
        at: Timestamp,
    },
}

/// Writes one edit into the open transaction. `moved` has the maps of the steps that are moved.
pub(super) fn write(
    doc: &mut AutoCommit,
    moved: &BTreeMap<EntryId, OpRef>,
    edit: &Edit,
) -> Result<(), DocError> {
    match edit {
        Edit::Title(title) => put(doc, &ROOT, schema::TITLE, title.as_str().into())?,
        Edit::Name { person, name } => {
            let map = child(doc, &schema::object(&schema::PEOPLE_MAP), &person.to_string())?;
            put(doc, &map, schema::NAME, name.as_str().into())?;
        }
        Edit::Post { entry, kind, at, answers, fields } => {
            let entries = schema::object(&schema::ENTRIES_MAP);
            let map = doc.put_object(&entries, entry.to_string(), ObjType::Map)?;
            doc.put(&map, schema::KIND, kind.as_str())?;
            doc.put(&map, schema::AT, millis(*at))?;
            if let Some(answers) = answers {
                doc.put(&map, schema::ANSWERS, answers.to_string())?;
            }
            for (name, text) in fields {
                doc.put(&map, schema::field_key(name), text.as_str())?;
            }
        }
        Edit::Move { entry, state } => {
            let map = moved.get(entry).ok_or(DocError::UnknownEntry(*entry))?;
            put(doc, &schema::object(map), schema::STATE, state.to_string().as_str().into())?;
        }
        Edit::Seen { person, entries, at } => {
            let map = child(doc, &schema::object(&schema::SEEN_MAP), &person.to_string())?;
            for entry in entries {
                put(doc, &map, &entry.to_string(), millis(*at))?;
            }
        }
        Edit::Verified { person, devices, at } => {
            let map = child(doc, &schema::object(&schema::PEOPLE_MAP), &person.to_string())?;
            for device in devices {
                put(doc, &map, &schema::verified_key(device), millis(*at))?;
            }
        }
    }
    Ok(())
}

fn millis(at: Timestamp) -> ScalarValue {
    ScalarValue::Int(i64::try_from(at.0).unwrap_or(i64::MAX))
}

/// Writes a value even where someone else has written the same one: automerge would leave the
/// write out, but theirs may not count.
fn put(
    doc: &mut AutoCommit,
    map: &ObjId,
    key: &str,
    value: ScalarValue,
) -> Result<(), AutomergeError> {
    let same = |(there, _): &(Value<'_>, ObjId)| there.as_scalar() == Some(&value);
    if doc.get_all(map, key)?.iter().any(same) {
        doc.delete(map, key)?;
    }
    doc.put(map, key, value)
}

/// The map at a key; made if there is none. Any map there will do: what it means comes from where
/// it is, and whose words count from who writes them.
fn child(doc: &mut AutoCommit, map: &ObjId, key: &str) -> Result<ObjId, AutomergeError> {
    let there = doc.get_all(map, key)?;
    match there.into_iter().find(|(value, _)| is_map(value)) {
        Some((_, child)) => Ok(child),
        None => doc.put_object(map, key, ObjType::Map),
    }
}

/// The maps of the entries that these edits move. To be found before a transaction is open, since
/// reading changes closes it.
pub(super) fn moved(
    doc: &mut AutoCommit,
    edits: &[Edit],
) -> Result<BTreeMap<EntryId, OpRef>, DocError> {
    edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::Move { entry, .. } => Some(find(doc, entry).map(|map| (*entry, map))),
            _ => None,
        })
        .collect()
}

/// The map that is this entry, as a fold of the same changes has it.
fn find(doc: &mut AutoCommit, entry: &EntryId) -> Result<OpRef, DocError> {
    let there = doc.get_all(schema::object(&schema::ENTRIES_MAP), entry.to_string())?;
    let bound = there
        .into_iter()
        .filter(|(value, _)| is_map(value))
        .filter_map(|(_, id)| map_ref(&id))
        .find(|made| is_bound(entry, &made.actor.prefix()));
    if let Some(made) = bound {
        return Ok(made);
    }
    // Somebody took it out or wrote over it, which does not count: it is in the changes.
    let mut made = Vec::new();
    for change in doc.get_changes(&[]) {
        made.extend(op::read(&change)?.into_iter().filter_map(|op| {
            let is_it = op.object == Some(schema::ENTRIES_MAP)
                && matches!(op.act, Act::MakeMap)
                && op.key.parse() == Ok(*entry);
            is_it.then_some(op.id)
        }));
    }
    the_entry(entry, made.iter()).copied().ok_or(DocError::UnknownEntry(*entry))
}

fn map_ref(id: &ObjId) -> Option<OpRef> {
    match id {
        ObjId::Id(counter, actor, _) => {
            Some(OpRef { counter: *counter, actor: Actor::read(actor)? })
        }
        ObjId::Root => None,
    }
}

fn is_map(value: &Value<'_>) -> bool {
    matches!(value, Value::Object(ObjType::Map))
}
