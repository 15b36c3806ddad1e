//! What a member writes is shown to others and never obeyed by their terminals. Real processes.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::Stdio,
};

use support::{Phone, Ran, Relay};

const NAME: &str = "Ms\u{1b}[2A\r\nRivera\u{202e}";
const PARENT: &str = "Ana\u{9b}2J\r\n14:05 Message\u{202e}\u{7}";
const TITLE: &str = "Maya\nk3x9abcd  Leo\u{1b}]0;owned\u{7}\u{9b}2J";
const TEXT: &str = "Well.\r\u{8}\u{1b}[2J\u{2066}\n14:05 Message · you  [k3x9abcd]\n  Seen by you, 14:05.\n\
    \u{2028}---- Mon 1 Jan ----";

/// The first line of each name, as a terminal is shown it.
const SHOWN: [&str; 2] =
    ["Ms\u{fffd}[2A Rivera\u{fffd}", "Ana\u{fffd}2J 14:05 Message\u{fffd}\u{fffd}"];

/// Printed for people without anything that a terminal would obey.
fn tame(what: &str, printed: &str) {
    let obeyed = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!printed.chars().any(obeyed), "{what}: {printed:?}");
    for forged in ["k3x9abcd", "14:05", "  Seen by you", "---- Mon 1 Jan"] {
        assert!(!printed.lines().any(|line| line.starts_with(forged)), "{what}: {printed}");
    }
}

/// Runs a command for people; what it says is tame.
fn tamed(phone: &Phone, words: &[&str]) -> String {
    let Ran { out, err, .. } = phone.run(words);
    tame(&words.join(" "), &format!("{out}{err}"));
    out
}

/// The same, and this is in it, however its lines were broken: somebody's name was printed.
fn says(phone: &Phone, words: &[&str], part: &str) {
    let out = tamed(phone, words);
    let said = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(part), "{part:?} of {words:?}: {out}");
}

/// A home of somebody with a name that is no folder's.
fn named(home: PathBuf, name: &str, role: &str, relay: &str) -> Phone {
    let phone = Phone { home };
    phone.json(&["init", "--name", name, "--role", role, "--relay", relay]).well();
    phone
}

fn person(phone: &Phone, thread: &str, mine: bool) -> String {
    let members = phone.json(&["members", thread]).well();
    let rows = members["members"].as_array().unwrap();
    let row = rows.iter().find(|row| row["mine"] == mine).unwrap();
    row["person"].as_str().unwrap().to_owned()
}

#[test]
fn a_member_moves_no_cursor_and_forges_no_row_on_anothers_terminal() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let teacher = named(place.path().join("teacher"), NAME, "teacher", &relay.link);
    let thread = teacher.json(&["thread", "new", TITLE]).well()["thread"].clone();
    let thread = thread.as_str().unwrap();
    let link = teacher.json(&["invite", thread, "--role", "guardian"]).well()["link"].clone();
    let entry = teacher.says(thread, TEXT);

    let own = [
        &["threads"][..],
        &["read", thread],
        &["outbox"],
        &["invite", thread, "--role", "guardian"],
        &["read", "Leo"],
    ];
    own.iter().for_each(|words| drop(tamed(&teacher, words)));

    let parent = named(place.path().join("parent"), PARENT, "guardian", &relay.link);
    parent.json(&["join", link.as_str().unwrap()]).well();
    parent.sync();
    let let_in = tamed(&teacher, &["sync", "--once"]);
    assert!(let_in.contains("New in Maya"), "{let_in}");
    let here = tamed(&parent, &["sync", "--once"]);
    assert!(here.contains("You are in: Maya k3x9abcd Leo\u{fffd}]0;owned"), "{here}");
    for words in
        [&["threads"][..], &["read", thread], &["outbox"], &["doctor"], &["receipts", thread]]
    {
        tamed(&parent, words);
    }
    teacher.sync();
    the_roster_is_tame(&teacher, &parent, thread);
    let shown = parent.run(&["read", thread]).out;
    assert!(
        shown.contains("Ms\u{fffd}[2A Rivera\u{fffd} (teacher)"),
        "what was written shows: {shown}"
    );
    assert!(shown.contains("\n    14:05 Message · you  [k3x9abcd]\n"), "{shown}");

    let mut watch = parent.command(&["watch", thread]);
    let mut watch = watch.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines().map(Result::unwrap);
    let block: Vec<_> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    watch.kill().unwrap();
    watch.wait().unwrap();
    tame("watch", &block.join("\n"));

    // Scripts get every byte of it.
    let document = parent.json(&["read", thread]).well();
    assert_eq!(document["title"], TITLE);
    assert_eq!(document["entries"][0]["entry"], entry.as_str());
    assert_eq!(document["entries"][0]["fields"]["text"], TEXT);
    assert_eq!(document["entries"][0]["author"], NAME);
    let members = parent.json(&["members", thread]).well();
    let names: Vec<_> =
        members["members"].as_array().unwrap().iter().map(|row| &row["name"]).collect();
    assert_eq!(names, [NAME, PARENT]);
    a_new_phone_is_tame(&teacher, place.path().join("phone"), thread, &relay.link);
    drop(relay);
}

