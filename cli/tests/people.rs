//! Who is in a thread: links that are listed and revoked, people who were met, codes compared.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use serde_json::Value;
use support::{Phone, Relay, nobody, teacher_and_parent};

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn invites(phone: &Phone, words: &[&str]) -> Vec<Value> {
    let list = phone.json(&[&["invite", "--list"], words].concat()).well();
    list["invites"].as_array().unwrap().clone()
}

/// A person as `members` lists them.
fn member(phone: &Phone, name: &str) -> Value {
    let list = phone.json(&["members", "Maya"]).well();
    let rows = list["members"].as_array().unwrap().clone();
    rows.into_iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name} in {list}"))
}

#[test]
fn links_are_listed_and_revoked_without_signal_and_say_until_when_they_hold() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    for title in ["Maya", "Leo"] {
        phone.json(&["thread", "new", title]).well();
    }
    let made = phone.json(&["invite", "Maya", "--role", "guardian"]).well();
    phone.json(&["invite", "Leo", "--role", "lead", "--in-person"]).well();
    assert_eq!(invites(&phone, &[]).len(), 2);
    let rows = invites(&phone, &["Maya"]);
    let [row] = rows.as_slice() else { panic!("one into Maya's thread: {rows:?}") };
    assert_eq!(
        keys(row),
        ["in_person", "invite", "made", "role", "state", "thread", "until", "used_by"]
    );
    assert_eq!((&row["invite"], &row["until"]), (&made["invite"], &made["until"]));
    assert_eq!((&row["state"], &row["in_person"]), (&"open".into(), &false.into()));
    let fortnight = row["until"].as_u64().unwrap() - row["made"].as_u64().unwrap();
    assert_eq!(fortnight, 14 * 24 * 3600 * 1000);

    let id = made["invite"].as_str().unwrap();
    let gone = phone.json(&["invite", "--revoke", &id[..6]]).well();
    assert_eq!((&gone["invite"], &gone["state"]), (&made["invite"], &"revoked".into()));
    assert_eq!(invites(&phone, &["Maya"])[0]["state"], "revoked");
    let unknown = phone.json(&["invite", "--revoke", "aaaaaaaa"]);
    assert_eq!((unknown.code, unknown.kind().as_str()), (1, "unknown_invite"));
    for words in [&["invite", "Maya"][..], &["invite"], &["invite", "--list", "--revoke", id]] {
        let ran = phone.json(words);
        assert_eq!((ran.code, ran.kind().as_str()), (2, "usage"), "{words:?}");
    }
    let shown = phone.run(&["invite", "--list"]).out;
    assert!(shown.contains("Taken back.") && shown.contains("to be shown in person"), "{shown}");
    let shown = phone.run(&["invite", "Maya", "--role", "guardian"]).out;
    assert!(shown.contains(", until ") && shown.contains("not verified"), "{shown}");
}

#[test]
fn whoever_asks_with_a_revoked_link_is_told_so_and_comes_in_by_another() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let teacher = Phone::new(place.path(), "Ms Rivera", "teacher", &relay.link);
    let parent = Phone::new(place.path(), "Ana", "guardian", &relay.link);
    teacher.json(&["thread", "new", "Maya"]).well();
    let made = teacher.json(&["invite", "Maya", "--role", "guardian"]).well();
    teacher.json(&["invite", "--revoke", made["invite"].as_str().unwrap()]).well();
    parent.json(&["join", made["link"].as_str().unwrap()]).well();
    for phone in [&parent, &teacher, &parent] {
        phone.sync();
    }
    let joining = parent.json(&["threads"]).well()["joining"].clone();
    assert_eq!(joining[0]["state"], "refused", "{joining}");
    assert_eq!(joining[0]["reason"], "link_revoked");
    let knocking = teacher.json(&["threads"]).well()["knocking"].clone();
    assert_eq!(
        (&knocking[0]["name"], &knocking[0]["reason"]),
        (&"Ana".into(), &"link_revoked".into())
    );
    let shown = teacher.run(&["threads"]).out;
    assert!(shown.contains("is not let in: this link was withdrawn"), "{shown}");

    let other = teacher.json(&["invite", "Maya", "--role", "guardian", "--in-person"]).well();
    parent.json(&["join", other["link"].as_str().unwrap()]).well();
    for phone in [&parent, &teacher, &parent] {
        phone.sync();
    }
    let row = member(&parent, "Ana");
    assert_eq!((&row["verified"], &row["mine"]), (&true.into(), &true.into()));
    assert_eq!(row["vouched_by"], member(&parent, "Ms Rivera")["person"]);
    teacher.sync();
    let used = &invites(&teacher, &["Maya"])[0];
    assert_eq!((&used["state"], &used["used_by"]), (&"used".into(), &"Ana".into()));
    let late = teacher.json(&["invite", "--revoke", used["invite"].as_str().unwrap()]);
    assert_eq!((late.code, late.kind().as_str()), (1, "not_allowed"));
    drop(relay);
}

