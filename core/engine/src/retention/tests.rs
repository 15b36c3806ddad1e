#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::collections::BTreeMap;

use tandem_proto::{BoundedStr, ErasedBecause, Role, Tombstone};

use super::{term::DAY_MS, *};
use crate::{
    Effect, InboxRow, Input, Query, Ticket, Write,
    scene::{self, NOW},
};

const fn day(n: u64) -> Timestamp {
    NOW.plus_ms(n * DAY_MS)
}

fn answer(engine: &mut Engine, now: Timestamp, input: Input) -> Result<Answer, Trouble> {
    let said = scene::feed(engine, now, input);
    let answer = said.into_iter().find_map(|effect| match effect {
        Effect::Answer(_, answer) => Some(answer),
        _ => None,
    });
    answer.unwrap()
}

fn keep_for(engine: &mut Engine, now: Timestamp, days: Option<u32>) -> RetentionRow {
    let intent = Input::Intent(Ticket(2), Intent::KeepFor { days });
    match answer(engine, now, intent) {
        Ok(Answer::Retention(row)) => row,
        other => panic!("{other:?}"),
    }
}

fn row(engine: &mut Engine, now: Timestamp) -> Option<InboxRow> {
    match answer(engine, now, Input::Query(Ticket(3), Query::Inbox)) {
        Ok(Answer::Inbox(mut rows, _)) => rows.pop(),
        other => panic!("{other:?}"),
    }
}

/// The app stays open, without a relay: all that it hears of is the time that it named. Says what was
/// forgotten.
fn stays_open(engine: &mut Engine, until: Timestamp) -> Vec<ThreadId> {
    let mut forgotten = Vec::new();
    while let Some(at) = engine.poll_timeout().filter(|at| *at <= until) {
        for effect in scene::feed(engine, at, Input::Tick) {
            if let Effect::Forget(id, thread) = effect {
                forgotten.push(thread);
                scene::feed(engine, at, Input::Persisted(id));
            }
        }
    }
    forgotten
}

/// A thread that nobody else is in, kept for a number of days from now on.
fn alone(days: u32) -> (Engine, ThreadId) {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    keep_for(&mut engine, NOW, Some(days));
    (engine, thread)
}

fn say(engine: &mut Engine, now: Timestamp, thread: ThreadId) {
    let fields = [("text".to_owned(), "Reading went well.".to_owned())].into();
    let post = Intent::Post { thread, kind: "message".into(), fields, answers: None };
    answer(engine, now, Input::Intent(Ticket(4), post)).unwrap();
}

#[test]
fn without_a_term_no_time_ends_anything_and_nothing_is_written_of_it() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    scene::found(&mut engine);
    assert_eq!(engine.poll_timeout(), None, "nothing waits for a time");
    engine.handle(day(4_000), Input::Query(Ticket(9), Query::Retention));
    let said: Vec<Effect> = std::iter::from_fn(|| engine.poll_effect()).collect();
    let nothing = RetentionRow { days: None, threads: Vec::new() };
    let [Effect::Answer(_, Ok(Answer::Retention(row)))] = &said[..] else { panic!("{said:?}") };
    assert_eq!(*row, nothing);
}

#[test]
fn a_thread_in_which_nothing_is_new_is_forgotten_after_its_term_and_says_so_a_month_before() {
    let (mut engine, thread) = alone(100);
    let [kept] = &keep_for(&mut engine, NOW, Some(100)).threads[..] else { panic!("one thread") };
    assert_eq!(kept.kept, Kept { until: day(100), waits_for: None });
    assert!(stays_open(&mut engine, day(69)).is_empty());
    assert_eq!(row(&mut engine, day(69)).unwrap().kept, None);
    assert!(stays_open(&mut engine, day(99)).is_empty());
    let kept = row(&mut engine, day(99)).unwrap().kept;
    assert_eq!(kept, Some(Kept { until: day(100), waits_for: None }));
    assert_eq!(stays_open(&mut engine, day(102)), [thread]);
    assert_eq!(row(&mut engine, day(102)), None);
}

