//! The recorded screens that every shell replays (`tests/golden/view_diffs.json`).

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::{env, fs, path::PathBuf};

use tandem_engine::ViewDiff;
use tandem_tests::golden::{Recording, Replay, record};

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/view_diffs.json")
}

fn recorded() -> Recording {
    if env::var("TANDEM_GOLDEN").is_ok_and(|word| word == "write") {
        let mut text = serde_json::to_string(&record()).unwrap();
        text.push('\n');
        fs::create_dir_all(file().parent().unwrap()).unwrap();
        fs::write(file(), text).unwrap();
    }
    serde_json::from_str(&fs::read_to_string(file()).unwrap()).unwrap()
}

fn replayed<R: Clone + PartialEq + std::fmt::Debug>(replay: &Replay<R>) {
    let mut rows = Vec::new();
    for (n, step) in replay.0.iter().enumerate() {
        step.diff.clone().apply(&mut rows);
        assert_eq!(rows, step.rows, "after change {n}");
    }
}

/// Which of the four changes are in it and change something; a `Reset` counts whatever it brings.
fn kinds<R: PartialEq>(replay: &Replay<R>) -> [bool; 4] {
    let mut kinds = [false; 4];
    let mut before: &[R] = &[];
    for step in &replay.0 {
        let changes = step.rows != before;
        match &step.diff {
            ViewDiff::Reset(_) => kinds[0] = true,
            ViewDiff::Insert { .. } => kinds[1] |= changes,
            ViewDiff::Update { .. } => kinds[2] |= changes,
            ViewDiff::Remove { .. } => kinds[3] |= changes,
        }
        before = &step.rows;
    }
    kinds
}

fn holds(recording: &Recording) {
    assert_eq!(kinds(&recording.inbox), [true; 4]);
    // A thread loses a row only where somebody was taken out; the inbox moves its rows.
    assert_eq!(kinds(&recording.thread), [true, true, true, false]);
    replayed(&recording.inbox);
    replayed(&recording.thread);
}

#[test]
fn what_was_recorded_replays_to_the_same_rows() {
    holds(&recorded());
}

#[test]
fn the_engine_still_tells_screens_what_was_recorded_in_kind() {
    holds(&record());
}
