//! What one device or one thread may take of the relay.

use std::collections::BTreeMap;

use tandem_proto::{Timestamp, TransportKey};

use crate::{Config, thread::Thread};

const DAY_MS: u64 = 24 * 3600 * 1000;

/// How many threads each device founded on the present day (of UTC).
#[derive(Debug, Default)]
pub(crate) struct Founding {
    day: u64,
    founded: BTreeMap<TransportKey, u32>,
}

impl Founding {
    /// Whether the device may found one more.
    pub(crate) fn may_found(&self, config: &Config, now: Timestamp, by: &TransportKey) -> bool {
        let today = now.0 / DAY_MS == self.day;
        let founded = self.founded.get(by).copied().filter(|_| today).unwrap_or(0);
        founded < config.max_threads_founded_per_day
    }

    /// Counts a thread.
    pub(crate) fn count(&mut self, now: Timestamp, by: TransportKey) {
        let day = now.0 / DAY_MS;
        if day != self.day {
            self.day = day;
            self.founded.clear();
        }
        *self.founded.entry(by).or_default() += 1;
    }
}

/// Whether a thread has room for one more item of this many bytes.
pub(crate) fn has_room(config: &Config, thread: &Thread, len: usize) -> bool {
    thread.head().0 < config.max_items_per_thread
        && thread.bytes.saturating_add(len as u64) <= config.max_bytes_per_thread
}
