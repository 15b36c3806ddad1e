//! A year in which nobody says anything.

use tandem_proto::{ItemKind, Role, Statement, item_kind};

use super::{groups::copied_back, loss::three};
use crate::World;

const DAY: u64 = 24 * 3_600_000;

pub(super) fn after_a_year_of_silence_all_catch_up_and_only_a_fresh_link_lets_in(
    name: &'static str,
) {
    let (mut world, devices, thread) = three(name);
    let [teacher, parent, specialist] = devices;
    let old = world.invite(teacher, thread, Role::Guardian);
    let offered = world.device("Tablet", Role::Guardian);
    world.becomes(offered, parent);
    world.online(offered);
    let old_offer = world.offer(offered);
    world.run_for(10_000);
    // One has words that did not leave before the year began.
    world.offline(parent);
    world.run_for(2_000);
    let waited = world.post(parent, thread);
    for device in [teacher, specialist, offered] {
        world.offline(device);
    }
    world.kill(specialist);
    let before = [teacher, parent].map(|device| world.entries(device, thread));
    world.run_for(370 * DAY);
    for (device, before) in [teacher, parent].into_iter().zip(before) {
        world.expect(world.entries(device, thread) == before, "a year changes no row");
    }
    world.expect(world.state(parent, thread, waited) == "on_this_phone", "what waited waits");

    // Two newcomers, one with the link of a year ago.
    let late = world.device("Late", Role::Guardian);
    world.join(late, &old);
    for device in [late, teacher, parent, offered] {
        world.online(device);
    }
    world.run_for(60_000);
    world.expect(!world.is_in(late, thread), "the old link lets nobody in");
    world.expect(world.shows_entry(teacher, thread, waited), "what waited has arrived");
    let taken = world.add_device(parent, &old_offer);
    world.run_for(30_000);
    world.expect(taken.is_err() || !world.is_in(offered, thread), "nor does the old offer");
    fresh(&mut world, devices, thread, late);

    // And the one who slept, with no app open, for the whole of it.
    world.open(specialist);
    world.online(specialist);
    world.run_for(60_000);
    let (theirs, all) = (world.count(specialist, thread), world.count(teacher, thread));
    world.expect(theirs == all, "whoever slept has all of it");
    let answer = world.post(specialist, thread);
    world.run_for(10_000);
    let state = world.state(specialist, thread, answer);
    world.expect(state == "on_their_phone", &format!("and is heard, not {state}"));
    world.end();
}

/// A fresh link lets in, with the whole of what was said before and since.
fn fresh(world: &mut World, devices: [usize; 3], thread: tandem_proto::ThreadId, late: usize) {
    let [teacher, parent, _] = devices;
    let said = world.post(teacher, thread);
    let link = world.invite(teacher, thread, Role::Guardian);
    world.join(late, &link);
    world.run_for(60_000);
    world.expect(world.is_in(late, thread), "a fresh link lets in");
    let (theirs, all) = (world.count(late, thread), world.count(teacher, thread));
    world.expect(theirs == all, "with all that was said before the year");
    world.expect(world.shows_entry(parent, thread, said), "and the others talk");
    let hello = world.post(late, thread);
    world.run_for(10_000);
    world.expect(world.shows_entry(parent, thread, hello), "with whoever is new");
}

/// A device asks for a seat, and the only one who can give it one is away for a year: the answer is made
/// with what was asked then.
pub(super) fn a_seat_that_was_asked_for_a_year_ago_is_given(name: &'static str) {
    let (mut world, [teacher, parent], thread) = copied_back(name, true);
    world.run_for(30_000);
    let asks = |item: &Vec<u8>| item_kind(item) == Ok(ItemKind::SeatRequest);
    world.expect(world.log_of(thread).iter().any(asks), "it has asked");
    let given = |world: &World| {
        let roster = super::removal::roster(world, thread);
        let seats = roster.chain().filter(|link| {
            matches!(link.statement, Statement::Reseat { .. } | Statement::Refound { .. })
        });
        seats.count()
    };
    world.offline(teacher);
    world.run_for(370 * DAY);
    world.online(parent);
    world.run_for(60_000);
    world.expect(given(&world) == 1, "it is given what it asked for");
    world.online(teacher);
    world.run_for(60_000);
    world.expect(given(&world) == 1, "and asks for no more");
    for (from, to) in [(teacher, parent), (parent, teacher)] {
        let said = world.post(from, thread);
        world.run_for(20_000);
        world.expect(world.shows_entry(to, thread, said), "both are heard");
    }
    world.end();
}
