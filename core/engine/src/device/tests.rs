#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    DeviceKey, Generation, RelayKey, RelayLink, Role, SecretKey, Seq, SignedCursors, Timestamp,
    TransportKey,
};

use super::*;
use crate::{Answer, Effect, Input, Intent, Profile, Query, Ticket, Write, record::SignedSet};

const NOW: Timestamp = Timestamp(1_760_000_000_000);
const LATER: Timestamp = Timestamp(1_760_000_060_000);
const GENERATION: Generation = Generation::new([5; 16]);

fn relay() -> SecretKey {
    SecretKey::from_seed([9; 32])
}

/// A teacher with two threads who was never in touch with the relay.
fn engine() -> Engine {
    let address = "127.0.0.1:7443".parse().unwrap();
    let relay = RelayLink { address, key: RelayKey::new(relay().public()) };
    let profile = Profile { name: "Ms Rivera".into(), role: Role::Teacher, relay };
    let batch = crate::create(NOW, [1; 32], &profile).unwrap();
    let resident = batch.writes().iter().map(|write| match write {
        Write::Put(key, value) => (key.clone(), value.clone()),
        Write::Delete(_) => panic!("a new home deletes nothing"),
    });
    let mut engine = Engine::open(NOW, [2; 32], resident.collect()).unwrap();
    for title in ["Maya", "Noor"] {
        engine.handle(NOW, Input::Intent(Ticket(1), Intent::FoundThread { title: title.into() }));
        while let Some(effect) = engine.poll_effect() {
            if let Effect::Persist(id, _) = effect {
                engine.handle(NOW, Input::Persisted(id));
            }
        }
    }
    engine
}

fn asked(engine: &mut Engine) -> DeviceRow {
    engine.handle(NOW, Input::Query(Ticket(2), Query::Device));
    match engine.poll_effect() {
        Some(Effect::Answer(_, Ok(Answer::Device(row)))) => row,
        other => panic!("{other:?}"),
    }
}

/// The relay, or whoever has this key, signs the cursors as they stand.
fn sign(engine: &mut Engine, key: &SecretKey, device: &TransportKey) {
    let set: Vec<_> = engine.device_row().cursors.iter().map(|row| row.cursor).collect();
    let signed = SignedCursors::sign(key, device, GENERATION, LATER, cursor_root(&set));
    engine.session.record.generation = Some(GENERATION);
    engine.session.record.signed = Some(SignedSet { signed, set });
}

fn covered(engine: &mut Engine) -> Vec<Option<Timestamp>> {
    asked(engine).cursors.iter().map(|row| row.signed).collect()
}

#[test]
fn a_device_that_was_never_in_touch_has_keys_and_cursors_that_nobody_signed() {
    let mut engine = engine();
    let row = asked(&mut engine);
    assert_eq!(row.device, DeviceKey::new(engine.me.identity.public()));
    assert_eq!(row.transport, TransportKey::new(engine.me.transport.public()));
    assert_eq!(row.generation, None);
    assert_eq!(row.cursors.len(), 2);
    assert!(row.cursors.iter().all(|row| row.cursor.seq == Seq(0) && row.signed.is_none()));
}

#[test]
fn a_signature_covers_the_cursors_that_it_names_and_none_that_moved_since() {
    let mut engine = engine();
    let transport = engine.me.transport_key;
    sign(&mut engine, &relay(), &transport);
    assert_eq!(covered(&mut engine), [Some(LATER), Some(LATER)]);

    let first = asked(&mut engine).cursors[0].cursor.thread;
    engine.threads.get_mut(&first).unwrap().record.seq = Seq(1);
    assert_eq!(covered(&mut engine), [None, Some(LATER)]);
}

#[test]
fn a_signature_of_another_generation_key_or_device_covers_nothing() {
    let mut engine = engine();
    let transport = engine.me.transport_key;
    sign(&mut engine, &relay(), &transport);
    engine.session.record.generation = Some(Generation::new([6; 16]));
    assert_eq!(covered(&mut engine), [None, None]);

    sign(&mut engine, &SecretKey::from_seed([8; 32]), &transport);
    assert_eq!(covered(&mut engine), [None, None]);

    sign(&mut engine, &relay(), &TransportKey::new([7; 32]));
    assert_eq!(covered(&mut engine), [None, None]);
}
