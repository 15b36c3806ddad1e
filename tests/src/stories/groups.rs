//! Epochs: who can read what, and how a device that lost its seat gets another.

use tandem_proto::{EnvelopeKind, ItemKind, Role, ThreadId, item_kind};

use super::loss::three;
use crate::{Lie, World};

/// The envelopes in a thread's log.
pub(super) fn envelopes(world: &World, thread: ThreadId) -> Vec<Vec<u8>> {
    let is_envelope = |item: &Vec<u8>| matches!(item_kind(item), Ok(ItemKind::Envelope(..)));
    world.log_of(thread).into_iter().filter(is_envelope).collect()
}

/// A newcomer has no key of what was sealed before it came, and holds it all the same: whoever let
/// it in handed it over.
pub(super) fn what_was_said_before_somebody_came_is_handed_over_and_not_opened(name: &'static str) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    let before = world.post(teacher, thread);
    world.run_for(10_000);
    let sealed = envelopes(&world, thread);
    let parent = world.member("Parent", Role::Guardian, teacher, thread);
    world.run_for(10_000);
    for item in &sealed {
        world.expect(world.can_open(teacher, thread, item), "its sealer opens it");
        world.expect(!world.can_open(parent, thread, item), "a newcomer has no key of it");
    }
    world.expect(world.shows_entry(parent, thread, before), "it was handed over");
    let state = world.state(teacher, thread, before);
    world.expect(state == "on_their_phone", "and its author learns so");
    world.offline(parent);
    world.run_for(5_000);
    world.online(parent);
    world.run_for(60_000);
    let is_carried = |item: &Vec<u8>| {
        matches!(item_kind(item), Ok(ItemKind::Envelope(EnvelopeKind::Carried, _)))
    };
    let carried = world.log_of(thread).iter().any(is_carried);
    world.expect(!carried, "nobody had to carry anything again");
    world.end();
}

/// What the stories ask when they ask whether somebody could open something: a device that has read
/// none of the links since could, by following them, if it had a seat.
pub(super) fn who_has_a_seat_comes_to_the_keys_of_links_that_it_has_not_read(name: &'static str) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    for device in [parent, specialist] {
        world.offline(device);
    }
    world.run_for(2_000);
    for _ in 0..2 {
        world.member("Newcomer", Role::Guardian, teacher, thread);
    }
    world.post(teacher, thread);
    world.run_for(10_000);
    let sealed = envelopes(&world, thread).pop().unwrap_or_default();
    for device in [parent, specialist] {
        let read = world.has_read(device, thread);
        world.expect(read < world.log_len(thread) as u64, "it is away");
        world.expect(world.can_open(device, thread, &sealed), "and could open what is said");
    }
    world.remove(teacher, thread, specialist);
    world.run_for(10_000);
    world.post(teacher, thread);
    world.run_for(10_000);
    let sealed = envelopes(&world, thread).pop().unwrap_or_default();
    world.expect(world.can_open(parent, thread, &sealed), "with a seat still");
    world.expect(!world.can_open(specialist, thread, &sealed), "and without one not");
    world.end();
}

/// The relay and whoever made a link are both copied back to before it, and whom it let in is gone for
/// good: of that commit nobody has the keys. Whoever is left goes on, whether they have read the link or
/// not.
pub(super) fn a_link_whose_keys_nobody_has_any_more_stops_nobody(name: &'static str) {
    for read in [false, true] {
        let (mut world, [teacher, parent, specialist], thread) = three(name);
        world.offline(specialist);
        if !read {
            world.offline(parent);
        }
        world.run_for(2_000);
        let (relay, copy) = (world.relay_copy(), world.copy_of(teacher));
        let gone = world.member("Newcomer", Role::Guardian, teacher, thread);
        world.run_for(10_000);
        world.lose(gone);
        for device in [teacher, parent] {
            world.offline(device);
        }
        world.run_for(2_000);
        world.kill(teacher);
        world.relay_store(relay);
        world.restore(teacher, copy);
        for device in [specialist, parent, teacher] {
            world.online(device);
            world.run_for(20_000);
        }
        world.run_for(60_000);
        let roster = super::removal::roster(&world, thread);
        // Who came, and a seat for who made the link that they can't follow any more.
        let links = if read { 5 } else { 3 };
        world.expect(roster.len() == links, "the roster is as whoever is left knows it");
        for from in [teacher, parent, specialist] {
            let said = world.post(from, thread);
            world.run_for(20_000);
            for to in [teacher, parent, specialist] {
                world.expect(world.shows_entry(to, thread, said), "everybody who is left is heard");
            }
        }
        world.end();
    }
}

