//! Stores that a newer version has used, and stores that only a newer version can read.
#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_engine::{
    Effect, Engine, Input, Kind, OpenError, Query, Ticket, Trouble, Watch, WatchId,
};
use tandem_proto::{Role, ThreadId, Timestamp};
use tandem_tests::{
    Store, World,
    newer::{RAW, resident, scan},
    stories::tell,
};

const NOW: Timestamp = Timestamp(1_760_000_000_000);

#[test]
fn what_a_newer_version_wrote_survives_in_records_of_every_kind() {
    tell("what_a_newer_version_wrote_survives_in_records_of_every_kind");
}

/// Opens a store and asks for a thread's rows.
fn ask(store: &Store, thread: ThreadId) -> Result<Option<Trouble>, OpenError> {
    let mut engine = Engine::open(NOW, [5; 32], resident(store))?;
    engine.handle(NOW, Input::Watch(WatchId(1), Watch::Inbox));
    engine.handle(NOW, Input::Query(Ticket(1), Query::Thread(thread)));
    let mut trouble = None;
    while let Some(effect) = engine.poll_effect() {
        match effect {
            Effect::Load(thread, prefixes) => {
                engine.handle(NOW, Input::Loaded(thread, scan(store, &prefixes)));
            }
            Effect::Answer(_, Err(why)) => trouble = Some(why),
            Effect::Persist(..) => panic!("what can't be read is not written over"),
            _ => {}
        }
    }
    Ok(trouble)
}

#[test]
fn a_record_of_a_newer_version_is_a_typed_error_and_not_written_over() {
    let mut world = World::story("a_record_of_a_newer_version_is_a_typed_error");
    let teacher = world.device("Teacher", Role::Teacher);
    world.online(teacher);
    let thread = world.found(teacher, "Mia");
    let parent = world.member("Parent", Role::Guardian, teacher, thread);
    // Twice, so that what items brought is read with the thread.
    world.relay_store(Vec::new());
    world.run_for(60_000);
    let late = world.device("Late", Role::Guardian);
    let link = world.invite(teacher, thread, Role::Guardian);
    for device in [teacher, parent] {
        world.post(device, thread);
        world.run_for(10_000);
        world.offline(device);
        world.post(device, thread);
    }
    world.join(late, &link);
    world.keep_for(teacher, Some(400));
    world.run_for(10_000);
    let mut absent = Vec::new();
    for kind in Kind::ALL.iter().copied() {
        let holds =
            |device: &usize| world.copy_of(*device).keys().any(|key| key.kind() == Some(kind));
        let Some(device) = [teacher, parent, late].into_iter().find(holds) else {
            absent.push(kind);
            continue;
        };
        assert_eq!(ask(&world.copy_of(device), thread).map(|_| ()), Ok(()), "{kind:?}");
        match ask(&world.of_a_newer_version(device, kind), thread) {
            Err(OpenError::Newer(u8::MAX)) | Ok(Some(Trouble::Newer(u8::MAX))) => {}
            Ok(_) if RAW.contains(&kind) => {}
            other => panic!("{kind:?}: {other:?}"),
        }
    }
    // Nothing waits for others here, no device for being let in, and nothing was erased.
    assert_eq!(absent, [Kind::Offer, Kind::Uptake, Kind::Erased, Kind::Waiting]);
}
