//! A member who does harm: a device with a real seat and real keys that sends what no engine sends. The
//! oracle looks at every screen after every step and at every signature that leaves a device, so what
//! was never said by anybody is never shown, and nobody signs for having taken it in.

use tandem_engine::{FalseLink, Forgery, Misdeed, Remark, StuckReason};
use tandem_proto::{ItemHash, ThreadId};

use super::{groups::envelopes, loss::three};
use crate::{Lie, World};

/// A teacher and a parent, and a specialist who is about to do harm; the parent has spoken last.
fn before(name: &'static str) -> (World, [usize; 3], ThreadId) {
    let (mut world, [teacher, parent, culprit], thread) = three(name);
    world.post(parent, thread);
    world.run_for(10_000);
    world.offline(culprit);
    world.run_for(2_000);
    (world, [teacher, parent, culprit], thread)
}

/// The others talk as before.
fn goes_on(world: &mut World, [teacher, parent, _]: [usize; 3], thread: ThreadId) {
    for (from, to) in [(teacher, parent), (parent, teacher)] {
        let said = world.post(from, thread);
        world.run_for(10_000);
        world.expect(world.shows_entry(to, thread, said), "the others are heard as before");
        let state = world.state(from, thread, said);
        world.expect(state == "on_their_phone", &format!("and told so, not {state}"));
    }
}

/// The parent goes on without the culprit, who reads nothing of what follows.
fn goes_on_without(mut world: World, devices: [usize; 3], thread: ThreadId) {
    let [teacher, parent, culprit] = devices;
    let before = envelopes(&world, thread).len();
    world.refound(parent, thread, culprit);
    world.run_for(60_000);
    world.expect(world.is_out(culprit, thread), "the culprit is out");
    for (from, to) in [(teacher, parent), (parent, teacher)] {
        let said = world.post(from, thread);
        world.run_for(10_000);
        world.expect(world.shows_entry(to, thread, said), "the thread goes on without them");
    }
    let since = envelopes(&world, thread).split_off(before);
    world.expect(!since.is_empty(), "something was sealed since");
    for item in &since {
        world.expect(!world.can_open(culprit, thread, item), "and they have no key of it");
    }
    let listed = world.members(parent, thread).len();
    world.expect(listed == 2, &format!("two are in, not {listed}"));
    world.end();
}

pub(super) fn a_link_that_does_not_do_what_it_says_stops_the_thread_and_its_author_is_named(
    name: &'static str,
) {
    for which in 0..4 {
        let (mut world, devices, thread) = before(name);
        let [teacher, parent, culprit] = devices;
        let taken_out = world.device_key(teacher);
        let how = [
            FalseLink::Noise,
            FalseLink::LetsInAnother,
            FalseLink::TakesOut(taken_out),
            FalseLink::LetsInNobody,
        ][which];
        let rows = [teacher, parent].map(|device| world.entries(device, thread));
        let link = world.forge_link(culprit, thread, how);
        world.push_forged(culprit, thread, &[link], false);
        let sealed = envelopes(&world, thread).len();
        for (device, rows) in [teacher, parent].into_iter().zip(rows) {
            world.expect(world.entries(device, thread) == rows, "what was said stands there");
            let said = world.post(device, thread);
            world.run_for(5_000);
            let stuck = world.stuck(device, thread, said);
            world.expect(stuck == Some(StuckReason::Broken), "it is told that nothing leaves");
            let misdeeds = world.misdeeds(device, thread, culprit);
            world.expect(misdeeds == [Misdeed::StoppedThread], "and by whom it was stopped");
            for innocent in [teacher, parent] {
                let misdeeds = world.misdeeds(device, thread, innocent);
                world.expect(misdeeds.is_empty(), "nobody else is blamed");
            }
        }
        world.expect(envelopes(&world, thread).len() == sealed, "nothing is sealed for a stranger");
        goes_on_without(world, devices, thread);
    }
}

