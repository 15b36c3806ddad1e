//! Limits that an operator may set.

/// Who may put threads on a relay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Admission {
    /// Everybody.
    #[default]
    Open,
    /// Devices of its schools. Others are served in threads that they are in.
    Schools,
}

/// Limits that an operator may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Who may put threads here.
    pub admission: Admission,
    /// Bytes queued on one connection before it counts as lagging.
    pub max_queued_bytes: usize,
    /// Items in one thread's log.
    pub max_items_per_thread: u64,
    /// Bytes of one thread's log.
    pub max_bytes_per_thread: u64,
    /// Threads that one device may found in a day.
    pub max_threads_founded_per_day: u32,
    /// Bytes of log items that one device may upload in a day.
    pub max_bytes_per_day: u64,
    /// Devices of one school.
    pub max_devices_per_school: u64,
    /// Threads of one school.
    pub max_threads_per_school: u64,
    /// Bytes of all logs of one school's threads.
    pub max_bytes_per_school: u64,
    /// Letters that one device may have waiting in mailboxes.
    pub max_letters_per_device: u32,
    /// Bytes of letters in all mailboxes together, which are kept in memory.
    pub max_letter_bytes: usize,
    /// Days since a thread's newest item after which it is erased; 0 for never.
    pub retention_days: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            admission: Admission::Open,
            max_queued_bytes: 1 << 20,
            max_items_per_thread: 1_000_000,
            max_bytes_per_thread: 1 << 30,
            max_threads_founded_per_day: 2_000,
            max_bytes_per_day: 4 << 30,
            max_devices_per_school: 10_000,
            max_threads_per_school: 100_000,
            max_bytes_per_school: 256 << 30,
            max_letters_per_device: 1_000,
            max_letter_bytes: 256 << 20,
            retention_days: 0,
        }
    }
}
