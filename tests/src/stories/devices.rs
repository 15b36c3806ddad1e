//! A person's second device, and a phone that is lost.

use tandem_engine::{OfferState, StuckReason, Trouble, UptakeState};
use tandem_proto::{EnvelopeKind, ItemKind, Role, ThreadId, item_kind, limits::OFFER_LIFETIME_MS};

use super::loss::three;
use crate::{CrashAt, World};

/// A teacher and a parent in two threads.
pub(super) fn two_threads(name: &'static str) -> (World, [usize; 3], [ThreadId; 2]) {
    let (mut world, [teacher, parent, other], mia) = three(name);
    let leo = world.found(teacher, "Leo");
    let link = world.invite(teacher, leo, Role::Guardian);
    world.join(parent, &link);
    world.run_for(20_000);
    world.expect(world.is_in(parent, leo), "the parent is in both threads");
    world.post(parent, leo);
    world.run_for(5_000);
    (world, [teacher, parent, other], [mia, leo])
}

/// The tablet is in every thread, and what it says arrives.
fn is_in_and_heard(world: &mut World, tablet: usize, by: usize, threads: [ThreadId; 2]) {
    for thread in threads {
        world.expect(world.is_in(tablet, thread), "it comes in");
        let said = world.post(tablet, thread);
        world.run_for(10_000);
        world.expect(world.shows_entry(by, thread, said), "and is heard");
    }
}

fn newest_envelope(world: &World, thread: ThreadId) -> Vec<u8> {
    let is_own =
        |item: &Vec<u8>| matches!(item_kind(item), Ok(ItemKind::Envelope(EnvelopeKind::Batch, _)));
    let newest = world.log_of(thread).into_iter().rfind(is_own);
    newest.unwrap_or_else(|| world.violation("the story needs an envelope in the log"))
}

/// A tablet shows its code, the phone follows it: one link for each thread, and both devices are one
/// person to everybody.
pub(super) fn a_second_device_gets_every_thread_and_both_are_heard(name: &'static str) {
    let (mut world, [teacher, parent, _], threads) = two_threads(name);
    let before = threads.map(|thread| world.epoch(thread));
    let tablet = world.device("Tablet", Role::Teacher);
    world.becomes(tablet, parent);
    world.online(tablet);
    let link = world.offer(tablet);
    let again = world.offer(tablet);
    world.expect(again == link, "it can be shown again");
    let taken = world.add_device(parent, &link);
    world.expect(taken.is_ok(), "the phone follows it");
    world.run_for(30_000);
    world.expect(world.person(tablet) == world.person(parent), "one person has both");
    let desk = world.desk(parent);
    world.expect(desk.is_some() && desk == world.desk(tablet), "and a desk");
    for (thread, before) in threads.into_iter().zip(before) {
        world.expect(world.is_in(tablet, thread), "the tablet is in every thread");
        let (one, other) = (world.count(parent, thread), world.count(tablet, thread));
        world.expect(one == other, "and has all that was said");
        world.expect(world.epoch(thread) == before + 1, "by one link");
        let row = world.member_row(teacher, thread, parent);
        world.expect(row.devices.len() == 2, "the teacher sees a person with two devices");
        let told = world.events(teacher, thread);
        world
            .expect(told.ends_with(&["device_added".to_owned()]), "and that one came to the other");
        world.expect(row.author.name == "Parent", "under the name that they have");
        for device in [parent, tablet] {
            let said = world.post(device, thread);
            world.run_for(10_000);
            for reader in [teacher, parent, tablet] {
                world.expect(world.shows_entry(reader, thread, said), "both are heard by all");
            }
        }
    }
    let (offer, _) = world.offers(tablet);
    let (_, uptakes) = world.offers(parent);
    world.expect(offer.is_none() && uptakes.is_empty(), "the offer has done its work");
    world.end();
}

