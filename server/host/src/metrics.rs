//! Counters, and their text for Prometheus. They are always counted: adding costs less than asking
//! whether anybody reads.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tandem_proto::{Closing, Refusal, Whom};

/// Upper bounds of a journal sync in microseconds: from a good disk's 0.1 ms to one that is failing.
const SYNC_BOUNDS: [u64; 12] =
    [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000, 2_000_000];

const REFUSALS: [(Refusal, &str); 10] = [
    (Refusal::UnknownThread, "unknown_thread"),
    (Refusal::NotAMember, "not_a_member"),
    (Refusal::StaleEpoch, "stale_epoch"),
    (Refusal::StaleLink, "stale_link"),
    (Refusal::Malformed, "malformed"),
    (Refusal::OverQuota, "over_quota"),
    (Refusal::Unavailable, "unavailable"),
    (Refusal::NotAdmitted, "not_admitted"),
    (Refusal::Suspended, "suspended"),
    (Refusal::Erased, "erased"),
];

const NOT_SERVED: [(Closing, &str); 4] = [
    (Closing::Suspended(Whom::Device), "device_suspended"),
    (Closing::Suspended(Whom::School), "school_suspended"),
    (Closing::Removed(Whom::Device), "device_removed"),
    (Closing::Removed(Whom::School), "school_removed"),
];

/// The relay's counters; a clone counts on the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metrics(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    appends: AtomicU64,
    receipts: AtomicU64,
    refused: [AtomicU64; REFUSALS.len()],
    not_served: [AtomicU64; NOT_SERVED.len()],
    connections: AtomicU64,
    turned_away: AtomicU64,
    closed: AtomicU64,
    queued: AtomicU64,
    /// Syncs by the first bound that they do not exceed; the last are above all of them.
    syncs: [AtomicU64; SYNC_BOUNDS.len() + 1],
    sync_micros: AtomicU64,
    journal_bytes: AtomicU64,
    journal_failures: AtomicU64,
}

impl Metrics {
    /// Items became durable.
    pub(crate) fn appended(&self, items: usize) {
        add(&self.0.appends, items);
    }

    /// Receipts were sent.
    pub(crate) fn receipts(&self, items: usize) {
        add(&self.0.receipts, items);
    }

    /// An item or letter was refused.
    pub(crate) fn refused(&self, reason: Refusal) {
        let at = REFUSALS.iter().position(|(refusal, _)| *refusal == reason);
        if let Some(count) = at.and_then(|at| self.0.refused.get(at)) {
            add(count, 1);
        }
    }

    /// A device was told why it has to go; counted when that is who it or its school is.
    pub(crate) fn closing(&self, why: &Closing) {
        let at = NOT_SERVED.iter().position(|(closing, _)| closing == why);
        if let Some(count) = at.and_then(|at| self.0.not_served.get(at)) {
            add(count, 1);
        }
    }

    /// A device connected.
    pub(crate) fn opened(&self) {
        add(&self.0.connections, 1);
    }

    /// A connection ended.
    pub(crate) fn closed(&self) {
        add(&self.0.closed, 1);
    }

    /// A newcomer was refused for the limits' sake.
    pub(crate) fn turned_away(&self) {
        add(&self.0.turned_away, 1);
    }

    /// So many bytes wait on all connections together.
    pub(crate) fn queued(&self, bytes: usize) {
        self.0.queued.store(bytes as u64, Relaxed);
    }