#[test]
fn whatever_is_new_begins_the_term_anew() {
    let (mut engine, thread) = alone(100);
    scene::let_in_a_parent(&mut engine, thread);
    stays_open(&mut engine, day(80));
    assert_eq!(row(&mut engine, day(80)).unwrap().kept.unwrap().until, day(100));
    say(&mut engine, day(80), thread);
    stays_open(&mut engine, day(81));
    let until = keep_for(&mut engine, day(81), Some(100)).threads[0].kept.until;
    assert!((day(180)..=day(181)).contains(&until), "{until:?}");
}

#[test]
fn a_clock_that_jumps_ahead_ends_no_term_and_one_that_was_put_back_is_followed_after_a_week() {
    for days in [1, 30, 365] {
        let (mut engine, _) = alone(days);
        let years = day(5 * 365);
        assert!(stays_open(&mut engine, NOW).is_empty());
        let said = scene::feed(&mut engine, years, Input::Tick);
        assert!(said.is_empty(), "{days}: {said:?}");
        let until = row(&mut engine, years).unwrap().kept.map(|kept| kept.until);
        assert!(until.is_none_or(|until| until > years), "{days}: {until:?}");
    }
    // Put right again, it ends when it would have, but for the week that the jump counted and the one in
    // which the clock was not followed.
    let (mut engine, thread) = alone(365);
    scene::feed(&mut engine, day(5 * 365), Input::Tick);
    scene::feed(&mut engine, day(1), Input::Tick);
    assert!(stays_open(&mut engine, day(364)).is_empty());
    assert_eq!(stays_open(&mut engine, day(368)), [thread]);
}

#[test]
fn a_term_that_is_made_shorter_ends_nothing_before_a_month_and_one_that_is_taken_back_nothing() {
    let (mut engine, thread) = alone(365);
    stays_open(&mut engine, day(300));
    let row = keep_for(&mut engine, day(300), Some(60));
    assert_eq!(row.threads[0].kept.until, day(330), "a month from now");
    assert!(stays_open(&mut engine, day(329)).is_empty());
    assert!(keep_for(&mut engine, day(329), None).threads.is_empty());
    assert!(stays_open(&mut engine, day(1_000)).is_empty());
    let row = keep_for(&mut engine, day(1_000), Some(60));
    assert_eq!(row.threads[0].kept.until, day(1_060), "what passed before counts no more");
    assert_eq!(stays_open(&mut engine, day(1_062)), [thread]);
}

#[test]
fn own_words_that_wait_an_open_link_and_others_who_are_in_keep_a_thread() {
    let kept = |engine: &mut Engine| {
        assert!(stays_open(engine, day(200)).is_empty(), "nothing is forgotten");
        row(engine, day(200)).unwrap().kept.unwrap().waits_for
    };
    let (mut engine, thread) = alone(50);
    say(&mut engine, day(1), thread);
    assert_eq!(kept(&mut engine), Some(WaitsFor::Words), "nobody else has them");

    let (mut engine, thread) = alone(50);
    scene::let_in_a_parent(&mut engine, thread);
    assert_eq!(kept(&mut engine), Some(WaitsFor::Leaving), "they would write on");
    assert!(!engine.threads[&thread].is_leaving(), "without a sync nobody is left");

    let (mut engine, thread) = alone(3);
    let invite = Intent::Invite { thread, role: Role::Guardian, in_person: false };
    stays_open(&mut engine, day(2));
    scene::feed(&mut engine, day(2), Input::Intent(Ticket(5), invite));
    assert!(stays_open(&mut engine, day(8)).is_empty());
    let kept = row(&mut engine, day(8)).unwrap().kept.unwrap();
    assert_eq!(kept.waits_for, Some(WaitsFor::Invite), "somebody may come");
    assert_eq!(stays_open(&mut engine, day(30)), [thread], "and then nobody came");
}

#[test]
fn what_the_relay_has_erased_is_forgotten_after_its_term_too() {
    let (mut engine, thread) = alone(50);
    scene::let_in_a_parent(&mut engine, thread);
    let because = ErasedBecause::Retention;
    let stone =
        Tombstone::sign(&scene::relay_key(), thread, day(1), because, BoundedStr::default());
    engine.thread_erased(stone);
    assert!(stays_open(&mut engine, day(49)).is_empty());
    assert_eq!(stays_open(&mut engine, day(52)), [thread]);
}

