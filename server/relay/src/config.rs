//! Limits that an operator may set.

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
    /// Bytes of letters in all mailboxes together, which are kept in memory.
    pub max_letter_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_queued_bytes: 1 << 20,
            max_items_per_thread: 1_000_000,
            max_bytes_per_thread: 1 << 30,
            max_threads_founded_per_day: 2_000,
            max_letters_per_device: 1_000,
            max_letter_bytes: 256 << 20,
        }
    }
}
