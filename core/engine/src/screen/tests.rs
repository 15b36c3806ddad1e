#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    Because, BoundedVec, Card, DeviceKey, Handshake, InviteId, InviteLink, InviteSecret, ItemHash,
    Leaver, Leavers, PersonId, Role, RosterLink, SecretKey, Statement, ThreadId, TransportKey,
};

use crate::{
    Answer, Effect, Engine, Fields, Input, Intent, KeptOut, Query, StepState, Ticket, Trouble,
    Waiting,
    scene::{self, NOW},
};

fn tried(engine: &mut Engine, input: Input) -> Result<Answer, Trouble> {
    let said = scene::feed(engine, NOW, input);
    let answer = said.into_iter().find_map(|effect| match effect {
        Effect::Answer(_, answer) => Some(answer),
        _ => None,
    });
    answer.unwrap()
}

fn asked(engine: &mut Engine, input: Input) -> Answer {
    tried(engine, input).unwrap()
}

fn meant(engine: &mut Engine, intent: Intent) -> Result<Answer, Trouble> {
    tried(engine, Input::Intent(Ticket(9), intent))
}

#[test]
fn an_entry_that_was_said_and_moved_waits_twice_and_counts_once() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    let fields = [("text", "Prepare picture cards."), ("owner", "school")];
    let fields: Fields = fields.map(|(name, value)| (name.into(), value.into())).into();
    let post = Intent::Post { thread, kind: "step".into(), fields, answers: None };
    let Answer::Said(entry, _) = asked(&mut engine, Input::Intent(Ticket(2), post)) else {
        panic!("it is said")
    };
    asked(
        &mut engine,
        Input::Intent(Ticket(3), Intent::TakeStep { thread, entry, state: StepState::Doing }),
    );
    let Answer::Waiting(rows) = asked(&mut engine, Input::Query(Ticket(4), Query::Waiting)) else {
        panic!("it waits")
    };
    let of_entry = rows.iter().filter(|row| row.entry == Some(entry)).map(|row| row.what);
    assert_eq!(of_entry.collect::<Vec<_>>(), [Waiting::Entry, Waiting::Move(StepState::Doing)]);
    assert!(rows.iter().any(|row| row.entry.is_none() && row.what == Waiting::Names));
    let Answer::Inbox(inbox, _) = asked(&mut engine, Input::Query(Ticket(5), Query::Inbox)) else {
        panic!("there is an inbox")
    };
    assert_eq!((inbox[0].waiting, inbox[0].stuck), (1, 0));
    assert_eq!(engine.count_waiting(), 1, "as the report of a sync says");
}

#[test]
fn a_home_for_records_founds_nothing_lets_in_nobody_and_takes_its_own_links_alone() {
    let mut records = scene::engine("Lincoln School records", Role::Archive);
    let title = "Maya".to_owned();
    let founded = meant(&mut records, Intent::FoundThread { title });
    assert_eq!(founded, Err(Trouble::ReadsOnly));
    let link = |role| InviteLink {
        relay: scene::relay(),
        thread: ThreadId::new([3; 20]),
        role,
        secret: InviteSecret::new([3; 16]),
    };
    let join = |role| Intent::Join { link: link(role) };
    let wrong = meant(&mut records, join(Role::Teacher));
    assert_eq!(wrong, Err(Trouble::NotForRecords(Role::Teacher)));
    assert!(meant(&mut records, join(Role::Archive)).is_ok());
    let mut teacher = scene::engine("Ms Rivera", Role::Teacher);
    assert_eq!(meant(&mut teacher, join(Role::Archive)), Err(Trouble::ForRecords));
    assert!(meant(&mut teacher, join(Role::Teacher)).is_ok());
}

#[test]
fn an_invite_for_records_is_made_by_a_guardian() {
    for (role, may) in [(Role::Guardian, true), (Role::Teacher, false), (Role::Lead, false)] {
        let mut engine = scene::engine("Somebody", role);
        let thread = scene::found(&mut engine);
        let intent = Intent::Invite { thread, role: Role::Archive, in_person: false };
        let made = meant(&mut engine, intent);
        match may {
            true => assert!(matches!(made, Ok(Answer::Invited(_))), "{role}: {made:?}"),
            false => assert!(matches!(made, Err(Trouble::NotAllowed(_))), "{role}: {made:?}"),
        }
    }
}

