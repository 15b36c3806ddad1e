//! Known-answer vectors of values at rest, as those of the engine (`core/engine/src/vectors`): what
//! `tests/vectors/open.py` reads with nothing but `docs/protocol.md`. Files that are meant to change
//! are written by `TANDEM_VECTORS=write cargo test -p tandem-client vectors`.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::PathBuf;

use serde_json::{Value, json};
use tandem_engine::{Batch, Key, Kind, Write};
use tandem_proto::derive_key;

use super::*;
use crate::{MemoryDisk, RootKey};

const ROOT: [u8; 32] = [0x44; 32];
const SEED: [u8; 32] = [0x55; 32];
const FILE: &str = "rest.json";
const ABOUT: &str = "Values at rest: a home's root key, the key that it wraps for a thread or for \
                     what belongs to none, and one record under that key.";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a home has: of no thread and of two, with something behind kind and thread, and without.
fn records() -> Vec<(&'static str, Key, Vec<u8>)> {
    let of = |kind: Kind, rest: &[&[u8]]| Key::new([&[kind as u8], &rest.concat()[..]].concat());
    let (one, other): (&[u8], &[u8]) = (&[0x11; 20], &[0x12; 20]);
    vec![
        ("of no thread", of(Kind::Identity, &[]), b"Ms. Ito".to_vec()),
        ("of no thread, one of several", of(Kind::Invite, &[&[7; 16]]), b"an invite".to_vec()),
        ("of a thread", of(Kind::Thread, &[one]), "Zoë, 2B".as_bytes().to_vec()),
        ("of a thread, one of several", of(Kind::Entry, &[one, &[1; 10]]), vec![0xa5; 300]),
        ("of another thread", of(Kind::Thread, &[other]), b"Leo, 4A".to_vec()),
        ("of another thread, empty", of(Kind::Entry, &[other, &[2; 10]]), Vec::new()),
    ]
}

fn vector(
    name: &str,
    store: &SealedStore<impl Store>,
    disk: &[Record],
    (key, value): (&Key, &[u8]),
) -> Value {
    let place = store.place_of(key).unwrap();
    let stored = &disk.iter().find(|(found, _)| *found == place).unwrap().1;
    let alias = &place.as_bytes()[1..17];
    let is_its = |place: &Key| is_ring(place) && place.as_bytes().ends_with(alias);
    let (wrapped_place, wrapped) = disk.iter().find(|(place, _)| is_its(place)).unwrap();
    // Anew, beside what the store has of it.
    let root_id = derive_key("tandem/at-rest-root-id/1", &[&ROOT]);
    let wrap_key = derive_key("tandem/at-rest-wrap/1", &[&ROOT]);
    let opened = value::open(&wrap_key, wrapped_place.as_bytes(), wrapped.clone());
    let (_, owner) = opened.unwrap();
    let (owner, thread) = owner.split_at(32);
    let value_key = derive_key("tandem/at-rest-value/1", &[owner]);
    let alias_key = derive_key("tandem/at-rest-alias/1", &[owner]);
    let (rest, found) = value::open(&value_key, place.as_bytes(), stored.clone()).unwrap();
    assert_eq!(found, value);
    let kind = key.as_bytes()[0];
    assert_eq!(key.as_bytes(), [&[kind], thread, &rest].concat());
    json!({
        "name": name,
        "inputs": {
            "root": hex(&ROOT),
            "wrapped_place": hex(wrapped_place.as_bytes()),
            "wrapped": hex(wrapped),
            "place": hex(place.as_bytes()),
            "stored": hex(stored),
        },
        "expected": {
            "root_id": hex(&root_id[..8]),
            "wrap_key": hex(&wrap_key),
            "owner_key": hex(owner),
            "thread": hex(thread),
            "value_key": hex(&value_key),
            "alias_key": hex(&alias_key),
            "alias": hex(alias),
            "kind": kind,
            "rest": hex(&rest),
            "aad": hex(&[&b"tandem at rest, 1, home\0"[..], place.as_bytes()].concat()),
            "nonce": hex(&stored[..24]),
            "value": hex(value),
        },
    })
}

#[test]
fn the_values_at_rest_of_the_vectors_are_those_that_the_code_makes() {
    let disk = MemoryDisk::new();
    let store = SealedStore::create(disk.open().unwrap(), &RootKey::new(ROOT), SEED).unwrap();
    let mut batch = Batch::new();
    for (_, key, value) in records() {
        batch.push(Write::Put(key, value));
    }
    store.commit(&batch).unwrap();
    let on_disk = disk.open().unwrap().scan(&Key::new(Vec::new())).unwrap();
    let vectors: Vec<Value> = records()
        .iter()
        .map(|(name, key, value)| vector(name, &store, &on_disk, (key, value)))
        .collect();
    let made = json!({ "about": ABOUT, "vectors": vectors });
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(FILE);
    if std::env::var_os("TANDEM_VECTORS").is_some_and(|word| word == "write") {
        let text = serde_json::to_string_pretty(&made).unwrap();
        std::fs::write(&path, text + "\n").unwrap();
        return;
    }
    let committed = std::fs::read(&path).unwrap_or_default();
    // As values, for the order of keys in a file says nothing.
    let committed: Value = serde_json::from_slice(&committed).unwrap_or(Value::Null);
    assert!(
        committed == made,
        "tests/vectors/{FILE} is not what the code makes. If the format was meant to change, say so in \
         docs/protocol.md and run `TANDEM_VECTORS=write cargo test -p tandem-client vectors`; then \
         `cargo xtask vectors` tells whether the page still says enough to read it"
    );
}
