//! Out of a thread: by whom it may be, shown to all, and for good.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::path::Path;

use serde_json::Value;
use support::{Phone, Relay, teacher_and_parent};

/// Lets somebody into the thread of a teacher.
fn let_in(teacher: &Phone, newcomer: &Phone, role: &str) {
    let link = teacher.json(&["invite", "Maya", "--role", role]).well()["link"].clone();
    newcomer.json(&["join", link.as_str().unwrap()]).well();
    for phone in [newcomer, teacher, newcomer, teacher] {
        phone.sync();
    }
}

/// A teacher, a parent, and a specialist who has said something that has not left their phone.
fn three(place: &Path, relay: &Relay) -> [Phone; 3] {
    let (teacher, parent, _) = teacher_and_parent(place, &relay.link);
    let specialist = Phone::new(place, "Mr Okafor", "specialist", &relay.link);
    let_in(&teacher, &specialist, "specialist");
    specialist.says("Maya", "I saw her on Monday.");
    [teacher, parent, specialist]
}

/// The events that a phone shows, each with whom it is about.
fn events(phone: &Phone) -> Vec<(String, String)> {
    let read = phone.json(&["read", "Maya"]).well();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let events = read["events"].as_array().unwrap().iter();
    events.map(|event| (text(&event["event"]), text(&event["name"]))).collect()
}

/// What is to change about who is in, and has not left yet.
fn pending(phone: &Phone) -> Vec<Value> {
    phone.waiting().into_iter().filter(|row| row["what"] == "members").collect()
}

/// One such thing waits here, and both scripts and people are told.
fn shows_one_pending(phone: &Phone) {
    let rows = pending(phone);
    let [row] = rows.as_slice() else { panic!("one thing about who is in: {rows:?}") };
    assert_eq!((&row["entry"], &row["state"]), (&Value::Null, &"on_this_phone".into()));
    let shown = phone.run(&["outbox"]).out;
    let line = "Maya: Who is in. On this phone. Leaves when there is signal.";
    assert!(shown.starts_with("No entry waits.") && shown.contains(line), "{shown}");
}

fn shows_none_pending(phone: &Phone) {
    assert_eq!(pending(phone), [Value::Null; 0]);
    assert!(!phone.run(&["outbox"]).out.contains("Maya: Who is in"));
}

/// The names of who is in, as `members` lists them.
fn names(phone: &Phone) -> Vec<String> {
    let members = phone.json(&["members", "Maya"]).well();
    let rows = members["members"].as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

fn has_text(phone: &Phone, text: &str) -> bool {
    phone.texts("Maya").iter().any(|said| said == text)
}

#[test]
fn whoever_is_taken_out_sees_it_and_reads_nothing_after() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let [teacher, parent, specialist] = three(place.path(), &relay);
    specialist.sync();
    parent.sync();

    let refused = parent.json(&["remove", "Maya", "Mr Okafor"]);
    assert_eq!((refused.code, refused.kind().as_str()), (1, "not_allowed"));
    let nobody = teacher.json(&["remove", "Maya", "Nobody"]);
    assert_eq!((nobody.code, nobody.kind().as_str()), (1, "unknown_person"));

    // Wanted without signal, and so with it.
    let asked = teacher.json(&["remove", "Maya", "Mr Okafor"]).well();
    assert_eq!(asked["state"], "on_this_phone");
    shows_one_pending(&teacher);
    let waits = specialist.says("Maya", "And on Tuesday.");
    teacher.sync();
    shows_none_pending(&teacher);
    teacher.says("Maya", "We go on without him.");
    teacher.sync();
    parent.sync();
    specialist.sync();

    assert_eq!(specialist.state("Maya", &waits), "stuck");
    let last = |phone: &Phone| events(phone).last().unwrap().clone();
    for phone in [&teacher, &parent, &specialist] {
        assert_eq!(last(phone), ("removed".to_owned(), "Mr Okafor".to_owned()));
    }
    let texts = |phone: &Phone| -> Vec<String> {
        let rows = phone.entries("Maya");
        rows.iter().map(|row| row["fields"]["text"].as_str().unwrap().to_owned()).collect()
    };
    assert!(texts(&parent).contains(&"We go on without him.".to_owned()));
    assert!(texts(&parent).contains(&"I saw her on Monday.".to_owned()));
    assert!(!texts(&parent).contains(&"And on Tuesday.".to_owned()));
    assert!(!texts(&specialist).contains(&"We go on without him.".to_owned()));
    let said = specialist.json(&["post", "Maya", "--text", "Hello?"]);
    assert_eq!((said.code, said.kind().as_str()), (1, "not_allowed"));
    let members = teacher.json(&["members", "Maya"]).well();
    assert_eq!(members["members"].as_array().unwrap().len(), 2);
    let shown = parent.run(&["read", "Maya"]);
    assert!(shown.out.contains("took Mr Okafor"), "{}", shown.out);
}

