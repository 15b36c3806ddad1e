//! Rows as lines of text.

use std::fmt::Write;

use tandem_engine::{
    InboxRow, InviteRow, JoinRow, MemberRow, OfferRow, RetentionRow, ThreadRow, UptakeRow,
    WaitingRow,
};
use tandem_proto::Timestamp;

use crate::{
    clock, plain,
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
    let mut out = plain::fit(&format!("{}  {}", short(row.thread), plain::line(&row.title)));
    if let Some(erased) = &row.erased {
        belongs(&mut out, &words::erased(erased, now));
    }
    let people: Vec<_> = row.people.iter().map(words::author).collect();
    if !people.is_empty() {
        belongs(&mut out, &words::with(&people.join(", ")));
    }
    for warning in words::warnings(row, now) {
        belongs(&mut out, &warning);
    }
    if let Some(last) = &row.last {
        let (when, text) = (clock::moment(last.at, now), plain::line(&last.text));
        belongs(&mut out, &format!("{when} {}: {text}", words::author(&last.author)));
    }
    if row.erased.is_some() {
        return out;
    }
    let mut stands = words::stands(row, now);
    if row.unseen > 0 {
        let _ = write!(stands, " {}", words::unread(row.unseen));
    }
    if row.stuck > 0 {
        let _ = write!(stands, " {}", words::stuck(row.stuck));
    }
    belongs(&mut out, &stands);
    out
}

/// How long this home keeps its threads, and which goes when.
pub(crate) fn retention(row: &RetentionRow, now: Timestamp) -> String {
    let mut out = plain::fit(&words::term(row.days));
    for row in &row.threads {
        let _ = write!(out, "\n\n{}  {}", short(row.thread), plain::line(&row.title));
        belongs(&mut out, &words::kept(&row.kept, now));
    }
    out
}

/// Adds a line that belongs to a row.
fn belongs(out: &mut String, text: &str) {
    let _ = write!(out, "\n{}", plain::fit(&format!("  {text}")));
}

/// A join that waits, on either side.
pub(crate) fn joining(row: &JoinRow, now: Timestamp) -> String {
    format!("{}  {}", short(row.thread), words::join(row, now))
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
    if !row.is_entry() {
        let event = format!("{} {}", clock::time(row.at), words::event(row));
        return plain::fit(&event);
    }
    let (time, kind) = (clock::time(row.at), words::kind(&row.kind));
    let mut head = format!("{time} {kind} · {who}  [{}]", short(row.entry));
    if let Some(answered) = row.answers {
        let _ = write!(head, " answers [{}]", short(answered));
    }
    let mut out = plain::fit(&head);
    for part in tandem_words::row(row, None, false).parts {
        let lead = part.label.map_or_else(String::new, |label| format!("{}: ", words::put(&label)));
        let said = part.said.map(|said| words::put(&said));
        let value = part.text.or(said).unwrap_or_default();
        let _ = write!(out, "\n{}", plain::block(&format!("  {lead}"), &value));
    }
    for remark in &row.remarks {
        belongs(&mut out, &words::remark(remark, names, now));
    }
    if let Some(delivery) = &row.delivery {
        belongs(&mut out, &words::delivery(delivery, names, now));
    }
    out
}

/// A person who is in a thread.
pub(crate) fn member(row: &MemberRow, now: Timestamp) -> String {
    let who = words::author(&row.author);
    let mut out = plain::fit(&format!("{who}  [{}]", short(row.author.person)));
    let mut names = Names::default();
    row.vouched_by.iter().for_each(|by| names.add(by));
    let said = tandem_words::member(row);
    for phrase in said.sentences.iter().chain(&said.devices) {
        belongs(&mut out, &words::say(phrase, &names, now));
    }
    for warning in words::misdeeds(row) {
        belongs(&mut out, &warning);
    }
    out
}

/// An invite of this home.
pub(crate) fn invite(row: &InviteRow, title: &str, now: Timestamp) -> String {
    let mut out = plain::fit(&format!("{}  {}", short(row.invite), plain::line(title)));
    let mut names = Names::default();
    row.used_by.iter().for_each(|by| names.add(by));
    belongs(&mut out, &words::say_all(&tandem_words::invite(row).sentences, &names, now));
    out
}

/// This phone's offer to be let in, and what to type about it.
pub(crate) fn offer(row: &OfferRow, now: Timestamp) -> String {
    let said = words::say_all(&tandem_words::offer(row).sentences, &Names::default(), now);
    plain::fit(&match words::offer_hint(&row.state) {
        Some(hint) => format!("{said} {hint}"),
        None => said,
    })
}

/// A phone that this one lets in.
pub(crate) fn uptake(row: &UptakeRow, names: &Names, now: Timestamp) -> String {
    let said = tandem_words::uptake(row).sentences;
    let mut lines = said.iter().map(|phrase| words::say(phrase, names, now));
    let whose = lines.next().unwrap_or_default();
    let mut out = plain::fit(&format!("{}  {whose}", short(row.device)));
    lines.for_each(|line| belongs(&mut out, &line));
    out
}

/// Something that waits to leave.
pub(crate) fn waiting(row: &WaitingRow, title: &str, names: &Names, now: Timestamp) -> String {
    let entry = row.entry.map(|entry| format!("[{}]", short(entry)));
    let what = words::waiting(&row.what, entry.as_deref());
    let stands = words::delivery(&row.delivery, names, now);
    plain::fit(&words::waits_in(&what, &plain::line(title), &stands))
}
