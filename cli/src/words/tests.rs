//! What sentences say, and what none of them does.

use super::*;
use tandem_engine::{Event, Misdeed, NotLetIn, SeenBy};
use tandem_proto::{PersonId, ThreadId};

const NOON: Timestamp = Timestamp(12 * 3_600_000);

fn names() -> (Names, PersonId) {
    let person = PersonId::new([1; 16]);
    let mut names = Names::default().with_others();
    names.add(&Author { person, name: "Ms Rivera".to_owned(), role: Role::Teacher });
    (names, person)
}

#[test]
fn each_event_is_a_sentence_of_its_own() {
    let (person, name) = (PersonId::new([1; 16]), "Ms Rivera".to_owned());
    let fields = |of: Event| {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let person = person.to_string();
        [field("event", of.name()), field("person", &person), field("role", "teacher")].into()
    };
    let row = |of: Event, mine| ThreadRow {
        entry: tandem_engine::EntryId::new([1; 10]),
        kind: ThreadRow::ROSTER.to_owned(),
        author: Author { person, name: name.clone(), role: Role::Teacher },
        mine,
        at: NOON,
        answers: None,
        quoted: None,
        fields: fields(of),
        delivery: None,
        remarks: Vec::new(),
    };
    let said: std::collections::BTreeSet<String> =
        Event::ALL.into_iter().map(|of| event(&row(of, false))).collect();
    assert_eq!(said.len(), Event::ALL.len());
    assert!(said.iter().all(|said| said.ends_with('.') && !said.contains("newer version")));
    let anew = "made this thread's keys anew. What was said before stays.";
    assert_eq!(event(&row(Event::Refounded, false)), format!("Ms Rivera {anew}"));
    assert_eq!(event(&row(Event::Refounded, true)), format!("You {anew}"));
}

#[test]
fn a_state_names_the_person_it_is_about() {
    let (names, person) = names();
    let there = Delivery::OnTheirPhone { people: vec![person] };
    assert_eq!(delivery(&there, &names, NOON), "On Ms Rivera's phone.");
    let seen = Delivery::Seen { by: vec![SeenBy { person, at: NOON }] };
    assert_eq!(delivery(&seen, &names, NOON), "Seen by Ms Rivera, 12:00.");
}

#[test]
fn where_nobody_else_is_no_phone_of_theirs_is_spoken_of() {
    let sent = Delivery::OnRelay { at: NOON };
    let (names, _) = names();
    assert_eq!(delivery(&sent, &names, NOON), "Sent. Not on their phone yet.");
    let alone = delivery(&sent, &Names::default(), NOON);
    assert_eq!(alone, "Sent. Nobody else is in this thread yet.");
}

#[test]
fn a_hostile_name_stays_a_name_in_every_sentence() {
    let person = PersonId::new([1; 16]);
    let name = "Ms\n\u{1b}[2A14:05 Message".to_owned();
    let who = Author { person, name, role: Role::Teacher };
    let mut names = Names::default();
    names.add(&who);
    let field = "due\u{7}\n".to_owned();
    for said in [
        author(&who),
        delivery(&Delivery::OnTheirPhone { people: vec![person] }, &names, NOON),
        delivery(&Delivery::OnTheirPhone { people: vec![person, person] }, &names, NOON),
        delivery(&Delivery::Seen { by: vec![SeenBy { person, at: NOON }] }, &names, NOON),
        remark(&Remark::EditByOther { field: field.clone(), person }, &names, NOON),
        remark(&Remark::MoveByOther(person), &names, NOON),
        remark(&Remark::Incomplete(field), &names, NOON),
        join(
            &JoinRow {
                thread: ThreadId::new([1; 20]),
                state: JoinState::Refused(NotLetIn::LinkUsed),
                since: NOON,
                knocking: Some("Zed\r\n".to_owned()),
            },
            NOON,
        ),
    ] {
        assert!(!said.chars().any(char::is_control), "{said:?}");
    }
}

#[test]
fn what_stops_a_thread_or_is_done_wrong_in_it_says_how_to_go_on_without_them() {
    for dispensable in [true, false] {
        let row = MemberRow {
            author: Author {
                person: PersonId::new([1; 16]),
                name: "Ana".to_owned(),
                role: Role::Guardian,
            },
            mine: false,
            verified: true,
            vouched_by: None,
            since: NOON,
            devices: Vec::new(),
            misdeeds: vec![Misdeed::StoppedThread, Misdeed::TwoWords, Misdeed::OutOfOrder],
            removable: false,
            dispensable,
        };
        let said = misdeeds(&row);
        assert!(said[..3].iter().all(|said| said.starts_with("A phone of theirs")), "{said:?}");
        let advised = said.concat().contains("go on without them")
            && said.concat().contains("`tandem refound`");
        assert_eq!(advised, dispensable, "what this person may do: {said:?}");
    }
    let (names, _) = names();
    let state = Delivery::Stuck { reason: StuckReason::Broken, next_try: None };
    let said = delivery(&state, &names, NOON);
    assert!(said.starts_with("Not sent: ") && said.contains("`tandem refound`"), "{said}");
}

#[test]
fn the_line_under_a_title_says_how_fresh_it_is_and_what_waits() {
    assert_eq!(fresh(Some(NOON), 0, NOON), "Everything as of 12:00.");
    assert_eq!(fresh(Some(NOON), 3, NOON), "As of 12:00. 3 things wait here.");
    assert_eq!(fresh(None, 1, NOON), "Nothing has been fetched yet. 1 thing waits here.");
}
