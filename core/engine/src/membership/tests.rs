#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    BoundedBytes, Card, DeviceKey, Handshake, InviteId, ItemHash, PersonId, Role, RosterLink,
    SeatRequest, SecretKey, Statement, ThreadId, TransportKey,
};

use crate::{
    Engine,
    keys::group::{Change, GroupKeys as _, Identity, Mls},
    scene,
    state::Cast,
};

fn alone() -> (Engine, ThreadId) {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    (engine, thread)
}

/// The roster takes a link as if the log had shown it, and the group follows.
fn show(engine: &mut Engine, thread: ThreadId, link: Vec<u8>) {
    let state = engine.threads.get_mut(&thread).unwrap();
    assert_eq!(state.roster.insert(&link), Ok(true));
    state.links.links.push(link);
    state.cast = Cast::of(&state.roster);
    engine.follow(&thread);
}

fn card(key: &SecretKey, n: u8) -> Card {
    Card {
        person: PersonId::new([n; 16]),
        role: Role::Guardian,
        device: DeviceKey::new(key.public()),
        transport: TransportKey::new([n; 32]),
    }
}

#[test]
fn a_founder_seals_under_the_first_epoch_and_under_the_next_once_its_link_counts() {
    let (mut engine, thread) = alone();
    let first = engine.threads[&thread].epoch_key().unwrap().clone();
    scene::let_in_a_parent(&mut engine, thread);
    engine.follow(&thread);
    let state = &engine.threads[&thread];
    let second = state.epoch_key().unwrap();
    assert_eq!((first.epoch.0, second.epoch.0), (0, 1));
    assert_ne!(first.secret(), second.secret());
    assert!(state.keys.ring.after(&first.link).is_some(), "what was sealed stays readable");
}

/// A link that names one newcomer and whose commit lets in another.
#[test]
fn a_link_whose_commit_lets_in_another_than_it_says_stops_the_thread() {
    let (mut engine, thread) = alone();
    let parent = scene::let_in_a_parent(&mut engine, thread);
    engine.follow(&thread);
    // The parent's device is no engine of ours: it goes on from the group as the teacher has it.
    let head = engine.threads[&thread].roster.head();
    let (said, spy) = (SecretKey::from_seed([20; 32]), SecretKey::from_seed([21; 32]));
    let spy = Identity { person: PersonId::new([21; 16]), key: &spy };
    let package = Mls.package(&[3; 32], &spy).unwrap();
    let (identity, link) = parents_group(&engine, thread, &parent);
    let me = Identity { person: PersonId::new([7; 16]), key: &parent };
    let change = Change { add: &[&package.public], remove: &[] };
    let changed = Mls.change(&[4; 32], &me, &identity, &change).unwrap();
    let handshake = Handshake {
        commit: changed.commit.try_into().unwrap(),
        welcome: changed.welcome.unwrap().try_into().unwrap(),
    };
    assert_eq!(link, head);
    let statement = Statement::Admit { card: card(&said, 20), invite: InviteId::new([9; 16]) };
    let item =
        RosterLink::sign(&parent, head, tandem_proto::Timestamp(0), statement, handshake).to_item();
    show(&mut engine, thread, item.clone());
    let state = &engine.threads[&thread];
    assert_eq!(state.keys.broken, Some(ItemHash::of(&item)));
    assert!(state.epoch_key().is_none(), "nothing is sealed for somebody who was not named");
}

/// The group as the parent's device has it, by the package of [`scene::let_in_a_parent`].
fn parents_group(
    engine: &Engine,
    thread: ThreadId,
    parent: &SecretKey,
) -> (crate::keys::group::GroupState, ItemHash) {
    let me = Identity { person: PersonId::new([7; 16]), key: parent };
    let package = Mls.package(&[7; 32], &me).unwrap();
    let state = &engine.threads[&thread];
    let head = state.roster.head();
    let members: Vec<_> = state
        .roster
        .members()
        .values()
        .map(|card| crate::keys::group::Member { person: card.person, device: card.device })
        .collect();
    let joining =
        crate::keys::group::Joining { thread: &thread, author: engine.device(), members: &members };
    let link = RosterLink::parse(state.links.links.last().unwrap()).unwrap();
    let group = Mls.join(&me, &package.secret, &link.handshake.welcome, &joining).unwrap();
    (group, head)
}

