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

/// Checks what a person wants to say. Returns the fields under their own names, blank ones left
/// out.
///
/// # Errors
/// [`Trouble`] with what to do.
pub(crate) fn compose(kind: &str, fields: Fields, role: Role) -> Result<Fields, Trouble> {
    let Some(kind) = kind::find(kind) else { return Err(Trouble::UnknownKind(kind.to_owned())) };
    if !(kind.writers)(role) {
        return Err(Trouble::ReadsOnly);
    }
    let mut all = 0;
    let mut kept = Fields::new();
    for (given, text) in &fields {
        let name = own_name(kind, given, &fields);
        let bad = |why| Trouble::BadField { kind: kind.name, field: given.clone(), why };
        let field = kind.field(name).ok_or_else(|| bad(none_such(kind)))?;
        if text.len() > MAX_FIELD_BYTES {
            return Err(Trouble::TooLong { bytes: text.len(), max: MAX_FIELD_BYTES });
        }
        all += text.len();
        if is_blank(text) {
            continue;
        }
        field.form.check(text).map_err(|why| bad(format!("can't be this: {why}")))?;
        kept.insert(name.to_owned(), text.clone());
    }
    if all > MAX_FIELDS_BYTES {
        return Err(Trouble::TooLong { bytes: all, max: MAX_FIELDS_BYTES });
    }
    if let Some(field) = kind.missing(&kept, role).next() {
        return Err(Trouble::MissingField { kind: kind.name, field: field.name, why: field.why });
    }
    Ok(kept)
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
