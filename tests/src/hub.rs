//! The relay: its core, its journal, and the host's part as far as a world needs one.

use std::collections::BTreeMap;

use tandem_proto::{ClientToRelay, SecretKey, Seq, ThreadId, Timestamp, TransportKey, Wire};
use tandem_relay::{Config, ConnId, Effect, Input, ReadId, Record, Relay};

use crate::{
    device::BEGINNING,
    disk::{CrashAt, Journal},
    event::Event,
    link::End,
    rng::Chance,
    truth::Truth,
    world::World,
};

/// The relay and what is known about it.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) key: SecretKey,
    pub(crate) config: Config,
    pub(crate) relay: Option<Relay>,
    /// How often it was started.
    pub(crate) boot: u64,
    /// Counts the times its store was lost or replaced.
    pub(crate) incarnation: u64,
    pub(crate) journal: Journal,
    pub(crate) truth: Truth,
    pub(crate) callers: BTreeMap<u64, TransportKey>,
    pub(crate) clock_off: i64,
    tick: u64,
}

impl Hub {
    pub(crate) fn new(chance: &mut Chance) -> Self {
        Self {
            key: SecretKey::from_seed(chance.seed()),
            config: Config::default(),
            relay: None,
            boot: 0,
            incarnation: 0,
            journal: Journal::default(),
            truth: Truth::default(),
            callers: BTreeMap::new(),
            clock_off: 0,
            tick: 0,
        }
    }
}

impl World {
    fn relay_clock(&self) -> Timestamp {
        Timestamp((BEGINNING + self.queue.now()).saturating_add_signed(self.hub.clock_off))
    }

    pub(crate) fn start_relay(&mut self) {
        if self.hub.relay.is_some() {
            return;
        }
        let seed = self.chance.seed();
        let now = self.relay_clock();
        let restored = Relay::restore(
            now,
            self.hub.config.clone(),
            self.hub.key.clone(),
            seed,
            self.hub.journal.durable.iter().cloned(),
        );
        match restored {
            Ok(relay) => self.hub.relay = Some(relay),
            Err(error) => self.violation(&format!("the relay's store does not open: {error}")),
        }
        self.hub.boot += 1;
        let (boot, records) = (self.hub.boot, self.hub.journal.durable.len());
        self.note(|| format!("the relay starts ({boot}) with {records} records"));
        self.drain_relay();
    }

    pub(crate) fn feed_relay(&mut self, input: Input) {
        let now = self.relay_clock();
        let Some(relay) = &mut self.hub.relay else { return };
        relay.handle(now, input);
        self.drain_relay();
    }

    fn drain_relay(&mut self) {
        while let Some(effect) = self.hub.relay.as_mut().and_then(Relay::poll_effect) {
            self.active();
            self.perform_relay(effect);
        }
        let now = self.relay_clock();
        self.hub.tick += 1;
        let Some(at) = self.hub.relay.as_ref().and_then(Relay::poll_timeout) else { return };
        let event = Event::RelayTick { boot: self.hub.boot, tick: self.hub.tick };
        self.queue.after(at.since_ms(now).max(1), event);
    }

    fn perform_relay(&mut self, effect: Effect) {
        let boot = self.hub.boot;
        match effect {
            Effect::Send(ConnId(connection), frame) => {
                let spoken = self.hub.truth.may_say(&frame);
                self.insist(spoken);
                self.note(|| format!("relay -> c{connection} {}", crate::words::said(&frame)));
                self.queue_down(connection, frame.to_bytes());
            }
            Effect::Close(ConnId(connection)) => {
                if let Some(there) = self.connections.get_mut(&connection) {
                    there.closing = true;
                    self.queue.after(0, Event::Drain { connection });
                }
            }
            Effect::Commit(id, records) => {
                let slow = self.hub.journal.temper.slow_ms;
                let mut takes = self.chance.range(1..3);
                if slow > 0 && self.chance.percent(40) {
                    takes += self.chance.range(0..slow);
                }
                let journal = &mut self.hub.journal;
                journal.pending.push_back((id, records));
                journal.busy_until = journal.busy_until.max(self.queue.now() + takes);
                let at = journal.busy_until;
                self.queue.at(at, Event::JournalCommit { boot });
            }
            // Whoever runs this relay looks at what came of it.
            Effect::Admin(..) => {}
            Effect::Rebuild => self.rebuild_relay_store(),
            Effect::Read { id, thread, first, count, bytes } => {
                let items = self.read_log(thread, first, count, bytes);
                let takes = self.chance.range(1..4);
                self.queue.after(takes, Event::RelayRead { boot, id, items });
            }
        }
    }

    fn read_log(&self, thread: ThreadId, first: Seq, count: usize, bytes: usize) -> Vec<Vec<u8>> {
        let mut left = bytes;
        let mut items = Vec::new();
        for record in &self.hub.journal.durable {
            let Record::Append { thread: of, seq, item, .. } = record else { continue };
            if *of != thread || *seq < first {
                continue;
            }
            if items.len() == count || (!items.is_empty() && item.len() > left) {
                break;
            }
            left = left.saturating_sub(item.len());
            items.push(item.clone());
        }
        items
    }

