#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    Generation, Greeting, Handshake, InviteLink, InviteSecret, Mail, MailboxId, PROTOCOL,
    RelayToClient, Role, RosterLink, SecretKey, Statement, ThreadId, ThreadKind, TransportKey,
    invite_id, welcome_box,
};

use crate::{
    Answer, Effect, Engine, Input, Intent, JoinState, Ticket,
    join::{Newcomer, Reply, Welcome, one_time_public},
    scene::{self, NOW},
    thread::ThreadDoc,
};

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
        let inviter = SecretKey::from_seed([7; 32]);
        let founder = Newcomer {
            person: tandem_proto::PersonId::new([7; 16]),
            device: tandem_proto::DeviceKey::new(inviter.public()),
            transport: TransportKey::new([8; 32]),
        };
        let founder = founder.card(Role::Teacher);
        let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [1; 16], founder };
        let genesis = RosterLink::found(&inviter, statement).to_item();
        let link = InviteLink {
            relay: scene::relay(),
            thread: ThreadId::of_genesis(&genesis),
            role: Role::Guardian,
            secret: InviteSecret::new([5; 16]),
        };
        let engine = scene::engine("Ana", Role::Guardian);
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
        scene::feed(&mut self.engine, NOW, input)
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
    fn welcome(&self, signer: &SecretKey) -> Vec<u8> {
        let me = &self.engine.me;
        let newcomer =
            Newcomer { person: me.person, device: me.device, transport: me.transport_key };
        let invite = invite_id(&self.link.secret);
        let statement = Statement::Admit { card: newcomer.card(Role::Guardian), invite };
        let previous = tandem_proto::ItemHash::of(&self.genesis);
        let admit =
            RosterLink::sign(&self.inviter, previous, statement, Handshake::default()).to_item();
        let welcome = Welcome {
            roster: vec![self.genesis.clone(), admit],
            title: "Maya".into(),
            snapshot: ThreadDoc::begin().save(),
            attestations: Vec::new(),
            items: Vec::new(),
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
    let (not_a_letter, other_key) = (vec![1; 100], scene.welcome(&relay));
    for letter in [not_a_letter, other_key] {
        scene.letter(letter);
        assert_eq!(scene.join(), JoinState::Joining);
        assert!(scene.engine.threads.is_empty());
    }
    let letter = scene.welcome(&scene.inviter.clone());
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
    let letter = scene.welcome(&scene.inviter.clone());
    scene.letter(letter);
    assert_eq!(scene.join(), JoinState::Joined);
}
