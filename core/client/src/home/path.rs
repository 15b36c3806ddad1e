//! What the way to the relay was like last time. A home has one relay; which, the file does not say.

use std::{fs, io::Write, path::PathBuf, time::Duration};

use tandem_quic::SHORTEST_ROUND_TRIP;

use crate::files::private_file;

const LONGEST: Duration = Duration::from_secs(2);
const UNKNOWN: Duration = Duration::from_millis(100);

/// Remembers the round trip to the home's relay, in a small file that may be lost.
#[derive(Debug, Clone)]
pub(crate) struct PathMemory(Option<PathBuf>);

impl PathMemory {
    /// A memory in this file; without one, none.
    pub(crate) const fn new(file: Option<PathBuf>) -> Self {
        Self(file)
    }

    /// What to assume about the round trip.
    pub(crate) fn round_trip(&self) -> Duration {
        let text = self.0.as_ref().and_then(|file| fs::read_to_string(file).ok());
        let micros = text.as_deref().and_then(|text| text.trim().parse().ok());
        micros.map_or(UNKNOWN, |micros| {
            Duration::from_micros(micros).clamp(SHORTEST_ROUND_TRIP, LONGEST)
        })
    }

    /// Remembers a round trip. Failing is harmless: the next connection starts a bit slower.
    pub(crate) fn remember(&self, round_trip: Duration) {
        let Some(file) = &self.0 else { return };
        let text = format!("{}\n", round_trip.as_micros());
        let written = private_file(file).and_then(|mut file| {
            file.set_len(0)?;
            file.write_all(text.as_bytes())
        });
        if let Err(error) = written {
            tracing::debug!(%error, "round trip not remembered");
        }
    }
}
