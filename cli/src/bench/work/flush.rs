//! W1: a trip is over, and one entry in each of 180 threads leaves.

use std::time::{Duration, Instant};
use tandem_proto::Epoch;

use super::{Bench, School, Syncs, wire};
use crate::{
    bench::{
        bare,
        line::{Line, Quality},
        phone::Phone,
        place::Relay,
        quic, raw,
        report::Measured,
        stats::Sample,
    },
    error::Failure,
};

const RUNS: usize = 30;
const WITHIN: Duration = Duration::from_secs(45);

/// Both variants.
pub(super) async fn run(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let (threads, entries) = (bench.size(180, 12), bench.size(50, 3));
    let school = School::found(bench, "w1", threads, entries).await?;
    let floor = bench.floor("w1").await?;
    let near = variant(bench, &school, floor.as_ref(), "loopback", None).await?;
    let far = Some(Quality::far(100));
    let far = variant(bench, &school, floor.as_ref(), "rtt_100ms", far).await?;
    Ok(vec![near, far])
}

async fn variant(
    bench: &Bench<'_>,
    school: &School,
    floor: Option<&Relay>,
    variant: &'static str,
    quality: Option<Quality>,
) -> Result<Measured, Failure> {
    let line = match quality {
        Some(quality) => Some(Line::lay(school.relay.listen(), quality, 1).await?),
        None => None,
    };
    let phone = Phone::open(&school.home, line.as_ref().map(Line::address)).await?;
    // The phone remembers the way from last time.
    phone.reconnect().await?;
    let (mut flushes, mut whole, mut bare) = <(Syncs, Syncs, Syncs)>::default();
    let (mut greeted, mut first, mut commits) = <(Sample, Sample, Sample)>::default();
    for run in bench.runs(RUNS, WITHIN) {
        let before = school.relay.commits().await?;
        let flush = phone.flush(&school.threads, 1_000_000 * (run + 1)).await?;
        if let Some((after, before)) = school.relay.commits().await?.zip(before) {
            #[allow(clippy::cast_precision_loss, reason = "commits of a flush are few")]
            commits.add((after - before) as f64);
        }
        flushes.add(flush.receipts, flush.bytes);
        greeted.time(flush.greeted);
        first.time(flush.first);
        whole.add(flush.settled, flush.bytes_whole);
        if let Some(relay) = floor {
            let (took, bytes) = bare_flush(relay, quality, school.threads.len()).await?;
            bare.add(took, bytes);
        }
    }
    phone.close().await;
    let mut metrics = flushes.metrics();
    metrics.extend([
        ("ms_greeted_p50", greeted.median()),
        ("ms_first_receipt_p50", first.median()),
        ("ms_settled_p50", whole.ms.median()),
        ("relay_commits", commits.median()),
        ("bytes_up_whole", whole.up.median()),
        ("bytes_down_whole", whole.down.median()),
    ]);
    let floor = floor.map(|_| bare.metrics());
    Ok(Measured { work: "W1", variant, runs: flushes.ms.len(), metrics, floor })
}

/// The same many items of the same size, from the dial until each is durable.
pub(super) async fn bare_flush(
    relay: &Relay,
    quality: Option<Quality>,
    items: usize,
) -> Result<(Duration, (u64, u64)), Failure> {
    let line = match quality {
        Some(quality) => Some((Line::lay(relay.listen(), quality, 2).await?, quality.round_trip())),
        None => None,
    };
    let wire = wire(relay, line.as_ref().map(|(line, rtt)| (line, *rtt)));
    let items: Vec<Vec<u8>> = (0..).take(items).map(|n| raw::envelope(Epoch(0), 0, n)).collect();
    let endpoint = quic::endpoint()?;
    let since = Instant::now();
    let mut link = bare::Link::dial(&endpoint, &wire).await?;
    link.append(&items).await?;
    link.all_done(items.len()).await?;
    let took = since.elapsed();
    Ok((took, link.hang_up()))
}
