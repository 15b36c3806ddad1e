//! What a person can write, and as what somebody can be let in.

use tandem_engine::{InputShape, shapes};
use tandem_proto::Role;

use crate::Phrase;

/// A form for one kind of entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct KindForm {
    /// The kind's name, as intents have it.
    pub kind: String,
    /// What it is called.
    pub title: Phrase,
    /// Its fields, what it is about first.
    pub fields: Vec<FieldForm>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FieldForm {
    /// The field's name, as intents have it.
    pub name: String,
    /// What it is called.
    pub label: Phrase,
    /// What it is for.
    pub hint: Option<Phrase>,
    /// Whether the entry can't be said without it.
    pub needed: bool,
    /// What it takes.
    pub input: Input,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Input {
    /// A person's own words.
    Words,
    /// One of these.
    OneOf {
        /// Which there are.
        choices: Vec<Choice>,
    },
    /// A day, as `YYYY-MM-DD`.
    Day,
}

/// One of several values.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Choice {
    /// The value, as intents have it.
    pub value: String,
    /// What it is called.
    pub label: Phrase,
}

/// As what somebody can be in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RoleChoice {
    /// The role.
    pub role: Role,
    /// What it is called.
    pub label: Phrase,
    /// What whoever is let in as this can read, where that is to be said.
    pub reads: Option<Phrase>,
}

/// The kinds that somebody in this role can say.
#[must_use]
pub fn forms(role: Role) -> Vec<KindForm> {
    let forms = shapes(role).into_iter().map(|shape| KindForm {
        kind: shape.kind.to_owned(),
        title: kind(shape.kind),
        fields: shape
            .fields
            .into_iter()
            .map(|of| FieldForm {
                name: of.name.to_owned(),
                label: field(of.name),
                hint: hint_key(shape.kind, of.name).map(Phrase::new),
                needed: of.needed,
                input: input(of.input),
            })
            .collect(),
    });
    forms.collect()
}

fn input(shape: InputShape) -> Input {
    match shape {
        InputShape::Words => Input::Words,
        InputShape::Day => Input::Day,
        InputShape::OneOf(values) => Input::OneOf {
            choices: values
                .iter()
                .map(|value| Choice {
                    value: (*value).to_owned(),
                    label: owner_key(value).map_or_else(|| field(value), Phrase::new),
                })
                .collect(),
        },
    }
}

/// These roles, as something to choose from.
#[must_use]
pub fn role_choices(roles: &[Role]) -> Vec<RoleChoice> {
    let choices = roles.iter().map(|role| RoleChoice {
        role: *role,
        label: Phrase::new(&format!("role.{role}")),
        reads: (*role == Role::Archive).then(|| Phrase::new("reads.archive")),
    });
    choices.collect()
}

/// As what a person can make a home.
#[must_use]
pub fn founders() -> Vec<RoleChoice> {
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| role.takes_part()).collect();
    role_choices(&roles)
}

/// What a kind is called.
#[must_use]
pub fn kind(name: &str) -> Phrase {
    match name {
        "message" => Phrase::new("kind.message"),
        "concern" => Phrase::new("kind.concern"),
        "step" => Phrase::new("kind.step"),
        other => Phrase::new("kind.other").text("name", &other.replace('_', " ")),
    }
}

/// What a field is called.
#[must_use]
pub fn field(name: &str) -> Phrase {
    match field_key(name) {
        Some(key) => Phrase::new(key),
        None => Phrase::new("field.other").text("name", &name.replace('_', " ")),
    }
}

pub(crate) fn field_key(name: &str) -> Option<&'static str> {
    Some(match name {
        "text" => "field.text",
        "what" => "field.what",
        "way_forward" => "field.way_forward",
        "context" => "field.context",
        "effect" => "field.effect",
        "owner" => "field.owner",
        "due" => "field.due",
        "state" => "field.state",
        _ => return None,
    })
}

fn hint_key(kind: &str, field: &str) -> Option<&'static str> {
    Some(match (kind, field) {
        ("message", "text") => "hint.message_text",
        ("concern", "what") => "hint.concern_what",
        ("concern", "way_forward") => "hint.concern_way_forward",
        ("concern", "context") => "hint.concern_context",
        ("concern", "effect") => "hint.concern_effect",
        ("step", "text") => "hint.step_text",
        ("step", "owner") => "hint.step_owner",
        ("step", "due") => "hint.step_due",
        _ => return None,
    })
}

pub(crate) fn owner_key(value: &str) -> Option<&'static str> {
    match value {
        "home" => Some("owner.home"),
        "school" => Some("owner.school"),
        _ => None,
    }
}

/// Whether this has the shape of a day. What the engine took is one; others' text need not be.
pub(crate) fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    let month =
        |text: &str| matches!(text.get(5..7), Some(month) if ("01"..="12").contains(&month));
    let day = |text: &str| matches!(text.get(8..10), Some(day) if ("01"..="31").contains(&day));
    bytes.len() == 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && month(text)
        && day(text)
}
