//! From records to rows: the same on all devices that hold the same changes and roster.

use std::collections::BTreeMap;

use tandem_proto::{PersonId, Timestamp};

use super::{actor::Authors, fold::Fold, kind, schema, standing::standing};
use crate::{Author, EntryId, Fields, Remark, ThreadRow};

/// All rows of a thread in their order: when they were said, then by id. `arrived` says of an
/// entry that it came after later ones, and when. Deliveries are left to the caller.
#[must_use]
pub(crate) fn rows(
    fold: &Fold,
    who: &dyn Authors,
    me: PersonId,
    arrived: &dyn Fn(&EntryId) -> Option<Timestamp>,
) -> Vec<ThreadRow> {
    let mut names: BTreeMap<PersonId, &str> = BTreeMap::new();
    let mut rows: Vec<ThreadRow> = fold
        .entries()
        .filter_map(|(entry, record)| {
            let stands = standing(record, who)?;
            let person = stands.author.person;
            let name = *names.entry(person).or_insert_with(|| fold.facts().name(&person, who));
            let mut remarks = stands.remarks;
            remarks.extend(arrived(entry).map(Remark::ArrivedLate));
            let mut fields = stands.fields;
            if let Some(state) = stands.state {
                fields.insert(schema::STATE.to_owned(), state.to_string());
            }
            Some(ThreadRow {
                entry: *entry,
                kind: stands.name,
                author: Author { person, name: name.to_owned(), role: stands.author.role },
                mine: person == me,
                at: stands.at,
                answers: stands.answers,
                fields,
                delivery: None,
                remarks,
            })
        })
        .collect();
    rows.sort_by_key(|row| (row.at, row.entry));
    rows
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
