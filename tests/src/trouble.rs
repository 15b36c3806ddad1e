//! What goes wrong: which kinds a world has, when, and how it is put right in the end.

use std::collections::BTreeSet;

use tandem_proto::{ClientToRelay, EnvelopeHeader, EnvelopeKind, Push};

use crate::{disk::CrashAt, event::Event, link::Weather, world::World};

/// A kind of trouble that a world may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Distance,
    Breaks,
    Partitions,
    SlowPeers,
    SlowDisks,
    DeviceCrashes,
    FullDisks,
    DeviceRestored,
    RelayCrashes,
    RelayFull,
    RelayWiped,
    RelayRestored,
    ClocksOff,
    ClocksJump,
    LateNotices,
    Repeats,
    Junk,
    UsedInvites,
}

impl Kind {
    pub(crate) const ALL: [Self; 18] = [
        Self::Distance,
        Self::Breaks,
        Self::Partitions,
        Self::SlowPeers,
        Self::SlowDisks,
        Self::DeviceCrashes,
        Self::FullDisks,
        Self::DeviceRestored,
        Self::RelayCrashes,
        Self::RelayFull,
        Self::RelayWiped,
        Self::RelayRestored,
        Self::ClocksOff,
        Self::ClocksJump,
        Self::LateNotices,
        Self::Repeats,
        Self::Junk,
        Self::UsedInvites,
    ];
}

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trouble {
    Break(usize),
    Signal(usize, bool),
    Crash(usize),
    CrashAtCommit(usize),
    Full(usize, bool),
    CopyDevice(usize),
    RestoreDevice(usize),
    KillRelay,
    KillRelayAtCommit,
    RelayFull(bool),
    WipeRelay,
    CopyRelay,
    RestoreRelay,
    ClockJump(usize),
    Repeat(usize),
    Junk(usize),
}

const HOUR: i64 = 3_600_000;
const TEN_YEARS: i64 = 10 * 365 * 24 * HOUR;

impl World {
    /// Draws which kinds of trouble this world has: most have few, some have all.
    pub(crate) fn draw_troubles(&mut self) -> BTreeSet<Kind> {
        let count = match self.chance.range(0..100) {
            0..8 => 0,
            8..70 => self.chance.range(1..4),
            70..92 => self.chance.range(4..9),
            _ => Kind::ALL.len() as u64,
        };
        if count == Kind::ALL.len() as u64 {
            return Kind::ALL.into_iter().collect();
        }
        (0..count).map(|_| *self.chance.pick(&Kind::ALL)).collect()
    }

    /// Schedules the troubles of this world between now and `until`.
    pub(crate) fn plan_troubles(&mut self, kinds: &BTreeSet<Kind>, until: u64) {
        for kind in kinds {
            match kind {
                Kind::Distance => self.each(|world, i| {
                    world.devices[i].weather.latency_ms = world.chance.range(20..600);
                    world.devices[i].weather.jitter_ms = world.chance.range(1..400);
                    world.devices[i].weather.failed_dials_percent = world.chance.range(0..40);
                }),
                Kind::SlowPeers => {
                    self.hub.config.max_queued_bytes = 4096;
                    self.each(|world, i| {
                        if world.chance.percent(60) {
                            let rate = world.chance.range(200..4000);
                            world.devices[i].weather.down_rate = Some(rate);
                        }
                    });
                }
                Kind::SlowDisks => {
                    self.hub.journal.temper.slow_ms = self.chance.range(20..600);
                    self.each(|world, i| {
                        world.devices[i].disk.temper.slow_ms = world.chance.range(20..800);
                    });
                }
                Kind::ClocksOff => self.each(|world, i| {
                    let offs = [HOUR, -HOUR, 24 * HOUR, TEN_YEARS, -TEN_YEARS];
                    if world.chance.percent(60) {
                        world.devices[i].clock_off = *world.chance.pick(&offs);
                    }
                }),
                Kind::LateNotices => self.each(|world, i| {
                    world.devices[i].weather.relay_notices_ms = world.chance.range(5000..60_000);
                }),
                Kind::UsedInvites => {}
                _ => self.plan_moments(*kind, until),
            }
        }
        if kinds.contains(&Kind::SlowPeers) {
            // The relay reads its limits when it starts.
            self.kill_relay(11);
        }
    }

