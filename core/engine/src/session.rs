//! The session with the relay: dial, greeting, catching up, live, and back again.

mod catch_up;
mod connection;
mod progress;

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::{Generation, Hash16, ItemHash, MailboxId, ThreadCursor, ThreadId, Timestamp};

use crate::{StuckReason, SyncReport, admission::Letterbox, record::SessionRecord, state::Pushed};

/// The first wait after a fault, and the longest, in milliseconds.
const BACKOFF_FIRST_MS: u64 = 500;
const BACKOFF_LAST_MS: u64 = 60_000;

/// How long acknowledgements and claims are collected while live, in milliseconds.
pub(crate) const COALESCE_MS: u64 = 1_000;

/// How long a relay that owes an answer may be silent, in milliseconds: longer than a line of
/// 64 kbit/s needs for its largest delivery.
const SILENCE_MS: u64 = 30_000;

/// How far the connection is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// There is none.
    #[default]
    Offline,
    /// The client dials.
    Dialing,
    /// Hello is said; nothing counts yet.
    Greeting,
    /// The relay has greeted.
    Live,
}

/// What the engine remembers of the relay, and the state of the present connection.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) record: SessionRecord,
    pub(crate) online: bool,
    pub(crate) phase: Phase,
    faults: u32,
    retry_at: Option<Timestamp>,
    /// How many `CaughtUp` are still to come.
    pub(crate) expected: u32,
    /// Everything unmet has been pushed since the last catch-up.
    pub(crate) uploaded: bool,
    /// Threads whose upload waits for their records.
    pub(crate) uploading: BTreeSet<ThreadId>,
    /// Pushed on this connection, without receipt or refusal, by half the hash.
    pub(crate) in_flight: BTreeMap<Hash16, Flight>,
    /// Outbox items that were refused for good, until they are taken out of their documents.
    pub(crate) refused: BTreeMap<ThreadId, BTreeMap<u64, StuckReason>>,
    /// Receipts that were asked for, by half the hash.
    pub(crate) requested: BTreeMap<Hash16, ThreadId>,
    /// Everything that a receipt on this connection can be for, by half the hash.
    pub(crate) named: BTreeMap<Hash16, (ThreadId, ItemHash)>,
    /// A claim under way: the set that the relay is to sign.
    pub(crate) claimed: Option<(Vec<ThreadCursor>, u64)>,
    /// Mailboxes whose letters were asked for and have not come.
    pub(crate) mail: BTreeSet<MailboxId>,
    /// Whose letters each watched mailbox is for.
    pub(crate) boxes: BTreeMap<MailboxId, Letterbox>,
    /// Letters that were put and not confirmed, by half their hash.
    pub(crate) letters: BTreeSet<Hash16>,
    /// Welcomes that were put and not confirmed, by half their hash.
    pub(crate) welcomes: BTreeMap<Hash16, tandem_proto::InviteId>,
    /// When what was collected is to be acknowledged and claimed.
    pub(crate) due: Option<Timestamp>,
    /// When what was refused for a school's sake is offered again.
    pub(crate) offer_again: Option<Timestamp>,
    /// When the relay was last heard on this connection.
    heard_at: Timestamp,
    /// The first sync of this connection is complete: from here on acknowledgements and claims are
    /// collected for a while.
    pub(crate) settled: bool,
    /// Something was sent or arrived since it was last said that the sync is complete.
    pub(crate) moved: bool,
    /// This device has gone back to the key before, until a sync with it is complete.
    pub(crate) gone_back: bool,
    /// Up to when everything is here has moved since it was written down.
    pub(crate) as_of_moved: bool,
    pub(crate) report: SyncReport,
}

/// An item on its way to the relay.
#[derive(Debug, Clone)]
pub(crate) struct Flight {
    pub(crate) thread: ThreadId,
    pub(crate) item: ItemHash,
    pub(crate) pushed: Pushed,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            record: SessionRecord::default(),
            online: false,
            phase: Phase::Offline,
            faults: 0,
            retry_at: None,
            expected: 0,
            uploaded: false,
            uploading: BTreeSet::new(),
            in_flight: BTreeMap::new(),
            refused: BTreeMap::new(),
            requested: BTreeMap::new(),
            named: BTreeMap::new(),
            claimed: None,
            mail: BTreeSet::new(),
            boxes: BTreeMap::new(),
            letters: BTreeSet::new(),
            welcomes: BTreeMap::new(),
            due: None,
            offer_again: None,
            heard_at: Timestamp(0),
            settled: false,
            moved: false,
            gone_back: false,
            as_of_moved: false,
            report: SyncReport::default(),
        }
    }
}

impl Session {
    pub(crate) fn timeout(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Offline => self.retry_at.filter(|_| self.online),
            Phase::Live if self.settled => self.due.into_iter().chain(self.offer_again).min(),
            Phase::Live | Phase::Greeting => Some(self.heard_at.plus_ms(SILENCE_MS)),
            Phase::Dialing => None,
        }
    }

    /// Whether frames can be sent, greeted or not.
    pub(crate) const fn has_said_hello(&self) -> bool {
        matches!(self.phase, Phase::Greeting | Phase::Live)
    }

    /// Nothing waits for a time that a wrong clock had named.
    pub(crate) fn clock_stepped_back(&mut self, now: Timestamp) {
        self.retry_at = self.retry_at.map(|at| at.min(now));
        self.due = self.due.map(|at| at.min(now));
        self.offer_again = self.offer_again.map(|at| at.min(now));
        self.heard_at = self.heard_at.min(now);
    }

    /// The generation of the cursors, when there is one.
    pub(crate) fn generation(&self) -> Option<Generation> {
        self.record.generation
    }
}
