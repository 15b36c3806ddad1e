//! Clocks that are wrong.

use super::loss::three;

const TEN_YEARS: i64 = 10 * 365 * 24 * 3_600_000;

pub(super) fn a_clock_ten_years_off_stops_nothing(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.clock_off(parent, TEN_YEARS);
    world.clock_off(other, -TEN_YEARS);
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
