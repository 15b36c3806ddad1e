//! Whatever can be said has words in every language, which take in what is put in and nothing else.

#![cfg(feature = "sentences")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use tandem_catalogue::{Catalogue, Language, Words, places};
use tandem_engine::{
    Author, Delivery, EntryId, ErasedRow, Event, InboxRow, InviteRow, InviteState, JoinRow,
    JoinState, Kept, KeyRow, LastLine, MemberRow, Misdeed, OfferRow, OfferState, Remark, SeenBy,
    StepState, StuckReason, ThreadRow, UptakeRow, UptakeState, Waiting, WaitingRow, WaitsFor,
};
use tandem_proto::{
    DeviceKey, DeviceLink, ErasedBecause, InviteId, InviteLink, InviteSecret, PersonId, RelayKey,
    RelayLink, Role, SchoolId, SchoolLink, SchoolPass, SchoolToken, TandemLink, ThreadId,
    Timestamp,
};
use tandem_words::{ArgValue, Line, Phrase, Place, TROUBLES, Voice};

const NOON: Timestamp = Timestamp(12 * 3_600_000);

struct Noon;

impl Place for Noon {
    fn person(&self, person: &PersonId) -> Option<String> {
        match person.as_bytes()[0] {
            1 => Some("Ms Rivera".to_owned()),
            2 => Some("Ana".to_owned()),
            3 => Some("{at}".to_owned()),
            _ => None,
        }
    }

    fn moment(&self, at: Timestamp) -> String {
        format!("{:02}:00", at.0 / 3_600_000)
    }

    fn plain(&self, text: &str) -> String {
        text.to_owned()
    }
}

fn person(id: u8) -> PersonId {
    PersonId::new([id; 16])
}

fn author(id: u8, name: &str, role: Role) -> Author {
    Author { person: person(id), name: name.to_owned(), role }
}

fn device() -> DeviceKey {
    DeviceKey::new([7; 32])
}

fn links() -> Vec<TandemLink> {
    let relay = RelayLink {
        address: "relay.school.example:7443".parse().unwrap(),
        key: RelayKey::new([1; 32]),
    };
    let secret = InviteSecret::new([3; 16]);
    let join = |role| {
        let (relay, thread) = (relay.clone(), ThreadId::new([2; 20]));
        TandemLink::Join(InviteLink { relay, thread, role, secret: secret.clone() })
    };
    let pass = SchoolPass { school: SchoolId::new([8; 16]), token: SchoolToken::new([9; 16]) };
    let mut links: Vec<TandemLink> = Role::ALL.into_iter().map(join).collect();
    links.push(TandemLink::School(SchoolLink { relay: relay.clone(), pass }));
    let device = DeviceLink { relay: relay.clone(), device: device(), secret };
    links.push(TandemLink::Device(device));
    links.push(TandemLink::Relay(relay));
    links
}

fn device_link() -> DeviceLink {
    let device = links().into_iter().find_map(|link| match link {
        TandemLink::Device(link) => Some(link),
        _ => None,
    });
    device.unwrap()
}

fn deliveries() -> Vec<Delivery> {
    let stuck = |reason| Delivery::Stuck { reason, next_try: Some(NOON) };
    vec![
        Delivery::Draft,
        Delivery::Held { until: NOON },
        Delivery::OnThisPhone,
        Delivery::OnRelay { at: NOON },
        Delivery::OnTheirPhone { people: vec![person(1)] },
        Delivery::OnTheirPhone { people: vec![person(1), person(2), person(9)] },
        Delivery::Seen { by: vec![SeenBy { person: person(1), at: NOON }] },
        Delivery::Heard,
        stuck(StuckReason::NotAMember),
        stuck(StuckReason::OverQuota),
        stuck(StuckReason::Malformed),
        stuck(StuckReason::Refused),
        stuck(StuckReason::Broken),
        stuck(StuckReason::Removed),
        stuck(StuckReason::NotAdmitted),
        stuck(StuckReason::SchoolSuspended),
        stuck(StuckReason::Erased),
        stuck(StuckReason::NewerVersionNeeded),
    ]
}

