//! S2: somebody joins a thread in which much was said.

use std::time::{Duration, Instant};

use tandem_engine::{Intent, ThreadRow, ViewDiff};
use tandem_proto::Role;
use tokio::time::timeout;

use super::{Bench, School, Syncs};
use crate::{
    bench::{
        phone::{PATIENCE, Phone, closed, less},
        report::Measured,
    },
    error::Failure,
};

const RUNS: usize = 7;
const WITHIN: Duration = Duration::from_secs(40);

/// The one variant: from the newcomer's tap until every entry is in their rows, with their bytes.
/// Whoever invited is online.
pub(super) async fn run(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let entries = bench.size(1_000, 20);
    let School { relay, home, threads } = School::found(bench, "s2", 1, entries).await?;
    let teacher = Phone::open(&home, None).await?;
    teacher.stay_online().await?;
    let mut syncs = Syncs::default();
    for run in bench.runs(RUNS, WITHIN) {
        let name = format!("s2-newcomer-{run}");
        let newcomer = bench.newcomer(&relay, &name, Role::Guardian).await?;
        newcomer.stay_online().await?;
        let link = teacher.invite(threads[0], Role::Guardian).await?;
        let (before, since) = (newcomer.bytes(), Instant::now());
        newcomer.perform(Intent::Join { link }).await?;
        let mut inbox = newcomer.inbox().await?;
        if inbox.rows().is_empty() {
            inbox.until(|rows| !rows.is_empty()).await?;
        }
        let (mut changes, mut rows) = (newcomer.rows(threads[0]), Vec::new());
        let shown = async {
            while rows.iter().filter(|row: &&ThreadRow| row.is_entry()).count() < entries {
                ViewDiff::apply(changes.next().await.ok_or_else(closed)?, &mut rows);
            }
            Ok::<_, Failure>(())
        };
        timeout(PATIENCE, shown).await.map_err(|_| Failure::TimedOut)??;
        syncs.add(since.elapsed(), less(newcomer.bytes(), before));
        newcomer.close().await;
    }
    teacher.close().await;
    relay.end().await?;
    let (work, variant, runs) = ("S2", "thread_1000", syncs.ms.len());
    Ok(vec![Measured { work, variant, runs, metrics: syncs.metrics(), floor: None }])
}
