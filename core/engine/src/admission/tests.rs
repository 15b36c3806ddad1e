#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    ClientToRelay, Generation, Greeting, Handshake, InviteLink, InviteSecret, Mail, MailboxId,
    PROTOCOL, RelayToClient, Role, RosterLink, SecretKey, Statement, ThreadId, ThreadKind,
    Timestamp, TransportKey, invite_id,
    limits::{INVITE_LIFETIME_MS, LETTER_LIFETIME_MS},
    request_box, welcome_box,
};

use crate::{
    Answer, Effect, Engine, Input, Intent, InviteRow, InviteState, JoinRow, JoinState, NotLetIn,
    Query, Ticket, Trouble,
    join::{JoinRequest, Newcomer, Reply, Welcome, one_time_public},
    keys::group::{GroupKeys as _, Identity, Mls},
    record::{Admission, InviteUse},
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
        let genesis = RosterLink::found(&inviter, NOW, statement).to_item();
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
        let admit = RosterLink::sign(&self.inviter, previous, NOW, statement, Handshake::default())
            .to_item();
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

/// A teacher whose invite was used by somebody, and a letter of a stranger with the same link.
struct Door {
    engine: Engine,
    thread: ThreadId,
    secret: InviteSecret,
}

/// When the stranger asks.
const ASKED: Timestamp = Timestamp(NOW.0 + 3_600_000);

impl Door {
    fn with_an_invite() -> Self {
        let mut engine = scene::engine("Ms Rivera", Role::Teacher);
        let thread = scene::found(&mut engine);
        let invite = Intent::Invite { thread, role: Role::Guardian, in_person: false };
        scene::feed(&mut engine, NOW, Input::Intent(Ticket(2), invite));
        let secret = engine.invites.values().next().unwrap().secret.clone();
        Self { engine, thread, secret }
    }

    fn new() -> Self {
        let mut door = Self::with_an_invite();
        let record = door.engine.invites.values_mut().next().unwrap();
        record.used = Some(InviteUse {
            request: tandem_proto::Hash16::new([1; 16]),
            person: tandem_proto::PersonId::new([2; 16]),
            device: tandem_proto::DeviceKey::new(SecretKey::from_seed([2; 32]).public()),
            transport: TransportKey::new([2; 32]),
            one_time: [2; 32],
            package: Vec::new(),
            admission: Admission::Arrived,
        });
        door.knocks("Who", &SecretKey::from_seed([7; 32]));
        door
    }

    /// Somebody asks with this key package.
    fn asks(&mut self, key: &SecretKey, package: Vec<u8>) {
        let (person, transport) =
            (tandem_proto::PersonId::new([7; 16]), TransportKey::new([8; 32]));
        let (one_time, package) = (one_time_public(&[6; 32]), package.try_into().unwrap());
        let request =
            JoinRequest::make(key, &self.secret, "Ana", person, transport, one_time, package)
                .unwrap();
        let (invite, mailbox) = (invite_id(&self.secret), request_box(&self.secret));
        self.engine.take_request(&invite, mailbox, &request.seal(&self.secret));
    }

    /// Who came in by the invite, or is about to.
    fn used_by(&self) -> Option<&InviteUse> {
        self.engine.invites.values().find_map(|record| record.used.as_ref())
    }

    fn knocks(&mut self, name: &str, key: &SecretKey) {
        self.knocks_at(ASKED, name, key);
    }

    fn knocks_at(&mut self, at: Timestamp, name: &str, key: &SecretKey) {
        let person = tandem_proto::PersonId::new([7; 16]);
        let transport = TransportKey::new([8; 32]);
        let one_time = one_time_public(&[6; 32]);
        let package = vec![1; 8].try_into().unwrap();
        let request =
            JoinRequest::make(key, &self.secret, name, person, transport, one_time, package)
                .unwrap();
        // Time is an input's.
        scene::feed(&mut self.engine, at, Input::Tick);
        let letter = request.seal(&self.secret);
        let (invite, mailbox) = (invite_id(&self.secret), request_box(&self.secret));
        self.engine.take_request(&invite, mailbox, &letter);
    }

    /// What the stranger finds in the welcome box by now.
    fn answered(&mut self, now: Timestamp) -> Option<Reply> {
        let said = scene::feed(&mut self.engine, now, Input::Tick);
        let welcome = welcome_box(&self.secret, &one_time_public(&[6; 32]));
        said.into_iter().find_map(|effect| match effect {
            Effect::Send(ClientToRelay::MailPut(put)) if put.mailbox == welcome => {
                Reply::open(&[6; 32], &put.letter).ok()
            }
            _ => None,
        })
    }

    fn revokes(&mut self, now: Timestamp) -> Result<Answer, Trouble> {
        let intent = Intent::RevokeInvite { invite: invite_id(&self.secret) };
        let said = scene::feed(&mut self.engine, now, Input::Intent(Ticket(4), intent));
        let answer = said.into_iter().find_map(|effect| match effect {
            Effect::Answer(_, answer) => Some(answer),
            _ => None,
        });
        answer.unwrap()
    }

    fn listed(&mut self, now: Timestamp) -> InviteRow {
        let query = Query::Invites(Some(self.thread));
        let said = scene::feed(&mut self.engine, now, Input::Query(Ticket(5), query));
        let rows = said.into_iter().find_map(|effect| match effect {
            Effect::Answer(_, Ok(Answer::Invites(rows))) => Some(rows),
            _ => None,
        });
        rows.unwrap().remove(0)
    }

    /// Whether its request box is asked for by a connection that is made then.
    fn is_watched(&mut self, now: Timestamp) -> bool {
        scene::feed(&mut self.engine, now, Input::LinkDown(crate::LinkFault::Unreachable));
        scene::feed(&mut self.engine, now, Input::Online(true));
        let said = scene::feed(&mut self.engine, now, Input::LinkUp);
        let requests = request_box(&self.secret);
        said.iter().any(|effect| {
            matches!(effect, Effect::Send(ClientToRelay::MailWatch(watch))
                if watch.mailboxes.contains(&requests))
        })
    }

    fn shown(&mut self, now: Timestamp) -> Vec<JoinRow> {
        let said = scene::feed(&mut self.engine, now, Input::Query(Ticket(3), Query::Inbox));
        let rows = said.into_iter().find_map(|effect| match effect {
            Effect::Answer(_, Ok(Answer::Inbox(_, joins))) => Some(joins),
            _ => None,
        });
        rows.unwrap()
    }
}

#[test]
fn a_knock_is_shown_with_the_time_at_which_it_came() {
    let mut door = Door::new();
    let shown = door.shown(ASKED);
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].knocking.as_deref(), shown[0].since), (Some("Who"), ASKED));
}

