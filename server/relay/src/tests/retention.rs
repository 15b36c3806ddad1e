//! Retention: what is erased by time, and what is not.

use tandem_proto::{ErasedBecause, RelayToClient};

use super::rig::*;
use crate::{AdminId, AdminReply, AdminRequest, Config, Input, Record};

const DAY: u64 = 24 * 3600 * 1000;

fn kept_for(days: u64) -> Config {
    Config { retention_days: days, ..Config::default() }
}

impl Rig {
    fn days_pass(&mut self, days: u64) {
        for _ in 0..days {
            self.now = self.now.plus_ms(DAY);
            self.handle(Input::Tick);
        }
    }

    fn has(&self, thread: tandem_proto::ThreadId) -> bool {
        self.journal.iter().any(|record| record.thread() == Some(&thread))
    }
}

#[test]
fn a_thread_in_which_nothing_came_for_its_time_is_erased_and_a_busy_one_is_not() {
    let mut rig = Rig::with(kept_for(10));
    let anna = Device::new(1);
    let (quiet, busy) = (thread_of(&mut rig, &[&anna], 1), thread_of(&mut rig, &[&anna], 2));
    let conn = rig.connect(&anna);
    rig.days_pass(9);
    assert!(rig.has(quiet), "not before its time");
    rig.push(conn, busy, &[envelope(1)]);
    rig.take(conn);
    rig.days_pass(3);
    assert!(!rig.has(quiet) && rig.has(busy));
    let stone = rig.take(conn).into_iter().find_map(|frame| match frame {
        RelayToClient::Erased(stone) => Some(stone),
        _ => None,
    });
    let stone = stone.unwrap();
    assert_eq!((stone.thread, stone.because), (quiet, ErasedBecause::Retention));
    assert_eq!(stone.verify(&public_key()), Ok(()));
    let acts = rig.journal.iter().filter(|record| matches!(record, Record::Audited(_)));
    assert_eq!(acts.count(), 1, "it is in the log of acts");
    let restored = Rig::restored(kept_for(10), 2, rig.journal.clone());
    assert_eq!(restored.relay.stats().threads, 1);
}

#[test]
fn without_a_time_everything_is_kept_and_a_school_may_have_its_own() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 1);
    rig.days_pass(400);
    assert!(rig.has(thread));
    assert_eq!(rig.relay.poll_timeout(), None, "nothing is waited for");

    let quota = [(crate::Limit::RetentionDays, 20)].into();
    let add = AdminRequest::AddSchool { name: "Elm".into(), quota };
    rig.handle(Input::Admin(AdminId(1), "a test".into(), add));
    let Some(Ok(AdminReply::Linked(_, pass))) = rig.answers.pop() else { panic!("not added") };
    let ben = Device::new(2);
    let conn = rig.open(&ben);
    rig.frame(conn, tandem_proto::ClientToRelay::School(pass));
    rig.handle(Input::Disconnected(conn));
    let of_school = thread_of(&mut rig, &[&ben], 2);
    let look = AdminRequest::LookAtThread(of_school.to_string());
    rig.handle(Input::Admin(AdminId(2), "a test".into(), look));
    let Some(Ok(AdminReply::Thread(look))) = rig.answers.pop() else { panic!("no look") };
    assert_eq!(look.kept_until, Some(rig.now.plus_ms(20 * DAY)));
    rig.days_pass(19);
    assert!(rig.has(of_school));
    rig.days_pass(3);
    assert!(!rig.has(of_school) && rig.has(thread), "the other one is of no school");
}

#[test]
fn a_clock_that_jumped_erases_nothing_for_a_week() {
    let mut rig = Rig::with(kept_for(100));
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 1);
    rig.now = rig.now.plus_ms(3_650 * DAY);
    let mut rig2 = Rig::restored(kept_for(100), 2, rig.journal.clone());
    rig2.now = rig.now;
    rig2.days_pass(6);
    assert!(rig2.has(thread), "somebody has time to set the clock");
    rig2.days_pass(3);
    assert!(!rig2.has(thread), "and a relay that nobody uses any more erases all the same");
}

#[test]
fn what_comes_after_a_clock_jumped_makes_nobody_believe_it() {
    let mut rig = Rig::with(kept_for(100));
    let anna = Device::new(1);
    let (quiet, busy) = (thread_of(&mut rig, &[&anna], 1), thread_of(&mut rig, &[&anna], 2));
    let conn = rig.connect(&anna);
    rig.now = rig.now.plus_ms(3_650 * DAY);
    rig.push(conn, busy, &[envelope(1)]);
    rig.days_pass(6);
    assert!(rig.has(quiet), "somebody has time to set the clock, whatever comes");
    rig.days_pass(3);
    assert!(!rig.has(quiet) && rig.has(busy));
}

#[test]
fn new_keys_of_a_phone_are_no_news_of_a_thread() {
    let mut rig = Rig::with(kept_for(10));
    let anna = Device::new(1);
    let (thread, genesis) = anna.found(1);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, std::slice::from_ref(&genesis));
    rig.days_pass(9);
    rig.push(conn, thread, &[anna.renew(thread, &anna.renewed(), &genesis)]);
    rig.days_pass(3);
    assert!(!rig.has(thread), "or it would never be over");
}
