//! What Tandem says, by key, in every language that it speaks (`en.toml`, `es.toml`).
//!
//! One catalogue for the terminal and both phones: the terminal reads it from here, phones have it as their
//! platforms' resources, which `cargo xtask words` writes. A key is a section and a name: `delivery.seen`. What
//! stands in braces is put in by name (`docs/screens.md`).

use std::{borrow::Cow, collections::BTreeMap};

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
            Self::English => include_str!("../en.toml"),
            Self::Spanish => include_str!("../es.toml"),
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

    /// The words of a key for a number. A key that is missing is said as itself: a test looks for those.
    #[must_use]
    pub fn form<'a>(&'a self, key: &'a str, count: Option<u64>) -> &'a str {
        self.words.get(key).and_then(|words| words.form(count)).unwrap_or(key)
    }
}

/// Puts what is known into `{name}`; what is not stays as it stands. What was put in is not looked at again.
#[must_use]
pub fn put_in(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
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
