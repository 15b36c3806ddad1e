#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    Acknowledgement, ChainHash, DeviceKey, Generation, ItemHash, PersonId, Role, SecretKey, Seq,
    SignedCursors, ThreadCursor, ThreadId, cursor_root,
};

use crate::{
    Answer, Delivery, Effect, Engine, Fields, Input, Intent, Query, StuckReason, ThreadRow, Ticket,
    batch::LogHead,
    record::{Cargo, SignedSet},
    scene::{self, NOW},
};

const GENERATION: Generation = Generation::new([3; 16]);

/// A teacher whose one entry stands at the first seq of the log, and a parent who is in.
struct Scene {
    engine: Engine,
    thread: ThreadId,
    relay: SecretKey,
    parent: SecretKey,
    chain: ChainHash,
}

impl Scene {
    fn new() -> Self {
        let relay = scene::relay_key();
        let mut engine = scene::engine("Ms Rivera", Role::Teacher);
        engine.session.record.generation = Some(GENERATION);
        let thread = scene::found(&mut engine);
        let parent = scene::let_in_a_parent(&mut engine, thread);
        let mut scene = Self { engine, thread, relay, parent, chain: ChainHash::start(&thread) };
        let fields = Fields::from([("text".to_owned(), "Good morning".to_owned())]);
        let kind = "message".to_owned();
        scene.feed(Input::Intent(Ticket(2), Intent::Post { thread, kind, fields, answers: None }));
        scene.read(b"the entry");
        scene.place();
        scene
    }

    fn feed(&mut self, input: Input) -> Vec<Effect> {
        scene::feed(&mut self.engine, NOW, input)
    }

    /// The cursor moves over an item.
    fn read(&mut self, item: &[u8]) -> (Seq, ChainHash) {
        let thread = self.engine.threads.get_mut(&self.thread).unwrap();
        self.chain = self.chain.next(&ItemHash::of(item));
        thread.set_cursor(thread.record.seq.next(), self.chain);
        (thread.record.seq, self.chain)
    }

    /// The entry was met, and the relay signed the cursor.
    fn place(&mut self) {
        let thread = &self.engine.threads[&self.thread];
        let (seq, chain) = (thread.record.seq, thread.record.chain);
        let (entry, change) = thread
            .outbox
            .values()
            .find_map(|item| match &item.cargo {
                Cargo::Change { change, deed, .. } => Some((deed.creates()?, *change)),
                _ => None,
            })
            .unwrap();
        let thread = self.thread;
        self.engine.place_own(&thread, entry, change, seq, ItemHash::of(b"the entry"));
        let set = vec![ThreadCursor { thread, seq, chain }];
        let device = self.engine.me.transport_key;
        let root = cursor_root(&set);
        let signed = SignedCursors::sign(&self.relay, &device, GENERATION, NOW, root);
        self.engine.session.record.signed = Some(SignedSet { signed, set });
    }

    /// The parent's device signs for what it has read, and the relay passes it on.
    fn acknowledge(&mut self, seq: Seq, chain: ChainHash) {
        let none = Vec::new().try_into().unwrap();
        let ack = Acknowledgement::sign(&self.parent, self.thread, GENERATION, seq, chain, none);
        let thread = self.thread;
        self.engine.take_acknowledgement(&thread, 1, ack);
    }

    fn delivery(&mut self) -> Delivery {
        let said = self.feed(Input::Query(Ticket(3), Query::Thread(self.thread)));
        let rows = said.into_iter().find_map(|effect| match effect {
            Effect::Answer(_, Ok(Answer::Thread(_, rows))) => Some(rows),
            _ => None,
        });
        rows.unwrap().into_iter().find(ThreadRow::is_entry).unwrap().delivery.unwrap()
    }
}

fn on_their_phone() -> Delivery {
    Delivery::OnTheirPhone { people: vec![PersonId::new([7; 16])] }
}

#[test]
fn an_acknowledgement_of_the_log_that_we_read_counts_even_when_we_have_read_on() {
    let mut scene = Scene::new();
    let (seq, chain) = (Seq(1), scene.chain);
    scene.read(b"something later");
    assert_eq!(scene.delivery(), Delivery::OnThisPhone);
    scene.acknowledge(seq, chain);
    assert_eq!(scene.delivery(), on_their_phone());
}

#[test]
fn what_somebody_has_is_not_stuck_when_the_relay_lost_it_and_its_author_is_out() {
    let mut scene = Scene::new();
    let thread = scene.thread;
    let numbers: Vec<u64> = scene.engine.threads[&thread].outbox.keys().copied().collect();
    let (seq, chain) = (Seq(1), scene.chain);
    scene.engine.mark_all_refused(&thread, &numbers, &StuckReason::Removed);
    assert!(matches!(scene.delivery(), Delivery::Stuck { .. }), "nobody has it");
    scene.acknowledge(seq, chain);
    assert_eq!(scene.delivery(), on_their_phone());
}