#[test]
fn whoever_knocked_and_is_in_by_now_knocks_no_longer() {
    let mut door = Door::new();
    // The parent of this scene has the key that knocked.
    scene::let_in_a_parent(&mut door.engine, door.thread);
    assert_eq!(door.shown(ASKED), []);
    door.knocks("Another", &SecretKey::from_seed([9; 32]));
    assert_eq!(door.shown(ASKED).len(), 1);
    let kept = door.engine.invites.values().next().unwrap();
    assert_eq!((kept.knocks.len(), kept.knocked.len()), (1, 1), "nor is it kept");
}

#[test]
fn a_knock_goes_when_its_letter_would_be_gone() {
    let mut door = Door::new();
    assert_eq!(door.shown(Timestamp(ASKED.0 + LETTER_LIFETIME_MS)).len(), 1);
    assert_eq!(door.shown(Timestamp(ASKED.0 + LETTER_LIFETIME_MS + 1)), []);
}

/// The last moment at which the link of [`Door::with_an_invite`] lets somebody in.
const UNTIL: Timestamp = Timestamp(NOW.0 + INVITE_LIFETIME_MS);

#[test]
fn whoever_asks_after_a_fortnight_is_told_that_the_link_has_expired_and_nobody_is_let_in() {
    let mut door = Door::with_an_invite();
    assert_eq!((door.listed(UNTIL).state, door.listed(UNTIL).until), (InviteState::Open, UNTIL));
    let late = UNTIL.plus_ms(1);
    assert_eq!(door.listed(late).state, InviteState::Expired);
    door.knocks_at(late, "Late", &SecretKey::from_seed([7; 32]));
    assert_eq!(door.answered(late), Some(Reply::Expired));
    assert!(door.engine.invites.values().all(|invite| invite.used.is_none()));
    let shown = door.shown(late).remove(0);
    assert_eq!(shown.knocking.as_deref(), Some("Late"));
    assert_eq!(shown.state, JoinState::Refused(NotLetIn::LinkExpired));
}

#[test]
fn whoever_asks_with_a_revoked_link_is_told_so_and_nobody_is_let_in() {
    let mut door = Door::with_an_invite();
    assert!(
        matches!(door.revokes(ASKED), Ok(Answer::Revoked(row)) if row.state == InviteState::Revoked)
    );
    door.knocks("Who", &SecretKey::from_seed([7; 32]));
    assert_eq!(door.answered(ASKED), Some(Reply::Revoked));
    assert!(door.engine.invites.values().all(|invite| invite.used.is_none()));
    let shown = door.shown(ASKED).remove(0);
    assert_eq!(shown.state, JoinState::Refused(NotLetIn::LinkRevoked));
}

