//! Performing what an engine asks for: the client's driver, as far as a world needs one.

use tandem_engine::{
    Answer, CommitId, Effect, Engine, Input, Intent, Key, Kind, Query, Ticket, Trouble, Watch,
    WatchId,
};
use tandem_proto::{ThreadId, TransportKey};

use crate::{
    device::{Asked, View},
    disk::{self, CrashAt},
    event::Event,
    newer,
    world::World,
};

impl World {
    /// Opens a device's store, as when the app starts.
    pub(crate) fn open_device(&mut self, index: usize) {
        if self.devices[index].engine.is_some() || self.devices[index].lost {
            return;
        }
        let seed = self.chance.seed();
        let now = self.clock(index);
        let device = &mut self.devices[index];
        // Between openings some devices of a random world are used by a newer version.
        if self.story.is_none() && device.opening % 2 == 1 {
            newer::use_store(&mut device.disk.durable);
        }
        let engine = match Engine::open(now, seed, disk::resident(&device.disk.durable)) {
            Ok(engine) => engine,
            Err(error) => {
                let name = device.name.clone();
                self.violation(&format!("{name}'s store does not open: {error}"));
            }
        };
        device.engine = Some(engine);
        device.opening += 1;
        device.view = View::default();
        device.watch += 1;
        let watch = WatchId(device.watch);
        device.view.inbox_watch = Some(watch);
        self.take_key(index);
        let device = &self.devices[index];
        let (name, opening, wants) = (device.name.clone(), device.opening, device.wants_online);
        self.note(|| format!("{name} opens ({opening})"));
        self.drain_device(index);
        self.feed(index, Input::Watch(watch, Watch::Inbox));
        if wants {
            self.feed(index, Input::Online(true));
        }
    }

    /// The key that a device shows to the relay, as its engine has it now.
    pub(crate) fn take_key(&mut self, index: usize) {
        let device = &mut self.devices[index];
        let Some(engine) = &device.engine else { return };
        let key = engine.transport_key().clone();
        let public = TransportKey::new(key.public());
        device.identity = Some(engine.device());
        device.transport = Some((key, public));
    }

    /// Gives an engine one input and performs what comes of it.
    pub(crate) fn feed(&mut self, index: usize, input: Input) {
        let now = self.clock(index);
        let Some(engine) = &mut self.devices[index].engine else { return };
        engine.handle(now, input);
        self.drain_device(index);
    }

    /// Asks or tells an engine something, and remembers what for.
    pub(crate) fn ask(&mut self, index: usize, asked: Asked, query: Query) -> Ticket {
        let ticket = self.next_ticket(index, asked);
        self.feed(index, Input::Query(ticket, query));
        ticket
    }

    /// The same for an intent.
    pub(crate) fn mean(&mut self, index: usize, asked: Asked, intent: Intent) -> Ticket {
        let ticket = self.next_ticket(index, asked);
        self.feed(index, Input::Intent(ticket, intent));
        ticket
    }

    fn next_ticket(&mut self, index: usize, asked: Asked) -> Ticket {
        let device = &mut self.devices[index];
        device.ticket += 1;
        let ticket = Ticket(device.ticket);
        device.asked.insert(ticket, asked);
        ticket
    }

    fn drain_device(&mut self, index: usize) {
        loop {
            while let Some(effect) =
                self.devices[index].engine.as_mut().and_then(Engine::poll_effect)
            {
                self.perform(index, effect);
            }
            if !self.look(index) {
                break;
            }
        }
        self.schedule_tick(index);
    }

    /// What the oracle and the screen want after a change; true when an input was given for it.
    fn look(&mut self, index: usize) -> bool {
        self.oracle_looks(index);
        if let Some(thread) = self.receipts_wanted(index) {
            self.give(index, Asked::Receipts(thread), |ticket| {
                Input::Query(ticket, Query::Receipts(thread))
            });
            return true;
        }
        let device = &self.devices[index];
        if !device.watches_threads || device.engine.is_none() {
            return false;
        }
        let unwatched = device
            .view
            .inbox
            .iter()
            .map(|row| row.thread)
            .find(|thread| !device.view.watched.values().any(|watched| watched == thread));
        let Some(thread) = unwatched else { return false };
        self.watch_thread(index, thread);
        true
    }

