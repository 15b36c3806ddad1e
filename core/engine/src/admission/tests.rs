#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    Generation, Greeting, InviteLink, InviteSecret, Mail, MailboxId, PROTOCOL, RelayKey, RelayLink,
    RelayToClient, Role, RosterLink, SecretKey, Statement, ThreadId, ThreadKind, Timestamp,
    TransportKey, invite_id, welcome_box,
};

use crate::{
    Answer, Effect, Engine, Input, Intent, JoinState, Profile, Ticket, Write, create,
    join::{Newcomer, Reply, Welcome, one_time_public},
    thread::ThreadDoc,
};

const NOW: Timestamp = Timestamp(1_760_000_000_000);

/// A parent who asked to be let in by a link, connected; and the inviter's key.
struct Scene {
    engine: Engine,
    link: InviteLink,
    one_time: [u8; 32],
    inviter: SecretKey,
    genesis: Vec<u8>,
}

impl Scene {
    fn new() -> Self {
        let relay = RelayLink {
            address: "127.0.0.1:7443".parse().unwrap(),
            key: RelayKey::new(SecretKey::from_seed([9; 32]).public()),
        };
        let inviter = SecretKey::from_seed([7; 32]);
        let founder = Newcomer {
            person: tandem_proto::PersonId::new([7; 16]),
            device: tandem_proto::DeviceKey::new(inviter.public()),
            transport: TransportKey::new([8; 32]),
        };
        let founder = founder.card(Role::Teacher);
        let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [1; 16], founder };
        let genesis = RosterLink::sign(&inviter, None, statement).to_item();
        let link = InviteLink {
            relay: relay.clone(),
            thread: ThreadId::of_genesis(&genesis),
            role: Role::Guardian,
            secret: InviteSecret::new([5; 16]),
        };
        let profile = Profile { name: "Ana".into(), role: Role::Guardian, relay };
        let batch = create(NOW, [1; 32], &profile).unwrap();
        let resident = batch.writes().iter().map(|write| match write {
            Write::Put(key, value) => (key.clone(), value.clone()),
            Write::Delete(_) => panic!("a new home deletes nothing"),
        });
        let engine = Engine::open(NOW, [2; 32], resident.collect()).unwrap();
        let mut scene = Self { engine, link, one_time: [0; 32], inviter, genesis };
        assert_eq!(scene.join(), JoinState::Joining);
        scene.feed(Input::Online(true));
        scene.feed(Input::LinkUp);
        scene.feed(Input::Frame(RelayToClient::Greeting(Greeting {
            version: PROTOCOL,
            generation: Generation::new([3; 16]),
            time: NOW,
            matched: true,
        })));
        scene.one_time = scene.engine.joins.values().next().unwrap().one_time;
        scene
    }

    fn feed(&mut self, input: Input) -> Vec<Effect> {
        let mut said = Vec::new();
        self.engine.handle(NOW, input);
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Persist(id, _) => self.engine.handle(NOW, Input::Persisted(id)),
                other => said.push(other),
            }
        }
        said
    }

    fn join(&mut self) -> JoinState {
        let intent = Intent::Join { link: self.link.clone() };
        let said = self.feed(Input::Intent(Ticket(1), intent));
        let answer = said.into_iter().find_map(|effect| match effect {
            Effect::Answer(_, Ok(Answer::Joining(_, state))) => Some(state),
            _ => None,
        });
        answer.unwrap()
    }

    fn mailbox(&self) -> MailboxId {
        welcome_box(&self.link.secret, &one_time_public(&self.one_time))
    }

    /// A letter lies in the welcome box.
    fn letter(&mut self, letter: Vec<u8>) {
        let letters = vec![letter.try_into().unwrap()].try_into().unwrap();
        let mail = Mail { mailbox: self.mailbox(), letters };
        self.feed(Input::Frame(RelayToClient::Mail(mail)));
    }

    /// A welcome as the inviter would make it, signed by `signer`.
    fn welcome(&self, key: [u8; 32], signer: &SecretKey) -> Vec<u8> {
        let me = &self.engine.me;
        let newcomer =
            Newcomer { person: me.person, device: me.device, transport: me.transport_key };
        let invite = invite_id(&self.link.secret);
        let statement = Statement::Admit { card: newcomer.card(Role::Guardian), invite };
        let previous = tandem_proto::ItemHash::of(&self.genesis);
        let admit = RosterLink::sign(&self.inviter, Some(previous), statement).to_item();
        let welcome = Welcome {
            key,
            roster: vec![self.genesis.clone(), admit],
            title: "Maya".into(),
            snapshot: ThreadDoc::begin().save(),
            attestations: Vec::new(),
        };
        let public = one_time_public(&self.one_time);
        let signed = welcome.sign(signer, &invite, &public).unwrap();
        Reply::Welcome(signed).seal(&public, [4; 32]).unwrap()
    }
}

#[test]
fn a_false_welcome_changes_nothing_and_the_true_one_still_counts() {
    let mut scene = Scene::new();
    let relay = SecretKey::from_seed([66; 32]);
    let (not_a_letter, other_key) = (vec![1; 100], scene.welcome([6; 32], &relay));
    for letter in [not_a_letter, other_key] {
        scene.letter(letter);
        assert_eq!(scene.join(), JoinState::Joining);
        assert!(scene.engine.threads.is_empty());
    }
    let letter = scene.welcome([3; 32], &scene.inviter.clone());
    scene.letter(letter);
    assert_eq!(scene.join(), JoinState::Joined);
    assert!(scene.engine.joins.is_empty());
}

#[test]
fn whoever_is_told_that_the_link_was_used_may_still_be_let_in() {
    let mut scene = Scene::new();
    let public = one_time_public(&scene.one_time);
    scene.letter(Reply::Taken.seal(&public, [4; 32]).unwrap());
    assert!(matches!(scene.join(), JoinState::Refused(_)));
    let letter = scene.welcome([3; 32], &scene.inviter.clone());
    scene.letter(letter);
    assert_eq!(scene.join(), JoinState::Joined);
}
