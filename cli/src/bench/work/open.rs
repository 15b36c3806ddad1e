//! W6 and W7: opening a home, and opening a long thread in it.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tandem_engine::ViewDiff;
use tokio::time::timeout;

use super::{Bench, School};
use crate::{
    bench::{
        phone::{PATIENCE, Phone, closed},
        place::program,
        proc,
        quic::broken,
        report::Measured,
        stats::Sample,
    },
    error::Failure,
    out,
};

const RUNS: usize = 15;
const WITHIN: Duration = Duration::from_secs(30);

/// What a process that opened a home says.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::bench) struct Opened {
    ms: f64,
    whole_ms: f64,
    rss_mb: f64,
    rows: usize,
}

/// Opens a home until its inbox is there, in this process, and then until its store is.
pub(in crate::bench) async fn opened_home(home: &Path) -> Result<Opened, Failure> {
    let since = Instant::now();
    let phone = Phone::open_early(home, None).await?;
    let inbox = phone.inbox().await?;
    let ms = since.elapsed().as_secs_f64() * 1000.0;
    phone.whole().await?;
    let whole_ms = since.elapsed().as_secs_f64() * 1000.0;
    #[allow(clippy::cast_precision_loss, reason = "a process's memory is far below 2^52")]
    let rss_mb = proc::resident(std::process::id())? as f64 / 1e6;
    let rows = inbox.rows().len();
    phone.close().await;
    Ok(Opened { ms, whole_ms, rss_mb, rows })
}

/// Says so on standard output.
pub(in crate::bench) fn tell_opening(opened: &Opened) -> Result<(), Failure> {
    out::line(&serde_json::to_string(opened).map_err(broken)?)
}

/// W6: each opening is a process of its own.
pub(super) async fn cold_start(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let (threads, entries) = (bench.size(200, 12), bench.size(500, 10));
    let school = School::found(bench, "w6", threads, entries).await?;
    let School { relay, home, .. } = school;
    relay.end().await?;
    let (mut ms, mut whole, mut memory) = <(Sample, Sample, Sample)>::default();
    for _ in bench.runs(RUNS, WITHIN) {
        let mut command = program()?;
        command.args(["bench", "--open-home"]).arg(&home);
        let output = timeout(PATIENCE, command.output()).await.map_err(|_| Failure::TimedOut)??;
        let opened: Opened = serde_json::from_slice(&output.stdout)
            .map_err(|_| broken(String::from_utf8_lossy(&output.stderr)))?;
        if opened.rows != threads {
            return Err(broken(format!("an inbox of {} rows, not {threads}", opened.rows)));
        }
        ms.add(opened.ms);
        whole.add(opened.whole_ms);
        memory.add(opened.rss_mb);
    }
    let metrics = vec![
        ("ms_p50", ms.median()),
        ("ms_p99", ms.percentile(99)),
        ("whole_ms_p50", whole.median()),
        ("rss_mb", memory.median()),
    ];
    let (work, variant, runs) = ("W6", "cold_start", ms.len());
    Ok(vec![Measured { work, variant, runs, metrics, floor: None }])
}

/// W7: the home is open, the thread is not.
pub(super) async fn long_thread(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let entries = bench.size(1_000, 20);
    let school = School::found(bench, "w7", 1, entries).await?;
    let School { relay, home, threads } = school;
    relay.end().await?;
    let mut ms = Sample::default();
    for _ in bench.runs(RUNS, WITHIN) {
        let phone = Phone::open(&home, None).await?;
        let since = Instant::now();
        let mut rows = phone.rows(threads[0]);
        let shown = timeout(PATIENCE, rows.next()).await.map_err(|_| Failure::TimedOut)?;
        ms.time(since.elapsed());
        match shown.ok_or_else(closed)? {
            ViewDiff::Reset(rows) if rows.iter().filter(|r| r.is_entry()).count() == entries => {}
            other => return Err(broken(format!("not {entries} rows but {other:?}"))),
        }
        phone.close().await;
    }
    let metrics = vec![("ms_p50", ms.median()), ("ms_p99", ms.percentile(99))];
    let (work, variant, runs) = ("W7", "thread_1000", ms.len());
    Ok(vec![Measured { work, variant, runs, metrics, floor: None }])
}
