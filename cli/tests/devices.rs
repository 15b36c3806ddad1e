//! Another phone of one person, and one that was lost.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use support::{Phone, Relay, nobody, teacher_and_parent};

fn offer(phone: &Phone) -> String {
    phone.json(&["device", "offer"]).well()["link"].as_str().unwrap().to_owned()
}

/// How a new phone comes in: it asks, the other answers, it goes in.
fn let_in(new: &Phone, other: &Phone) {
    for phone in [new, other, new, other] {
        phone.sync();
    }
}

#[test]
fn a_second_phone_is_let_in_by_the_first_and_becomes_one_person_with_it() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, _) = teacher_and_parent(place.path(), &relay.link);
    parent.says("Maya", "From the phone.");
    parent.sync();
    let tablet = Phone::new(place.path(), "Tablet", "teacher", &relay.link);
    let shown = tablet.run(&["device", "offer"]).out;
    assert!(shown.contains("tandem device add LINK") && shown.contains('█'), "{shown}");
    let link = offer(&tablet);
    assert!(shown.contains(&link), "it is shown again: {link}");
    let added = parent.json(&["device", "add", &link]).well();
    assert_eq!((added["state"].as_str(), added["mine"].as_bool()), (Some("waiting"), Some(true)));
    let listed = parent.json(&["device", "list"]).well();
    assert_eq!(listed["adding"][0]["state"], "waiting", "without signal it waits");
    let_in(&tablet, &parent);
    assert_eq!(tablet.texts("Maya"), parent.texts("Maya"));
    for phone in [&tablet, &parent] {
        let listed = phone.json(&["device", "list"]).well();
        assert!(listed["offer"].is_null() && listed["adding"].as_array().unwrap().is_empty());
    }
    let said = tablet.says("Maya", "From the tablet.");
    tablet.sync();
    teacher.sync();
    let rows = teacher.entries("Maya");
    let row = rows.iter().find(|row| row["entry"] == said.as_str()).unwrap();
    assert_eq!((row["author"].as_str(), row["role"].as_str()), (Some("Ana"), Some("guardian")));
    parent.sync();
    let row = parent.entries("Maya").into_iter().find(|row| row["entry"] == said.as_str());
    assert_eq!(row.unwrap()["mine"], true, "on either phone it is one's own");
    let again = parent.json(&["device", "add", &link]);
    assert_eq!((again.code, again.kind().as_str()), (1, "not_allowed"), "once");
    let again = tablet.json(&["device", "offer"]);
    assert_eq!((again.code, again.kind().as_str()), (1, "not_allowed"), "it is somebody's");
}

#[test]
fn a_lost_phone_is_replaced_by_who_has_seen_the_person() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, _) = teacher_and_parent(place.path(), &relay.link);
    parent.says("Maya", "Before the phone was lost.");
    parent.sync();
    teacher.sync();
    let phone = Phone::new(place.path(), "New phone", "guardian", &relay.link);
    let link = offer(&phone);
    let nobody = teacher.json(&["readmit", "Bob", &link]);
    assert_eq!(nobody.kind(), "unknown_person");
    let readmitted = teacher.json(&["readmit", "Ana", &link]).well();
    assert_eq!(readmitted["mine"], false);
    let shown = teacher.run(&["device", "list"]).out;
    assert!(shown.contains("A new phone of Ana"), "{shown}");
    let_in(&phone, &teacher);
    assert_eq!(phone.texts("Maya"), teacher.texts("Maya"), "history is back");
    let said = phone.says("Maya", "I am back.");
    phone.sync();
    teacher.sync();
    let row = teacher.entries("Maya").into_iter().find(|row| row["entry"] == said.as_str());
    assert_eq!(row.unwrap()["author"], "Ana");
    let members = teacher.json(&["members", "Maya"]).well();
    let rows = members["members"].as_array().unwrap();
    let ana = rows.iter().find(|row| row["name"] == "Ana").unwrap();
    assert_eq!(ana["devices"].as_array().unwrap().len(), 1, "the lost phone is out");
    assert_eq!(ana["verified"], true, "and the new one was seen");
    let late = parent.says("Maya", "From a stolen phone.");
    parent.sync();
    assert_eq!(parent.state("Maya", &late), "stuck");
    teacher.sync();
    assert!(!teacher.texts("Maya").contains(&"From a stolen phone.".to_owned()));
}

#[test]
fn a_link_of_another_kind_is_told_apart() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ana", "guardian", &nobody());
    let link = offer(&phone);
    let own = phone.json(&["device", "add", &link]);
    assert_eq!(own.kind(), "not_allowed");
    assert_eq!(phone.json(&["join", &link]).kind(), "bad_link");
    assert_eq!(phone.json(&["device", "add", &nobody()]).kind(), "bad_link");
    assert_eq!(phone.json(&["readmit", "Ana", &nobody()]).kind(), "bad_link");
    assert_eq!(phone.json(&["device", "add", &link[..link.len() - 1]]).kind(), "bad_link");
}

#[test]
fn a_phone_with_new_keys_is_heard_under_them() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, _) = teacher_and_parent(place.path(), &relay.link);
    let transport = |phone: &Phone| phone.json(&["doctor"]).well()["keys"]["transport"].clone();
    let before = transport(&parent);
    let renewing = parent.json(&["device", "renew"]).well();
    assert_eq!((&renewing["state"], &renewing["threads"]), (&"renewing".into(), &1.into()));
    parent.sync();
    assert_eq!(parent.json(&["device", "renew"]).well()["threads"], 0, "the thread knows them");
    parent.sync();
    assert_ne!(transport(&parent), before);
    let said = parent.says("Maya", "From the same phone.");
    parent.sync();
    teacher.sync();
    let rows = teacher.json(&["read", "Maya"]).well();
    let rows = rows["entries"].as_array().unwrap().clone();
    assert!(rows.iter().any(|row| row["entry"] == said.as_str()));
}
