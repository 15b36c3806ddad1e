//! Who is out: they see it, read nothing after it, and are out for good.

use tandem_engine::StuckReason;
use tandem_proto::{
    Card, DeviceKey, EnvelopeKind, Handshake, InviteId, ItemHash, ItemKind, PersonId, Role, Roster,
    RosterLink, SecretKey, Statement, ThreadId, Timestamp, TransportKey, item_kind,
};

use super::{groups::envelopes, loss::three};
use crate::World;

/// The roster that the relay's log makes.
pub(super) fn roster(world: &World, thread: ThreadId) -> Roster {
    let log = world.log_of(thread);
    let mut roster = Roster::found(thread, &log[0]).expect("a log begins with its genesis");
    for item in &log[1..] {
        // Envelopes are no links.
        let _ = roster.insert(item);
    }
    roster
}

/// Everybody shows the same entries of a thread, by number.
fn expect_shown(world: &World, devices: &[usize], thread: ThreadId, count: usize) {
    for device in devices {
        let shown = world.count(*device, thread);
        world.expect(shown == count, &format!("P{device} shows {count} entries, not {shown}"));
    }
}

pub(super) fn a_device_that_is_out_sees_so_and_reads_nothing_after(name: &'static str) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    world.offline(specialist);
    world.run_for(2_000);
    world.remove(teacher, thread, specialist);
    world.run_for(10_000);
    let out_at = world.log_len(thread) as u64;
    world.expect(world.is_out(specialist, thread), "the relay knows it");
    let before = envelopes(&world, thread).len();
    for device in [teacher, parent] {
        world.post(device, thread);
    }
    world.run_for(10_000);
    world.online(specialist);
    world.run_for(20_000);
    let events = world.events(specialist, thread);
    world
        .expect(events.last().is_some_and(|last| last == "removed"), "it is shown on their screen");
    let read = world.has_read(specialist, thread);
    world.expect(read == out_at, "it is served as far as that");
    for item in &envelopes(&world, thread)[before..] {
        world.expect(!world.can_open(specialist, thread, item), "and has no key of what follows");
        world.expect(world.can_open(parent, thread, item), "which the others have");
    }
    // What they said while they were in stays.
    expect_shown(&world, &[teacher, parent], thread, 5);
    expect_shown(&world, &[specialist], thread, 3);
    let told = world.events(parent, thread);
    world.expect(told == ["came", "came", "removed"], "everybody is told");
    let alone = world.try_remove(teacher, thread, parent);
    world.expect(!alone, "the school takes out no parent alone");
    world.end();
}

pub(super) fn what_waits_on_a_device_that_is_out_is_stuck_with_its_reason(name: &'static str) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    world.offline(specialist);
    world.run_for(2_000);
    let waits = world.post(specialist, thread);
    world.remove(teacher, thread, specialist);
    world.run_for(10_000);
    world.online(specialist);
    world.run_for(20_000);
    let stuck = world.stuck(specialist, thread, waits);
    world.expect(stuck == Some(StuckReason::Removed), "it says why it does not leave");
    world.expect(!world.shows_entry(parent, thread, waits), "and nobody else has it");
    let more = world.try_post(specialist, thread);
    world.expect(more.is_err(), "nothing more can be said there");
    world.end();
}

/// A device is taken out, the relay loses everything, and the device comes first with an old copy of
/// itself that does not know: what it says is in the log, under an epoch that the others have.
pub(super) fn once_out_is_out_also_when_the_relay_has_lost_it(name: &'static str) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    let (relay, copy) = (world.relay_copy(), world.copy_of(specialist));
    world.remove(teacher, thread, specialist);
    world.run_for(10_000);
    for device in [teacher, parent, specialist] {
        world.offline(device);
    }
    world.run_for(2_000);
    world.relay_store(relay);
    world.kill(specialist);
    world.run_for(2_000);
    world.restore(specialist, copy);
    world.online(specialist);
    let late = world.post(specialist, thread);
    let newcomer = world.member("Accomplice", Role::Teacher, specialist, thread);
    world.run_for(10_000);
    world.expect(world.state(specialist, thread, late) != "stuck", "the relay does not know yet");
    world.offline(specialist);
    world.online(teacher);
    world.online(parent);
    world.run_for(60_000);
    for device in [teacher, parent] {
        world.expect(!world.shows_entry(device, thread, late), "what came after does not count");
    }
    world.expect(world.is_out(specialist, thread), "the relay knows again");
    let before = envelopes(&world, thread).len();
    let said = world.post(teacher, thread);
    world.run_for(20_000);
    world.expect(world.shows_entry(parent, thread, said), "the others go on");
    for item in &envelopes(&world, thread)[before..] {
        for out in [specialist, newcomer] {
            world.expect(!world.can_open(out, thread, item), "and nobody who is out can read it");
        }
    }
    let members = roster(&world, thread);
    world.expect(members.members().len() == 2, "nobody came in by whoever was out");
    // The others have taken it in and keep it out of their rows. A relay that loses everything is given
    // it again by them, and so is whoever they let in.
    world.relay_store(Vec::new());
    world.run_for(60_000);
    let carried = |item: &Vec<u8>| {
        matches!(item_kind(item), Ok(ItemKind::Envelope(EnvelopeKind::Carried, _)))
    };
    let log = world.log_of(thread);
    world.expect(log.iter().any(carried), "what was said by others is carried");
    let after = world.member("Other parent", Role::Guardian, parent, thread);
    world.run_for(20_000);
    for device in [teacher, parent, after] {
        world.expect(world.shows_entry(device, thread, said), "what counts is everywhere");
        world.expect(!world.shows_entry(device, thread, late), "what does not is nowhere");
        let kept_out = world.export(device, thread).kept_out.after_removal;
        world.expect(kept_out > 0, &format!("P{device} has it, and keeps it out of its rows"));
    }
    world.expect(world.is_out(specialist, thread), "and out is out");
    world.end();
    // Whom the removed one let in is served nothing by a relay that knows, also not that they are out:
    // they keep what they were handed, and nobody hears them.
    for device in [teacher, parent, after, specialist] {
        world.expect(!world.shows_entry(device, thread, late), "not even where it was said");
    }
}

