//! A relay that serves schools: what its operator does, and what teachers and parents see of it. Real
//! processes, real files.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;
use support::{Address, Phone, Ran, Relay, ran, tandem};

fn admin(data: &Path, words: &[&str]) -> Ran {
    let mut command = tandem();
    command.args(["relay", "admin", "--json", "--data"]).arg(data).args(words);
    ran(command)
}

/// The state of a school or device after an act.
fn done(data: &Path, words: &[&str]) -> String {
    let told = admin(data, words).well();
    told[words[0]]["state"].as_str().unwrap().to_owned()
}

/// A relay that takes threads from its schools only.
fn start(place: &Path, before: Option<&Address>) -> Relay {
    let data = place.join("relay");
    let config = place.join("relay.toml");
    let listen = before.map_or("127.0.0.1:0", |before| before.listen.as_str());
    fs::write(&config, format!("admission = \"schools\"\nlisten = \"{listen}\"\n")).unwrap();
    Relay::start_with(&data, listen, &["--config", config.to_str().unwrap()])
}

fn turned_away(phone: &Phone, kind: &str, says: &str) {
    let ended = phone.json(&["sync", "--once", "--timeout", "50s"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_eq!(ended.kind(), kind);
    assert_eq!(ended.json()["relay"], "turned_away");
    assert!(ended.err.contains(says) && ended.err.contains("is kept"), "{}", ended.err);
}

fn school_state(phone: &Phone) -> Value {
    phone.json(&["doctor"]).well()["school"]["state"].clone()
}

#[test]
fn a_school_from_its_first_link_over_a_suspension_and_a_wipe_to_its_removal() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let relay = start(place.path(), None);

    // A teacher with the relay's link alone can't put a thread there, and is told why.
    let teacher = Phone::new(place.path(), "Ms Rivera", "teacher", &relay.link);
    let thread = teacher.json(&["thread", "new", "Maya"]).well()["thread"].clone();
    let thread = thread.as_str().unwrap().to_owned();
    let first = teacher.says("Maya", "Reading went well today.");
    teacher.sync();
    assert_eq!(teacher.state(&thread, &first), "stuck");
    let waiting = teacher.waiting();
    assert!(waiting.iter().any(|row| row["reason"] == "not_admitted"), "{waiting:?}");

    let added = admin(&data, &["school", "add", "Elm Street", "--limit", "devices=2"]).well();
    let link = added["link"].as_str().unwrap().to_owned();
    assert_eq!(added["school"]["limits"]["devices"], 2);
    let joined = teacher.json(&["school", "join", &link]).well();
    assert_eq!(joined["school"]["state"], "waiting");
    teacher.sync();
    assert_eq!(school_state(&teacher), "enrolled");
    assert_eq!(teacher.state(&thread, &first), "on_relay");

    // A parent needs no school: the link into the thread is enough.
    let parent = Phone::new(place.path(), "Ana", "guardian", &relay.link);
    let invite = teacher.json(&["invite", "Maya", "--role", "guardian"]).well();
    parent.json(&["join", invite["link"].as_str().unwrap()]).well();
    parent.sync();
    teacher.sync();
    parent.sync();
    parent.says("Maya", "Good to hear.");
    parent.sync();
    assert_eq!(parent.texts(&thread).len(), 2);
    let rows = admin(&data, &["school", "list"]).well();
    assert_eq!(rows["schools"][0]["devices"], 1, "{rows}");
    assert_eq!(rows["schools"][0]["threads"], 1);

    // A colleague begins with the school's link; a third device is one too many.
    let lead = Phone { home: place.path().join("lead") };
    lead.json(&["init", "--name", "Mr Okafor", "--role", "lead", "--school", &link]).well();
    lead.sync();
    assert_eq!(school_state(&lead), "enrolled");
    let third = Phone { home: place.path().join("third") };
    third.json(&["init", "--name", "Ms Ito", "--role", "teacher", "--school", &link]).well();
    third.sync();
    assert_eq!(school_state(&third), "full");

    // A device is suspended, over a restart; its words wait, and go when it is resumed.
    let doctor = teacher.json(&["doctor"]).well();
    let transport = doctor["keys"]["transport"].as_str().unwrap().to_owned();
    assert_eq!(done(&data, &["device", "suspend", &transport[..10]]), "suspended");
    let words = teacher.says("Maya", "Written while suspended.");
    turned_away(&teacher, "suspended", "this device is suspended");
    assert_eq!(teacher.state(&thread, &words), "on_this_phone");
    let address = relay.stop();
    let relay = start(place.path(), Some(&address));
    turned_away(&teacher, "suspended", "Ask your school");
    assert_eq!(done(&data, &["device", "resume", &transport]), "active");
    teacher.sync();
    assert_eq!(teacher.state(&thread, &words), "on_relay");

    // The school is suspended while no relay runs, and the store is wiped: it stays suspended.
    let address = relay.kill();
    assert_eq!(done(&data, &["school", "suspend", "Elm Street"]), "suspended");
    fs::remove_dir_all(data.join("store")).unwrap();
    let cut = admin(&data, &["audit"]);
    assert_eq!(cut.kind(), "no_store");
    let relay = start(place.path(), Some(&address));
    assert_eq!(admin(&data, &["school", "list"]).well()["schools"][0]["state"], "suspended");
    // Of the devices the relay knows no more until they show their school's link.
    turned_away(&teacher, "suspended", "school is suspended");
    parent.sync();
    assert_eq!(parent.texts(&thread).len(), 3 - 1, "what it had is there");
    assert_eq!(done(&data, &["school", "resume", "Elm Street"]), "active");
    for _ in 0..2 {
        teacher.sync();
        parent.sync();
    }
    assert_eq!(parent.texts(&thread).len(), 3);
    assert!(parent.waiting().is_empty() && teacher.waiting().is_empty());

    // Removed: devices are told what to do, and another school's link brings them back.
    assert_eq!(done(&data, &["school", "remove", "Elm Street"]), "removed");
    turned_away(&teacher, "removed", "tandem school join LINK");
    let added = admin(&data, &["school", "add", "Oak Hill"]).well();
    teacher.json(&["school", "join", added["link"].as_str().unwrap()]).well();
    let last = teacher.says("Maya", "We are at Oak Hill now.");
    teacher.sync();
    assert_eq!(teacher.state(&thread, &last), "on_relay");
    parent.sync();
    assert_eq!(parent.texts(&thread).len(), 4);

    // Everything that was done is in the log, and check holds it too.
    let audit = admin(&data, &["audit"]).well();
    let acts: Vec<_> =
        audit["acts"].as_array().unwrap().iter().map(|act| act["act"].as_str().unwrap()).collect();
    let expected = [
        "school_added",
        "device_suspended",
        "device_resumed",
        "school_suspended",
        "school_resumed",
        "school_removed",
        "school_added",
    ];
    assert_eq!(acts, expected);
    relay.stop();
    let mut check = tandem();
    check.args(["relay", "check", "--json", "--data"]).arg(&data);
    let checked = ran(check).well();
    assert_eq!(checked["audit"]["acts"], 7);
    assert_eq!(checked["audit"]["ok"], true);
    let mut words = tandem();
    words.args(["relay", "admin", "--data"]).arg(&data).arg("audit");
    assert!(ran(words).out.contains("7 acts, each as the relay signed it"));
}

#[test]
fn what_the_admin_commands_do_not_know_is_said_and_nothing_is_made() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let none = admin(&data, &["school", "list"]);
    assert_eq!((none.code, none.kind().as_str()), (1, "no_store"));
    assert!(!data.exists());
    Relay::start(&data).stop();
    for (words, code, kind) in [
        (&["school", "suspend", "Oak"][..], 1, "unknown_school"),
        (&["device", "suspend", "abcd"], 1, "unknown_device"),
        (&["school", "add", ""], 1, "not_allowed"),
    ] {
        let ended = admin(&data, words);
        assert_eq!((ended.code, ended.kind().as_str()), (code, kind), "{ended:?}");
    }
    let mut no_limit = tandem();
    no_limit.args(["relay", "admin", "school", "limit", "Oak", "chairs=3", "--data"]).arg(&data);
    assert_eq!(ran(no_limit).code, 2);
    let mut help = Command::new(env!("CARGO_BIN_EXE_tandem"));
    help.args(["relay", "admin", "school", "add", "--help"]).stdin(Stdio::null());
    assert!(ran(help).out.contains("Examples:"));
}
