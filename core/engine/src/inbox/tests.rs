#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use automerge::Change;
use tandem_proto::{
    Card, DeviceKey, EnvelopeKind, InviteId, PersonId, Role, RosterLink, SecretKey, Seq, Statement,
    ThreadId, TransportKey,
};

use crate::{
    Answer, Effect, Engine, Input, Intent, Ticket,
    batch::{self, Attestation},
    keys,
    scene::{self, NOW},
    state::Cast,
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
        let begin = Input::Intent(Ticket(1), Intent::FoundThread { title: "Maya".into() });
        let founded =
            scene::feed(&mut engine, NOW, begin).into_iter().find_map(|effect| match effect {
                Effect::Answer(_, Ok(Answer::Founded(thread))) => Some(thread),
                _ => None,
            });
        let thread = founded.unwrap();
        let member = SecretKey::from_seed([7; 32]);
        let card = Card {
            person: PersonId::new([7; 16]),
            role: Role::Guardian,
            device: DeviceKey::new(member.public()),
            transport: TransportKey::new([8; 32]),
        };
        let state = engine.threads.get_mut(&thread).unwrap();
        let statement = Statement::Admit { card, invite: InviteId::new([0; 16]) };
        let link =
            RosterLink::sign(&engine.me.identity, Some(state.roster.head()), statement).to_item();
        state.roster.insert(&link).unwrap();
        state.cast = Cast::of(&state.roster);
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
        let key = &self.engine.threads[&self.thread].record.key;
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
