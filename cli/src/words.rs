//! The words of rows and states, in one place, so that a catalogue of another language can stand
//! in for it. A state is a sentence that a person can act on.

use std::collections::BTreeMap;

use tandem_client::{LinkPhase, LinkState, Notice};
use tandem_engine::{
    Author, CursorRow, Delivery, ErasedRow, Event, HomeSchool, InboxRow, JoinState, Kept,
    LinkFault, Misdeed, Remark, StuckReason, ThreadRow, Waiting, WaitsFor,
};
use tandem_proto::{
    Closing, Enrolment, ErasedBecause, PersonId, Role, Seq, ThreadId, Timestamp, Whom,
};

use crate::{clock::moment, plain};

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
        for row in rows {
            row.people.iter().for_each(|author| names.add(author));
            names.others |= row.people.iter().any(|who| !who.keeps_records());
        }
        names
    }

    /// Adds the names in one thread.
    pub(crate) fn add_people(&mut self, inbox: &[InboxRow], thread: ThreadId) {
        for row in inbox.iter().filter(|row| row.thread == thread) {
            row.people.iter().for_each(|author| self.add(author));
            self.others |= row.people.iter().any(|who| !who.keeps_records());
        }
    }

    /// Adds the names of those who said something.
    pub(crate) fn add_rows(&mut self, rows: &[ThreadRow]) {
        rows.iter().for_each(|row| self.add(&row.author));
    }

    fn add(&mut self, author: &Author) {
        if !author.name.is_empty() {
            self.names.insert(author.person, author.name.clone());
        }
    }

    /// A person's name as they wrote it, or words in its place: for scripts.
    pub(crate) fn of(&self, person: &PersonId) -> &str {
        self.names.get(person).map_or("someone in this thread", String::as_str)
    }

    /// The same, for a screen.
    fn shown(&self, person: &PersonId) -> String {
        plain::line(self.of(person))
    }

    fn list(&self, people: &[PersonId]) -> String {
        and(people.iter().map(|person| self.shown(person)).collect())
    }
}

/// `Ana`, `Ana and Sam`, `Ana, Sam and Ms Rivera`.
fn and(mut names: Vec<String>) -> String {
    match names.pop() {
        None => String::new(),
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} and {last}", names.join(", ")),
    }
}

/// `1 thing`, `3 things`.
pub(crate) fn count(n: impl Into<u64>, one: &str, more: &str) -> String {
    let n = n.into();
    if n == 1 { format!("1 {one}") } else { format!("{n} {more}") }
}

/// What it is that waits; `entry` is the entry it is of, where it is of one.
pub(crate) fn waiting(what: &Waiting, entry: Option<&str>) -> String {
    match (what, entry) {
        (Waiting::Move(state), Some(entry)) => format!("{entry} moved to {state},"),
        (_, Some(entry)) => entry.to_owned(),
        (Waiting::Seen, None) => "What you have read".to_owned(),
        (Waiting::Names, None) => "Your name, or the title,".to_owned(),
        (Waiting::Members, None) => "Who is".to_owned(),
        (Waiting::Verified, None) => "Whom you have verified".to_owned(),
        (Waiting::Entry | Waiting::Move(_), None) => "Something".to_owned(),
    }
}

/// What it is that waits, for scripts.
pub(crate) const fn waiting_name(what: &Waiting) -> &'static str {
    match what {
        Waiting::Entry => "entry",
        Waiting::Move(_) => "move",
        Waiting::Seen => "seen",
        Waiting::Names => "names",
        Waiting::Members => "members",
        Waiting::Verified => "verified",
    }
}

/// What waits here, as `sync`, `threads` and `outbox` count it: entries, then own joins.
pub(crate) fn waits(entries: u32, joins: u32) -> String {
    let entries = match entries {
        0 => None,
        n => Some(format!("{} to leave", count(n, "entry waits", "entries wait"))),
    };
    let joins = match joins {
        0 => None,
        n => Some(format!("{} for you to be let in", count(n, "thread waits", "threads wait"))),
    };
    match (entries, joins) {
        (None, None) => "Nothing waits.".to_owned(),
        (Some(one), None) | (None, Some(one)) => format!("{one}."),
        (Some(entries), Some(joins)) => format!("{entries}, {joins}."),
    }
}

