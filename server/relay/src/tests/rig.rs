//! A relay with a log in memory that answers commits and reads.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tandem_proto::{
    ChainHash, Claim, ClaimedCursor, ClientToRelay, Closing, Cursors, Generation, Hello, Item,
    PROTOCOL, Push, RelayKey, RelayToClient, SecretKey, Seq, ThreadCursor, ThreadId, Timestamp,
    Wire, cursor_digest, cursor_root,
};

pub(super) use super::{device::*, told::*};
use crate::{
    AdminError, AdminReply, CommitId, Config, ConnId, Effect, Input, ReadId, Record, Relay, Sieve,
};

#[derive(Debug, Clone)]
pub(super) struct ReadAsked {
    pub(super) id: ReadId,
    pub(super) thread: ThreadId,
    pub(super) first: Seq,
    count: usize,
    bytes: usize,
}

pub(super) struct Rig {
    pub(super) relay: Relay,
    pub(super) now: Timestamp,
    /// What is durable.
    pub(super) journal: Vec<Record>,
    logs: BTreeMap<ThreadId, Vec<Vec<u8>>>,
    /// Frames per connection since they were last taken.
    sent: BTreeMap<ConnId, Vec<RelayToClient>>,
    pub(super) closed: BTreeSet<ConnId>,
    pub(super) commits: VecDeque<(CommitId, Vec<Record>)>,
    pub(super) reads: VecDeque<ReadAsked>,
    /// Bytes that were sent and not drained.
    pub(super) undrained: BTreeMap<ConnId, usize>,
    pub(super) auto_commit: bool,
    pub(super) auto_read: bool,
    pub(super) slow: BTreeSet<ConnId>,
    /// Every effect, as text.
    pub(super) trace: Vec<String>,
    /// Answers to whoever runs the relay.
    pub(super) answers: Vec<Result<AdminReply, AdminError>>,
    /// How often the store was rebuilt.
    pub(super) rebuilt: u32,
    next_conn: u64,
}

pub(super) fn relay_key() -> SecretKey {
    SecretKey::from_seed([250; 32])
}

pub(super) fn public_key() -> RelayKey {
    RelayKey::new(relay_key().public())
}

/// With the feature `planted`, the fault that `TANDEM_PLANT` names is in the relay: then these
/// tests have to fail.
#[allow(clippy::disallowed_methods, reason = "who runs the tests says which fault to plant")]
fn plant() {
    #[cfg(feature = "planted")]
    if let Ok(name) = std::env::var("TANDEM_PLANT") {
        use tandem_proto::planted::{Fault, plant};
        plant(Some(*Fault::ALL.iter().find(|fault| fault.name() == name).unwrap()));
    }
}

impl Rig {
    pub(super) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(super) fn with(config: Config) -> Self {
        Self::restored(config, 1, Vec::new())
    }

    pub(super) fn restored(config: Config, seed: u8, journal: Vec<Record>) -> Self {
        plant();
        let now = Timestamp(1_700_000_000_000);
        let relay = Relay::restore(now, config, relay_key(), [seed; 32], journal.clone()).unwrap();
        let mut rig = Self {
            relay,
            now,
            journal: Vec::new(),
            logs: BTreeMap::new(),
            sent: BTreeMap::new(),
            closed: BTreeSet::new(),
            commits: VecDeque::new(),
            reads: VecDeque::new(),
            undrained: BTreeMap::new(),
            auto_commit: true,
            auto_read: true,
            slow: BTreeSet::new(),
            trace: Vec::new(),
            answers: Vec::new(),
            rebuilt: 0,
            next_conn: 0,
        };
        rig.write(journal);
        rig.run();
        rig
    }

    fn write(&mut self, records: Vec<Record>) {
        for record in &records {
            if let Record::Append { thread, item, .. } = record {
                self.logs.entry(*thread).or_default().push(item.clone());
            }
        }
        self.journal.extend(records);
    }

    pub(super) fn handle(&mut self, input: Input) {
        self.relay.handle(self.now, input);
        self.run();
    }