fn entry(kind: &str, fields: &[(&str, &str)]) -> ThreadRow {
    ThreadRow {
        entry: EntryId::new([1; 10]),
        kind: kind.to_owned(),
        author: author(1, "Ms Rivera", Role::Teacher),
        mine: false,
        at: NOON,
        answers: None,
        fields: fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        delivery: None,
        remarks: vec![
            Remark::NewerVersionNeeded,
            Remark::ArrivedLate(NOON),
            Remark::Edited,
            Remark::Incomplete("way_forward".to_owned()),
            Remark::Incomplete("not_ours".to_owned()),
            Remark::EditByOther { field: "what".to_owned(), person: person(2) },
            Remark::MoveByOther(person(2)),
            Remark::ClockAhead,
        ],
    }
}

fn events() -> Vec<ThreadRow> {
    let mut rows = Vec::new();
    for event in Event::ALL.map(Event::name).into_iter().chain(["of_a_newer_version"]) {
        for role in ["guardian", "archive", "of_a_newer_version"] {
            for (own, mine, name, by) in [
                (false, false, "Ana", "Ms Rivera"),
                (false, true, "Ana", "Ms Rivera"),
                (true, false, "Ms Rivera", "Ms Rivera"),
                (true, true, "Ms Rivera", "Ms Rivera"),
                (false, false, "", ""),
            ] {
                let about = person(if own { 1 } else { 2 }).to_string();
                let fields = [("event", event), ("person", &about), ("name", name), ("role", role)];
                let mut row = ThreadRow { mine, ..entry(ThreadRow::ROSTER, &fields) };
                row.author.name = by.to_owned();
                rows.push(row);
            }
        }
    }
    rows
}

fn inboxes() -> Vec<InboxRow> {
    let blank = || InboxRow {
        people: vec![author(1, "Ms Rivera", Role::Teacher), author(2, "", Role::Archive)],
        role: Some(Role::Guardian),
        as_of: Some(NOON),
        title: "Maya".to_owned(),
        ..InboxRow::blank(ThreadId::new([1; 20]))
    };
    let erased = |because, words: &str| InboxRow {
        erased: Some(ErasedRow { at: NOON, because, words: words.to_owned() }),
        ..blank()
    };
    let kept = |waits_for| InboxRow { kept: Some(Kept { until: NOON, waits_for }), ..blank() };
    let unread = |author: Author, unseen| InboxRow {
        unseen,
        last: Some(LastLine {
            entry: EntryId::new([1; 10]),
            kind: "message".to_owned(),
            author,
            text: "words".to_owned(),
            at: NOON,
            delivery: None,
        }),
        ..blank()
    };
    vec![
        InboxRow { waiting: 2, stuck: 1, ..blank() },
        InboxRow { as_of: None, ..blank() },
        InboxRow { desk: true, unverified: vec![person(1)], other_log: vec![person(1)], ..blank() },
        InboxRow { other_log: vec![person(8)], ..blank() },
        InboxRow { role: None, ..blank() },
        InboxRow { role: Some(Role::Archive), ..blank() },
        InboxRow { newer_version_needed: true, ..blank() },
        erased(ErasedBecause::Operator, ""),
        erased(ErasedBecause::Retention, ""),
        erased(ErasedBecause::Operator, "the family asked"),
        kept(None),
        kept(Some(WaitsFor::Words)),
        kept(Some(WaitsFor::Invite)),
        kept(Some(WaitsFor::OwnDevice)),
        kept(Some(WaitsFor::Leaving)),
        unread(author(1, "Ms Rivera", Role::Teacher), 1),
        unread(author(2, "", Role::Archive), 1),
        unread(author(1, "Ms Rivera", Role::Teacher), 3),
    ]
}

fn members() -> Vec<MemberRow> {
    let key = |verified, seated| KeyRow { device: device(), since: NOON, verified, seated };
    let row = |verified, mine, vouched_by| MemberRow {
        author: author(1, "Ms Rivera", Role::Archive),
        mine,
        verified,
        vouched_by,
        since: NOON,
        devices: vec![key(true, true), key(false, true), key(false, false)],
        misdeeds: vec![Misdeed::StoppedThread, Misdeed::TwoWords, Misdeed::OutOfOrder],
        removable: true,
        dispensable: true,
    };
    let by = || Some(author(2, "Ana", Role::Guardian));
    vec![
        row(true, true, by()),
        row(true, false, None),
        row(false, false, by()),
        row(false, false, None),
    ]
}