pub(super) fn words_in_anothers_name_and_altered_words_are_shown_to_nobody(name: &'static str) {
    let (mut world, devices, thread) = before(name);
    let [teacher, parent, culprit] = devices;
    let victim = world.device_key(parent);
    let rows = world.entries(teacher, thread);
    for forgery in [
        Forgery::InTheNameOf(victim, "never said".to_owned()),
        Forgery::Altered(victim, "never said so".to_owned()),
    ] {
        let items = world.forge(culprit, thread, &forgery);
        world.expect(items.len() > 2, "in every way in which it could be said");
        world.push_forged(culprit, thread, &items, true);
        for device in [teacher, parent] {
            world.expect(world.entries(device, thread) == rows, "what was said stands there");
            for who in devices {
                let misdeeds = world.misdeeds(device, thread, who);
                world.expect(misdeeds.is_empty(), "what nobody signed is nobody's");
            }
        }
    }
    goes_on(&mut world, devices, thread);
    goes_on_without(world, devices, thread);
}

pub(super) fn of_two_words_under_one_number_all_show_the_first_and_are_told_whose_they_are(
    name: &'static str,
) {
    let (mut world, devices, thread) = before(name);
    let [teacher, parent, culprit] = devices;
    let before = world.count(teacher, thread);
    let (number, text) = world.words(culprit, thread);
    let twice = Forgery::Twice([text, "never shown".to_owned()]);
    let items = world.forge(culprit, thread, &twice);
    world.push_forged(culprit, thread, &items[..1], false);
    world.push_forged(culprit, thread, &items[1..], true);
    let first = world.entry_of(number);
    for device in [teacher, parent] {
        let shown = first.is_some_and(|first| world.shows_entry(device, thread, first));
        world.expect(shown, "the first is shown");
        world.expect(world.count(device, thread) == before + 1, "and the second is not");
        let misdeeds = world.misdeeds(device, thread, culprit);
        world.expect(misdeeds == [Misdeed::TwoWords], "and it is told who said both");
    }
    goes_on(&mut world, devices, thread);
    goes_on_without(world, devices, thread);
}

pub(super) fn words_from_long_ago_come_late_and_words_out_of_order_do_not_come(name: &'static str) {
    let (mut world, devices, thread) = before(name);
    let [teacher, parent, culprit] = devices;
    let (old, text) = world.words(culprit, thread);
    let long_ago = tandem_proto::Timestamp(world.clock(teacher).0 - 300 * 24 * 3_600_000);
    let items = world.forge(culprit, thread, &Forgery::LongAgo(long_ago, text));
    world.push_forged(culprit, thread, &items, false);
    let Some(old) = world.entry_of(old) else { world.violation("it is well made, and shown") };
    for device in [teacher, parent] {
        let place = world.entries(device, thread).iter().position(|entry| *entry == old);
        world.expect(place == Some(0), "it stands where it says that it was said");
        let late = |remark: &Remark| matches!(remark, Remark::ArrivedLate(_));
        let marked = world.remarks(device, thread, old).iter().any(late);
        world.expect(marked, "and is marked as having come late");
    }
    let words = [(); 2].map(|()| world.words(culprit, thread).1);
    let [first, beside] = words;
    let forgery = Forgery::OutOfOrder([first, beside, "never shown".to_owned()]);
    let items = world.forge(culprit, thread, &forgery);
    let before = world.count(teacher, thread);
    world.push_forged(culprit, thread, &items[..2], false);
    world.push_forged(culprit, thread, &items[2..], true);
    for device in [teacher, parent] {
        world.expect(world.count(device, thread) == before + 2, "what is in order is shown");
        let misdeeds = world.misdeeds(device, thread, culprit);
        world.expect(misdeeds == [Misdeed::OutOfOrder], "and it is told who was not");
    }
    goes_on(&mut world, devices, thread);
    goes_on_without(world, devices, thread);
}

