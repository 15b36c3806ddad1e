#![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

use std::{fs, sync::Arc};

use tandem_relay::{AdminReply, AdminRequest, Quota, Standing};

use super::*;
use crate::{
    ask_admin,
    folder::Folder,
    journal::{Journal, RealDisk},
};

/// A data folder of a relay that does not run, after three acts.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    Folder::open(dir.path()).unwrap().key().unwrap();
    let add = AdminRequest::AddSchool { name: "Elm Street".into(), quota: Quota::new() };
    assert!(matches!(ask_admin(dir.path(), add).unwrap(), AdminReply::Linked(..)));
    for standing in [Standing::Suspended, Standing::Active] {
        ask_admin(dir.path(), AdminRequest::SetSchool("Elm Street".into(), standing)).unwrap();
    }
    dir
}

/// Writes the journal anew with other acts, every checksum right.
fn forge(dir: &Path, change: impl FnOnce(&mut Vec<AuditRecord>)) {
    let journal = journal_dir(&store_of(dir));
    let mut scan = Scan::open(&journal).unwrap();
    let (mut records, mut acts) = (Vec::new(), Vec::new());
    while let Some(entry) = scan.next().unwrap() {
        match entry.record {
            Record::Audited(act) => acts.push(act),
            other => records.push(other),
        }
    }
    change(&mut acts);
    records.extend(acts.into_iter().map(Record::Audited));
    fs::remove_dir_all(&journal).unwrap();
    fs::create_dir(&journal).unwrap();
    let mut journal = Journal::create(&journal, Arc::new(RealDisk), [3; 16]).unwrap();
    journal.append(records.iter(), &mut Vec::new()).unwrap();
}

#[test]
fn the_acts_of_a_relay_that_does_not_run_are_read_and_verified() {
    let dir = folder();
    let found = audit(dir.path()).unwrap();
    assert_eq!(found.fault, None);
    let names: Vec<_> = found.acts.iter().map(|act| act.act.name()).collect();
    assert_eq!(names, ["school_added", "school_suspended", "school_resumed"]);
    assert!(found.acts.iter().all(|act| act.by.contains("relay not running")), "{found:?}");
    assert!(crate::check(dir.path(), &[]).unwrap().is_ok());
}

#[test]
fn an_act_that_was_changed_or_cut_out_or_cut_off_is_found_also_by_check() {
    type Change = fn(&mut Vec<AuditRecord>);
    let changes: [(Change, &str); 4] = [
        (|acts| acts[1].by = "nobody".into(), "number 2 is not as the relay signed it"),
        (|acts| drop(acts.remove(1)), "number 3 stands where number 2 should"),
        (|acts| drop(acts.pop()), "acts.log beside it has 1 more"),
        (Vec::clear, "acts.log beside it has 3 more"),
    ];
    for (change, expected) in changes {
        let dir = folder();
        forge(dir.path(), change);
        let fault = audit(dir.path()).unwrap().fault.unwrap();
        assert!(fault.contains(expected), "{fault}");
        let report = crate::check(dir.path(), &[]).unwrap();
        assert!(!report.is_ok() && report.audit.fault == Some(fault));
    }
}

#[test]
fn after_a_wipe_and_after_an_older_copy_the_acts_come_back() {
    let dir = folder();
    let copy = tempfile::tempdir().unwrap();
    let before = audit(dir.path()).unwrap().acts;
    let schools = || ask_admin(dir.path(), AdminRequest::Schools).unwrap();
    let rows = schools();
    fs::remove_dir_all(store_of(dir.path())).unwrap();
    assert_eq!(schools(), rows);
    assert_eq!(audit(dir.path()).unwrap(), Audit { acts: before.clone(), fault: None });
    // An older store is put back, with the acts of then.
    let journal = journal_dir(&store_of(dir.path()));
    fs::copy(journal.join("00000001.log"), copy.path().join("old")).unwrap();
    ask_admin(dir.path(), AdminRequest::SetSchool("Elm Street".into(), Standing::Removed)).unwrap();
    let rows = schools();
    fs::copy(copy.path().join("old"), journal.join("00000001.log")).unwrap();
    assert!(audit(dir.path()).unwrap().fault.is_some());
    assert_eq!(schools(), rows);
    let after = audit(dir.path()).unwrap();
    assert_eq!((after.acts.len(), after.fault), (before.len() + 1, None));
}

#[test]
fn a_copy_that_is_lost_or_cut_short_is_made_again_and_one_of_another_history_is_set_aside() {
    let dir = folder();
    let path = acts::acts_of(dir.path());
    let whole = fs::read(&path).unwrap();
    for left in [0, 3, 100, whole.len() - 1] {
        fs::write(&path, &whole[..left]).unwrap();
        ask_admin(dir.path(), AdminRequest::Schools).unwrap();
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    fs::remove_file(&path).unwrap();
    ask_admin(dir.path(), AdminRequest::Schools).unwrap();
    assert_eq!(fs::read(&path).unwrap(), whole);

    let other = folder();
    fs::copy(acts::acts_of(other.path()), &path).unwrap();
    assert!(audit(dir.path()).unwrap().fault.unwrap().contains("number 1 is another"));
    ask_admin(dir.path(), AdminRequest::Schools).unwrap();
    assert_eq!(fs::read(&path).unwrap(), whole);
    assert!(dir.path().join("acts.log.aside-1").exists());
    // Over a wiped store it does not follow either: another key signed it.
    fs::copy(acts::acts_of(other.path()), &path).unwrap();
    fs::remove_dir_all(store_of(dir.path())).unwrap();
    let AdminReply::Schools(rows) = ask_admin(dir.path(), AdminRequest::Schools).unwrap() else {
        panic!("no list")
    };
    assert!(rows.is_empty());
    assert!(dir.path().join("acts.log.aside-2").exists());
    assert_eq!(fs::read(&path).unwrap(), b"");
}
