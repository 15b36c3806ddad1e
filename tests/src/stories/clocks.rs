//! Clocks that are wrong.

use tandem_proto::Role;

use super::loss::three;
use crate::World;

const HOUR: i64 = 3_600_000;
const TEN_YEARS: i64 = 10 * 365 * 24 * HOUR;

pub(super) fn a_clock_an_hour_off_stops_nothing(name: &'static str) {
    clocks_off(name, HOUR);
}

pub(super) fn a_clock_ten_years_off_stops_nothing(name: &'static str) {
    clocks_off(name, TEN_YEARS);
}

/// One person's clock is fast and another's slow.
fn clocks_off(name: &'static str, by: i64) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.clock_off(parent, by);
    world.clock_off(other, -by);
    let first = world.post(parent, thread);
    world.run_for(10_000);
    let second = world.post(other, thread);
    world.run_for(10_000);
    let third = world.post(teacher, thread);
    world.run_for(10_000);
    for entry in [first, second, third] {
        for device in [teacher, parent, other] {
            world.expect(world.shows_entry(device, thread, entry), "everything arrives");
        }
    }
    world.end();
}

pub(super) fn a_clock_that_steps_back_stops_nothing(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.break_link(parent);
    world.run_for(3_500);
    // In the middle of a backoff, or of the wait before an acknowledgement.
    world.clock_off(parent, -TEN_YEARS);
    world.clock_off(other, -3_600_000);
    let said = world.post(teacher, thread);
    world.run_for(200);
    world.clock_off(other, -7_200_000);
    world.run_for(120_000);
    for device in [parent, other] {
        world.expect(world.shows_entry(device, thread, said), "it goes on");
    }
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_their_phone", "and acknowledges");
    world.post(parent, thread);
    world.come_to_rest();
}

pub(super) fn a_relay_whose_clock_is_off_stops_nothing(name: &'static str) {
    for off in [HOUR, -HOUR, TEN_YEARS, -TEN_YEARS] {
        let (mut world, [teacher, parent, other], thread) = three(name);
        // In the middle of a join: its letter waits in a mailbox that has a time limit.
        let newcomer = world.device("Newcomer", Role::Guardian);
        let link = world.invite(teacher, thread, Role::Guardian);
        world.offline(teacher);
        world.join(newcomer, &link);
        world.online(newcomer);
        world.run_for(10_000);
        world.relay_clock_off(off);
        let said = world.post(parent, thread);
        world.run_for(60_000);
        let state = world.state(parent, thread, said);
        world.expect(state == "on_their_phone", "entries go on");
        world.expect(world.shows_entry(other, thread, said), "and arrive");
        // And it is put right again: time has gone back, or jumped.
        world.relay_clock_off(0);
        // A letter that went out of date meanwhile is left again on the next connection.
        world.offline(newcomer);
        world.run_for(2_000);
        world.online(newcomer);
        world.online(teacher);
        world.run_for(120_000);
        world.expect(world.is_in(newcomer, thread), "the newcomer comes in");
        let answer = world.post(newcomer, thread);
        world.run_for(30_000);
        world.expect(world.shows_entry(teacher, thread, answer), "and is heard");
        world.end();
    }
}

/// The line under the inbox's title says up to when everything is here: a look at which nothing was new counts,
/// also when the app was gone since.
pub(super) fn a_look_that_brings_nothing_says_all_the_same_when_it_was(name: &'static str) {
    let (mut world, [_, parent, _], _) = three(name);
    world.run_for(10_000);
    let as_of = |world: &mut World| {
        let (rows, _) = world.inbox(parent);
        rows.first().and_then(|row| row.as_of)
    };
    let before = as_of(&mut world);
    world.offline(parent);
    world.run_for(3_600_000);
    let away = as_of(&mut world);
    world.expect(away == before, "nothing is new on a phone that is not in touch");
    let looked = world.clock(parent);
    world.online(parent);
    world.run_for(20_000);
    let after = as_of(&mut world);
    world.expect(after >= Some(looked), &format!("it says when it looked: {after:?}"));
    world.offline(parent);
    world.run_for(2_000);
    world.kill(parent);
    world.run_for(2_000);
    world.open(parent);
    world.run_for(2_000);
    let opened = as_of(&mut world);
    world.expect(opened == after, &format!("and says so again when it is opened: {opened:?}"));
    world.end();
}
