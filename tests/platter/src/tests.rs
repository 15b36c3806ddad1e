#![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write as _,
    path::Path,
};

use super::*;

/// Every image that some dice make at the last moment, as what `look` sees.
fn images<T: Ord>(recording: &Recording, look: impl Fn(&Path) -> T) -> BTreeSet<T> {
    (0..400)
        .map(|seed| {
            let dir = tempfile::tempdir().unwrap();
            recording.image(recording.len(), &mut Dice::new(seed)).write_to(dir.path()).unwrap();
            look(dir.path())
        })
        .collect()
}

fn seen(values: &[&str]) -> BTreeSet<Option<String>> {
    let mut seen: BTreeSet<_> = values.iter().map(|value| Some((*value).to_owned())).collect();
    if values.is_empty() {
        seen.insert(None);
    }
    seen
}

#[test]
fn what_was_synced_with_its_name_is_in_every_image() {
    let dir = tempfile::tempdir().unwrap();
    let ((), recording) = record(dir.path(), |recorder| {
        let mut file = File::create(dir.path().join("kept")).unwrap();
        file.write_all(b"words").unwrap();
        file.sync_data().unwrap();
        File::open(dir.path()).unwrap().sync_all().unwrap();
        recorder.mark(1);
    });
    assert_eq!(recording.promised(recording.len()), Some(1));
    assert_eq!(recording.promised(recording.len() - 1), None);
    let found = images(&recording, |dir| fs::read_to_string(dir.join("kept")).ok());
    assert_eq!(found, seen(&["words"]));
}

#[test]
fn what_was_not_synced_may_be_there_or_not_and_a_name_too() {
    let dir = tempfile::tempdir().unwrap();
    let ((), recording) = record(dir.path(), |_| {
        let mut file = File::create(dir.path().join("kept")).unwrap();
        file.write_all(b"words").unwrap();
        file.sync_all().unwrap();
        File::open(dir.path()).unwrap().sync_all().unwrap();
        file.write_all(b" and more").unwrap();
        File::create(dir.path().join("named")).unwrap();
    });
    let found = images(&recording, |dir| fs::read_to_string(dir.join("kept")).ok());
    assert_eq!(found, seen(&["words", "words and more"]));
    let found = images(&recording, |dir| dir.join("named").exists());
    assert_eq!(found, BTreeSet::from([false, true]));
}

#[test]
fn pages_of_one_write_arrive_each_alone() {
    let dir = tempfile::tempdir().unwrap();
    let ((), recording) = record(dir.path(), |_| {
        let file = File::create(dir.path().join("pages")).unwrap();
        File::open(dir.path()).unwrap().sync_all().unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, &[7; 8192], 0).unwrap();
    });
    let found = images(&recording, |dir| {
        let bytes = fs::read(dir.join("pages")).unwrap();
        let page = |n: usize| bytes.get(n * 4096).copied().unwrap_or(0);
        (page(0), page(1))
    });
    assert_eq!(found, BTreeSet::from([(0, 0), (0, 7), (7, 0), (7, 7)]));
}

#[test]
fn a_rename_is_there_whole_or_not_and_a_synced_one_is() {
    for sync in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let ((), recording) = record(dir.path(), |_| {
            fs::create_dir(dir.path().join("new")).unwrap();
            let mut file = File::create(dir.path().join("new/file")).unwrap();
            file.write_all(b"x").unwrap();
            file.sync_all().unwrap();
            File::open(dir.path().join("new")).unwrap().sync_all().unwrap();
            File::open(dir.path()).unwrap().sync_all().unwrap();
            fs::rename(dir.path().join("new"), dir.path().join("old")).unwrap();
            if sync {
                File::open(dir.path()).unwrap().sync_all().unwrap();
            }
        });
        let found = images(&recording, |dir| {
            (dir.join("new/file").exists(), dir.join("old/file").exists())
        });
        let both = BTreeSet::from([(true, false), (false, true)]);
        assert_eq!(found, if sync { BTreeSet::from([(false, true)]) } else { both });
    }
}
