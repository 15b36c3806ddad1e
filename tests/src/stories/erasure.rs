//! A thread is erased at the relay; what people hold stays with them.

use tandem_engine::{StuckReason, Trouble, WaitsFor};
use tandem_proto::{ErasedBecause, Role};

use super::loss::three;
use crate::World;

const DAY: u64 = 24 * 3_600_000;
const TEN_YEARS: i64 = 3_650 * 24 * 3_600_000;

pub(super) fn an_erased_thread_is_gone_at_the_relay_and_stays_on_every_device(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let second = world.found(teacher, "Noah");
    let elsewhere = world.post(teacher, second);
    world.run_for(5_000);
    world.offline(other);
    let late = world.post(other, thread);
    world.erase(thread);
    world.run_for(10_000);
    world.expect(!world.relay_has(thread), "nothing of it is in the relay's store");
    world.online(other);
    world.run_for(60_000);
    for device in [teacher, parent, other] {
        let erased = world.erased_on(device, thread);
        let because = erased.as_ref().map(|row| (row.because, row.words.as_str()));
        let so = because == Some((ErasedBecause::Operator, "asked for"));
        world.expect(so, "each device learns of it, and why");
        let said = world.try_post(device, thread);
        world.expect(said == Err(Trouble::Erased), "nothing more can be said there");
    }
    world.expect(!world.relay_has(thread), "nobody has put it there again");
    let stuck = world.stuck(other, thread, late);
    world.expect(stuck == Some(StuckReason::Erased), "what waited says why it does not leave");
    for (device, rows) in [(teacher, 3), (parent, 3), (other, 4)] {
        world.kill(device);
        world.open(device);
        world.run_for(10_000);
        world.expect(world.count(device, thread) == rows, "what was here is here");
        world.expect(world.erased_on(device, thread).is_some(), "also after a restart");
    }
    world.expect(!world.relay_has(thread), "nor after that");
    let state = world.state(teacher, second, elsewhere);
    world.expect(state == "on_relay", "other threads go on");
    world.end();
}

pub(super) fn a_wiped_relay_takes_its_own_tombstone_from_any_device(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    // One does not hear of it.
    world.offline(other);
    world.run_for(1_000);
    world.erase(thread);
    world.run_for(10_000);
    world.offline(teacher);
    world.offline(parent);
    world.run_for(1_000);
    world.relay_store(Vec::new());
    world.online(other);
    world.run_for(30_000);
    world.expect(world.relay_has(thread), "who never saw the tombstone uploads all of it");
    world.expect(world.erased_on(other, thread).is_none(), "and nobody could say otherwise");
    let since = world.post(other, thread);
    world.run_for(10_000);
    world.online(parent);
    world.run_for(30_000);
    world.expect(!world.relay_has(thread), "another brings the tombstone, and it is gone again");
    world.expect(world.erased_on(other, thread).is_some(), "who uploaded it is told");
    world.expect(world.shows_entry(other, thread, since), "and keeps what it has");
    world.online(teacher);
    world.run_for(30_000);
    world.kill(other);
    world.open(other);
    world.run_for(30_000);
    world.expect(!world.relay_has(thread), "from then on it is refused");
    world.end();
}

pub(super) fn a_relay_from_before_the_erasure_erases_again(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let copy = world.relay_copy();
    world.erase(thread);
    world.run_for(10_000);
    world.relay_store(copy);
    world.run_for(60_000);
    world.expect(!world.relay_has(thread), "who knows of it tells the relay");
    for device in [teacher, parent, other] {
        world.expect(world.count(device, thread) == 3, "nothing went from anybody's device");
    }
    world.end();
}

pub(super) fn a_tombstone_that_their_relay_did_not_sign_stops_nothing(name: &'static str) {
    let (mut world, [teacher, parent, _], thread) = three(name);
    world.forge_tombstone(parent, thread);
    world.run_for(5_000);
    world.expect(world.erased_on(parent, thread).is_none(), "it is not believed");
    let said = world.post(parent, thread);
    world.run_for(10_000);
    world.expect(world.shows_entry(teacher, thread, said), "and everything goes on");
    world.end();
}

pub(super) fn whoever_has_left_forgets_a_thread_and_it_does_not_come_back(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let refused = world.try_forget(other, thread);
    let still_in = matches!(refused, Err(Trouble::NotAllowed(_)));
    world.expect(still_in, "whoever is still in leaves first");
    world.expect(world.is_named_on(other, thread), "the search finds what is there");
    world.leave(other, thread);
    world.run_for(30_000);
    world.expect(world.is_out(other, thread), "they are out");
    let forgot = world.try_forget(other, thread).is_ok();
    world.expect(forgot, "and may forget it");
    world.run_for(30_000);
    world.expect(!world.is_named_on(other, thread), "nothing on the device names it");
    // Not by old letters, not by the relay, not by a wipe of the relay, not by a restart.
    world.serve_old_mail(other);
    world.run_for(20_000);
    world.expect(!world.is_named_on(other, thread), "old letters bring nothing back");
    world.kill(other);
    world.relay_store(Vec::new());
    world.post(teacher, thread);
    world.open(other);
    world.run_for(60_000);
    world.expect(!world.is_named_on(other, thread), "and nothing brings it back");
    world.expect(world.count(parent, thread) == 4, "the others go on");
    world.end();
}

