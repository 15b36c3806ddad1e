//! Rebuilding the store of a running relay, after something was erased.

use std::time::Duration;

use tandem_relay::{AdminReply, ErasedThread, Input};
use tokio::time::{Instant, sleep};

use super::{Driver, REOPEN_EVERY};

/// How often a rebuilding that failed is tried again.
const REBUILD_EVERY: Duration = Duration::from_secs(3600);

/// How far the rebuilding of a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rebuild {
    /// Nothing is to be rebuilt.
    No,
    /// It is to begin.
    Due,
    /// It failed and is to begin again then.
    At(Instant),
    /// The core was told to stop.
    Stopping,
    /// It runs.
    Running,
}

impl Rebuild {
    /// Something more was erased. While one runs, the core that runs it erases nothing.
    pub(super) const fn due(self) -> Self {
        match self {
            Self::No | Self::Due | Self::At(_) | Self::Running => Self::Due,
            Self::Stopping => Self::Stopping,
        }
    }

    /// There is another core.
    const fn anew(self) -> Self {
        match self {
            Self::Stopping => Self::Due,
            other => other,
        }
    }
}

impl Driver {
    /// Rebuilds the store when that is due: the core stops, what is under way becomes durable, and a
    /// core over the rebuilt store goes on. Devices come back after a second.
    pub(super) fn begin_rebuilding(&mut self) {
        let waits = match self.rebuild {
            Rebuild::No | Rebuild::Running => true,
            Rebuild::At(at) => at > Instant::now(),
            Rebuild::Due | Rebuild::Stopping => false,
        };
        if waits || self.reopening.is_some() || self.stopping.is_some() {
            return;
        }
        if self.rebuild != Rebuild::Stopping {
            tracing::info!("the store is rebuilt without what was erased; devices wait");
            self.rebuild = Rebuild::Stopping;
            self.health.set(false);
            self.handle(Input::Stop);
            self.perform();
        }
        if self.committing.is_empty() {
            self.rebuild = Rebuild::Running;
            let setup = self.setup.clone();
            let mut rebuild = self.store.rebuilder();
            self.reopening = Some(tokio::spawn(async move {
                loop {
                    let setup = setup.clone();
                    let work = tokio::task::spawn_blocking(move || {
                        let opened = rebuild(&setup);
                        (rebuild, opened)
                    });
                    // A panic was told where it happened; the next start opens what is there.
                    let Ok((again, opened)) = work.await else {
                        return std::future::pending().await;
                    };
                    match opened {
                        Ok(opened) => return opened,
                        Err(error) => tracing::warn!(%error, "the store is still out"),
                    }
                    rebuild = again;
                    sleep(REOPEN_EVERY).await;
                }
            }));
        }
    }

    /// Says what became of a rebuilding.
    pub(super) fn rebuilt(&mut self, unerased: Option<&str>) {
        if self.rebuild != Rebuild::Running {
            // A write failed before it could begin: it begins with the next core.
            self.rebuild = self.rebuild.anew();
            return;
        }
        self.rebuild = match unerased {
            None => Rebuild::No,
            Some(error) => {
                tracing::error!(
                    error,
                    "what was erased is still in the store's files; tried again in an hour"
                );
                Rebuild::At(Instant::now() + REBUILD_EVERY)
            }
        };
        for (reply, erased) in self.erasing.drain(..) {
            // Who has gone needs no answer.
            let _ = reply
                .send(Ok(AdminReply::Erased(ErasedThread { gone: unerased.is_none(), ..erased })));
        }
    }

    /// Nothing is rebuilt any more in this run: the next start does it.
    pub(super) fn leave_unerased(&mut self) {
        for (reply, erased) in self.erasing.drain(..) {
            // Who has gone needs no answer.
            let _ = reply.send(Ok(AdminReply::Erased(erased)));
        }
    }
}
