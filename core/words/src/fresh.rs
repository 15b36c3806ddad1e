//! How fresh a screen is: the honest line under its title.

use tandem_engine::{InboxRow, JoinRow, JoinState};
use tandem_proto::Timestamp;

use crate::Phrase;

/// How the line to the relay is, as far as a person has something of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// Nobody has wanted to be connected, or it was hung up.
    Idle,
    /// In touch.
    Live,
    /// Being tried.
    Dialing,
    /// It could not be reached.
    NoSignal,
    /// What answers has another key.
    WrongKey,
    /// It ended the connection.
    Closed,
    /// It does not serve this device, or its school.
    TurnedAway,
}

/// What is said under the inbox's title: up to when everything is here, how the line is if it is not well,
/// and what waits.
#[must_use]
pub fn home_line(inbox: &[InboxRow], joins: &[JoinRow], line: Line) -> Vec<Phrase> {
    let sum = |of: fn(&InboxRow) -> u32| inbox.iter().map(|row| u64::from(of(row))).sum::<u64>();
    let own = joins.iter().filter(|row| row.knocking.is_none() && row.state == JoinState::Joining);
    // Where nothing comes or goes any more, nothing can be fresh.
    let open: Vec<&InboxRow> = inbox.iter().filter(|row| row.role.is_some()).collect();
    let waiting = sum(|row| row.waiting);
    let mut said = match open.as_slice() {
        [] => quiet(None, waiting, line),
        // What the most backward thread says.
        open => fresh(open.iter().map(|row| row.as_of).min().flatten(), waiting, line),
    };
    let joins = own.count() as u64;
    said.extend((joins > 0).then(|| Phrase::new("fresh.joins").n(joins)));
    let stuck = sum(|row| row.stuck);
    said.extend((stuck > 0).then(|| Phrase::new("fresh.stuck").n(stuck)));
    said
}

/// The same of one thread or all: up to when, the line, and what waits.
#[must_use]
pub fn fresh(as_of: Option<Timestamp>, waiting: u64, line: Line) -> Vec<Phrase> {
    let well = waiting == 0 && matches!(line, Line::Idle | Line::Live | Line::Dialing);
    let since = match as_of {
        Some(at) if well => Phrase::new("fresh.all").at(at),
        Some(at) => Phrase::new("fresh.as_of").at(at),
        None => Phrase::new("fresh.never"),
    };
    let mut said = vec![since];
    said.extend(quiet(as_of, waiting, line));
    said
}

/// How the line is if it is not well, and what waits.
fn quiet(as_of: Option<Timestamp>, waiting: u64, line: Line) -> Vec<Phrase> {
    let trouble = match line {
        Line::Idle | Line::Live => None,
        Line::Dialing => Some("fresh.dialing"),
        Line::NoSignal if as_of.is_some() => Some("fresh.no_signal_now"),
        Line::NoSignal => Some("fresh.no_signal"),
        Line::WrongKey => Some("link.wrong_key"),
        Line::Closed => Some("link.closed"),
        Line::TurnedAway => Some("link.turned_away"),
    };
    let waits = (waiting > 0).then(|| Phrase::new("fresh.waits").n(waiting));
    trouble.map(Phrase::new).into_iter().chain(waits).collect()
}