/// Two members let somebody in at the same moment: the relay takes one link, and the other is made
/// again on it.
pub(super) fn two_who_are_let_in_at_once_are_both_in(name: &'static str) {
    let (mut world, [teacher, _, specialist], thread) = three(name);
    let newcomers: Vec<usize> = [teacher, specialist]
        .into_iter()
        .map(|by| {
            let newcomer = world.device("Newcomer", Role::Guardian);
            let link = world.invite(by, thread, Role::Guardian);
            world.run_for(5_000);
            world.join(newcomer, &link);
            newcomer
        })
        .collect();
    for by in [teacher, specialist] {
        world.offline(by);
    }
    for newcomer in &newcomers {
        world.online(*newcomer);
    }
    world.run_for(10_000);
    for by in [teacher, specialist] {
        world.online(by);
    }
    world.run_for(60_000);
    for newcomer in &newcomers {
        world.expect(world.is_in(*newcomer, thread), "both are in");
        let said = world.post(*newcomer, thread);
        world.run_for(10_000);
        world.expect(world.shows_entry(teacher, thread, said), "and are heard");
    }
    world.expect(world.epoch(thread) == 4, "one epoch for each who came");
    world.end();
}

/// What waited while somebody was let in is sealed for them too.
pub(super) fn words_that_waited_while_somebody_came_are_sealed_anew(name: &'static str) {
    let (mut world, [teacher, parent, _], thread) = three(name);
    world.offline(parent);
    world.run_for(2_000);
    let waited = world.post(parent, thread);
    let newcomer = world.member("Newcomer", Role::Guardian, teacher, thread);
    world.online(parent);
    world.run_for(60_000);
    world.expect(world.shows_entry(newcomer, thread, waited), "the newcomer reads it");
    world.end();
}

/// A teacher, copied back to before they let in a parent, is online again; the parent may be away.
pub(super) fn copied_back(name: &'static str, away: bool) -> (World, [usize; 2], ThreadId) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    world.run_for(10_000);
    let copy = world.copy_of(teacher);
    let parent = world.member("Parent", Role::Guardian, teacher, thread);
    world.post(parent, thread);
    world.run_for(10_000);
    if away {
        world.offline(parent);
    }
    world.kill(teacher);
    world.run_for(2_000);
    world.restore(teacher, copy);
    world.online(teacher);
    (world, [teacher, parent], thread)
}

/// A device that is copied back to before it let somebody in can't follow the group over its own
/// link: it asks, and whoever it let in gives it a seat.
pub(super) fn a_device_copied_back_to_before_its_own_link_is_given_a_new_seat(name: &'static str) {
    let (mut world, [teacher, parent], thread) = copied_back(name, false);
    let said = world.post(teacher, thread);
    world.run_for(60_000);
    world.expect(world.shows_entry(parent, thread, said), "it can seal again");
    world.expect(world.epoch(thread) == 2, "one link let in, one gave a seat");
    world.end();
}

/// A founder is copied back to before it let somebody in who has not come yet: nobody has a seat, so
/// it founds the group anew, and whoever comes is given one.
pub(super) fn a_founder_that_lost_its_seat_before_anybody_came_founds_the_group_anew(
    name: &'static str,
) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    let parent = world.device("Parent", Role::Guardian);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    let link = world.invite(teacher, thread, Role::Guardian);
    world.run_for(10_000);
    world.offline(teacher);
    world.run_for(2_000);
    let copy = world.copy_of(teacher);
    world.join(parent, &link);
    world.online(parent);
    world.run_for(10_000);
    world.offline(parent);
    world.online(teacher);
    world.run_for(10_000);
    world.expect(world.epoch(thread) == 1, "the parent was let in");
    world.kill(teacher);
    world.run_for(2_000);
    world.restore(teacher, copy);
    world.online(teacher);
    let said = world.post(teacher, thread);
    world.run_for(60_000);
    world.expect(world.state(teacher, thread, said) == "on_relay", "it can seal again");
    world.expect(world.epoch(thread) == 2, "by one link");
    world.online(parent);
    world.run_for(60_000);
    world.expect(world.shows_entry(parent, thread, said), "the parent comes and reads it");
    let answer = world.post(parent, thread);
    world.run_for(10_000);
    world.expect(world.shows_entry(teacher, thread, answer), "and is heard");
    world.end();
}

