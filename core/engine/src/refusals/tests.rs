#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    ClientToRelay, Generation, Greeting, ItemHash, PROTOCOL, Refusal, Refused, RelayToClient, Role,
    ThreadId, Timestamp,
};

use crate::{
    Answer, Delivery, Effect, Engine, Fields, Input, Intent, LinkFault, Query, StuckReason,
    ThreadRow, Ticket,
    scene::{self, NOW},
};

/// A teacher with a thread of her own, connected and caught up.
struct Scene {
    engine: Engine,
    now: Timestamp,
    thread: ThreadId,
}

impl Scene {
    fn new() -> Self {
        let mut engine = scene::engine("Ms Rivera", Role::Teacher);
        let thread = scene::found(&mut engine);
        let mut scene = Self { engine, now: NOW, thread };
        scene.connect();
        scene
    }

    fn feed(&mut self, input: Input) -> Vec<Effect> {
        scene::feed(&mut self.engine, self.now, input)
    }

    fn intend(&mut self, intent: Intent) -> Vec<Effect> {
        self.feed(Input::Intent(Ticket(1), intent))
    }

    /// A new connection, up to the end of catching up; gives the items that were pushed.
    fn connect(&mut self) -> Vec<ItemHash> {
        let mut said = self.feed(Input::Online(true));
        said.extend(self.feed(Input::LinkUp));
        let greeting = Greeting {
            version: PROTOCOL,
            generation: Generation::new([3; 16]),
            time: self.now,
            matched: false,
        };
        said.extend(self.feed(Input::Frame(RelayToClient::Greeting(greeting))));
        while self.engine.session.expected > 0 {
            said.extend(self.feed(Input::Frame(RelayToClient::CaughtUp)));
        }
        // What the thread begins with has its receipt.
        self.engine.session.in_flight.clear();
        pushed(&said)
    }

    fn disconnect(&mut self) {
        self.feed(Input::LinkDown(LinkFault::Unreachable));
    }

    fn say(&mut self, text: &str) -> Vec<ItemHash> {
        let fields = Fields::from([("text".to_owned(), text.to_owned())]);
        let kind = "message".to_owned();
        pushed(&self.intend(Intent::Post { thread: self.thread, kind, fields, answers: None }))
    }

    fn refuse(&mut self, items: &[ItemHash], reason: Refusal) -> Vec<ItemHash> {
        let frames = items.iter().map(|item| Refused { item: item.short(), reason });
        let frames: Vec<_> = frames.collect();
        let said = frames
            .into_iter()
            .flat_map(|refused| self.feed(Input::Frame(RelayToClient::Refused(refused))))
            .collect::<Vec<_>>();
        pushed(&said)
    }

    fn rows(&mut self) -> Vec<ThreadRow> {
        let said = self.feed(Input::Query(Ticket(2), Query::Thread(self.thread)));
        let rows = said.into_iter().find_map(|effect| match effect {
            Effect::Answer(_, Ok(Answer::Thread(_, rows))) => Some(rows),
            _ => None,
        });
        rows.unwrap()
    }

    /// What the screen says, line by line: words and state.
    fn screen(&mut self) -> Vec<(String, Delivery)> {
        let rows = self.rows().into_iter();
        rows.map(|row| (row.fields["text"].clone(), row.delivery.unwrap())).collect()
    }

    fn changes(&mut self) -> usize {
        let thread = self.engine.threads.get_mut(&self.thread).unwrap();
        thread.loaded.as_mut().unwrap().doc().unwrap().changes().len()
    }
}

fn pushed(said: &[Effect]) -> Vec<ItemHash> {
    said.iter()
        .filter_map(|effect| match effect {
            Effect::Send(ClientToRelay::Push(push)) => Some(push.items.iter()),
            _ => None,
        })
        .flatten()
        .map(|item| ItemHash::of(item))
        .collect()
}

fn stuck(text: &str, reason: &StuckReason, next_try: Option<Timestamp>) -> (String, Delivery) {
    (text.to_owned(), Delivery::Stuck { reason: reason.clone(), next_try })
}

#[test]
fn what_is_over_a_limit_leaves_the_document_stays_on_the_screen_and_goes_again_a_day_later() {
    let mut scene = Scene::new();
    let begun = scene.changes();
    let items: Vec<ItemHash> = ["one", "two", "three"].iter().flat_map(|t| scene.say(t)).collect();
    assert_eq!(items.len(), 3);
    assert_eq!(scene.refuse(&items[..2], Refusal::OverQuota), [], "one answer is still to come");
    assert_eq!(scene.changes(), begun + 3);
    assert_eq!(scene.refuse(&items[2..], Refusal::OverQuota), []);
    assert_eq!(scene.changes(), begun);
    let day = Some(NOW.plus_ms(super::TRY_AGAIN_MS));
    let screen = ["one", "two", "three"].map(|text| stuck(text, &StuckReason::OverQuota, day));
    assert_eq!(scene.screen(), screen);
    scene.disconnect();
    scene.now = NOW.plus_ms(1_000_000);
    assert!(!scene.connect().iter().any(|item| items.contains(item)));
    assert_eq!(scene.screen(), screen);
    scene.disconnect();
    scene.now = NOW.plus_ms(super::TRY_AGAIN_MS);
    let before = scene.changes();
    scene.connect();
    assert_eq!(scene.changes(), before + 3);
    let screen = ["one", "two", "three"].map(|text| (text.to_owned(), Delivery::OnThisPhone));
    assert_eq!(scene.screen(), screen);
}

#[test]
fn what_was_said_after_a_refused_entry_is_made_again_even_if_the_relay_took_it() {
    let mut scene = Scene::new();
    let begun = scene.changes();
    let first = scene.say("first");
    let second = scene.say("second");
    let thread = scene.engine.threads.get_mut(&scene.thread).unwrap();
    // Its receipt; what it says doesn't matter here.
    scene.engine.session.in_flight.remove(&second[0].short());
    let number = *thread.outbox.keys().last().unwrap();
    thread.outbox.get_mut(&number).unwrap().met = Some(tandem_proto::Seq(9));
    let again = scene.refuse(&first, Refusal::Malformed);
    assert_eq!(again.len(), 1);
    assert_ne!(again, second, "by another incarnation");
    assert_eq!(scene.changes(), begun + 1);
    let second = ("second".to_owned(), Delivery::OnThisPhone);
    assert_eq!(scene.screen(), [stuck("first", &StuckReason::Malformed, None), second]);
}

#[test]
fn words_of_a_device_that_is_not_in_stay_where_they_stand_and_go_when_it_is_let_in() {
    let mut scene = Scene::new();
    let items: Vec<ItemHash> = ["one", "two"].iter().flat_map(|t| scene.say(t)).collect();
    let before = scene.changes();
    scene.refuse(&items, Refusal::NotAMember);
    assert_eq!(scene.changes(), before);
    let screen = ["one", "two"].map(|text| stuck(text, &StuckReason::NotAMember, None));
    assert_eq!(scene.screen(), screen);
    scene.disconnect();
    scene.now = NOW.plus_ms(100_000);
    let again = scene.connect();
    assert!(items.iter().all(|item| again.contains(item)), "the same bytes");
    assert_eq!(scene.screen(), screen, "until the relay has taken them");
}