#[test]
fn an_acknowledgement_of_another_log_counts_for_nothing_wherever_it_stands() {
    let mut scene = Scene::new();
    let other = ChainHash::start(&scene.thread).next(&ItemHash::of(b"what the parent was shown"));
    scene.acknowledge(Seq(1), other);
    scene.read(b"something later");
    scene.acknowledge(Seq(1), other);
    // Ahead of us: it is compared when we come there.
    let further = other.next(&ItemHash::of(b"more of it"));
    scene.acknowledge(Seq(3), further);
    assert_eq!(scene.delivery(), Delivery::OnThisPhone);
    scene.read(b"what came third");
    let thread = scene.thread;
    scene.engine.weigh_acknowledgements(&thread);
    assert_eq!(scene.delivery(), Delivery::OnThisPhone);
    assert!(scene.engine.threads[&thread].loaded.as_ref().unwrap().peers.is_empty());
}

#[test]
fn whoever_signs_for_another_log_is_named_until_they_sign_for_ours() {
    let mut scene = Scene::new();
    let named = |scene: &Scene| scene.engine.threads[&scene.thread].shown_another_log();
    let ours = scene.chain;
    let other = ChainHash::start(&scene.thread).next(&ItemHash::of(b"what the parent was shown"));
    scene.acknowledge(Seq(1), other);
    assert_eq!(named(&scene), [PersonId::new([7; 16])]);
    scene.acknowledge(Seq(1), ours);
    assert!(named(&scene).is_empty());
    // Ahead of us: it is judged when we come there.
    scene.acknowledge(Seq(2), other);
    assert!(named(&scene).is_empty());
    scene.read(b"something later");
    let thread = scene.thread;
    scene.engine.weigh_acknowledgements(&thread);
    assert_eq!(named(&scene), [PersonId::new([7; 16])]);
}

#[test]
fn words_that_say_another_log_name_their_author() {
    let mut scene = Scene::new();
    let named = |scene: &Scene| scene.engine.threads[&scene.thread].shown_another_log();
    let (thread, ours) = (scene.thread, scene.chain);
    let other = ChainHash::start(&thread).next(&ItemHash::of(b"what the parent was shown"));
    let parent = DeviceKey::new(scene.parent.public());
    let says = |scene: &mut Scene, generation, seq, chain| {
        let head = LogHead::of(&generation, seq, &chain);
        scene.engine.read_head(&thread, &parent, &head);
    };
    says(&mut scene, Generation::new([4; 16]), Seq(1), other);
    says(&mut scene, GENERATION, Seq(1), ours);
    assert!(named(&scene).is_empty(), "another generation says nothing, and ours is ours");
    // Ahead of us: it is judged when we come there.
    says(&mut scene, GENERATION, Seq(2), other);
    assert!(named(&scene).is_empty());
    scene.read(b"something later");
    scene.engine.weigh_acknowledgements(&thread);
    assert_eq!(named(&scene), [PersonId::new([7; 16])]);
    let chain = scene.chain;
    scene.acknowledge(Seq(2), chain);
    assert!(named(&scene).is_empty(), "signed for again, it is our log");
    // Where it parts from ours, at a place that we have passed.
    says(&mut scene, GENERATION, Seq(1), other);
    assert_eq!(named(&scene), [PersonId::new([7; 16])]);
}

#[test]
fn an_acknowledgement_from_further_on_counts_when_we_have_read_as_far() {
    let mut scene = Scene::new();
    let later = scene.chain.next(&ItemHash::of(b"something later"));
    scene.acknowledge(Seq(2), later);
    assert_eq!(scene.delivery(), Delivery::OnThisPhone);
    scene.read(b"something later");
    let thread = scene.thread;
    scene.engine.weigh_acknowledgements(&thread);
    assert_eq!(scene.delivery(), on_their_phone());
}

#[test]
fn a_change_that_stood_in_several_items_is_carried_again_once() {
    let mut scene = Scene::new();
    let thread = scene.engine.threads.get_mut(&scene.thread).unwrap();
    // It left the outbox, and stood in the log twice.
    thread.outbox.clear();
    let loaded = thread.loaded.as_mut().unwrap();
    let change = loaded.sent.values().next().unwrap().change;
    let items = [b"the entry".as_slice(), b"a copy"].map(|item| ItemHash::of(item).short());
    for item in items {
        loaded.items.insert(item, vec![change]);
    }
    let id = scene.thread;
    scene.engine.carry_excepted(&id, &items);
    assert_eq!(scene.engine.threads[&id].record.unmet, [change]);
}
