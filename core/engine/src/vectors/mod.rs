//! Known-answer vectors: what this code makes from fixed seeds, as files under `tests/vectors`.
//!
//! They are there for programs that are not this one: `tests/vectors/open.py` reads them with
//! nothing but `docs/protocol.md`. A file that differs from what the code makes fails its test, so
//! that no format changes unseen. One that is meant to change is written by
//! `TANDEM_VECTORS=write cargo test -p tandem-engine vectors`.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod envelopes;
mod links;
mod receipts;

use std::path::PathBuf;

use serde_json::{Value, json};
use tandem_proto::{DeviceKey, SecretKey};

/// The seed of a device's identity key, by number.
fn seed(n: u8) -> [u8; 32] {
    [n; 32]
}

fn identity(n: u8) -> SecretKey {
    SecretKey::from_seed(seed(n))
}

fn device(n: u8) -> DeviceKey {
    DeviceKey::new(identity(n).public())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares the vectors of a file with those that the code makes, or writes them.
#[allow(
    clippy::disallowed_methods,
    reason = "the files of a test, and whoever runs it says whether they are to be written"
)]
fn same_as_committed(file: &str, about: &str, vectors: &[Value]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file);
    let made = json!({ "about": about, "vectors": vectors });
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
        "tests/vectors/{file} is not what the code makes. If the format was meant to change, say so \
         in docs/protocol.md and run `TANDEM_VECTORS=write cargo test -p tandem-engine vectors`; \
         then `cargo xtask vectors` tells whether the page still says enough to read it"
    );
}
