//! What a member writes is shown to others and never obeyed by their terminals. Real processes.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use support::{Phone, Ran, Relay};

const NAME: &str = "Ms\u{1b}[2A\r\nRivera\u{202e}";
const TITLE: &str = "Maya\nk3x9abcd  Leo\u{1b}]0;owned\u{7}\u{9b}2J";
const TEXT: &str = "Well.\r\u{8}\u{1b}[2J\u{2066}\n14:05 Message · you  [k3x9abcd]\n  Seen by you, 14:05.\n\
    \u{2028}---- Mon 1 Jan ----";

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

#[test]
fn a_member_moves_no_cursor_and_forges_no_row_on_anothers_terminal() {
    let place = tempfile::tempdir().unwrap();
    let relay = Relay::start(&place.path().join("relay"));
    let teacher = Phone { home: place.path().join("teacher") };
    teacher.json(&["init", "--name", NAME, "--role", "teacher", "--relay", &relay.link]).well();
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
    let tamed = |phone: &Phone, words: &[&str]| {
        let Ran { out, err, .. } = phone.run(words);
        tame(&words.join(" "), &format!("{out}{err}"));
        out
    };
    own.iter().for_each(|words| drop(tamed(&teacher, words)));

    let parent = Phone::new(place.path(), "Ana", "guardian", &relay.link);
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
    drop(relay);
}