pub(super) fn whoever_leaves_is_let_go_by_anybody(name: &'static str) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    world.offline(teacher);
    world.leave(parent, thread);
    world.run_for(20_000);
    world.expect(world.is_out(parent, thread), "the specialist lets them go");
    let before = envelopes(&world, thread).len();
    let said = world.post(specialist, thread);
    world.online(teacher);
    world.run_for(20_000);
    world.expect(world.shows_entry(teacher, thread, said), "the others go on");
    for item in &envelopes(&world, thread)[before..] {
        world.expect(!world.can_open(parent, thread, item), "without them");
    }
    world.expect(world.events(teacher, thread).ends_with(&["left".to_owned()]), "it is told");
    world.end();
}

/// A link whose commit nobody can follow stops a thread; whoever may goes on without its author.
pub(super) fn a_thread_that_a_member_stopped_goes_on_without_them(name: &'static str) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    let key = world.identity(specialist);
    world.offline(specialist);
    world.run_for(2_000);
    let stranger = SecretKey::from_seed([99; 32]);
    let card = Card {
        person: PersonId::new([99; 16]),
        role: Role::Teacher,
        device: DeviceKey::new(stranger.public()),
        transport: TransportKey::new([98; 32]),
    };
    let statement = Statement::Admit { card, invite: InviteId::new([97; 16]) };
    let commit = vec![1; 200].try_into().unwrap_or_default();
    let handshake = Handshake { commit, ..Handshake::default() };
    let head = roster(&world, thread).head();
    let link = RosterLink::sign(&key, head, Timestamp(0), statement, handshake).to_item();
    world.push_items(specialist, thread, std::slice::from_ref(&link));
    world.run_for(5_000);
    let stopped = world.post(teacher, thread);
    world.run_for(5_000);
    let stuck = world.stuck(teacher, thread, stopped);
    world.expect(stuck == Some(StuckReason::Broken), "the thread is stopped, and says so");
    world.expect(roster(&world, thread).head() == ItemHash::of(&link), "by that link");
    world.refound(parent, thread, specialist);
    world.run_for(60_000);
    world.expect(world.shows_entry(parent, thread, stopped), "what waited has arrived");
    // With them goes whom their link named.
    let told = world.events(teacher, thread).split_off(3);
    world.expect(told == ["refounded", "removed", "removed"], &format!("all are told: {told:?}"));
    let answer = world.post(parent, thread);
    world.run_for(20_000);
    world.expect(world.shows_entry(teacher, thread, answer), "and they talk again");
    world.expect(world.is_out(specialist, thread), "without whoever stopped it");
    let last = envelopes(&world, thread);
    let last = last.last().map(Vec::as_slice).unwrap_or_default();
    world.expect(!world.can_open(specialist, thread, last), "who reads nothing of it");
    world.end();
}

/// Two guardians take each other out, on two branches of a log that was lost in between: both are
/// out, whoever comes first, and whoever is left goes on.
pub(super) fn two_who_take_each_other_out_across_a_loss_are_both_out(name: &'static str) {
    for first_back in 0..2 {
        let (mut world, [teacher, parent, _], thread) = three(name);
        let other = world.member("Other parent", Role::Guardian, teacher, thread);
        world.run_for(5_000);
        let relay = world.relay_copy();
        world.offline(other);
        world.run_for(2_000);
        world.remove(parent, thread, other);
        world.run_for(10_000);
        for device in [teacher, parent] {
            world.offline(device);
        }
        world.run_for(2_000);
        world.relay_store(relay);
        world.remove(other, thread, parent);
        world.online(other);
        world.run_for(10_000);
        let order = if first_back == 0 { [teacher, parent] } else { [parent, teacher] };
        for device in order {
            world.online(device);
            world.run_for(20_000);
        }
        for out in [parent, other] {
            world.expect(world.is_out(out, thread), "both are out");
        }
        let before = envelopes(&world, thread).len();
        let said = world.post(teacher, thread);
        world.run_for(30_000);
        let state = world.state(teacher, thread, said);
        world.expect(state == "on_their_phone", &format!("who is left goes on, not {state}"));
        for item in &envelopes(&world, thread)[before..] {
            for out in [parent, other] {
                world.expect(!world.can_open(out, thread, item), "and they read nothing of it");
            }
        }
        world.end();
    }
}

