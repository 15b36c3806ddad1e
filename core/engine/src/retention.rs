//! Retention on this device: a thread in which nothing is new for as long as its person keeps one is
//! forgotten as if they had said so (`docs/adr/0021`).
//!
//! The term is the home's own and its person's to set; no relay and nobody else has a say in it. Whoever
//! is still in with others leaves first, as by `tandem leave`. Both are done at the end of a sync, when
//! everything there is was read; what nobody else can write to any more is also forgotten without one,
//! in an app that stays open.

mod term;

use tandem_proto::{ThreadId, ThreadKind, Timestamp};

use crate::{
    Answer, Engine, Intent, InviteState, Kept, KeptThread, Key, RetentionRow, Trouble, WaitsFor,
    forgetting::Expected,
    record::{Cargo, Kind, Quiet, RetentionRecord},
    session::Phase,
    state::Thread,
};
use term::{HOUR_MS, NOTICE_MS};

/// Threads that one look lets go: each takes a new root key.
const MOST: usize = 16;

/// The term of this home.
#[derive(Debug)]
pub(crate) struct Term {
    record: RetentionRecord,
    /// What of it was written.
    kept: RetentionRecord,
    /// When threads are looked at next.
    look_at: Timestamp,
    /// The end of the next sync is such a time.
    soon: bool,
}

impl Term {
    /// A term out of its record.
    pub(crate) const fn new(record: RetentionRecord, now: Timestamp) -> Self {
        Self { record, kept: record, look_at: now.plus_ms(HOUR_MS), soon: true }
    }

    /// A thread of this device may be one to forget now.
    pub(crate) const fn look_soon(&mut self) {
        self.soon = true;
    }

    /// When to look at threads, by the clock.
    pub(crate) const fn timeout(&self) -> Timestamp {
        self.look_at
    }

    /// The clock says this.
    pub(crate) fn see(&mut self, now: Timestamp) {
        self.record.see(now);
        self.look_at = self.look_at.min(now.plus_ms(self.record.interval().max(HOUR_MS)));
    }

    /// When a thread is over, in time that has passed.
    fn end_of(&self, thread: &Thread) -> u64 {
        let quiet = thread.record.quiet.filter(|quiet| quiet.is_of(thread));
        // What is new here was not noted yet.
        self.record.end_of(quiet.map_or(self.record.passed, |quiet| quiet.since))
    }
}

impl Quiet {
    /// Whether nothing is new in the thread since.
    const fn is_of(&self, thread: &Thread) -> bool {
        self.changes == thread.record.next_change
    }
}

impl Thread {
    /// Whether own words have not left, or may not have.
    fn has_words_here(&self) -> bool {
        self.outbox.values().any(|item| match &item.cargo {
            Cargo::Change { deed, .. } | Cargo::Stuck { deed, .. } => deed.entry().is_some(),
            Cargo::Link { .. } => true,
        })
    }
}

impl Engine {
    /// Sets how long this home keeps a thread in which nothing is new.
    pub(crate) fn keep_for(&mut self, days: Option<u32>) -> Result<Answer, Trouble> {
        match (days, &mut self.retention) {
            (None, None) => {}
            (None, Some(_)) => {
                self.retention = None;
                self.out.delete(Key::one(Kind::Retention));
                self.forget_quiet();
            }
            (Some(days), Some(term)) => {
                term.record.change(term::checked(days)?);
                self.keep_retention();
            }
            (Some(days), None) => {
                let record = RetentionRecord::begin(term::checked(days)?, self.now);
                self.out.put(Key::one(Kind::Retention), &record);
                self.retention = Some(Term::new(record, self.now));
                self.forget_quiet();
                self.note_news();
            }
        }
        self.inbox_moved = true;
        Ok(Answer::Retention(self.retention_row()))
    }

    /// Writes how much of the term has passed, when that is worth a commit. An opening that only shows
    /// something writes nothing: the next one that does makes up for it.
    fn keep_retention(&mut self) {
        let Some(term) = &mut self.retention else { return };
        if term.record.is_news_to(&term.kept) {
            term.kept = term.record;
            self.out.put(Key::one(Kind::Retention), &term.record);
        }
    }

    /// What was noted of another term counts no more.
    fn forget_quiet(&mut self) {
        for (id, thread) in &mut self.threads {
            if thread.record.quiet.take().is_some() {
                self.unkept.insert(*id);
            }
        }
    }

