//! Rows as lines of text.

use std::fmt::Write;

use tandem_engine::{InboxRow, JoinRow, ThreadRow, WaitingRow};
use tandem_proto::Timestamp;

use crate::{
    clock,
    words::{self, Names},
};

/// How many letters of an id are shown: enough to tell any two apart that a person meets.
const SHORT: usize = 8;

/// The first letters of an id, which commands take in its place.
pub(crate) fn short(id: impl ToString) -> String {
    let mut id = id.to_string();
    id.truncate(SHORT);
    id
}

/// One thread of the inbox.
pub(crate) fn inbox(row: &InboxRow, now: Timestamp) -> String {
    let mut out = format!("{}  {}", short(row.thread), row.title);
    let people: Vec<_> = row.people.iter().map(words::author).collect();
    if !people.is_empty() {
        let _ = write!(out, "\n  With {}.", people.join(", "));
    }
    if let Some(last) = &row.last {
        let when = clock::moment(last.at, now);
        let _ = write!(out, "\n  {when} {}: {}", words::author(&last.author), last.text);
    }
    let _ = write!(out, "\n  {}", words::fresh(row.as_of, row.waiting, now));
    if row.unseen > 0 {
        let _ = write!(out, " {} not read yet.", row.unseen);
    }
    if row.stuck > 0 {
        let _ = write!(
            out,
            " {} for you: `tandem outbox`.",
            words::count(row.stuck, "thing waits", "things wait")
        );
    }
    out
}

/// A join that waits, on either side.
pub(crate) fn joining(row: &JoinRow, now: Timestamp) -> String {
    let since = clock::moment(row.since, now);
    match &row.knocking {
        Some(name) => format!(
            "{}  Someone who says their name is {name:?} asked at {since} with a link that was \
             used already. They are not let in. If you know them, make them a link of their own.",
            short(row.thread)
        ),
        None => format!("{}  Since {since}. {}", short(row.thread), words::join(&row.state)),
    }
}

/// A thread's rows, with a line for each day.
pub(crate) fn thread(rows: &[ThreadRow], names: &Names, now: Timestamp) -> String {
    let mut out = String::new();
    let mut day = String::new();
    for row in rows {
        let this = clock::day(row.at);
        if this != day {
            let _ = writeln!(out, "---- {this} ----\n");
            day = this;
        }
        let _ = writeln!(out, "{}\n", entry(row, names, now));
    }
    out
}

/// One entry.
pub(crate) fn entry(row: &ThreadRow, names: &Names, now: Timestamp) -> String {
    let who = if row.mine { "you".to_owned() } else { words::author(&row.author) };
    let mut out = format!(
        "{} {} · {who}  [{}]",
        clock::time(row.at),
        words::label(&row.kind),
        short(row.entry)
    );
    if let Some(answered) = row.answers {
        let _ = write!(out, " answers [{}]", short(answered));
    }
    // What was said comes first, what belongs to it after.
    let (first, rest): (Vec<_>, Vec<_>) =
        row.fields.iter().partition(|(name, _)| matches!(name.as_str(), "text" | "what"));
    for (name, value) in first.into_iter().chain(rest) {
        let value = value.replace('\n', "\n    ");
        let _ = match name.as_str() {
            "text" | "what" => write!(out, "\n  {value}"),
            _ => write!(out, "\n  {}: {value}", words::label(name)),
        };
    }
    for remark in &row.remarks {
        let _ = write!(out, "\n  {}", words::remark(remark, names, now));
    }
    if let Some(delivery) = &row.delivery {
        let _ = write!(out, "\n  {}", words::delivery(delivery, names, now));
    }
    out
}

/// Something that waits to leave.
pub(crate) fn waiting(row: &WaitingRow, title: &str, names: &Names, now: Timestamp) -> String {
    let what =
        row.entry.map_or_else(|| words::NO_ENTRY.to_owned(), |entry| format!("[{}]", short(entry)));
    format!("{what} in {title}: {}", words::delivery(&row.delivery, names, now))
}
