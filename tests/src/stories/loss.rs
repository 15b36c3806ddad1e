//! The relay's store, or a device's, is wiped or comes from an older copy.

use tandem_proto::{Role, ThreadId};

use crate::World;

/// A teacher, a parent and a specialist in one thread, each of whom has said something.
pub(super) fn three(name: &'static str) -> (World, [usize; 3], ThreadId) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    let parent = world.member("Parent", Role::Guardian, teacher, thread);
    let other = world.member("Specialist", Role::Specialist, teacher, thread);
    for device in [teacher, parent, other] {
        world.post(device, thread);
    }
    world.run_for(10_000);
    (world, [teacher, parent, other], thread)
}

pub(super) fn a_wiped_relay_is_filled_again(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let generation = world.generation();
    world.offline(other);
    world.post(other, thread);
    world.relay_store(Vec::new());
    let late = world.post(parent, thread);
    world.run_for(60_000);
    world.expect(world.generation() != generation, "a wiped store has a generation of its own");
    let state = world.state(parent, thread, late);
    world.expect(state == "on_their_phone", "and takes what is new");
    world.online(other);
    world.run_for(60_000);
    world.expect(world.count(teacher, thread) == 5, "everything is everywhere");
    world.end();
}

pub(super) fn a_relay_from_an_hour_ago_gets_back_what_it_lost(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let copy = world.relay_copy();
    world.offline(other);
    let lost = world.post(teacher, thread);
    world.run_for(10_000);
    world.post(parent, thread);
    world.run_for(3_600_000);
    world.offline(teacher);
    world.offline(parent);
    world.run_for(1_000);
    world.relay_store(copy);
    world.post(other, thread);
    world.online(other);
    world.run_for(30_000);
    world.online(parent);
    world.run_for(30_000);
    world.expect(world.renewals() == 1, "who was further shows so, and that draws a generation");
    world.expect(world.shows_entry(other, thread, lost), "a reader brings back the author's words");
    world.online(teacher);
    world.run_for(30_000);
    world.expect(world.state(teacher, thread, lost) == "on_their_phone", "the author learns it");
    world.end();
}

pub(super) fn a_device_restored_from_a_copy_writes_and_nothing_collides(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let copy = world.copy_of(parent);
    let after = world.post(parent, thread);
    world.run_for(10_000);
    world.post(parent, thread);
    world.run_for(10_000);
    world.offline(parent);
    world.restore(parent, copy);
    world.run_for(2_000);
    let anew = world.post(parent, thread);
    let again = world.post(parent, thread);
    world.post(teacher, thread);
    world.online(parent);
    world.run_for(60_000);
    for entry in [after, anew, again] {
        for device in [teacher, parent, other] {
            world.expect(world.shows_entry(device, thread, entry), "everyone has everything");
        }
    }
    world.end();
}

pub(super) fn relay_and_device_are_both_restored_from_copies(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let (copy, relay) = (world.copy_of(parent), world.relay_copy());
    world.offline(other);
    world.post(parent, thread);
    world.run_for(10_000);
    world.offline(teacher);
    world.offline(parent);
    world.run_for(2_000);
    world.restore(parent, copy);
    world.relay_store(relay);
    world.online(parent);
    world.run_for(30_000);
    world.post(parent, thread);
    world.run_for(30_000);
    world.online(other);
    world.run_for(30_000);
    world.online(teacher);
    world.run_for(60_000);
    world.expect(world.count(other, thread) == 5, "both versions of the parent are heard");
    world.end();
}

pub(super) fn a_wiped_relay_gets_an_absent_authors_words_from_a_reader(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.offline(other);
    let said = world.post(parent, thread);
    world.run_for(10_000);
    world.kill(parent);
    world.relay_store(Vec::new());
    world.run_for(60_000);
    world.online(other);
    world.run_for(60_000);
    world.expect(world.shows_entry(other, thread, said), "the reader has carried it");
    world.open(parent);
    world.run_for(60_000);
    world.expect(world.count(teacher, thread) == 4, "and it is there once");
    world.end();
}
