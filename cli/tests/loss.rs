//! What a relay may lose and devices must bring back: kill -9, a wiped store, a store copied back
//! from earlier, a key on another machine. Real processes, real files.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::Stdio,
};

use support::{Phone, Relay, check, copy, logged, ran, tandem, teacher_and_parent};

/// Both have everything, and what they say about the relay is so.
fn all_is_well(teacher: &Phone, parent: &Phone, thread: &str, relay: Relay, data: &Path) {
    for _ in 0..3 {
        teacher.sync();
        parent.sync();
    }
    assert_eq!(teacher.texts(thread), parent.texts(thread));
    assert!(teacher.waiting().is_empty(), "{:?}", teacher.waiting());
    assert!(parent.waiting().is_empty(), "{:?}", parent.waiting());
    let receipts = [teacher.receipts(thread), parent.receipts(thread)].concat();
    let own = teacher.texts(thread).len();
    assert_eq!(receipts.len(), own, "each entry has its receipt");
    assert!(receipts.iter().all(|receipt| receipt["verified"] == true));
    relay.stop();
    let found = check(data, &receipts);
    assert_eq!(found["missing"].as_array().unwrap().len(), 0, "{found}");
    for receipt in &receipts {
        assert_eq!(receipt["generation"], found["generation"], "of the present generation");
    }
}

#[test]
fn a_relay_killed_and_started_again_has_what_it_gave_receipts_for() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let relay = Relay::start(&data);
    let (teacher, parent, thread) = teacher_and_parent(place.path(), &relay.link);
    for day in 0..5 {
        teacher.says("Maya", &format!("Day {day}."));
        teacher.sync();
    }
    let before = teacher.receipts("Maya");
    let address = relay.kill();
    let offline = teacher.says("Maya", "Written while nobody answers.");
    let ran = teacher.json(&["sync", "--once", "--timeout", "1s"]);
    assert_eq!(ran.code, 3);
    assert_eq!(teacher.state(&thread, &offline), "on_this_phone");
    assert_eq!(check(&data, &before)["missing"].as_array().unwrap().len(), 0);
    let relay = Relay::again(&data, &address);
    all_is_well(&teacher, &parent, &thread, relay, &data);
}

#[test]
fn a_wiped_store_gets_everything_back_from_the_devices() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let relay = Relay::start(&data);
    let (teacher, parent, thread) = teacher_and_parent(place.path(), &relay.link);
    let entry = teacher.says("Maya", "Reading went well today.");
    teacher.sync();
    parent.says("Maya", "Good to hear.");
    parent.sync();
    let before = teacher.receipts("Maya");
    let address = relay.stop();
    fs::remove_dir_all(data.join("store")).unwrap();
    let relay = Relay::again(&data, &address);
    teacher.sync();
    let after = teacher.receipts("Maya");
    assert_ne!(before[0]["generation"], after[0]["generation"], "another incarnation");
    assert_ne!(before[0]["envelope_hash"], after[0]["envelope_hash"], "in a new envelope");
    assert_ne!(teacher.state(&thread, &entry), "on_this_phone", "it is there again");
    all_is_well(&teacher, &parent, &thread, relay, &data);
}

#[test]
fn a_store_copied_back_from_earlier_claims_nothing_that_it_does_not_hold() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let relay = Relay::start(&data);
    let (teacher, parent, thread) = teacher_and_parent(place.path(), &relay.link);
    teacher.says("Maya", "Before the copy.");
    teacher.sync();
    let address = relay.stop();
    let earlier = place.path().join("earlier");
    copy(&data.join("store"), &earlier);

    let relay = Relay::again(&data, &address);
    teacher.says("Maya", "After the copy.");
    parent.says("Maya", "Also after.");
    teacher.sync();
    parent.sync();
    teacher.sync();
    relay.stop();
    fs::remove_dir_all(data.join("store")).unwrap();
    copy(&earlier, &data.join("store"));

    let old = check(&data, &[])["generation"].as_str().unwrap().to_owned();
    assert!(!logged(&data).contains("a new generation is drawn"));
    let relay = Relay::again(&data, &address);
    all_is_well(&teacher, &parent, &thread, relay, &data);
    assert_eq!(teacher.texts(&thread).len(), 3);
    let log = logged(&data);
    let told = log.lines().find(|line| line.contains("a new generation is drawn"));
    let told = told.expect("the operator is told why");
    let new = check(&data, &[])["generation"].as_str().unwrap().to_owned();
    assert!(told.contains(&format!("old={old}")) && told.contains(&format!("new={new}")), "{told}");
}

#[test]
fn a_join_that_is_on_its_way_survives_a_wipe_at_each_of_its_steps() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let relay = Relay::start(&data);
    let teacher = Phone::new(place.path(), "Ms Rivera", "teacher", &relay.link);
    let parent = Phone::new(place.path(), "Ana", "guardian", &relay.link);
    let thread = teacher.json(&["thread", "new", "Maya"]).well()["thread"].clone();
    teacher.says("Maya", "Reading went well today.");
    let link = teacher.json(&["invite", "Maya", "--role", "guardian"]).well()["link"].clone();
    parent.json(&["join", link.as_str().unwrap()]).well();
    let wipe = |relay: Relay| {
        let address = relay.stop();
        fs::remove_dir_all(data.join("store")).unwrap();
        Relay::again(&data, &address)
    };
    parent.sync();
    let relay = wipe(relay); // the request is gone
    parent.sync();
    teacher.sync();
    let relay = wipe(relay); // the welcome is gone, and the roster link
    teacher.sync();
    parent.sync();
    assert_eq!(parent.texts("Maya"), ["Reading went well today."]);
    all_is_well(&teacher, &parent, thread.as_str().unwrap(), relay, &data);
}