#[test]
fn whoever_keeps_a_schools_records_has_a_term_only_if_their_home_was_given_one() {
    let mut engine = scene::engine("Records", Role::Archive);
    assert_eq!(engine.retention_row().days, None);
    assert_eq!(keep_for(&mut engine, NOW, Some(3_650)).days, Some(3_650));
}

#[test]
fn a_number_of_days_that_is_none_is_refused_and_changes_nothing() {
    let (mut engine, _) = alone(50);
    for days in [0, 36_501, u32::MAX] {
        let intent = Input::Intent(Ticket(2), Intent::KeepFor { days: Some(days) });
        let refused = Err(Trouble::BadTerm { days, max: 36_500 });
        assert_eq!(answer(&mut engine, NOW, intent), refused);
    }
    assert_eq!(engine.retention_row().days, Some(50));
    assert_eq!(keep_for(&mut engine, NOW, Some(36_500)).days, Some(36_500));
}

/// Every opening is another engine, over what the one before has written, and lasts an hour.
#[test]
fn a_home_that_is_opened_now_and_then_counts_on_from_where_it_was() {
    let mut store: BTreeMap<Key, Vec<u8>> = BTreeMap::new();
    let profile =
        crate::Profile { name: "Ms Rivera".into(), role: Role::Teacher, relay: scene::relay() };
    let apply = |store: &mut BTreeMap<Key, Vec<u8>>, batch: &crate::Batch| {
        for write in batch.writes() {
            match write.clone() {
                Write::Put(key, value) => drop(store.insert(key, value)),
                Write::Delete(key) => drop(store.remove(&key)),
            }
        }
    };
    apply(&mut store, &crate::create(NOW, [1; 32], &profile).unwrap());
    let mut open = |at: Timestamp, intent: Option<Intent>| -> Vec<Kept> {
        let resident = store.iter().filter(|(key, _)| key.is_resident());
        let resident = resident.map(|(key, value)| (key.clone(), value.clone())).collect();
        let mut engine = Engine::open(Timestamp(at.0 - HOUR_MS), [5; 32], resident).unwrap();
        let inputs = intent.map(|intent| Input::Intent(Ticket(1), intent)).into_iter();
        for input in inputs.chain([Input::Tick]) {
            engine.handle(at, input);
            while let Some(effect) = engine.poll_effect() {
                if let Effect::Persist(id, batch) = effect {
                    apply(&mut store, &batch);
                    engine.handle(at, Input::Persisted(id));
                }
            }
        }
        engine.retention_row().threads.into_iter().map(|row| row.kept).collect()
    };
    open(NOW, Some(Intent::FoundThread { title: "Maya".into() }));
    let kept = |until| vec![Kept { until, waits_for: None }];
    assert_eq!(open(NOW, Some(Intent::KeepFor { days: Some(200) })), kept(day(200)));
    for n in 1..=20 {
        assert_eq!(open(day(5 * n), None), kept(day(200)), "each five days");
    }
    // Half a year in a drawer counts for a week, and so does a clock that is wrong then.
    assert_eq!(open(day(280), None), kept(day(280 + 93)));
    assert_eq!(open(day(5_000), None), kept(day(5_000 + 86)));
    // Put back, and after a week on that time.
    assert_eq!(open(day(281), None), kept(day(281 + 86)));
    assert_eq!(open(day(288), None), kept(day(288 + 86)));
    assert_eq!(open(day(290), None), kept(day(288 + 86)), "it is followed again");
    // A screen is drawn before it is known whether the store is sound: nothing is written for that.
    let resident = store.into_iter().filter(|(key, _)| key.is_resident()).collect();
    let mut engine = Engine::open(day(300), [5; 32], resident).unwrap();
    engine.handle(day(300), Input::Watch(crate::WatchId(1), crate::Watch::Inbox));
    let said: Vec<Effect> = std::iter::from_fn(|| engine.poll_effect()).collect();
    assert!(matches!(said[..], [Effect::InboxView(..)]), "{said:?}");
}
