//! A relay that has no more room for a thread.

use tandem_engine::StuckReason;
use tandem_proto::{Role, ThreadId};

use super::loss::three;
use crate::World;

/// The relay is started again with another quota, and everybody has found it again.
fn quota(world: &mut World, items: u64) {
    world.item_quota(items);
    world.kill_the_relay();
    world.start_the_relay();
    world.run_for(60_000);
}

fn room_for(world: &World, thread: ThreadId, more: u64) -> u64 {
    world.log_len(thread) as u64 + more
}

pub(super) fn what_is_over_a_quota_is_stuck_with_its_reason_and_the_rest_goes_on(
    name: &'static str,
) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let second = world.found(teacher, "Ben");
    let link = world.invite(teacher, second, Role::Guardian);
    world.join(parent, &link);
    world.run_for(20_000);
    world.expect(world.is_in(parent, second), "the parent is in both threads");
    // The first thread has had more said in it than the second will have.
    for _ in 0..4 {
        world.post(other, thread);
        world.run_for(3_000);
    }
    let room = room_for(&world, thread, 1);
    quota(&mut world, room);
    let fits = world.post(parent, thread);
    world.run_for(10_000);
    world.expect(world.state(parent, thread, fits) == "on_their_phone", "one more has room");

    let over = world.post(teacher, thread);
    world.run_for(10_000);
    let expect_stuck = |world: &World, entry| {
        let reason = world.stuck(teacher, thread, entry);
        world.expect(reason == Some(StuckReason::OverQuota), "what has no room says why");
        for device in [parent, other] {
            let shown = world.shows_entry(device, thread, entry);
            world.expect(!shown, "and nobody else is shown it");
        }
    };
    expect_stuck(&world, over);
    // The other thread has room.
    let here = world.post(teacher, second);
    world.run_for(10_000);
    let state = world.state(teacher, second, here);
    world.expect(state == "on_their_phone", "another thread goes on");

    // Several at once, written without signal; and a mark, which has no room either.
    world.offline(teacher);
    world.run_for(2_000);
    let later = [world.post(teacher, thread), world.post(teacher, thread)];
    world.mark_seen(teacher, thread);
    world.online(teacher);
    world.run_for(30_000);
    for entry in later {
        expect_stuck(&world, entry);
    }
    let state = world.state(parent, thread, fits);
    world.expect(state == "on_their_phone", "a mark that did not leave is seen by nobody");

    // It stays so over a restart of either side.
    world.kill(teacher);
    world.open(teacher);
    world.kill_the_relay();
    world.start_the_relay();
    world.run_for(60_000);
    for entry in [over, later[0], later[1]] {
        expect_stuck(&world, entry);
    }

    // There is room again: what is new leaves, and what was refused is still there.
    quota(&mut world, 1_000_000);
    let after = world.post(teacher, thread);
    world.run_for(30_000);
    world.expect(world.state(teacher, thread, after) == "on_their_phone", "it goes on");
    for entry in [over, later[0], later[1]] {
        world.expect(world.shows_entry(teacher, thread, entry), "nothing is lost");
    }
    // A day later it goes by itself.
    world.run_for(25 * 3_600_000);
    world.offline(teacher);
    world.run_for(2_000);
    world.online(teacher);
    world.run_for(60_000);
    for entry in [over, later[0], later[1]] {
        world.expect(world.state(teacher, thread, entry) == "on_their_phone", "it has left");
    }
    world.end();
}