    /// Notes where something is new.
    fn note_news(&mut self) {
        let Some(term) = &self.retention else { return };
        for (id, thread) in &mut self.threads {
            if thread.record.quiet.is_none_or(|quiet| !quiet.is_of(thread)) {
                let changes = thread.record.next_change;
                thread.record.quiet = Some(Quiet { since: term.record.passed, changes });
                self.unkept.insert(*id);
            }
        }
    }

    /// The end of a sync: lets go of what is over, if it is time to look. Says whether that is under
    /// way.
    pub(crate) fn let_go_of_what_is_over(&mut self) -> bool {
        let due = self.retention.as_ref().is_some_and(|term| term.soon || term.look_at <= self.now);
        due && self.look_at_threads(true)
    }

    /// The same without a relay, after an hour and then each day.
    pub(crate) fn let_go_without_a_relay(&mut self) {
        let due = self.retention.as_ref().is_some_and(|term| term.look_at <= self.now);
        if due && self.session.phase == Phase::Offline {
            self.look_at_threads(false);
        }
    }

    fn look_at_threads(&mut self, synced: bool) -> bool {
        self.note_news();
        let Some(term) = &mut self.retention else { return false };
        term.look_at = self.now.plus_ms(term.record.interval());
        term.soon &= !synced;
        self.keep_retention();
        self.inbox_moved = true;
        let over = self.what_is_over(|waits_for| waits_for.is_none());
        for id in over {
            // Nothing is left of it that could refuse.
            let _ = self.forget(&id);
        }
        // Nobody leaves without having read what there is.
        let to_leave = self.what_is_over(|waits_for| waits_for == Some(WaitsFor::Leaving));
        let to_leave = to_leave.into_iter().filter(|_| synced);
        let wished = to_leave.filter(|id| self.wish(id, &Intent::Leave { thread: *id }).is_ok());
        wished.count() > 0
    }

    /// Threads whose time is over, that wait for this and nobody is leaving yet.
    fn what_is_over(&self, waits: impl Fn(Option<WaitsFor>) -> bool) -> Vec<ThreadId> {
        let over = |thread: &&Thread| {
            let kept = self.kept(thread).filter(|kept| kept.until <= self.now);
            !thread.is_leaving() && kept.is_some_and(|kept| waits(kept.waits_for))
        };
        self.threads.values().filter(over).map(|thread| thread.id).take(MOST).collect()
    }

    /// Until when a thread is kept, if nothing is new in it; `None` for good.
    fn kept(&self, thread: &Thread) -> Option<Kept> {
        let term = self.retention.as_ref()?;
        // A desk is nobody's correspondence.
        if thread.roster.kind() == ThreadKind::Desk {
            return None;
        }
        let (end, passed) = (term.end_of(thread), term.record.passed);
        let until = match end.checked_sub(passed) {
            Some(left) => self.now.plus_ms(left),
            None => Timestamp(self.now.0.saturating_sub(passed - end)),
        };
        let expected = thread.expected(&self.me);
        let waits_for = if thread.has_words_here() {
            Some(WaitsFor::Words)
        } else if expected == Some(Expected::FromOwnDevice) {
            Some(WaitsFor::OwnDevice)
        } else if self.invites_to(thread) {
            Some(WaitsFor::Invite)
        } else {
            (expected.is_some() && until <= self.now).then_some(WaitsFor::Leaving)
        };
        Some(Kept { until, waits_for })
    }

    /// Whether somebody may still come in by a link that this device made.
    fn invites_to(&self, thread: &Thread) -> bool {
        let open = self.invites.values().any(|invite| {
            invite.thread == thread.id && invite.state(self.now) == InviteState::Open
        });
        open && !thread.is_erased() && thread.roster.members().contains_key(&self.me.device)
    }

    /// The same for a screen: from when the end is near.
    pub(crate) fn kept_row(&self, thread: &Thread) -> Option<Kept> {
        self.kept(thread).filter(|kept| kept.until.since_ms(self.now) <= NOTICE_MS)
    }

    /// The term, and until when each thread is kept, the first to go first.
    pub(crate) fn retention_row(&self) -> RetentionRow {
        let kept = |thread: &Thread| {
            let title = thread.inbox.title.clone();
            self.kept(thread).map(|kept| KeptThread { thread: thread.id, title, kept })
        };
        let mut threads: Vec<KeptThread> = self.threads.values().filter_map(kept).collect();
        threads.sort_by_key(|row| row.kept.until);
        RetentionRow { days: self.retention.as_ref().map(|term| term.record.days), threads }
    }
}

#[cfg(test)]
mod tests;