/// Who is in, who vouches for them, who came by which link: each names people.
fn the_roster_is_tame(teacher: &Phone, parent: &Phone, thread: &str) {
    let [school, home] = SHOWN;
    let id = person(parent, thread, false);
    says(parent, &["members", thread], school);
    says(parent, &["members", thread], home);
    says(parent, &["verify", thread, &id], school);
    tamed(parent, &["verify", thread, &id, "--code", "12345"]);
    tamed(parent, &["verify", thread, NAME]);
    tamed(parent, &["verify", thread, "Nobody\u{1b}[2J\r\nat all"]);
    tamed(parent, &["remove", thread, &id]);
    tamed(parent, &["forget", thread]);
    tamed(parent, &["invite", thread, "--role", "archive"]);
    says(parent, &["invite", "--list"], "Maya k3x9abcd Leo");
    says(teacher, &["invite", "--list"], &format!("Used by {home}"));
    says(teacher, &["members", thread], home);
    says(teacher, &["threads"], &format!("Not verified: {home}"));
    says(teacher, &["read", thread], &format!("You let {home} in"));
    let code = teacher.json(&["verify", thread, PARENT]).well()["code"].clone();
    let noted = ["verify", thread, PARENT, "--code", code.as_str().unwrap()];
    says(teacher, &noted, &format!("You have verified {home}"));
    says(teacher, &["members", thread], &format!("Verified by {school}"));
    tamed(teacher, &["outbox"]);
    let file = parent.home.join("../records.json");
    says(parent, &["archive", "export", "--out", file.to_str().unwrap()], "1 thread with 1 entry");
    tamed(parent, &["archive", "run"]);
}

/// A lost phone's person and whoever lets them in again are named on both.
fn a_new_phone_is_tame(teacher: &Phone, home: PathBuf, thread: &str, relay: &str) {
    let [school, lost] = SHOWN;
    let phone = named(home, PARENT, "guardian", relay);
    let link = phone.json(&["device", "offer"]).well()["link"].clone();
    tamed(&phone, &["device", "list"]);
    phone.sync();
    says(teacher, &["readmit", PARENT, link.as_str().unwrap()], lost);
    says(teacher, &["device", "list"], &format!("A new phone of {lost}"));
    tamed(teacher, &["sync", "--once"]);
    tamed(teacher, &["device", "list"]);
    tamed(&phone, &["sync", "--once"]);
    tamed(&phone, &["device", "list"]);
    phone.sync();
    says(&phone, &["read", thread], &format!("{school} let"));
    says(teacher, &["read", thread], &format!("You let {lost} in again"));
    let id = person(&phone, thread, true);
    tamed(teacher, &["refound", thread, "--without", &id]);
}
