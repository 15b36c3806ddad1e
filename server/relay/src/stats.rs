//! Figures for the host's metrics.

use crate::relay::Relay;

/// Events since the core was restored.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) items: u64,
    pub(crate) bytes: u64,
    pub(crate) matched_greetings: u64,
    pub(crate) ignored_acknowledgements: u64,
    pub(crate) ignored_evidence: u64,
    pub(crate) generations_drawn: u64,
}

/// What the core holds and what it has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Threads.
    pub threads: usize,
    /// Items in all logs.
    pub items: u64,
    /// Bytes in all logs.
    pub bytes: u64,
    /// Devices with a stored cursor.
    pub devices: usize,
    /// Letters in all mailboxes.
    pub letters: usize,
    /// Bytes of all letters.
    pub letter_bytes: usize,
    /// Connections.
    pub connections: usize,
    /// Connections whose queue is over its limit.
    pub lagging: usize,
    /// Bytes queued on all connections.
    pub queued_bytes: usize,
    /// Commits on their way to the disk.
    pub outstanding_commits: usize,
    /// Reconnects that needed no cursors, since the start.
    pub matched_greetings: u64,
    /// Acknowledgements that were forged, stale or off the chain, since the start.
    pub ignored_acknowledgements: u64,
    /// Evidence that proved nothing, since the start.
    pub ignored_evidence: u64,
    /// Generations drawn, since the start.
    pub generations_drawn: u64,
}

impl Relay {
    /// Figures for metrics; costs a walk over the connections.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let mut stats = Stats {
            threads: self.threads.len(),
            items: self.counts.items,
            bytes: self.counts.bytes,
            devices: self.devices.len(),
            letters: self.mail.len(),
            letter_bytes: self.mail.bytes(),
            outstanding_commits: self.commits.outstanding(),
            matched_greetings: self.counts.matched_greetings,
            ignored_acknowledgements: self.counts.ignored_acknowledgements,
            ignored_evidence: self.counts.ignored_evidence,
            generations_drawn: self.counts.generations_drawn,
            ..Stats::default()
        };
        for (_, conn) in self.conns.iter() {
            stats.connections += 1;
            stats.lagging += usize::from(conn.lagging);
            stats.queued_bytes += conn.queued;
        }
        stats
    }
}
