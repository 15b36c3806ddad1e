//! Schools: who may put threads on the relay, who is turned away, and what is asked by whoever runs
//! it.

mod audit;
mod limits;

use std::collections::BTreeMap;

use tandem_proto::{
    ClientToRelay, Closing, Enrolment, Hello, Letter, MailPut, MailStored, MailboxId, PROTOCOL,
    Refusal, RelayToClient, SchoolAnswer, SchoolPass, SchoolToken, Whom, cursor_digest,
    cursor_root,
};

use super::rig::*;
use crate::{
    AdminError, AdminId, AdminReply, AdminRequest, Admission, Config, ConnId, Input, KnownDevice,
    Limit, Quota, Record, SchoolRow, Standing,
};

fn only_schools() -> Rig {
    Rig::with(Config { admission: Admission::Schools, ..Config::default() })
}

impl Rig {
    fn ask(&mut self, request: AdminRequest) -> Result<AdminReply, AdminError> {
        self.handle(Input::Admin(AdminId(1), "a test".into(), request));
        self.answers.pop().expect("every request is answered")
    }

    fn add_limited(&mut self, name: &str, quota: Quota) -> SchoolPass {
        match self.ask(AdminRequest::AddSchool { name: name.into(), quota }) {
            Ok(AdminReply::Linked(_, pass)) => pass,
            other => panic!("{other:?}"),
        }
    }

    fn add(&mut self, name: &str) -> SchoolPass {
        self.add_limited(name, BTreeMap::new())
    }

    fn school(&mut self, name: &str, standing: Standing) -> SchoolRow {
        match self.ask(AdminRequest::SetSchool(name.into(), standing)) {
            Ok(AdminReply::School(row)) => row,
            other => panic!("{other:?}"),
        }
    }

    fn set_device(&mut self, device: &Device, standing: Standing) -> KnownDevice {
        let name = device.transport().to_string();
        match self.ask(AdminRequest::SetDevice(name, standing)) {
            Ok(AdminReply::Device(row)) => row,
            other => panic!("{other:?}"),
        }
    }

    fn rows(&mut self) -> Vec<SchoolRow> {
        match self.ask(AdminRequest::Schools) {
            Ok(AdminReply::Schools(rows)) => rows,
            other => panic!("{other:?}"),
        }
    }

    /// Connects as a device that shows a pass in the flight of its hello.
    fn connect_passing(&mut self, device: &Device, pass: &SchoolPass) -> ConnId {
        let conn = self.open(device);
        self.frame(conn, ClientToRelay::School(pass.clone()));
        let digest = cursor_digest(&cursor_root([]), 0);
        let hello = Hello { version: PROTOCOL, generation: None, digest };
        self.frame(conn, ClientToRelay::Hello(hello));
        conn
    }

    /// Founds a thread; the refusals.
    fn founds(&mut self, conn: ConnId, device: &Device, nonce: u8) -> Vec<Refusal> {
        let (thread, genesis) = device.found(nonce);
        self.push(conn, thread, &[genesis]);
        refusals(&self.take(conn)).into_iter().map(|(_, reason)| reason).collect()
    }
}

fn enrolments(frames: &[RelayToClient]) -> Vec<Enrolment> {
    let answer = |frame: &RelayToClient| match frame {
        RelayToClient::School(SchoolAnswer { enrolment, .. }) => Some(*enrolment),
        _ => None,
    };
    frames.iter().filter_map(answer).collect()
}

#[test]
fn a_device_that_shows_a_pass_is_one_of_the_school_and_a_restart_changes_nothing() {
    let mut rig = only_schools();
    let pass = rig.add("Elm Street");
    let anna = Device::new(1);
    let conn = rig.connect_passing(&anna, &pass);
    let frames = rig.take(conn);
    assert!(matches!(frames[0], RelayToClient::Greeting(_)), "greeted first: {frames:?}");
    assert_eq!(enrolments(&frames), [Enrolment::Enrolled]);
    assert_eq!(rig.founds(conn, &anna, 1), []);
    let rows = rig.rows();
    assert_eq!((rows[0].devices, rows[0].threads), (1, 1));
    assert!(rows[0].bytes > 0);

    let config = Config { admission: Admission::Schools, ..Config::default() };
    let mut again = Rig::restored(config, 2, rig.journal.clone());
    assert_eq!(again.rows(), rows);
    // Without showing it again.
    let conn = again.connect(&anna);
    assert_eq!(again.founds(conn, &anna, 2), []);
    // And shown again it changes nothing.
    let (before, conn) = (again.journal.len(), again.connect_passing(&anna, &pass));
    assert_eq!(enrolments(&again.take(conn)), [Enrolment::Enrolled]);
    assert_eq!(again.journal.len(), before);
}

