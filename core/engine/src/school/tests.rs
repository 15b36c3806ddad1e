#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    Generation, Greeting, PROTOCOL, Refusal, Refused, RelayKey, RelayLink, RelayToClient, Role,
    SchoolId, SchoolPass, SchoolToken, SignedCursors, Timestamp, cursor_root,
};

use super::*;
use crate::{
    Delivery, Effect, Input, Intent, Query, Ticket,
    scene::{self, NOW},
};

fn link(n: u8) -> SchoolLink {
    let pass = SchoolPass { school: SchoolId::new([n; 16]), token: SchoolToken::new([n + 1; 16]) };
    SchoolLink { relay: scene::relay(), pass }
}

fn feed(engine: &mut Engine, now: Timestamp, input: Input) -> Vec<Effect> {
    scene::feed(engine, now, input)
}

fn join(engine: &mut Engine, link: SchoolLink) -> Vec<Effect> {
    feed(engine, NOW, Input::Intent(Ticket(7), Intent::JoinSchool { link }))
}

fn frame(engine: &mut Engine, now: Timestamp, frame: RelayToClient) -> Vec<Effect> {
    feed(engine, now, Input::Frame(frame))
}

fn sent(said: &[Effect]) -> Vec<&ClientToRelay> {
    let frames = said.iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Some(frame),
        _ => None,
    });
    frames.collect()
}

fn pushes(said: &[Effect]) -> Vec<Refused> {
    let items = sent(said).into_iter().filter_map(|frame| match frame {
        ClientToRelay::Push(push) => Some(push.items.iter()),
        _ => None,
    });
    let refused = |item: &tandem_proto::Item| Refused {
        item: tandem_proto::ItemHash::of(item).short(),
        reason: Refusal::NotAdmitted,
    };
    items.flatten().map(refused).collect()
}

/// A new connection, greeted and caught up.
fn connect(engine: &mut Engine, now: Timestamp) -> Vec<Effect> {
    let mut said = feed(engine, now, Input::Online(true));
    said.extend(feed(engine, now, Input::LinkUp));
    let generation = Generation::new([3; 16]);
    let greeting = Greeting { version: PROTOCOL, generation, time: now, matched: false };
    said.extend(frame(engine, now, RelayToClient::Greeting(greeting)));
    said.extend(catch_up(engine, now));
    said
}

fn catch_up(engine: &mut Engine, now: Timestamp) -> Vec<Effect> {
    let mut said = Vec::new();
    while engine.session.expected > 0 {
        said.extend(frame(engine, now, RelayToClient::CaughtUp));
    }
    said
}

/// The relay refuses all of it, and signs the cursors that are then claimed.
fn refuse(engine: &mut Engine, now: Timestamp, refused: &[Refused]) {
    for refused in refused {
        frame(engine, now, RelayToClient::Refused(refused.clone()));
    }
    if let Some((set, _)) = engine.session.claimed.clone() {
        let (device, generation) = (engine.me.transport_key, Generation::new([3; 16]));
        let root = cursor_root(&set);
        let signed = SignedCursors::sign(&scene::relay_key(), &device, generation, now, root);
        frame(engine, now, RelayToClient::CursorsSigned(signed));
    }
}

fn school(engine: &mut Engine) -> Option<HomeSchool> {
    let said = feed(engine, NOW, Input::Query(Ticket(2), Query::Device));
    said.into_iter().find_map(|effect| match effect {
        Effect::Answer(_, Ok(Answer::Device(row))) => Some(row.school),
        _ => None,
    })?
}

#[test]
fn a_school_is_shown_before_hello_on_each_connection_and_what_came_of_it_is_kept() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    join(&mut engine, link(1));
    let waiting = HomeSchool { school: SchoolId::new([1; 16]), enrolment: None };
    assert_eq!(school(&mut engine), Some(waiting));
    for _ in 0..2 {
        let said = connect(&mut engine, NOW);
        assert_eq!(sent(&said)[0], &ClientToRelay::School(link(1).pass));
        assert!(matches!(sent(&said)[1], ClientToRelay::Hello(_)));
        feed(&mut engine, NOW, Input::LinkDown(crate::LinkFault::Unreachable));
    }
    connect(&mut engine, NOW);
    // What is said of another school is not about ours.
    for (n, expected) in [(9, None), (1, Some(Enrolment::Full))] {
        let answer = SchoolAnswer { school: SchoolId::new([n; 16]), enrolment: Enrolment::Full };
        frame(&mut engine, NOW, RelayToClient::School(answer));
        assert_eq!(school(&mut engine).unwrap().enrolment, expected);
    }
    // Another school on a live connection is shown at once.
    let said = join(&mut engine, link(2));
    assert_eq!(sent(&said), [&ClientToRelay::School(link(2).pass)]);
    assert_eq!(school(&mut engine).unwrap().enrolment, None);
}

#[test]
fn a_link_of_another_relay_is_not_taken() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let relay = RelayLink { key: RelayKey::new([1; 32]), ..scene::relay() };
    let said = join(&mut engine, SchoolLink { relay, ..link(1) });
    let answers: Vec<_> =
        said.iter().filter(|e| matches!(e, Effect::Answer(_, Err(Trouble::OtherRelay)))).collect();
    assert_eq!(answers.len(), 1);
    assert_eq!(school(&mut engine), None);
}

#[test]
fn a_thread_that_is_not_admitted_waits_says_why_and_goes_when_the_school_is_joined() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    let fields = [("text".to_owned(), "Reading went well.".to_owned())].into();
    let kind = "message".to_owned();
    feed(
        &mut engine,
        NOW,
        Input::Intent(Ticket(3), Intent::Post { thread, kind, fields, answers: None }),
    );
    let said = connect(&mut engine, NOW);
    let refused = pushes(&said);
    assert!(!refused.is_empty());
    refuse(&mut engine, NOW, &refused);
    assert!(engine.session.settled, "there is nothing else to do");
    let state = |engine: &mut Engine| {
        let said = feed(engine, NOW, Input::Query(Ticket(4), Query::Thread(thread)));
        said.into_iter().find_map(|effect| match effect {
            Effect::Answer(_, Ok(Answer::Thread(_, rows))) => rows[0].delivery.clone(),
            _ => None,
        })
    };
    let reason = crate::StuckReason::NotAdmitted;
    assert_eq!(state(&mut engine), Some(Delivery::Stuck { reason, next_try: None }));
    // It is offered again after a while by itself.
    let later = engine.poll_timeout().unwrap();
    assert!(later <= NOW.plus_ms(OFFER_AGAIN_MS));
    let mut said = feed(&mut engine, later, Input::Tick);
    said.extend(catch_up(&mut engine, later));
    assert_eq!(pushes(&said), refused);
    refuse(&mut engine, later, &refused);
    // And at once when the school is joined.
    let joins = Intent::JoinSchool { link: link(1) };
    let said = feed(&mut engine, later, Input::Intent(Ticket(8), joins));
    assert_eq!(pushes(&said), [], "not before the relay has answered");
    let answer = SchoolAnswer { school: SchoolId::new([1; 16]), enrolment: Enrolment::Enrolled };
    let mut said = frame(&mut engine, later, RelayToClient::School(answer));
    said.extend(catch_up(&mut engine, later));
    assert_eq!(pushes(&said), refused);
}
