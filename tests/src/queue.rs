//! What is going to happen, in order.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

/// Milliseconds since the world began.
pub(crate) type Moment = u64;

#[derive(Debug)]
struct Due<E> {
    at: Moment,
    number: u64,
    event: E,
}

impl<E> PartialEq for Due<E> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<E> Eq for Due<E> {}

impl<E> PartialOrd for Due<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Due<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

/// Events by time; of one time, in the order in which they were scheduled.
#[derive(Debug)]
pub(crate) struct Queue<E> {
    heap: BinaryHeap<Reverse<Due<E>>>,
    number: u64,
    now: Moment,
}

impl<E> Queue<E> {
    pub(crate) fn new() -> Self {
        Self { heap: BinaryHeap::new(), number: 0, now: 0 }
    }

    pub(crate) const fn now(&self) -> Moment {
        self.now
    }

    pub(crate) fn at(&mut self, at: Moment, event: E) {
        self.number += 1;
        self.heap.push(Reverse(Due { at: at.max(self.now), number: self.number, event }));
    }

    pub(crate) fn after(&mut self, ms: u64, event: E) {
        self.at(self.now.saturating_add(ms), event);
    }

    pub(crate) fn next_at(&self) -> Option<Moment> {
        self.heap.peek().map(|Reverse(due)| due.at)
    }

    pub(crate) fn pop(&mut self) -> Option<E> {
        let Reverse(due) = self.heap.pop()?;
        self.now = due.at;
        Some(due.event)
    }

    /// Lets time pass up to `at`, when nothing happens before.
    pub(crate) fn pass_until(&mut self, at: Moment) {
        self.now = self.now.max(at);
    }
}
