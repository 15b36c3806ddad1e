//! What the terminal says of rows and states: the catalogue's sentences, in the language that the locale asks
//! for, and what to type next. A state is a sentence that a person can act on.

mod scripts;
mod voice;

use tandem_client::{LinkPhase, LinkState, Notice};
use tandem_engine::{
    Author, CursorRow, Delivery, ErasedRow, HomeSchool, InboxRow, JoinRow, JoinState, Kept,
    LinkFault, MemberRow, OfferState, Remark, StuckReason, ThreadRow, Waiting, WaitsFor,
};
use tandem_proto::{Closing, Enrolment, Role, Seq, Timestamp, Whom};
use tandem_words::{Line, Phrase};

pub(crate) use scripts::{
    join_name, link_name, remark_name, school_name, stuck_name, waiting_name,
};
pub(crate) use voice::{Names, calendar, say, say_all};

use crate::plain;

/// Words of the catalogue that nothing is put into.
fn fixed(key: &str) -> String {
    say(&Phrase::new(key), &Names::default(), Timestamp(0))
}

/// Words into which something is put that is neither a person nor a moment.
pub(crate) fn put(phrase: &Phrase) -> String {
    say(phrase, &Names::default(), Timestamp(0))
}

/// `1 thing`, `3 things`: for what is said in English only, to whoever runs a relay.
pub(crate) fn count(n: impl Into<u64>, one: &str, more: &str) -> String {
    let n = n.into();
    if n == 1 { format!("1 {one}") } else { format!("{n} {more}") }
}

/// What it is that waits; `entry` is the entry it is of, where it is of one.
pub(crate) fn waiting(what: &Waiting, entry: Option<&str>) -> String {
    match (what, entry) {
        (Waiting::Move(to), Some(entry)) => {
            let state = put(&tandem_words::state(*to));
            put(&Phrase::new("terminal.move").text("id", entry).text("state", &state))
        }
        (_, Some(entry)) => put(&Phrase::new("terminal.entry").text("id", entry)),
        (what, None) => put(&tandem_words::what_waits(*what)),
    }
}

/// What waits here, as `sync`, `threads` and `outbox` count it: entries, then own joins.
pub(crate) fn waits(entries: u32, joins: u32) -> String {
    let said: Vec<String> = [("terminal.waits_entries", entries), ("terminal.waits_joins", joins)]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(key, n)| put(&Phrase::new(key).n(n)))
        .collect();
    if said.is_empty() { fixed("terminal.nothing_waits") } else { said.join(" ") }
}

/// That no entry waits, though something else does.
pub(crate) fn no_entry_waits() -> String {
    fixed("terminal.no_entry_waits")
}

/// How far an own entry got, and what to type about it.
pub(crate) fn delivery(state: &Delivery, names: &Names, now: Timestamp) -> String {
    let stands = tandem_words::delivery(state, !names.others());
    let said = say_all(&stands.sentences, names, now);
    let hint = match state {
        Delivery::Stuck { reason: StuckReason::Broken, .. } => "terminal.hint_broken",
        Delivery::Stuck { reason: StuckReason::NotAdmitted, .. } => "terminal.hint_not_admitted",
        _ => return said,
    };
    format!("{said} {}", fixed(hint))
}

/// Who came or went.
pub(crate) fn event(row: &ThreadRow) -> String {
    let mut names = Names::default();
    names.add_rows(std::slice::from_ref(row));
    tandem_words::event(row).map_or_else(String::new, |event| say(&event, &names, row.at))
}

/// What somebody's devices did that no honest device does, and what to type about it.
pub(crate) fn misdeeds(row: &MemberRow) -> Vec<String> {
    let warnings = tandem_words::member(row).warnings;
    let hint = row.dispensable && !warnings.is_empty();
    let said = warnings.iter().map(put);
    said.chain(hint.then(|| fixed("terminal.hint_go_on"))).collect()
}

