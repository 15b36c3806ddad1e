#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{ErasedBecause, RelayToClient, Role, Timestamp, Tombstone};

use crate::{
    Answer, Effect, Engine, Input, Intent, Query, Ticket, Trouble, Write,
    scene::{self, NOW},
};

/// What it wants done, and what it writes; all of it is durable at once.
fn feed(engine: &mut Engine, input: Input) -> (Vec<Effect>, Vec<Write>) {
    let (mut said, mut writes) = (Vec::new(), Vec::new());
    engine.handle(NOW, input);
    while let Some(effect) = engine.poll_effect() {
        match effect {
            Effect::Persist(id, batch) => {
                writes.extend(batch.writes().iter().cloned());
                engine.handle(NOW, Input::Persisted(id));
            }
            other => said.push(other),
        }
    }
    (said, writes)
}

fn forget(engine: &mut Engine, thread: tandem_proto::ThreadId) -> Vec<Effect> {
    feed(engine, Input::Intent(Ticket(5), Intent::Forget { thread })).0
}

#[test]
fn a_thread_is_forgotten_before_that_is_said_and_is_asked_for_no_more() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    let said = forget(&mut engine, thread);
    let [Effect::Forget(id, of)] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!(*of, thread, "nothing is said before the store has forgotten it");
    let (said, _) = feed(&mut engine, Input::Persisted(*id));
    assert!(
        matches!(said.as_slice(), [Effect::Answer(_, Ok(Answer::Forgotten(of)))] if *of == thread)
    );
    let (said, _) = feed(&mut engine, Input::Query(Ticket(6), Query::Inbox));
    assert!(matches!(&said[0], Effect::Answer(_, Ok(Answer::Inbox(rows, _))) if rows.is_empty()));
    let (said, _) = feed(&mut engine, Input::Query(Ticket(7), Query::Thread(thread)));
    assert!(matches!(&said[0], Effect::Answer(_, Err(Trouble::UnknownThread))));
    let again = forget(&mut engine, thread);
    assert!(matches!(&again[0], Effect::Answer(_, Err(Trouble::UnknownThread))));
}

#[test]
fn whoever_is_still_in_with_others_leaves_first_unless_the_relay_has_erased_it() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    scene::let_in_a_parent(&mut engine, thread);
    let said = forget(&mut engine, thread);
    assert!(matches!(&said[0], Effect::Answer(_, Err(Trouble::NotAllowed(_)))), "{said:?}");
    let because = ErasedBecause::Operator;
    let words = String::new().try_into().unwrap();
    let stone = Tombstone::sign(&scene::relay_key(), thread, Timestamp(1), because, words);
    engine.thread_erased(stone);
    let said = forget(&mut engine, thread);
    assert!(matches!(said.as_slice(), [Effect::Forget(..)]), "{said:?}");
    // The relay may go on about it.
    feed(&mut engine, Input::Frame(RelayToClient::UnknownThread(thread)));
}

#[test]
fn what_is_said_of_it_elsewhere_goes_too() {
    let mut engine = scene::engine("Ms Rivera", Role::Teacher);
    let thread = scene::found(&mut engine);
    let invite = Intent::Invite { thread, role: Role::Guardian, in_person: false };
    feed(&mut engine, Input::Intent(Ticket(3), invite));
    assert_eq!(engine.invites.len(), 1);
    let (_, writes) = feed(&mut engine, Input::Intent(Ticket(5), Intent::Forget { thread }));
    assert!(engine.invites.is_empty());
    assert!(writes.iter().any(|write| matches!(write, Write::Delete(_))));
    let named = |bytes: &[u8]| bytes.windows(20).any(|window| window == thread.as_bytes());
    for write in writes {
        assert!(!matches!(write, Write::Put(_, value) if named(&value)), "nothing names it again");
    }
}
