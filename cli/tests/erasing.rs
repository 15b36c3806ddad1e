//! A thread is erased at a relay, and forgotten on a phone. Real processes, real files.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use support::{Phone, Ran, Relay, ran, tandem};
use tandem_client::{Client, ClientOptions, Clock};
use tandem_proto::Timestamp;

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

/// What its home's clock says is what the test says.
#[derive(Debug)]
struct Days(AtomicU64);

impl Clock for Days {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// Opens a phone's home on another day, syncs, and closes it.
fn sync_on(phone: &Phone, at: u64) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let clock = Arc::new(Days(AtomicU64::new(at)));
        let options = ClientOptions { clock, ..ClientOptions::default() };
        let client = Client::open(&phone.home, options).await.unwrap();
        client.whole().await.unwrap();
        client.sync_once(Duration::from_secs(20)).await.unwrap();
        client.close().await;
    });
}

#[test]
fn a_home_with_a_term_leaves_and_forgets_a_silent_thread_and_the_family_keeps_it() {
    const DAY: u64 = 24 * 3_600_000;
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start_with(&place.path().join("relay"), "127.0.0.1:0", &[]);
    let teacher = Phone::new(place.path(), "Ms Rivera", "teacher", &relay.link);
    let parent = Phone::new(place.path(), "Ana", "guardian", &relay.link);
    teacher.json(&["thread", "new", "Maya"]).well();
    teacher.says("Maya", "Reading went well today.");
    let invite = teacher.json(&["invite", "Maya", "--role", "guardian"]).well();
    parent.json(&["join", invite["link"].as_str().unwrap()]).well();
    for phone in [&teacher, &parent, &teacher, &parent, &teacher] {
        phone.sync();
    }

    // Without a term nothing ends; one that is none is refused.
    let none = teacher.json(&["retention"]).well();
    assert!(none["days"].is_null() && none["threads"].as_array().unwrap().is_empty(), "{none}");
    assert_eq!(teacher.json(&["retention", "--days", "0"]).kind(), "bad_term");
    assert_eq!(teacher.json(&["retention", "--days", "9", "--never"]).code, 2);
    assert!(row(&teacher)["kept"].is_null());
    let set = teacher.json(&["retention", "--days", "60"]).well();
    assert_eq!((&set["days"], &set["threads"][0]["title"]), (&60.into(), &"Maya".into()));
    assert!(row(&teacher)["kept"].is_null(), "the end is not near");
    assert_eq!(teacher.json(&["retention", "--never"]).well(), none);
    let set = teacher.json(&["retention", "--days", "28"]).well();
    assert_eq!(row(&teacher)["kept"], set["threads"][0]["kept"], "near from the beginning");
    assert!(teacher.run(&["threads"]).out.contains("Kept on this phone until"));

    // It is used once in a week.
    let began = set["threads"][0]["kept"]["until"].as_u64().unwrap() - 28 * DAY;
    for week in 1..=3 {
        sync_on(&teacher, began + week * 7 * DAY);
    }
    assert_eq!(teacher.texts("Maya").len(), 1);
    let key = fs::read(teacher.home.join("key")).unwrap();
    sync_on(&teacher, began + 29 * DAY);
    let shown = row(&teacher);
    assert_eq!(shown["kept"]["waits_for"], "leaving", "the others are told first: {shown}");
    parent.sync();
    assert_eq!(fs::read(teacher.home.join("key")).unwrap(), key);
    sync_on(&teacher, began + 29 * DAY + 1);
    assert!(teacher.json(&["threads"]).well()["threads"].as_array().unwrap().is_empty());
    assert_eq!(teacher.json(&["read", "Maya"]).kind(), "unknown_thread");
    assert_ne!(fs::read(teacher.home.join("key")).unwrap(), key, "under a new root key");
    assert_eq!(parent.texts("Maya"), ["Reading went well today."], "the family keeps it");
    assert_eq!(teacher.json(&["retention"]).well()["days"], 28, "and the term stays");
    relay.stop();
}