/// The school of this home, and what the relay said of it.
pub(crate) fn school(school: Option<&HomeSchool>) -> String {
    let Some(HomeSchool { school, enrolment }) = school else {
        return fixed("terminal.school_none");
    };
    let said = fixed(match enrolment {
        None => "terminal.school_waiting",
        Some(Enrolment::Enrolled) => "terminal.school_enrolled",
        Some(Enrolment::NoSuchPass) => "terminal.school_no_such_pass",
        Some(Enrolment::Full) => "terminal.school_full",
    });
    let id = &school.to_string()[..8];
    put(&Phrase::new("terminal.school").text("id", id).text("said", &said))
}

/// What a row says about itself beside its words.
pub(crate) fn remark(remark: &Remark, names: &Names, now: Timestamp) -> String {
    say(&tandem_words::remark(remark), names, now)
}

/// What to know or be careful about in a thread, and what to type about it.
pub(crate) fn warnings(row: &InboxRow, now: Timestamp) -> Vec<String> {
    let names = Names::of_inbox([row]);
    let warnings = tandem_words::inbox(row, Line::Idle).warnings;
    let said = warnings.iter().map(|warning| say(&warning.said, &names, now));
    said.chain(row.kept.as_ref().and_then(kept_hint)).collect()
}

/// What to type about a thread that is kept beyond its time.
fn kept_hint(row: &Kept) -> Option<String> {
    (row.waits_for == Some(WaitsFor::OwnDevice)).then(|| fixed("terminal.hint_own_device"))
}

/// That a thread was erased at the relay, and what that leaves.
pub(crate) fn erased(row: &ErasedRow, now: Timestamp) -> String {
    say(&tandem_words::erased(row), &Names::default(), now)
}

/// How long this home keeps a thread in which nothing is new.
pub(crate) fn term(days: Option<u32>) -> String {
    match days {
        None => fixed("terminal.term_never"),
        Some(days) => put(&Phrase::new("terminal.term").n(days)),
    }
}

/// Until when a thread is kept on this phone, and what it is kept for beyond that.
pub(crate) fn kept(row: &Kept, now: Timestamp) -> String {
    let said = say_all(&tandem_words::kept(row), &Names::default(), now);
    std::iter::once(said).chain(kept_hint(row)).collect::<Vec<_>>().join(" ")
}

/// Up to when a thread is here and what waits, or why nothing comes or goes in it any more.
pub(crate) fn stands(row: &InboxRow, now: Timestamp) -> String {
    let words = tandem_words::inbox(row, Line::Idle);
    // What is stuck is said with what to type.
    let fresh = match row.role {
        Some(_) => fresh(row.as_of, row.waiting, now),
        None => String::new(),
    };
    let closed = words.closed.map(|closed| say(&closed, &Names::default(), now));
    let said: Vec<String> =
        [fresh, closed.unwrap_or_default()].into_iter().filter(|said| !said.is_empty()).collect();
    said.join(" ")
}

/// How fresh a screen is, and what waits.
pub(crate) fn fresh(as_of: Option<Timestamp>, waiting: u32, now: Timestamp) -> String {
    let said = tandem_words::fresh(as_of, waiting.into(), Line::Idle);
    say_all(&said, &Names::default(), now)
}

/// That so many entries do not leave.
pub(crate) fn stuck(entries: u32) -> String {
    put(&Phrase::new("terminal.stuck").n(entries))
}

/// So many of others' entries were not on the screen yet.
pub(crate) fn unread(entries: u32) -> String {
    put(&Phrase::new("fresh.unread").n(entries))
}

/// With whom one is in a thread.
pub(crate) fn with(people: &str) -> String {
    put(&Phrase::new("terminal.with").text("people", people))
}

/// What waits, in which thread, and how it stands.
pub(crate) fn waits_in(what: &str, title: &str, stands: &str) -> String {
    let said = Phrase::new("terminal.waiting").text("what", what).text("title", title);
    put(&said.text("stands", stands))
}

/// What to type about this phone's offer.
pub(crate) fn offer_hint(state: &OfferState) -> Option<String> {
    let key = match state {
        OfferState::Open => "terminal.offer_again",
        OfferState::TakenUp { .. } => "terminal.hint_sync",
        OfferState::Expired => "terminal.offer_another",
        OfferState::Refused(_) => return None,
    };
    Some(fixed(key))
}