/// 256 items can be named in an acknowledgement. What is over that silences acknowledgements until the
/// next generation, and nothing else.
pub(super) fn what_builds_on_what_nobody_has_waits_and_holds_nobody_up(name: &'static str) {
    let (mut world, devices, thread) = before(name);
    let [teacher, parent, culprit] = devices;
    let rows = world.entries(teacher, thread);
    for forgery in
        [Forgery::OnNothing(150, 40), Forgery::OnNothing(4, 150_000), Forgery::Unvouched(100)]
    {
        let items = world.forge(culprit, thread, &forgery);
        world.push_forged(culprit, thread, &items, true);
        for device in [teacher, parent] {
            world.expect(world.entries(device, thread) == rows, "nothing of it is shown");
        }
    }
    goes_on(&mut world, devices, thread);
    let items = world.forge(culprit, thread, &Forgery::OnNothing(20, 40));
    world.push_forged(culprit, thread, &items, true);
    for (from, to) in [(teacher, parent), (parent, teacher)] {
        let said = world.post(from, thread);
        world.run_for(10_000);
        world.expect(world.shows_entry(to, thread, said), "it goes on, too");
        let state = world.state(from, thread, said);
        world.expect(state == "on_relay", &format!("and says no more than is known, not {state}"));
    }
    world.kill(parent);
    world.open(parent);
    world.run_for(5_000);
    world.expect(world.is_open(parent), "and after an opening");
    world.refound(parent, thread, culprit);
    world.run_for(60_000);
    world.expect(world.is_out(culprit, thread), "the culprit is out");
    let said = world.post(teacher, thread);
    world.run_for(10_000);
    world.expect(world.shows_entry(parent, thread, said), "and the thread goes on");
    let newest = envelopes(&world, thread).pop().unwrap_or_default();
    world.expect(!world.can_open(culprit, thread, &newest), "without them");
    // A relay that lost everything draws a new generation: what nobody could take in is in no log then.
    world.relay_store(Vec::new());
    world.run_for(60_000);
    goes_on(&mut world, devices, thread);
    world.end();
}

pub(super) fn what_comes_to_more_than_may_be_is_taken_in_by_nobody(name: &'static str) {
    let (mut world, devices, thread) = before(name);
    let [teacher, parent, culprit] = devices;
    let rows = world.entries(teacher, thread);
    for forgery in [Forgery::Inflates, Forgery::TooMany] {
        let items = world.forge(culprit, thread, &forgery);
        world.push_forged(culprit, thread, &items, true);
        for device in [teacher, parent] {
            world.expect(world.entries(device, thread) == rows, "nothing of it is shown");
        }
    }
    goes_on(&mut world, devices, thread);
    goes_on_without(world, devices, thread);
}

/// A member says two things under one number, and a relay that helps shows each of two members one of
/// them: when they next read one log, both are told whose it was. Their documents stay apart
/// (`docs/threat-model.md`), and nothing looks delivered that is not.
pub(super) fn who_is_shown_other_words_by_a_relay_that_helps_is_told_when_the_logs_meet(
    name: &'static str,
) {
    let (mut world, [teacher, parent, culprit], thread) = before(name);
    let (one, first) = world.words(culprit, thread);
    let (two, second) = world.words(culprit, thread);
    let items = world.forge(culprit, thread, &Forgery::Twice([first, second]));
    world.lie(parent, Lie::Omits(ItemHash::of(&items[0])));
    world.push_forged(culprit, thread, &items, false);
    let shows = |world: &World, device, number| {
        world.entry_of(number).is_some_and(|entry| world.shows_entry(device, thread, entry))
    };
    world.expect(shows(&world, teacher, one) && !shows(&world, teacher, two), "one has the first");
    world.be_honest(parent);
    world.break_link(parent);
    world.run_for(60_000);
    for device in [teacher, parent] {
        let misdeeds = world.misdeeds(device, thread, culprit);
        world.expect(misdeeds == [Misdeed::TwoWords], "it is told who said both");
    }
    // What either builds on what only they have is no more than on the relay, and they see so.
    for (from, to) in [(teacher, parent), (parent, teacher)] {
        let said = world.post(from, thread);
        world.run_for(10_000);
        let state = world.state(from, thread, said);
        world
            .expect(world.shows_entry(to, thread, said) == (state == "on_their_phone"), "it is so");
        world.expect(state == "on_relay", &format!("and told as it is, not {state}"));
    }
}
