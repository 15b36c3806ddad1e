#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    Card, DeviceKey, Handshake, InviteId, Leavers, PersonId, Role, RosterLink, SecretKey,
    Statement, ThreadId, Timestamp, TransportKey,
};

use crate::{
    Answer, Effect, Engine, Input, Intent, MemberRow, Query, Ticket, Trouble, Waiting,
    scene::{self, NOW},
    state::Cast,
};

/// The guardian of [`scene::let_in_a_parent`].
const PARENT: PersonId = PersonId::new([7; 16]);

/// When the parent's tablet comes in.
const LATER: Timestamp = Timestamp(NOW.0 + 60_000);

struct Scene {
    engine: Engine,
    thread: ThreadId,
    parent: SecretKey,
}

impl Scene {
    /// A teacher's thread with a parent in it, who came by a link.
    fn new() -> Self {
        let mut engine = scene::engine("Ms Rivera", Role::Teacher);
        let thread = scene::found(&mut engine);
        let parent = scene::let_in_a_parent(&mut engine, thread);
        Self { engine, thread, parent }
    }

    fn say(&mut self, input: Input) -> Result<Answer, Trouble> {
        let said = scene::feed(&mut self.engine, NOW, input);
        let answer = said.into_iter().find_map(|effect| match effect {
            Effect::Answer(_, answer) => Some(answer),
            _ => None,
        });
        answer.unwrap()
    }

    fn members(&mut self) -> Vec<MemberRow> {
        match self.say(Input::Query(Ticket(5), Query::Members(self.thread))) {
            Ok(Answer::Members(rows)) => rows,
            other => panic!("{other:?}"),
        }
    }

    fn code(&mut self, person: PersonId) -> Result<String, Trouble> {
        match self.say(Input::Query(Ticket(6), Query::Code(self.thread, person)))? {
            Answer::Code(code) => Ok(code),
            other => panic!("{other:?}"),
        }
    }

    fn verify(&mut self, person: PersonId, code: &str) -> Result<Answer, Trouble> {
        let thread = self.thread;
        let intent = Intent::Verify { thread, person, code: code.to_owned() };
        self.say(Input::Intent(Ticket(7), intent))
    }

    /// How many statements about verified people wait to leave.
    fn waiting(&mut self) -> usize {
        match self.say(Input::Query(Ticket(8), Query::Waiting)) {
            Ok(Answer::Waiting(rows)) => {
                rows.iter().filter(|row| row.what == Waiting::Verified).count()
            }
            other => panic!("{other:?}"),
        }
    }

    /// The log shows a link by which the parent lets in another device of theirs.
    fn let_in_tablet(&mut self) -> DeviceKey {
        let device = DeviceKey::new(SecretKey::from_seed([17; 32]).public());
        let transport = TransportKey::new([17; 32]);
        let card = Card { person: PARENT, role: Role::Guardian, device, transport };
        let statement = Statement::Admit { card, invite: InviteId::new([17; 16]) };
        let state = self.engine.threads.get_mut(&self.thread).unwrap();
        let head = state.roster.head();
        let link =
            RosterLink::sign(&self.parent, head, LATER, statement, Handshake::default()).to_item();
        assert_eq!(state.roster.insert(&link), Ok(true));
        state.links.links.push(link);
        state.cast = Cast::of(&state.roster);
        device
    }
}

#[test]
fn members_are_listed_with_their_devices_and_who_let_them_in() {
    let mut scene = Scene::new();
    let rows = scene.members();
    let [teacher, parent] = rows.as_slice() else { panic!("two are in: {rows:?}") };
    assert_eq!((teacher.author.name.as_str(), teacher.mine), ("Ms Rivera", true));
    assert!(!teacher.verified && teacher.vouched_by.is_none(), "nobody let a founder in");
    assert_eq!((parent.author.person, parent.author.role), (PARENT, Role::Guardian));
    assert_eq!(parent.devices[0].device, DeviceKey::new(scene.parent.public()));
    assert!(!parent.verified && parent.devices[0].seated);
    assert_eq!(parent.vouched_by.as_ref(), Some(&teacher.author));
}

#[test]
fn a_code_that_was_compared_makes_a_person_verified_and_says_by_whom() {
    let mut scene = Scene::new();
    let code = scene.code(PARENT).unwrap();
    assert_eq!(scene.verify(PARENT, &code), Ok(Answer::Verified));
    let parent = scene.members().remove(1);
    assert!(parent.verified && parent.devices[0].verified);
    assert_eq!(parent.vouched_by.map(|by| by.name), Some("Ms Rivera".to_owned()));
    assert_eq!(scene.waiting(), 1, "it leaves with the next sync");
    assert_eq!(scene.verify(PARENT, &code), Ok(Answer::Verified));
    assert_eq!(scene.waiting(), 1, "what was said is not said again");
}

#[test]
fn a_wrong_code_is_told_and_nothing_is_noted() {
    let mut scene = Scene::new();
    let code = scene.code(PARENT).unwrap();
    let (first, rest) = code.split_at(1);
    let wrong = format!("{}{rest}", (first.parse::<u8>().unwrap() + 1) % 10);
    assert_eq!(scene.verify(PARENT, &wrong), Err(Trouble::WrongCode));
    let short = Trouble::BadCode { given: 5, needed: 30 };
    assert_eq!(scene.verify(PARENT, &code[..5]), Err(short));
    assert!(!scene.members()[1].verified);
    assert_eq!(scene.waiting(), 0);
}

#[test]
fn nobody_verifies_themselves_nor_somebody_who_is_not_in() {
    let mut scene = Scene::new();
    let me = scene.engine.person();
    assert!(matches!(scene.code(me), Err(Trouble::NotAllowed(_))));
    assert!(matches!(scene.verify(me, "1"), Err(Trouble::NotAllowed(_))));
    let nobody = PersonId::new([9; 16]);
    assert_eq!(scene.code(nobody), Err(Trouble::UnknownPerson));
    assert_eq!(scene.verify(nobody, "1"), Err(Trouble::UnknownPerson));
}

#[test]
fn a_device_that_a_verified_device_lets_in_is_verified_and_one_of_an_unverified_is_not() {
    let mut scene = Scene::new();
    let before = scene.code(PARENT).unwrap();
    scene.let_in_tablet();
    let parent = scene.members().remove(1);
    assert_eq!(parent.devices.len(), 2);
    assert!(!parent.verified);
    assert_ne!(scene.code(PARENT).unwrap(), before, "a code stands for all devices");
    assert_eq!(scene.verify(PARENT, &before), Err(Trouble::WrongCode));

    let mut scene = Scene::new();
    scene.verify(PARENT, &before).unwrap();
    let tablet = scene.let_in_tablet();
    let parent = scene.members().remove(1);
    assert!(parent.verified, "{parent:?}");
    let seat = parent.devices.iter().find(|key| key.device == tablet).unwrap();
    assert!(seat.verified);
    assert_eq!((parent.since, seat.since), (NOW, LATER));
}

#[test]
fn a_device_that_lost_its_seat_is_listed_with_a_mark() {
    let mut scene = Scene::new();
    let state = scene.engine.threads.get_mut(&scene.thread).unwrap();
    let head = state.roster.head();
    let refound = RosterLink::sign(
        &scene.engine.me.identity,
        head,
        NOW,
        Statement::Refound { out: Leavers::default() },
        Handshake::default(),
    );
    state.roster.insert(&refound.to_item()).unwrap();
    let seats: Vec<bool> = scene.members().iter().map(|row| row.devices[0].seated).collect();
    assert_eq!(seats, [true, false]);
}
