//! The rules when an intent is made. Projection asks the same again of what others made.

use tandem_proto::{Card, Role};

use super::{
    StepState,
    actor::Authors,
    kind::{self, Kind, is_blank},
    record::EntryRecord,
    standing::{may_move, standing},
};
use crate::{Fields, Trouble};

/// Bytes of one field: a concern of several pages.
const MAX_FIELD_BYTES: usize = 64 << 10;

/// Bytes of all fields: what fits an item with room to spare, uncompressed.
const MAX_FIELDS_BYTES: usize = 128 << 10;

/// Something that keeps words from being said as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The field that it is about; none when it is about all of them together.
    pub field: Option<String>,
    /// What is the matter.
    pub trouble: Trouble,
}

/// What keeps these words from being said, by somebody in this role; what is wrong comes before what is missing.
#[must_use]
pub fn flaws(kind: &str, fields: &Fields, role: Role) -> Vec<Flaw> {
    match check(kind, fields, role) {
        Ok((_, flaws)) => flaws,
        Err(trouble) => vec![Flaw { field: None, trouble }],
    }
}

/// Checks what a person wants to say. Returns the fields under their own names, blank ones left
/// out.
///
/// # Errors
/// [`Trouble`] with what to do.
pub(crate) fn compose(kind: &str, fields: &Fields, role: Role) -> Result<Fields, Trouble> {
    let (kept, flaws) = check(kind, fields, role)?;
    flaws.into_iter().next().map_or(Ok(kept), |flaw| Err(flaw.trouble))
}

/// The fields that can be said, and what keeps all from being said; an error when nothing at all can be.
fn check(kind: &str, fields: &Fields, role: Role) -> Result<(Fields, Vec<Flaw>), Trouble> {
    let Some(kind) = kind::find(kind) else { return Err(Trouble::UnknownKind(kind.to_owned())) };
    if !(kind.writers)(role) {
        return Err(Trouble::ReadsOnly);
    }
    let (mut kept, mut flaws, mut all) = (Fields::new(), Vec::new(), 0);
    for (given, text) in fields {
        let name = own_name(kind, given, fields);
        match check_field(kind, given, name, text) {
            Ok(()) if is_blank(text) => {}
            Ok(()) => drop(kept.insert(name.to_owned(), text.clone())),
            Err(trouble) => flaws.push(Flaw { field: Some(given.clone()), trouble }),
        }
        all += text.len();
    }
    if all > MAX_FIELDS_BYTES {
        let trouble = Trouble::TooLong { bytes: all, max: MAX_FIELDS_BYTES };
        flaws.push(Flaw { field: None, trouble });
    }
    for field in kind.missing(&kept, role) {
        // What is there and wrong is not missing.
        let is_told = |flaw: &Flaw| {
            flaw.field.as_deref().is_some_and(|given| own_name(kind, given, fields) == field.name)
        };
        if !flaws.iter().any(is_told) {
            let trouble =
                Trouble::MissingField { kind: kind.name, field: field.name, why: field.why };
            flaws.push(Flaw { field: Some(field.name.to_owned()), trouble });
        }
    }
    Ok((kept, flaws))
}

fn check_field(kind: &Kind, given: &str, name: &str, text: &str) -> Result<(), Trouble> {
    let bad = |why| Trouble::BadField { kind: kind.name, field: given.to_owned(), why };
    let field = kind.field(name).ok_or_else(|| bad(none_such(kind)))?;
    if text.len() > MAX_FIELD_BYTES {
        return Err(Trouble::TooLong { bytes: text.len(), max: MAX_FIELD_BYTES });
    }
    if is_blank(text) {
        return Ok(());
    }
    field.form.check(text).map_err(|why| bad(format!("can't be this: {why}")))
}

/// The field that is meant by this name; an alias only where the field isn't given itself.
fn own_name<'a>(kind: &Kind, given: &'a str, fields: &Fields) -> &'a str {
    let aliased = kind.fields.iter().find(|field| field.alias == Some(given));
    aliased.filter(|field| !fields.contains_key(field.name)).map_or(given, |field| field.name)
}

fn none_such(kind: &Kind) -> String {
    let names: Vec<_> = kind.fields.iter().map(|field| field.name).collect();
    let has = if names.len() == 1 { "it has only" } else { "its fields are" };
    format!("does not exist; {has} {}", names.join(", "))
}

/// Checks that this device may move a step to a state.
///
/// # Errors
/// [`Trouble::UnknownEntry`], [`Trouble::NotAllowed`].
pub(crate) fn check_move(
    record: &EntryRecord,
    who: &dyn Authors,
    state: StepState,
    mover: &Card,
) -> Result<(), Trouble> {
    let stands = standing(record, who).ok_or(Trouble::UnknownEntry)?;
    let (Some(now), Some(kind)) = (stands.state, stands.kind) else {
        return Err(Trouble::NotAllowed("only a step has a state to move"));
    };
    if may_move(kind, &stands.fields, mover.role) != Some(true) {
        return Err(Trouble::NotAllowed("a step is moved by the side that owns it"));
    }
    if state <= now {
        return Err(Trouble::NotAllowed(
            "a step moves only forward: open, doing, dropped, done; any of them may be left out",
        ));
    }
    Ok(())
}
