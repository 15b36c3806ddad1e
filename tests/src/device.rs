//! One device: an engine, its disk, its clock, its way to the relay and what its screen shows.

use std::collections::{BTreeMap, BTreeSet};

use tandem_engine::{
    Answer, Engine, EntryId, InboxRow, JoinRow, Profile, SyncReport, ThreadRow, Ticket, Trouble,
    WatchId,
};
use tandem_proto::{
    ClientToRelay, DeviceKey, Generation, SecretKey, ThreadId, Timestamp, TransportKey,
};

use crate::{disk::DeviceDisk, golden::Recorder, link::Weather, oracle::Shown, queue::Moment};

/// The moment, by an honest clock, at which every world begins.
pub(crate) const BEGINNING: u64 = 1_760_000_000_000;

/// What a ticket was given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The n-th thing said in this world.
    Post(usize),
    /// A step of this thread was to move.
    Step(ThreadId, EntryId, tandem_engine::StepState),
    /// The n-th thread of the plan, or a thread of a story.
    Found(Option<usize>),
    /// The n-th invitation of the plan, or one of a story.
    Invite(Option<usize>),
    /// The same for the newcomer's side.
    Join(Option<usize>),
    /// The n-th phone of the plan offers itself.
    Offer(usize),
    /// Somebody takes up the offer of the n-th phone of the plan.
    TakeUp(usize),
    Seen(ThreadId),
    /// Somebody shall be in or out.
    Wish,
    Thread(ThreadId),
    Inbox,
    Waiting,
    Device,
    Receipts(ThreadId),
    /// Members, codes and invites, asked for or changed by a story.
    People,
}

/// What a screen shows, kept up to date by differences alone.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub(crate) inbox_watch: Option<WatchId>,
    pub(crate) inbox: Vec<InboxRow>,
    pub(crate) watched: BTreeMap<WatchId, ThreadId>,
    pub(crate) threads: BTreeMap<ThreadId, Vec<ThreadRow>>,
    /// Threads whose rows changed since the oracle last looked.
    pub(crate) changed: BTreeSet<ThreadId>,
    pub(crate) inbox_changed: bool,
    /// Keeps all that it was told, where a story asks for that.
    pub(crate) recorder: Option<Recorder>,
}

/// One simulated device.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) name: String,
    pub(crate) profile: Profile,
    pub(crate) engine: Option<Engine>,
    /// How often its store was opened.
    pub(crate) opening: u64,
    pub(crate) disk: DeviceDisk,
    /// How far its clock is off, in milliseconds.
    pub(crate) clock_off: i64,
    pub(crate) weather: Weather,
    pub(crate) connection: Option<u64>,
    pub(crate) dial: u64,
    pub(crate) wants_online: bool,
    pub(crate) transport: Option<(SecretKey, TransportKey)>,
    /// What signs its words; it stays when other keys are renewed.
    pub(crate) identity: Option<DeviceKey>,
    pub(crate) tick: u64,
    pub(crate) ticket: u64,
    pub(crate) watch: u64,
    pub(crate) asked: BTreeMap<Ticket, Asked>,
    pub(crate) answers: BTreeMap<Ticket, Result<Answer, Trouble>>,
    pub(crate) view: View,
    /// What was ever shown; survives crashes, not restores.
    pub(crate) shown: BTreeMap<ThreadId, Shown>,
    pub(crate) joins: Vec<JoinRow>,
    pub(crate) title: BTreeMap<ThreadId, String>,
    /// Whether every thread is on the screen, or only the inbox.
    pub(crate) watches_threads: bool,
    /// The relay's store and generation that its last completed sync was with.
    pub(crate) settled: Option<(u64, Generation)>,
    pub(crate) greeted: Option<Generation>,
    pub(crate) reports: Vec<(Moment, SyncReport)>,
    /// Nobody will ever open it again.
    pub(crate) lost: bool,
    /// How often it was restored from a copy.
    pub(crate) restores: u32,
    /// Frames it once sent, for repeating them.
    pub(crate) evidence_sent: Option<ClientToRelay>,
    pub(crate) ack_sent: Option<tandem_proto::Acknowledgement>,
}

impl Device {
    pub(crate) fn new(name: String, profile: Profile, watches_threads: bool) -> Self {
        Self {
            name,
            profile,
            engine: None,
            opening: 0,
            disk: DeviceDisk::default(),
            clock_off: 0,
            weather: Weather::default(),
            connection: None,
            dial: 0,
            wants_online: false,
            transport: None,
            identity: None,
            tick: 0,
            ticket: 0,
            watch: 0,
            asked: BTreeMap::new(),
            answers: BTreeMap::new(),
            view: View::default(),
            shown: BTreeMap::new(),
            joins: Vec::new(),
            title: BTreeMap::new(),
            watches_threads,
            settled: None,
            greeted: None,
            reports: Vec::new(),
            lost: false,
            restores: 0,
            evidence_sent: None,
            ack_sent: None,
        }
    }

    /// What its clock says at a moment.
    pub(crate) fn clock(&self, now: Moment) -> Timestamp {
        Timestamp((BEGINNING + now).saturating_add_signed(self.clock_off))
    }

    pub(crate) fn shows(&self, thread: &ThreadId) -> bool {
        self.view.inbox.iter().any(|row| row.thread == *thread)
    }

    /// The rows of a thread that is on the screen.
    pub(crate) fn rows(&self, thread: &ThreadId) -> &[ThreadRow] {
        self.view.threads.get(thread).map_or(&[], Vec::as_slice)
    }
}