    /// Hands over an input without performing its effects yet.
    fn give(&mut self, index: usize, asked: Asked, input: impl FnOnce(Ticket) -> Input) {
        let ticket = self.next_ticket(index, asked);
        let now = self.clock(index);
        if let Some(engine) = &mut self.devices[index].engine {
            engine.handle(now, input(ticket));
        }
    }

    fn watch_thread(&mut self, index: usize, thread: ThreadId) {
        let now = self.clock(index);
        let device = &mut self.devices[index];
        device.watch += 1;
        let watch = WatchId(device.watch);
        device.view.watched.insert(watch, thread);
        if let Some(engine) = &mut device.engine {
            engine.handle(now, Input::Watch(watch, Watch::Thread(thread)));
        }
    }

    /// Puts a thread on the screen, or takes it off.
    pub(crate) fn screen(&mut self, index: usize, thread: ThreadId, on: bool) {
        let there = self.devices[index]
            .view
            .watched
            .iter()
            .find(|(_, watched)| **watched == thread)
            .map(|(watch, _)| *watch);
        match (there, on) {
            (None, true) => {
                self.watch_thread(index, thread);
                self.drain_device(index);
            }
            (Some(watch), false) => {
                let view = &mut self.devices[index].view;
                view.watched.remove(&watch);
                view.threads.remove(&thread);
                self.feed(index, Input::Unwatch(watch));
            }
            _ => {}
        }
    }

    fn schedule_tick(&mut self, index: usize) {
        let now = self.clock(index);
        let device = &mut self.devices[index];
        device.tick += 1;
        let Some(at) = device.engine.as_ref().and_then(Engine::poll_timeout) else { return };
        // A sleep is measured when it begins: a clock that is set meanwhile does not change it.
        let event = Event::DeviceTick { device: index, opening: device.opening, tick: device.tick };
        self.queue.after(at.since_ms(now).max(1), event);
    }

    pub(crate) fn device_tick(&mut self, index: usize, opening: u64, tick: u64) {
        let device = &self.devices[index];
        if device.opening == opening && device.tick == tick {
            self.feed(index, Input::Tick);
        }
    }

    fn perform(&mut self, index: usize, effect: Effect) {
        let (now, opening) = (self.queue.now(), self.devices[index].opening);
        match effect {
            Effect::Persist(id, batch) => {
                self.active();
                let disk = &mut self.devices[index].disk;
                disk.pending.push_back((id, batch));
                let slow = disk.temper.slow_ms;
                let mut takes = self.chance.range(1..4);
                if slow > 0 && self.chance.percent(40) {
                    takes += self.chance.range(0..slow);
                }
                let disk = &mut self.devices[index].disk;
                disk.busy_until = disk.busy_until.max(now + takes);
                let at = disk.busy_until;
                self.queue.at(at, Event::DeviceCommit { device: index, opening });
            }
            Effect::Forget(id, thread) => {
                let batch = disk::forget(&self.devices[index].disk.live(), &thread);
                self.perform(index, Effect::Persist(id, batch));
            }
            Effect::Load(thread, prefixes) => {
                let records = disk::scan(&self.devices[index].disk.live(), &prefixes);
                let takes = self.chance.range(1..4);
                let event = Event::DeviceLoaded { device: index, opening, thread, records };
                self.queue.after(takes, event);
            }
            Effect::Dial => self.dial(index),
            Effect::HangUp => self.hang_up(index),
            Effect::Send(frame) => self.send_to_relay(index, frame),
            Effect::Answer(ticket, answer) => self.answered(index, ticket, answer),
            Effect::InboxView(watch, diff) => {
                self.active();
                let view = &mut self.devices[index].view;
                if view.inbox_watch == Some(watch) {
                    if let Some(recorder) = &mut view.recorder {
                        recorder.inbox.add(diff.clone());
                    }
                    diff.apply(&mut view.inbox);
                    view.inbox_changed = true;
                }
            }
            Effect::ThreadView(watch, diff) => {
                self.active();
                let view = &mut self.devices[index].view;
                if let Some(thread) = view.watched.get(&watch) {
                    if let Some(recorder) = &mut view.recorder {
                        recorder.threads.entry(*thread).or_default().add(diff.clone());
                    }
                    diff.apply(view.threads.entry(*thread).or_default());
                    view.changed.insert(*thread);
                }
            }
            // Devices of worlds show threads as a whole.
            Effect::Window(..) => {}
            Effect::Settled(report) => self.settled(index, report),
        }
    }

