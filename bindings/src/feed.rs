//! Rows and states that a screen pulls.

use tandem_client::{ChangeWatch, LinkWatch, Scroll, Subscription};
use tandem_engine::{InboxRow, ThreadRow};
use tokio::sync::{Mutex, watch};

use crate::{InboxDiff, LinkNow, TandemError, ThreadDiff, live::Live};

/// Something to pull from that can be stopped while somebody waits for it.
#[derive(Debug)]
struct Pull<S> {
    source: Mutex<Option<S>>,
    stopped: watch::Sender<bool>,
    _live: Live,
}

impl<S> Pull<S> {
    fn new(source: S) -> Self {
        let (source, stopped) = (Mutex::new(Some(source)), watch::Sender::new(false));
        Self { source, stopped, _live: Live::feed() }
    }

    async fn next<T>(&self, next: impl AsyncFnOnce(&mut S) -> Option<T>) -> Option<T> {
        let _live = Live::begin();
        let mut stopped = self.stopped.subscribe();
        let mut source = self.source.lock().await;
        let pulled = match source.as_mut() {
            Some(here) => tokio::select! {
                biased;
                _ = stopped.wait_for(|stopped| *stopped) => None,
                pulled = next(here) => pulled,
            },
            None => None,
        };
        if pulled.is_none() {
            *source = None;
        }
        pulled
    }

    fn stop(&self) {
        self.stopped.send_replace(true);
        // Whoever waits puts it away.
        if let Ok(mut source) = self.source.try_lock() {
            *source = None;
        }
    }
}

/// The inbox and how it changes.
#[derive(Debug, uniffi::Object)]
pub struct InboxFeed(Pull<Subscription<InboxRow>>);

impl InboxFeed {
    pub(crate) fn new(rows: Subscription<InboxRow>) -> Self {
        Self(Pull::new(rows))
    }
}

#[uniffi::export]
impl InboxFeed {
    /// The next change, a `Reset` first; none once it was stopped or the home is closed.
    ///
    /// # Errors
    /// None of its own. It can fail so that a change that a shell does not know is an error in Swift instead of
    /// its end.
    pub async fn next(&self) -> Result<Option<InboxDiff>, TandemError> {
        Ok(self.0.next(async |rows| rows.next().await).await.map(Into::into))
    }

    /// Ends the feed, and whoever waits for its next change.
    pub fn stop(&self) {
        self.0.stop();
    }
}

/// A thread's rows and how they change.
#[derive(Debug, uniffi::Object)]
pub struct ThreadFeed(Pull<Subscription<ThreadRow>>, Scroll);

impl ThreadFeed {
    pub(crate) fn new(rows: Subscription<ThreadRow>) -> Self {
        let scroll = rows.scroll();
        Self(Pull::new(rows), scroll)
    }
}

#[uniffi::export]
impl ThreadFeed {
    /// The next change, a `Reset` first; none once it was stopped or the home is closed.
    ///
    /// # Errors
    /// As for an [`InboxFeed`].
    pub async fn next(&self) -> Result<Option<ThreadDiff>, TandemError> {
        Ok(self.0.next(async |rows| rows.next().await).await.map(Into::into))
    }

    /// How many rows stand before the first that is shown, as of the newest change; 0 where all are shown.
    pub fn earlier(&self) -> u32 {
        u32::try_from(self.1.earlier()).unwrap_or(u32::MAX)
    }

    /// Asks for so many rows more, before the first that is shown; they come as a `Reset`.
    pub fn show_earlier(&self, rows: u32) {
        self.1.show_earlier(rows as usize);
    }

    /// Ends the feed, and whoever waits for its next change.
    pub fn stop(&self) {
        self.0.stop();
    }
}

/// How the connection stands, and how that changes.
#[derive(Debug, uniffi::Object)]
pub struct LinkFeed(Pull<LinkWatch>);

impl LinkFeed {
    pub(crate) fn new(link: LinkWatch) -> Self {
        Self(Pull::new(link))
    }
}

#[uniffi::export]
impl LinkFeed {
    /// How it stands after it changed; none once it was stopped or the home is closed. States that pass
    /// quickly may be skipped.
    pub async fn next(&self) -> Option<LinkNow> {
        self.0.next(async |link| link.changed().await).await.map(Into::into)
    }

    /// Ends the feed, and whoever waits for its next change.
    pub fn stop(&self) {
        self.0.stop();
    }
}

/// That something changed on this phone.
#[derive(Debug, uniffi::Object)]
pub struct ChangeFeed(Pull<ChangeWatch>);

impl ChangeFeed {
    pub(crate) fn new(changes: ChangeWatch) -> Self {
        Self(Pull::new(changes))
    }
}

#[uniffi::export]
impl ChangeFeed {
    /// Waits until something changed since it was last asked: true. False once it was stopped or the home
    /// is closed. Many changes are one.
    pub async fn next(&self) -> bool {
        self.0.next(async |changes| changes.changed().await.then_some(())).await.is_some()
    }

    /// Ends the feed, and whoever waits for its next change.
    pub fn stop(&self) {
        self.0.stop();
    }
}
