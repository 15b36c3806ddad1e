//! A relay with a log in memory that answers commits and reads, and devices with keys.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tandem_proto::{
    Acknowledgement, BoundedVec, Card, ChainHash, Claim, ClaimedCursor, ClientToRelay, Closing,
    Cursors, Deliver, DeviceKey, EnvelopeHeader, EnvelopeKind, Epoch, Generation, Hash16, Hello,
    InviteId, Item, ItemHash, PROTOCOL, PersonId, Push, Receipt, Refusal, RelayKey, RelayToClient,
    Role, RosterLink, SecretKey, Seq, SignedCursors, Statement, ThreadCursor, ThreadId, ThreadKind,
    Timestamp, TransportKey, Wire, cursor_digest, cursor_root,
};

use crate::{CommitId, Config, ConnId, Effect, Input, ReadId, Record, Relay};

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
    next_conn: u64,
}

pub(super) fn relay_key() -> SecretKey {
    SecretKey::from_seed([250; 32])
}

pub(super) fn public_key() -> RelayKey {
    RelayKey::new(relay_key().public())
}

impl Rig {
    pub(super) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(super) fn with(config: Config) -> Self {
        Self::restored(config, 1, Vec::new())
    }

    pub(super) fn restored(config: Config, seed: u8, journal: Vec<Record>) -> Self {
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
                    Effect::Close(conn) => drop(self.closed.insert(conn)),
                    Effect::Commit(id, records) => self.commits.push_back((id, records)),
                    Effect::Read { id, thread, first, count, bytes } => {
                        self.reads.push_back(ReadAsked { id, thread, first, count, bytes });
                    }
                }
            }
            if drained.is_empty()
                && !(self.auto_commit && !self.commits.is_empty())
                && !(self.auto_read && !self.reads.is_empty())
            {
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
        let conn = self.open(device);
        let digest = cursor_digest(&cursor_root(cursors));
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

/// A device of a person of its own.
#[derive(Clone)]
pub(super) struct Device {
    n: u8,
    pub(super) identity: SecretKey,
}

impl Device {
    pub(super) fn new(n: u8) -> Self {
        assert!(n < 100);
        Self { n, identity: SecretKey::from_seed([n; 32]) }
    }

    pub(super) fn transport(&self) -> TransportKey {
        TransportKey::new(SecretKey::from_seed([self.n + 100; 32]).public())
    }

    pub(super) fn card(&self) -> Card {
        Card {
            person: PersonId::new([self.n; 16]),
            role: Role::Teacher,
            device: DeviceKey::new(self.identity.public()),
            transport: self.transport(),
        }
    }

    /// Founds a thread: its id and its genesis.
    pub(super) fn found(&self, nonce: u8) -> (ThreadId, Vec<u8>) {
        let statement = Statement::Genesis {
            kind: ThreadKind::Joint,
            nonce: [nonce; 16],
            founder: self.card(),
        };
        let genesis = RosterLink::sign(&self.identity, None, statement).to_item();
        (ThreadId::of_genesis(&genesis), genesis)
    }

    /// A link that lets another in after `previous`.
    pub(super) fn admit(&self, other: &Self, previous: &[u8]) -> Vec<u8> {
        let statement =
            Statement::Admit { card: other.card(), invite: InviteId::new([other.n; 16]) };
        RosterLink::sign(&self.identity, Some(ItemHash::of(previous)), statement).to_item()
    }

    pub(super) fn ack(&self, cursor: &ThreadCursor, generation: Generation) -> Acknowledgement {
        Acknowledgement::sign(
            &self.identity,
            cursor.thread,
            generation,
            cursor.seq,
            cursor.chain,
            BoundedVec::default(),
        )
    }
}

/// An envelope of epoch 0 whose ciphertext nobody can open, of some `len` bytes.
pub(super) fn envelope_of(n: u64, len: usize) -> Vec<u8> {
    let mut nonce = [0; 16];
    nonce[..8].copy_from_slice(&n.to_le_bytes());
    let kind = EnvelopeKind::Batch;
    EnvelopeHeader { kind, epoch: Epoch(0), nonce }.assemble(&vec![7; len.max(16)])
}

pub(super) fn envelope(n: u64) -> Vec<u8> {
    envelope_of(n, 32)
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

/// All receipts among frames, opened against what was pushed.
pub(super) fn receipts(
    frames: &[RelayToClient],
    thread: ThreadId,
    pushed: &[Vec<u8>],
) -> Vec<Receipt> {
    let by_short: BTreeMap<Hash16, ItemHash> =
        pushed.iter().map(|item| (ItemHash::of(item).short(), ItemHash::of(item))).collect();
    let batches = frames.iter().filter_map(|frame| match frame {
        RelayToClient::Receipts(batch) => Some(batch),
        _ => None,
    });
    batches
        .flat_map(|batch| {
            batch.open(&public_key(), |short| Some((thread, *by_short.get(short)?))).unwrap()
        })
        .inspect(|receipt| assert_eq!(receipt.verify(&public_key()), Ok(())))
        .collect()
}

pub(super) fn receipt_seqs(
    frames: &[RelayToClient],
    thread: ThreadId,
    pushed: &[Vec<u8>],
) -> Vec<u64> {
    receipts(frames, thread, pushed).iter().map(|receipt| receipt.seq.0).collect()
}

pub(super) fn refusals(frames: &[RelayToClient]) -> Vec<(Hash16, Refusal)> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            RelayToClient::Refused(refused) => Some((refused.item, refused.reason)),
            _ => None,
        })
        .collect()
}

/// Delivered items with their seqs, in the order of their frames.
pub(super) fn delivered(frames: &[RelayToClient], thread: ThreadId) -> Vec<(u64, Vec<u8>)> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            RelayToClient::Deliver(deliver) if deliver.thread == thread => Some(deliver),
            _ => None,
        })
        .flat_map(|Deliver { first, items, .. }| {
            (first.0..).zip(items.iter().map(|item| item.to_vec())).collect::<Vec<_>>()
        })
        .collect()
}

pub(super) fn delivered_seqs(frames: &[RelayToClient], thread: ThreadId) -> Vec<u64> {
    delivered(frames, thread).into_iter().map(|(seq, _)| seq).collect()
}

pub(super) fn matched(frames: &[RelayToClient]) -> Option<bool> {
    frames.iter().rev().find_map(|frame| match frame {
        RelayToClient::Greeting(greeting) => Some(greeting.matched),
        _ => None,
    })
}

pub(super) fn signed(frames: &[RelayToClient]) -> Option<SignedCursors> {
    frames.iter().find_map(|frame| match frame {
        RelayToClient::CursorsSigned(signed) => Some(signed.clone()),
        _ => None,
    })
}

pub(super) fn acks(frames: &[RelayToClient]) -> Vec<(u64, Acknowledgement)> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            RelayToClient::Acknowledged(revision, ack) => Some((*revision, ack.clone())),
            _ => None,
        })
        .collect()
}

pub(super) fn caught_up(frames: &[RelayToClient]) -> bool {
    frames.contains(&RelayToClient::CaughtUp)
}
