//! Coming in.

use tandem_engine::EntryId;
use tandem_proto::Role;

use crate::World;

pub(super) fn two_people_talk(name: &'static str) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    let first = world.post(teacher, thread);
    let parent = world.member("Parent", Role::Guardian, teacher, thread);
    world.expect(world.shows_entry(parent, thread, first), "a newcomer sees what was said before");
    let answer = world.post(parent, thread);
    world.run_for(5_000);
    world.expect(world.shows_entry(teacher, thread, answer), "an answer arrives");
    let state = world.state(parent, thread, answer);
    world.expect(state == "on_their_phone", "an answer that arrived says so");
    world.mark_seen(teacher, thread);
    world.run_for(5_000);
    let state = world.state(parent, thread, answer);
    world.expect(state == "seen", "an answer that was seen says so");
    world.end();
}

/// A long thread is read from its end: what is further up was not on the screen, and nobody is told that it was.
pub(super) fn what_was_on_the_screen_is_seen_and_what_was_not_is_not(name: &'static str) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    let parent = world.member("Parent", Role::Guardian, teacher, thread);
    let said: Vec<EntryId> = (0..3).map(|_| world.post(teacher, thread)).collect();
    let own = world.post(parent, thread);
    world.run_for(5_000);
    let nowhere = EntryId::new([9; 10]);
    let marked = world.see_entries(parent, thread, &[said[2], said[1], own, nowhere, said[1]]);
    world.expect(marked == 2, &format!("two of the others' were on the screen: {marked}"));
    let unseen = |world: &mut World| world.inbox(parent).0.first().map(|row| row.unseen);
    let left = unseen(&mut world);
    world.expect(left == Some(1), "one was not");
    let again = world.see_entries(parent, thread, &said[1..]);
    world.expect(again == 0, "what was marked is not marked again");
    world.run_for(5_000);
    for (entry, state) in [(said[0], "on_their_phone"), (said[1], "seen"), (said[2], "seen")] {
        let told = world.state(teacher, thread, entry);
        world.expect(told == state, &format!("its writer is told {state}: {told}"));
    }
    world.end();
}

pub(super) fn a_newcomer_joins_though_the_two_are_never_online_together(name: &'static str) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    let parent = world.device("Parent", Role::Guardian);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    let said = world.post(teacher, thread);
    let link = world.invite(teacher, thread, Role::Guardian);
    world.run_for(5_000);
    world.offline(teacher);
    world.join(parent, &link);
    for _ in 0..3 {
        for (here, gone) in [(parent, teacher), (teacher, parent)] {
            world.offline(gone);
            world.run_for(1_000);
            world.online(here);
            world.run_for(20_000);
        }
    }
    world.offline(teacher);
    world.run_for(1_000);
    world.online(parent);
    world.run_for(20_000);
    world.expect(world.is_in(parent, thread), "the newcomer is in");
    world.expect(world.shows_entry(parent, thread, said), "and sees what was said");
    world.end();
}

pub(super) fn a_second_request_with_one_invite_is_shown_and_not_admitted(name: &'static str) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    let parent = world.device("Parent", Role::Guardian);
    let stranger = world.device("Stranger", Role::Guardian);
    let thread = world.found(teacher, "Mia");
    world.post(teacher, thread);
    let link = world.invite(teacher, thread, Role::Guardian);
    for device in [teacher, parent, stranger] {
        world.online(device);
    }
    world.join(parent, &link);
    world.run_for(20_000);
    world.expect(world.is_in(parent, thread), "the first is in");
    world.join(stranger, &link);
    world.run_for(30_000);
    world.offline(stranger);
    world.run_for(1_000);
    world.online(stranger);
    world.run_for(30_000);
    world.expect(!world.is_in(stranger, thread), "the second is not");
    let knocking = world.joins(teacher).into_iter().find_map(|join| join.knocking);
    world.expect(knocking.as_deref() == Some("Stranger"), "the inviter is shown who knocks");
    let joins = world.joins(stranger);
    world.expect(joins.iter().any(|join| join.thread == thread), "the second still waits");
    world.post(parent, thread);
    world.end();
    world.expect(!world.is_in(stranger, thread), "the second never comes in");
}