#[test]
fn a_key_moved_to_another_folder_is_the_same_relay_with_an_empty_store() {
    let place = tempfile::tempdir().unwrap();
    let (old, new) = (place.path().join("relay"), place.path().join("moved"));
    let relay = Relay::start(&old);
    let (teacher, parent, thread) = teacher_and_parent(place.path(), &relay.link);
    teacher.says("Maya", "Reading went well today.");
    teacher.sync();
    let address = relay.stop();
    fs::create_dir(&new).unwrap();
    fs::copy(old.join("relay.key"), new.join("relay.key")).unwrap();
    let relay = Relay::again(&new, &address);
    all_is_well(&teacher, &parent, &thread, relay, &new);
}

#[test]
fn another_relay_at_the_same_address_is_told_nothing() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let (teacher, _, thread) = teacher_and_parent(place.path(), &relay.link);
    let entry = teacher.says("Maya", "Reading went well today.");
    let address = relay.stop();
    let other = place.path().join("other");
    let impostor = Relay::start_at(&other, &address.listen);
    assert_ne!(impostor.link, address.link);
    let ran = teacher.json(&["sync", "--once", "--timeout", "3s"]);
    assert_eq!((ran.code, ran.kind().as_str()), (3, "wrong_relay_key"), "{ran:?}");
    assert_eq!(teacher.state(&thread, &entry), "on_this_phone");
    impostor.stop();
    assert_eq!(check(&other, &[])["threads"].as_array().unwrap().len(), 0);
}

#[test]
fn a_relay_that_is_asked_to_stop_as_soon_as_it_has_said_its_link_stops_well() {
    let place = tempfile::tempdir().unwrap();
    for _ in 0..5 {
        Relay::start(&place.path().join("relay")).stop();
    }
}

#[test]
fn a_data_folder_in_use_is_not_opened_twice() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let relay = Relay::start(&data);
    let mut second = tandem();
    second.args(["relay", "run", "--json", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
    let second = ran(second);
    assert_eq!((second.code, second.kind().as_str()), (4, "relay_in_use"), "{second:?}");
    drop(relay);
}

#[test]
fn a_relay_finds_its_folder_in_the_config_and_the_command_line_goes_first() {
    let place = tempfile::tempdir().unwrap();
    let (said, other) = (place.path().join("said"), place.path().join("other"));
    let config = place.path().join("relay.toml");
    fs::write(&config, format!("data = {other:?}\nlisten = \"127.0.0.1:0\"\n")).unwrap();
    let begin = |words: &[&str]| {
        let mut command = tandem();
        command.args(["relay", "run", "--json", "--config"]).arg(&config).args(words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(line.contains("tandem://relay/127.0.0.1:"), "{line}");
    };
    begin(&["--data", said.to_str().unwrap()]);
    assert!(said.join("relay.key").exists() && !other.exists());
    begin(&[]);
    assert!(other.join("relay.key").exists());

    let mut neither = tandem();
    neither.args(["relay", "run", "--json", "--listen", "127.0.0.1:0"]);
    let neither = ran(neither);
    assert_eq!((neither.code, neither.kind().as_str()), (2, "usage"));
    assert!(neither.err.contains("--data"), "{}", neither.err);
}

#[test]
fn an_address_that_can_not_be_listened_on_says_what_to_do_and_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let run = |listen: &str| {
        let mut command = tandem();
        command.args(["relay", "run", "--json", "--listen", listen, "--data"]).arg(&data);
        ran(command)
    };
    let refused = run(&listen);
    assert_eq!((refused.code, refused.kind().as_str()), (1, "other"));
    assert!(refused.err.contains("--listen"), "{}", refused.err);
    assert!(!data.exists(), "no folder with a key is left behind");
    let named = run("localhost:7445");
    assert_eq!((named.code, named.kind().as_str()), (2, "usage"));
    assert!(named.err.contains("127.0.0.1:7443"), "it says how: {}", named.err);
}

#[test]
fn an_empty_store_and_a_damaged_end_are_told_as_what_they_are() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    Relay::start(&data).stop();
    let shown = || {
        let mut command = tandem();
        command.args(["relay", "check", "--data"]).arg(&data);
        ran(command)
    };
    assert!(shown().out.contains("\nNo threads."), "{:?}", shown());
    let relay = Relay::start(&data);
    let (teacher, _, _) = teacher_and_parent(place.path(), &relay.link);
    teacher.says("Maya", "Reading went well today.");
    teacher.sync();
    relay.stop();
    assert!(shown().out.contains("items, the chain holds\n"), "{:?}", shown());
    let journal = data.join("store/journal/00000001.log");
    let mut bytes = fs::read(&journal).unwrap();
    let last = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes[last] ^= 1;
    fs::write(&journal, bytes).unwrap();
    let damaged = shown();
    assert_eq!(damaged.code, 6);
    assert!(damaged.out.contains("the chain holds to here"), "{}", damaged.out);
    assert!(!damaged.out.contains("chain does not hold"), "{}", damaged.out);
}
