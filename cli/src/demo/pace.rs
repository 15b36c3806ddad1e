//! How long things take in the story.

use std::time::Duration;

/// Pauses and patience.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Between two things that happen, so that they can be read.
    pub(super) pause: Duration,
    /// How long the valley is.
    pub(super) valley: Duration,
    /// How long the relay is away.
    pub(super) relay_away: Duration,
    /// How long the signal on the ridge lasts at most.
    pub(super) signal: Duration,
    /// How long a sync, or everybody's coming to rest, may take before it counts as stuck. Far
    /// above what either needs: a slow machine is no failure.
    pub(super) patience: Duration,
}

impl Pace {
    pub(super) const fn new(fast: bool) -> Self {
        let patience = Duration::from_secs(45);
        if fast {
            Self {
                pause: Duration::from_millis(200),
                valley: Duration::from_secs(2),
                relay_away: Duration::from_millis(700),
                signal: Duration::from_secs(8),
                patience,
            }
        } else {
            Self {
                pause: Duration::from_millis(1_500),
                valley: Duration::from_secs(12),
                relay_away: Duration::from_secs(4),
                signal: Duration::from_secs(8),
                patience,
            }
        }
    }
}
