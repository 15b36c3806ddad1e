//! A key of the catalogue and what is put in.

use tandem_proto::{PersonId, Role, Timestamp};

/// Something to be said: which words, by their key, and what is put into them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Phrase {
    /// A section of the catalogue and a name in it: `delivery.seen`.
    pub key: String,
    /// What is put in, each once.
    pub args: Vec<PhraseArg>,
}

/// Something that is put into a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PhraseArg {
    /// Where: `{name}` in the words.
    pub name: String,
    /// What.
    pub value: ArgValue,
}

/// What is put in. How it is written is the phone's business.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ArgValue {
    /// Somebody's own words, or a name that is in no thread: other people's text, as it came.
    Text {
        /// The text.
        text: String,
    },
    /// How many; `n` chooses the plural form.
    Count {
        /// The number.
        count: u64,
    },
    /// When.
    Moment {
        /// The moment.
        at: Timestamp,
    },
    /// A day without a time.
    Day {
        /// As `YYYY-MM-DD`.
        iso: String,
    },
    /// Somebody, by the name that this phone has for them.
    Person {
        /// Who.
        person: PersonId,
    },
    /// Several, as a list.
    People {
        /// Who.
        people: Vec<PersonId>,
    },
    /// Words of the catalogue that take nothing in.
    Word {
        /// Their key.
        key: String,
    },
}

impl Phrase {
    /// A phrase without anything to put in.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: Vec::new() }
    }

    fn with(mut self, name: &str, value: ArgValue) -> Self {
        self.args.push(PhraseArg { name: name.to_owned(), value });
        self
    }

    /// Puts in somebody's own words, or a name.
    #[must_use]
    pub fn text(self, name: &str, text: &str) -> Self {
        self.with(name, ArgValue::Text { text: text.to_owned() })
    }

    /// How many; it chooses the plural form.
    #[must_use]
    pub fn n(self, count: impl Into<u64>) -> Self {
        self.count("n", count)
    }

    /// Puts in a number that chooses nothing.
    #[must_use]
    pub fn count(self, name: &str, count: impl Into<u64>) -> Self {
        self.with(name, ArgValue::Count { count: count.into() })
    }

    /// Puts in a moment.
    #[must_use]
    pub fn at(self, at: Timestamp) -> Self {
        self.with("at", ArgValue::Moment { at })
    }

    pub(crate) fn day(self, iso: &str) -> Self {
        self.with("day", ArgValue::Day { iso: iso.to_owned() })
    }

    pub(crate) fn person(self, name: &str, person: PersonId) -> Self {
        self.with(name, ArgValue::Person { person })
    }

    pub(crate) fn people(self, name: &str, people: Vec<PersonId>) -> Self {
        self.with(name, ArgValue::People { people })
    }

    /// Puts in words of the catalogue.
    #[must_use]
    pub fn word(self, name: &str, key: &str) -> Self {
        self.with(name, ArgValue::Word { key: key.to_owned() })
    }

    /// Puts in what a role is called.
    #[must_use]
    pub fn role(self, role: Role) -> Self {
        self.word("role", &format!("role.{role}"))
    }

    /// A field's label, put in.
    pub(crate) fn field(self, name: &str) -> Self {
        match crate::forms::field_key(name) {
            Some(key) => self.word("field", key),
            None => self.text("field", &name.replace('_', " ")),
        }
    }
}