/// How far an own entry got.
pub(crate) fn delivery(state: &Delivery, names: &Names, now: Timestamp) -> String {
    match state {
        Delivery::Draft => "Draft. Only you can see it.".to_owned(),
        Delivery::Held { until } => format!("Waits until {}.", moment(*until, now)),
        Delivery::OnThisPhone => "On this phone. Leaves when there is signal.".to_owned(),
        Delivery::OnRelay { .. } if !names.others => {
            "Sent. Nobody else is in this thread yet.".to_owned()
        }
        Delivery::OnRelay { .. } => "Sent. Not on their phone yet.".to_owned(),
        Delivery::OnTheirPhone { people } => match people.as_slice() {
            [one] => format!("On {}'s phone.", names.shown(one)),
            many => format!("On the phones of {}.", names.list(many)),
        },
        Delivery::Seen { by } => {
            let seen = by
                .iter()
                .map(|one| format!("{}, {}", names.shown(&one.person), moment(one.at, now)));
            format!("Seen by {}.", seen.collect::<Vec<_>>().join("; "))
        }
        Delivery::Heard => "They say: heard.".to_owned(),
        Delivery::Stuck { reason, next_try } => {
            let again = next_try
                .map(|at| format!(" Tried again at {}.", moment(at, now)))
                .unwrap_or_default();
            format!("Not sent: {}{again}", stuck(reason))
        }
    }
}

/// Who came or went.
pub(crate) fn event(row: &ThreadRow) -> String {
    let field = |name: &str| row.fields.get(name).map(String::as_str).unwrap_or_default();
    let who = match row.mine {
        true => "You".to_owned(),
        false => author(&row.author),
    };
    let own = field("person") == row.author.person.to_string();
    let name = match field("name") {
        _ if own && row.mine => "you".to_owned(),
        "" => somebody(field("role").parse().ok()),
        name => plain::line(name),
    };
    let whose = if own && row.mine { "yours" } else { &name };
    let records = field("role").parse() == Ok(Role::Archive);
    let event = Event::ALL.into_iter().find(|event| event.name() == field("event"));
    match event {
        Some(Event::Came) if records => format!(
            "{who} let {name} in, to keep the school's records. They can read everything said here, \
             also what was said before."
        ),
        Some(Event::Came) => format!("{who} let {name} in, as {}.", field("role")),
        Some(Event::CameBack) => {
            format!("{who} let {name} in again on a new device. The old ones are out.")
        }
        Some(Event::DeviceAdded) => format!("{who} added a device of {whose}."),
        Some(Event::Left) => format!("{name} left the thread."),
        Some(Event::Removed) => format!("{who} took {name} out of the thread."),
        Some(Event::DeviceRemoved) => format!("{who} took a device of {whose} out of the thread."),
        Some(Event::Refounded) => {
            format!("{who} made this thread's keys anew. What was said before stays.")
        }
        None => "Something changed about who is in. A newer version says what.".to_owned(),
    }
}

/// Why an entry does not leave, and what to do.
pub(crate) fn stuck(reason: &StuckReason) -> &'static str {
    match reason {
        StuckReason::NotAMember => {
            "this phone is not in the thread. Copy the text, or ask someone in it for a new link."
        }
        StuckReason::OverQuota => {
            "a limit is reached where it would be kept. Ask who runs the relay."
        }
        StuckReason::Malformed => "it could not be read there. Copy the text and write it anew.",
        StuckReason::Refused => {
            "it was not taken, for a reason that this version does not know. Copy the text."
        }
        StuckReason::NotAdmitted => {
            "this relay takes new threads from its schools only. It goes when somebody of the school \
             has been in touch, or when you say `tandem school join LINK`."
        }
        StuckReason::SchoolSuspended => {
            "the school of this thread is not served for now. It goes when that ends; ask the school."
        }
        StuckReason::Erased => {
            "this thread was erased at the relay. What is here can be read; copy the text."
        }
        StuckReason::Broken => {
            "somebody changed who is in this thread in a way that no phone can follow. `tandem \
             members` says who. Go on without them: `tandem refound`."
        }
        StuckReason::NewerVersionNeeded => {
            "somebody's newer Tandem changed who is in this thread, and this one can't read how. It goes \
             once this one is newer, too."
        }
        StuckReason::Removed => {
            "this phone was taken out of the thread. What is here can be read; copy the text, or ask \
             someone in it."
        }
    }
}