#[test]
fn a_copy_of_a_thread_has_every_row_with_who_and_on_which_device() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    let parent = scene::let_in_a_parent(&mut engine, thread);
    let fields: Fields = [("text".to_owned(), "Reading went well.".to_owned())].into();
    let post = Intent::Post { thread, kind: "message".into(), fields, answers: None };
    let Answer::Said(entry, _) = meant(&mut engine, post).unwrap() else { panic!("it is said") };
    let Answer::Export(all) = asked(&mut engine, Input::Query(Ticket(4), Query::Export(thread)))
    else {
        panic!("it is copied")
    };
    let (me, device) = (engine.person(), engine.device());
    assert_eq!((all.title.as_str(), all.by.person, all.device), ("Maya", me, device));
    let [said] = all.entries.as_slice() else { panic!("one entry: {:?}", all.entries) };
    assert_eq!((said.row.entry, said.row.author.person, said.device), (entry, me, Some(device)));
    assert_eq!(said.text, "Reading went well.");
    let [came] = all.events.as_slice() else { panic!("one event: {:?}", all.events) };
    assert_eq!((came.row.fields["event"].as_str(), came.device), ("came", Some(device)));
    let person = PersonId::new([7; 16]).to_string();
    assert_eq!(came.row.fields["person"], person);
    let devices: Vec<DeviceKey> =
        all.members.iter().flat_map(|row| &row.devices).map(|key| key.device).collect();
    assert_eq!(devices, [device, DeviceKey::new(parent.public())]);
    assert_eq!(all.kept_out, KeptOut::default());
}

/// What the rows of a thread say of who came and went: event, whom it is about, and who did it.
fn events(engine: &Engine, thread: ThreadId) -> Vec<(String, String, PersonId)> {
    let rows = engine.rows(&engine.threads[&thread]).into_iter().filter(|row| !row.is_entry());
    let field = |row: &crate::ThreadRow, name: &str| row.fields[name].clone();
    rows.map(|row| (field(&row, "event"), field(&row, "person"), row.author.person)).collect()
}

#[test]
fn a_group_founded_anew_is_shown_with_who_did_it_also_where_nobody_is_left_out() {
    let mut engine = scene::engine("Ms Rivera", Role::Lead);
    let thread = scene::found(&mut engine);
    scene::let_in_a_parent(&mut engine, thread);
    let (me, head) = (engine.person(), engine.threads[&thread].roster.head());
    let parent = PersonId::new([7; 16]);
    let other = SecretKey::from_seed([11; 32]);
    let specialist = Card {
        person: PersonId::new([11; 16]),
        role: Role::Specialist,
        device: DeviceKey::new(other.public()),
        transport: TransportKey::new([12; 32]),
    };
    let out = Leaver {
        device: specialist.device,
        because: Because::Decided,
        words: BoundedVec::default(),
    };
    let admitted = Statement::Admit { card: specialist.clone(), invite: InviteId::new([3; 16]) };
    let with_nobody_out = Statement::Refound { out: Leavers::default() };
    let without = Statement::Refound { out: vec![out].try_into().unwrap() };
    let mut previous = head;
    for statement in [admitted, with_nobody_out, without] {
        let key = &engine.me.identity;
        let link = RosterLink::sign(key, previous, NOW, statement, Handshake::default()).to_item();
        previous = ItemHash::of(&link);
        let state = engine.threads.get_mut(&thread).unwrap();
        assert_eq!(state.roster.insert(&link), Ok(true));
        state.cast = crate::state::Cast::of(&state.roster);
    }
    let said = |event: &str, person: PersonId| (event.to_owned(), person.to_string(), me);
    let gone = specialist.person;
    // Those of one link in the order in which it says them; all were made at one moment.
    let mut shown = events(&engine, thread);
    let founded = shown.iter().position(|event| event.0 == "removed").unwrap();
    assert_eq!(shown[founded - 1], said("refounded", me), "first what was done, then to whom");
    let mut expected = [
        said("came", parent),
        said("came", gone),
        said("refounded", me),
        said("refounded", me),
        said("removed", gone),
    ];
    shown.sort();
    expected.sort();
    assert_eq!(shown, expected);
    let rows = engine.rows(&engine.threads[&thread]);
    let ids: std::collections::BTreeSet<_> = rows.iter().map(|row| row.entry).collect();
    assert_eq!(ids.len(), rows.len(), "a screen can tell them apart");
}
