//! The demo: a school trip on real processes, real QUIC and real stores, and checks of how it ended.
//!
//! One relay runs as a child process. Each device has a home of its own and a [`mod@line`] of its own
//! to the relay, with delay, loss and places where nothing passes. Everything goes through the
//! client's facade, as in the shells; nothing is looked up behind its back but in the checks.

mod board;
mod cast;
mod chance;
mod checks;
mod device;
mod former;
mod ledger;
mod line;
mod pace;
mod place;
mod relay;
mod stage;
mod story;
mod texts;
mod trip;

use std::path::PathBuf;

use serde_json::json;

use crate::{
    error::{CHECK, Failure, OTHER},
    out::Done,
    stop,
};
use checks::Finding;
use place::Place;
use stage::Stage;
use trip::Trip;

/// How to play it.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Decides who says what.
    pub(crate) seed: u64,
    /// No colour, no redrawing.
    pub(crate) plain: bool,
    /// Short pauses.
    pub(crate) fast: bool,
    /// Leave the files here.
    pub(crate) keep: Option<PathBuf>,
    /// Tell the story on standard error and the findings as one document.
    pub(crate) json: bool,
}

/// Plays the trip to its end or until someone asks to stop, and clears up.
pub(crate) async fn run(settings: Settings) -> Result<Done, Failure> {
    let place = Place::new(settings.keep.clone())?;
    // Whatever is running belongs to this future and ends with it.
    let ended = tokio::select! {
        ended = play(&settings, &place) => Some(ended),
        () = stop::asked() => None,
    };
    place.clear().await;
    match ended {
        Some(Ok(findings)) => Ok(done(&settings, &findings)),
        Some(Err(failure)) => Err(failure),
        None => {
            Ok(Done::new(json!({ "seed": settings.seed, "stopped": true }), "\nStopped.")
                .exit(OTHER))
        }
    }
}

async fn play(settings: &Settings, place: &Place) -> Result<Vec<Finding>, Failure> {
    let stage = Stage::new(settings);
    stage.line(&format!(
        "A school trip: one relay, eighteen devices, lines that lose things, a valley without \
         signal.\nSeed {}; `tandem demo --seed {0}` has the same people again. Files are in {}{}.",
        settings.seed,
        place.folder().display(),
        if settings.keep.is_some() { "" } else { " until it ends" }
    ))?;
    let mut trip = Trip::begin(settings, stage, place).await?;
    trip.stage.line(&cast::introduced(&people(&trip), &trip.families))?;
    story::play(&mut trip).await?;
    checks::all(trip).await
}

fn people(trip: &Trip) -> Vec<cast::Person> {
    trip.devices.iter().map(|device| device.person).collect()
}

fn done(settings: &Settings, findings: &[Finding]) -> Done {
    let well = findings.iter().all(|finding| finding.holds);
    let checks: Vec<_> = findings
        .iter()
        .map(|finding| json!({ "check": finding.name, "holds": finding.holds, "said": finding.said }))
        .collect();
    let document = json!({ "seed": settings.seed, "holds": well, "checks": checks });
    let text = if well {
        format!("All {} checks hold.", findings.len())
    } else {
        let broken = findings.iter().filter(|finding| !finding.holds).count();
        format!("{broken} of {} checks do not hold.", findings.len())
    };
    Done::new(document, text).exit(if well { 0 } else { CHECK })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(holds: bool) -> Finding {
        Finding { name: "rows", holds, said: "2 copies".to_owned() }
    }

    #[test]
    fn the_document_names_each_check_and_one_that_fails_fails_the_whole() {
        let settings = Settings { seed: 7, plain: true, fast: true, keep: None, json: true };
        let well = done(&settings, &[finding(true)]);
        assert_eq!(
            well.document.map(|document| document.to_string()).as_deref(),
            Some(
                r#"{"checks":[{"check":"rows","holds":true,"said":"2 copies"}],"holds":true,"seed":7}"#
            )
        );
        assert_eq!(well.exit, 0);
        let broken = done(&settings, &[finding(true), finding(false)]);
        assert_eq!(broken.document.map(|document| document["holds"].clone()), Some(false.into()));
        assert_eq!((broken.exit, broken.text.as_str()), (CHECK, "1 of 2 checks do not hold."));
    }
}