/// What somebody's device did that no honest device does, and what to do.
pub(crate) const fn misdeed(misdeed: Misdeed) -> &'static str {
    match misdeed {
        Misdeed::StoppedThread => {
            "A device of theirs changed who is in this thread in a way that no phone can follow. Go on \
             without them: `tandem refound`."
        }
        Misdeed::TwoWords => {
            "A device of theirs said two different things as one; only one of them is shown. Ask them, or \
             go on without them: `tandem refound`."
        }
        Misdeed::OutOfOrder => {
            "A device of theirs said something as if it had not said what it said before; that is not \
             shown. Ask them, or go on without them: `tandem refound`."
        }
    }
}

/// The school of this home, and what the relay said of it.
pub(crate) fn school(school: Option<&HomeSchool>) -> String {
    let Some(HomeSchool { school, enrolment }) = school else { return "none".to_owned() };
    let said = match enrolment {
        None => "The relay is told at the next sync.",
        Some(Enrolment::Enrolled) => "This device is one of its devices.",
        Some(Enrolment::NoSuchPass) => {
            "The relay knows no such link (any more). Ask the school for its present one."
        }
        Some(Enrolment::Full) => {
            "It has as many devices as it may. Ask the school, or who runs the relay."
        }
    };
    format!("School {}. {said}", &school.to_string()[..8])
}

/// What the relay said of the school of this home, for scripts.
pub(crate) const fn school_name(school: &HomeSchool) -> &'static str {
    match school.enrolment {
        None => "waiting",
        Some(Enrolment::Enrolled) => "enrolled",
        Some(Enrolment::NoSuchPass) => "no_such_link",
        Some(Enrolment::Full) => "full",
    }
}

/// Why an entry does not leave, for scripts.
pub(crate) const fn stuck_name(reason: &StuckReason) -> &'static str {
    match reason {
        StuckReason::NotAMember => "not_a_member",
        StuckReason::OverQuota => "over_quota",
        StuckReason::Malformed => "malformed",
        StuckReason::Refused => "refused",
        StuckReason::Broken => "broken",
        StuckReason::NewerVersionNeeded => "newer_version_needed",
        StuckReason::Removed => "removed",
        StuckReason::NotAdmitted => "not_admitted",
        StuckReason::SchoolSuspended => "school_suspended",
        StuckReason::Erased => "erased",
    }
}

/// What a row says about itself beside its words.
pub(crate) fn remark(remark: &Remark, names: &Names, now: Timestamp) -> String {
    match remark {
        Remark::NewerVersionNeeded => {
            "Written by a newer version; shown as far as this one can.".to_owned()
        }
        Remark::ArrivedLate(at) => {
            format!("Came at {}, when what stands below was here already.", moment(*at, now))
        }
        Remark::Edited => "Changed by its writer afterwards.".to_owned(),
        Remark::Incomplete(field) => format!("Incomplete: {} is missing.", label(field)),
        Remark::EditByOther { field, person } => {
            format!("{} tried to change {}; not shown.", names.shown(person), label(field))
        }
        Remark::MoveByOther(person) => {
            let who = names.shown(person);
            format!("{who} tried to move this step, which is not theirs; not shown.")
        }
        Remark::ClockAhead => {
            "Its writer's clock was far ahead; it stands where it belongs.".to_owned()
        }
    }
}

/// What a remark is called in scripts.
pub(crate) const fn remark_name(remark: &Remark) -> &'static str {
    match remark {
        Remark::NewerVersionNeeded => "newer_version_needed",
        Remark::ArrivedLate(_) => "arrived_late",
        Remark::Edited => "edited",
        Remark::Incomplete(_) => "incomplete",
        Remark::EditByOther { .. } => "edit_by_other",
        Remark::MoveByOther(_) => "move_by_other",
        Remark::ClockAhead => "clock_ahead",
    }
}