#[test]
fn two_people_compare_a_code_and_everybody_sees_who_verified_whom() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, parent, _) = teacher_and_parent(place.path(), &relay.link);
    teacher.sync();
    let ana = member(&teacher, "Ana");
    assert_eq!(
        keys(&ana),
        [
            "devices",
            "mine",
            "misdeeds",
            "name",
            "person",
            "role",
            "since",
            "verified",
            "vouched_by",
            "vouched_by_name"
        ]
    );
    assert_eq!(keys(&ana["devices"][0]), ["device", "seated", "since", "verified"]);
    let key = parent.json(&["doctor"]).well()["keys"]["device"].clone();
    assert_eq!((&ana["devices"][0]["device"], &ana["devices"][0]["seated"]), (&key, &true.into()));
    assert_eq!((&ana["verified"], &ana["role"]), (&false.into(), &"guardian".into()));
    assert_eq!(ana["vouched_by_name"], "Ms Rivera", "who let her in");
    assert!(teacher.run(&["threads"]).out.contains("Not verified: Ana"));

    // By name, by id, by the first letters of it; without signal.
    relay.stop();
    let id = ana["person"].as_str().unwrap();
    let shown = parent.json(&["verify", "Maya", "Ms Rivera"]).well();
    let code = shown["code"].as_str().unwrap();
    let groups: Vec<&str> = code.split(' ').collect();
    assert!(groups.len() == 6 && groups.iter().all(|group| group.len() == 5), "{code}");
    for name in [id, &id[..6], "Ana"] {
        let document = teacher.json(&["verify", "Maya", name]).well();
        assert_eq!(keys(&document), ["code", "name", "person", "thread", "verified"]);
        assert_eq!((&document["code"], &document["verified"]), (&code.into(), &false.into()));
    }
    assert!(teacher.run(&["verify", "Maya", "Ana"]).out.starts_with(code));
    let unknown = teacher.json(&["verify", "Maya", "Sam"]);
    assert_eq!((unknown.code, unknown.kind().as_str()), (1, "unknown_person"));
    let oneself = teacher.json(&["verify", "Maya", "Ms Rivera"]);
    assert_eq!((oneself.code, oneself.kind().as_str()), (1, "not_allowed"));

    let wrong = code.replacen(&code[..1], if code.starts_with('1') { "2" } else { "1" }, 1);
    let told = teacher.json(&["verify", "Maya", "Ana", "--code", &wrong]);
    assert_eq!((told.code, told.kind().as_str()), (1, "wrong_code"));
    let short = teacher.json(&["verify", "Maya", "Ana", "--code", "12345"]);
    assert_eq!((short.code, short.kind().as_str()), (1, "bad_code"));
    assert_eq!(member(&teacher, "Ana")["verified"], false, "and nothing is noted");
    let noted = teacher.json(&["verify", "Maya", "Ana", "--code", &code.replace(' ', "")]).well();
    assert_eq!(noted["verified"], true);
    let waits = teacher.run(&["outbox"]).out;
    assert!(waits.contains("Maya: Whom you have verified. On this phone."), "{waits}");
    let shown = teacher.run(&["members", "Maya"]).out;
    assert!(shown.contains("Verified by Ms Rivera"), "{shown}");
    assert!(!teacher.run(&["threads"]).out.contains("Not verified"), "nobody is marked any more");
}
