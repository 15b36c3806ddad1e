//! Where the root key is, and what a copy of a home without it is worth.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::fs;

use support::{Phone, copy, nobody, ran};

#[test]
fn a_copy_of_a_home_opens_with_its_key_and_not_without() {
    let place = tempfile::tempdir().unwrap();
    let phone = Phone::new(place.path(), "Ms Rivera", "teacher", &nobody());
    phone.json(&["thread", "new", "Maya"]).well();
    let stolen = Phone { home: place.path().join("stolen") };
    copy(&phone.home, &stolen.home);
    stolen.json(&["read", "Maya"]).well();
    let key = fs::read(stolen.home.join("key")).unwrap();
    fs::remove_file(stolen.home.join("key")).unwrap();
    let refused = stolen.json(&["read", "Maya"]);
    assert_eq!((refused.code, refused.kind().as_str()), (5, "home_unreadable"), "{refused:?}");
    assert!(refused.err.contains("--vault FILE"), "{}", refused.err);
    let other = Phone::new(place.path(), "Ana", "guardian", &nobody());
    fs::copy(other.home.join("key"), stolen.home.join("key")).unwrap();
    let refused = stolen.json(&["read", "Maya"]);
    assert_eq!((refused.code, refused.kind().as_str()), (5, "home_unreadable"), "{refused:?}");
    assert!(refused.err.contains("not the one"), "{}", refused.err);
    fs::write(stolen.home.join("key"), key).unwrap();
    stolen.json(&["read", "Maya"]).well();
}

#[test]
fn a_key_elsewhere_is_said_with_every_command_and_is_one_homes_own() {
    let place = tempfile::tempdir().unwrap();
    let vault = place.path().join("medium/ana.key");
    fs::create_dir(vault.parent().unwrap()).unwrap();
    let at = vault.to_str().unwrap();
    let phone = Phone { home: place.path().join("ana") };
    let init = ["init", "--name", "Ana", "--role", "guardian", "--relay", &nobody()];
    phone.json(&[&["--vault", at][..], &init].concat()).well();
    assert!(vault.is_file() && !phone.home.join("key").exists());
    assert_eq!(phone.json(&["threads"]).kind(), "home_unreadable");
    phone.json(&["--vault", at, "threads"]).well();
    let mut command = phone.command(&["threads", "--json"]);
    command.env("TANDEM_VAULT", &vault);
    ran(command).well();
    let second = Phone { home: place.path().join("second") };
    let refused = second.json(&[&["--vault", at][..], &init].concat());
    assert_eq!((refused.code, refused.kind().as_str()), (5, "home_unreadable"), "{refused:?}");
    assert!(refused.err.contains("already"), "{}", refused.err);
    phone.json(&["--vault", at, "threads"]).well();
}
