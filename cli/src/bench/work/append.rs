//! W4: fifty links append what was sealed beforehand, as fast as the relay makes it durable.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tandem_proto::{Epoch, ThreadId};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Bench, wire};
use crate::{
    bench::{
        bare,
        place::Relay,
        quic::{self, broken},
        raw,
        report::{Measured, Metrics},
        stats::Sample,
    },
    error::Failure,
};

const LINKS: usize = 50;
const RUNS: usize = 3;
const WITHIN: Duration = Duration::from_secs(40);

/// Items that a pipelining link has on their way.
const PIPELINE: usize = 32;

/// A link that is appending.
enum Appender {
    Tandem { link: raw::Link, thread: ThreadId, author: u32, next: u32 },
    Bare { link: bare::Link, author: u32, next: u32 },
}

impl Appender {
    async fn push(&mut self, count: usize) -> Result<(), Failure> {
        match self {
            Self::Tandem { link, thread, author, next } => {
                let items = sealed(*author, next, count);
                link.push(*thread, items).await
            }
            Self::Bare { link, author, next } => {
                let items = sealed(*author, next, count);
                link.append(&items).await
            }
        }
    }

    async fn durable(&mut self) -> Result<usize, Failure> {
        match self {
            Self::Tandem { link, .. } => link.receipts().await,
            Self::Bare { link, .. } => link.done().await,
        }
    }
}

fn sealed(author: u32, next: &mut u32, count: usize) -> Vec<Vec<u8>> {
    (0..count)
        .map(|_| {
            *next += 1;
            raw::envelope(Epoch(0), author, *next)
        })
        .collect()
}

/// Both variants.
pub(super) async fn run(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let one = variant(bench, "one_outstanding", 1).await?;
    let many = variant(bench, "pipelined", PIPELINE).await?;
    Ok(vec![one, many])
}

async fn variant(
    bench: &Bench<'_>,
    variant: &'static str,
    outstanding: usize,
) -> Result<Measured, Failure> {
    let (mut own, mut bare) = <(Figures, Figures)>::default();
    for run in bench.runs(RUNS, WITHIN) {
        let name = format!("w4-{variant}-{run}");
        let relay = Relay::tandem(&bench.place.folder(&name)).await?;
        measure(bench, &relay, false, outstanding, &mut own).await?;
        relay.end().await?;
        if let Some(relay) = bench.floor(&name).await? {
            measure(bench, &relay, true, outstanding, &mut bare).await?;
            relay.end().await?;
        }
    }
    let floor = bench.settings.floor.then(|| bare.metrics());
    Ok(Measured { work: "W4", variant, runs: own.rates.len(), metrics: own.metrics(), floor })
}

/// What one relay came to, over the runs.
#[derive(Debug, Default)]
struct Figures {
    /// Appends in a second.
    rates: Sample,
    /// Microseconds of the relay's processor time for each.
    costs: Sample,
    /// Appends that shared a commit; empty for the bare relay.
    shared: Sample,
}

impl Figures {
    fn metrics(&self) -> Metrics {
        let mut metrics =
            vec![("appends_per_s", self.rates.median()), ("relay_cpu_us", self.costs.median())];
        if self.shared.len() > 0 {
            metrics.push(("appends_per_commit", self.shared.median()));
        }
        metrics
    }
}

async fn measure(
    bench: &Bench<'_>,
    relay: &Relay,
    bare: bool,
    outstanding: usize,
    figures: &mut Figures,
) -> Result<(), Failure> {
    let count = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let mut links = JoinSet::new();
    for author in (0..).take(bench.size(LINKS, 5)) {
        let appender = connect(relay, bare, author).await?;
        links.spawn(append(appender, outstanding, count.clone(), stop.clone()));
    }
    let (warm_up, length) = if bench.settings.smoke { (100, 400) } else { (500, 3_000) };
    sleep(Duration::from_millis(warm_up)).await;
    let commits = relay.commits().await?;
    let (since, cpu, before) = (Instant::now(), relay.cpu()?, count.load(Relaxed));
    sleep(Duration::from_millis(length)).await;
    let (took, cpu, appended) =
        (since.elapsed(), relay.cpu()?.saturating_sub(cpu), count.load(Relaxed) - before);
    let commits = relay.commits().await?.zip(commits).map(|(after, before)| after - before);
    stop.store(true, Relaxed);
    while let Some(ended) = links.join_next().await {
        ended.map_err(broken)??;
    }
    #[allow(clippy::cast_precision_loss, reason = "appends of seconds are far below 2^52")]
    let (appended, commits) = (appended as f64, commits.map(|commits| commits as f64));
    figures.rates.add(appended / took.as_secs_f64());
    figures.costs.add(cpu.as_secs_f64() * 1e6 / appended.max(1.0));
    if let Some(commits) = commits {
        figures.shared.add(appended / commits.max(1.0));
    }
    Ok(())
}

async fn connect(relay: &Relay, bare: bool, author: u32) -> Result<Appender, Failure> {
    let endpoint = quic::endpoint()?;
    if bare {
        let link = bare::Link::dial(&endpoint, &wire(relay, None)).await?;
        return Ok(Appender::Bare { link, author, next: 0 });
    }
    let device = raw::Device::new(author);
    let mut link = raw::Link::dial(&endpoint, relay, &device).await?;
    let (thread, genesis) = device.found();
    link.push(thread, vec![genesis]).await?;
    link.receipts().await?;
    Ok(Appender::Tandem { link, thread, author, next: 0 })
}

async fn append(
    mut link: Appender,
    outstanding: usize,
    count: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
) -> Result<(), Failure> {
    link.push(outstanding).await?;
    while !stop.load(Relaxed) {
        let durable = link.durable().await?;
        count.fetch_add(durable as u64, Relaxed);
        link.push(durable).await?;
    }
    Ok(())
}
