#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use tandem_proto::{
    ClientToRelay, Deliver, Generation, Greeting, Item, PROTOCOL, RelayToClient, Role, RosterLink,
    Seq, ThreadId,
};

use crate::{
    Answer, Effect, Engine, Fields, Input, Intent, Query, StuckReason, Ticket,
    record::{RecordError, RosterRecord},
    scene::{self, NOW},
    state::Thread,
};

/// A teacher whose thread has a parent in it, connected; and the log so far.
struct Scene {
    engine: Engine,
    thread: ThreadId,
    log: Vec<Vec<u8>>,
}

impl Scene {
    fn new() -> Self {
        let mut engine = scene::engine("Ms Rivera", Role::Teacher);
        let thread = scene::found(&mut engine);
        scene::let_in_a_parent(&mut engine, thread);
        engine.follow(&thread);
        let log = engine.threads[&thread].links.links.clone();
        let mut scene = Self { engine, thread, log };
        scene.connects();
        scene
    }

    fn feed(&mut self, input: Input) -> Vec<Effect> {
        scene::feed(&mut self.engine, NOW, input)
    }

    fn frame(&mut self, frame: RelayToClient) -> Vec<Effect> {
        self.feed(Input::Frame(frame))
    }

    fn connects(&mut self) {
        self.feed(Input::LinkDown(crate::LinkFault::Unreachable));
        self.feed(Input::Online(true));
        self.feed(Input::LinkUp);
        self.frame(RelayToClient::Greeting(Greeting {
            version: PROTOCOL,
            generation: Generation::new([3; 16]),
            time: NOW,
            matched: false,
        }));
    }

    fn delivers(&mut self, first: u64, items: &[Vec<u8>]) -> Vec<Effect> {
        let items: Vec<Item> = items.iter().map(|item| item.clone().try_into().unwrap()).collect();
        let items = items.try_into().unwrap();
        let deliver = Deliver { thread: self.thread, first: Seq(first), items };
        let mut said = self.frame(RelayToClient::Deliver(deliver));
        said.extend(self.frame(RelayToClient::CaughtUp));
        said
    }

    fn says(&mut self, text: &str) -> Vec<Effect> {
        let fields: Fields = [("text".to_owned(), text.to_owned())].into();
        let thread = self.thread;
        let post = Intent::Post { thread, kind: "message".into(), fields, answers: None };
        self.feed(Input::Intent(Ticket(7), post))
    }

    fn inbox(&mut self) -> crate::InboxRow {
        let said = self.feed(Input::Query(Ticket(8), Query::Inbox));
        let rows = said.into_iter().find_map(|effect| match effect {
            Effect::Answer(_, Ok(Answer::Inbox(rows, _))) => Some(rows),
            _ => None,
        });
        rows.unwrap().remove(0)
    }

    fn stuck(&self) -> Vec<Option<StuckReason>> {
        let waiting = self.engine.threads[&self.thread].outbox.values();
        waiting.filter(|item| item.met.is_none()).map(|item| item.refused.clone()).collect()
    }

    /// A link behind the newest one, with a statement of a number that is not known here.
    fn newer_link(&self) -> Vec<u8> {
        let head = self.engine.threads[&self.thread].roster.head();
        let item = postcard::to_extend(&(head, NOW, 99u32), vec![1, 16]).unwrap();
        assert!(
            self.log.iter().all(|link| RosterLink::parse(link).is_ok() && link[..2] == [1, 16])
        );
        [item, vec![5; 300]].concat()
    }
}

fn pushed(said: &[Effect]) -> usize {
    let items = said.iter().map(|effect| match effect {
        Effect::Send(ClientToRelay::Push(push)) => push.items.len(),
        _ => 0,
    });
    items.sum()
}

#[test]
fn a_link_of_a_newer_version_stops_nobody_falsely_and_says_that_a_newer_one_is_needed() {
    let mut scene = Scene::new();
    let newer = scene.newer_link();
    let log = [scene.log.clone(), vec![newer.clone(), vec![1, 1, 3, 9, 9]]].concat();
    scene.delivers(1, &log);
    let before = scene.log.len() as u64;
    for again in 0..2 {
        let thread = &scene.engine.threads[&scene.thread];
        assert_eq!(thread.record.seq, Seq(before), "read up to it and no further ({again})");
        assert_eq!((&thread.keys.misdeeds, thread.keys.broken), (&Vec::new(), None));
        assert!(thread.record.except.is_empty(), "nobody is told that it was passed over");
        let said = scene.says("Reading went well.");
        assert_eq!(pushed(&said), 0, "nothing is sealed behind what can't be read");
        let stuck = scene.stuck();
        let why = Some(StuckReason::NewerVersionNeeded);
        assert!(!stuck.is_empty() && stuck.iter().all(|reason| *reason == why), "{stuck:?}");
        let row = scene.inbox();
        assert!(row.newer_version_needed && row.stuck == again + 1, "{row:?}");
        assert_eq!(row.as_of, None, "it does not have everything");
        // On the next connection it is the same.
        scene.connects();
        scene.delivers(before + 1, std::slice::from_ref(&newer));
    }
}

#[test]
fn a_newer_version_goes_on_where_an_older_one_stood_still() {
    let mut scene = Scene::new();
    let newer = scene.newer_link();
    // The older version stood still before the parent's link; the newer one can read it.
    let [genesis, link] = scene.log.clone().try_into().unwrap();
    scene.delivers(1, &[genesis, newer]);
    scene.says("Reading went well.");
    assert!(scene.inbox().newer_version_needed);
    scene.connects();
    let said = scene.delivers(2, &[link]);
    let thread = &scene.engine.threads[&scene.thread];
    assert_eq!((thread.record.seq, thread.keys.newer), (Seq(2), None));
    assert!(pushed(&said) > 0, "what waited goes");
    assert!(scene.stuck().iter().all(Option::is_none), "and says nothing else");
    let row = scene.inbox();
    assert!(!row.newer_version_needed && row.stuck == 0);
}

#[test]
fn another_log_may_have_nothing_that_a_newer_version_is_needed_for() {
    let mut scene = Scene::new();
    let newer = scene.newer_link();
    let log = [scene.log.clone(), vec![newer]].concat();
    scene.delivers(1, &log);
    assert!(scene.inbox().newer_version_needed);
    let greeting = Greeting {
        version: PROTOCOL,
        generation: Generation::new([4; 16]),
        time: NOW,
        matched: false,
    };
    scene.frame(RelayToClient::Greeting(greeting));
    scene.delivers(1, &scene.log.clone());
    let row = scene.inbox();
    assert!(!row.newer_version_needed && row.stuck == 0, "{row:?}");
}

#[test]
fn an_older_version_leaves_a_thread_alone_that_has_a_newer_link() {
    let scene = Scene::new();
    let thread = &scene.engine.threads[&scene.thread];
    let open = |links: Vec<Vec<u8>>| {
        let (record, keys) = (thread.record.clone(), thread.keys.clone());
        let links = RosterRecord { links, receipts: Vec::new() };
        Thread::new(scene.thread, record, links, keys, thread.inbox.clone()).map(|_| ())
    };
    assert_eq!(open(scene.log.clone()), Ok(()));
    let newer = [scene.log.clone(), vec![scene.newer_link()]].concat();
    assert!(matches!(open(newer), Err(RecordError::Newer(_))), "and does not call it damaged");
    let spoiled = [scene.log.clone(), vec![vec![1, 16, 0]]].concat();
    assert_eq!(open(spoiled), Err(RecordError::Malformed));
}