#[test]
fn a_pass_that_was_replaced_enrols_nobody_and_loses_nobody() {
    let mut rig = only_schools();
    let old = rig.add("Elm Street");
    let (anna, ben) = (Device::new(1), Device::new(2));
    rig.connect_passing(&anna, &old);
    let Ok(AdminReply::Linked(_, new)) = rig.ask(AdminRequest::LinkSchool("Elm Street".into()))
    else {
        panic!("no pass")
    };
    assert_eq!(new.school, old.school);
    let wrong = SchoolPass { token: SchoolToken::new([0; 16]), ..old.clone() };
    for (device, pass, expected) in [
        (&anna, &old, Enrolment::Enrolled),
        (&ben, &old, Enrolment::NoSuchPass),
        (&ben, &wrong, Enrolment::NoSuchPass),
        (&ben, &new, Enrolment::Enrolled),
    ] {
        let conn = rig.connect_passing(device, pass);
        assert_eq!(enrolments(&rig.take(conn)), [expected]);
    }
    assert_eq!(rig.rows()[0].devices, 2);
}

#[test]
fn where_only_schools_may_put_threads_a_guest_is_served_in_theirs_and_puts_none() {
    let mut rig = only_schools();
    let pass = rig.add("Elm Street");
    let (anna, parent) = (Device::new(1), Device::new(2));
    let school = rig.connect_passing(&anna, &pass);
    let guest = rig.connect(&parent);
    // A join request is a letter, and leaves before there is any seat.
    let letter: Letter = vec![1; 40].try_into().unwrap();
    let mailbox = MailboxId::new([5; 16]);
    rig.take(guest);
    rig.frame(guest, ClientToRelay::MailPut(MailPut { mailbox, letter: letter.clone() }));
    let stored = MailStored { mailbox, letter: crate::mail::letter_hash(&letter) };
    assert_eq!(rig.take(guest), [RelayToClient::MailStored(stored)]);

    assert_eq!(rig.founds(guest, &parent, 1), [Refusal::NotAdmitted]);
    let (thread, genesis) = anna.found(2);
    let link = anna.admit(&parent, &genesis);
    // Also a thread of the school's that the relay does not have yet: a school's device puts it.
    let links = [genesis, link];
    rig.push(guest, thread, &links);
    let refused: Vec<_> = refusals(&rig.take(guest)).into_iter().map(|(_, why)| why).collect();
    assert_eq!(refused, [Refusal::NotAdmitted; 2]);
    assert_eq!(rig.head(thread).0, 0);
    rig.push(school, thread, &links);
    rig.cursors(guest, &[rig.cursor_at_head(thread)]);
    rig.push(guest, thread, &[sealed(1, 1)]);
    assert_eq!(receipt_seqs(&rig.take(guest), thread, &[sealed(1, 1)]), [3]);
    rig.push(school, thread, &[sealed(1, 2)]);
    assert_eq!(delivered(&rig.take(guest), thread), [(4, sealed(1, 2))]);
}

#[test]
fn a_device_with_new_keys_stays_its_schools_also_when_the_pass_was_replaced() {
    let mut rig = Rig::new();
    let pass = rig.add("Elm Street");
    let anna = Device::new(1);
    let renewed = anna.renewed();
    let conn = rig.connect_passing(&anna, &pass);
    let (thread, genesis) = anna.found(0);
    let link = anna.renew(thread, &renewed, &genesis);
    rig.push(conn, thread, &[genesis, link]);
    let old = SchoolPass { school: pass.school, ..rig.add("Oak Street") };
    let other = rig.connect_passing(&renewed, &old);
    assert_eq!(enrolments(&rig.take(other)), [Enrolment::Enrolled], "it shows what it has");
    let restored = Rig::restored(Config::default(), 2, rig.journal.clone());
    for rig in [&rig, &restored] {
        let enrolled: Vec<_> = rig.relay.schools.devices.keys().copied().collect();
        assert_eq!(enrolled, [renewed.transport()], "in the place of the old one");
    }
}

#[test]
fn a_device_is_suspended_by_whichever_of_its_keys() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let renewed = anna.renewed();
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    let link = anna.renew(thread, &renewed, &genesis);
    rig.push(conn, thread, &[genesis, link]);
    rig.set_device(&renewed, Standing::Suspended);
    assert_eq!(rig.closing(conn), Some(Closing::Suspended(Whom::Device)), "by the key before, too");
    rig.set_device(&anna, Standing::Active);
    let conn = rig.connect(&renewed);
    rig.push(conn, thread, &[sealed(1, 1)]);
    assert_eq!(rig.head(thread).0, 3, "and resumed by whichever");
}

