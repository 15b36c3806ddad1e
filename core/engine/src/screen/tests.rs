#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::Role;

use crate::{
    Answer, Effect, Engine, Fields, Input, Intent, Query, StepState, Ticket, Waiting,
    scene::{self, NOW},
};

fn asked(engine: &mut Engine, input: Input) -> Answer {
    let said = scene::feed(engine, NOW, input);
    let answer = said.into_iter().find_map(|effect| match effect {
        Effect::Answer(_, answer) => Some(answer.unwrap()),
        _ => None,
    });
    answer.unwrap()
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