    /// A group was made durable.
    pub(crate) fn synced(&self, took: Duration, bytes: u64) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(count) = self.0.syncs.get(SYNC_BOUNDS.partition_point(|bound| *bound < micros))
        {
            add(count, 1);
        }
        self.0.sync_micros.fetch_add(micros, Relaxed);
        self.0.journal_bytes.fetch_add(bytes, Relaxed);
    }

    /// A write or sync failed.
    pub(crate) fn journal_failed(&self) {
        add(&self.0.journal_failures, 1);
    }

    /// All of them in Prometheus' text format 0.0.4.
    pub(crate) fn render(&self) -> String {
        let counts = &*self.0;
        let mut text = Text::default();
        text.one("tandem_appends_total", "counter", counts.appends.load(Relaxed));
        text.one("tandem_receipts_total", "counter", counts.receipts.load(Relaxed));
        text.head("tandem_refused_total", "counter");
        for ((_, reason), count) in REFUSALS.iter().zip(&counts.refused) {
            text.line(&format!("tandem_refused_total{{reason=\"{reason}\"}}"), count.load(Relaxed));
        }
        text.head("tandem_not_served_total", "counter");
        for ((_, reason), count) in NOT_SERVED.iter().zip(&counts.not_served) {
            let name = format!("tandem_not_served_total{{reason=\"{reason}\"}}");
            text.line(&name, count.load(Relaxed));
        }
        // Read first, so that an end counted meanwhile never makes fewer than none open.
        let closed = counts.closed.load(Relaxed);
        let opened = counts.connections.load(Relaxed);
        text.one("tandem_connections", "gauge", opened.saturating_sub(closed));
        text.one("tandem_connections_total", "counter", opened);
        let turned_away = counts.turned_away.load(Relaxed);
        text.one("tandem_connections_turned_away_total", "counter", turned_away);
        text.one("tandem_queued_bytes", "gauge", counts.queued.load(Relaxed));
        text.syncs(&counts.syncs, counts.sync_micros.load(Relaxed));
        text.one("tandem_journal_bytes_total", "counter", counts.journal_bytes.load(Relaxed));
        text.one("tandem_journal_failures_total", "counter", counts.journal_failures.load(Relaxed));
        text.0
    }
}

fn add(count: &AtomicU64, more: usize) {
    count.fetch_add(more as u64, Relaxed);
}

/// The text as it grows. Writing to a String can't fail.
#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str) {
        let _ = writeln!(self.0, "# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, value: u64) {
        let _ = writeln!(self.0, "{name} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, value: u64) {
        self.head(name, kind);
        self.line(name, value);
    }

    /// The histogram: each bucket counts what is in those below it too.
    fn syncs(&mut self, buckets: &[AtomicU64], micros: u64) {
        const NAME: &str = "tandem_journal_sync_seconds";
        self.head(NAME, "histogram");
        let bounds = SYNC_BOUNDS.iter().map(|bound| seconds(*bound)).chain(["+Inf".to_owned()]);
        let mut count = 0;
        for (bound, bucket) in bounds.zip(buckets) {
            count += bucket.load(Relaxed);
            self.line(&format!("{NAME}_bucket{{le=\"{bound}\"}}"), count);
        }
        let _ = writeln!(self.0, "{NAME}_sum {}", seconds(micros));
        self.line(&format!("{NAME}_count"), count);
    }
}

/// Microseconds as seconds, exactly, and without zeros at the end.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sync_is_counted_in_its_bucket_and_in_all_above() {
        let metrics = Metrics::default();
        for micros in [100, 101, 1_500, 3_000_000] {
            metrics.synced(Duration::from_micros(micros), 10);
        }
        let text = metrics.render();
        for line in [
            "# TYPE tandem_journal_sync_seconds histogram",
            "tandem_journal_sync_seconds_bucket{le=\"0.0001\"} 1",
            "tandem_journal_sync_seconds_bucket{le=\"0.0002\"} 2",
            "tandem_journal_sync_seconds_bucket{le=\"0.001\"} 2",
            "tandem_journal_sync_seconds_bucket{le=\"0.002\"} 3",
            "tandem_journal_sync_seconds_bucket{le=\"2\"} 3",
            "tandem_journal_sync_seconds_bucket{le=\"+Inf\"} 4",
            "tandem_journal_sync_seconds_sum 3.001701",
            "tandem_journal_sync_seconds_count 4",
            "tandem_journal_bytes_total 40",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[test]
    fn every_reason_has_its_counter_and_clones_count_together() {
        let metrics = Metrics::default();
        for (refusal, _) in REFUSALS {
            metrics.clone().refused(refusal);
        }
        for (closing, _) in &NOT_SERVED {
            metrics.clone().closing(closing);
        }
        metrics.opened();
        metrics.opened();
        metrics.closed();
        let text = metrics.render();
        for (_, reason) in REFUSALS {
            assert!(text.contains(&format!("tandem_refused_total{{reason=\"{reason}\"}} 1\n")));
        }
        for (_, reason) in NOT_SERVED {
            assert!(text.contains(&format!("tandem_not_served_total{{reason=\"{reason}\"}} 1\n")));
        }
        assert!(text.contains("\ntandem_connections 1\n"), "{text}");
        assert!(text.contains("\ntandem_connections_total 2\n"), "{text}");
    }
}