#[test]
fn whoever_leaves_is_let_go_by_the_next_phone_that_is_online() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, _) = teacher_and_parent(place.path(), &relay.link);
    parent.json(&["leave", "Maya"]).well();
    shows_one_pending(&parent);
    parent.sync();
    shows_one_pending(&parent);
    for phone in [&teacher, &parent] {
        phone.sync();
        shows_none_pending(phone);
    }
    for phone in [&teacher, &parent] {
        assert_eq!(events(phone).last().unwrap(), &("left".to_owned(), "Ana".to_owned()));
    }
    let alone = teacher.json(&["leave", "Maya"]);
    assert_eq!((alone.code, alone.kind().as_str()), (1, "not_allowed"));
}

#[test]
fn one_device_of_a_person_is_taken_out_and_the_other_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, _) = teacher_and_parent(place.path(), &relay.link);
    let tablet = Phone::new(place.path(), "Tablet", "guardian", &relay.link);
    let link = tablet.json(&["device", "offer"]).well()["link"].clone();
    parent.json(&["device", "add", link.as_str().unwrap()]).well();
    for phone in [&tablet, &parent, &tablet, &parent, &teacher] {
        phone.sync();
    }
    let key = tablet.json(&["doctor"]).well()["keys"]["device"].as_str().unwrap().to_owned();

    let unknown = parent.json(&["remove", "Maya", "Ana", "--device", "aaaaaaaa"]);
    assert_eq!((unknown.code, unknown.kind().as_str()), (1, "unknown_device"));
    let anothers = teacher.json(&["remove", "Maya", "Ana", "--device", &key]);
    assert_eq!((anothers.code, anothers.kind().as_str()), (1, "not_allowed"));
    let in_hand = tablet.json(&["remove", "Maya", "Ana", "--device", &key]);
    assert_eq!((in_hand.code, in_hand.kind().as_str()), (1, "not_allowed"));
    assert!(in_hand.err.contains("tandem leave"), "what to do instead: {}", in_hand.err);

    let asked = parent.json(&["remove", "Maya", "Ana", "--device", &key[..8]]).well();
    assert_eq!(
        (&asked["device"], &asked["state"]),
        (&key.as_str().into(), &"on_this_phone".into())
    );
    shows_one_pending(&parent);
    parent.sync();
    shows_none_pending(&parent);
    parent.says("Maya", "The tablet was left on the bus.");
    for phone in [&parent, &teacher, &tablet] {
        phone.sync();
    }
    for phone in [&teacher, &parent, &tablet] {
        let last = events(phone).last().unwrap().clone();
        assert_eq!(last, ("device_removed".to_owned(), "Ana".to_owned()));
    }
    assert!(has_text(&teacher, "The tablet was left on the bus."), "her phone is heard");
    assert!(!has_text(&tablet, "The tablet was left on the bus."));
    let said = tablet.json(&["post", "Maya", "--text", "Hello?"]);
    assert_eq!((said.code, said.kind().as_str()), (1, "not_allowed"));
    assert_eq!(names(&teacher), ["Ms Rivera", "Ana"], "the person is in");
    let shown = parent.run(&["read", "Maya"]).out;
    assert!(shown.contains("You took a phone of yours out of the thread."), "{shown}");
}

#[test]
fn a_thread_goes_on_without_somebody_and_everybody_else_is_in_again() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let [teacher, parent, specialist] = three(place.path(), &relay);
    for phone in [&specialist, &parent, &teacher] {
        phone.sync();
    }

    // Guardians alone leave out guardians, and nobody leaves out themselves.
    for without in ["Ana", "Ms Rivera"] {
        let refused = teacher.json(&["refound", "Maya", "--without", without]);
        assert_eq!((refused.code, refused.kind().as_str()), (1, "not_allowed"), "{without}");
    }
    let nobody = parent.json(&["refound", "Maya", "--without", "Nobody"]);
    assert_eq!((nobody.code, nobody.kind().as_str()), (1, "unknown_person"));
    assert!(pending(&teacher).is_empty() && pending(&parent).is_empty());

    // Anybody may leave out who is no guardian. Without signal too.
    let asked = parent.json(&["refound", "Maya", "--without", "Mr Okafor"]).well();
    assert_eq!(asked["state"], "on_this_phone");
    shows_one_pending(&parent);
    parent.sync();
    shows_none_pending(&parent);
    // Who is left asks for a seat in the group that was founded anew, and is given one.
    for phone in [&teacher, &parent, &teacher] {
        phone.sync();
    }
    parent.says("Maya", "We go on without him.");
    teacher.says("Maya", "That is better.");
    for phone in [&parent, &teacher, &parent, &specialist] {
        phone.sync();
    }
    for phone in [&teacher, &parent] {
        assert_eq!(names(phone), ["Ms Rivera", "Ana"]);
        assert_eq!(events(phone).last().unwrap(), &("removed".to_owned(), "Mr Okafor".to_owned()));
        for text in ["I saw her on Monday.", "We go on without him.", "That is better."] {
            assert!(has_text(phone, text), "{text}");
        }
        shows_none_pending(phone);
    }
    assert!(!has_text(&specialist, "We go on without him."));
    let said = specialist.json(&["post", "Maya", "--text", "Hello?"]);
    assert_eq!((said.code, said.kind().as_str()), (1, "not_allowed"));
}
