//! A newer version has used a home, and the older one goes on with it.

use std::collections::BTreeSet;

use tandem_engine::Kind;
use tandem_proto::Role;

use super::loss::three;
use crate::{World, newer::RAW};

/// Kinds whose records are written once in their life and never again.
const ONCE: [Kind; 4] = [Kind::Arrived, Kind::Item, Kind::Group, Kind::Erased];

/// The world itself watches: whatever is written over a record that a newer version added to keeps
/// what it added.
pub(super) fn what_a_newer_version_wrote_survives_in_records_of_every_kind(name: &'static str) {
    let (mut world, [teacher, parent, other], thread) = three(name);
    waits_twice(&mut world, [teacher, parent, other], thread);
    let link = world.invite(teacher, thread, Role::Guardian);
    world.offline(other);
    world.post(teacher, thread);
    world.run_for(10_000);
    world.keep_for(teacher, Some(400));
    world.used_by_a_newer_version(teacher);
    world.keep_for(teacher, Some(500));
    // Others read, speak and see; somebody joins.
    world.online(other);
    let aunt = world.device("Aunt", Role::Guardian);
    world.online(aunt);
    world.join(aunt, &link);
    world.post(parent, thread);
    world.mark_seen(parent, thread);
    world.run_for(20_000);
    // What waits is sent while its thread is not in memory.
    world.offline(teacher);
    world.run_for(2_000);
    world.watch_the_inbox_only(teacher);
    for _ in 0..3 {
        world.post(teacher, thread);
    }
    world.used_by_a_newer_version(teacher);
    world.online(teacher);
    world.run_for(20_000);
    // A link that was used already.
    let late = world.device("Late", Role::Guardian);
    world.join(late, &link);
    world.used_by_a_newer_version(late);
    world.online(late);
    world.run_for(20_000);
    second_device(&mut world, teacher);
    // Another generation, met by who has sent and by who has read.
    for device in [teacher, parent, other] {
        world.used_by_a_newer_version(device);
    }
    world.relay_store(Vec::new());
    world.post(teacher, thread);
    world.run_for(60_000);
    world.end();
    let once: BTreeSet<Kind> = ONCE.into_iter().chain(RAW).collect();
    let never = world.never_rewritten();
    world.expect(never == once, &format!("all kinds but {once:?} are rewritten, not {never:?}"));
}

/// Another device of the teacher comes in; on both the newer version is used in between.
fn second_device(world: &mut World, teacher: usize) {
    let tablet = world.device("Tablet", Role::Guardian);
    world.becomes(tablet, teacher);
    let link = world.offer(tablet);
    world.used_by_a_newer_version(tablet);
    let taken = world.add_device(teacher, &link);
    world.expect(taken.is_ok(), "the teacher lets it in");
    world.used_by_a_newer_version(teacher);
    world.online(tablet);
    world.run_for(60_000);
}

/// One item waits for what it builds on, at the same place of two logs.
fn waits_twice(
    world: &mut World,
    [teacher, parent, other]: [usize; 3],
    thread: tandem_proto::ThreadId,
) {
    let early = world.copy_of(other);
    world.offline(other);
    for _ in 0..2 {
        world.post(parent, thread);
        world.run_for(5_000);
    }
    let log = world.log_of(thread);
    for device in [teacher, parent] {
        world.offline(device);
    }
    world.run_for(2_000);
    world.restore(other, early);
    for _ in 0..2 {
        world.offline(other);
        world.relay_store(Vec::new());
        world.run_for(1_000);
        world.push_items(teacher, thread, &log[..log.len() - 2]);
        world.push_items(teacher, thread, &log[log.len() - 1..]);
        world.run_for(3_000);
        world.online(other);
        world.run_for(30_000);
        world.used_by_a_newer_version(other);
    }
    for device in [teacher, parent] {
        world.online(device);
    }
    world.run_for(60_000);
}