    fn each(&mut self, mut change: impl FnMut(&mut Self, usize)) {
        for index in 0..self.devices.len() {
            change(self, index);
        }
    }

    fn plan_moments(&mut self, kind: Kind, until: u64) {
        let times = match kind {
            Kind::Breaks | Kind::Repeats => self.chance.range(3..16),
            Kind::DeviceCrashes | Kind::RelayCrashes => self.chance.range(2..9),
            Kind::RelayWiped => self.chance.range(1..3),
            _ => self.chance.range(1..5),
        };
        for _ in 0..times {
            let at = self.chance.range(0..until);
            let who = self.chance.index(self.devices.len());
            let later = at + self.chance.range(100..until / 3 + 200);
            // Nothing goes wrong any more once everything was put right.
            let once = |world: &mut Self, at: u64, trouble| {
                world.queue.at(at.min(until - 1), Event::Trouble(trouble));
            };
            match kind {
                Kind::Breaks => once(self, at, Trouble::Break(who)),
                Kind::Partitions => {
                    once(self, at, Trouble::Signal(who, false));
                    once(self, later, Trouble::Signal(who, true));
                }
                Kind::DeviceCrashes => {
                    let plain = self.chance.percent(30);
                    let crash =
                        if plain { Trouble::Crash(who) } else { Trouble::CrashAtCommit(who) };
                    once(self, at, crash);
                }
                Kind::FullDisks => {
                    once(self, at, Trouble::Full(who, true));
                    let end = at + self.chance.range(50..15_000);
                    once(self, end, Trouble::Full(who, false));
                }
                Kind::DeviceRestored => {
                    once(self, at, Trouble::CopyDevice(who));
                    once(self, later, Trouble::RestoreDevice(who));
                }
                Kind::RelayCrashes => {
                    let plain = self.chance.percent(30);
                    let kill = if plain { Trouble::KillRelay } else { Trouble::KillRelayAtCommit };
                    once(self, at, kill);
                }
                Kind::RelayFull => {
                    once(self, at, Trouble::RelayFull(true));
                    let end = at + self.chance.range(50..10_000);
                    once(self, end, Trouble::RelayFull(false));
                }
                Kind::RelayWiped => once(self, at, Trouble::WipeRelay),
                Kind::RelayRestored => {
                    once(self, at, Trouble::CopyRelay);
                    once(self, later, Trouble::RestoreRelay);
                }
                Kind::ClocksJump => once(self, at, Trouble::ClockJump(who)),
                Kind::Repeats => once(self, at, Trouble::Repeat(who)),
                Kind::Junk => once(self, at, Trouble::Junk(who)),
                _ => {}
            }
        }
    }

    pub(crate) fn trouble(&mut self, trouble: Trouble) {
        self.note(|| format!("{trouble:?}"));
        match trouble {
            Trouble::Break(who) => {
                if let Some(connection) = self.devices[who].connection {
                    self.break_connection(connection);
                }
            }
            Trouble::Signal(who, signal) => {
                self.devices[who].weather.signal = signal;
                if let (false, Some(connection)) = (signal, self.devices[who].connection) {
                    self.break_connection(connection);
                }
            }
            Trouble::Crash(who) => self.crash_device(who),
            Trouble::CrashAtCommit(who) => {
                let at = if self.chance.percent(50) { CrashAt::Before } else { CrashAt::After };
                let after = u32::try_from(self.chance.range(1..6)).unwrap_or(1);
                self.devices[who].disk.crash_in = Some((after, at));
            }
            Trouble::Full(who, full) => self.devices[who].disk.temper.full = full,
            Trouble::CopyDevice(who) => self.copy_device(who),
            Trouble::RestoreDevice(who) => {
                if let Some(copy) = self.devices[who].disk.copies.pop() {
                    self.restore_device(who, copy);
                }
            }
            Trouble::KillRelay => self.kill_relay(4000),
            Trouble::KillRelayAtCommit => {
                let at = if self.chance.percent(50) { CrashAt::Before } else { CrashAt::After };
                let after = u32::try_from(self.chance.range(1..6)).unwrap_or(1);
                self.hub.journal.crash_in = Some((after, at));
            }
            Trouble::RelayFull(full) => self.hub.journal.temper.full = full,
            Trouble::WipeRelay => {
                self.replace_relay_store(Vec::new());
                self.start_relay_soon();
            }
            Trouble::CopyRelay => {
                let copy = self.hub.journal.durable.clone();
                self.hub.journal.copies.push(copy);
            }
            Trouble::RestoreRelay => {
                if let Some(copy) = self.hub.journal.copies.pop() {
                    self.replace_relay_store(copy);
                    self.start_relay_soon();
                }
            }
            Trouble::ClockJump(who) => {
                let by = [HOUR, -HOUR, 60_000, -60_000, 24 * HOUR, TEN_YEARS];
                self.devices[who].clock_off += *self.chance.pick(&by);
            }
            Trouble::Repeat(who) => self.repeat(who),
            Trouble::Junk(who) => self.junk(who),
        }
    }

