//! Phrases as sentences, from the catalogue: for the terminal and for tests.

use tandem_catalogue::{Catalogue, put_in};
use tandem_proto::{PersonId, Timestamp};

use crate::{ArgValue, Phrase};

/// What a sentence takes from whoever shows it.
pub trait Place {
    /// A person's name as this device has it.
    fn person(&self, person: &PersonId) -> Option<String>;

    /// A moment in words.
    fn moment(&self, at: Timestamp) -> String;

    /// Other people's text, made safe for a line.
    fn plain(&self, text: &str) -> String;
}

/// Says phrases in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice(Catalogue);

impl Voice {
    /// A voice with these words.
    #[must_use]
    pub const fn new(catalogue: Catalogue) -> Self {
        Self(catalogue)
    }

    /// The words that it says.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.0
    }

    /// A phrase as a sentence.
    #[must_use]
    pub fn say(&self, phrase: &Phrase, place: &impl Place) -> String {
        let count = phrase.args.iter().find_map(|arg| match arg.value {
            ArgValue::Count { count } if arg.name == "n" => Some(count),
            _ => None,
        });
        let template = self.0.form(&phrase.key, count);
        let value = |name: &str| {
            let arg = phrase.args.iter().find(|arg| arg.name == name)?;
            Some(self.value(&arg.value, place))
        };
        put_in(template, value)
    }

    /// Several phrases, one sentence after another.
    #[must_use]
    pub fn say_all(&self, phrases: &[Phrase], place: &impl Place) -> String {
        let said: Vec<String> = phrases.iter().map(|phrase| self.say(phrase, place)).collect();
        said.join(" ")
    }

    fn value(&self, value: &ArgValue, place: &impl Place) -> String {
        match value {
            ArgValue::Text { text } => place.plain(text),
            ArgValue::Count { count } => count.to_string(),
            ArgValue::Moment { at } => place.moment(*at),
            ArgValue::Day { iso } => iso.clone(),
            ArgValue::Person { person } => self.name(person, place),
            ArgValue::People { people } => self.list(people, place),
            ArgValue::Word { key } => self.0.form(key, None).to_owned(),
        }
    }

    fn name(&self, person: &PersonId, place: &impl Place) -> String {
        place.person(person).unwrap_or_else(|| self.0.form("someone.anyone", None).to_owned())
    }

    /// `Ana`, `Ana and Sam`, `Ana, Sam and Ms Rivera`.
    fn list(&self, people: &[PersonId], place: &impl Place) -> String {
        let mut names = people.iter().map(|person| self.name(person, place));
        let mut said = names.next().unwrap_or_default();
        let rest: Vec<String> = names.collect();
        for (at, next) in rest.iter().enumerate() {
            let (key, name) = match at + 1 == rest.len() {
                true => ("list.and", "last"),
                false => ("list.comma", "next"),
            };
            said = put_in(self.0.form(key, None), |place| match place {
                "before" => Some(said.clone()),
                place if place == name => Some(next.clone()),
                _ => None,
            });
        }
        said
    }
}
