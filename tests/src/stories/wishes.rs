//! Whoever wants somebody out, or in again, crashes at each commit on the way, or a helper does.

use tandem_engine::FalseLink;
use tandem_proto::{Role, ThreadId};

use super::loss::three;
use crate::{CrashAt, World};

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// The teacher takes out the specialist.
    Remove,
    /// The specialist leaves.
    Leave,
    /// The specialist has stopped the thread, and the teacher goes on without them.
    Refound,
    /// The specialist has a new phone, which the teacher lets in.
    Readmit,
}

/// Says it without signal: who said it, and the new phone if there is one.
fn say(
    world: &mut World,
    wish: Wish,
    devices: [usize; 3],
    thread: ThreadId,
) -> (usize, Option<usize>) {
    let [teacher, _, specialist] = devices;
    match wish {
        Wish::Remove => {
            world.offline(teacher);
            world.remove(teacher, thread, specialist);
            (teacher, None)
        }
        Wish::Leave => {
            world.offline(specialist);
            world.leave(specialist, thread);
            (specialist, None)
        }
        Wish::Refound => {
            world.offline(specialist);
            world.run_for(2_000);
            let link = world.forge_link(specialist, thread, FalseLink::Noise);
            world.push_forged(specialist, thread, &[link], false);
            world.offline(teacher);
            world.refound(teacher, thread, specialist);
            (teacher, None)
        }
        Wish::Readmit => {
            let person = world.person(specialist);
            world.kill(specialist);
            let phone = world.device("New phone", Role::Specialist);
            world.becomes(phone, specialist);
            world.online(phone);
            let link = world.offer(phone);
            world.run_for(2_000);
            world.offline(teacher);
            world.oracle.out.insert((thread, specialist));
            let taken = world.readmit(teacher, person, &link);
            world.expect(taken.is_ok(), "the teacher follows its code");
            (teacher, Some(phone))
        }
    }
}

pub(super) fn whoever_wants_somebody_out_or_back_crashes_at_every_commit_point_and_it_is_so(
    name: &'static str,
) {
    for wish in [Wish::Remove, Wish::Leave, Wish::Refound, Wish::Readmit] {
        for at in [CrashAt::Before, CrashAt::After] {
            for nth in 1..=8 {
                let (mut world, devices, thread) = three(name);
                let [teacher, parent, specialist] = devices;
                let (by, phone) = say(&mut world, wish, devices, thread);
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
                let told = |what: &str| format!("{wish:?}, {at:?} commit {nth}: {what}");
                world.expect(world.is_out(specialist, thread), &told("it is so"));
                let mut inside = vec![teacher, parent];
                if let Some(phone) = phone {
                    world.expect(world.is_in(phone, thread), &told("and the new phone is in"));
                    inside.push(phone);
                }
                for from in &inside {
                    let said = world.post(*from, thread);
                    world.run_for(10_000);
                    for to in &inside {
                        world.expect(world.shows_entry(*to, thread, said), &told("all are heard"));
                    }
                }
                world.end();
            }
        }
    }
}
