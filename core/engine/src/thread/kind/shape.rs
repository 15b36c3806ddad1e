//! What a form needs to know of the kinds: which there are for somebody, and what their fields take.

use tandem_proto::Role;

use super::{ALL, Form, Kind, find};
use crate::{StepState, ThreadRow, thread::schema};

/// A kind of entry as a form for it has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindShape {
    /// Its name.
    pub kind: &'static str,
    /// Its fields, what it is about first.
    pub fields: Vec<FieldShape>,
}

/// A field of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldShape {
    /// Its name.
    pub name: &'static str,
    /// Whether it has to be there.
    pub needed: bool,
    /// What it takes.
    pub input: InputShape,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputShape {
    /// A person's own words.
    Words,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A day, as `YYYY-MM-DD`.
    Day,
}

/// The kinds that somebody in this role can say, with what each needs of them.
#[must_use]
pub fn shapes(role: Role) -> Vec<KindShape> {
    ALL.into_iter().filter(|kind| (kind.writers)(role)).map(|kind| shape(kind, role)).collect()
}

fn shape(kind: &'static Kind, role: Role) -> KindShape {
    let mut fields: Vec<FieldShape> = kind
        .fields
        .iter()
        .map(|field| FieldShape {
            name: field.name,
            needed: field.is_needed(role),
            input: match field.form {
                Form::Words => InputShape::Words,
                Form::OneOf(names) => InputShape::OneOf(names),
                Form::Day => InputShape::Day,
            },
        })
        .collect();
    // Stable: the others stay in the kind's order.
    fields.sort_by_key(|field| field.name != kind.headline);
    KindShape { kind: kind.name, fields }
}

/// The field whose words stand for an entry of this kind, if this version has the kind.
#[must_use]
pub fn headline_field(kind: &str) -> Option<&'static str> {
    find(kind).map(|kind| kind.headline)
}

/// The states that somebody in this role can move an entry to: none where it has no state, where
/// others own it, and where it is done.
#[must_use]
pub fn moves(row: &ThreadRow, role: Role) -> Vec<StepState> {
    let owns = find(&row.kind).and_then(|kind| kind.owns?(&row.fields, role));
    let at = row.fields.get(schema::STATE).and_then(|state| state.parse::<StepState>().ok());
    match (owns, at) {
        (Some(true), Some(at)) => StepState::ALL.into_iter().filter(|to| *to > at).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_asks_first_for_what_an_entry_is_about() {
        for role in Role::ALL {
            for kind in shapes(role) {
                assert_eq!(headline_field(kind.kind), Some(kind.fields[0].name));
                assert!(kind.fields[0].needed, "{}", kind.kind);
            }
        }
        assert!(shapes(Role::Archive).is_empty(), "records say nothing");
    }

    #[test]
    fn a_concern_needs_a_way_forward_from_staff_alone() {
        let needs = |role| {
            let concern = shapes(role).into_iter().find(|kind| kind.kind == "concern");
            concern.is_some_and(|kind| {
                kind.fields.iter().any(|field| field.name == "way_forward" && field.needed)
            })
        };
        assert!(needs(Role::Teacher) && !needs(Role::Guardian));
    }
}
