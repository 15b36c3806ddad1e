//! A thread as a whole: how fresh it is, what to be careful about, and whether anything can be written in it.

use tandem_engine::{ErasedRow, InboxRow, Kept, WaitsFor};
use tandem_proto::{ErasedBecause, PersonId, Role};

use crate::{Line, Mark, Phrase, Stands, delivery, event::someone, fresh::fresh};

/// What is said of a thread beside its title and its last words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct InboxWords {
    /// Up to when it is here, how the line is if it is not well, what waits and what is stuck.
    pub fresh: Vec<Phrase>,
    /// What to know or be careful about, one after another.
    pub warnings: Vec<Aside>,
    /// All that is said below the last words in the inbox: what waits and is stuck, why nothing can be
    /// written, the warnings.
    pub asides: Vec<Aside>,
    /// How the last words stand, when they are this person's own.
    pub last: Option<Stands>,
    /// Why nothing can be written in it; none when it can.
    pub closed: Option<Phrase>,
    /// Whether nobody else takes part.
    pub alone: bool,
}

/// Something said beside a thread's last words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Aside {
    /// What.
    pub said: Phrase,
    /// The shorthand before it; none for what is only to be known.
    pub mark: Option<Mark>,
    /// Whether it does not go on without this person.
    pub needs_you: bool,
}

/// What is said of a thread.
#[must_use]
pub fn inbox(row: &InboxRow, line: Line) -> InboxWords {
    let closed = closed(row);
    // Where nothing comes or goes any more, nothing is fresh.
    let mut said = match row.role {
        Some(_) => fresh(row.as_of, row.waiting.into(), line),
        None => Vec::new(),
    };
    if row.erased.is_none() && row.stuck > 0 {
        said.push(Phrase::new("fresh.stuck").n(row.stuck));
    }
    let alone = row.people.iter().all(|who| who.keeps_records());
    let own = row.last.as_ref().and_then(|last| last.delivery.as_ref());
    let warnings = warnings(row);
    InboxWords {
        fresh: said,
        asides: asides(row, closed.clone(), warnings.clone()),
        last: own.map(|state| delivery(state, alone)),
        warnings,
        closed,
        alone,
    }
}

fn asides(row: &InboxRow, closed: Option<Phrase>, warnings: Vec<Aside>) -> Vec<Aside> {
    let waits = (row.waiting > 0).then(|| Aside {
        said: Phrase::new("fresh.waits").n(row.waiting),
        mark: Some(Mark::Phone),
        needs_you: false,
    });
    let stuck = (row.stuck > 0).then(|| Aside {
        said: Phrase::new("fresh.stuck").n(row.stuck),
        mark: Some(Mark::Stopped),
        needs_you: true,
    });
    waits.into_iter().chain(stuck).chain(closed.map(quiet)).chain(warnings).collect()
}

/// Only to be known.
const fn quiet(said: Phrase) -> Aside {
    Aside { said, mark: None, needs_you: false }
}

fn closed(row: &InboxRow) -> Option<Phrase> {
    match (&row.erased, row.newer_version_needed, row.role) {
        (Some(erased), ..) => Some(self::erased(erased)),
        (None, true, _) => Some(Phrase::new("closed.newer")),
        (None, false, None) => Some(Phrase::new("closed.out")),
        (None, false, Some(Role::Archive)) => Some(Phrase::new("closed.records")),
        (None, false, Some(_)) => None,
    }
}

/// That a thread was erased at the relay, and what that leaves.
#[must_use]
pub fn erased(row: &ErasedRow) -> Phrase {
    match (row.words.trim(), row.because) {
        ("", ErasedBecause::Operator) => Phrase::new("closed.erased").at(row.at),
        ("", ErasedBecause::Retention) => Phrase::new("closed.erased_quiet").at(row.at),
        (words, _) => Phrase::new("closed.erased_words").at(row.at).text("words", words),
    }
}

fn warnings(row: &InboxRow) -> Vec<Aside> {
    let mut said = Vec::new();
    if row.desk {
        said.push(quiet(Phrase::new("inbox_row.desk")));
    }
    let here = |people: &[PersonId]| -> Vec<PersonId> {
        let known = row.people.iter().map(|who| who.person);
        known.filter(|person| people.contains(person)).collect()
    };
    if !row.other_log.is_empty() {
        let careful = match here(&row.other_log) {
            others if others.is_empty() => Phrase::new("inbox_row.other_log_own"),
            others => Phrase::new("inbox_row.other_log").people("who", others),
        };
        said.push(Aside { needs_you: true, ..quiet(careful) });
    }
    let unverified = here(&row.unverified);
    if !unverified.is_empty() {
        said.push(quiet(Phrase::new("inbox_row.unverified").people("who", unverified)));
    }
    for who in row.people.iter().filter(|who| who.keeps_records()) {
        let reads = Phrase::new("inbox_row.records");
        said.push(quiet(match who.name.as_str() {
            "" => reads.word("who", someone(Some(who.role))),
            _ => reads.person("who", who.person),
        }));
    }
    said.extend(row.kept.iter().flat_map(kept).map(quiet));
    said
}

/// Until when a thread is kept on this phone, and what it is kept for beyond that.
#[must_use]
pub fn kept(kept: &Kept) -> Vec<Phrase> {
    let waits = kept.waits_for.map(|waits| match waits {
        WaitsFor::Words => "inbox_row.kept_words",
        WaitsFor::Invite => "inbox_row.kept_invite",
        WaitsFor::OwnDevice => "inbox_row.kept_own_device",
        WaitsFor::Leaving => "inbox_row.kept_leaving",
    });
    let until = Phrase::new("inbox_row.kept").at(kept.until);
    std::iter::once(until).chain(waits.map(Phrase::new)).collect()
}