#[test]
fn a_suspended_device_is_told_so_and_goes_on_when_it_is_resumed() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 1);
    let conn = rig.connect(&anna);
    assert_eq!(rig.set_device(&anna, Standing::Suspended).standing, Standing::Suspended);
    assert_eq!(rig.closing(conn), Some(Closing::Suspended(Whom::Device)));
    let mut rig = Rig::restored(Config::default(), 2, rig.journal.clone());
    let conn = rig.connect(&anna);
    assert_eq!(rig.closing(conn), Some(Closing::Suspended(Whom::Device)), "nothing but that");
    rig.push(conn, thread, &[sealed(1, 1)]);
    assert_eq!(rig.head(thread).0, 2, "nothing is taken on a closed connection");
    let other = rig.connect(&ben);
    rig.push(other, thread, &[sealed(1, 2)]);
    assert_eq!(rig.head(thread).0, 3, "others are served");
    rig.set_device(&anna, Standing::Active);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, &[sealed(1, 1)]);
    assert_eq!(receipt_seqs(&rig.take(conn), thread, &[sealed(1, 1)]), [4]);
    assert_eq!(
        rig.ask(AdminRequest::SetDevice(anna.transport().to_string(), Standing::Active)),
        Err(AdminError::Already(anna.transport().to_string(), "active".into()))
    );
}

#[test]
fn a_removed_device_is_turned_away_for_good() {
    let mut rig = Rig::new();
    let pass = rig.add("Elm Street");
    let anna = Device::new(1);
    rig.connect_passing(&anna, &pass);
    rig.set_device(&anna, Standing::Removed);
    assert_eq!(rig.rows()[0].devices, 0);
    let conn = rig.connect_passing(&anna, &pass);
    assert_eq!(rig.closing(conn), Some(Closing::Removed(Whom::Device)));
    assert_eq!(rig.rows()[0].devices, 0, "nor is it enrolled again");
    let name = anna.transport().to_string();
    let again = rig.ask(AdminRequest::SetDevice(name.clone(), Standing::Active));
    assert_eq!(again, Err(AdminError::Gone(name)));
}

#[test]
fn of_a_suspended_school_devices_are_turned_away_and_its_threads_are_read_and_not_written() {
    let mut rig = Rig::new();
    let pass = rig.add("Elm Street");
    let (anna, parent) = (Device::new(1), Device::new(2));
    let conn = rig.connect_passing(&anna, &pass);
    let thread = thread_of(&mut rig, &[&anna, &parent], 1);
    let conn = if rig.closed.contains(&conn) { rig.connect(&anna) } else { conn };
    rig.push(conn, thread, &[sealed(1, 1)]);
    rig.school("Elm Street", Standing::Suspended);
    assert_eq!(rig.closing(conn), Some(Closing::Suspended(Whom::School)));
    let conn = rig.connect_passing(&anna, &pass);
    assert_eq!(rig.closing(conn), Some(Closing::Suspended(Whom::School)));

    let guest = rig.connect(&parent);
    rig.cursors(guest, &[rig.cursor(thread, 0)]);
    assert_eq!(delivered(&rig.take(guest), thread).len(), 3, "what is there stays readable");
    rig.push(guest, thread, &[sealed(1, 2), sealed(1, 1)]);
    let frames = rig.take(guest);
    assert_eq!(refusals(&frames).len(), 1);
    assert_eq!(refusals(&frames)[0].1, Refusal::Suspended);
    assert_eq!(receipt_seqs(&frames, thread, &[sealed(1, 1)]), [3], "a known item first of all");
    rig.school("Elm Street", Standing::Active);
    rig.push(guest, thread, &[sealed(1, 2)]);
    assert_eq!(receipt_seqs(&rig.take(guest), thread, &[sealed(1, 2)]), [4]);
}

