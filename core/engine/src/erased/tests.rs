#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    BoundedStr, ErasedBecause, Generation, Greeting, PROTOCOL, RelayToClient, Role, SecretKey,
    ThreadId, Timestamp, Tombstone,
};

use super::*;
use crate::{
    Answer, Effect, Input, Intent, Query, Ticket, Trouble,
    scene::{self, NOW},
};

fn stone(key: &SecretKey, thread: ThreadId) -> Tombstone {
    let words = String::from("the family asked").try_into().unwrap_or_default();
    Tombstone::sign(key, thread, Timestamp(5), ErasedBecause::Operator, words)
}

fn frame(engine: &mut Engine, frame: RelayToClient) -> Vec<Effect> {
    scene::feed(engine, NOW, Input::Frame(frame))
}

/// A new connection, greeted.
fn connect(engine: &mut Engine, matched: bool) -> Vec<Effect> {
    let mut said = scene::feed(engine, NOW, Input::Online(true));
    said.extend(scene::feed(engine, NOW, Input::LinkUp));
    let generation = Generation::new([3; 16]);
    let greeting = Greeting { version: PROTOCOL, generation, time: NOW, matched };
    said.extend(frame(engine, RelayToClient::Greeting(greeting)));
    said
}

fn sent(said: &[Effect]) -> Vec<&ClientToRelay> {
    let frames = said.iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Some(frame),
        _ => None,
    });
    frames.collect()
}

fn named(said: &[Effect]) -> usize {
    let cursors = sent(said).into_iter().map(|frame| match frame {
        ClientToRelay::Cursors(cursors) => cursors.cursors.len(),
        _ => 0,
    });
    cursors.sum()
}

fn means(engine: &mut Engine, intent: Intent) -> Result<Answer, Trouble> {
    let said = scene::feed(engine, NOW, Input::Intent(Ticket(9), intent));
    let answer = said.into_iter().find_map(|effect| match effect {
        Effect::Answer(_, answer) => Some(answer),
        _ => None,
    });
    answer.unwrap()
}

fn inbox(engine: &mut Engine) -> crate::InboxRow {
    let said = scene::feed(engine, NOW, Input::Query(Ticket(2), Query::Inbox));
    let rows = said.into_iter().find_map(|effect| match effect {
        Effect::Answer(_, Ok(Answer::Inbox(rows, _))) => Some(rows),
        _ => None,
    });
    rows.unwrap().remove(0)
}

#[test]
fn an_erased_thread_is_named_and_pushed_no_more_and_its_tombstone_is_shown_in_its_place() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    assert_eq!(named(&connect(&mut engine, false)), 1);
    let stone = stone(&scene::relay_key(), thread);
    let said = frame(&mut engine, RelayToClient::Erased(stone.clone()));
    assert!(sent(&said).is_empty());
    let row = inbox(&mut engine).erased.unwrap();
    assert_eq!((row.at, row.words.as_str()), (Timestamp(5), "the family asked"));

    for matched in [false, true] {
        scene::feed(&mut engine, NOW, Input::Online(false));
        let said = connect(&mut engine, matched);
        let shown = sent(&said).contains(&&ClientToRelay::Erased(stone.clone()));
        assert_eq!(shown, !matched, "to a relay that may have lost it");
        assert_eq!(named(&said), 0);
        assert!(!sent(&said).iter().any(|frame| matches!(frame, ClientToRelay::Push(_))));
    }
    // What a relay says of it all the same is heard by nobody.
    assert!(sent(&frame(&mut engine, RelayToClient::UnknownThread(thread))).is_empty());
    assert!(sent(&frame(&mut engine, RelayToClient::OffChain(thread))).is_empty());
}

#[test]
fn nothing_is_added_to_an_erased_thread_and_looking_at_it_is_no_fault() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    connect(&mut engine, false);
    frame(&mut engine, RelayToClient::Erased(stone(&scene::relay_key(), thread)));
    let fields = [("text".to_owned(), "More".to_owned())].into();
    let post = Intent::Post { thread, kind: "message".into(), fields, answers: None };
    let invite = Intent::Invite { thread, role: Role::Guardian, in_person: false };
    for intent in [post, invite, Intent::Leave { thread }] {
        assert_eq!(means(&mut engine, intent), Err(Trouble::Erased));
    }
    assert_eq!(
        means(&mut engine, Intent::MarkSeen { thread, entries: None }),
        Ok(Answer::Marked(0))
    );
}

#[test]
fn a_tombstone_of_another_relay_or_of_another_thread_is_not_believed() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    connect(&mut engine, false);
    let other = stone(&scene::relay_key(), ThreadId::new([9; 20]));
    let words = BoundedStr::default();
    let forged = [
        stone(&SecretKey::from_seed([8; 32]), thread),
        Tombstone { thread, ..other.clone() },
        Tombstone { words, ..stone(&scene::relay_key(), thread) },
        other,
    ];
    for stone in forged {
        frame(&mut engine, RelayToClient::Erased(stone));
        assert_eq!(inbox(&mut engine).erased, None);
    }
}