#[test]
fn a_link_without_a_commit_is_followed_by_nobody() {
    let (mut engine, thread) = alone();
    let parent = scene::let_in_a_parent(&mut engine, thread);
    engine.follow(&thread);
    let head = engine.threads[&thread].roster.head();
    let newcomer = SecretKey::from_seed([20; 32]);
    let statement = Statement::Admit { card: card(&newcomer, 20), invite: InviteId::new([9; 16]) };
    let item = RosterLink::sign(
        &parent,
        head,
        tandem_proto::Timestamp(0),
        statement,
        Handshake::default(),
    )
    .to_item();
    show(&mut engine, thread, item);
    assert!(engine.threads[&thread].keys.broken.is_some());
}

#[test]
fn a_request_with_the_package_of_another_device_is_answered_by_nobody() {
    let (mut engine, thread) = alone();
    let parent = scene::let_in_a_parent(&mut engine, thread);
    engine.follow(&thread);
    let spy = SecretKey::from_seed([21; 32]);
    let spy = Identity { person: PersonId::new([21; 16]), key: &spy };
    let package: BoundedBytes<{ tandem_proto::limits::MAX_PACKAGE_BYTES }> =
        Mls.package(&[3; 32], &spy).unwrap().public.try_into().unwrap();
    let request = SeatRequest::sign(&parent, &thread, package);
    let before = engine.threads[&thread].outbox.len();
    engine.reseat(&thread, request);
    assert_eq!(engine.threads[&thread].outbox.len(), before);
    let me = Identity { person: PersonId::new([7; 16]), key: &parent };
    let own = Mls.package(&[5; 32], &me).unwrap().public.try_into().unwrap();
    engine.reseat(&thread, SeatRequest::sign(&parent, &thread, own));
    assert_eq!(engine.threads[&thread].outbox.len(), before + 1, "its own is");
}

/// The links that wait to leave.
fn links(engine: &Engine, thread: ThreadId) -> Vec<Statement> {
    let waiting = engine.threads[&thread].outbox.values();
    let links = waiting.filter_map(|item| match &item.cargo {
        crate::record::Cargo::Link { item } => RosterLink::parse(item).ok(),
        _ => None,
    });
    links.map(|link| link.statement).collect()
}

#[test]
fn a_device_without_a_seat_asks_and_founds_the_group_anew_when_nobody_answers_for_days() {
    let (mut engine, thread) = alone();
    let parent = scene::let_in_a_parent(&mut engine, thread);
    let me = Identity { person: PersonId::new([7; 16]), key: &parent };
    let package = Mls.package(&[5; 32], &me).unwrap().public.try_into().unwrap();
    let state = engine.threads.get_mut(&thread).unwrap();
    // Copied back to before its own link; and the parent was heard of.
    let head = state.roster.head();
    state.keys.ring.forget(&head);
    state.loaded.as_mut().unwrap().groups.clear();
    state.keys.wanted.push(SeatRequest::sign(&parent, &thread, package));
    engine.unseated(&thread);
    let asked = engine.threads[&thread].keys.request.clone();
    assert!(asked.is_some() && links(&engine, thread).is_empty());
    engine.now = engine.now.plus_ms(3 * 24 * 3600 * 1000);
    engine.unseated(&thread);
    assert_eq!(engine.threads[&thread].keys.request, asked, "the same request, still");
    assert!(links(&engine, thread).is_empty());
    engine.now = engine.now.plus_ms(2 * 24 * 3600 * 1000);
    engine.unseated(&thread);
    assert_eq!(
        links(&engine, thread),
        [Statement::Refound { out: tandem_proto::Leavers::default() }]
    );
}
