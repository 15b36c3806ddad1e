//! What may be limited, by name: for all, and for one school.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Config;

/// What a school may have of its own instead of the relay's default.
pub type Quota = BTreeMap<Limit, u64>;

/// Something that is limited.
///
/// A storage format: add at the end, never reorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Limit {
    /// Items of one thread's log.
    ItemsPerThread,
    /// Bytes of one thread's log.
    BytesPerThread,
    /// Threads that one device may put on the relay in a day.
    ThreadsFoundedPerDay,
    /// Bytes of log items that one device may upload in a day.
    BytesPerDay,
    /// Letters of one device waiting in mailboxes.
    LettersPerDevice,
    /// Devices of the school.
    Devices,
    /// Threads of the school.
    Threads,
    /// Bytes of all logs of the school's threads.
    Bytes,
    /// Days since a thread's newest item after which it is erased; 0 for never.
    RetentionDays,
}

/// A name that is no limit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such limit")]
pub struct NoSuchLimit;

impl Limit {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::ItemsPerThread, "items_per_thread"),
        (Self::BytesPerThread, "bytes_per_thread"),
        (Self::ThreadsFoundedPerDay, "threads_founded_per_day"),
        (Self::BytesPerDay, "bytes_per_day"),
        (Self::LettersPerDevice, "letters_per_device"),
        (Self::Devices, "devices"),
        (Self::Threads, "threads"),
        (Self::Bytes, "bytes"),
        (Self::RetentionDays, "retention_days"),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(limit, _)| *limit == self).map_or("", |(_, name)| name)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Limit {
    type Err = NoSuchLimit;

    fn from_str(text: &str) -> Result<Self, NoSuchLimit> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text);
        found.map(|(limit, _)| *limit).ok_or(NoSuchLimit)
    }
}

impl Config {
    /// What holds where no school has its own.
    #[must_use]
    pub fn limit(&self, limit: Limit) -> u64 {
        match limit {
            Limit::ItemsPerThread => self.max_items_per_thread,
            Limit::BytesPerThread => self.max_bytes_per_thread,
            Limit::ThreadsFoundedPerDay => self.max_threads_founded_per_day.into(),
            Limit::BytesPerDay => self.max_bytes_per_day,
            Limit::LettersPerDevice => self.max_letters_per_device.into(),
            Limit::Devices => self.max_devices_per_school,
            Limit::Threads => self.max_threads_per_school,
            Limit::Bytes => self.max_bytes_per_school,
            Limit::RetentionDays => self.retention_days,
        }
    }
}