/// The phone is put back to a copy from before the tablet came: what was said in the desk since is on the
/// tablet alone, and nobody else is in it who could say it again.
pub(super) fn a_phone_put_back_gets_its_desk_from_the_persons_other_device(name: &'static str) {
    let (mut world, [_, parent, _], _) = two_threads(name);
    let tablet = world.device("Tablet", Role::Guardian);
    world.becomes(tablet, parent);
    world.online(tablet);
    let link = world.offer(tablet);
    let taken = world.add_device(parent, &link);
    world.expect(taken.is_ok(), "the phone lets the tablet in");
    let copy = world.copy_of(parent);
    world.run_for(30_000);
    let Some(desk) = world.desk(parent) else { world.violation("two devices have a desk") };
    let said = [parent, tablet, parent, tablet].map(|device| {
        let said = world.post(device, desk);
        world.run_for(10_000);
        said
    });
    world.kill(parent);
    world.run_for(2_000);
    world.restore(parent, copy);
    world.online(parent);
    world.run_for(120_000);
    for entry in said {
        world.expect(world.shows_entry(parent, desk, entry), "it has what was said in the desk");
    }
    let anew = world.post(parent, desk);
    world.run_for(10_000);
    world.expect(world.shows_entry(tablet, desk, anew), "and is heard in it");
    world.end();
}

/// The desk: nobody else is in it whom one could leave.
pub(super) fn what_only_two_devices_of_one_person_are_in_is_forgotten_when_one_is_out(
    name: &'static str,
) {
    let (mut world, [_, parent, _], _) = two_threads(name);
    let tablet = world.device("Tablet", Role::Guardian);
    world.becomes(tablet, parent);
    world.online(tablet);
    let link = world.offer(tablet);
    let taken = world.add_device(parent, &link);
    world.expect(taken.is_ok(), "the phone lets the tablet in");
    world.run_for(30_000);
    let desk = world.desk(parent);
    let Some(desk) = desk else { world.violation("two devices have a desk") };
    let forget = world.try_forget(parent, desk).err();
    let leave = world.try_leave(parent, desk).err();
    for refused in [forget, leave] {
        let says_what_to_do =
            matches!(refused, Some(Trouble::NotAllowed(why)) if why.contains("--device"));
        world.expect(says_what_to_do, "the other device is to be taken out first");
    }
    world.take_out_device(parent, desk, tablet);
    world.run_for(20_000);
    let told = world.events(parent, desk);
    world.expect(told == ["device_added", "device_removed"], "it is told that it came and went");
    for device in [parent, tablet] {
        let forgot = world.try_forget(device, desk);
        world.expect(forgot.is_ok(), "then both may forget it");
        world.expect(!world.is_named_on(device, desk), "nothing is left");
    }
    world.end();
}

/// The two take turns at the one place with signal.
pub(super) fn a_second_device_comes_in_though_the_two_are_never_online_together(
    name: &'static str,
) {
    let (mut world, [_, parent, _], threads) = two_threads(name);
    let tablet = world.device("Tablet", Role::Guardian);
    world.becomes(tablet, parent);
    world.offline(parent);
    let link = world.offer(tablet);
    let row = world.add_device(parent, &link);
    let waits = row.is_ok_and(|row| row.state == UptakeState::Waiting && row.mine);
    world.expect(waits, "without signal it waits, and says so");
    for here in [tablet, parent, tablet] {
        world.online(here);
        world.run_for(20_000);
        world.offline(here);
        world.run_for(1_000);
    }
    for thread in threads {
        world.expect(world.is_in(tablet, thread), "it takes one turn of each, and one more");
    }
    world.end();
}

