//! Things that are said and not so.

use tandem_engine::StepState;

use super::loss::three;

pub(super) fn junk_in_the_log_is_acknowledged_by_nobody(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.kill(other);
    world.run_for(5_000);
    let before = world.log_len(thread);
    world.push_junk(other);
    world.open(other);
    world.run_for(1_000);
    world.expect(world.log_len(thread) > before, "the relay can't tell junk from an envelope");
    let said = world.post(teacher, thread);
    world.run_for(20_000);
    world.expect(world.shows_entry(parent, thread, said), "what comes after junk is read");
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_their_phone", "and acknowledged");
    world.end();
}

pub(super) fn ones_own_acknowledgement_proves_nothing(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    for device in [parent, other] {
        world.offline(device);
    }
    world.run_for(2_000);
    let said = world.post(teacher, thread);
    world.run_for(10_000);
    world.echo_acknowledgement(teacher);
    world.run_for(1_000);
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_relay", "nobody else has it yet");
    world.end();
}

pub(super) fn a_step_is_moved_by_its_owners_only(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let home = world.post_step(teacher, thread, "home");
    let school = world.post_step(parent, thread, "school");
    world.run_for(10_000);
    let moved = world.try_step(parent, thread, school, StepState::Done);
    world.expect(!moved, "a parent does not move the school's step");
    let moved = world.try_step(teacher, thread, home, StepState::Doing);
    world.expect(!moved, "a teacher does not move the family's step");
    let moved = world.try_step(parent, thread, home, StepState::Doing);
    world.expect(moved, "a parent moves the family's step");
    let first = world.try_step(teacher, thread, school, StepState::Doing);
    let second = world.try_step(other, thread, school, StepState::Done);
    world.expect(first && second, "both of the school move its step");
    world.end();
}
