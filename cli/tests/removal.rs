//! Out of a thread: by whom it may be, shown to all, and for good.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use support::{Phone, Relay, teacher_and_parent};

/// Lets somebody into the thread of a teacher.
fn let_in(teacher: &Phone, newcomer: &Phone, role: &str) {
    let link = teacher.json(&["invite", "Maya", "--role", role]).well()["link"].clone();
    newcomer.json(&["join", link.as_str().unwrap()]).well();
    for phone in [newcomer, teacher, newcomer, teacher] {
        phone.sync();
    }
}

/// The events that a phone shows, each with whom it is about.
fn events(phone: &Phone) -> Vec<(String, String)> {
    let read = phone.json(&["read", "Maya"]).well();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let events = read["events"].as_array().unwrap().iter();
    events.map(|event| (text(&event["event"]), text(&event["name"]))).collect()
}

#[test]
fn whoever_is_taken_out_sees_it_and_reads_nothing_after() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, _) = teacher_and_parent(place.path(), &relay.link);
    let specialist = Phone::new(place.path(), "Mr Okafor", "specialist", &relay.link);
    let_in(&teacher, &specialist, "specialist");
    specialist.says("Maya", "I saw her on Monday.");
    specialist.sync();
    parent.sync();

    let refused = parent.json(&["remove", "Maya", "Mr Okafor"]);
    assert_eq!((refused.code, refused.kind().as_str()), (1, "not_allowed"));
    let nobody = teacher.json(&["remove", "Maya", "Nobody"]);
    assert_eq!((nobody.code, nobody.kind().as_str()), (1, "unknown_person"));

    // Wanted without signal, and so with it.
    let asked = teacher.json(&["remove", "Maya", "Mr Okafor"]).well();
    assert_eq!(asked["state"], "on_this_phone");
    let waits = specialist.says("Maya", "And on Tuesday.");
    teacher.sync();
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
    for phone in [&parent, &teacher, &parent] {
        phone.sync();
    }
    for phone in [&teacher, &parent] {
        assert_eq!(events(phone).last().unwrap(), &("left".to_owned(), "Ana".to_owned()));
    }
    let alone = teacher.json(&["leave", "Maya"]);
    assert_eq!((alone.code, alone.kind().as_str()), (1, "not_allowed"));
}
