//! Three terminals, as the README tells a newcomer: a relay, a teacher, and a parent who has no
//! signal for the first half and is never online together with the teacher.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use support::{Phone, Relay, check, teacher_and_parent};

#[test]
fn a_teacher_and_a_parent_meet_without_ever_being_online_together() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let teacher = Phone::new(place.path(), "Ms Rivera", "teacher", &relay.link);
    let parent = Phone::new(place.path(), "Ana", "guardian", &relay.link);

    // The teacher, alone.
    let thread = teacher.json(&["thread", "new", "Maya"]).well()["thread"].clone();
    let thread = thread.as_str().unwrap();
    let link = teacher.json(&["invite", "Maya", "--role", "guardian"]).well()["link"].clone();
    let entry = teacher.says("Maya", "Reading went well today.");
    let synced = teacher.sync();
    assert_eq!(synced["relay"], "reached");
    assert_eq!(synced["sent"], 1);
    assert_eq!(teacher.state(thread, &entry), "on_relay");
    assert!(teacher.waiting().is_empty(), "{:?}", teacher.waiting());
    let receipts = teacher.receipts("Maya");
    assert_eq!(receipts.len(), 1);
    assert_eq!(receipts[0]["entry"], entry.as_str());
    assert_eq!(receipts[0]["verified"], true);

    // The parent asks while offline; nothing is here yet, and it says so.
    let asked = parent.json(&["join", link.as_str().unwrap()]).well();
    assert_eq!((asked["thread"].as_str().unwrap(), &asked["state"]), (thread, &"joining".into()));
    let threads = parent.json(&["threads"]).well();
    assert_eq!(threads["threads"].as_array().unwrap().len(), 0);
    assert_eq!(threads["joining"][0]["thread"], thread);
    let early = parent.json(&["read", thread]);
    assert_eq!((early.code, early.kind().as_str()), (1, "still_joining"));

    // The request leaves; a sync while a join waits is a sync that got through.
    let waits = parent.sync();
    assert!(waits["waiting"].as_u64().unwrap() >= 1, "{waits}");
    assert_eq!(teacher.state(thread, &entry), "on_relay", "nobody else has it");
    teacher.sync();
    assert_eq!(teacher.state(thread, &entry), "on_relay", "admitting is not having");

    // The thread comes.
    parent.sync();
    let threads = parent.json(&["threads"]).well();
    assert_eq!(threads["threads"][0]["title"], "Maya");
    assert_eq!(threads["joining"].as_array().unwrap().len(), 0);
    let rows = parent.entries("Maya");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["author"], "Ms Rivera");
    assert_eq!(rows[0]["fields"]["text"], "Reading went well today.");
    assert!(rows[0]["state"].is_null(), "a state is the author's to see");

    // The parent's device has signed that it has it; reading as JSON marked nothing.
    teacher.sync();
    assert_eq!(teacher.state(thread, &entry), "on_their_phone");
    let shown = teacher.run(&["read", "Maya"]);
    assert!(shown.out.contains("On Ana's phone."), "{}", shown.out);

    // Reading on the screen marks it.
    assert_eq!(parent.run(&["read", "Maya"]).code, 0);
    assert_eq!(teacher.state(thread, &entry), "on_their_phone", "not before it has travelled");
    parent.sync();
    teacher.sync();
    assert_eq!(teacher.state(thread, &entry), "seen");

    // And back.
    let answer = parent.says("Maya", "Thank you, that is good to hear.");
    parent.sync();
    assert_eq!(parent.state(thread, &answer), "on_relay");
    let got = teacher.sync();
    assert_eq!(got["received"], 1);
    assert_eq!(teacher.texts("Maya"), parent.texts("Maya"));
    parent.sync();
    assert_eq!(parent.state(thread, &answer), "on_their_phone");

    let all = [teacher.receipts("Maya"), parent.receipts("Maya")].concat();
    relay.stop();
    let found = check(&place.path().join("relay"), &all);
    assert_eq!(found["missing"].as_array().unwrap().len(), 0);
    assert_eq!(found["threads"][0]["thread"], thread);
}

