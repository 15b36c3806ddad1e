//! A core's state from a store's records.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tandem_proto::{
    Generation, ItemHash, ItemKind, Letter, RelayKey, Roster, SecretKey, Seq, ThreadId, Timestamp,
    item_kind,
};

use crate::{
    Act, AuditChain, Config, Record,
    admin::Schools,
    commit::Commits,
    conns::Conns,
    device::StoredCursor,
    mail::Mail,
    quota::Today,
    relay::{Relay, Stage},
    retention::Sweep,
    stats::Counts,
    thread::Thread,
};

/// Records did not add up to a state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// An append that does not follow the one before.
    #[error("the log of thread {0} has a gap")]
    Gap(ThreadId),
    /// A store without a generation at its start.
    #[error("the store does not begin with a generation")]
    NoGeneration,
    /// A log whose first item does not found its thread.
    #[error("the log of thread {0} does not begin with its genesis")]
    NoGenesis(ThreadId),
}

impl Relay {
    /// A core over what a store holds: all records in the order in which they were committed.
    ///
    /// `seed` feeds the core's generator. An empty store gets a new generation, which is committed
    /// by the first effects.
    ///
    /// # Errors
    /// [`RestoreError`] when the records can't be a store's.
    pub fn restore(
        now: Timestamp,
        config: Config,
        key: SecretKey,
        seed: [u8; 32],
        records: impl IntoIterator<Item = Record>,
    ) -> Result<Self, RestoreError> {
        let public = RelayKey::new(key.public());
        let mut relay = Self {
            conns: Conns::new(config.max_queued_bytes),
            config,
            public,
            key,
            rng: ChaCha20Rng::from_seed(seed),
            now,
            generation: Generation::new([0; 16]),
            told: None,
            threads: Default::default(),
            erased: Default::default(),
            devices: Default::default(),
            mail: Mail::default(),
            today: Today::default(),
            sweep: Sweep::begin(now),
            schools: Schools::default(),
            audit: AuditChain::new(public),
            commits: Commits::default(),
            stage: Stage::Running,
            counts: Counts::default(),
        };
        for record in records {
            if relay.told.is_none() && !matches!(record, Record::Generation(_)) {
                return Err(RestoreError::NoGeneration);
            }
            relay.replay(record)?;
        }
        relay.find_news();
        relay.look_at_retention();
        if relay.told.is_none() {
            relay.draw_generation();
        }
        Ok(relay)
    }

    fn replay(&mut self, record: Record) -> Result<(), RestoreError> {
        match record {
            Record::Generation(generation) => {
                self.enter_generation(generation);
                self.told = Some(generation);
            }
            // Written before a store that still has it was rebuilt.
            Record::Append { thread, .. } if self.erased.contains_key(&thread) => {}
            Record::Append { thread, seq, time, item, by } => {
                self.replay_append(thread, seq, &item)?;
                self.count_item(time, by, thread, seq, &item);
            }
            Record::Cursor { device, thread, seq, acks } => {
                if let Some(state) = self.threads.get_mut(&thread) {
                    state.followers.insert(device);
                    let cursor = StoredCursor { seq, acks };
                    self.devices.entry(device).or_default().set(&device, thread, cursor, state);
                }
            }
            Record::CursorsForgotten(device) => {
                for (thread, _) in self.devices.remove(&device).iter().flat_map(|d| d.cursors()) {
                    if let Some(thread) = self.threads.get_mut(thread) {
                        thread.followers.remove(&device);
                    }
                }
            }
            Record::Acknowledged(ack) => {
                if ack.generation == self.generation
                    && let Some(thread) = self.threads.get_mut(&ack.thread)
                {
                    thread.acknowledge(ack, true);
                }
            }
            Record::Letter { mailbox, time, by, letter } => {
                // One over the limit was never taken.
                if let Ok(letter) = Letter::try_from(letter) {
                    self.mail.put(mailbox, letter, time, by, true);
                }
            }
            Record::LetterDropped { mailbox, letter } => {
                self.mail.remove(&mailbox, &letter);
            }
            Record::Enrolled { device, school, time } => self.schools.enrol(device, school, time),
            Record::Moved { before, device, school, time } => {
                self.schools.dismiss(&before);
                self.schools.enrol(device, school, time);
            }
            Record::Audited(record) => {
                // One that does not follow is obeyed all the same: to forget a suspension would be
                // worse. The host tells.
                self.audit.follow(&record);
                self.schools.obey(&record.act, record.time);
                if let Act::ThreadErased(stone) = record.act {
                    self.replay_tombstone(stone);
                }
            }
            Record::Erased(stone) => self.replay_tombstone(stone),
        }
        Ok(())
    }

    fn replay_append(&mut self, id: ThreadId, seq: Seq, item: &[u8]) -> Result<(), RestoreError> {
        let thread = match self.threads.get_mut(&id) {
            Some(thread) => thread,
            None if seq != Seq(1) => return Err(RestoreError::Gap(id)),
            None => {
                let roster = Roster::found(id, item).map_err(|_| RestoreError::NoGenesis(id))?;
                self.threads.entry(id).or_insert(Thread::new(roster))
            }
        };
        if thread.head().next() != seq {
            return Err(RestoreError::Gap(id));
        }
        thread.append(ItemHash::of(item), item.len());
        thread.durable = seq;
        if item_kind(item) == Ok(ItemKind::RosterLink) {
            thread.replay_link(item);
        }
        Ok(())
    }

    /// Finds for each device the threads with news beyond its cursors; kept up from here on.
    fn find_news(&mut self) {
        for (key, device) in &mut self.devices {
            let threads: Vec<_> = device.cursors().map(|(thread, _)| *thread).collect();
            for id in threads {
                if let Some(thread) = self.threads.get(&id) {
                    device.look_at(key, id, thread);
                }
            }
        }
    }
}