#[test]
fn a_device_of_a_removed_school_comes_back_with_another_schools_pass_and_its_threads_with_it() {
    let mut rig = only_schools();
    let old = rig.add("Elm Street");
    let (anna, parent) = (Device::new(1), Device::new(2));
    rig.connect_passing(&anna, &old);
    let thread = thread_of(&mut rig, &[&anna, &parent], 1);
    rig.school("Elm Street", Standing::Removed);
    let conn = rig.connect_passing(&anna, &old);
    assert_eq!(rig.closing(conn), Some(Closing::Removed(Whom::School)));
    let guest = rig.connect(&parent);
    rig.take(guest);
    rig.push(guest, thread, &[sealed(1, 1)]);
    assert_eq!(refusals(&rig.take(guest))[0].1, Refusal::Suspended);

    let gone = rig.ask(AdminRequest::SetSchool(old.school.to_string(), Standing::Active));
    assert_eq!(gone, Err(AdminError::Gone("Elm Street".into())));
    // The name is free again.
    let new = rig.add("Elm Street");
    let conn = rig.connect_passing(&anna, &new);
    assert_eq!(enrolments(&rig.take(conn)), [Enrolment::Enrolled]);
    rig.push(conn, thread, &[sealed(1, 2)]);
    rig.push(guest, thread, &[sealed(1, 1)]);
    assert_eq!(receipt_seqs(&rig.take(guest), thread, &[sealed(1, 1)]), [4]);
    let rows = rig.rows();
    let of = |standing| rows.iter().find(|row| row.standing == standing).unwrap();
    assert_eq!((of(Standing::Removed).threads, of(Standing::Removed).bytes), (0, 0));
    assert_eq!(of(Standing::Active).threads, 1);
    let bytes: usize = rig.log(thread).iter().map(Vec::len).sum();
    assert_eq!(of(Standing::Active).bytes, bytes as u64);
    let config = Config { admission: Admission::Schools, ..Config::default() };
    assert_eq!(Rig::restored(config, 2, rig.journal.clone()).rows(), rows);
}

#[test]
fn a_school_is_joined_on_a_live_connection_too_but_not_again_and_again() {
    let mut rig = only_schools();
    let pass = rig.add("Elm Street");
    let anna = Device::new(1);
    let conn = rig.connect(&anna);
    assert_eq!(rig.founds(conn, &anna, 1), [Refusal::NotAdmitted]);
    rig.frame(conn, ClientToRelay::School(pass.clone()));
    assert_eq!(enrolments(&rig.take(conn)), [Enrolment::Enrolled]);
    assert_eq!(rig.founds(conn, &anna, 1), []);
    for _ in 0..8 {
        rig.frame(conn, ClientToRelay::School(pass.clone()));
    }
    assert_eq!(rig.closing(conn), Some(Closing::Malformed));
}

#[test]
fn nothing_is_answered_before_it_is_durable_and_a_failed_commit_did_nothing() {
    let mut rig = Rig::new();
    rig.auto_commit = false;
    let add = AdminRequest::AddSchool { name: "Elm Street".into(), quota: Quota::new() };
    rig.handle(Input::Admin(AdminId(1), "a test".into(), add.clone()));
    assert!(rig.answers.is_empty());
    rig.commit();
    let Some(Ok(AdminReply::Linked(_, pass))) = rig.answers.pop() else { panic!("no pass") };
    let conn = rig.connect_passing(&Device::new(1), &pass);
    assert_eq!(enrolments(&rig.take(conn)), []);
    rig.commit();
    assert_eq!(enrolments(&rig.take(conn)), [Enrolment::Enrolled]);
    rig.handle(Input::Admin(
        AdminId(2),
        "a test".into(),
        AdminRequest::LinkSchool("Elm Street".into()),
    ));
    let (commit, _) = rig.commits.pop_front().unwrap();
    rig.handle(Input::CommitFailed(commit));
    assert_eq!(rig.answers.pop(), Some(Err(AdminError::Unavailable)));
    let audited = rig.journal.iter().filter(|record| matches!(record, Record::Audited(_))).count();
    assert_eq!(audited, 1);
}

#[test]
fn names_that_name_nothing_or_too_much_are_told_apart() {
    let mut rig = Rig::new();
    let pass = rig.add("Elm Street");
    let set = |name: &str| AdminRequest::SetSchool(name.into(), Standing::Suspended);
    assert_eq!(rig.ask(set("Oak")), Err(AdminError::NoSchool("Oak".into())));
    let add = |name: &str| AdminRequest::AddSchool { name: name.into(), quota: Quota::new() };
    assert_eq!(rig.ask(add("Elm Street")), Err(AdminError::NameTaken("Elm Street".into())));
    for bad in ["", "  ", "a\nb", &"x".repeat(200)] {
        assert_eq!(rig.ask(add(bad)), Err(AdminError::BadName));
    }
    let device = |name: &str| AdminRequest::SetDevice(name.into(), Standing::Suspended);
    assert_eq!(rig.ask(device("abcd")), Err(AdminError::NoDevice("abcd".into())));
    let anna = Device::new(1);
    rig.connect_passing(&anna, &pass);
    let letters = anna.transport().to_string()[..6].to_owned();
    let Ok(AdminReply::Device(row)) = rig.ask(device(&letters)) else { panic!("not found") };
    assert_eq!((row.device, row.school.as_deref()), (anna.transport(), Some("Elm Street")));
    assert!(rig.ask(set(&pass.school.to_string()[..8])).is_ok(), "by the letters of its id");
}
