//! A thread is erased at a relay, and forgotten on a phone. Real processes, real files.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{fs, path::Path};

use serde_json::Value;
use support::{Phone, Ran, Relay, ran, tandem};

fn admin(data: &Path, words: &[&str]) -> Ran {
    let mut command = tandem();
    command.args(["relay", "admin", "--json", "--data"]).arg(data).args(words);
    ran(command)
}

fn row(phone: &Phone) -> Value {
    phone.json(&["threads"]).well()["threads"][0].clone()
}

#[test]
fn an_operator_erases_a_thread_and_the_families_keep_what_they_have() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let relay = Relay::start_with(&data, "127.0.0.1:0", &[]);
    let teacher = Phone::new(place.path(), "Ms Rivera", "teacher", &relay.link);
    let parent = Phone::new(place.path(), "Ana", "guardian", &relay.link);
    let thread = teacher.json(&["thread", "new", "Maya"]).well()["thread"].clone();
    let thread = thread.as_str().unwrap().to_owned();
    teacher.says("Maya", "Reading went well today.");
    let invite = teacher.json(&["invite", "Maya", "--role", "guardian"]).well();
    parent.json(&["join", invite["link"].as_str().unwrap()]).well();
    for phone in [&teacher, &parent, &teacher, &parent] {
        phone.sync();
    }
    assert_eq!(parent.texts(&thread).len(), 1);

    // Asked without --yes nothing is done.
    let look = admin(&data, &["erase", "--thread", &thread[..8]]).well();
    assert!(look["items"].as_u64().unwrap() > 2 && look["erased"].is_null(), "{look}");
    assert_eq!(look["devices"], 2);
    teacher.says("Maya", "Written before anybody knew.");
    let erase = ["erase", "--thread", &thread[..8], "--reason", "the family asked", "--yes"];
    let erased = admin(&data, &erase).well();
    assert_eq!(erased["gone"], true, "{erased}");
    assert_eq!(erased["erased"]["reason"], "the family asked");
    assert_eq!(admin(&data, &["erase", "--thread", "aaaaaaaa"]).kind(), "unknown_thread");
    let audit = admin(&data, &["audit"]).well();
    assert_eq!((&audit["acts"][0]["act"], &audit["ok"]), (&"thread_erased".into(), &true.into()));

    teacher.sync();
    parent.sync();
    for phone in [&teacher, &parent] {
        let shown = row(phone);
        assert_eq!(shown["erased"]["because"], "operator", "{shown}");
        assert_eq!(shown["erased"]["reason"], "the family asked");
    }
    assert_eq!(parent.texts(&thread), ["Reading went well today."], "it can be read as before");
    assert!(teacher.waiting().iter().any(|row| row["reason"] == "erased"));
    let refused = parent.json(&["post", "Maya", "--kind", "message", "--text", "And now?"]);
    assert_eq!(refused.kind(), "erased");

    // Store and acts are wiped: the tombstone comes back with a phone.
    let address = relay.stop();
    fs::remove_dir_all(data.join("store")).unwrap();
    fs::remove_file(data.join("acts.log")).unwrap();
    let relay = Relay::start_with(&data, &address.listen, &[]);
    parent.sync();
    let look = admin(&data, &["erase", "--thread", &thread]).well();
    assert_eq!(look["erased"]["reason"], "the family asked", "{look}");

    // One of them forgets it.
    let said = parent.json(&["forget", "Maya"]).well();
    assert_eq!((&said["forgotten"], &said["unsent"]), (&false.into(), &0.into()));
    let key = fs::read(parent.home.join("key")).unwrap();
    assert_eq!(parent.json(&["forget", "Maya", "--yes"]).well()["forgotten"], true);
    assert_ne!(fs::read(parent.home.join("key")).unwrap(), key, "under a new root key");
    parent.sync();
    assert!(parent.json(&["threads"]).well()["threads"].as_array().unwrap().is_empty());
    assert_eq!(parent.json(&["read", "Maya"]).kind(), "unknown_thread");
    assert_eq!(teacher.texts(&thread).len(), 2, "the other has it still");
    relay.stop();
}