pub(super) fn what_the_relay_has_erased_is_forgotten_by_whoever_wants_to(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.erase(thread);
    world.run_for(10_000);
    let forgot = world.try_forget(parent, thread).is_ok();
    world.expect(forgot, "one person forgets");
    world.kill(parent);
    world.open(parent);
    world.run_for(30_000);
    world.expect(!world.is_named_on(parent, thread), "nothing is left there");
    for device in [teacher, other] {
        world.expect(world.count(device, thread) == 3, "the others keep what they have");
    }
    world.end();
}

pub(super) fn whoever_keeps_threads_for_a_term_forgets_one_after_a_silent_year(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let second = world.found(teacher, "Noah");
    world.member("Bea", Role::Guardian, teacher, second);
    world.keep_for(teacher, Some(365));
    world.run_for(330 * DAY);
    world.expect(world.kept_on(teacher, thread).is_none(), "its end is not near");
    let said = world.post(teacher, second);
    world.run_for(10 * DAY);
    let kept = world.kept_on(teacher, thread);
    let told = kept.is_some_and(|kept| kept.waits_for.is_none());
    world.expect(told, "a month before it is told");
    world.expect(world.kept_on(teacher, second).is_none(), "where something was new there is time");
    let log = world.log_of(thread);
    let opens = |world: &World| log.iter().any(|item| world.can_open(teacher, thread, item));
    world.expect(opens(&world), "what was said can be opened");
    world.may_end(teacher, thread);
    world.run_for(30 * DAY);
    world.expect(world.is_out(teacher, thread), "nobody writes to whoever will not read it");
    world.expect(!world.is_named_on(teacher, thread), "nothing on the device names it");
    world.expect(!opens(&world), "and no key opens what was said");
    for device in [parent, other] {
        world.expect(world.count(device, thread) == 3, "the others keep all of it");
        world.expect(world.events(device, thread).ends_with(&["left".into()]), "and see who left");
    }
    world.expect(world.shows_entry(teacher, second, said), "the other thread stays");
    world.kill(teacher);
    world.relay_store(Vec::new());
    let later = world.post(parent, thread);
    world.open(teacher);
    world.run_for(60_000);
    world.expect(!world.is_named_on(teacher, thread), "nothing brings it back");
    world.expect(world.shows_entry(other, thread, later), "and the others go on");
    world.end();
}

/// One morning it is 2035.
pub(super) fn a_clock_that_jumps_ahead_ends_no_term(name: &'static str) {
    let (mut world, [teacher, parent, _], thread) = three(name);
    world.keep_for(teacher, Some(365));
    world.run_for(20 * DAY);
    world.clock_off(teacher, TEN_YEARS);
    for _ in 0..3 {
        world.kill(teacher);
        world.open(teacher);
        world.run_for(60_000);
        world.expect(!world.is_out(teacher, thread), "nobody has left");
        world.expect(world.count(teacher, thread) == 3, "and all of it is there");
    }
    world.run_for(20 * DAY);
    world.clock_off(teacher, 0);
    world.run_for(20 * DAY);
    world.expect(!world.is_out(teacher, thread), "nor when it was put right");
    let said = world.post(parent, thread);
    world.run_for(10_000);
    world.expect(world.shows_entry(teacher, thread, said), "they go on");
    world.end();
}

/// Nothing is lost that nobody else has.
pub(super) fn words_that_have_not_left_outlast_the_term(name: &'static str) {
    let (mut world, [teacher, parent, _], thread) = three(name);
    world.keep_for(teacher, Some(60));
    world.offline(teacher);
    world.run_for(2_000);
    let said = world.post(teacher, thread);
    world.run_for(200 * DAY);
    let kept = world.kept_on(teacher, thread).and_then(|kept| kept.waits_for);
    world.expect(kept == Some(WaitsFor::Words), "it says what it is kept for");
    world.online(teacher);
    world.run_for(60_000);
    world.expect(world.shows_entry(parent, thread, said), "they leave");
    let kept = world.kept_on(teacher, thread).and_then(|kept| kept.waits_for);
    world.expect(kept == Some(WaitsFor::Leaving), "and then the person does");
    world.end();
}
