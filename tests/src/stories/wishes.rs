//! Somebody wants a person out, or in again: whoever says so crashes at each commit on the way, or others
//! want something of the same person at the same moment.

use tandem_engine::FalseLink;
use tandem_proto::{DeviceLink, Role, ThreadId};

use super::loss::three;
use crate::{CrashAt, World};

/// What somebody wants of the specialist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// They are taken out.
    Remove,
    /// They leave; it is they who say so.
    Leave,
    /// The group is founded anew without them.
    Refound,
    /// They come back on a new phone.
    Readmit,
}

const ALL: [Wish; 4] = [Wish::Remove, Wish::Leave, Wish::Refound, Wish::Readmit];

/// Whoever it is about says it, or somebody else, without signal: who said it.
fn say(world: &mut World, wish: Wish, by: usize, specialist: usize, thread: ThreadId) -> usize {
    let by = if wish == Wish::Leave { specialist } else { by };
    world.offline(by);
    match wish {
        Wish::Remove => world.remove(by, thread, specialist),
        Wish::Leave => world.leave(specialist, thread),
        Wish::Refound => world.refound(by, thread, specialist),
        Wish::Readmit => {}
    }
    by
}

/// The specialist has a new phone in their hands, and the other is gone: the new one, and its link.
fn new_phone(world: &mut World, specialist: usize, thread: ThreadId) -> (usize, DeviceLink) {
    world.kill(specialist);
    let phone = world.device("New phone", Role::Specialist);
    world.becomes(phone, specialist);
    world.online(phone);
    let link = world.offer(phone);
    world.run_for(2_000);
    world.oracle.out.insert((thread, specialist));
    (phone, link)
}

/// Those who are in are all heard by each other.
fn all_are_heard(world: &mut World, inside: &[usize], thread: ThreadId, told: &str) {
    for from in inside {
        let said = world.post(*from, thread);
        world.run_for(10_000);
        for to in inside {
            let so = world.shows_entry(*to, thread, said);
            world.expect(so, &format!("{told}: P{to} hears P{from}"));
        }
    }
}

pub(super) fn whoever_wants_somebody_out_or_back_crashes_at_every_commit_point_and_it_is_so(
    name: &'static str,
) {
    for wish in ALL {
        for at in [CrashAt::Before, CrashAt::After] {
            for nth in 1..=8 {
                let (mut world, [teacher, parent, specialist], thread) = three(name);
                if wish == Wish::Refound {
                    world.offline(specialist);
                    world.run_for(2_000);
                    let link = world.forge_link(specialist, thread, FalseLink::Noise);
                    world.push_forged(specialist, thread, &[link], false);
                }
                let person = world.person(specialist);
                let mut inside = vec![teacher, parent];
                let phone =
                    (wish == Wish::Readmit).then(|| new_phone(&mut world, specialist, thread));
                let by = say(&mut world, wish, teacher, specialist, thread);
                if let Some((phone, link)) = phone {
                    let taken = world.readmit(by, person, &link);
                    world.expect(taken.is_ok(), "the teacher follows its code");
                    inside.push(phone);
                }
                world.run_for(2_000);
                // Every other time also who has to follow, or to let go.
                let mut crashes = vec![by];
                if nth % 2 == 0 {
                    crashes.extend([teacher, parent].into_iter().filter(|device| *device != by));
                }
                for device in &crashes {
                    world.kill_at_commit(*device, nth, at);
                }
                world.online(by);
                world.run_for(60_000);
                // Whoever did not get as far as that is closed and opened all the same.
                for device in crashes {
                    world.kill(device);
                    world.open(device);
                }
                world.run_for(20_000);
                let told = format!("{wish:?}, {at:?} commit {nth}");
                world.expect(world.is_out(specialist, thread), &format!("{told}: they are out"));
                for device in &inside {
                    world.expect(world.is_in(*device, thread), &format!("{told}: P{device} is in"));
                }
                all_are_heard(&mut world, &inside, thread, &told);
                world.end();
            }
        }
    }
}

/// Two want different things of one person, or the same, and neither has signal when they say so. Where
/// one wants them out and the other back, either may come first; but all come to the same.
pub(super) fn two_who_want_something_of_one_person_at_once_come_to_the_same(name: &'static str) {
    for (first, second) in ALL.iter().flat_map(|one| ALL.map(|other| (*one, other))) {
        if (first, second) == (Wish::Leave, Wish::Leave) {
            continue;
        }
        let (mut world, [teacher, parent, specialist], thread) = three(name);
        let lead = world.member("Lead", Role::Lead, teacher, thread);
        world.run_for(5_000);
        let person = world.person(specialist);
        let wishes = [(first, teacher), (second, lead)];
        let said: Vec<usize> = wishes
            .into_iter()
            .map(|(wish, by)| say(&mut world, wish, by, specialist, thread))
            .collect();
        let back = first == Wish::Readmit || second == Wish::Readmit;
        let left = first == Wish::Leave || second == Wish::Leave;
        let mut inside = vec![teacher, parent, lead];
        if back {
            // Whoever leaves has said so with the old phone, and thinks otherwise.
            if left {
                world.online(specialist);
                world.run_for(20_000);
            }
            let (phone, link) = new_phone(&mut world, specialist, thread);
            world.oracle.out.insert((thread, phone));
            for (wish, by) in wishes {
                let taken = (wish == Wish::Readmit).then(|| world.readmit(by, person, &link));
                world.expect(!matches!(taken, Some(Err(_))), "they follow its code");
            }
            inside.push(phone);
        }
        world.run_for(2_000);
        for device in said {
            world.online(device);
        }
        world.run_for(120_000);
        let told = format!("{first:?} and {second:?}");
        world.expect(world.is_out(specialist, thread), &format!("{told}: the old phone is out"));
        inside.retain(|device| world.is_in(*device, thread) && !world.is_out(*device, thread));
        let both = first == second || !back;
        let so = !both || inside.len() == if back { 4 } else { 3 };
        world.expect(so, &format!("{told}: the others are in"));
        all_are_heard(&mut world, &inside, thread, &told);
        world.end();
    }
}
