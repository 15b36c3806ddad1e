//! The runtime that the bindings have for themselves, and how much is going on in it.

use std::{
    future::Future,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use tokio::{
    runtime::{Builder, Runtime},
    task::{AbortHandle, JoinHandle},
};

use crate::TandemError;

/// Threads of the runtime: one for the driver of the one home that a phone has open, one beside it.
const WORKERS: usize = 2;

static CALLS: AtomicU32 = AtomicU32::new(0);
static FEEDS: AtomicU32 = AtomicU32::new(0);

/// How many calls and operations are going on: what was cancelled is not among them. For diagnostics and
/// for tests of leaks.
#[uniffi::export]
#[must_use]
pub fn live_calls() -> u32 {
    CALLS.load(Ordering::Relaxed)
}

/// How many feeds a shell holds, also those that it has stopped. For tests of leaks.
#[uniffi::export]
#[must_use]
pub fn live_feeds() -> u32 {
    FEEDS.load(Ordering::Relaxed)
}

/// Counts as long as it is held.
#[derive(Debug)]
pub(crate) struct Live(&'static AtomicU32);

impl Live {
    /// As a call or an operation.
    pub(crate) fn begin() -> Self {
        Self::counted(&CALLS)
    }

    /// As a feed.
    pub(crate) fn feed() -> Self {
        Self::counted(&FEEDS)
    }

    fn counted(by: &'static AtomicU32) -> Self {
        by.fetch_add(1, Ordering::Relaxed);
        Self(by)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Aborts a task when it is dropped.
#[derive(Debug)]
pub(crate) struct AbortOnDrop(pub(crate) AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Not uniffi's `tokio` feature, which would link tokio into everything that derives for uniffi.
pub(crate) fn runtime() -> Result<&'static Runtime, TandemError> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let made = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(WORKERS).thread_name("tandem").enable_all();
        builder.build().map_err(|error| error.to_string())
    });
    made.as_ref().map_err(|why| TandemError::system(why))
}

/// Runs something on the runtime, and gives it up when nobody waits for it any more.
pub(crate) async fn run<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, TandemError> {
    let _live = Live::begin();
    let task = runtime()?.spawn(work);
    let _abort = AbortOnDrop(task.abort_handle());
    joined(task).await
}

/// Runs something that blocks. It ends by itself, whether somebody waits for it or not.
pub(crate) async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, TandemError> {
    let _live = Live::begin();
    joined(runtime()?.spawn_blocking(work)).await
}

async fn joined<T>(task: JoinHandle<T>) -> Result<T, TandemError> {
    task.await.map_err(|error| TandemError::system(&error.to_string()))
}
