#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use automerge::Change;
use tandem_proto::{DeviceKey, EnvelopeKind, PersonId, Role, SecretKey, Seq, ThreadId};

use super::waiting::Needs;
use crate::{
    Engine,
    batch::{self, Attestation},
    keys,
    scene::{self, NOW},
    thread::{Edit, ThreadDoc},
};

/// A teacher with one thread, and a member whose device is no engine of ours.
struct Scene {
    engine: Engine,
    thread: ThreadId,
    member: SecretKey,
    next: Seq,
}

impl Scene {
    fn new() -> Self {
        let mut engine = scene::engine("Ms Rivera", Role::Teacher);
        let thread = scene::found(&mut engine);
        let member = scene::let_in_a_parent(&mut engine, thread);
        Self { engine, thread, member, next: Seq(1) }
    }

    fn doc(&mut self) -> &mut ThreadDoc {
        let state = self.engine.threads.get_mut(&self.thread).unwrap();
        state.loaded.as_mut().unwrap().doc().unwrap()
    }

    /// Changes that a device would make on top of what is here.
    fn changes(&mut self, device: DeviceKey, names: &[&str]) -> Vec<Change> {
        let actor = batch::actor_id(&self.thread, &device, [5; 4]);
        let person = PersonId::new([7; 16]);
        let mut doc = self.doc().clone();
        names
            .iter()
            .map(|name| {
                let edit = Edit::Name { person, name: (*name).to_owned() };
                doc.edit(actor.clone(), NOW, &[edit]).unwrap()
            })
            .collect()
    }

    fn attest(&self, change: &Change) -> Attestation {
        let (actor, seq, hash) = (change.actor_id(), change.seq(), change.hash());
        Attestation::sign(&self.member, &self.thread, actor, seq, hash)
    }

    /// The log brings carried changes.
    fn carry(&mut self, attestations: &[Attestation], changes: &[Change]) {
        let plain = batch::carry(attestations, changes).unwrap();
        let key = self.engine.threads[&self.thread].epoch_key().unwrap();
        let item = keys::seal(key, &self.thread, EnvelopeKind::Carried, &plain).unwrap();
        let (thread, seq) = (self.thread, self.next);
        self.next = seq.next();
        self.engine.take_item(&thread, seq, &item);
    }

    fn holds(&mut self, change: &Change) -> bool {
        let hash = change.hash();
        self.doc().holds(&hash)
    }
}

#[test]
fn words_that_nobody_vouches_for_ride_in_with_nobody() {
    let mut scene = Scene::new();
    let (victim, member) = (scene.engine.device(), DeviceKey::new(scene.member.public()));
    let forged = scene.changes(victim, &["said by the teacher, says the member"]);
    let own = scene.changes(member, &["one", "two"]);
    let vouch = scene.attest(&own[1]);
    scene.carry(&[], &forged);
    scene.carry(&[vouch], &own[1..]);
    scene.carry(&[], &own[..1]);
    assert!(own.iter().all(|change| scene.holds(change)), "what is vouched for goes in");
    assert!(!scene.holds(&forged[0]), "the forgery waits for ever");
}

#[test]
fn one_attestation_vouches_for_all_earlier_changes_of_its_device() {
    let mut scene = Scene::new();
    let member = DeviceKey::new(scene.member.public());
    let own = scene.changes(member, &["one", "two", "three"]);
    let vouch = scene.attest(&own[2]);
    scene.carry(&[vouch], &own);
    assert!(own.iter().all(|change| scene.holds(change)));
}

/// A year in two envelopes, the older first, as carriers send them: the word for both stands in the
/// newer, which builds on the older.
#[test]
fn what_was_carried_in_two_envelopes_goes_in_in_either_order() {
    for older_first in [true, false] {
        let mut scene = Scene::new();
        let member = DeviceKey::new(scene.member.public());
        let own = scene.changes(member, &["one", "two"]);
        let vouch = scene.attest(&own[1]);
        if older_first {
            scene.carry(&[], &own[..1]);
        }
        scene.carry(&[vouch], &own[1..]);
        if !older_first {
            scene.carry(&[], &own[..1]);
        }
        assert!(own.iter().all(|change| scene.holds(change)), "older first: {older_first}");
    }
}

#[test]
fn a_false_word_in_one_envelope_takes_nothing_from_the_true_one_in_another() {
    let mut scene = Scene::new();
    let (victim, member) = (scene.engine.device(), DeviceKey::new(scene.member.public()));
    let own = scene.changes(member, &["one", "two"]);
    let vouch = scene.attest(&own[1]);
    // Waits for ever, and claims that the member's older words are somebody else's.
    let junk = scene.changes(victim, &["said by the teacher, says the member"]);
    let false_word = Attestation { device: victim, ..scene.attest(&own[0]) };
    scene.carry(&[false_word], &junk);
    scene.carry(&[], &own[..1]);
    scene.carry(&[vouch], &own[1..]);
    assert!(own.iter().all(|change| scene.holds(change)));
    assert!(!scene.holds(&junk[0]));
}

#[test]
fn what_waits_is_not_opened_again_before_something_of_what_it_waits_for_is_here() {
    let mut scene = Scene::new();
    let (member, thread) = (DeviceKey::new(scene.member.public()), scene.thread);
    let own = scene.changes(member, &["one", "two", "three"]);
    let vouch = |scene: &Scene, n: usize| vec![scene.attest(&own[n])];
    scene.carry(&vouch(&scene, 1), &own[1..2]);
    let ready = |scene: &mut Scene| scene.engine.threads.get_mut(&thread).unwrap().ready_seqs();
    assert!(ready(&mut scene).is_empty(), "its author's first words are not here");
    scene.carry(&[], &own[2..]);
    assert!(ready(&mut scene).is_empty(), "nor is anybody's word for these");
    let others = scene.engine.me.identity.clone();
    let others = DeviceKey::new(others.public());
    let unrelated = scene.changes(others, &["something else"]);
    let state = scene.engine.threads.get_mut(&thread).unwrap();
    state.loaded.as_mut().unwrap().doc().unwrap().take(unrelated).unwrap();
    assert!(ready(&mut scene).is_empty(), "something else changes nothing");
    scene.carry(&vouch(&scene, 0), &own[..1]);
    assert!(scene.holds(&own[1]), "with the first the second goes in");
}

#[test]
fn what_waits_in_one_thread_has_a_limit_in_bytes_that_no_new_process_begins_again() {
    let mut scene = Scene::new();
    let (member, thread) = (DeviceKey::new(scene.member.public()), scene.thread);
    // Some 200 bytes in an envelope, 200 KB when they are opened.
    let long = "x".repeat(200_000);
    for _ in 0..2 {
        for _ in 0..100 {
            let own = scene.changes(member, &["never shown", &long]);
            let vouch = scene.attest(&own[1]);
            scene.carry(&[vouch], &own[1..]);
        }
        let loaded = scene.engine.threads.get_mut(&thread).unwrap().loaded.as_mut().unwrap();
        let waiting = loaded.waiting.len();
        assert!((70..90).contains(&waiting), "{waiting} of 200 KB are kept");
        // A process that begins knows of none what it waits for.
        loaded.needs = Needs::default();
    }
}
