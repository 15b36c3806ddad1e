//! How one entry stands: whose words count, and what else there is to say.

use tandem_proto::{Card, PersonId, Role, Timestamp, planted};

use super::{
    StepState,
    actor::Authors,
    kind::{self, Kind},
    op::{OpRef, Value},
    record::{EntryMap, EntryRecord, Place, Write},
    schema,
};
use crate::{EntryId, Fields, Remark};

/// What remarks call the whole entry, where a field is named.
const WHOLE: &str = "entry";
/// What remarks call the right to say something of this kind.
const ROLE: &str = "role";

/// One entry as it stands by the roster that is known.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) author: Card,
    pub(super) name: String,
    pub(super) kind: Option<&'static Kind>,
    pub(super) at: Timestamp,
    pub(super) answers: Option<EntryId>,
    pub(super) fields: Fields,
    /// Kinds with a state.
    pub(super) state: Option<StepState>,
    pub(super) remarks: Vec<Remark>,
}

/// How an entry stands; `None` until its author's card is here, and for marks without an entry.
pub(super) fn standing(record: &EntryRecord, who: &dyn Authors) -> Option<Standing> {
    let (made, map) = record.map()?;
    let author = who.card(&made.actor.prefix())?;
    let judge = Judge { made, map, author: &author, who };
    let mut remarks = Vec::new();

    let name = match judge.own(schema::KIND).map(|write| &write.value) {
        Some(Value::Text(name)) => name.clone(),
        _ => String::new(),
    };
    let kind = kind::find(&name);
    if kind.is_none() {
        note(&mut remarks, Remark::NewerVersionNeeded);
    }
    let at = judge.place(&mut remarks);
    let answers = match judge.own(schema::ANSWERS).map(|write| &write.value) {
        Some(Value::Text(text)) => text.parse().ok(),
        _ => None,
    };
    let fields = judge.fields(kind, &mut remarks);
    if let Some(kind) = kind {
        if !(kind.writers)(author.role) {
            note(&mut remarks, Remark::Incomplete(ROLE.to_owned()));
        }
        for field in kind.missing(&fields, author.role) {
            note(&mut remarks, Remark::Incomplete(field.name.to_owned()));
        }
        judge.others(kind, record, &mut remarks);
    }
    let state = judge.state(kind, &fields, &mut remarks);
    Some(Standing { author, name, kind, at, answers, fields, state, remarks })
}

/// When an entry was said, as rows are ordered; `None` as for [`standing`].
pub(super) fn place(record: &EntryRecord, who: &dyn Authors) -> Option<Timestamp> {
    let (made, map) = record.map()?;
    let author = who.card(&made.actor.prefix())?;
    Some(Judge { made, map, author: &author, who }.place(&mut Vec::new()))
}

/// Notes a remark once.
fn note(remarks: &mut Vec<Remark>, remark: Remark) {
    if !remarks.contains(&remark) {
        remarks.push(remark);
    }
}

/// Whether a role owns the state of such an entry, as its fields stand: asked when an intent is made
/// and again at projection. `None` when there is no state, or the fields don't say who owns it.
pub(super) fn may_move(kind: &Kind, fields: &Fields, role: Role) -> Option<bool> {
    let owns = kind.owns?(fields, role)?;
    Some(owns || planted::is(planted::Fault::StateByNonOwner))
}

struct Judge<'a> {
    made: &'a OpRef,
    map: &'a EntryMap,
    author: &'a Card,
    who: &'a dyn Authors,
}

impl<'a> Judge<'a> {
    /// Whose word this is; `None` until their card is here.
    fn person(&self, write: &Write) -> Option<PersonId> {
        let prefix = write.prefix();
        match prefix == self.made.actor.prefix() {
            true => Some(self.author.person),
            false => self.who.card(&prefix).map(|card| card.person),
        }
    }

