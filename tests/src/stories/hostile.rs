//! A relay that lies. The oracle looks at every screen after every step, so a story says only what
//! must be there; that nothing else ever was is checked on the way.

use tandem_proto::{ItemHash, Role, Seq};

use super::loss::three;
use crate::{Lie, World};

/// What a relay keeps back is nobody's: its author is told no more than that the relay has it.
pub(super) fn a_relay_that_withholds_makes_nothing_look_delivered(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.offline(parent);
    world.run_for(2_000);
    world.lie(other, Lie::Withholds);
    let said = world.post(teacher, thread);
    let answered = world.post(other, thread);
    world.run_for(30_000);
    world.expect(!world.shows_entry(other, thread, said), "it was kept back");
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_relay", "and its author sees no more than that");
    world.expect(world.shows_entry(teacher, thread, answered), "the other way is open");
    world.be_honest(other);
    world.break_link(other);
    world.run_for(60_000);
    world.expect(world.shows_entry(other, thread, said), "nothing is lost by it");
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_their_phone", "and now it is there");
    world.end();
}

/// Items in another order, twice, with a bit flipped, or one in the place of another.
pub(super) fn a_relay_that_shuffles_repeats_alters_or_replaces_shows_nothing_false(
    name: &'static str,
) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let before = world.count(other, thread);
    let mut all = Vec::new();
    for lie in [Lie::Shuffles, Lie::Repeats, Lie::Alters, Lie::Replaces] {
        world.offline(other);
        world.run_for(2_000);
        let said = [teacher, parent, teacher].map(|device| world.post(device, thread));
        world.run_for(10_000);
        world.lie(other, lie);
        world.online(other);
        world.run_for(20_000);
        for entry in said {
            world.expect(world.shows_entry(parent, thread, entry), "who is not lied to goes on");
        }
        let late = world.post(teacher, thread);
        world.run_for(10_000);
        world.be_honest(other);
        world.break_link(other);
        world.run_for(60_000);
        all.extend([said[0], said[1], said[2], late]);
        for entry in &all {
            world.expect(world.shows_entry(other, thread, *entry), "the truth is all there after");
        }
    }
    world.expect(world.count(other, thread) == before + all.len(), "and nothing besides");
    for device in [teacher, parent] {
        world.expect(world.count(device, thread) == before + all.len(), "everywhere");
    }
    let last = world.post(other, thread);
    world.run_for(30_000);
    world.expect(world.shows_entry(teacher, thread, last), "who was lied to is heard");
    world.end();
}

/// A member who was shown a log without an item signs for that log. Passed on, its word counts for
/// nothing in the log that the others have.
pub(super) fn who_is_shown_another_log_signs_for_nothing_in_ours(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    for device in [parent, other] {
        world.offline(device);
    }
    world.run_for(2_000);
    let kept_back = world.post(teacher, thread);
    world.run_for(5_000);
    let newest = world.log_of(thread).pop().unwrap_or_default();
    let after = world.post(teacher, thread);
    world.run_for(10_000);
    world.lie(other, Lie::Omits(ItemHash::of(&newest)));
    world.online(other);
    world.run_for(10_000);
    world.pass_on_acknowledgement(other, teacher);
    world.run_for(5_000);
    let state = world.state(teacher, thread, kept_back);
    world.expect(state == "on_relay", "nobody has what was kept back");
    world.expect(!world.shows_entry(other, thread, kept_back), "as is so");
    let warned = world.warned_of(teacher, thread);
    world.expect(warned == [world.person(other)], "and is told who was shown something else");
    world.be_honest(other);
    world.online(parent);
    world.break_link(other);
    world.run_for(60_000);
    for entry in [kept_back, after] {
        let state = world.state(teacher, thread, entry);
        world.expect(state == "on_their_phone", "in the end both are there");
        world.expect(world.shows_entry(other, thread, entry), "also with who was lied to");
    }
    let warned = world.warned_of(teacher, thread);
    world.expect(warned.is_empty(), "when all were shown one log, nobody is warned any more");
    world.end();
}

/// The relay passes on what they say, and nobody has signed for anything since. Their words have in them
/// which log they were shown.
pub(super) fn who_is_shown_another_log_and_says_something_says_so_with_it(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.offline(parent);
    world.run_for(2_000);
    world.lie(other, Lie::OmitsAt(Seq(world.log_len(thread) as u64 + 1)));
    let kept_back = world.post(teacher, thread);
    world.run_for(100);
    world.post(teacher, thread);
    // This relay does not lie about cursors as well, so their phone reads again and again from the start.
    let mut said = Vec::new();
    for _ in 0..20 {
        said.push(world.post(other, thread));
        world.run_for(7);
    }
    world.run_for(5_000);
    world.expect(!world.shows_entry(other, thread, kept_back), "something was kept back");
    let arrived = said.iter().any(|entry| world.shows_entry(teacher, thread, *entry));
    world.expect(arrived, "what they say arrives");
    let warned = world.warned_of(teacher, thread);
    world.expect(warned == [world.person(other)], "and which log they were shown");
    world.be_honest(other);
    world.online(parent);
    world.break_link(other);
    world.run_for(60_000);
    for device in [teacher, parent] {
        let warned = world.warned_of(device, thread);
        world.expect(warned.is_empty(), "when all were shown one log, nobody is warned any more");
    }
    world.end();
}

/// Two newcomers, each of whom is handed the other's letters.
pub(super) fn a_relay_that_swaps_welcomes_lets_nobody_in(name: &'static str) {
    let mut world = World::story(name);
    let teacher = world.device("Teacher", Role::Teacher);
    world.online(teacher);
    let threads = ["Mia", "Ben"].map(|title| world.found(teacher, title));
    let said = threads.map(|thread| world.post(teacher, thread));
    world.run_for(5_000);
    let newcomers = threads.map(|thread| {
        let newcomer = world.device("Newcomer", Role::Guardian);
        let link = world.invite(teacher, thread, Role::Guardian);
        world.join(newcomer, &link);
        world.lie(newcomer, Lie::SwapsMail);
        world.online(newcomer);
        newcomer
    });
    world.run_for(60_000);
    for newcomer in newcomers {
        for thread in threads {
            world.expect(!world.is_in(newcomer, thread), "another's welcome lets nobody in");
        }
        world.be_honest(newcomer);
        world.break_link(newcomer);
    }
    world.run_for(60_000);
    for (n, newcomer) in newcomers.into_iter().enumerate() {
        world.expect(world.is_in(newcomer, threads[n]), "their own does");
        world.expect(!world.is_in(newcomer, threads[1 - n]), "into their own thread");
        world.expect(world.shows_entry(newcomer, threads[n], said[n]), "with what was said");
    }
    world.end();
}