    fn answered(&mut self, index: usize, ticket: Ticket, answer: Result<Answer, Trouble>) {
        let Some(asked) = self.devices[index].asked.remove(&ticket) else {
            let name = &self.devices[index].name;
            self.violation(&format!("{name} answers {ticket:?} twice or unasked"));
        };
        self.oracle_hears(index, &asked, &answer);
        self.plan_hears(index, &asked, &answer);
        if !matches!(asked, Asked::Receipts(_)) {
            self.devices[index].answers.insert(ticket, answer);
        }
    }

    pub(crate) fn device_loaded(
        &mut self,
        index: usize,
        opening: u64,
        thread: ThreadId,
        records: Vec<(Key, Vec<u8>)>,
    ) {
        if self.devices[index].opening == opening && self.devices[index].engine.is_some() {
            self.active();
            self.feed(index, Input::Loaded(thread, records));
        }
    }

    pub(crate) fn device_commit(&mut self, index: usize, opening: u64) {
        let device = &mut self.devices[index];
        if device.opening != opening || device.disk.pending.is_empty() {
            return;
        }
        self.active();
        let device = &mut self.devices[index];
        let crash = device.disk.crashes_now();
        if crash == Some(CrashAt::Before) {
            self.crash_device(index);
            return;
        }
        if device.disk.is_full() {
            let first = device.disk.pending.front().map_or(CommitId(0), |(id, _)| *id);
            device.disk.cut();
            self.note(|| format!("P{index} can't write"));
            self.feed(index, Input::PersistFailed(first, "the disk is full".to_owned()));
            self.crash_device(index);
            return;
        }
        let Some(id) = device.disk.settle_one() else { return };
        // What an item brought may be met a second time at a relay that was put back, before it is read.
        let is_known_gap =
            |key: &Key| self.stats.relay_losses > 0 && key.kind() == Some(Kind::Item);
        if let Some(key) = device.disk.newer.lost.clone().filter(|key| !is_known_gap(key)) {
            self.violation(&format!("{key:?} lost what a newer version wrote behind it"));
        }
        if crash == Some(CrashAt::After) {
            self.crash_device(index);
            return;
        }
        self.feed(index, Input::Persisted(id));
    }

    /// The process ends without a word: by a power cut, a kill or a panic.
    pub(crate) fn crash_device(&mut self, index: usize) {
        if self.devices[index].engine.is_none() {
            return;
        }
        self.stats.crashes += 1;
        self.close_device(index);
        let again = self.chance.range(20..3000);
        self.queue.after(again, Event::DeviceOpens { device: index });
    }

    pub(crate) fn close_device(&mut self, index: usize) {
        let device = &mut self.devices[index];
        let name = device.name.clone();
        device.engine = None;
        device.disk.cut();
        device.view = View::default();
        device.greeted = None;
        let connection = device.connection.take();
        let asked = std::mem::take(&mut device.asked);
        self.note(|| format!("{name} is gone"));
        if let Some(connection) = connection {
            self.break_connection(connection);
        }
        for (_, asked) in asked {
            self.plan_forgets(&asked);
        }
    }
}
