//! The workloads, a file for each kind of work.

mod append;
mod bad_line;
mod flush;
mod idle;
mod members;
mod newcomer;
mod open;
mod propagate;
mod quiet;

pub(super) use open::{opened_home, tell_opening};

use std::{
    future::Future,
    path::PathBuf,
    pin::Pin,
    time::{Duration, Instant},
};

use tandem_engine::Profile;
use tandem_proto::{Role, ThreadId};

use super::{
    Settings, bare, homes,
    phone::Phone,
    place::{Place, Relay},
    report::Measured,
    stats::Sample,
};
use crate::{
    error::Failure,
    home::{self, Place as Home},
};

/// What a workload is run in.
#[derive(Debug)]
pub(super) struct Bench<'a> {
    pub(super) settings: &'a Settings,
    pub(super) place: &'a Place,
    /// When the whole run has to be over.
    pub(super) end: Instant,
}

/// A workload under way.
type Running<'a> = Pin<Box<dyn Future<Output = Result<Vec<Measured>, Failure>> + 'a>>;

/// A workload.
pub(super) struct Work {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) run: for<'a> fn(&'a Bench<'a>) -> Running<'a>,
}

/// All of them.
pub(super) const WORKS: [Work; 10] = [
    Work { name: "W1", what: "180 entries leave together", run: |b| Box::pin(flush::run(b)) },
    Work { name: "W2", what: "a quiet reconnect", run: |b| Box::pin(quiet::run(b)) },
    Work { name: "W3", what: "one entry to another phone", run: |b| Box::pin(propagate::run(b)) },
    Work { name: "W4", what: "fifty links append", run: |b| Box::pin(append::run(b)) },
    Work { name: "W5", what: "20 entries on a bad line", run: |b| Box::pin(bad_line::run(b)) },
    Work { name: "W6", what: "a cold start", run: |b| Box::pin(open::cold_start(b)) },
    Work { name: "W7", what: "opening a long thread", run: |b| Box::pin(open::long_thread(b)) },
    Work { name: "W8", what: "idle devices", run: |b| Box::pin(idle::run(b)) },
    Work { name: "S1", what: "who is in 25 threads changes", run: |b| Box::pin(members::run(b)) },
    Work { name: "S2", what: "a newcomer to a long thread", run: |b| Box::pin(newcomer::run(b)) },
];

impl Bench<'_> {
    /// The real size, or a tiny one for a smoke run.
    fn size(&self, real: usize, smoke: usize) -> usize {
        if self.settings.smoke { smoke } else { real }
    }

    /// Counts runs up to `wanted`, fewer when `within` is over or the whole run has to end.
    fn runs(&self, wanted: usize, within: Duration) -> impl Iterator<Item = u64> + use<> {
        let wanted = if self.settings.smoke { 2 } else { wanted as u64 };
        let until = (Instant::now() + within).min(self.end);
        (0..wanted).take_while(move |run| *run < 2 || Instant::now() < until)
    }

    /// The phone of somebody who is in no thread yet.
    async fn newcomer(&self, relay: &Relay, name: &str, role: Role) -> Result<Phone, Failure> {
        let folder = self.place.folder(name);
        let profile = Profile { name: name.to_owned(), role, relay: relay.link().clone() };
        home::create(&Home::at(&folder), &profile)?;
        Phone::open(&folder, None).await
    }

    /// The bare relay, if it is asked for.
    async fn floor(&self, name: &str) -> Result<Option<Relay>, Failure> {
        if !self.settings.floor {
            return Ok(None);
        }
        Relay::bare(&self.place.folder(&format!("{name}-floor"))).await.map(Some)
    }
}

/// Times and bytes of a kind of sync, over its runs.
#[derive(Debug, Default)]
struct Syncs {
    ms: Sample,
    up: Sample,
    down: Sample,
}

impl Syncs {
    #[allow(clippy::cast_precision_loss, reason = "bytes of one sync are far below 2^52")]
    fn add(&mut self, took: Duration, (up, down): (u64, u64)) {
        self.ms.time(took);
        self.up.add(up as f64);
        self.down.add(down as f64);
    }

    fn metrics(&self) -> super::report::Metrics {
        vec![
            ("ms_p50", self.ms.median()),
            ("ms_p99", self.ms.percentile(99)),
            ("bytes_up", self.up.median()),
            ("bytes_down", self.down.median()),
        ]
    }
}

/// A relay and a home whose threads it holds.
#[derive(Debug)]
struct School {
    relay: Relay,
    home: PathBuf,
    threads: Vec<ThreadId>,
}

impl School {
    /// Makes both, with so many threads of so many entries, all of them receipted.
    async fn found(
        bench: &Bench<'_>,
        name: &str,
        threads: usize,
        entries: usize,
    ) -> Result<Self, Failure> {
        let relay = Relay::tandem(&bench.place.folder(&format!("{name}-relay"))).await?;
        let home = bench.place.folder(&format!("{name}-home"));
        let threads = homes::write(&home, relay.link(), threads, entries)?;
        let phone = Phone::open(&home, None).await?;
        phone.upload().await?;
        phone.close().await;
        Ok(Self { relay, home, threads })
    }
}

/// Where the bare relay is, by way of a line or straight.
fn wire(relay: &Relay, line: Option<(&super::line::Line, Duration)>) -> bare::Wire {
    let (address, round_trip) =
        line.map_or((relay.listen(), Duration::ZERO), |(line, rtt)| (line.address(), rtt));
    bare::Wire { address, relay: relay.key(), round_trip }
}
