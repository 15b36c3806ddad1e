//! The school's records: let in by a guardian, there to read and to repair, and heard by nobody.

use tandem_engine::Trouble;
use tandem_proto::{
    Card, DeviceKey, Handshake, InviteId, PersonId, Role, RosterLink, SecretKey, Statement,
    ThreadId, Timestamp, TransportKey,
};

use super::{groups::envelopes, loss::three, removal::roster};
use crate::World;

/// A teacher, a parent, a specialist, and the school's records, which the parent let in.
fn with_records(name: &'static str) -> (World, [usize; 4], ThreadId) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    let records = world.member("School records", Role::Archive, parent, thread);
    (world, [teacher, parent, specialist, records], thread)
}

/// The school asks for it, and only the parent's link counts, also against a device that makes its
/// own; from then on everybody sees who reads along.
pub(super) fn a_guardian_lets_the_schools_records_in_and_the_school_alone_does_not(
    name: &'static str,
) {
    let (mut world, [teacher, parent, specialist], thread) = three(name);
    for staff in [teacher, specialist] {
        let refused = world.try_invite(staff, thread, Role::Archive);
        let refused = matches!(refused, Err(Trouble::NotAllowed(_)));
        world.expect(refused, "the school does not let in its own records");
    }
    let key = world.identity(teacher);
    world.offline(teacher);
    world.run_for(2_000);
    let card = Card {
        person: PersonId::new([99; 16]),
        role: Role::Archive,
        device: DeviceKey::new(SecretKey::from_seed([99; 32]).public()),
        transport: TransportKey::new([98; 32]),
    };
    let statement = Statement::Admit { card, invite: InviteId::new([97; 16]) };
    let (head, handshake) = (roster(&world, thread).head(), Handshake::default());
    let forced = RosterLink::sign(&key, head, Timestamp(0), statement, handshake).to_item();
    let before = world.log_len(thread);
    world.push_items(teacher, thread, &[forced]);
    world.run_for(5_000);
    world.expect(world.log_len(thread) == before, "nor does an app of its own making");
    world.online(teacher);

    let link = match world.try_invite(parent, thread, Role::Archive) {
        Ok(link) => link,
        Err(why) => world.violation(&format!("a guardian lets them in: {why}")),
    };
    let guardians = world.invite(parent, thread, Role::Guardian);
    let other = world.device("Principal", Role::Lead);
    let records = world.device("School records", Role::Archive);
    let wrong = world.try_join(other, &link);
    world.expect(wrong == Err(Trouble::ForRecords), "nobody becomes records by mistake");
    let wrong = world.try_join(records, &guardians);
    let so = wrong == Err(Trouble::NotForRecords(Role::Guardian));
    world.expect(so, "and records become nobody else");
    world.join(records, &link);
    world.online(records);
    world.run_for(20_000);
    world.expect(world.is_in(records, thread), "by the parent's link they are in");
    world.expect(world.count(records, thread) == 3, "and read what was said before, too");
    for device in [teacher, parent, specialist] {
        let row = world.member_row(device, thread, records);
        world.expect(row.author.keeps_records(), "everybody sees what they are");
        world.expect(row.author.name == "School records", "by their name");
        let by = row.vouched_by.map(|by| by.person);
        world.expect(by == Some(world.person(parent)), "and who let them in");
        let events = world.events(device, thread);
        world.expect(events == ["came", "came", "came"], "and when");
    }
    let second = world.try_invite(parent, thread, Role::Archive);
    world.expect(matches!(second, Err(Trouble::NotAllowed(_))), "there is one seat for them");
    world.end();
}

