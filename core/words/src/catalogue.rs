//! The catalogue: words by key and language, and sentences made of them.

use std::{borrow::Cow, collections::BTreeMap};

use tandem_proto::{PersonId, Timestamp};

use crate::{ArgValue, Phrase};

/// A language that everything is said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// Its code (ISO 639-1).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// The language that a locale like `es_ES.UTF-8` asks for, if there is a catalogue in it.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        let code = locale.split(['_', '-', '.', '@']).next()?;
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    const fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../catalogue/en.toml"),
            Self::Spanish => include_str!("../catalogue/es.toml"),
        }
    }
}

/// The words of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// The same for any number.
    Always(String),
    /// By plural form (CLDR's names: `one`, `many`, `other`), chosen by `{n}`.
    Plural(BTreeMap<String, String>),
}

impl Words {
    /// Every form.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        let (always, plural) = match self {
            Self::Always(words) => (Some(words.as_str()), None),
            Self::Plural(forms) => (None, Some(forms.values().map(String::as_str))),
        };
        always.into_iter().chain(plural.into_iter().flatten())
    }

    /// The form for a number. Both languages have one form for 1 and one for the rest.
    fn form(&self, count: Option<u64>) -> Option<&str> {
        match self {
            Self::Always(words) => Some(words),
            Self::Plural(forms) => {
                let form = if count == Some(1) { "one" } else { "other" };
                forms.get(form).map(String::as_str)
            }
        }
    }
}

/// What a sentence takes from whoever shows it.
pub trait Place {
    /// A person's name as this device has it.
    fn person(&self, person: &PersonId) -> Option<String>;

    /// A moment in words.
    fn moment(&self, at: Timestamp) -> String;

    /// Other people's text, made safe for a line.
    fn plain(&self, text: &str) -> String;
}

/// Words by key, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    words: BTreeMap<String, Words>,
}

/// A catalogue that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// It is no TOML.
    #[error("{0}")]
    NotToml(String),
    /// Something in it is neither words nor plural forms.
    #[error("{0} is neither words nor a table of plural forms with `one` and `other`")]
    BadWords(String),
}

impl Catalogue {
    /// The catalogue of a language, as this version has it.
    ///
    /// # Errors
    /// [`CatalogueError`]; a test reads all of them.
    pub fn of(language: Language) -> Result<Self, CatalogueError> {
        Self::read(language.source())
    }

    /// Reads a catalogue: sections of keys.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub fn read(text: &str) -> Result<Self, CatalogueError> {
        let sections: toml::Table =
            toml::from_str(text).map_err(|error| CatalogueError::NotToml(error.to_string()))?;
        let mut all = BTreeMap::new();
        for (section, keys) in sections {
            let keys = keys.as_table().ok_or_else(|| CatalogueError::BadWords(section.clone()))?;
            for (name, value) in keys {
                let key = format!("{section}.{name}");
                let words = words(value).ok_or_else(|| CatalogueError::BadWords(key.clone()))?;
                all.insert(key, words);
            }
        }
        Ok(Self { words: all })
    }

    /// Every key with its words, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Words)> {
        self.words.iter().map(|(key, words)| (key.as_str(), words))
    }

    /// The words of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Words> {
        self.words.get(key)
    }

    /// A phrase as a sentence. A key that is missing is said as itself: a test looks for those.
    #[must_use]
    pub fn say(&self, phrase: &Phrase, place: &impl Place) -> String {
        let count = phrase.args.iter().find_map(|arg| match arg.value {
            ArgValue::Count { count } if arg.name == "n" => Some(count),
            _ => None,
        });
        let template = self.form(&phrase.key, count);
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

    fn form<'a>(&'a self, key: &'a str, count: Option<u64>) -> &'a str {
        self.words.get(key).and_then(|words| words.form(count)).unwrap_or(key)
    }

    fn value(&self, value: &ArgValue, place: &impl Place) -> String {
        match value {
            ArgValue::Text { text } => place.plain(text),
            ArgValue::Count { count } => count.to_string(),
            ArgValue::Moment { at } => place.moment(*at),
            ArgValue::Day { iso } => iso.clone(),
            ArgValue::Person { person } => self.name(person, place),
            ArgValue::People { people } => self.list(people, place),
            ArgValue::Word { key } => self.form(key, None).to_owned(),
        }
    }

    fn name(&self, person: &PersonId, place: &impl Place) -> String {
        place.person(person).unwrap_or_else(|| self.form("someone.anyone", None).to_owned())
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
            said = put_in(self.form(key, None), |place| match place {
                "before" => Some(said.clone()),
                place if place == name => Some(next.clone()),
                _ => None,
            });
        }
        said
    }
}

/// Puts what is known into `{name}`; what is not stays as it stands. What was put in is not looked at again.
fn put_in(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut said = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, behind) = rest.split_at(open);
        said.push_str(before);
        let Some(close) = behind.find('}') else { break };
        let put = value(&behind[1..close]).map_or(Cow::Borrowed(&behind[..=close]), Cow::Owned);
        said.push_str(&put);
        rest = &behind[close + 1..];
    }
    said.push_str(rest);
    said
}

/// The places of a template, by name.
pub fn places(template: &str) -> impl Iterator<Item = &str> {
    let opened = template.split('{').skip(1);
    opened.filter_map(|behind| behind.split_once('}')).map(|(name, _)| name)
}

fn words(value: &toml::Value) -> Option<Words> {
    if let Some(words) = value.as_str() {
        return Some(Words::Always(words.to_owned()));
    }
    let mut forms = BTreeMap::new();
    for (form, words) in value.as_table()? {
        forms.insert(form.clone(), words.as_str()?.to_owned());
    }
    (forms.contains_key("one") && forms.contains_key("other")).then_some(Words::Plural(forms))
}