#[test]
fn a_link_that_was_used_is_not_revoked_and_an_unknown_one_says_so() {
    let mut door = Door::new();
    assert!(matches!(door.revokes(ASKED), Err(Trouble::NotAllowed(_))));
    assert_eq!(door.listed(ASKED).state, InviteState::Used);
    door.secret = InviteSecret::new([77; 16]);
    assert_eq!(door.revokes(ASKED), Err(Trouble::UnknownInvite));
}

#[test]
fn a_link_that_is_over_is_watched_until_no_letter_of_it_can_be_left() {
    let mut door = Door::with_an_invite();
    assert!(door.is_watched(Timestamp(UNTIL.0 + LETTER_LIFETIME_MS)));
    assert!(!door.is_watched(Timestamp(UNTIL.0 + LETTER_LIFETIME_MS + 1)));
    let mut door = Door::with_an_invite();
    door.revokes(ASKED).unwrap();
    assert!(door.is_watched(Timestamp(ASKED.0 + LETTER_LIFETIME_MS)));
    assert!(!door.is_watched(Timestamp(ASKED.0 + LETTER_LIFETIME_MS + 1)));
}

#[test]
fn a_newcomer_is_told_why_a_link_is_over_and_may_use_another() {
    for (reply, why) in
        [(Reply::Expired, NotLetIn::LinkExpired), (Reply::Revoked, NotLetIn::LinkRevoked)]
    {
        let mut scene = Scene::new();
        let public = one_time_public(&scene.one_time);
        scene.letter(reply.seal(&public, [4; 32]).unwrap());
        assert_eq!(scene.join(), JoinState::Refused(why));
        scene.link.secret = InviteSecret::new([6; 16]);
        assert_eq!(scene.join(), JoinState::Joining);
    }
}

#[test]
fn a_request_with_a_package_of_another_key_is_not_admitted_and_the_true_one_after_it_is() {
    let mut door = Door::with_an_invite();
    let (own, other) = (SecretKey::from_seed([7; 32]), SecretKey::from_seed([21; 32]));
    let of = |person: u8, key: &SecretKey| {
        let identity = Identity { person: tandem_proto::PersonId::new([person; 16]), key };
        Mls.package(&[7; 32], &identity).unwrap().public
    };
    let mut altered = of(7, &own);
    *altered.last_mut().unwrap() ^= 1;
    let false_ones = [
        ("signed by another key", of(7, &other)),
        ("of another person", of(8, &own)),
        ("altered after it was signed", altered),
        ("no package", vec![1; 40]),
    ];
    let links = door.engine.threads[&door.thread].outbox.len();
    for (why, package) in false_ones {
        door.asks(&own, package);
        assert!(door.used_by().is_none(), "{why}");
        let now = door.engine.threads[&door.thread].outbox.len();
        assert_eq!(now, links, "no link lets it in: {why}");
    }
    door.asks(&own, of(7, &own));
    let device = tandem_proto::DeviceKey::new(own.public());
    assert_eq!(door.used_by().map(|used| used.device), Some(device));
    assert_eq!(door.engine.threads[&door.thread].outbox.len(), links + 1, "by a link");
}

#[test]
fn a_newcomer_whose_welcome_has_a_newer_link_is_told_that_a_newer_version_is_needed() {
    let mut scene = Scene::new();
    let mut newer = scene.genesis.clone();
    // The statement's number stands behind version, kind, predecessor and a time of six bytes.
    newer[2 + 32 + 6] = 99;
    let welcome = Welcome {
        roster: vec![scene.genesis.clone(), newer],
        title: "Maya".into(),
        snapshot: ThreadDoc::begin().save(),
        attestations: Vec::new(),
        items: Vec::new(),
    };
    let public = one_time_public(&scene.one_time);
    let signed = welcome.sign(&scene.inviter, &invite_id(&scene.link.secret), &public).unwrap();
    scene.letter(Reply::Welcome(signed).seal(&public, [4; 32]).unwrap());
    assert_eq!(scene.join(), JoinState::Refused(NotLetIn::NewerVersionNeeded));
    let letter = scene.welcome(&scene.inviter.clone());
    scene.letter(letter);
    assert_eq!(scene.join(), JoinState::Joined, "one that can be read still counts");
}
