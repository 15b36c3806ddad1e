//! W2: a phone that has nothing to say connects and learns that there is nothing new.

use std::time::{Duration, Instant};

use super::{Bench, School, Syncs, wire};
use crate::{
    bench::{
        bare,
        line::{Line, Quality},
        phone::Phone,
        place::Relay,
        quic,
        report::{Measured, Metrics},
        stats::Sample,
    },
    error::Failure,
};

const RUNS: usize = 60;
const WITHIN: Duration = Duration::from_secs(15);

/// From this round trip it is seen how many there are.
const FAR_MS: u64 = 100;
const FAR_RUNS: usize = 7;

/// What the bare relay is asked, and as much it answers.
const QUESTION: usize = 300;

/// All variants: it is to be the same for each.
pub(super) async fn run(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let floor = bench.floor("w2").await?;
    let sizes = [("threads_180", 180, 12), ("threads_10", 10, 3), ("threads_1000", 1_000, 25)];
    let mut all = Vec::new();
    for (name, real, smoke) in sizes {
        all.push(variant(bench, floor.as_ref(), name, bench.size(real, smoke)).await?);
    }
    Ok(all)
}

async fn variant(
    bench: &Bench<'_>,
    floor: Option<&Relay>,
    variant: &'static str,
    threads: usize,
) -> Result<Measured, Failure> {
    let school = School::found(bench, &format!("w2-{variant}"), threads, 2).await?;
    let phone = Phone::open(&school.home, None).await?;
    phone.reconnect().await?;
    let (mut near, mut bare) = <(Syncs, Syncs)>::default();
    for _ in bench.runs(RUNS, WITHIN) {
        let (took, bytes) = phone.reconnect().await?;
        near.add(took, bytes);
        if let Some(relay) = floor {
            let (took, bytes) = bare_question(relay, None).await?;
            bare.add(took, bytes);
        }
    }
    phone.close().await;

    let line = Line::lay(school.relay.listen(), Quality::far(FAR_MS), 1).await?;
    let bare_line = match floor {
        Some(relay) => Some(Line::lay(relay.listen(), Quality::far(FAR_MS), 2).await?),
        None => None,
    };
    let phone = Phone::open(&school.home, Some(line.address())).await?;
    phone.reconnect().await?;
    let (mut far, mut bare_far) = <(Sample, Sample)>::default();
    for _ in bench.runs(FAR_RUNS, WITHIN) {
        far.time(phone.reconnect().await?.0);
        if let (Some(relay), Some(line)) = (floor, &bare_line) {
            bare_far.time(bare_question(relay, Some(line)).await?.0);
        }
    }
    phone.close().await;
    school.relay.end().await?;
    let floor = floor.map(|_| metrics(&bare, &bare_far));
    let runs = near.ms.len();
    Ok(Measured { work: "W2", variant, runs, metrics: metrics(&near, &far), floor })
}

fn metrics(near: &Syncs, far: &Sample) -> Metrics {
    let mut metrics = near.metrics();
    metrics.push(("bytes_both", near.up.median() + near.down.median()));
    let farther = far.median() - near.ms.median();
    // The handshake is one of them.
    metrics.push(("round_trips", farther / Duration::from_millis(FAR_MS).as_secs_f64() / 1000.0));
    metrics
}

async fn bare_question(
    relay: &Relay,
    line: Option<&Line>,
) -> Result<(Duration, (u64, u64)), Failure> {
    let wire = wire(relay, line.map(|line| (line, Duration::from_millis(FAR_MS))));
    let endpoint = quic::endpoint()?;
    let since = Instant::now();
    let mut link = bare::Link::dial(&endpoint, &wire).await?;
    link.ask(QUESTION).await?;
    let took = since.elapsed();
    Ok((took, link.hang_up()))
}
