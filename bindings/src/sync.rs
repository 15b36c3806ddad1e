//! A sync as an object: it can be waited for, more than once, and cancelled.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tandem_client::Client;
use tandem_engine::SyncReport;
use tokio::sync::watch;

use crate::{
    TandemError,
    live::{AbortOnDrop, Live, runtime},
};

/// A sync that is going on. Letting go of it cancels it; nothing is lost by that.
#[derive(Debug, uniffi::Object)]
pub struct SyncOp {
    task: AbortOnDrop,
    cancelled: AtomicBool,
    ended: watch::Receiver<Option<Result<SyncReport, TandemError>>>,
}

impl SyncOp {
    pub(crate) fn begin(client: Arc<Client>, deadline_ms: u32) -> Result<Self, TandemError> {
        let (end, ended) = watch::channel(None);
        let patience = Duration::from_millis(deadline_ms.into());
        let live = Live::begin();
        let task = runtime()?.spawn(async move {
            let _live = live;
            let synced = client.sync_once(patience).await;
            end.send_replace(Some(synced.map_err(Into::into)));
        });
        let task = AbortOnDrop(task.abort_handle());
        Ok(Self { task, cancelled: AtomicBool::new(false), ended })
    }
}

#[uniffi::export]
impl SyncOp {
    /// Waits until it has got through, failed or was cancelled.
    ///
    /// # Errors
    /// [`TandemError`]; `Cancelled` when it was.
    pub async fn wait(&self) -> Result<SyncReport, TandemError> {
        let mut ended = self.ended.clone();
        let ended = ended.wait_for(Option::is_some).await;
        match ended.ok().and_then(|ended| ended.clone()) {
            Some(ended) => ended,
            None if self.cancelled.load(Ordering::Relaxed) => Err(TandemError::cancelled()),
            // Nobody stopped it: a fault of ours did.
            None => Err(TandemError::system("the sync ended without an answer")),
        }
    }

    /// Gives it up. What got through is safe, what did not goes with the next.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.task.0.abort();
    }
}