    fn queue_down(&mut self, connection: u64, bytes: Vec<u8>) {
        let limit = self.hub.config.max_queued_bytes;
        let Some(there) = self.connections.get_mut(&connection) else { return };
        if there.relay_end != End::Open {
            return;
        }
        there.queued_bytes += bytes.len();
        there.queued.push_back(bytes);
        let queued = there.queued_bytes;
        if there.queued.len() == 1 {
            self.schedule_drain(connection);
        }
        // One frame of mail or of the log may be larger than a small limit; none may follow it.
        let largest = tandem_proto::limits::MAX_FRAME_BYTES;
        if queued > limit && queued > largest.min(limit + 128 * 1024) {
            self.violation(&format!("the relay queues {queued} bytes for one peer, over {limit}"));
        }
    }

    fn schedule_drain(&mut self, connection: u64) {
        let Some(there) = self.connections.get(&connection) else { return };
        let Some(first) = there.queued.front() else { return };
        let rate = self.devices[there.device].weather.down_rate;
        let takes = rate.map_or(0, |rate| first.len() as u64 * 1000 / rate.max(1));
        self.queue.after(takes, Event::Drain { connection });
    }

    pub(crate) fn drain(&mut self, connection: u64) {
        let now = self.queue.now();
        let Some(index) = self.connections.get(&connection).map(|there| there.device) else {
            return;
        };
        let delay = self.delay(index);
        let Some(there) = self.connections.get_mut(&connection) else { return };
        if there.relay_end != End::Open {
            return;
        }
        let Some(bytes) = there.queued.pop_front() else {
            if there.closing {
                there.relay_end = End::Gone;
                let at = there.down.last_arrival.max(now + delay);
                if !there.broken {
                    self.queue.at(at, Event::DeviceNotices { connection, closed: true });
                }
                self.feed_relay(Input::Disconnected(ConnId(connection)));
            }
            return;
        };
        there.queued_bytes -= bytes.len();
        let len = bytes.len();
        if let Some((at, number)) = there.down.send(now, delay) {
            self.queue.at(at, Event::ToDevice { connection, number, bytes });
        }
        let (more, closing) = (!there.queued.is_empty(), there.closing);
        if more {
            self.schedule_drain(connection);
        } else if closing {
            self.queue.after(0, Event::Drain { connection });
        }
        self.feed_relay(Input::Drained(ConnId(connection), len));
    }

    pub(crate) fn relay_tick(&mut self, boot: u64, tick: u64) {
        if self.hub.boot == boot && self.hub.tick == tick {
            self.feed_relay(Input::Tick);
        }
    }

    pub(crate) fn relay_read(&mut self, boot: u64, id: ReadId, items: Vec<Vec<u8>>) {
        if self.hub.boot == boot {
            self.feed_relay(Input::Items(id, items));
        }
    }

    pub(crate) fn journal_commit(&mut self, boot: u64) {
        if self.hub.boot != boot || self.hub.relay.is_none() {
            return;
        }
        let journal = &mut self.hub.journal;
        let Some((id, records)) = journal.pending.pop_front() else { return };
        let crash = journal.crashes_now();
        if crash == Some(CrashAt::Before) {
            self.kill_relay(1500);
            return;
        }
        if journal.temper.full {
            journal.pending.clear();
            self.note(|| "the relay can't write".to_owned());
            self.feed_relay(Input::CommitFailed(id));
            // The core is finished; the host opens its journal again.
            self.kill_relay(500);
            return;
        }
        for record in records {
            let so = self.hub.truth.record(&record);
            self.insist(so);
            self.hub.journal.durable.push(record);
        }
        self.stats.renewals = self.hub.truth.renewals;
        if crash == Some(CrashAt::After) {
            self.kill_relay(1500);
            return;
        }
        self.feed_relay(Input::Committed(id));
    }

    /// The relay's process ends; it is started again after at most this long.
    pub(crate) fn kill_relay(&mut self, again_within: u64) {
        if self.hub.relay.is_none() {
            return;
        }
        self.stats.relay_crashes += 1;
        self.note(|| "the relay is gone".to_owned());
        self.hub.relay = None;
        self.hub.boot += 1;
        self.hub.journal.cut();
        let open: Vec<u64> = self.connections.keys().copied().collect();
        for connection in open {
            if let Some(there) = self.connections.get_mut(&connection) {
                there.relay_end = End::Gone;
            }
            self.break_connection(connection);
        }
        if again_within > 0 {
            let again = self.chance.range(10..again_within.max(11));
            self.queue.after(again, Event::RelayStarts);
        }
    }

    /// The relay's store is another one from now on: an older copy of it, or an empty one.
    pub(crate) fn replace_relay_store(&mut self, records: Vec<Record>) {
        self.kill_relay(0);
        self.stats.relay_losses += 1;
        self.hub.incarnation += 1;
        let renewals = self.hub.truth.renewals;
        let so = self.hub.truth.replaced(&records);
        self.hub.truth.renewals = renewals;
        self.insist(so);
        self.note(|| format!("the relay's store is replaced by one of {} records", records.len()));
        self.hub.journal.durable = records;
    }

    pub(crate) fn relay_hears(&mut self, connection: u64, frame: ClientToRelay) {
        if let Some(from) = self.hub.callers.get(&connection).copied() {
            let key = self.relay_key();
            self.hub.truth.heard(&key, &from, &frame);
        }
        self.feed_relay(Input::Frame(ConnId(connection), frame));
    }
}
