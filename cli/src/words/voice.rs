//! The catalogue's sentences, in the language that the locale asks for, with the names that this device has.

use std::{collections::BTreeMap, env, sync::OnceLock};

use tandem_catalogue::{Catalogue, Language};
use tandem_engine::{Author, InboxRow, ThreadRow};
use tandem_proto::{PersonId, ThreadId, Timestamp};
use tandem_words::{Phrase, Place, Voice};

use crate::{clock::moment, plain};

/// What a locale is named by, the first that is set.
const LOCALE: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

fn voice() -> &'static Voice {
    static VOICE: OnceLock<Voice> = OnceLock::new();
    VOICE.get_or_init(|| {
        let locale =
            LOCALE.into_iter().find_map(|name| env::var(name).ok().filter(|l| !l.is_empty()));
        let language = locale.and_then(|locale| Language::of_locale(&locale));
        let catalogue = Catalogue::of(language.unwrap_or(Language::English));
        Voice::new(catalogue.expect("a test reads the catalogue of every language"))
    })
}

/// A phrase as a sentence.
pub(crate) fn say(phrase: &Phrase, names: &Names, now: Timestamp) -> String {
    voice().say(phrase, &Here { names, now })
}

/// Several, one after another.
pub(crate) fn say_all(phrases: &[Phrase], names: &Names, now: Timestamp) -> String {
    voice().say_all(phrases, &Here { names, now })
}

/// A list of names of the calendar: days from Sunday, or months.
pub(crate) fn calendar(key: &'static str) -> Vec<&'static str> {
    voice().catalogue().form(key, None).split(' ').collect()
}

struct Here<'a> {
    names: &'a Names,
    now: Timestamp,
}

impl Place for Here<'_> {
    fn person(&self, person: &PersonId) -> Option<String> {
        self.names.names.get(person).map(|name| plain::line(name))
    }

    fn moment(&self, at: Timestamp) -> String {
        moment(at, self.now)
    }

    fn plain(&self, text: &str) -> String {
        plain::line(text)
    }
}

/// People's names, as far as this device knows them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Names {
    names: BTreeMap<PersonId, String>,
    others: bool,
}

impl Names {
    /// The names in an inbox.
    pub(crate) fn of_inbox<'a>(rows: impl IntoIterator<Item = &'a InboxRow>) -> Self {
        let mut names = Self::default();
        rows.into_iter().for_each(|row| names.add_row(row));
        names
    }

    /// Adds the names in one thread.
    pub(crate) fn add_people(&mut self, inbox: &[InboxRow], thread: ThreadId) {
        inbox.iter().filter(|row| row.thread == thread).for_each(|row| self.add_row(row));
    }

    /// Adds the names of those who said something.
    pub(crate) fn add_rows(&mut self, rows: &[ThreadRow]) {
        rows.iter().for_each(|row| self.add(&row.author));
    }

    fn add_row(&mut self, row: &InboxRow) {
        row.people.iter().for_each(|author| self.add(author));
        self.others |= row.people.iter().any(|who| !who.keeps_records());
    }

    pub(crate) fn add(&mut self, author: &Author) {
        if !author.name.is_empty() {
            self.names.insert(author.person, author.name.clone());
        }
    }

    /// Whether anybody else takes part.
    pub(super) const fn others(&self) -> bool {
        self.others
    }

    #[cfg(test)]
    pub(super) fn with_others(mut self) -> Self {
        self.others = true;
        self
    }

    /// A person's name as they wrote it, or words in its place: for scripts.
    pub(crate) fn of(&self, person: &PersonId) -> &str {
        self.names.get(person).map_or("someone in this thread", String::as_str)
    }
}