/// One is let in and another taken out at the same moment: the relay takes one link, the other is
/// made again on it.
pub(super) fn whoever_is_let_in_while_somebody_is_taken_out_is_in(name: &'static str) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    let newcomer = world.device("Newcomer", Role::Guardian);
    let link = world.invite(parent, thread, Role::Guardian);
    world.run_for(5_000);
    world.join(newcomer, &link);
    for device in [teacher, parent] {
        world.offline(device);
    }
    world.online(newcomer);
    world.run_for(10_000);
    world.remove(teacher, thread, specialist);
    for device in [teacher, parent] {
        world.online(device);
    }
    world.run_for(60_000);
    world.expect(world.is_in(newcomer, thread), "the one is in");
    world.expect(world.is_out(specialist, thread), "the other is out");
    let said = world.post(newcomer, thread);
    world.run_for(20_000);
    world.expect(world.shows_entry(teacher, thread, said), "and they talk");
    world.expect(world.epoch(thread) == 4, "one link for each");
    world.end();
}

pub(super) fn a_removal_that_waited_for_signal_leaves_with_it(name: &'static str) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    world.offline(teacher);
    world.run_for(2_000);
    world.remove(teacher, thread, specialist);
    // The app is closed and opened in between.
    world.kill(teacher);
    world.run_for(2_000);
    world.open(teacher);
    let said = world.post(specialist, thread);
    world.run_for(10_000);
    world.expect(!world.is_out(specialist, thread), "nobody has heard of it yet");
    world.online(teacher);
    world.run_for(20_000);
    world.expect(world.is_out(specialist, thread), "it left with the signal");
    // It was made when the log had been read: what was said meanwhile counts.
    world.expect(world.shows_entry(parent, thread, said), "and took nothing with it");
    world.expect(world.shows_entry(teacher, thread, said), "on either side");
    world.end();
}

/// The relay is copied back to before a removal that only its author has read, and whoever is out by it
/// goes on making links, which have no place in the author's roster: the relay's own receipt says that
/// the removal stood, and it stands again.
pub(super) fn a_removal_that_the_relay_lost_counts_against_what_was_built_since(
    name: &'static str,
) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    for device in [parent, specialist] {
        world.offline(device);
    }
    world.run_for(2_000);
    let relay = world.relay_copy();
    world.remove(teacher, thread, specialist);
    world.run_for(10_000);
    world.offline(teacher);
    world.run_for(2_000);
    world.relay_store(relay);
    world.online(specialist);
    world.renew_keys(specialist);
    world.run_for(20_000);
    world.online(parent);
    world.run_for(20_000);
    world.expect(!world.is_out(specialist, thread), "it is in, as far as anybody else knows");
    world.online(teacher);
    world.run_for(60_000);
    world.expect(world.is_out(specialist, thread), "it is so again");
    let is_taken_out = roster(&world, thread).to_take_out().is_empty();
    world.expect(is_taken_out, "and nobody has a seat who is out");
    let said = [world.post(teacher, thread), world.post(parent, thread)];
    world.run_for(20_000);
    for device in [teacher, parent] {
        for entry in said {
            world.expect(world.shows_entry(device, thread, entry), "they go on");
        }
    }
    let last = envelopes(&world, thread);
    let last = last.last().map(Vec::as_slice).unwrap_or_default();
    world.expect(!world.can_open(specialist, thread, last), "without whoever is out");
    world.end();
}

/// The relay is copied back to before a removal that only its author has read, and somebody else lets
/// a newcomer in meanwhile: the author makes the removal anew behind that, and can go on.
pub(super) fn a_removal_that_only_its_author_still_has_is_made_anew(name: &'static str) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    for device in [parent, specialist] {
        world.offline(device);
    }
    world.run_for(2_000);
    let relay = world.relay_copy();
    world.remove(teacher, thread, specialist);
    world.run_for(10_000);
    world.offline(teacher);
    world.run_for(2_000);
    world.relay_store(relay);
    let newcomer = world.member("Other parent", Role::Guardian, parent, thread);
    world.online(teacher);
    world.run_for(60_000);
    world.expect(world.is_out(specialist, thread), "it is so again");
    world.expect(
        roster(&world, thread).to_take_out().is_empty(),
        "and nobody has a seat who is out",
    );
    let said = world.post(teacher, thread);
    world.run_for(20_000);
    for device in [parent, newcomer] {
        world.expect(world.shows_entry(device, thread, said), "they go on");
    }
    let last = envelopes(&world, thread);
    let last = last.last().map(Vec::as_slice).unwrap_or_default();
    world.expect(!world.can_open(specialist, thread, last), "without whoever is out");
    world.end();
}