/// Another guardian has the parent before them and lets in the new phone. The lost one is found by
/// somebody later.
pub(super) fn a_lost_phone_is_replaced_and_opens_nothing_that_is_said_after(name: &'static str) {
    let (mut world, [teacher, parent, _], [mia, leo]) = two_threads(name);
    let aunt = world.member("Aunt", Role::Guardian, teacher, mia);
    let person = world.person(parent);
    let history = world.count(parent, mia);
    world.kill(parent);
    let before = world.epoch(mia);
    let phone = world.device("New phone", Role::Guardian);
    world.becomes(phone, parent);
    world.online(phone);
    let link = world.offer(phone);
    world.oracle.out.insert((mia, parent));
    let taken = world.readmit(aunt, person, &link);
    world.expect(taken.is_ok(), "she follows its code");
    world.run_for(30_000);
    world.expect(world.person(phone) == person, "the parent is back");
    world.expect(world.epoch(mia) == before + 1, "by one link");
    world.expect(world.count(phone, mia) == history, "history is back");
    world.expect(!world.is_in(phone, leo), "but only where the two met");
    let row = world.member_row(teacher, mia, phone);
    world.expect(row.devices.len() == 1 && row.verified, "on that phone alone, seen in person");
    for reader in [teacher, aunt, phone] {
        let told = world.events(reader, mia);
        world.expect(told.ends_with(&["came_back".to_owned()]), "all are told that they are back");
    }
    let said = world.post(aunt, mia);
    world.run_for(10_000);
    let sealed = newest_envelope(&world, mia);
    world.expect(world.can_open(phone, mia, &sealed), "the new phone reads what is said now");
    world.expect(!world.can_open(parent, mia, &sealed), "the lost one has no key of it");
    let answer = world.post(phone, mia);
    world.run_for(10_000);
    for reader in [teacher, aunt] {
        world.expect(world.shows_entry(reader, mia, answer), "and is heard");
    }
    world.open(parent);
    let late = world.post(parent, mia);
    world.online(parent);
    world.run_for(30_000);
    let stuck = world.stuck(parent, mia, late);
    world.expect(stuck == Some(StuckReason::Removed), "the lost one learns that it is out");
    world.expect(!world.shows_entry(parent, mia, said), "and what was said since is not on it");
    let sealed = newest_envelope(&world, mia);
    world.expect(!world.can_open(parent, mia, &sealed), "nor ever will be");
    for reader in [teacher, aunt, phone] {
        world.expect(!world.shows_entry(reader, mia, late), "nobody hears it any more");
    }
    // The teacher lets the new phone in where the aunt is not.
    let again = world.try_offer(phone);
    world.expect(matches!(again, Err(Trouble::NotAllowed(_))), "a phone in threads is somebody");
    world.end();
}

/// Whoever shares two threads with a person who lost their phone lets them in again in both.
pub(super) fn a_lost_phone_is_replaced_in_every_thread_that_the_two_share(name: &'static str) {
    let (mut world, [teacher, parent, _], threads) = two_threads(name);
    let person = world.person(parent);
    let history = threads.map(|thread| world.count(parent, thread));
    let before = threads.map(|thread| world.epoch(thread));
    world.kill(parent);
    let phone = world.device("New phone", Role::Guardian);
    world.becomes(phone, parent);
    world.online(phone);
    let link = world.offer(phone);
    for thread in threads {
        world.oracle.out.insert((thread, parent));
    }
    let taken = world.readmit(teacher, person, &link);
    world.expect(taken.is_ok(), "the teacher has seen them, and follows its code");
    world.run_for(60_000);
    world.expect(world.person(phone) == person, "the parent is back");
    for ((thread, history), before) in threads.into_iter().zip(history).zip(before) {
        world.expect(world.is_in(phone, thread), "in every thread");
        world.expect(world.is_out(parent, thread), "and the lost phone in none");
        world.expect(world.epoch(thread) == before + 1, "by one link in each");
        world.expect(world.count(phone, thread) == history, "with its history");
        let told = world.events(teacher, thread);
        world.expect(told.ends_with(&["came_back".to_owned()]), "and it is told in each");
        let said = world.post(teacher, thread);
        world.run_for(10_000);
        world.expect(world.shows_entry(phone, thread, said), "the new phone reads what is said");
        let sealed = newest_envelope(&world, thread);
        world.expect(!world.can_open(parent, thread, &sealed), "and the lost one can't");
    }
    is_in_and_heard(&mut world, phone, teacher, threads);
    world.end();
}

