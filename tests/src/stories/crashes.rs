//! Power cuts, full disks, slow disks and slow lines.

use tandem_engine::Trouble;
use tandem_proto::{Role, ThreadId};

use crate::{CrashAt, World};

fn pair(name: &'static str) -> (World, usize, usize, ThreadId) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    world.post(teacher, thread);
    let parent = world.member("Parent", Role::Guardian, teacher, thread);
    (world, teacher, parent, thread)
}

pub(super) fn a_device_crashes_at_every_commit_point(name: &'static str) {
    for at in [CrashAt::Before, CrashAt::After] {
        for nth in 1..=8 {
            let (mut world, teacher, parent, thread) = pair(name);
            world.slow_disk(parent, 300);
            world.offline(parent);
            for _ in 0..3 {
                world.post(teacher, thread);
            }
            world.run_for(3_000);
            world.kill_at_commit(parent, nth, at);
            world.online(parent);
            world.say(parent, thread, "message", &[], None);
            world.run_for(15_000);
            world.post(teacher, thread);
            world.run_for(5_000);
            world.kill(parent);
            world.open(parent);
            world.come_to_rest();
            world.end();
        }
    }
}

pub(super) fn a_full_disk_keeps_nothing_and_says_so(name: &'static str) {
    let (mut world, teacher, parent, thread) = pair(name);
    let before = world.count(parent, thread);
    world.full_disk(parent, true);
    let answer = world.try_post(parent, thread);
    world.expect(matches!(answer, Err(Trouble::NotKept(_))), "a full disk is told");
    world.post(teacher, thread);
    world.run_for(10_000);
    world.full_disk(parent, false);
    world.run_for(30_000);
    world.expect(world.count(parent, thread) == before + 1, "with space again it goes on");
    world.post(parent, thread);
    world.end();
}

/// Somebody is let in while there is no room on the phone that makes the link, or on one that has to
/// follow it; then there is room.
pub(super) fn a_disk_that_is_full_while_somebody_is_let_in_holds_up_nobody_for_good(
    name: &'static str,
) {
    for nth in 1..=8 {
        for side in 0..2 {
            let (mut world, teacher, parent, thread) = pair(name);
            let newcomer = world.device("Aunt", Role::Guardian);
            let link = world.invite(teacher, thread, Role::Guardian);
            world.run_for(5_000);
            let full = [teacher, parent][side];
            world.full_disk_at_commit(full, nth);
            world.join(newcomer, &link);
            world.online(newcomer);
            world.run_for(20_000);
            let said = [teacher, parent][1 - side];
            let said = world.post(said, thread);
            world.run_for(20_000);
            world.full_disk(full, false);
            world.run_for(60_000);
            world.expect(world.is_in(newcomer, thread), "with room again they are let in");
            for from in [teacher, parent, newcomer] {
                let said = world.post(from, thread);
                world.run_for(10_000);
                for to in [teacher, parent, newcomer] {
                    world.expect(world.shows_entry(to, thread, said), "and all are heard");
                }
            }
            world.expect(world.shows_entry(newcomer, thread, said), "with what was said meanwhile");
            world.expect(world.epoch(thread) == 2, "by one link");
            world.end();
        }
    }
}

pub(super) fn the_relay_is_killed_between_append_and_receipt(name: &'static str) {
    let (mut world, teacher, parent, thread) = pair(name);
    world.run_for(5_000);
    let before = world.log_len(thread);
    world.kill_relay_at_commit(1, CrashAt::After);
    let said = world.post(parent, thread);
    world.run_for(60_000);
    world.expect(world.log_len(thread) == before + 1, "what was sent twice stands there once");
    world.expect(world.shows_entry(teacher, thread, said), "and arrives");
    let state = world.state(parent, thread, said);
    world.expect(state == "on_their_phone", "and has its receipt");
    world.end();
}

pub(super) fn the_relay_is_killed_at_every_commit_point(name: &'static str) {
    for at in [CrashAt::Before, CrashAt::After] {
        for nth in 1..=6 {
            let (mut world, teacher, parent, thread) = pair(name);
            world.slow_journal(200);
            world.kill_relay_at_commit(nth, at);
            for _ in 0..2 {
                world.post(parent, thread);
                world.post(teacher, thread);
                world.run_for(2_000);
            }
            world.run_for(30_000);
            world.end();
        }
    }
}

pub(super) fn a_slow_journal_is_waited_for(name: &'static str) {
    let (mut world, teacher, parent, thread) = pair(name);
    world.slow_journal(3_000);
    for _ in 0..6 {
        world.post(parent, thread);
        world.run_for(700);
        world.post(teacher, thread);
    }
    world.kill_the_relay();
    world.start_the_relay();
    world.end();
}

pub(super) fn words_after_a_restart_have_nonces_of_their_own(name: &'static str) {
    let (mut world, _, parent, thread) = pair(name);
    for _ in 0..3 {
        world.post(parent, thread);
        world.run_for(5_000);
        world.kill(parent);
        world.open(parent);
        world.run_for(5_000);
    }
    world.end();
}

pub(super) fn a_lagging_peer_gets_everything_without_reconnecting(name: &'static str) {
    let (mut world, teacher, parent, thread) = pair(name);
    world.queue_limit(2048);
    world.kill_the_relay();
    world.start_the_relay();
    world.run_for(60_000);
    world.slow_line(parent, Some(150));
    for _ in 0..40 {
        world.post(teacher, thread);
        world.run_for(200);
    }
    world.run_for(20_000);
    world.slow_line(parent, None);
    world.come_to_rest();
}
