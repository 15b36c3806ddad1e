//! A thread that somebody stopped is founded anew by more than one at once.

use tandem_engine::{FalseLink, StuckReason};
use tandem_proto::{Role, ThreadId};

use super::{groups::envelopes, loss::three};
use crate::World;

/// Two guardians and a teacher in a thread that a specialist has just stopped.
fn stopped(name: &'static str) -> (World, [usize; 4], ThreadId) {
    let (mut world, [teacher, parent, culprit], thread) = three(name);
    let other = world.member("Other parent", Role::Guardian, teacher, thread);
    world.run_for(5_000);
    world.offline(culprit);
    world.run_for(2_000);
    let link = world.forge_link(culprit, thread, FalseLink::Noise);
    world.push_forged(culprit, thread, &[link], false);
    (world, [teacher, parent, other, culprit], thread)
}

/// Two who are offline go on without the culprit, neither knowing of the other. The relay may lose what
/// the first did before the second is online, so that each has a chain that the other has not seen.
pub(super) fn two_who_go_on_without_somebody_at_once_are_in_one_group(name: &'static str) {
    for lost in [false, true] {
        for order in [[0, 1], [1, 0]] {
            let (mut world, [teacher, parent, other, culprit], thread) = stopped(name);
            let waits = world.post(teacher, thread);
            world.run_for(5_000);
            let stuck = world.stuck(teacher, thread, waits);
            world.expect(stuck == Some(StuckReason::Broken), "the thread is stopped");
            let relay = world.relay_copy();
            for device in [teacher, parent, other] {
                world.offline(device);
            }
            world.run_for(2_000);
            for device in [teacher, parent] {
                world.refound(device, thread, culprit);
            }
            let [first, second] = order.map(|n| [teacher, parent][n]);
            world.online(first);
            if lost {
                world.run_for(20_000);
                world.post(first, thread);
                world.run_for(10_000);
                world.offline(first);
                world.run_for(2_000);
                world.relay_store(relay);
                world.online(second);
                world.run_for(20_000);
                world.post(second, thread);
                world.run_for(10_000);
                world.online(first);
            } else {
                world.online(second);
            }
            world.run_for(60_000);
            world.online(other);
            world.run_for(120_000);
            world.expect(world.is_out(culprit, thread), "the culprit is out");
            let before = envelopes(&world, thread).len();
            for from in [teacher, parent, other] {
                let said = world.post(from, thread);
                world.run_for(20_000);
                for to in [teacher, parent, other] {
                    world.expect(world.shows_entry(to, thread, said), "everybody is heard");
                    world.expect(world.shows_entry(to, thread, waits), "and what waited has come");
                }
            }
            for item in &envelopes(&world, thread)[before..] {
                world.expect(!world.can_open(culprit, thread, item), "by all but the culprit");
            }
            let told = world.events(other, thread);
            let removed = told.iter().filter(|event| *event == "removed").count();
            // The stranger whom the false link let in goes as well.
            world.expect(removed == 2, &format!("and it is told once: {told:?}"));
            world.end();
        }
    }
}
