//! Entry kinds: each a small schema in a file of its own.

mod concern;
mod message;
mod shape;
mod step;

use tandem_proto::Role;

pub use shape::{FieldShape, InputShape, KindShape, headline_field, moves, shapes};

use crate::Fields;

/// A kind of entry.
#[derive(Debug)]
pub(super) struct Kind {
    /// Its name in documents and on the command line.
    pub(super) name: &'static str,
    /// The field whose first words stand for the entry in a list.
    pub(super) headline: &'static str,
    /// All its fields. Each keeps its author's newest words; nobody else's count.
    pub(super) fields: &'static [Field],
    /// Who may say it.
    pub(super) writers: fn(Role) -> bool,
    /// Kinds with a state: whether a role owns it, as the fields stand; `None` when they don't
    /// say. Of its owners' moves the furthest forward counts.
    pub(super) owns: Option<fn(&Fields, Role) -> Option<bool>>,
}

/// A field of a kind.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) need: Need,
    /// What it is for, told to whoever leaves it out.
    pub(super) why: &'static str,
    pub(super) form: Form,
    /// Another name under which an intent may give it.
    pub(super) alias: Option<&'static str>,
}

/// Whether a field has to be there.
#[derive(Debug)]
pub(super) enum Need {
    Always,
    /// When an author of such a role says it.
    Of(fn(Role) -> bool),
    Never,
}

/// What a field's value can be.
#[derive(Debug)]
pub(super) enum Form {
    Words,
    OneOf(&'static [&'static str]),
    /// `YYYY-MM-DD`.
    Day,
}

const ALL: [&Kind; 3] = [&message::MESSAGE, &concern::CONCERN, &step::STEP];

/// The kind of this name, if this version has it.
pub(super) fn find(name: &str) -> Option<&'static Kind> {
    ALL.into_iter().find(|kind| kind.name == name)
}

impl Kind {
    /// The field of this name.
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields that an author of this role can't leave out and that are not there.
    pub(super) fn missing(&self, fields: &Fields, role: Role) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| {
            field.is_needed(role) && fields.get(field.name).is_none_or(|text| is_blank(text))
        })
    }
}

impl Field {
    fn is_needed(&self, role: Role) -> bool {
        match self.need {
            Need::Always => true,
            Need::Of(needs) => needs(role),
            Need::Never => false,
        }
    }
}

impl Form {
    /// Whether a value can be this, and in words what can.
    pub(super) fn check(&self, text: &str) -> Result<(), String> {
        match self {
            Self::Words => Ok(()),
            Self::OneOf(names) if names.contains(&text) => Ok(()),
            Self::OneOf(names) => Err(format!("it is one of {}", names.join(", "))),
            Self::Day if is_day(text) => Ok(()),
            Self::Day => Err("it is a day like 2026-03-31".to_owned()),
        }
    }
}

/// Whether there is nothing to read.
pub(super) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn is_day(text: &str) -> bool {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, c)| match i {
            4 | 7 => c == b'-',
            _ => c.is_ascii_digit(),
        });
    if !shape {
        return false;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_that_the_calendar_has() {
        for day in ["2026-01-31", "2024-02-29", "2000-02-29"] {
            assert!(is_day(day), "{day}");
        }
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-10",
            "31.1.26",
            "२०२६-०१",
        ] {
            assert!(!is_day(text), "{text}");
        }
    }

    #[test]
    fn every_kind_has_its_headline_among_its_fields_that_are_always_needed() {
        for kind in ALL {
            let field = kind.field(kind.headline).expect("a field");
            assert!(matches!(field.need, Need::Always), "{}", kind.name);
        }
    }
}
