//! New keys for a device.

use tandem_proto::{Role, ThreadId, TransportKey};

use super::devices::two_threads;
use crate::{CrashAt, World};

/// A season of school, and a day.
const SEASON_MS: i64 = 91 * 24 * 3600 * 1000;

fn line(world: &World, device: usize) -> TransportKey {
    let line = world.line(device);
    line.unwrap_or_else(|| world.violation("the story needs a device that was opened"))
}

/// The device comes back with whatever key it has now, and each hears the other.
fn goes_on(world: &mut World, device: usize, other: usize, threads: &[ThreadId]) {
    world.break_link(device);
    world.run_for(60_000);
    for thread in threads {
        let (asked, answered) = (world.post(device, *thread), world.post(other, *thread));
        world.run_for(20_000);
        world.expect(world.shows_entry(other, *thread, asked), "it is heard");
        world.expect(world.shows_entry(device, *thread, answered), "and hears");
        let state = world.state(device, *thread, asked);
        world.expect(state == "on_their_phone", "and what it sees is true");
    }
}

pub(super) fn a_device_with_new_keys_goes_on_in_every_thread(name: &'static str) {
    let (mut world, [teacher, parent, other], threads) = two_threads(name);
    let (before, epochs) = (line(&world, parent), threads.map(|thread| world.epoch(thread)));
    world.renew_keys(parent);
    world.run_for(20_000);
    world.expect(line(&world, parent) == before, "it goes on with the old one on this connection");
    goes_on(&mut world, parent, teacher, &threads);
    let after = line(&world, parent);
    world.expect(after != before, "and comes back with the new one");
    for (thread, epoch) in threads.into_iter().zip(epochs) {
        world.expect(world.epoch(thread) == epoch + 1, "by one link in each thread");
    }
    // What was sealed while the old ones counted can be opened by nobody who has only those.
    goes_on(&mut world, parent, other, &threads[..1]);
    world.renew_keys(parent);
    world.run_for(20_000);
    goes_on(&mut world, parent, teacher, &threads);
    world.expect(line(&world, parent) != after, "as often as they like");
    world.end();
}

/// It learns of the newcomer by the old keys: nobody would show it a log by the new ones.
pub(super) fn a_device_renews_without_signal_while_somebody_comes(name: &'static str) {
    let (mut world, [teacher, parent, _], threads) = two_threads(name);
    let before = line(&world, parent);
    world.offline(parent);
    world.run_for(2_000);
    world.renew_keys(parent);
    world.member("Aunt", Role::Guardian, teacher, threads[0]);
    world.run_for(20_000);
    world.online(parent);
    world.run_for(60_000);
    goes_on(&mut world, parent, teacher, &threads);
    world.expect(line(&world, parent) != before, "and comes back with the new ones");
    world.end();
}

pub(super) fn keys_are_renewed_by_themselves_after_a_season(name: &'static str) {
    let (mut world, [teacher, parent, other], threads) = two_threads(name);
    let before = [teacher, parent, other].map(|device| line(&world, device));
    for device in [teacher, parent, other] {
        world.clock_off(device, SEASON_MS);
        world.break_link(device);
    }
    world.run_for(120_000);
    goes_on(&mut world, parent, teacher, &threads);
    goes_on(&mut world, teacher, parent, &threads);
    goes_on(&mut world, other, teacher, &threads[..1]);
    for (device, before) in [teacher, parent, other].into_iter().zip(before) {
        world.expect(line(&world, device) != before, "nobody had to think of it");
        world.clock_off(device, 0);
    }
    world.end();
}

pub(super) fn a_device_crashes_at_every_commit_of_a_renewal(name: &'static str) {
    for at in [CrashAt::Before, CrashAt::After] {
        for nth in 1..=8 {
            let (mut world, [teacher, parent, _], threads) = two_threads(name);
            let before = line(&world, parent);
            world.kill_at_commit(parent, nth, at);
            world.renew_keys(parent);
            world.run_for(20_000);
            world.break_link(parent);
            world.run_for(20_000);
            world.open(parent);
            world.online(parent);
            world.run_for(20_000);
            // Whoever crashed before it was noted says it again.
            world.renew_keys(parent);
            world.run_for(20_000);
            goes_on(&mut world, parent, teacher, &threads);
            goes_on(&mut world, parent, teacher, &threads);
            world.expect(line(&world, parent) != before, "it has new keys in the end");
            world.end();
        }
    }
}

/// The relay comes from before the renewal, or is empty; so does the device.
pub(super) fn a_renewal_that_relay_or_device_has_lost_is_made_good(name: &'static str) {
    for (wiped, restored) in [(false, false), (true, false), (false, true), (true, true)] {
        let (mut world, [teacher, parent, other], threads) = two_threads(name);
        let (relay, copy) = (world.relay_copy(), world.copy_of(parent));
        world.renew_keys(parent);
        world.run_for(20_000);
        goes_on(&mut world, parent, teacher, &threads);
        for device in [teacher, parent, other] {
            world.offline(device);
        }
        world.run_for(2_000);
        if restored {
            world.restore(parent, copy);
        }
        world.relay_store(if wiped { Vec::new() } else { relay });
        // Whoever renews what they have forgotten to have is not shut out by it.
        world.renew_keys(parent);
        for device in [parent, teacher, other] {
            world.online(device);
            world.run_for(60_000);
        }
        goes_on(&mut world, parent, teacher, &threads);
        goes_on(&mut world, teacher, parent, &threads);
        world.end();
    }
}

/// The relay loses a renewal that nobody else has read, and takes somebody else's link in its place: the
/// device, which shows its new key by then, is known there by the one before.
pub(super) fn a_device_whose_new_key_the_relay_has_lost_comes_back_with_the_one_before(
    name: &'static str,
) {
    for again in [false, true] {
        let (mut world, [teacher, parent, other], threads) = two_threads(name);
        let before = line(&world, parent);
        for device in [teacher, other] {
            world.offline(device);
        }
        world.run_for(2_000);
        let relay = world.relay_copy();
        world.renew_keys(parent);
        world.run_for(20_000);
        world.break_link(parent);
        world.run_for(20_000);
        let renewed = line(&world, parent);
        world.expect(renewed != before, "the new key is the one that is shown");
        world.offline(parent);
        world.run_for(2_000);
        world.relay_store(relay);
        world.online(teacher);
        world.renew_keys(teacher);
        world.run_for(20_000);
        if again {
            // One that nobody has heard of is given up for it.
            world.renew_keys(parent);
        }
        world.online(parent);
        world.online(other);
        world.run_for(120_000);
        goes_on(&mut world, parent, teacher, &threads);
        goes_on(&mut world, teacher, parent, &threads);
        world.expect(line(&world, parent) == renewed, "and shows the new one in the end");
        world.end();
    }
}
