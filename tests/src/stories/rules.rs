//! The eight rules for a relay that lost something, where a story of their own is needed.

use super::loss::three;
use crate::World;

/// Lets things happen, little by little, until something is so.
fn until(world: &mut World, what: &str, so: impl Fn(&World) -> bool) {
    for _ in 0..20_000 {
        if so(world) {
            return;
        }
        world.run_for(1);
    }
    world.expect(false, what);
}

/// Rule 1.
pub(super) fn a_receipt_the_log_does_not_confirm_is_dropped(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    for device in [teacher, other] {
        world.offline(device);
    }
    world.run_for(2_000);
    let copy = world.relay_copy();
    let said = world.post(parent, thread);
    until(&mut world, "there is a receipt", |world| {
        world.state(parent, thread, said) == "on_relay"
    });
    // The relay forgets it before it could sign the cursor that covers it.
    world.relay_store(copy);
    world.post(other, thread);
    world.online(other);
    world.run_for(60_000);
    world.expect(world.shows_entry(other, thread, said), "the entry was still in the outbox");
    world.end();
}

/// Rule 2.
pub(super) fn an_unsigned_cursor_beyond_the_head_draws_no_generation(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.offline(parent);
    world.offline(other);
    world.run_for(2_000);
    let copy = world.relay_copy();
    let generation = world.generation();
    let said = world.post(teacher, thread);
    world.run_for(5_000);
    world.offline(teacher);
    world.run_for(2_000);
    // The parent reads it, and the relay is gone before it has signed so much.
    world.online(parent);
    until(&mut world, "the parent has read", |world| world.shows_entry(parent, thread, said));
    world.kill_the_relay();
    world.run_for(5_000);
    world.relay_store(copy);
    world.run_for(60_000);
    world.expect(world.generation() == generation, "nothing that was signed is lost");
    world.online(other);
    world.run_for(60_000);
    world.expect(world.shows_entry(other, thread, said), "the reader has carried it");
    world.expect(world.renewals() == 0, "still nothing");
    world.end();
}

/// Rule 3.
pub(super) fn old_evidence_draws_no_generation(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let copy = world.relay_copy();
    world.post(teacher, thread);
    world.run_for(10_000);
    world.relay_store(copy);
    world.run_for(60_000);
    world.expect(world.renewals() == 1, "evidence of the present generation draws a new one");
    let generation = world.generation();
    for device in [teacher, parent, other] {
        world.offline(device);
    }
    world.run_for(5_000);
    for device in [teacher, parent, other] {
        if world.has_evidence(device) {
            world.repeat_evidence(device);
        }
    }
    world.run_for(10_000);
    world.expect(world.generation() == generation, "the same evidence draws no other");
    world.end();
}

/// Rule 5.
pub(super) fn a_copy_restored_twice_is_filled_twice_within_one_generation(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.offline(other);
    let said = world.post(teacher, thread);
    world.run_for(10_000);
    // The author is gone for good; only the parent still has it.
    world.kill(teacher);
    world.offline(parent);
    world.run_for(2_000);
    world.relay_store(Vec::new());
    world.run_for(1_000);
    let empty = world.relay_copy();
    // The first time the parent carries it, and the relay forgets before it signed.
    world.online(parent);
    until(&mut world, "the parent carries what it has", |world| world.log_len(thread) >= 4);
    world.relay_store(empty);
    world.run_for(60_000);
    world.online(other);
    world.run_for(60_000);
    world.expect(world.shows_entry(other, thread, said), "it is carried again");
    world.end();
}

/// Rule 6, told by a member that says it can't take in what all others can.
pub(super) fn what_a_member_excepts_is_carried_again(name: &'static str) {
    let (mut world, [teacher, _, other], thread) = three(name);
    world.post(teacher, thread);
    world.run_for(10_000);
    let log = world.log_of(thread);
    let Some(last) = log.last().cloned() else {
        return world.expect(false, "there is something to miss");
    };
    world.offline(other);
    world.run_for(2_000);
    world.except(other, thread, &last);
    world.run_for(10_000);
    // Two hold it; they carry the same bytes, and the log takes those once.
    world.expect(world.log_len(thread) == log.len() + 1, "it is carried again, once");
    world.end();
}

/// Rule 6.
pub(super) fn what_a_member_lacks_is_carried_to_it(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let early = world.copy_of(other);
    world.offline(other);
    let first = world.post(parent, thread);
    world.run_for(5_000);
    let second = world.post(parent, thread);
    world.run_for(5_000);
    let log = world.log_of(thread);
    for device in [teacher, parent] {
        world.offline(device);
    }
    world.run_for(2_000);
    // Only the second of two changes, which needs the first, is in the log that is left.
    world.restore(other, early);
    world.relay_store(Vec::new());
    world.run_for(1_000);
    world.push_items(teacher, thread, &log[..log.len() - 2]);
    world.push_items(teacher, thread, &log[log.len() - 1..]);
    world.run_for(3_000);
    world.online(other);
    world.run_for(30_000);
    world.expect(!world.shows_entry(other, thread, second), "what needs more is not shown");
    world.online(teacher);
    world.run_for(60_000);
    for entry in [first, second] {
        world.expect(world.shows_entry(other, thread, entry), "what it lacks was carried");
    }
    world.end();
}

/// Rule 7.
pub(super) fn an_own_entry_met_in_a_carried_envelope_is_on_the_relay(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.offline(other);
    let said = world.post(parent, thread);
    world.run_for(10_000);
    world.kill(parent);
    world.relay_store(Vec::new());
    world.run_for(60_000);
    world.offline(teacher);
    world.run_for(2_000);
    let carried = world.log_len(thread);
    world.open(parent);
    world.run_for(60_000);
    let state = world.state(parent, thread, said);
    world.expect(state == "on_relay" || state == "on_their_phone", "it counts for its author");
    world.expect(world.log_len(thread) <= carried, "and is not sent again");
    world.end();
}

/// Rule 8.
pub(super) fn acknowledgements_return_in_a_new_generation(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.offline(other);
    world.run_for(2_000);
    // The teacher's phone dies once its words are on the relay; the parent has read them.
    world.offline(parent);
    world.run_for(2_000);
    let said = world.post(teacher, thread);
    until(&mut world, "there is a receipt", |world| {
        world.state(teacher, thread, said) == "on_relay"
    });
    world.run_for(5_000);
    world.kill(teacher);
    world.online(parent);
    world.run_for(10_000);
    world.relay_store(Vec::new());
    world.run_for(60_000);
    world.open(teacher);
    world.run_for(60_000);
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_their_phone", "who has it says so again");
    world.end();
}
