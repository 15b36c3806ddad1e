//! Streams that a screen pulls from.

use tandem_engine::{ThreadRow, ViewDiff, WatchId};
use tokio::sync::{mpsc, watch};

use crate::{
    LinkState,
    driver::{Request, Rows},
};

/// A screen's rows and how they change. It closes when it is dropped.
#[derive(Debug)]
pub struct Subscription<R> {
    rows: Rows<R>,
    id: WatchId,
    requests: mpsc::UnboundedSender<Request>,
}

impl<R> Subscription<R> {
    pub(super) const fn new(
        rows: Rows<R>,
        id: WatchId,
        requests: mpsc::UnboundedSender<Request>,
    ) -> Self {
        Self { rows, id, requests }
    }

    /// The next change, a `Reset` first; `None` once the client is closed. Cancel-safe.
    ///
    /// A screen that falls far behind gets a `Reset` instead of what it missed.
    pub async fn next(&mut self) -> Option<ViewDiff<R>> {
        self.rows.next().await
    }
}

impl Subscription<ThreadRow> {
    /// How much of the thread is shown: apart from the stream, so that more can be asked for while somebody
    /// waits for the next change.
    #[must_use]
    pub fn scroll(&self) -> Scroll {
        Scroll { rows: self.rows.beside(), id: self.id, requests: self.requests.clone() }
    }
}

/// How much of a thread a screen shows that began with its newest rows.
#[derive(Debug)]
pub struct Scroll {
    rows: Rows<ThreadRow>,
    id: WatchId,
    requests: mpsc::UnboundedSender<Request>,
}

impl Scroll {
    /// How many rows stand before the first that is shown, as of the newest change; 0 where all are shown.
    #[must_use]
    pub fn earlier(&self) -> usize {
        self.rows.earlier()
    }

    /// Asks for so many rows more, before the first that is shown; they come as a `Reset`.
    pub fn show_earlier(&self, rows: usize) {
        // A driver that is gone has closed the screen already.
        let _ = self.requests.send(Request::Earlier(self.id, rows));
    }
}

impl<R> Drop for Subscription<R> {
    fn drop(&mut self) {
        // A driver that is gone has closed it already.
        let _ = self.requests.send(Request::Unwatch(self.id));
    }
}

/// How the connection stands, now and as it changes.
#[derive(Debug, Clone)]
pub struct LinkWatch(watch::Receiver<LinkState>);

impl LinkWatch {
    pub(super) const fn new(state: watch::Receiver<LinkState>) -> Self {
        Self(state)
    }

    /// How it stands now.
    #[must_use]
    pub fn now(&self) -> LinkState {
        self.0.borrow().clone()
    }

    /// How it stands after it next changed since this watch was made or last asked; `None` once
    /// the client is gone. States that pass quickly may be skipped. Cancel-safe.
    pub async fn changed(&mut self) -> Option<LinkState> {
        self.0.changed().await.ok()?;
        Some(self.0.borrow_and_update().clone())
    }
}

/// That something became durable on this device.
#[derive(Debug, Clone)]
pub struct ChangeWatch(watch::Receiver<()>);

impl ChangeWatch {
    pub(super) const fn new(changes: watch::Receiver<()>) -> Self {
        Self(changes)
    }

    /// Waits for something to change since this watch was made or last asked; false once the client is
    /// closed. Many changes are one. Cancel-safe.
    pub async fn changed(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}