    /// Performs effects, and what is automatic, until nothing is left.
    pub(super) fn run(&mut self) {
        loop {
            let mut drained = Vec::new();
            while let Some(effect) = self.relay.poll_effect() {
                self.trace.push(format!("{effect:?}"));
                match effect {
                    Effect::Send(conn, frame) => {
                        assert!(!self.closed.contains(&conn), "nothing after a close: {frame:?}");
                        let bytes = frame.to_bytes().len();
                        assert!(bytes <= 4 + tandem_proto::limits::MAX_FRAME_BYTES);
                        if self.slow.contains(&conn) {
                            *self.undrained.entry(conn).or_default() += bytes;
                        } else {
                            drained.push((conn, bytes));
                        }
                        self.sent.entry(conn).or_default().push(frame);
                    }
                    Effect::Admin(_, answer) => self.answers.push(answer),
                    Effect::Rebuild => self.rebuild(),
                    Effect::Close(conn) => drop(self.closed.insert(conn)),
                    Effect::Commit(id, records) => self.commits.push_back((id, records)),
                    Effect::Read { id, thread, first, count, bytes } => {
                        self.reads.push_back(ReadAsked { id, thread, first, count, bytes });
                    }
                }
            }
            let commits = self.auto_commit && !self.commits.is_empty();
            let reads = self.auto_read && !self.reads.is_empty();
            if drained.is_empty() && !commits && !reads {
                return;
            }
            for (conn, bytes) in drained {
                self.relay.handle(self.now, Input::Drained(conn, bytes));
            }
            if self.auto_commit {
                self.commit_without_running();
            }
            if self.auto_read {
                self.answer_read();
            }
        }
    }

    fn commit_without_running(&mut self) {
        if let Some((id, records)) = self.commits.pop_front() {
            self.write(records);
            self.relay.handle(self.now, Input::Committed(id));
        }
    }

    /// Keeps of the journal what a rebuilt store would.
    fn rebuild(&mut self) {
        let mut sieve = Sieve::new();
        self.journal.iter().for_each(|record| sieve.look(record));
        self.journal.retain(|record| sieve.keeps(record));
        self.rebuilt += 1;
    }

    /// Makes the oldest outstanding commit durable.
    pub(super) fn commit(&mut self) {
        assert!(!self.commits.is_empty(), "a commit is outstanding");
        self.commit_without_running();
        self.run();
    }

    fn answer_read(&mut self) {
        let Some(read) = self.reads.pop_front() else { return };
        let log = self.logs.get(&read.thread).map_or(&[][..], Vec::as_slice);
        let from = usize::try_from(read.first.0).unwrap() - 1;
        assert!(from + read.count <= log.len(), "reads what is durable only");
        let (mut items, mut bytes) = (Vec::new(), 0);
        for item in &log[from..from + read.count] {
            bytes += item.len();
            if bytes > read.bytes && !items.is_empty() {
                break;
            }
            items.push(item.clone());
        }
        self.relay.handle(self.now, Input::Items(read.id, items));
    }

    /// Takes everything off a slow connection's queue.
    pub(super) fn drain(&mut self, conn: ConnId) {
        let bytes = self.undrained.remove(&conn).unwrap_or(0);
        self.handle(Input::Drained(conn, bytes));
    }

    pub(super) fn open(&mut self, device: &Device) -> ConnId {
        let conn = ConnId(self.next_conn);
        self.next_conn += 1;
        self.handle(Input::Connected(conn, device.transport()));
        conn
    }

    /// Connects and says hello as a device that was never here.
    pub(super) fn connect(&mut self, device: &Device) -> ConnId {
        self.connect_as(device, None, &[])
    }

    pub(super) fn connect_as(
        &mut self,
        device: &Device,
        generation: Option<Generation>,
        cursors: &[ThreadCursor],
    ) -> ConnId {
        self.connect_with(device, generation, cursors, 0)
    }

