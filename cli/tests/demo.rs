//! The demo, as anybody starts it: it ends well, and says what it checked.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

use serde_json::json;
use support::{ran, tandem};

#[test]
fn the_school_trip_ends_with_every_check_holding() {
    let mut command = tandem();
    command.args(["demo", "--fast", "--plain", "--seed", "1"]);
    // It has a patience of its own, longer than these tests have for one command.
    let ended = command.output().unwrap();
    let (out, err) =
        (String::from_utf8(ended.stdout).unwrap(), String::from_utf8_lossy(&ended.stderr));
    assert_eq!(ended.status.code(), Some(0), "{out}\n{err}");
    assert!(out.trim_end().ends_with("checks hold."), "{out}");
    assert!(!out.contains('\u{1b}'), "plain is plain");
    for check in [
        "rows",
        "kept",
        "steps",
        "inboxes",
        "outboxes",
        "states",
        "receipts",
        "relay",
        "secrecy",
        "phone",
        "ridge",
        "authority",
        "history",
        "silence",
        "out",
    ] {
        let held = format!("  ok      {check:<9}");
        assert!(out.lines().any(|line| line.starts_with(&held)), "{check}\n{out}");
    }
}

#[test]
fn a_folder_to_keep_must_be_a_new_one() {
    let place = tempfile::tempdir().unwrap();
    let mut command = tandem();
    command.args(["demo", "--fast", "--plain", "--json", "--keep"]).arg(place.path());
    let ran = ran(command);
    assert_eq!((ran.code, ran.kind().as_str()), (2, "usage"));
}

#[test]
fn a_demo_that_is_stopped_says_so_in_one_document() {
    let mut command = tandem();
    command.args(["demo", "--fast", "--seed", "3", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(told.any(|line| line.unwrap().contains("Ten threads")), "the story is told aside");
    let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status();
    assert!(asked.unwrap().success());
    // Whatever it still tells is taken, so that it never waits for a reader.
    let rest = std::thread::spawn(move || told.count());
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    rest.join().unwrap();
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document, json!({ "seed": 3, "stopped": true }));
}
