//! What is said when something is wrong: what to do instead. No relay runs here.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use support::{Phone, nobody, ran, tandem};

#[test]
fn help_is_also_a_command() {
    for (words, shown) in [(&["help"][..], "tandem relay run"), (&["help", "invite"], "--role")] {
        let mut command = tandem();
        command.args(words);
        let help = ran(command);
        assert!(help.code == 0 && help.out.contains(shown), "{words:?}: {help:?}");
    }
}

#[test]
fn what_is_wrong_with_the_words_is_said_with_what_is_right() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    let long = "x".repeat(500);
    for (words, code, kind, said) in [
        (&["read", "dbu"][..], 1, "unknown_thread", "at least four letters"),
        (&["step", "Maya", "dbu", "--state", "done"], 1, "unknown_entry", "at least four letters"),
        (
            &["post", "Maya", "--text", "x", "--field", "colour=red"],
            1,
            "bad_field",
            "the field \"colour\" of a message does not exist; it has only text",
        ),
        (&["thread", "new", &long], 1, "too_long", "shorten it"),
        (&["post", "Maya", "Hello"], 2, "usage", "--text"),
        (
            &["invite", "Maya", "--role", "mother"],
            2,
            "usage",
            "the roles are guardian, teacher, specialist, lead and archive",
        ),
        (&["relay"], 2, "usage", "`tandem relay` needs one more word: run, check"),
    ] {
        let ran = phone.json(words);
        assert_eq!((ran.code, ran.kind().as_str()), (code, kind), "{words:?}");
        let message = ran.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(said), "{words:?}: {message}");
        assert!(!ran.err.contains("similar value"), "{}", ran.err);
    }
    let mut alone = tandem();
    alone.args(["--json", "relay"]);
    assert!(ran(alone).out.contains("needs one more word: run, check"));
    let other = Phone { home: place.path().join("other") };
    let ran = other.json(&["init", "--name", &long, "--role", "lead", "--relay", &nobody()]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "too_long"));
    assert!(ran.err.contains("shorten it") && !ran.err.contains("parts"), "{}", ran.err);
}

#[test]
fn a_home_that_can_not_be_made_or_has_lost_its_store_says_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    std::fs::write(&file, "x").unwrap();
    // A folder cannot be made under a file, whoever asks.
    let phone = Phone { home: file.join("home") };
    let ran = phone.json(&["init", "--name", "A", "--role", "lead", "--relay", &nobody()]);
    assert_eq!((ran.code, ran.kind().as_str()), (5, "home_unreadable"));
    assert!(ran.err.contains("can't make a home in"), "{}", ran.err);
    assert!(ran.err.contains("--home DIR"), "{}", ran.err);

    let phone = Phone::new(place.path(), "Ana", "guardian", &nobody());
    std::fs::remove_dir_all(phone.home.join("store")).unwrap();
    let ran = phone.json(&["threads"]);
    assert_eq!((ran.code, ran.kind().as_str()), (5, "home_unreadable"));
    assert!(ran.err.contains("store is gone") && ran.err.contains("tandem init"), "{}", ran.err);
}