    /// Says hello with cursors that were claimed with revisions of this sum.
    pub(super) fn connect_with(
        &mut self,
        device: &Device,
        generation: Option<Generation>,
        cursors: &[ThreadCursor],
        acks: u64,
    ) -> ConnId {
        let conn = self.open(device);
        let digest = cursor_digest(&cursor_root(cursors), acks);
        self.frame(conn, ClientToRelay::Hello(Hello { version: PROTOCOL, generation, digest }));
        conn
    }

    pub(super) fn frame(&mut self, conn: ConnId, frame: ClientToRelay) {
        self.handle(Input::Frame(conn, frame));
    }

    pub(super) fn push(&mut self, conn: ConnId, thread: ThreadId, items: &[Vec<u8>]) {
        let items: Vec<Item> = items.iter().cloned().map(|i| i.try_into().unwrap()).collect();
        let push = Push { thread, items: items.try_into().unwrap() };
        self.frame(conn, ClientToRelay::Push(push));
    }

    /// Sends a whole list of cursors.
    pub(super) fn cursors(&mut self, conn: ConnId, cursors: &[ThreadCursor]) {
        let generation = self.relay.generation();
        let cursors = cursors.to_vec().try_into().unwrap();
        let list = Cursors { generation, cursors, first: true, last: true };
        self.frame(conn, ClientToRelay::Cursors(list));
    }

    /// Claims that these are all cursors of the device, each with all acknowledgements.
    pub(super) fn claim(&mut self, conn: ConnId, cursors: &[ThreadCursor]) {
        self.claim_acks(conn, cursors, u64::MAX);
    }

    pub(super) fn claim_acks(&mut self, conn: ConnId, cursors: &[ThreadCursor], acks: u64) {
        let moved: Vec<_> = cursors
            .iter()
            .map(|cursor| ClaimedCursor { thread: cursor.thread, seq: cursor.seq, acks })
            .collect();
        let mut sorted = cursors.to_vec();
        sorted.sort();
        let claim = Claim {
            generation: self.relay.generation(),
            moved: moved.try_into().unwrap(),
            root: Some(cursor_root(&sorted)),
        };
        self.frame(conn, ClientToRelay::Claim(claim));
    }

    /// What was sent on a connection since the last look.
    pub(super) fn take(&mut self, conn: ConnId) -> Vec<RelayToClient> {
        self.sent.remove(&conn).unwrap_or_default()
    }

    pub(super) fn closing(&mut self, conn: ConnId) -> Option<Closing> {
        assert!(self.closed.contains(&conn), "still open");
        match self.take(conn).pop() {
            Some(RelayToClient::Closing(why)) => Some(why),
            _ => None,
        }
    }

    pub(super) fn head(&self, thread: ThreadId) -> Seq {
        self.relay.threads.get(&thread).map_or(Seq(0), |thread| thread.durable)
    }

    pub(super) fn cursor(&self, thread: ThreadId, seq: u64) -> ThreadCursor {
        let chain = if seq == 0 {
            ChainHash::start(&thread)
        } else {
            self.relay.threads[&thread].chain(Seq(seq)).unwrap()
        };
        ThreadCursor { thread, seq: Seq(seq), chain }
    }

    pub(super) fn cursor_at_head(&self, thread: ThreadId) -> ThreadCursor {
        self.cursor(thread, self.head(thread).0)
    }

    pub(super) fn log(&self, thread: ThreadId) -> &[Vec<u8>] {
        self.logs.get(&thread).map_or(&[], Vec::as_slice)
    }
}

/// A thread of several members, the first its founder; pushed on a connection that is closed
/// again.
pub(super) fn thread_of(rig: &mut Rig, members: &[&Device], nonce: u8) -> ThreadId {
    let (thread, genesis) = members[0].found(nonce);
    let mut links = vec![genesis];
    for member in &members[1..] {
        links.push(members[0].admit(member, links.last().unwrap()));
    }
    let conn = rig.connect(members[0]);
    rig.push(conn, thread, &links);
    rig.handle(Input::Disconnected(conn));
    assert_eq!(rig.head(thread), Seq(links.len() as u64));
    thread
}
