//! A row of a thread: its parts in order, how it stands, and what else there is to say of it.

use tandem_engine::{Remark, StepState, ThreadRow, headline_field, moves};
use tandem_proto::Role;

use crate::{
    Phrase, Stands, delivery, event,
    forms::{field, is_day, kind, owner_key},
};

/// A part of an entry: somebody's words, or ours in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Part {
    /// The field's name, as intents have it.
    pub name: String,
    /// What stands before it; none before the words that the entry is about.
    pub label: Option<Phrase>,
    /// Somebody's own words.
    pub text: Option<String>,
    /// In their place: what the field says, in ours.
    pub said: Option<Phrase>,
}

/// A state that a person may move a step to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct StepMove {
    /// The state.
    pub state: StepState,
    /// What does it.
    pub label: Phrase,
}

/// What is said of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RowWords {
    /// What kind of entry it is.
    pub kind: Phrase,
    /// Its parts, what it is about first; none when it is an event.
    pub parts: Vec<Part>,
    /// Own entries: how it stands.
    pub stands: Option<Stands>,
    /// What else there is to say.
    pub remarks: Vec<Phrase>,
    /// Who came or went, when it is not an entry.
    pub event: Option<Phrase>,
    /// Where this person may move it.
    pub moves: Vec<StepMove>,
}

/// What is said of a row in a thread in which this person has this role, if they are in; `alone` when nobody
/// else takes part in it.
#[must_use]
pub fn row(row: &ThreadRow, role: Option<Role>, alone: bool) -> RowWords {
    let event = event(row);
    let parts = if event.is_some() { Vec::new() } else { parts(row) };
    let moves = role.map(|role| moves(row, role)).unwrap_or_default();
    RowWords {
        kind: kind(&row.kind),
        parts,
        stands: row.delivery.as_ref().map(|state| delivery(state, alone)),
        remarks: row.remarks.iter().map(remark).collect(),
        event,
        moves: moves.into_iter().filter_map(step_move).collect(),
    }
}

/// What a row says about itself beside its words.
#[must_use]
pub fn remark(remark: &Remark) -> Phrase {
    match remark {
        Remark::NewerVersionNeeded => Phrase::new("remark.newer_version"),
        Remark::ArrivedLate(at) => Phrase::new("remark.arrived_late").at(*at),
        Remark::Edited => Phrase::new("remark.edited"),
        Remark::Incomplete(field) => Phrase::new("remark.incomplete").field(field),
        Remark::EditByOther { field, person } => {
            Phrase::new("remark.edit_by_other").person("who", *person).field(field)
        }
        Remark::MoveByOther(person) => Phrase::new("remark.move_by_other").person("who", *person),
        Remark::ClockAhead => Phrase::new("remark.clock_ahead"),
    }
}

/// What it is about first, where this version knows; the others by name.
fn parts(row: &ThreadRow) -> Vec<Part> {
    let about = headline_field(&row.kind).unwrap_or("text");
    let (first, rest): (Vec<_>, Vec<_>) = row.fields.iter().partition(|(name, _)| *name == about);
    let parts = first.into_iter().chain(rest);
    parts.map(|(name, value)| part(name, value, name == about)).collect()
}

fn part(name: &str, value: &str, about: bool) -> Part {
    let said = match name {
        "owner" => owner_key(value).map(Phrase::new),
        "state" => value.parse().ok().map(|state| Phrase::new(state_key(state))),
        "due" if is_day(value) => Some(Phrase::new("day.on").day(value)),
        _ => None,
    };
    Part {
        name: name.to_owned(),
        label: (!about).then(|| field(name)),
        text: said.is_none().then(|| value.to_owned()),
        said,
    }
}

/// How far a step is.
#[must_use]
pub fn state(state: StepState) -> Phrase {
    Phrase::new(state_key(state))
}

pub(crate) const fn state_key(state: StepState) -> &'static str {
    match state {
        StepState::Open => "step.open",
        StepState::Doing => "step.doing",
        StepState::Dropped => "step.dropped",
        StepState::Done => "step.done",
    }
}

fn step_move(state: StepState) -> Option<StepMove> {
    let key = match state {
        // Nothing comes back to its beginning.
        StepState::Open => return None,
        StepState::Doing => "step.to_doing",
        StepState::Dropped => "step.to_dropped",
        StepState::Done => "step.to_done",
    };
    Some(StepMove { state, label: Phrase::new(key) })
}
