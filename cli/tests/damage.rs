//! Files that are not as they were left: damaged, of a newer version, or with no room beside them.
//! Real processes, real files.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{fs, path::Path};

use support::{Phone, Ran, Relay, check, copy, nobody, ran, tandem, teacher_and_parent};

/// Nothing that ends badly may end in a panic.
fn calm(ran: &Ran) {
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

fn journal(data: &Path) -> std::path::PathBuf {
    data.join("store/journal/00000001.log")
}

/// Stops a relay that holds five entries, damages its journal, and says what was there before.
fn damaged(place: &Path, damage: impl Fn(&mut Vec<u8>)) {
    let data = place.join("relay");
    let relay = Relay::start(&data);
    let (teacher, parent, thread) = teacher_and_parent(place, &relay.link);
    for day in 0..5 {
        teacher.says("Maya", &format!("Day {day}."));
        teacher.sync();
    }
    parent.sync();
    let receipts = teacher.receipts("Maya");
    let address = relay.stop();
    let mut bytes = fs::read(journal(&data)).unwrap();
    damage(&mut bytes);
    fs::write(journal(&data), bytes).unwrap();
    let found = check(&data, &receipts);
    assert!(!found["missing"].as_array().unwrap().is_empty(), "{found}");

    let relay = Relay::again(&data, &address);
    // The one who reads brings back what the one who writes has not sent again.
    for _ in 0..2 {
        parent.sync();
        teacher.sync();
    }
    let after = teacher.receipts("Maya");
    assert_eq!(after.len(), 5);
    assert!(after.iter().all(|receipt| receipt["verified"] == true));
    assert_eq!(teacher.texts(&thread), parent.texts(&thread));
    assert_eq!(teacher.texts(&thread).len(), 5);
    assert!(teacher.waiting().is_empty(), "{:?}", teacher.waiting());
    relay.stop();
    let found = check(&data, &after);
    assert!(found["missing"].as_array().unwrap().is_empty(), "{found}");
    assert!(data.join("store/quarantine").is_dir(), "what was damaged is kept");
}

#[test]
fn a_journal_with_a_flipped_bit_is_told_and_what_it_lost_comes_back() {
    let place = tempfile::tempdir().unwrap();
    damaged(place.path(), |bytes| {
        let middle = bytes.len() * 3 / 5;
        bytes[middle] ^= 0x10;
    });
}

#[test]
fn a_journal_that_was_cut_short_is_told_and_what_it_lost_comes_back() {
    let place = tempfile::tempdir().unwrap();
    damaged(place.path(), |bytes| bytes.truncate(bytes.len() * 3 / 5));
}

#[test]
fn a_store_of_a_newer_relay_is_left_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("relay");
    let relay = Relay::start(&data);
    let address = relay.stop();
    let mut bytes = fs::read(journal(&data)).unwrap();
    bytes[8..12].copy_from_slice(&7u32.to_le_bytes());
    let sum = blake3::hash(&bytes[..12]);
    bytes[12..16].copy_from_slice(&sum.as_bytes()[..4]);
    fs::write(journal(&data), &bytes).unwrap();
    for words in [&["relay", "run", "--listen", &address.listen][..], &["relay", "check"]] {
        let mut command = tandem();
        command.args(words).args(["--json", "--data"]).arg(&data);
        let ran = ran(command);
        calm(&ran);
        assert_eq!((ran.code, ran.kind().as_str()), (1, "other"), "{words:?}");
        assert!(ran.err.contains("newer version"), "{}", ran.err);
        assert_eq!(fs::read(journal(&data)).unwrap(), bytes);
    }
}

#[test]
fn a_home_of_a_newer_version_is_left_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ana", "guardian", &nobody());
    fs::write(phone.home.join("tandem-home"), "layout 9\n").unwrap();
    let ran = phone.json(&["threads"]);
    assert_eq!((ran.code, ran.kind().as_str()), (5, "home_unreadable"));
    assert!(ran.err.contains("newer version"), "{}", ran.err);
    fs::write(phone.home.join("tandem-home"), "layout 1\n").unwrap();
    phone.json(&["threads"]).well();
}

#[test]
fn a_damaged_home_says_so_and_shows_nothing_that_was_not_written() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    for day in 0..5 {
        phone.says("Maya", &format!("Day {day}."));
    }
    let texts = phone.texts("Maya");
    let whole = fs::read(phone.home.join("store/db")).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap();
    for part in 0..6 {
        let copied = Phone { home: place.path().join(format!("copy-{part}")) };
        copy(&phone.home, &copied.home);
        let mut bytes = whole.clone();
        let at = used * (2 * part + 1) / 12;
        if part % 2 == 0 {
            bytes[at] ^= 0x20;
        } else {
            bytes.truncate(at);
        }
        fs::write(copied.home.join("store/db"), bytes).unwrap();
        let ran = copied.json(&["threads"]);
        if ran.code != 0 {
            assert_eq!((ran.code, ran.kind().as_str()), (5, "home_unreadable"), "{ran:?}");
            continue;
        }
        let ran = copied.json(&["read", "Maya"]);
        if ran.code != 0 {
            assert!(["unknown_thread", "damaged"].contains(&ran.kind().as_str()), "{ran:?}");
            continue;
        }
        for row in ran.well()["entries"].as_array().unwrap() {
            let text = row["fields"]["text"].as_str().unwrap();
            assert!(texts.iter().any(|said| said == text), "nobody said {text:?}");
            assert_eq!(row["state"], "on_this_phone");
        }
    }
    assert_eq!(phone.texts("Maya"), texts, "the home itself is as it was");
}

/// A limit on the size of files stands in for a full disk: the write itself fails.
#[test]
fn on_a_full_disk_an_entry_is_refused_and_what_was_kept_is_there_after() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    phone.says("Maya", "Before.");
    let full = |words: &[&str]| {
        let command = phone.command(words);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]);
        shell.arg(command.get_program()).args(command.get_args()).arg("--json");
        shell.env_remove("TANDEM_HOME").env_remove("TANDEM_VAULT").env_remove("RUST_LOG");
        ran(shell)
    };
    let refused = full(&["post", "Maya", "--kind", "message", "--text", "While it is full."]);
    calm(&refused);
    assert!(
        matches!((refused.code, refused.kind().as_str()), (1, "not_kept") | (5, "home_unreadable")),
        "{refused:?}"
    );
    assert_eq!(phone.texts("Maya"), ["Before."], "what was refused is not shown");
    phone.says("Maya", "After.");
    assert_eq!(phone.texts("Maya"), ["Before.", "After."]);
}