/// A relay is copied back over one to five links, while members stand at every epoch of them.
pub(super) fn a_relay_copied_back_over_several_links_has_everybody_in_one_epoch(
    name: &'static str,
) {
    for lost in 1..=5 {
        let (mut world, [teacher, parent, _], thread) = three(name);
        let copy = world.relay_copy();
        let mut late = vec![parent];
        for _ in 0..lost {
            if let Some(stays_behind) = late.last() {
                world.offline(*stays_behind);
            }
            world.run_for(2_000);
            late.push(world.member("Newcomer", Role::Guardian, teacher, thread));
        }
        world.offline(teacher);
        world.run_for(2_000);
        // Whoever is back first is not who has it all.
        world.relay_store(copy);
        for member in &late {
            world.online(*member);
            world.run_for(5_000);
        }
        world.online(teacher);
        world.run_for(120_000);
        let said = world.post(teacher, thread);
        world.run_for(20_000);
        for member in &late {
            world.expect(world.shows_entry(*member, thread, said), "everybody reads it");
        }
        world.end();
    }
}

/// A relay is copied back, and somebody else is let in on the shorter chain: of the two branches one
/// wins, and those who came in on the other are let in anew.
pub(super) fn of_two_branches_one_wins_and_nobody_is_lost(name: &'static str) {
    let (mut world, [teacher, _, specialist], thread) = three(name);
    let copy = world.relay_copy();
    world.offline(specialist);
    world.run_for(2_000);
    let first = world.member("First", Role::Guardian, teacher, thread);
    for device in [teacher, first] {
        world.offline(device);
    }
    world.run_for(2_000);
    world.relay_store(copy);
    let second = world.member("Second", Role::Guardian, specialist, thread);
    let third = world.member("Third", Role::Guardian, specialist, thread);
    for device in [teacher, first] {
        world.online(device);
    }
    world.run_for(240_000);
    let said = world.post(teacher, thread);
    world.run_for(20_000);
    for member in [first, second, third, specialist] {
        world.expect(world.shows_entry(member, thread, said), "everybody reads it");
    }
    world.end();
}

/// One lets in two who asked while it was away, and another has let in a third meanwhile. The two links
/// together would be a longer chain than the one that is: whoever has read the log makes them again on
/// it; and where a relay kept the log back, whoever the longer chain left out is let in again.
pub(super) fn two_links_that_waited_undo_none_that_was_faster(name: &'static str) {
    for kept_back in [false, true] {
        let (mut world, [teacher, parent, specialist], thread) = three(name);
        let newcomers: Vec<usize> = [parent, parent, teacher]
            .into_iter()
            .map(|by| {
                let newcomer = world.device("Newcomer", Role::Guardian);
                let link = world.invite(by, thread, Role::Guardian);
                world.run_for(2_000);
                world.join(newcomer, &link);
                newcomer
            })
            .collect();
        world.offline(parent);
        world.run_for(2_000);
        for newcomer in &newcomers {
            world.online(*newcomer);
        }
        world.run_for(20_000);
        world.expect(world.is_in(newcomers[2], thread), "who was let in first is in");
        let said = world.post(newcomers[2], thread);
        if kept_back {
            world.lie(parent, Lie::Withholds);
        }
        world.online(parent);
        world.run_for(10_000);
        world.be_honest(parent);
        world.break_link(parent);
        world.run_for(60_000);
        for newcomer in &newcomers {
            world.expect(world.is_in(*newcomer, thread), "all are in");
            let listed = world.member_row(specialist, thread, *newcomer).devices.len();
            world.expect(listed == 1, "for everybody");
        }
        world.expect(world.shows_entry(parent, thread, said), "and nothing that was said is lost");
        world.expect(world.epoch(thread) == 5, "by one link for each");
        world.end();
    }
}
