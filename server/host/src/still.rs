//! Time for tests that stands still until it is told to move.

use std::{sync::mpsc, time::Duration};

/// Keeps the paused clock of a current-thread runtime from going ahead by itself whenever all
/// tasks wait, as they do for sockets and threads: it does not while a blocking task runs.
pub(crate) struct Still {
    _running: mpsc::Sender<()>,
}

impl Still {
    /// Stops the clock.
    pub(crate) fn stand() -> Self {
        let (running, ended) = mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || ended.recv());
        tokio::time::pause();
        Self { _running: running }
    }

    /// Moves the clock.
    pub(crate) async fn advance(&self, by: Duration) {
        tokio::time::advance(by).await;
    }
}
