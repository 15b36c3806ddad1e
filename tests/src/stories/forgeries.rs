//! Things that are signed with the wrong key, or said again.

use tandem_engine::{EntryId, Forgery};
use tandem_proto::{Role, ThreadId};

use super::loss::three;
use crate::World;

pub(super) fn a_forged_receipt_sends_nothing(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.slow_journal(2_000);
    let said = world.post(teacher, thread);
    for _ in 0..5_000 {
        if world.is_appending(thread) {
            break;
        }
        world.run_for(1);
    }
    world.expect(world.is_appending(thread), "the entry is at the relay, and not durable");
    world.forge_receipts(teacher);
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_this_phone", "a receipt by another key is none");
    world.run_for(60_000);
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_their_phone", "the real one comes all the same");
    for device in [parent, other] {
        world.expect(world.shows_entry(device, thread, said), "and so does the entry");
    }
    world.end();
}

pub(super) fn a_forged_acknowledgement_puts_nothing_on_their_phone(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    for device in [parent, other] {
        world.offline(device);
    }
    world.run_for(2_000);
    let said = world.post(teacher, thread);
    world.run_for(10_000);
    world.expect(world.state(teacher, thread, said) == "on_relay", "nobody else has it yet");
    world.forge_acknowledgements(teacher, parent, thread);
    world.run_for(10_000);
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_relay", "what the parent did not sign is not the parent's");
    world.online(parent);
    world.run_for(10_000);
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_their_phone", "what the parent did sign is");
    world.end();
}

pub(super) fn an_envelope_said_again_is_said_once(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    world.offline(other);
    world.run_for(2_000);
    let log = world.log_of(thread);
    let rows = world.count(parent, thread);
    world.push_items(other, thread, &log);
    world.run_for(10_000);
    world.expect(world.log_len(thread) == log.len(), "the log takes nothing twice");
    world.expect(world.count(parent, thread) == rows, "nor does a reader");
    let said = world.post(teacher, thread);
    world.run_for(10_000);
    world.expect(world.shows_entry(parent, thread, said), "and it goes on");
    world.end();
}

/// A second thread, which two of three are in, with one entry of the parent's.
fn in_both(name: &'static str) -> (World, [usize; 3], [ThreadId; 2], EntryId) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    let second = world.found(teacher, "Ben");
    let link = world.invite(teacher, second, Role::Guardian);
    world.join(parent, &link);
    world.run_for(20_000);
    world.expect(world.is_in(parent, second), "the parent is in both threads");
    let here = world.post(parent, second);
    world.run_for(10_000);
    (world, [teacher, parent, other], [thread, second], here)
}

pub(super) fn an_envelope_of_another_thread_says_nothing_here(name: &'static str) {
    let (mut world, [teacher, parent, other], [thread, second], here) = in_both(name);
    world.offline(parent);
    world.run_for(2_000);
    // All that was said in the first thread, envelopes and roster links alike.
    let log = world.log_of(thread);
    let before = world.log_len(second);
    world.replay_into(parent, &log, second);
    world.run_for(10_000);
    world.expect(world.log_len(second) > before, "the relay can't tell whose envelope it is");
    world.expect(world.count(teacher, second) == 1, "a reader can");
    let there = world.post(teacher, second);
    world.online(parent);
    world.run_for(30_000);
    for entry in [here, there] {
        world.expect(world.shows_entry(parent, second, entry), "what was said here is here");
    }
    let state = world.state(teacher, second, there);
    world.expect(state == "on_their_phone", "and acknowledged");
    world.expect(world.count(other, thread) == 3, "the first thread is as it was");
    world.end();
}

/// A member of two threads says in one what others have said in the other, with what they signed there.
pub(super) fn what_was_signed_in_one_thread_is_nobodys_word_in_another(name: &'static str) {
    let (mut world, [teacher, parent, _], [thread, second], here) = in_both(name);
    for device in [teacher, parent] {
        let key = world.device_key(device);
        for (there, elsewhere) in [(thread, second), (second, thread)] {
            let holds = world.vouches_elsewhere(teacher, there, key, elsewhere);
            world.expect(holds == Some(false), "what was signed names the thread it was said in");
        }
    }
    world.offline(teacher);
    world.run_for(2_000);
    let items = world.forge(teacher, second, &Forgery::OfAnotherThread(thread));
    world.push_forged(teacher, second, &items, true);
    world.expect(world.entries(parent, second) == [here], "and none of it is shown here");
    world.online(teacher);
    world.run_for(20_000);
    let said = world.post(teacher, second);
    world.run_for(10_000);
    world.expect(world.shows_entry(parent, second, said), "they talk as before");
    world.end();
}
