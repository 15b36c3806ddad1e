//! Rows as lines of text.

use std::fmt::Write;

use tandem_engine::{
    InboxRow, InviteRow, InviteState, JoinRow, JoinState, MemberRow, OfferRow, OfferState,
    RetentionRow, ThreadRow, UptakeRow, UptakeState, WaitingRow,
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
    if row.desk {
        belongs(&mut out, "Your desk: only your own phones are in it.");
    }
    if let Some(erased) = &row.erased {
        belongs(&mut out, &words::erased(erased, now));
    }
    if let Some(kept) = &row.kept {
        belongs(&mut out, &words::kept(kept, now));
    }
    let people: Vec<_> = row.people.iter().map(words::author).collect();
    if !people.is_empty() {
        belongs(&mut out, &format!("With {}.", people.join(", ")));
    }
    for who in row.people.iter().filter(|who| who.keeps_records()) {
        belongs(&mut out, &words::keeps(who));
    }
    let unverified = row.people.iter().filter(|who| row.unverified.contains(&who.person));
    let unverified: Vec<_> = unverified.map(words::author).collect();
    if !unverified.is_empty() {
        belongs(&mut out, &format!("Not verified: {}.", unverified.join(", ")));
    }
    if let Some(warning) = other_log(row) {
        belongs(&mut out, &warning);
    }
    if let Some(last) = &row.last {
        let (when, text) = (clock::moment(last.at, now), plain::line(&last.text));
        belongs(&mut out, &format!("{when} {}: {text}", words::author(&last.author)));
    }
    if row.erased.is_some() {
        return out;
    }
    let mut stands = match row.newer_version_needed {
        true => words::NEWER_VERSION_NEEDED.to_owned(),
        false => words::fresh(row.as_of, row.waiting, now),
    };
    if row.unseen > 0 {
        let _ = write!(stands, " {} not read yet.", row.unseen);
    }
    if row.stuck > 0 {
        let stuck = words::count(row.stuck, "entry is", "entries are");
        let _ = write!(stands, " {stuck} not sent: `tandem outbox`.");
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

/// What the relay does not own up to, if it was found out.
pub(crate) fn other_log(row: &InboxRow) -> Option<String> {
    let shown = row.people.iter().filter(|who| row.other_log.contains(&who.person));
    let names: Vec<_> = shown.map(words::author).collect();
    (!row.other_log.is_empty()).then(|| words::other_log(&names))
}

/// Adds a line that belongs to a row.
fn belongs(out: &mut String, text: &str) {
    let _ = write!(out, "\n{}", plain::fit(&format!("  {text}")));
}

/// A join that waits, on either side.
pub(crate) fn joining(row: &JoinRow, now: Timestamp) -> String {
    let since = clock::moment(row.since, now);
    match &row.knocking {
        Some(name) => {
            let why = match &row.state {
                JoinState::Refused(why) => why.as_str(),
                JoinState::Joining | JoinState::Joined => "they wait",
            };
            format!(
                "{}  Someone who says their name is \"{}\" asked at {since} and is not let in: \
                 {why}. If you know them, make them a link of their own.",
                short(row.thread),
                plain::line(name)
            )
        }
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
    if !row.is_entry() {
        let event = format!("{} {}", clock::time(row.at), words::event(row));
        return plain::fit(&event);
    }
    let (time, kind) = (clock::time(row.at), words::label(&row.kind));
    let mut head = format!("{time} {kind} · {who}  [{}]", short(row.entry));
    if let Some(answered) = row.answers {
        let _ = write!(head, " answers [{}]", short(answered));
    }
    let mut out = plain::fit(&head);
    // What was said comes first, what belongs to it after.
    let (first, rest): (Vec<_>, Vec<_>) =
        row.fields.iter().partition(|(name, _)| matches!(name.as_str(), "text" | "what"));
    for (name, value) in first.into_iter().chain(rest) {
        let lead = match name.as_str() {
            "text" | "what" => "  ".to_owned(),
            _ => format!("  {}: ", words::label(name)),
        };
        let _ = write!(out, "\n{}", plain::block(&lead, value));
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
    let mut head = words::author(&row.author);
    if row.mine {
        head.push_str(", you");
    }
    let _ = write!(head, "  [{}]", short(row.author.person));
    let mut out = plain::fit(&head);
    if let Some(reads) = words::reads(row.author.role) {
        belongs(&mut out, reads);
    }
    let by = row.vouched_by.as_ref().map(words::author);
    belongs(
        &mut out,
        &match (row.verified, by) {
            (true, Some(by)) => format!("Verified by {by}."),
            (true, None) => "Verified.".to_owned(),
            (false, Some(by)) => format!("Not verified. Let in by {by}."),
            (false, None) => "Not verified. Founded this thread.".to_owned(),
        },
    );
    for key in &row.devices {
        let since = clock::moment(key.since, now);
        let mut line = format!("Device {}, since {since}", short(key.device));
        if !key.verified && row.devices.len() > 1 {
            line.push_str(", not verified");
        }
        if !key.seated {
            line.push_str(", without a key just now: it is given one when it asks");
        }
        line.push('.');
        belongs(&mut out, &line);
    }
    for misdeed in &row.misdeeds {
        belongs(&mut out, words::misdeed(*misdeed));
    }
    out
}

/// An invite of this home.
pub(crate) fn invite(row: &InviteRow, title: &str, now: Timestamp) -> String {
    let how = if row.in_person { ", to be shown in person" } else { "" };
    let mut out = plain::fit(&format!(
        "{}  for {} in {}{how}",
        short(row.invite),
        words::one(row.role),
        plain::line(title)
    ));
    let until = clock::moment(row.until, now);
    let by = row.used_by.as_ref().map_or_else(String::new, words::author);
    belongs(
        &mut out,
        &match row.state {
            InviteState::Open => format!("Open until {until}."),
            InviteState::Used => format!("Used by {by}."),
            InviteState::Expired => format!("Expired {until}."),
            InviteState::Revoked => "Revoked.".to_owned(),
        },
    );
    out
}

/// This phone's offer to be let in.
pub(crate) fn offer(row: &OfferRow, now: Timestamp) -> String {
    let until = clock::moment(row.until, now);
    plain::fit(&match &row.state {
        OfferState::Open => format!(
            "This phone waits to be let in, until {until}. `tandem device offer` shows its link again."
        ),
        OfferState::TakenUp { name, waiting } => format!(
            "{} lets this phone in. {} here yet: `tandem sync --once` brings what is on its way.",
            plain::line(name),
            words::count(*waiting, "thread is not", "threads are not")
        ),
        OfferState::Expired => {
            "This phone's link has expired. `tandem device offer` makes another.".to_owned()
        }
        OfferState::Refused(why) => format!("This phone is not let in: {why}."),
    })
}

/// A phone that this one lets in.
pub(crate) fn uptake(row: &UptakeRow, names: &Names, now: Timestamp) -> String {
    let whose = match row.mine {
        true => "Your other phone".to_owned(),
        false => format!("The new phone of {}", plain::line(names.of(&row.person))),
    };
    let mut out = plain::fit(&format!("{}  {whose}", short(row.device)));
    let since = clock::moment(row.since, now);
    belongs(
        &mut out,
        &match &row.state {
            UptakeState::Waiting => format!(
                "Since {since}. It is let in when both have been in touch: it first, then this phone, \
                 by `tandem sync --once`."
            ),
            UptakeState::LettingIn { threads, arrived } => format!(
                "It is let into {}, and was heard of in {arrived}.",
                words::count(*threads, "thread", "threads")
            ),
            UptakeState::Refused(why) => format!("Not let in: {}.", plain::line(why)),
        },
    );
    out
}

/// Something that waits to leave.
pub(crate) fn waiting(row: &WaitingRow, title: &str, names: &Names, now: Timestamp) -> String {
    let entry = row.entry.map(|entry| format!("[{}]", short(entry)));
    let what = words::waiting(&row.what, entry.as_deref());
    let stands = words::delivery(&row.delivery, names, now);
    plain::fit(&format!("{what} in {}: {stands}", plain::line(title)))
}
