//! W3: one entry from one phone to another's rows, and the same without the phones.

use std::{
    fs::File,
    io::Write,
    time::{Duration, Instant},
};

use tandem_client::Subscription;
use tandem_engine::{Answer, EntryId, Intent, ThreadRow, ViewDiff};
use tandem_proto::{Epoch, Role, ThreadId};
use tokio::time::timeout;

use super::{Bench, wire};
use crate::{
    bench::{
        bare, homes,
        phone::{PATIENCE, Phone, closed},
        place::Relay,
        quic, raw,
        report::{Measured, Metrics},
        stats::Sample,
    },
    error::Failure,
    home::unexpected,
};

const RUNS: usize = 500;
const WITHIN: Duration = Duration::from_secs(25);

/// What nobody counts: the first few find everything cold.
const WARM_UP: u32 = 5;

/// Both variants.
pub(super) async fn run(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let floor = bench.floor("w3").await?;
    let relay = Relay::tandem(&bench.place.folder("w3-relay")).await?;
    let phones = phone_to_phone(bench, &relay, floor.as_ref()).await?;
    let alone = relay_only(bench, &relay, floor.as_ref()).await?;
    Ok(vec![phones, alone])
}

async fn phone_to_phone(
    bench: &Bench<'_>,
    relay: &Relay,
    floor: Option<&Relay>,
) -> Result<Measured, Failure> {
    let writer = bench.newcomer(relay, "w3-writer", Role::Teacher).await?;
    let reader = bench.newcomer(relay, "w3-reader", Role::Guardian).await?;
    let thread = introduce(&writer, &reader).await?;
    writer.stay_online().await?;
    reader.stay_online().await?;
    let mut rows = reader.rows(thread);
    let mut sample = Sample::default();
    for run in 0..u64::from(WARM_UP) {
        one(&writer, &mut rows, thread, run).await?;
    }
    for run in bench.runs(RUNS, WITHIN) {
        sample.time(one(&writer, &mut rows, thread, 100 + run).await?);
    }
    writer.close().await;
    reader.close().await;
    let floor = match floor {
        Some(relay) => Some(metrics(&bare(bench, relay, true).await?)),
        None => None,
    };
    let (variant, runs) = ("phone_to_phone", sample.len());
    Ok(Measured { work: "W3", variant, runs, metrics: metrics(&sample), floor })
}

/// Founds a thread and lets the other in.
async fn introduce(writer: &Phone, reader: &Phone) -> Result<ThreadId, Failure> {
    let thread = writer.found("Maya").await?;
    reader.perform(Intent::Join { link: writer.invite(thread, Role::Guardian).await? }).await?;
    let mut inbox = reader.inbox().await?;
    for _ in 0..2 {
        reader.reconnect().await?;
        writer.reconnect().await?;
    }
    reader.reconnect().await?;
    if inbox.rows().is_empty() {
        inbox.until(|rows| rows.iter().any(|row| row.thread == thread)).await?;
    }
    Ok(thread)
}

/// From the tap to the other's rows.
async fn one(
    writer: &Phone,
    rows: &mut Subscription<ThreadRow>,
    thread: ThreadId,
    number: u64,
) -> Result<Duration, Failure> {
    let since = Instant::now();
    let said = writer.perform(homes::message(thread, number)).await?;
    let Answer::Said(entry, _) = said else { return Err(unexpected(&said)) };
    let shown = async {
        loop {
            let change = rows.next().await.ok_or_else(closed)?;
            if shows(&change, entry) {
                return Ok(since.elapsed());
            }
        }
    };
    timeout(PATIENCE, shown).await.map_err(|_| Failure::TimedOut)?
}

fn shows(change: &ViewDiff<ThreadRow>, entry: EntryId) -> bool {
    match change {
        ViewDiff::Reset(rows) => rows.iter().any(|row| row.entry == entry),
        ViewDiff::Insert { row, .. } | ViewDiff::Update { row, .. } => row.entry == entry,
        ViewDiff::Remove { .. } => false,
    }
}

/// Sealed beforehand, pushed by one link, delivered to another.
async fn relay_only(
    bench: &Bench<'_>,
    relay: &Relay,
    floor: Option<&Relay>,
) -> Result<Measured, Failure> {
    let (endpoint, other) = (quic::endpoint()?, quic::endpoint()?);
    let (writer, reader) = (raw::Device::new(1), raw::Device::new(2));
    let (thread, genesis) = writer.found();
    let admit = writer.admit(&reader, &genesis);
    let mut pushes = raw::Link::dial(&endpoint, relay, &writer).await?;
    pushes.push(thread, vec![genesis, admit]).await?;
    pushes.receipts().await?;
    let mut reads = raw::Link::dial(&other, relay, &reader).await?;
    reads.follow(thread).await?;
    let mut sample = Sample::default();
    for run in 0..WARM_UP {
        relayed(&mut pushes, &mut reads, thread, run).await?;
    }
    for (run, _) in (WARM_UP..).zip(bench.runs(RUNS, WITHIN)) {
        sample.time(relayed(&mut pushes, &mut reads, thread, run).await?);
    }
    let floor = match floor {
        Some(relay) => Some(metrics(&bare(bench, relay, false).await?)),
        None => None,
    };
    let (variant, runs) = ("relay_only", sample.len());
    Ok(Measured { work: "W3", variant, runs, metrics: metrics(&sample), floor })
}

async fn relayed(
    pushes: &mut raw::Link,
    reads: &mut raw::Link,
    thread: ThreadId,
    number: u32,
) -> Result<Duration, Failure> {
    let item = raw::envelope(Epoch(1), 1, number);
    let since = Instant::now();
    pushes.push(thread, vec![item]).await?;
    timeout(PATIENCE, reads.delivered()).await.map_err(|_| Failure::TimedOut)??;
    let took = since.elapsed();
    pushes.receipts().await?;
    Ok(took)
}

/// The bare relay between two; each end appends to a file of its own and syncs it if `durable`.
async fn bare(bench: &Bench<'_>, relay: &Relay, durable: bool) -> Result<Sample, Failure> {
    let wire = wire(relay, None);
    let (endpoint, other) = (quic::endpoint()?, quic::endpoint()?);
    let mut pushes = bare::Link::dial(&endpoint, &wire).await?;
    let mut reads = bare::Link::dial(&other, &wire).await?;
    reads.follow().await?;
    let mut near = File::create(bench.place.folder("w3-bare-writer"))?;
    let mut far = File::create(bench.place.folder("w3-bare-reader"))?;
    let keep = |file: &mut File, item: &[u8]| -> Result<(), Failure> {
        if durable {
            file.write_all(item)?;
            file.sync_data()?;
        }
        Ok(())
    };
    let mut sample = Sample::default();
    for (number, _) in (0..).zip(bench.runs(RUNS, WITHIN)) {
        let item = raw::envelope(Epoch(1), 3, number);
        let since = Instant::now();
        keep(&mut near, &item)?;
        pushes.append(std::slice::from_ref(&item)).await?;
        timeout(PATIENCE, reads.news()).await.map_err(|_| Failure::TimedOut)??;
        keep(&mut far, &item)?;
        sample.time(since.elapsed());
        pushes.done().await?;
    }
    Ok(sample)
}

fn metrics(sample: &Sample) -> Metrics {
    vec![("ms_p50", sample.median()), ("ms_p99", sample.percentile(99))]
}
