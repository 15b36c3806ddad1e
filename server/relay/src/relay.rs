//! The core's entry points.

use std::collections::VecDeque;

use tandem_proto::{Generation, SecretKey, Timestamp};

use crate::{Effect, Input, Record};

/// Limits that an operator may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Bytes queued on one connection before it counts as lagging.
    pub max_queued_bytes: usize,
    /// Items in one thread's log.
    pub max_items_per_thread: u64,
    /// Bytes of one thread's log.
    pub max_bytes_per_thread: u64,
    /// Threads that one device may found in a day.
    pub max_threads_founded_per_day: u32,
    /// Letters that one device may have waiting in mailboxes.
    pub max_letters_per_device: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_queued_bytes: 1 << 20,
            max_items_per_thread: 1_000_000,
            max_bytes_per_thread: 1 << 30,
            max_threads_founded_per_day: 2_000,
            max_letters_per_device: 1_000,
        }
    }
}

/// Records did not add up to a state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// An append that does not follow the one before.
    #[error("the log of thread {0} has a gap")]
    Gap(tandem_proto::ThreadId),
    /// A store without a generation at its start.
    #[error("the store does not begin with a generation")]
    NoGeneration,
}

/// The relay's core; see the crate's contract.
#[derive(Debug)]
pub struct Relay {
    effects: VecDeque<Effect>,
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
        _now: Timestamp,
        _config: Config,
        _key: SecretKey,
        _seed: [u8; 32],
        _records: impl IntoIterator<Item = Record>,
    ) -> Result<Self, RestoreError> {
        Ok(Self { effects: VecDeque::new() })
    }

    /// Draws a new generation now: the host found that the store lost something.
    pub fn renew(&mut self) {}

    /// Takes one input. Never blocks.
    pub fn handle(&mut self, _now: Timestamp, _input: Input) {}

    /// The next effect; call until `None` after every [`Relay::handle`].
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When to send [`Input::Tick`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        None
    }

    /// The store's present generation.
    #[must_use]
    pub fn generation(&self) -> Generation {
        Generation::new([0; 16])
    }
}
