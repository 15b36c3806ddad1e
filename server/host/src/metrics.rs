//! Counters, and their rendering for Prometheus. Without an address to serve them on they cost
//! nothing and keep nothing.

use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, Label, counter, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tandem_proto::Refusal;

/// Seconds of a journal sync: from a good disk's 0.1 ms to one that is failing.
const SYNC_BUCKETS: [f64; 12] =
    [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0];

const REFUSALS: [(Refusal, &str); 7] = [
    (Refusal::UnknownThread, "unknown_thread"),
    (Refusal::NotAMember, "not_a_member"),
    (Refusal::StaleEpoch, "stale_epoch"),
    (Refusal::StaleLink, "stale_link"),
    (Refusal::Malformed, "malformed"),
    (Refusal::OverQuota, "over_quota"),
    (Refusal::Unavailable, "unavailable"),
];

/// The relay's counters.
#[derive(Clone)]
pub(crate) struct Metrics {
    appends: Counter,
    receipts: Counter,
    refused: Vec<Counter>,
    connections: Counter,
    turned_away: Counter,
    open: Gauge,
    queued: Gauge,
    sync_seconds: Histogram,
    journal_bytes: Counter,
    journal_failures: Counter,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics(..)")
    }
}

impl Metrics {
    /// Counters that nobody reads.
    pub(crate) fn off() -> Self {
        Self {
            appends: Counter::noop(),
            receipts: Counter::noop(),
            refused: vec![Counter::noop(); REFUSALS.len()],
            connections: Counter::noop(),
            turned_away: Counter::noop(),
            open: Gauge::noop(),
            queued: Gauge::noop(),
            sync_seconds: Histogram::noop(),
            journal_bytes: Counter::noop(),
            journal_failures: Counter::noop(),
        }
    }

    /// Counters of this host alone, and what renders them.
    pub(crate) fn on() -> (Self, PrometheusHandle) {
        let builder = PrometheusBuilder::new();
        let recorder =
            builder.set_buckets(&SYNC_BUCKETS).expect("there are buckets").build_recorder();
        let metrics = with_local_recorder(&recorder, || Self {
            appends: counter!("tandem_appends_total"),
            receipts: counter!("tandem_receipts_total"),
            refused: REFUSALS
                .iter()
                .map(|(_, name)| {
                    counter!("tandem_refused_total", vec![Label::new("reason", *name)])
                })
                .collect(),
            connections: counter!("tandem_connections_total"),
            turned_away: counter!("tandem_connections_turned_away_total"),
            open: gauge!("tandem_connections"),
            queued: gauge!("tandem_queued_bytes"),
            sync_seconds: histogram!("tandem_journal_sync_seconds"),
            journal_bytes: counter!("tandem_journal_bytes_total"),
            journal_failures: counter!("tandem_journal_failures_total"),
        });
        (metrics, recorder.handle())
    }

    /// Items became durable.
    pub(crate) fn appended(&self, items: usize) {
        self.appends.increment(items as u64);
    }

    /// Receipts were sent.
    pub(crate) fn receipts(&self, items: usize) {
        self.receipts.increment(items as u64);
    }

    /// An item or letter was refused.
    pub(crate) fn refused(&self, reason: Refusal) {
        let at = REFUSALS.iter().position(|(refusal, _)| *refusal == reason);
        if let Some(counter) = at.and_then(|at| self.refused.get(at)) {
            counter.increment(1);
        }
    }

    /// A device connected.
    pub(crate) fn opened(&self) {
        self.connections.increment(1);
        self.open.increment(1);
    }

    /// A connection ended.
    pub(crate) fn closed(&self) {
        self.open.decrement(1);
    }

    /// A newcomer was refused for the limits' sake.
    pub(crate) fn turned_away(&self) {
        self.turned_away.increment(1);
    }

    /// So many bytes wait on all connections together.
    pub(crate) fn queued(&self, bytes: usize) {
        // Exact up to 2^53, far beyond any memory.
        #[allow(clippy::cast_precision_loss, reason = "a gauge")]
        self.queued.set(bytes as f64);
    }

    /// A group was made durable.
    pub(crate) fn synced(&self, took: Duration, bytes: u64) {
        self.sync_seconds.record(took.as_secs_f64());
        self.journal_bytes.increment(bytes);
    }

    /// A write or sync failed.
    pub(crate) fn journal_failed(&self) {
        self.journal_failures.increment(1);
    }
}