    fn start_relay_soon(&mut self) {
        let after = self.chance.range(10..3000);
        self.queue.after(after, Event::RelayStarts);
    }

    /// Keeps a copy of a device's disk, once there is a thread to lose.
    pub(crate) fn copy_device(&mut self, who: usize) {
        if !self.devices[who].view.inbox.is_empty() {
            let copy = self.devices[who].disk.durable.clone();
            self.devices[who].disk.copies.push(copy);
        }
    }

    /// A device's disk becomes an older copy of itself, and the app is opened again.
    pub(crate) fn restore_device(&mut self, who: usize, copy: crate::disk::Store) {
        // What it held until now, it did hold.
        self.look_at_durable(who);
        self.close_device(who);
        self.stats.restores += 1;
        let device = &mut self.devices[who];
        device.disk.durable = copy;
        device.restores += 1;
        device.settled = None;
        device.shown.clear();
        device.title.clear();
        device.joins.clear();
        let after = self.chance.range(10..2000);
        self.queue.after(after, Event::DeviceOpens { device: who });
    }

    /// Says to the relay again what a device once said.
    fn repeat(&mut self, who: usize) {
        let device = &self.devices[who];
        if device.connection.is_some() {
            return;
        }
        let mut frames = vec![self.rogue_hello()];
        frames.extend(device.evidence_sent.clone());
        frames.extend(device.ack_sent.clone().map(ClientToRelay::Acknowledge));
        self.rogue_says(who, &frames);
    }

    /// Puts an envelope that nobody can open into a thread's log.
    pub(crate) fn junk(&mut self, who: usize) {
        let device = &self.devices[who];
        let Some(thread) = device.title.keys().next().copied() else { return };
        if device.connection.is_some() {
            return;
        }
        let mut noise = Vec::new();
        for _ in 0..4 {
            noise.extend(self.chance.seed());
        }
        let mut nonce = [0; 16];
        nonce.copy_from_slice(&noise[..16]);
        let epoch = self.hub.truth.epoch(&thread);
        let header = EnvelopeHeader { kind: EnvelopeKind::Batch, epoch, nonce };
        let item = header.assemble(&noise);
        self.oracle.notes_junk(thread, &item);
        let Ok(item) = item.try_into() else { return };
        let Ok(items) = vec![item].try_into() else { return };
        let frames = [self.rogue_hello(), ClientToRelay::Push(Push { thread, items })];
        self.rogue_says(who, &frames);
    }

    pub(crate) fn rogue_hello(&self) -> ClientToRelay {
        ClientToRelay::Hello(tandem_proto::Hello {
            version: tandem_proto::PROTOCOL,
            generation: self.hub.truth.generation(),
            digest: tandem_proto::Hash16::new([0; 16]),
        })
    }

    /// Puts everything right: signal, disks, clocks that stop jumping, and everyone online.
    pub(crate) fn heal(&mut self) {
        self.note(|| "everything is put right".to_owned());
        self.hub.journal.temper = crate::disk::Temper::default();
        self.hub.journal.crash_in = None;
        self.hub.journal.copies.clear();
        self.start_relay();
        for index in 0..self.devices.len() {
            let device = &mut self.devices[index];
            let rate = device.weather.down_rate.map(|rate| rate.max(2000));
            device.weather = Weather { down_rate: rate, ..Weather::default() };
            device.disk.temper = crate::disk::Temper::default();
            device.disk.crash_in = None;
            device.disk.copies.clear();
            device.watches_threads = true;
            self.open_device(index);
            self.go_online(index, true);
        }
    }
}