/// The relay showed somebody another log than this phone; nobody of the people here when it was
/// another phone of one's own.
pub(crate) fn other_log(names: &[String]) -> String {
    let whom =
        if names.is_empty() { "another phone of yours".to_owned() } else { names.join(", ") };
    format!(
        "Careful: the relay shows {whom} something else here than this phone. It lost something, or \
         keeps it back. Ask each other what you see."
    )
}

/// That a thread was erased at the relay, and what that leaves.
pub(crate) fn erased(row: &ErasedRow, now: Timestamp) -> String {
    let why = match (plain::line(&row.words).as_str(), row.because) {
        ("", ErasedBecause::Operator) => String::new(),
        ("", ErasedBecause::Retention) => ", for nothing was said in it for long".to_owned(),
        (words, _) => format!(" (\"{words}\")"),
    };
    format!(
        "Erased at the relay, {}{why}. What you have stays on this phone; nothing can be added.",
        moment(row.at, now)
    )
}

/// How long this home keeps a thread in which nothing is new.
pub(crate) fn term(days: Option<u32>) -> String {
    match days {
        None => "This home keeps every thread for good. `tandem retention --days N` changes that."
            .to_owned(),
        Some(days) => format!(
            "This home forgets a thread in which nothing is new for {}.",
            count(days, "day", "days")
        ),
    }
}

/// Until when a thread is kept on this phone, and what it is kept for beyond that.
pub(crate) fn kept(row: &Kept, now: Timestamp) -> String {
    let waits = match row.waits_for {
        None => "",
        Some(WaitsFor::Words) => " It stays for as long as what you wrote has not left.",
        Some(WaitsFor::Invite) => " It stays for as long as a link of yours may let somebody in.",
        Some(WaitsFor::OwnDevice) => {
            " It stays for as long as another phone of yours is in it: `tandem remove` with `--device`."
        }
        Some(WaitsFor::Leaving) => {
            " You leave with the next sync, and it is forgotten when somebody's phone has answered."
        }
    };
    format!("Kept on this phone until {}, unless something is new.{waits}", moment(row.until, now))
}

/// That this version reads a thread no further.
pub(crate) const NEWER_VERSION_NEEDED: &str = "Somebody here has a newer Tandem, and this one can't read \
    on. What is here stays; the rest comes once this one is newer, too.";

/// How fresh a screen is, and what waits.
pub(crate) fn fresh(as_of: Option<Timestamp>, waiting: u32, now: Timestamp) -> String {
    let waits = match waiting {
        0 => String::new(),
        n => format!(" {} here.", count(n, "entry waits", "entries wait")),
    };
    match (as_of, waiting) {
        (Some(at), 0) => format!("Everything as of {}.", moment(at, now)),
        (Some(at), _) => format!("As of {}.{waits}", moment(at, now)),
        (None, _) => format!("Nothing has been fetched yet.{waits}"),
    }
}

/// How far the renewal of a phone's keys is.
pub(crate) fn renewing(threads: Option<u32>) -> String {
    match threads {
        None => "This phone's keys are not being renewed.".to_owned(),
        Some(0) => "New keys are made and known. They are used from the next sync on.".to_owned(),
        Some(n) => format!(
            "New keys are made. {} them yet: `tandem sync --once`.",
            count(n, "thread does not know", "threads do not know")
        ),
    }
}

/// How far a thread's log was read, and whether the relay has signed that.
pub(crate) fn cursor(row: &CursorRow, now: Timestamp) -> String {
    let read = match row.cursor.seq {
        Seq(0) => "Nothing of its log was read yet".to_owned(),
        seq => format!("Its log was read to {seq}"),
    };
    match row.signed {
        Some(at) => format!("{read}; the relay signed that, {}.", moment(at, now)),
        None => format!("{read}; the relay's signature does not cover that."),
    }
}

/// How a join stands.
pub(crate) fn join(state: &JoinState) -> String {
    match state {
        JoinState::Joining => {
            "Waits to be let in. The person who invited has to be in touch once; then \
             `tandem sync --once` brings the thread."
                .to_owned()
        }
        JoinState::Joined => "You are in.".to_owned(),
        JoinState::Refused(why) => format!("Not let in: {}", plain::line(why)),
    }
}

