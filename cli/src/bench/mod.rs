//! The benchmarks: real QUIC, real stores and real files, measured from outside.
//!
//! Each relay is a process of its own, so that its processor time and memory are its own. A line
//! that is far, narrow or lossy is emulated in this process. `docs/performance.md` says what each
//! workload is and what came out.

mod bare;
mod homes;
mod line;
mod phone;
mod place;
mod proc;
mod quic;
mod raw;
mod report;
mod stats;
mod words;
mod work;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::{error::Failure, out::Done, stop};
use place::Place;
use work::{Bench, WORKS};

/// The whole run is over by then.
const LONGEST: Duration = Duration::from_secs(14 * 60);

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Which workloads; empty for all.
    pub(crate) works: Vec<String>,
    /// Let the bare relay do the same.
    pub(crate) floor: bool,
    /// Tiny sizes.
    pub(crate) smoke: bool,
    /// Where the document goes.
    pub(crate) file: Option<PathBuf>,
}

/// The names of all workloads.
pub(crate) fn names() -> [&'static str; WORKS.len()] {
    WORKS.map(|work| work.name)
}

/// Measures what was asked for.
pub(crate) async fn run(settings: &Settings) -> Result<Done, Failure> {
    let end = Instant::now() + LONGEST;
    let machine = proc::machine();
    let place = Place::new()?;
    let bench = Bench { settings, place: &place, end };
    let all = async {
        let mut measured = Vec::new();
        let asked =
            |name: &str| settings.works.is_empty() || settings.works.iter().any(|w| w == name);
        for work in WORKS.iter().filter(|work| asked(work.name)) {
            eprintln!("{}: {} ...", work.name, work.what);
            let since = Instant::now();
            measured.extend((work.run)(&bench).await?);
            eprintln!("{}: done in {:.1} s", work.name, since.elapsed().as_secs_f64());
        }
        Ok::<_, Failure>(measured)
    };
    let stop = stop::asked();
    // Whichever way it ends, relays are ended and the folder is removed with what is dropped here.
    let measured = tokio::select! {
        all = tokio::time::timeout(LONGEST, all) => all.map_err(|_| Failure::TimedOut)??,
        () = stop => return Err(Failure::Client("the benchmarks were stopped".to_owned())),
    };
    if let Some(path) = &settings.file {
        let document = report::document(&machine, &measured);
        fs::write(path, format!("{document:#}\n"))
            .map_err(|error| Failure::File { path: path.clone(), why: error.to_string() })?;
    }
    let table = report::table(&machine, &measured, settings.smoke);
    Ok(Done::new(serde_json::Value::Null, table))
}

/// Runs the bare relay until the process is ended: what `bench` starts for `--floor`.
pub(crate) async fn bare_relay(data: &Path) -> Result<Done, Failure> {
    bare::serve(data).await.map(|()| Done::silent())
}

/// Opens a home and says how long that took: what `bench` starts for a cold start.
pub(crate) async fn open_home(home: &Path) -> Result<Done, Failure> {
    let opened = work::opened_home(home).await?;
    work::tell_opening(&opened).map(|()| Done::silent())
}
