//! The world: one queue of events, one generator, every device and the relay.

use std::{collections::BTreeMap, panic::panic_any};

use tandem_engine::{Profile, create};
use tandem_proto::{RelayKey, RelayLink, Role, ThreadId, Timestamp};

use crate::{
    device::Device,
    disk,
    event::Event,
    hub::Hub,
    liar::Lie,
    link::Connection,
    oracle::Oracle,
    people::Plan,
    queue::{Moment, Queue},
    rng::Chance,
    trace::Trace,
};

/// How a world is to be run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Print every line of the trace.
    pub aloud: bool,
}

/// What happened in a world, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Things said.
    pub said: u32,
    /// Frames that arrived.
    pub frames: u32,
    /// Connections that were made.
    pub connections: u32,
    /// Connections that broke.
    pub breaks: u32,
    /// Devices that crashed or failed to write, and reopened.
    pub crashes: u32,
    /// Devices restored from an older copy.
    pub restores: u32,
    /// Relay processes killed.
    pub relay_crashes: u32,
    /// Relay stores wiped or copied back.
    pub relay_losses: u32,
    /// Generations drawn because a device showed evidence.
    pub renewals: u32,
    /// Threads that somebody joined.
    pub joins: u32,
    /// New phones of people that came into every thread they were promised.
    pub phones: u32,
    /// Devices that were out of a thread in the end.
    pub out: u32,
    /// Times a store was opened beside its device, to see what is durable.
    pub looks: u32,
}

impl std::ops::Add for Stats {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            said: self.said + other.said,
            frames: self.frames + other.frames,
            connections: self.connections + other.connections,
            breaks: self.breaks + other.breaks,
            crashes: self.crashes + other.crashes,
            restores: self.restores + other.restores,
            relay_crashes: self.relay_crashes + other.relay_crashes,
            relay_losses: self.relay_losses + other.relay_losses,
            renewals: self.renewals + other.renewals,
            joins: self.joins + other.joins,
            phones: self.phones + other.phones,
            out: self.out + other.out,
            looks: self.looks + other.looks,
        }
    }
}

/// What a world came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Hash of everything that happened.
    pub trace_hash: u64,
    /// Events.
    pub steps: u64,
    /// The same in numbers.
    pub stats: Stats,
}

/// A simulated world.
#[derive(Debug)]
pub struct World {
    pub(crate) seed: u64,
    pub(crate) chance: Chance,
    pub(crate) queue: Queue<Event>,
    pub(crate) trace: Trace,
    pub(crate) devices: Vec<Device>,
    pub(crate) hub: Hub,
    pub(crate) connections: BTreeMap<u64, Connection>,
    pub(crate) connection: u64,
    /// To whom the relay lies, and how.
    pub(crate) lies: BTreeMap<usize, Lie>,
    pub(crate) oracle: Oracle,
    pub(crate) plan: Plan,
    pub(crate) stats: Stats,
    pub(crate) steps: u64,
    pub(crate) last_activity: Moment,
    /// Set while a story tells: says which.
    pub(crate) story: Option<&'static str>,
}

impl World {
    /// A world with a relay that runs, and nobody in it yet.
    #[must_use]
    pub fn new(seed: u64, options: Options) -> Self {
        let mut chance = Chance::new(seed);
        let hub = Hub::new(&mut chance);
        let mut world = Self {
            seed,
            chance,
            queue: Queue::new(),
            trace: Trace::new(options.aloud),
            devices: Vec::new(),
            hub,
            connections: BTreeMap::new(),
            connection: 0,
            lies: BTreeMap::new(),
            oracle: Oracle::default(),
            plan: Plan::default(),
            stats: Stats::default(),
            steps: 0,
            last_activity: 0,
            story: None,
        };
        world.start_relay();
        world
    }

    /// A quiet world for a story, with nothing in it that was not told.
    #[must_use]
    pub fn story(name: &'static str) -> Self {
        let aloud = std::env::var_os("TANDEM_ALOUD").is_some();
        let mut world = Self::new(1, Options { aloud });
        world.story = Some(name);
        world
    }

    /// A new person with one device, whose app has just been opened for the first time.
    pub fn device(&mut self, name: &str, role: Role) -> usize {
        let link = RelayLink {
            address: "127.0.0.1:7443".parse().expect("an address"),
            key: self.relay_key(),
        };
        let profile = Profile { name: name.to_owned(), role, relay: link };
        let mut device = Device::new(name.to_owned(), profile, true);
        let seed = self.chance.seed();
        let home = match create(device.clock(self.queue.now()), seed, &device.profile) {
            Ok(home) => home,
            Err(trouble) => self.violation(&format!("no home could be made: {trouble}")),
        };
        disk::apply(&mut device.disk.durable, &home);
        self.devices.push(device);
        let index = self.devices.len() - 1;
        self.open_device(index);
        index
    }

    /// The relay's key.
    #[must_use]
    pub fn relay_key(&self) -> RelayKey {
        RelayKey::new(self.hub.key.public())
    }

    /// Milliseconds since the world began.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.queue.now()
    }

    /// What a device's clock says.
    #[must_use]
    pub fn clock(&self, device: usize) -> Timestamp {
        self.devices[device].clock(self.queue.now())
    }

    /// Lets the next thing happen. False when nothing is left.
    pub(crate) fn step(&mut self) -> bool {
        let Some(event) = self.queue.pop() else { return false };
        self.steps += 1;
        if self.steps > 400_000 {
            self.violation("no progress: 400,000 events and no end");
        }
        let at = self.queue.now();
        self.trace.bytes(&at.to_le_bytes());
        self.happen(event);
        true
    }

    /// Something moved: a frame, a commit, a row.
    pub(crate) fn active(&mut self) {
        self.last_activity = self.queue.now();
    }

    pub(crate) fn note(&mut self, line: impl FnOnce() -> String) {
        let at = self.queue.now();
        let line = format!("{:>5} {:>3}.{:03} {}", self.steps, at / 1000, at % 1000, line());
        self.trace.line(line);
    }

    /// Ends the world: something happened that must never happen.
    pub(crate) fn violation(&self, what: &str) -> ! {
        let at = self.queue.now();
        let replay = match self.story {
            Some(story) => format!("cargo test -p tandem-tests -- {story}"),
            None => format!("cargo xtask sim --seed {} --worlds 1", self.seed),
        };
        let lines = self.trace.last_lines();
        let text = format!(
            "{what}\n  at seed {}, step {}, {} ms into it; the last lines of its trace:\n{lines}  \
             replay: {replay}",
            self.seed, self.steps, at
        );
        panic_any(text)
    }

    /// Fails with a violation when a check did.
    pub(crate) fn insist(&self, check: Result<(), String>) {
        if let Err(what) = check {
            self.violation(&what);
        }
    }

    pub(crate) fn thread_name(&self, thread: &ThreadId) -> String {
        thread.to_string()[..4].to_owned()
    }
}
