//! What goes on after each input, until the sync is complete.

use tandem_proto::ThreadId;

use super::{COALESCE_MS, Phase, SILENCE_MS};
use crate::{
    Effect, Engine,
    state::{Deferred, Thread},
};

impl Engine {
    /// Goes on with whatever can go on, after each input.
    pub(crate) fn progress(&mut self) {
        if self.session.online
            && self.session.phase == Phase::Offline
            && self.session.retry_at.is_some_and(|at| at <= self.now)
            && self.waiting_is_read()
        {
            self.take_next_key();
            self.session.phase = Phase::Dialing;
            self.session.retry_at = None;
            self.out.now(Effect::Dial);
        }
        let waits = matches!(self.session.phase, Phase::Live | Phase::Greeting);
        let silent = self.session.heard_at.plus_ms(SILENCE_MS) <= self.now;
        if waits && !self.session.settled && silent && !self.out.is_writing() {
            // Whatever is waited for does not come: a new connection asks for all of it again.
            return self.come_back_later();
        }
        if self.session.phase != Phase::Live {
            return;
        }
        self.take_refused();
        self.offer_again();
        if self.session.expected > 0 {
            return;
        }
        // Each look at all threads is felt when there are a thousand.
        if self.threads.values().any(|thread| thread.is_busy()) {
            return;
        }
        if self.read_again(|thread| thread.ahead.has_overflowed()) {
            return;
        }
        if !self.session.uploaded {
            self.session.uploaded = true;
            for id in self.threads_that(Thread::is_unfinished) {
                self.push_links(&id);
                self.ask_receipts(&id);
                let thread = &self.threads[&id];
                if thread.record.unmet_all || !thread.record.unmet.is_empty() {
                    self.session.uploading.insert(id);
                    self.with_records(&id, Deferred::Upload);
                }
                if self.may_try_again(&self.threads[&id]) {
                    self.with_records(&id, Deferred::TryAgain);
                }
                self.push_waiting(&id);
                self.caught_up(&id);
                self.close_gap(&id);
                self.settle_seats(&id);
                self.settle_members(&id);
            }
            self.admit_again();
            self.settle_renewal();
            if self.threads.values().any(|thread| thread.is_busy()) {
                return;
            }
        }
        if !self.session.in_flight.is_empty()
            || !self.session.uploading.is_empty()
            || !self.session.mail.is_empty()
            || !self.session.letters.is_empty()
            || !self.session.requested.is_empty()
            || self.session.expected > 0
        {
            return;
        }
        // Nothing is under way that could close a gap: what it was that the relay takes us to have, by a
        // receipt, was pushed before a greeting that made us forget it.
        let has_gap = |thread: &Thread| thread.named && !thread.ahead.is_empty();
        if self.read_again(|thread| has_gap(thread) && !thread.needs_newer()) {
            return;
        }
        self.settle();
    }

    /// The threads of which something holds.
    pub(crate) fn threads_that(&self, holds: impl Fn(&Thread) -> bool) -> Vec<ThreadId> {
        self.threads.values().filter(|thread| holds(thread)).map(|thread| thread.id).collect()
    }

    /// Reads logs again from their cursors of which a part is missing. Says whether there is any.
    fn read_again(&mut self, is_missing: impl Fn(&Thread) -> bool) -> bool {
        let missing = self.threads_that(is_missing);
        for id in &missing {
            let Some(thread) = self.threads.get_mut(id) else { continue };
            if !thread.ahead.read_again(thread.record.seq) {
                self.come_back_later();
                break;
            }
            self.name_thread(id);
        }
        !missing.is_empty()
    }

    /// A thread that is caught up but has something beyond a gap is read again from its cursor.
    pub(super) fn close_gap(&mut self, id: &ThreadId) {
        let stranded = self.threads.get(id).is_some_and(|t| !t.ahead.is_empty() && !t.is_busy());
        if stranded {
            if let Some(thread) = self.threads.get_mut(id) {
                thread.ahead.read_again(thread.record.seq);
            }
            self.name_thread(id);
        }
    }

    /// Acknowledges and claims what is new; when there is nothing new, the sync is complete.
    pub(super) fn settle(&mut self) {
        if self.session.claimed.is_some() || self.let_go_of_what_is_over() {
            return;
        }
        let due = self.session.due.is_some_and(|at| at <= self.now);
        let unsaid = self.unacknowledged() || self.unclaimed();
        if unsaid && self.session.settled && !due {
            self.session.due.get_or_insert(self.now.plus_ms(COALESCE_MS));
            return;
        }
        self.session.due = None;
        if unsaid {
            self.session.moved = true;
            self.acknowledge();
            if self.unclaimed() {
                self.claim();
                return;
            }
        }
        if !self.session.settled || self.session.moved {
            if !self.session.settled {
                self.all_is_here();
            }
            self.session.settled = true;
            self.session.moved = false;
            self.session.faults = 0;
            // What the threads know of this device's keys was read.
            self.session.gone_back = false;
            self.session.report.waiting = self.count_waiting();
            self.out.say(Effect::Settled(self.session.report));
        }
    }
}