/// Everything that can be said, by what says it.
fn everything() -> Vec<(String, Phrase)> {
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
    let joins = [
        join(JoinState::Joining, None),
        join(JoinState::Joined, None),
        join(JoinState::Refused("used".to_owned()), None),
        join(JoinState::Refused("used".to_owned()), Some("Zed")),
    ];
    for line in lines {
        for row in inboxes() {
            let words = tandem_words::inbox(&row, line);
            say(format!("{row:?}"), words.fresh);
            say(format!("{row:?}"), words.warnings);
            say(format!("{row:?}"), words.closed.into_iter().collect());
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
    for state in [
        OfferState::Open,
        OfferState::TakenUp { name: "Ana".to_owned(), waiting: 2 },
        OfferState::Expired,
        OfferState::Refused("no".to_owned()),
    ] {
        let row = OfferRow { link: device_link(), until: NOON, state };
        say(format!("{:?}", row.state), tandem_words::offer(&row).sentences);
    }
    for (mine, state) in [
        (true, UptakeState::Waiting),
        (false, UptakeState::LettingIn { threads: 3, arrived: 1 }),
        (false, UptakeState::Refused("no".to_owned())),
    ] {
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
    for code in TROUBLES.iter().chain(&["of_a_newer_version"]) {
        for field in [None, Some("owner"), Some("not_ours")] {
            say((*code).to_owned(), vec![tandem_words::trouble(code, field)]);
        }
    }
    all
}

fn catalogues() -> BTreeMap<Language, Catalogue> {
    Language::ALL.into_iter().map(|of| (of, Catalogue::of(of).unwrap())).collect()
}

#[test]
fn whatever_is_said_has_words_that_take_in_just_what_is_put_in() {
    let catalogues = catalogues();
    for (what, phrase) in everything() {
        for (language, catalogue) in &catalogues {
            let key = &phrase.key;
            let Some(words) = catalogue.get(key) else {
                panic!("{key} has no words in {language:?}, for {what}")
            };
            let given: BTreeSet<&str> = phrase.args.iter().map(|arg| arg.name.as_str()).collect();
            assert_eq!(given.len(), phrase.args.len(), "something is put in twice: {phrase:?}");
            for form in words.forms() {
                let taken: BTreeSet<&str> = places(form).collect();
                assert_eq!(taken, given, "{key} in {language:?}, for {what}");
            }
            let counted = phrase
                .args
                .iter()
                .any(|arg| arg.name == "n" && matches!(arg.value, ArgValue::Count { .. }));
            assert_eq!(matches!(words, Words::Plural(_)), counted, "{key}: a plural form by {{n}}");
            for arg in &phrase.args {
                if let ArgValue::Word { key } = &arg.value {
                    assert!(catalogue.get(key).is_some(), "{key} has no words, for {what}");
                }
            }
        }
    }
}

#[test]
fn a_sentence_ends_and_neither_blames_nor_shouts_nor_names_the_engine() {
    const NOT_SAID: [&str; 14] = [
        "!",
        "¡",
        "failed",
        "delivered",
        "error",
        "sync",
        "relay",
        "server",
        "crdt",
        "epoch",
        "peer",
        "fallo",
        "servidor",
        "sincroniz",
    ];
    let labels =
        ["kind", "field", "hint", "owner", "step", "role", "day", "someone", "remedy", "waiting"];
    for (language, catalogue) in catalogues() {
        for (key, words) in catalogue.iter() {
            let section = key.split('.').next().unwrap_or_default();
            // About and privacy explain the words of the engine, that is what they are for; and at a terminal
            // one types them.
            if ["about", "terminal"].contains(&section) {
                continue;
            }
            for form in words.forms() {
                for word in NOT_SAID {
                    assert!(
                        !form.to_lowercase().contains(word),
                        "{word:?} in {key} of {language:?}"
                    );
                }
            }
        }
        let voice = Voice::new(catalogue);
        for (what, phrase) in everything() {
            let section = phrase.key.split('.').next().unwrap_or_default();
            if labels.contains(&section) {
                continue;
            }
            let said = voice.say(&phrase, &Noon);
            assert!(said.ends_with(['.', '?']), "{said:?} in {language:?}, for {what}");
        }
    }
}

#[test]
fn the_two_languages_have_the_same_keys_with_the_same_places() {
    let catalogues = catalogues();
    let shape = |catalogue: &Catalogue| -> BTreeMap<String, (bool, BTreeSet<String>)> {
        let all = catalogue.iter().map(|(key, words)| {
            let taken = words.forms().flat_map(places).map(str::to_owned).collect();
            (key.to_owned(), (matches!(words, Words::Plural(_)), taken))
        });
        all.collect()
    };
    let english = shape(&catalogues[&Language::English]);
    assert_eq!(english, shape(&catalogues[&Language::Spanish]));
}

#[test]
fn a_sentence_names_people_counts_things_and_looks_at_nothing_that_was_put_in() {
    let [english, spanish] = Language::ALL.map(|of| Voice::new(Catalogue::of(of).unwrap()));
    let said = |people: &[u8]| {
        let people = people.iter().map(|id| person(*id)).collect();
        let stands = tandem_words::delivery(&Delivery::OnTheirPhone { people }, false);
        english.say_all(&stands.sentences, &Noon)
    };
    assert_eq!(said(&[1]), "On Ms Rivera's phone.");
    assert_eq!(said(&[1, 2]), "On the phones of Ms Rivera and Ana.");
    assert_eq!(said(&[1, 2, 9]), "On the phones of Ms Rivera, Ana and someone.");
    assert_eq!(said(&[3]), "On {at}'s phone.", "a name is not a place to put something in");
    let row = |waiting| InboxRow {
        waiting,
        as_of: Some(NOON),
        role: Some(Role::Teacher),
        ..InboxRow::blank(ThreadId::new([1; 20]))
    };
    let line = |rows: &[InboxRow], line, in_: &Voice| {
        in_.say_all(&tandem_words::home_line(rows, &[], line), &Noon)
    };
    assert_eq!(line(&[row(0)], Line::Live, &english), "Everything as of 12:00.");
    assert_eq!(line(&[row(1)], Line::Live, &english), "As of 12:00. 1 thing waits here.");
    assert_eq!(
        line(&[row(1), row(2)], Line::NoSignal, &english),
        "As of 12:00. No signal now. 3 things wait here."
    );
    assert_eq!(
        line(&[row(3)], Line::NoSignal, &spanish),
        "Al día: 12:00. Ahora sin señal. 3 cosas esperan aquí."
    );
    assert_eq!(line(&[], Line::Idle, &english), "", "nothing can be fresh where nothing is");
    let out = InboxRow { role: None, ..row(0) };
    assert_eq!(line(&[out], Line::Live, &english), "", "nor where nothing comes any more");
}

#[test]
fn each_way_of_stopping_says_what_a_person_can_do() {
    for state in deliveries() {
        let stands = tandem_words::delivery(&state, false);
        let stuck = matches!(state, Delivery::Stuck { .. });
        assert_eq!(stuck, !stands.remedies.is_empty(), "{state:?}");
    }
}

#[test]
fn whoever_left_is_named_to_everybody_also_to_who_let_them_go() {
    let english = Voice::new(Catalogue::of(Language::English).unwrap());
    for mine in [false, true] {
        let left = person(2).to_string();
        let fields = [("event", "left"), ("person", &*left), ("name", "Ana"), ("role", "guardian")];
        let row = ThreadRow { mine, ..entry(ThreadRow::ROSTER, &fields) };
        let said = tandem_words::event(&row).unwrap();
        assert_eq!(english.say(&said, &Noon), "Ana left the thread.");
    }
}

#[test]
fn what_is_no_words_of_anybodys_is_not_to_be_copied() {
    for state in deliveries() {
        let row = WaitingRow {
            thread: ThreadId::new([1; 20]),
            entry: None,
            what: Waiting::Members,
            delivery: state,
        };
        let stands = tandem_words::waiting(&row).stands;
        assert!(stands.sentences.iter().all(|said| !said.key.starts_with("advice.")));
        assert!(!stands.remedies.contains(&tandem_words::Remedy::CopyText));
    }
}

#[test]
fn every_trouble_that_has_words_can_be_told() {
    for catalogue in catalogues().values() {
        let words = catalogue.iter().filter_map(|(key, _)| key.strip_prefix("error."));
        let words: BTreeSet<&str> = words.collect();
        assert_eq!(words, TROUBLES.into_iter().collect());
    }
}