    /// The author's person's word at a key.
    fn own(&self, key: &str) -> Option<&'a Write> {
        let own = self
            .map
            .words
            .get(key)?
            .iter()
            .filter(|write| self.person(write) == Some(self.author.person));
        // What an entry is, is said in the change that makes it.
        match schema::keep(key) {
            schema::Keep::First => own.filter(|write| write.original).min_by_key(|write| write.by),
            schema::Keep::Newest | schema::Keep::Furthest => own.max_by_key(|write| write.by),
        }
    }

    /// When it was said, as rows are ordered.
    fn place(&self, remarks: &mut Vec<Remark>) -> Timestamp {
        let (at, place) = self.map.place(self.own(schema::AT));
        match place {
            Place::AsWritten => {}
            Place::PulledBack => note(remarks, Remark::ClockAhead),
            Place::Missing => note(remarks, Remark::Incomplete(schema::AT.to_owned())),
        }
        at
    }

    /// The fields by the author's person.
    fn fields(&self, kind: Option<&Kind>, remarks: &mut Vec<Remark>) -> Fields {
        let mut fields = Fields::new();
        for key in self.map.words.keys() {
            let known = matches!(key.as_str(), schema::KIND | schema::AT | schema::ANSWERS)
                || (key == schema::STATE && kind.is_some_and(|kind| kind.owns.is_some()));
            let Some(write) = self.own(key) else { continue };
            let name = match (known, schema::field_name(key)) {
                (true, _) => continue,
                (false, Some(name)) => name,
                (false, None) => {
                    note(remarks, Remark::NewerVersionNeeded);
                    continue;
                }
            };
            if !write.original {
                note(remarks, Remark::Edited);
            }
            let text = match &write.value {
                Value::Text(text) => text,
                Value::Absent => continue,
                Value::Int(_) | Value::Other => {
                    note(remarks, Remark::NewerVersionNeeded);
                    continue;
                }
            };
            match kind.map(|kind| kind.field(name)) {
                // A value that this version can't make sense of is not shown as one.
                Some(Some(field)) if field.form.check(text).is_err() => {
                    note(remarks, Remark::NewerVersionNeeded);
                    continue;
                }
                Some(None) => note(remarks, Remark::NewerVersionNeeded),
                Some(Some(_)) | None => {}
            }
            fields.insert(name.to_owned(), text.clone());
        }
        fields
    }

    /// Names whoever wrote where only the author's person may.
    fn others(&self, kind: &Kind, record: &EntryRecord, remarks: &mut Vec<Remark>) {
        let mut tried = |field: &str, person: Option<PersonId>| match person {
            Some(person) if person != self.author.person => {
                note(remarks, Remark::EditByOther { field: field.to_owned(), person });
            }
            _ => {}
        };
        let device = |prefix| self.who.card(&prefix).map(|card| card.person);
        for made in record.maps.keys() {
            tried(WHOLE, device(made.actor.prefix()));
        }
        for prefix in &record.strikes {
            tried(WHOLE, device(*prefix));
        }
        for (key, words) in &self.map.words {
            if key == schema::STATE && kind.owns.is_some() {
                continue;
            }
            for write in words.iter() {
                tried(schema::field_name(key).unwrap_or(key), self.person(write));
            }
        }
    }

    /// The state by those who own it: the furthest forward that any of them moved it.
    fn state(
        &self,
        kind: Option<&Kind>,
        fields: &Fields,
        remarks: &mut Vec<Remark>,
    ) -> Option<StepState> {
        let kind = kind.filter(|kind| kind.owns.is_some())?;
        let mut state = StepState::Open;
        for write in self.map.words.get(schema::STATE).into_iter().flat_map(|words| words.iter()) {
            let Some(card) = self.who.card(&write.prefix()) else { continue };
            let Some(is_owner) = may_move(kind, fields, card.role) else { continue };
            let to = write.state();
            if is_owner {
                state = state.max(to.unwrap_or(StepState::Open));
                if to.is_none() && write.value != Value::Absent {
                    note(remarks, Remark::NewerVersionNeeded);
                }
            } else if !(write.original && to == Some(StepState::Open)) {
                note(remarks, Remark::MoveByOther(card.person));
            }
        }
        Some(state)
    }
}
