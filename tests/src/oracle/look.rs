//! Looking at a device's durable store: what would be there if the power went now.

use std::collections::{BTreeMap, VecDeque};

use tandem_engine::{Answer, Effect, Engine, EntryId, Input, Query, ThreadRow, Ticket};
use tandem_proto::{ThreadId, Timestamp};

use crate::{disk, world::World};

/// An engine over a copy of a store, with a disk that is done at once and no network.
struct Beside {
    engine: Engine,
    store: disk::Store,
    now: Timestamp,
}

impl Beside {
    fn ask(&mut self, ticket: u64, query: Query) -> Option<Answer> {
        let mut inputs = VecDeque::from([Input::Query(Ticket(ticket), query)]);
        let mut answer = None;
        while let Some(input) = inputs.pop_front() {
            self.engine.handle(self.now, input);
            while let Some(effect) = self.engine.poll_effect() {
                match effect {
                    Effect::Persist(id, batch) => {
                        disk::apply(&mut self.store, &batch);
                        inputs.push_back(Input::Persisted(id));
                    }
                    Effect::Load(thread, prefixes) => {
                        let records = disk::scan(&self.store, &prefixes);
                        inputs.push_back(Input::Loaded(thread, records));
                    }
                    Effect::Answer(of, result) if of == Ticket(ticket) => answer = result.ok(),
                    _ => {}
                }
            }
        }
        answer
    }
}

impl World {
    /// All rows of a device as its durable store has them; what it holds is remembered.
    pub(crate) fn look_at_durable(&mut self, device: usize) -> BTreeMap<ThreadId, Vec<ThreadRow>> {
        self.stats.looks += 1;
        let store = self.devices[device].disk.durable.clone();
        let now = self.clock(device);
        // The seed is the same each time: nothing that is made here is ever sent.
        let engine = match Engine::open(now, [7; 32], disk::resident(&store)) {
            Ok(engine) => engine,
            Err(error) => self.violation(&format!("a durable store does not open: {error}")),
        };
        let mut beside = Beside { engine, store, now };
        let mut all = BTreeMap::new();
        let Some(Answer::Inbox(inbox, _)) = beside.ask(1, Query::Inbox) else {
            self.violation("a durable store does not tell its inbox");
        };
        for (ticket, row) in (2..).zip(inbox) {
            let Some(Answer::Thread(_, rows)) = beside.ask(ticket, Query::Thread(row.thread))
            else {
                self.violation("a durable store does not tell a thread's rows");
            };
            self.oracle.held.extend(rows.iter().map(|row| (device, row.entry)));
            all.insert(row.thread, rows);
        }
        all
    }

    /// Law 1: what is on the screen is durable. Looks only when something is not, and not always.
    pub(crate) fn insist_durable(&mut self, device: usize, entries: &[EntryId]) {
        let doubtful = !self.devices[device].disk.pending.is_empty();
        if !doubtful || (self.story.is_none() && !self.chance.percent(25)) {
            return;
        }
        let all = self.look_at_durable(device);
        for entry in entries {
            if !all.values().flatten().any(|row| row.entry == *entry) {
                let name = &self.devices[device].name;
                self.violation(&format!("{name} shows {entry:?}, which a power cut would take"));
            }
        }
    }

    /// Whether a device holds an entry durably, or has held it.
    pub(crate) fn has_held(&mut self, device: usize, entry: EntryId) -> bool {
        if !self.oracle.held.contains(&(device, entry)) {
            self.look_at_durable(device);
        }
        self.oracle.held.contains(&(device, entry))
    }
}