/// How a join stands, for scripts.
pub(crate) const fn join_name(state: &JoinState) -> &'static str {
    match state {
        JoinState::Joining => "joining",
        JoinState::Joined => "joined",
        JoinState::Refused(_) => "refused",
    }
}

/// What became of a home that was damaged.
pub(crate) fn notice(notice: &Notice) -> String {
    match notice {
        Notice::StoreRebuilt { why, quarantine, kept, lost } => format!(
            "this home was damaged ({why}) and was made anew from what could be read: {kept} \
             records kept, {lost} lost. The next sync brings back what others have. The damaged \
             one is kept in {}",
            quarantine.display()
        ),
    }
}

/// How the line is, told beside the rows while they are watched.
pub(crate) fn link(state: &LinkState) -> Option<&'static str> {
    match (state.phase, &state.last_fault) {
        (LinkPhase::Live, _) => Some("In touch."),
        (LinkPhase::Offline, Some(LinkFault::WrongKey)) => Some(
            "What answers at the relay's address has another key than this home knows. Nothing is \
             sent. Ask who runs the relay.",
        ),
        (LinkPhase::Offline, Some(LinkFault::TurnedAway(why))) => Some(away(why)),
        (LinkPhase::Offline, Some(_)) => Some("No signal. Everything you write is kept."),
        (LinkPhase::Offline, None) | (LinkPhase::Dialing, _) => None,
    }
}

/// The same for scripts.
pub(crate) const fn link_name(state: &LinkState) -> Option<&'static str> {
    match (state.phase, &state.last_fault) {
        (LinkPhase::Live, _) => Some("in_touch"),
        (LinkPhase::Offline, Some(LinkFault::WrongKey)) => Some("wrong_key"),
        (LinkPhase::Offline, Some(LinkFault::TurnedAway(_))) => Some("turned_away"),
        (LinkPhase::Offline, Some(_)) => Some("unreachable"),
        (LinkPhase::Offline, None) | (LinkPhase::Dialing, _) => None,
    }
}

/// That the relay does not serve this device, or its school.
fn away(why: &Closing) -> &'static str {
    match why {
        Closing::Suspended(Whom::Device) => {
            "This device is suspended at the relay. Everything you write is kept. Ask your school."
        }
        Closing::Suspended(Whom::School) => {
            "Your school is suspended at the relay. Everything you write is kept. Ask your school."
        }
        Closing::Removed(Whom::School) => {
            "Your school was removed from the relay. Everything you write is kept. With another \
             school's link say `tandem school join LINK`."
        }
        _ => "This device was removed from the relay. Everything is still here. Ask your school.",
    }
}

/// The name of an author, with the role.
pub(crate) fn author(author: &Author) -> String {
    match plain::line(&author.name).as_str() {
        "" => somebody(Some(author.role)),
        name => format!("{name} ({})", role(author.role)),
    }
}

/// Somebody whose name is not here.
fn somebody(known: Option<Role>) -> String {
    known.map_or_else(|| "someone".to_owned(), |known| one(known).replacen("one", "a", 1))
}

/// One of a role, in words.
pub(crate) fn one(one: Role) -> String {
    match one {
        Role::Archive => "the school's records".to_owned(),
        other => format!("one {}", role(other)),
    }
}

/// What whoever is let in as this can read, where that is to be said.
pub(crate) const fn reads(role: Role) -> Option<&'static str> {
    match role {
        Role::Archive => Some(
            "Can read everything said in this thread, also what was said before it came, and writes \
             nothing.",
        ),
        _ => None,
    }
}

/// That the school keeps records of a thread.
pub(crate) fn keeps(records: &Author) -> String {
    let name = match plain::line(&records.name).as_str() {
        "" => "The school's records".to_owned(),
        name => name.to_owned(),
    };
    format!("{name} can read everything said here.")
}

/// A role in words.
pub(crate) const fn role(role: Role) -> &'static str {
    match role {
        Role::Guardian => "guardian",
        Role::Teacher => "teacher",
        Role::Specialist => "specialist",
        Role::Lead => "lead",
        Role::Archive => "school records",
        Role::Student => "student",
    }
}

/// A kind's or field's name with its first letter in capitals and no underscores.
pub(crate) fn label(name: &str) -> String {
    let words = plain::line(name).replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
#[path = "words/tests.rs"]
mod tests;
