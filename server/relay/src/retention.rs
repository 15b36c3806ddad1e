//! Retention: a thread in which nothing came for as long as its school, or the relay, keeps one is
//! erased as if the operator had done it (`docs/adr/0021`).
//!
//! A tombstone is for good, so a clock that is wrong must not make one: when between two items, or since
//! the newest of all, more than a month went by, the clock is believed only after it has run on for a
//! week, whatever comes meanwhile.

use tandem_proto::{BoundedStr, ErasedBecause, ThreadId, Timestamp, Tombstone};

use crate::{
    Act, Limit,
    relay::{Relay, Stage},
    thread::Thread,
};

const DAY_MS: u64 = 24 * 3600 * 1000;

/// After the start, and after a sweep that left something.
const SOON_MS: u64 = 3600 * 1000;

/// As long as this since the newest item of all, a clock is believed at once.
const USUAL_MS: u64 = 30 * DAY_MS;

/// A clock that is not is believed after it has run on for so long.
const DOUBT_MS: u64 = 7 * DAY_MS;

/// Threads that one sweep erases: each is an act.
const MOST: usize = 1_000;

/// Who does it, in the audit log.
const BY: &str = "retention";

/// When threads are looked at next, and how far the clock is believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sweep {
    at: Timestamp,
    /// Since when the clock has been doubted.
    doubted: Option<Timestamp>,
    /// When the newest item of all came.
    heard: Timestamp,
    /// Whether any thread is kept for a time only.
    is_on: bool,
}

impl Sweep {
    pub(crate) const fn begin(now: Timestamp) -> Self {
        Self { at: now.plus_ms(SOON_MS), doubted: None, heard: Timestamp(0), is_on: false }
    }

    /// When to look next.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.is_on.then_some(self.at)
    }

    /// An item came: when it is long after the one before, the clock may have jumped, and what it
    /// stamps from here on says nothing about that.
    pub(crate) fn heard(&mut self, now: Timestamp) {
        if self.heard != Timestamp(0) && now.since_ms(self.heard) > USUAL_MS {
            self.doubted.get_or_insert(now);
        }
        self.heard = self.heard.max(now);
    }

    /// Whether the clock has run on for long enough since it was doubted.
    fn believes(&mut self, now: Timestamp) -> bool {
        if self.doubted.is_none() && now.since_ms(self.heard) > USUAL_MS {
            self.doubted = Some(now);
        }
        let Some(since) = self.doubted else { return true };
        if now < since {
            // It was put back.
            self.doubted = Some(now);
            return false;
        }
        if now.since_ms(since) < DOUBT_MS {
            return false;
        }
        if now.since_ms(self.heard) <= USUAL_MS {
            self.doubted = None;
        }
        true
    }
}

impl Relay {
    /// Limits have changed: looks whether any thread is kept for a time only.
    pub(crate) fn look_at_retention(&mut self) {
        let of_a_school = |limit| self.schools.iter().any(|(_, s)| s.quota.contains_key(&limit));
        let limit = Limit::RetentionDays;
        self.sweep.is_on = self.config.retention_days > 0 || of_a_school(limit);
    }

    /// Until when a thread is kept, if nothing more comes; `None` for good.
    pub(crate) fn kept_until(&self, id: &ThreadId, thread: &Thread) -> Option<Timestamp> {
        let school = self.schools.of_thread(id).map(|(_, school)| school);
        let days = self.limit(school, Limit::RetentionDays);
        (days > 0).then(|| thread.newest.plus_ms(days.saturating_mul(DAY_MS)))
    }

    /// Erases what has been kept for long enough.
    pub(crate) fn sweep(&mut self) {
        if self.stage != Stage::Running || !self.sweep.is_on || self.now < self.sweep.at {
            return;
        }
        self.sweep.at = self.now.plus_ms(DAY_MS);
        if !self.sweep.believes(self.now) {
            return;
        }
        let now = self.now;
        let is_over = |(id, thread): &(&ThreadId, &Thread)| {
            self.kept_until(id, thread).is_some_and(|until| until < now)
        };
        let over: Vec<ThreadId> =
            self.threads.iter().filter(is_over).take(MOST).map(|(id, _)| *id).collect();
        if over.len() == MOST {
            self.sweep.at = now.plus_ms(SOON_MS);
        }
        for id in over {
            let (because, words) = (ErasedBecause::Retention, BoundedStr::default());
            let stone = Tombstone::sign(&self.key, id, now, because, words);
            self.act(BY.to_owned(), Act::ThreadErased(stone));
        }
    }
}
