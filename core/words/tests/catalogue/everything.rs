//! All that can be said.

use tandem_engine::{
    InviteRow, InviteState, JoinRow, JoinState, NotLetIn, OfferRow, OfferState, StepState,
    UptakeRow, UptakeState, Waiting, WaitingRow,
};
use tandem_proto::{InviteId, Role, ThreadId};
use tandem_words::{Line, Phrase, TROUBLES};

use crate::rows::*;

/// Everything that can be said, by what says it.
pub(crate) fn everything() -> Vec<(String, Phrase)> {
    let mut all: Vec<(String, Phrase)> = Vec::new();
    let mut say = |what: String, phrases: Vec<Phrase>| {
        all.extend(phrases.into_iter().map(|phrase| (what.clone(), phrase)));
    };
    for state in deliveries() {
        for alone in [false, true] {
            say(format!("{state:?}"), tandem_words::delivery(&state, alone).sentences);
        }
        let moved = Waiting::Move(StepState::Doing);
        for what in [
            Waiting::Entry,
            moved,
            Waiting::Seen,
            Waiting::Names,
            Waiting::Members,
            Waiting::Verified,
        ] {
            let thread = ThreadId::new([1; 20]);
            let row = WaitingRow { thread, entry: None, what, delivery: state.clone() };
            let words = tandem_words::waiting(&row);
            say(format!("{what:?}"), words.stands.sentences);
            say(format!("{what:?}"), vec![words.what]);
        }
    }
    let mut rows = events();
    rows.push(entry(
        "step",
        &[("text", "a"), ("owner", "home"), ("due", "2026-12-04"), ("state", "open")],
    ));
    rows.push(entry(
        "step",
        &[("text", "a"), ("owner", "them"), ("due", "soon"), ("state", "gone")],
    ));
    for state in ["doing", "dropped", "done"] {
        rows.push(entry("step", &[("text", "a"), ("owner", "school"), ("state", state)]));
    }
    rows.push(entry(
        "concern",
        &[("what", "a"), ("way_forward", "b"), ("context", "c"), ("effect", "d")],
    ));
    rows.push(entry("of_a_newer_version", &[("text", "a"), ("more", "b")]));
    for row in rows {
        for role in [None, Some(Role::Guardian), Some(Role::Teacher)] {
            let words = tandem_words::row(&row, role, false);
            let what = format!("{row:?}");
            say(what.clone(), vec![words.kind]);
            say(what.clone(), words.remarks);
            say(what.clone(), words.event.into_iter().collect());
            say(what.clone(), words.moves.into_iter().map(|to| to.label).collect());
            let parts = words.parts.into_iter().flat_map(|part| [part.label, part.said]);
            say(what, parts.flatten().collect());
        }
    }
    let lines = [
        Line::Idle,
        Line::Live,
        Line::Dialing,
        Line::NoSignal,
        Line::WrongKey,
        Line::Closed,
        Line::TurnedAway,
    ];
    let join = |state, knocking: Option<&str>| JoinRow {
        thread: ThreadId::new([1; 20]),
        state,
        since: NOON,
        knocking: knocking.map(str::to_owned),
    };
    let joins = [join(JoinState::Joining, None), join(JoinState::Joined, None)];
    let refused = NotLetIn::ALL.into_iter().flat_map(|why| {
        [None, Some("Zed")].map(|knocking| join(JoinState::Refused(why), knocking))
    });
    let joins: Vec<JoinRow> = joins.into_iter().chain(refused).collect();
    for line in lines {
        for row in inboxes() {
            let words = tandem_words::inbox(&row, line);
            say(format!("{row:?}"), words.fresh);
            say(format!("{row:?}"), words.asides.into_iter().map(|aside| aside.said).collect());
            say(format!("{row:?}"), words.warnings.into_iter().map(|aside| aside.said).collect());
            say(format!("{row:?}"), words.closed.into_iter().collect());
            say(format!("{row:?}"), words.last.map_or_else(Vec::new, |last| last.sentences));
            say(
                "note".to_owned(),
                tandem_words::note(&row, true).map(|note| note.said).into_iter().collect(),
            );
            say(format!("{line:?}"), tandem_words::home_line(&[row], &joins, line));
        }
        say(format!("{line:?}"), tandem_words::home_line(&[], &[], line));
    }
    for link in links() {
        say(format!("{link:?}"), tandem_words::link(&link));
    }
    for row in &joins {
        say(format!("{row:?}"), tandem_words::join(row).sentences);
    }
    for row in members() {
        let words = tandem_words::member(&row);
        say(format!("{row:?}"), vec![words.role]);
        say(format!("{row:?}"), words.sentences);
        say(format!("{row:?}"), words.devices);
        say(format!("{row:?}"), words.warnings);
    }
    for (state, used_by, in_person) in [
        (InviteState::Open, None, false),
        (InviteState::Open, None, true),
        (InviteState::Used, Some(author(2, "Ana", Role::Guardian)), false),
        (InviteState::Used, None, false),
        (InviteState::Expired, None, false),
        (InviteState::Revoked, None, false),
    ] {
        let row = InviteRow {
            invite: InviteId::new([1; 16]),
            thread: ThreadId::new([1; 20]),
            role: Role::Guardian,
            in_person,
            made: NOON,
            until: NOON,
            state,
            used_by,
        };
        say(format!("{state:?}"), tandem_words::invite(&row).sentences);
    }
    let offers = [
        OfferState::Open,
        OfferState::TakenUp { name: "Ana".to_owned(), waiting: 2 },
        OfferState::Expired,
    ];
    for state in offers.into_iter().chain(NotLetIn::ALL.map(OfferState::Refused)) {
        let row = OfferRow { link: device_link(), until: NOON, state };
        say(format!("{:?}", row.state), tandem_words::offer(&row).sentences);
    }
    let uptakes =
        [(true, UptakeState::Waiting), (false, UptakeState::LettingIn { threads: 3, arrived: 1 })];
    let refused = NotLetIn::ALL.map(|why| (false, UptakeState::Refused(why)));
    for (mine, state) in uptakes.into_iter().chain(refused) {
        let row = UptakeRow { device: device(), person: person(2), mine, since: NOON, state };
        say(format!("{row:?}"), tandem_words::uptake(&row).sentences);
    }
    for role in Role::ALL {
        for form in tandem_words::forms(role) {
            say(form.kind, vec![form.title]);
            for field in form.fields {
                say(field.name.clone(), vec![field.label]);
                say(field.name.clone(), field.hint.into_iter().collect());
                if let tandem_words::Input::OneOf { choices } = field.input {
                    say(field.name, choices.into_iter().map(|choice| choice.label).collect());
                }
            }
        }
    }
    for choice in tandem_words::role_choices(&Role::ALL).into_iter().chain(tandem_words::founders())
    {
        say("role".to_owned(), vec![choice.label]);
        say("role".to_owned(), choice.reads.into_iter().collect());
    }
    for row in devices() {
        let words = tandem_words::device(&row);
        say(format!("{row:?}"), vec![words.school, words.keys]);
    }
    for row in terms() {
        let words = tandem_words::retention(&row);
        say(format!("{row:?}"), vec![words.term]);
        say(format!("{row:?}"), words.threads);
    }
    for code in TROUBLES.iter().chain(&["of_a_newer_version"]) {
        for field in [None, Some("owner"), Some("not_ours")] {
            say((*code).to_owned(), vec![tandem_words::trouble(code, field)]);
        }
    }
    all
}