/// The records' own app refuses to write; one that does not is heard by nobody.
pub(super) fn what_the_schools_records_write_is_shown_to_nobody(name: &'static str) {
    let (mut world, [teacher, parent, specialist, records], thread) = with_records(name);
    let said = world.post(teacher, thread);
    world.run_for(10_000);
    let refused = world.try_post(records, thread);
    world.expect(refused == Err(Trouble::ReadsOnly), "their app says that it writes nothing");
    let refused = world.try_mark_seen(records, thread);
    world.expect(refused == Err(Trouble::ReadsOnly), "nor that anything was seen");
    let before = envelopes(&world, thread).len();
    world.unruly(records, thread, "I keep records, and have an opinion.");
    world.run_for(20_000);
    world.expect(envelopes(&world, thread).len() > before, "another app has written it");
    for device in [teacher, parent, specialist, records] {
        world.expect(world.count(device, thread) == 4, "and nobody is shown it");
    }
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_their_phone", "nor that the records have seen what was said");
    let all = world.export(teacher, thread);
    world.expect(all.entries.len() == 4, "a copy has what is shown");
    world.expect(all.kept_out.by_records == 1, "and counts what is not");
    let answer = world.post(parent, thread);
    world.run_for(10_000);
    for device in [teacher, specialist, records] {
        world.expect(world.shows_entry(device, thread, answer), "the others go on");
    }
    world.end();
}

/// A state is about people: that the school's records hold something puts it on nobody's phone.
pub(super) fn what_only_the_schools_records_have_is_on_nobodys_phone(name: &'static str) {
    let (mut world, [teacher, parent, specialist, records], thread) = with_records(name);
    for device in [parent, specialist] {
        world.offline(device);
    }
    world.run_for(2_000);
    let said = world.post(teacher, thread);
    world.run_for(20_000);
    world.expect(world.shows_entry(records, thread, said), "the records have it");
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_relay", "and nobody who is to read it has");
    world.online(parent);
    world.run_for(20_000);
    let state = world.state(teacher, thread, said);
    world.expect(state == "on_their_phone", "now somebody has");
    world.end();
}

/// A parent's phone comes back from an old copy and can't follow the group; everybody else is asleep.
pub(super) fn the_schools_records_give_a_device_its_place_back_when_nobody_else_is_there(
    name: &'static str,
) {
    let (mut world, [teacher, parent, specialist, records], thread) = with_records(name);
    world.run_for(5_000);
    let copy = world.copy_of(parent);
    let aunt = world.member("Aunt", Role::Guardian, parent, thread);
    world.run_for(10_000);
    for device in [teacher, specialist, aunt] {
        world.offline(device);
    }
    world.kill(parent);
    world.run_for(2_000);
    world.restore(parent, copy);
    world.online(parent);
    let said = world.post(parent, thread);
    world.run_for(60_000);
    world.expect(world.shows_entry(records, thread, said), "it can seal again");
    let given = world.upkeep(records, thread).given;
    world.expect(given.len() == 1, "and they gave it its place back");
    let to = given.first().and_then(|given| given.to.clone()).map(|to| to.person);
    world.expect(to == Some(world.person(parent)), "the parent's");
    for device in [teacher, specialist, aunt] {
        world.online(device);
    }
    world.run_for(20_000);
    world.expect(world.shows_entry(teacher, thread, said), "the others hear it");
    let members = world.members(teacher, thread).len();
    world.expect(members == 5, "and nobody came or went by it");
    world.end();
}

/// The parent takes the records out again; they see so, and open nothing that follows.
pub(super) fn records_that_were_taken_out_open_nothing_that_follows(name: &'static str) {
    let (mut world, [teacher, parent, specialist, records], thread) = with_records(name);
    for staff in [teacher, specialist] {
        let alone = world.try_remove(staff, thread, records);
        world.expect(!alone, "a teacher does not take them out");
    }
    for whom in [teacher, parent, specialist] {
        let so = world.try_remove(records, thread, whom);
        world.expect(!so, "nor do they take out anybody");
    }
    world.remove(parent, thread, records);
    world.run_for(20_000);
    world.expect(world.is_out(records, thread), "a guardian does");
    let before = envelopes(&world, thread).len();
    let said = world.post(teacher, thread);
    world.run_for(20_000);
    world.expect(world.shows_entry(parent, thread, said), "the others go on");
    for item in &envelopes(&world, thread)[before..] {
        world.expect(!world.can_open(records, thread, item), "without them");
        world.expect(world.can_open(parent, thread, item), "and the others have its key");
    }
    for device in [teacher, records] {
        let events = world.events(device, thread);
        world.expect(events.last().is_some_and(|last| last == "removed"), "everybody sees it");
    }
    let is_in = world.upkeep(records, thread).is_in;
    world.expect(!is_in, "they too");
    let other = world.member("Other records", Role::Archive, parent, thread);
    world.expect(world.shows_entry(other, thread, said), "the seat is free for others");
    world.end();
}