pub(super) fn an_offer_that_has_expired_or_was_used_lets_nobody_in(name: &'static str) {
    let (mut world, [_, parent, _], [mia, leo]) = two_threads(name);
    let tablet = world.device("Tablet", Role::Guardian);
    world.becomes(tablet, parent);
    world.online(tablet);
    let link = world.offer(tablet);
    world.run_for(5_000);
    let day = i64::try_from(OFFER_LIFETIME_MS).unwrap_or(i64::MAX);
    world.clock_off(parent, day + 60_000);
    let taken = world.add_device(parent, &link);
    world.run_for(20_000);
    let (_, uptakes) = world.offers(parent);
    let refused = uptakes.iter().any(|row| matches!(row.state, UptakeState::Refused(_)));
    world.expect(taken.is_ok() && refused, "an old offer is told");
    world.expect(!world.is_in(tablet, mia), "and lets nobody in");
    world.clock_off(parent, 0);
    world.clock_off(tablet, day + 60_000);
    let state = world.offers(tablet).0.map(|row| row.state);
    world.expect(state == Some(OfferState::Expired), "its device says so, too");
    world.clock_off(tablet, 0);
    // The clocks are right again, and the same link is followed once more.
    let taken = world.add_device(parent, &link);
    world.expect(taken.is_ok(), "what came to nothing is tried again");
    world.run_for(30_000);
    world.expect(world.is_in(tablet, mia) && world.is_in(tablet, leo), "and works in time");
    let used = world.add_device(parent, &link);
    world.expect(matches!(used, Err(Trouble::NotAllowed(_))), "a used link is told");
    let person = world.person(tablet);
    // Somebody else found the link, and makes a thread for the tablet to fall into.
    let stranger = world.device("Stranger", Role::Guardian);
    world.online(stranger);
    let trap = world.found(stranger, "Trap");
    let taken = world.add_device(stranger, &link);
    world.expect(taken.is_ok(), "a stranger follows the link");
    world.run_for(60_000);
    world.expect(!world.is_in(tablet, trap), "nobody else is followed by it");
    world.expect(world.person(tablet) == person, "and it stays whose it is");
    world.end();
}

pub(super) fn either_side_crashes_at_every_commit_point_and_the_device_comes_in(
    name: &'static str,
) {
    for at in [CrashAt::Before, CrashAt::After] {
        for nth in 1..=6 {
            for side in 0..2 {
                let (mut world, [teacher, parent, _], threads) = two_threads(name);
                let tablet = world.device("Tablet", Role::Guardian);
                world.becomes(tablet, parent);
                world.online(tablet);
                let link = world.offer(tablet);
                world.run_for(5_000);
                let taken = world.add_device(parent, &link);
                world.expect(taken.is_ok(), "the phone follows it");
                let crashes = [parent, tablet][side];
                world.kill_at_commit(crashes, nth, at);
                world.run_for(20_000);
                world.open(crashes);
                world.online(crashes);
                world.run_for(60_000);
                is_in_and_heard(&mut world, tablet, teacher, threads);
                world.end();
            }
        }
    }
}

/// The relay's store is lost when the phone has done its part and the tablet has not been back.
pub(super) fn a_relay_that_forgets_the_letters_is_given_them_again(name: &'static str) {
    let (mut world, [teacher, parent, _], threads) = two_threads(name);
    let tablet = world.device("Tablet", Role::Guardian);
    world.becomes(tablet, parent);
    let link = world.offer(tablet);
    world.online(tablet);
    world.run_for(5_000);
    world.offline(tablet);
    let taken = world.add_device(parent, &link);
    world.expect(taken.is_ok(), "the phone follows it");
    world.run_for(20_000);
    world.relay_store(Vec::new());
    world.run_for(20_000);
    world.online(tablet);
    world.run_for(60_000);
    is_in_and_heard(&mut world, tablet, teacher, threads);
    world.end();
}

/// Whoever lets a person in again was away while that person's lost phone still spoke: they read first
/// what was said, and it counts.
pub(super) fn what_a_lost_phone_said_while_its_helper_was_away_still_counts(name: &'static str) {
    let (mut world, [teacher, parent, _], [mia, _]) = two_threads(name);
    let aunt = world.member("Aunt", Role::Guardian, teacher, mia);
    world.offline(aunt);
    world.run_for(2_000);
    let person = world.person(parent);
    let last = world.post(parent, mia);
    world.run_for(10_000);
    world.kill(parent);
    let phone = world.device("New phone", Role::Guardian);
    world.becomes(phone, parent);
    world.online(phone);
    let link = world.offer(phone);
    world.run_for(5_000);
    world.oracle.out.insert((mia, parent));
    let taken = world.readmit(aunt, person, &link);
    world.expect(taken.is_ok(), "she follows its code without signal");
    world.online(aunt);
    world.run_for(60_000);
    world.expect(world.is_in(phone, mia), "the parent is back");
    for device in [teacher, aunt, phone] {
        world.expect(world.shows_entry(device, mia, last), "with their last words");
    }
    world.end();
}