/// How far the renewal of a phone's keys is.
pub(crate) fn renewing(threads: Option<u32>) -> String {
    match threads {
        None => fixed("terminal.renewing_none"),
        Some(0) => fixed("terminal.renewing_known"),
        Some(n) => put(&Phrase::new("terminal.renewing").n(n)),
    }
}

/// How far a thread's log was read, and whether the relay has signed that.
pub(crate) fn cursor(row: &CursorRow, now: Timestamp) -> String {
    let read = match row.cursor.seq {
        Seq(0) => fixed("terminal.log_unread"),
        seq => put(&Phrase::new("terminal.log_read").text("seq", &seq.to_string())),
    };
    let said = match row.signed {
        Some(at) => Phrase::new("terminal.log_signed").at(at),
        None => Phrase::new("terminal.log_not_signed"),
    };
    say(&said.text("read", &read), &Names::default(), now)
}

/// How a join stands, and what to type about it.
pub(crate) fn join(row: &JoinRow, now: Timestamp) -> String {
    let said = say_all(&tandem_words::join(row).sentences, &Names::default(), now);
    match (&row.knocking, &row.state) {
        (None, JoinState::Joining) => format!("{said} {}", fixed("terminal.hint_sync")),
        _ => said,
    }
}

/// What became of a home that was damaged.
pub(crate) fn notice(notice: &Notice) -> String {
    match notice {
        Notice::StoreRebuilt { why, quarantine, kept, lost } => {
            put(&Phrase::new("terminal.rebuilt")
                .text("why", why)
                .text("kept", &kept.to_string())
                .text("lost", &lost.to_string())
                .text("folder", &quarantine.display().to_string()))
        }
    }
}

/// How the line is, told beside the rows while they are watched.
pub(crate) fn link(state: &LinkState) -> Option<String> {
    let key = match (state.phase, &state.last_fault) {
        (LinkPhase::Live, _) => "terminal.in_touch",
        (LinkPhase::Offline, Some(LinkFault::WrongKey)) => "terminal.wrong_key",
        (LinkPhase::Offline, Some(LinkFault::TurnedAway(why))) => away(why),
        (LinkPhase::Offline, Some(_)) => "fresh.no_signal",
        (LinkPhase::Offline, None) | (LinkPhase::Dialing, _) => return None,
    };
    Some(fixed(key))
}

/// That the relay does not serve this device, or its school.
const fn away(why: &Closing) -> &'static str {
    match why {
        Closing::Suspended(Whom::Device) => "terminal.away_device",
        Closing::Suspended(Whom::School) => "terminal.away_school",
        Closing::Removed(Whom::School) => "terminal.away_school_removed",
        _ => "terminal.away_device_removed",
    }
}

/// The name of an author, with the role.
pub(crate) fn author(author: &Author) -> String {
    match plain::line(&author.name).as_str() {
        "" => fixed(tandem_words::someone(Some(author.role))),
        name => put(&Phrase::new("person.with_role").text("name", name).role(author.role)),
    }
}

/// One of a role, in words.
pub(crate) fn one(one: Role) -> String {
    match one {
        Role::Archive => fixed(tandem_words::someone(Some(one))),
        other => put(&Phrase::new("terminal.one").role(other)),
    }
}

/// What whoever is let in as this can read, where that is to be said.
pub(crate) fn reads(role: Role) -> Option<String> {
    (role == Role::Archive).then(|| fixed("reads.archive"))
}

/// A role in words.
pub(crate) fn role(role: Role) -> String {
    fixed(&format!("role.{role}"))
}

/// A kind's name as people have it.
pub(crate) fn kind(name: &str) -> String {
    put(&tandem_words::kind(name))
}

/// A name of ours with its first letter in capitals and no underscores.
pub(crate) fn label(name: &str) -> String {
    let words = plain::line(name).replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
#[path = "words/tests.rs"]
mod tests;