#[test]
fn a_link_lets_one_person_in_and_shows_the_second_to_the_inviter() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let teacher = Phone::new(place.path(), "Ms Rivera", "teacher", &relay.link);
    let parent = Phone::new(place.path(), "Ana", "guardian", &relay.link);
    let stranger = Phone::new(place.path(), "Who", "guardian", &relay.link);
    teacher.json(&["thread", "new", "Maya"]).well();
    let link = teacher.json(&["invite", "Maya", "--role", "guardian"]).well()["link"].clone();
    let link = link.as_str().unwrap();
    parent.json(&["join", link]).well();
    stranger.json(&["join", link]).well();
    parent.sync();
    teacher.sync();
    stranger.sync();
    teacher.sync();
    parent.sync();
    stranger.sync();
    assert_eq!(parent.json(&["threads"]).well()["threads"][0]["title"], "Maya");
    assert_eq!(stranger.json(&["threads"]).well()["threads"].as_array().unwrap().len(), 0);
    let knocking = teacher.json(&["threads"]).well()["knocking"].clone();
    assert_eq!(knocking[0]["name"], "Who", "{knocking}");
    let doctor = teacher.json(&["doctor"]).well();
    assert_eq!((&doctor["knocking"], &doctor["joining"]), (&knocking, &serde_json::json!([])));
    let joining = stranger.json(&["threads"]).well()["joining"].clone();
    assert_eq!(joining[0]["state"], "refused", "the second one is told: {joining}");
    assert_eq!(stranger.json(&["join", link]).well()["state"], "refused");
    // With a link of their own they come in, and the old one is forgotten.
    let own = teacher.json(&["invite", "Maya", "--role", "guardian"]).well()["link"].clone();
    stranger.json(&["join", own.as_str().unwrap()]).well();
    stranger.sync();
    teacher.sync();
    stranger.sync();
    let threads = stranger.json(&["threads"]).well();
    assert_eq!(threads["threads"][0]["title"], "Maya", "{threads}");
    assert_eq!(threads["joining"], serde_json::json!([]));
    let school = parent.json(&["invite", "Maya", "--role", "teacher"]);
    assert_eq!((school.code, school.kind().as_str()), (1, "not_allowed"));
    drop(relay);
}

#[test]
fn a_concern_and_its_step_reach_the_other_side_and_only_the_owner_moves_the_step() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, thread) = teacher_and_parent(place.path(), &relay.link);
    let words = ["post", "Maya", "--kind", "step", "--text", "Pack the bag together"];
    let said = parent.json(&[&words[..], &["--field", "owner=home"]].concat()).well();
    let step = said["entry"].as_str().unwrap();
    parent.sync();
    teacher.sync();
    let refused = teacher.json(&["step", "Maya", &step[..6], "--state", "done"]);
    assert_eq!((refused.code, refused.kind().as_str()), (1, "not_allowed"));
    let moved = parent.json(&["step", "Maya", &step[..6], "--state", "done"]).well();
    assert_eq!(moved["entry"], step);
    parent.sync();
    teacher.sync();
    let rows = teacher.entries(&thread);
    assert_eq!(rows[0]["kind"], "step");
    assert_eq!(rows[0]["fields"]["state"], "done", "{}", rows[0]);
    drop(relay);
}

#[test]
fn the_doctor_says_how_far_each_log_was_read_and_that_the_relay_signed_it() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, thread) = teacher_and_parent(place.path(), &relay.link);
    teacher.says(&thread, "Reading went well today.");
    teacher.sync();
    let doctors = [&teacher, &parent].map(|phone| phone.json(&["doctor"]).well());
    relay.stop();
    let found = check(&place.path().join("relay"), &[]);
    for doctor in &doctors {
        assert_eq!(doctor["relay"]["state"], "reached");
        assert_eq!(doctor["relay"]["generation"], found["generation"]);
        let cursor = &doctor["cursors"][0];
        assert_eq!(cursor["thread"], thread.as_str());
        assert_eq!(cursor["seq"], found["threads"][0]["head"]);
        assert_eq!(cursor["chain"], found["threads"][0]["chain"]);
        assert_eq!(cursor["signed"], true);
        assert!(cursor["signed_at"].as_u64().is_some(), "{cursor}");
    }
    assert_ne!(doctors[0]["keys"]["device"], doctors[1]["keys"]["device"]);
    assert_eq!(doctors[0]["keys"]["relay"], doctors[1]["keys"]["relay"]);

    // Out of reach the signature stays: it needs nobody to be checked.
    let alone = teacher.json(&["doctor"]).well();
    assert_eq!(alone["relay"]["state"], "unreachable");
    assert_eq!(alone["cursors"], doctors[0]["cursors"]);
    let shown = teacher.run(&["doctor"]);
    assert!(shown.out.contains("; the relay signed that,"), "{}", shown.out);
}
