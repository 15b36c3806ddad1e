//! What is served, or asked, once more after it has been used.

use tandem_proto::{ItemKind, Role, ThreadId, item_kind};

use super::{groups::copied_back, loss::three};
use crate::World;

/// Whoever was let in by a link and taken out later asks again with it, from a copy of their device in
/// which they are not in yet. The link is no way back, and its maker gives out nothing of what was said.
pub(super) fn who_is_out_and_asks_again_with_the_link_that_let_them_in_is_given_nothing(
    name: &'static str,
) {
    let (mut world, [teacher, parent, _], thread) = three(name);
    let leaver = world.device("Aunt", Role::Lead);
    let link = world.invite(teacher, thread, Role::Lead);
    world.join(leaver, &link);
    world.run_for(2_000);
    let copy = world.copy_of(leaver);
    world.online(leaver);
    world.run_for(20_000);
    world.expect(world.is_in(leaver, thread), "they came in");
    world.post(leaver, thread);
    world.run_for(10_000);
    world.offline(leaver);
    world.run_for(2_000);
    world.remove(teacher, thread, leaver);
    world.run_for(10_000);
    world.expect(world.is_out(leaver, thread), "and are out");
    let since = world.post(parent, thread);
    world.run_for(10_000);
    world.kill(leaver);
    world.run_for(2_000);
    world.restore(leaver, copy);
    world.online(leaver);
    world.run_for(60_000);
    world.expect(!world.shows_entry(leaver, thread, since), "what was said since is not theirs");
    world.expect(!world.is_in(leaver, thread), "nor is anything else handed to them");
    world.expect(world.is_out(leaver, thread), "and they stay out");
    let said = world.post(teacher, thread);
    world.run_for(10_000);
    world.expect(world.shows_entry(parent, thread, said), "the others go on");
    world.end();
}

/// Who is in, and by how many links.
fn standing(world: &mut World, by: usize, thread: ThreadId) -> (u64, usize, usize) {
    let members = world.members(by, thread);
    let devices = members.iter().map(|row| row.devices.len()).sum();
    (world.epoch(thread), members.len(), devices)
}

/// A thread with all that letters do: two who came by links, one of whom is out again, a second device,
/// and a lost phone. The relay then serves every letter that there ever was, to everybody.
pub(super) fn old_requests_offers_and_answers_that_are_served_again_give_nobody_a_seat(
    name: &'static str,
) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    let tablet = world.device("Tablet", Role::Guardian);
    world.becomes(tablet, parent);
    world.online(tablet);
    let link = world.offer(tablet);
    let taken = world.add_device(parent, &link);
    world.expect(taken.is_ok(), "the phone follows the tablet's code");
    world.run_for(30_000);
    world.expect(world.is_in(tablet, thread), "the tablet is in");
    let aunt = world.member("Aunt", Role::Guardian, parent, thread);
    let person = world.person(aunt);
    world.kill(aunt);
    let phone = world.device("New phone", Role::Guardian);
    world.becomes(phone, aunt);
    world.online(phone);
    let link = world.offer(phone);
    world.oracle.out.insert((thread, aunt));
    let taken = world.readmit(parent, person, &link);
    world.expect(taken.is_ok(), "the aunt has a new phone");
    world.run_for(30_000);
    world
        .expect(world.is_in(phone, thread) && world.is_out(aunt, thread), "and the old one is out");
    world.remove(teacher, thread, specialist);
    world.run_for(10_000);
    let before = standing(&mut world, teacher, thread);
    for device in [teacher, parent, tablet, phone] {
        for again in 0..2 {
            world.serve_old_mail(device);
            world.run_for(20_000);
            if again == 0 {
                // Its app is closed and opened in between.
                world.kill(device);
                world.open(device);
                world.run_for(20_000);
            }
        }
        let now = standing(&mut world, teacher, thread);
        world.expect(now == before, &format!("nobody has a seat by it: {before:?}, {now:?}"));
    }
    for out in [aunt, specialist] {
        world.expect(world.is_out(out, thread), "who is out is out");
    }
    let said = world.post(phone, thread);
    world.run_for(10_000);
    for device in [teacher, parent, tablet] {
        world.expect(world.shows_entry(device, thread, said), "and they talk as before");
    }
    world.end();
}

/// A device was given a new seat, and its request is shown to the others once more.
pub(super) fn an_old_request_for_a_seat_that_is_served_again_gives_no_second_one(
    name: &'static str,
) {
    let (mut world, [teacher, parent], thread) = copied_back(name, false);
    world.run_for(60_000);
    let is_request = |item: &Vec<u8>| item_kind(item) == Ok(ItemKind::SeatRequest);
    let requests: Vec<_> = world.log_of(thread).into_iter().filter(is_request).collect();
    world.expect(!requests.is_empty(), "it asked for a seat");
    let before = standing(&mut world, parent, thread);
    for device in [parent, teacher] {
        world.serve_again(device, thread, &requests);
        world.run_for(30_000);
        world.break_link(device);
        world.run_for(60_000);
        let now = standing(&mut world, parent, thread);
        world.expect(now == before, &format!("one seat is enough: {before:?}, {now:?}"));
    }
    let said = world.post(teacher, thread);
    world.run_for(10_000);
    world.expect(world.shows_entry(parent, thread, said), "and they talk as before");
    world.end();
}
