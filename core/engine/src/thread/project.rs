//! From records to rows: the same on all devices that hold the same changes and roster.

use std::collections::BTreeMap;

use tandem_proto::{PersonId, Timestamp};

use super::{
    actor::Authors,
    fold::Fold,
    kind, schema,
    standing::{Standing, place, standing},
};
use crate::{Author, EntryId, Fields, Quote, Remark, ThreadRow};

/// What rows are made from.
pub(crate) struct Projection<'a> {
    /// What the changes say.
    pub(crate) fold: &'a Fold,
    /// Who is who.
    pub(crate) who: &'a dyn Authors,
    /// Who looks.
    pub(crate) me: PersonId,
    /// Says of an entry that it came after later ones, and when.
    pub(crate) arrived: &'a dyn Fn(&EntryId) -> Option<Timestamp>,
}

impl Projection<'_> {
    /// All rows of a thread in their order: when they were said, then by id. Deliveries are left to
    /// the caller.
    #[must_use]
    pub(crate) fn rows(&self) -> Vec<ThreadRow> {
        let mut names: BTreeMap<PersonId, &str> = BTreeMap::new();
        let mut rows: Vec<ThreadRow> = self
            .fold
            .entries()
            .filter_map(|(entry, record)| {
                let stands = standing(record, self.who)?;
                let person = stands.author.person;
                let name = *names
                    .entry(person)
                    .or_insert_with(|| self.fold.facts().name(&person, self.who));
                Some(self.finish(*entry, stands, name))
            })
            .collect();
        rows.sort_by_key(|row| (row.at, row.entry));
        rows
    }

    /// The last of these rows, without making the others.
    #[must_use]
    pub(crate) fn last_row(&self) -> Option<ThreadRow> {
        let place = |(entry, record)| Some((place(record, self.who)?, entry));
        let (_, entry) = self.fold.entries().filter_map(place).max()?;
        let stands = standing(self.fold.entry(entry)?, self.who)?;
        let name = self.fold.facts().name(&stands.author.person, self.who);
        Some(self.finish(*entry, stands, name))
    }

    /// An entry as what answers it quotes it, if it is here.
    #[must_use]
    pub(crate) fn quote(&self, entry: &EntryId) -> Option<Quote> {
        let stands = standing(self.fold.entry(entry)?, self.who)?;
        let (person, role) = (stands.author.person, stands.author.role);
        let name = self.fold.facts().name(&person, self.who).to_owned();
        let line = headline(&stands.name, &stands.fields).chars().take(Quote::CHARS).collect();
        Some(Quote { author: Author { person, name, role }, line })
    }

    fn finish(&self, entry: EntryId, stands: Standing, name: &str) -> ThreadRow {
        let person = stands.author.person;
        let mut remarks = stands.remarks;
        remarks.extend((self.arrived)(&entry).map(Remark::ArrivedLate));
        let mut fields = stands.fields;
        if let Some(state) = stands.state {
            fields.insert(schema::STATE.to_owned(), state.to_string());
        }
        ThreadRow {
            entry,
            kind: stands.name,
            author: Author { person, name: name.to_owned(), role: stands.author.role },
            mine: person == self.me,
            at: stands.at,
            answers: stands.answers,
            quoted: stands.answers.and_then(|entry| self.quote(&entry)),
            fields,
            delivery: None,
            remarks,
        }
    }
}

/// The field that stands for an entry in a list; of a kind this version does not have, the first.
#[must_use]
pub(crate) fn headline<'a>(kind: &str, fields: &'a Fields) -> &'a str {
    let field = match kind::find(kind) {
        Some(kind) => fields.get(kind.headline),
        None => fields.values().next(),
    };
    field.map(String::as_str).unwrap_or_default()
}
