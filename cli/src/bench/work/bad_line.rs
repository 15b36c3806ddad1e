//! W5: twenty entries over a line that is far, narrow or lossy.

use std::time::Duration;

use super::{Bench, School, Syncs, flush::bare_flush};
use crate::{
    bench::{
        line::{Line, Quality},
        phone::Phone,
        place::Relay,
        report::{Measured, Metrics},
    },
    error::Failure,
};

const WITHIN: Duration = Duration::from_secs(70);

/// All variants, each at a round trip of 300 ms.
pub(super) async fn run(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let school = School::found(bench, "w5", bench.size(180, 20), bench.size(10, 1)).await?;
    let floor = bench.floor("w5").await?;
    let far = Quality::far(300);
    let narrow = Quality { bits_per_second: Some(64_000), ..far };
    let lossy = Quality { lost: 10, ..far };
    let mut all = Vec::new();
    for (name, quality, runs) in
        [("rtt_300ms", far, 20), ("64kbit", narrow, 12), ("loss_10", lossy, 30)]
    {
        all.push(variant(bench, &school, floor.as_ref(), name, quality, runs).await?);
    }
    Ok(all)
}

async fn variant(
    bench: &Bench<'_>,
    school: &School,
    floor: Option<&Relay>,
    variant: &'static str,
    quality: Quality,
    runs: usize,
) -> Result<Measured, Failure> {
    let line = Line::lay(school.relay.listen(), quality, 5).await?;
    let phone = Phone::open(&school.home, Some(line.address())).await?;
    phone.reconnect().await?;
    let threads = &school.threads[..bench.size(20, 5)];
    let (mut flushes, mut bare) = <(Syncs, Syncs)>::default();
    for run in bench.runs(runs, WITHIN) {
        let flush = phone.flush(threads, 1_000_000 * (run + 1)).await?;
        flushes.add(flush.receipts, flush.bytes);
        if let Some(relay) = floor {
            let (took, bytes) = bare_flush(relay, Some(quality), threads.len()).await?;
            bare.add(took, bytes);
        }
    }
    phone.close().await;
    let floor = floor.map(|_| metrics(&bare));
    let runs = flushes.ms.len();
    Ok(Measured { work: "W5", variant, runs, metrics: metrics(&flushes), floor })
}

fn metrics(syncs: &Syncs) -> Metrics {
    let mut metrics = syncs.metrics();
    metrics.insert(1, ("ms_p90", syncs.ms.percentile(90)));
    metrics
}
