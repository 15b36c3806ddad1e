//! A queue of differences between the driver and one screen, bounded by starting afresh.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tandem_engine::ViewDiff;
use tokio::sync::Notify;

/// Differences that wait for a screen at most. One that is further behind gets all rows again.
const MAX_WAITING: usize = 1024;

#[derive(Debug)]
struct Queue<R> {
    waiting: VecDeque<ViewDiff<R>>,
    ended: bool,
}

#[derive(Debug)]
struct Shared<R> {
    queue: Mutex<Queue<R>>,
    arrived: Notify,
    /// Rows that stand before the first that is shown.
    earlier: AtomicUsize,
}

impl<R> Shared<R> {
    fn queue(&self) -> MutexGuard<'_, Queue<R>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The driver's end. Dropping it ends the screen's stream.
#[derive(Debug)]
pub(crate) struct Feed<R>(Arc<Shared<R>>);

/// The screen's end.
#[derive(Debug)]
pub(crate) struct Rows<R>(Arc<Shared<R>>);

/// Both ends of a new queue.
pub(crate) fn feed<R>() -> (Feed<R>, Rows<R>) {
    let queue = Mutex::new(Queue { waiting: VecDeque::new(), ended: false });
    let shared = Arc::new(Shared { queue, arrived: Notify::new(), earlier: AtomicUsize::new(0) });
    (Feed(shared.clone()), Rows(shared))
}

impl<R> Feed<R> {
    /// Queues a difference; false when the screen is too far behind and needs a `Reset`.
    pub(crate) fn push(&self, diff: ViewDiff<R>) -> bool {
        let mut queue = self.0.queue();
        if matches!(diff, ViewDiff::Reset(_)) {
            // It says everything that the ones before it did.
            queue.waiting.clear();
        } else if queue.waiting.len() >= MAX_WAITING {
            return false;
        }
        queue.waiting.push_back(diff);
        drop(queue);
        self.0.arrived.notify_one();
        true
    }

    /// Notes how many rows stand before the first that is shown.
    pub(crate) fn set_earlier(&self, rows: usize) {
        self.0.earlier.store(rows, Ordering::Relaxed);
    }
}

impl<R> Drop for Feed<R> {
    fn drop(&mut self) {
        self.0.queue().ended = true;
        self.0.arrived.notify_one();
    }
}

impl<R> Rows<R> {
    /// The same screen's, for whoever asks beside its one reader.
    pub(crate) fn beside(&self) -> Self {
        Self(self.0.clone())
    }

    /// How many rows stand before the first that is shown.
    pub(crate) fn earlier(&self) -> usize {
        self.0.earlier.load(Ordering::Relaxed)
    }

    /// The next difference, or `None` when there will be no more. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Option<ViewDiff<R>> {
        loop {
            {
                let mut queue = self.0.queue();
                if let Some(diff) = queue.waiting.pop_front() {
                    return Some(diff);
                }
                if queue.ended {
                    return None;
                }
            }
            // What arrives in between leaves its permit: there is one reader.
            self.0.arrived.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[tokio::test]
    async fn a_reset_replaces_what_waited_and_the_stream_ends_with_its_feed() {
        let (feed, mut rows) = feed();
        assert!(feed.push(ViewDiff::Remove { at: 3 }));
        assert!(feed.push(ViewDiff::Reset(vec![1, 2])));
        drop(feed);
        assert_eq!(rows.next().await, Some(ViewDiff::Reset(vec![1, 2])));
        assert_eq!(rows.next().await, None);
    }

    #[tokio::test]
    async fn a_screen_that_is_too_far_behind_is_told_apart_until_its_reset() {
        let (feed, mut rows) = feed();
        while feed.push(ViewDiff::Insert { at: 0, row: 7 }) {}
        assert!(!feed.push(ViewDiff::Insert { at: 0, row: 7 }));
        assert!(feed.push(ViewDiff::Reset(vec![])));
        assert_eq!(rows.next().await, Some(ViewDiff::Reset(vec![])));
    }
}
