//! A home's term, and the time of it that this device has seen pass.

use tandem_proto::{
    Timestamp,
    planted::{Fault, is},
};

use crate::{Trouble, record::RetentionRecord};

pub(super) const HOUR_MS: u64 = 3600 * 1000;
pub(super) const DAY_MS: u64 = 24 * HOUR_MS;

/// No step of the clock counts for more than this.
const LONGEST_MS: u64 = 7 * DAY_MS;

/// Nor for more than this part of the term: none ends in fewer steps.
const FEWEST_STEPS: u64 = 4;

/// A clock that was put back is believed after it has run on for so long.
const DOUBT_MS: u64 = 7 * DAY_MS;

/// For so long before its end a thread says when that is. A term that was changed ends no sooner.
pub(super) const NOTICE_MS: u64 = 30 * DAY_MS;

/// The longest term: a century.
const MAX_DAYS: u32 = 36_500;

/// A number of days that can be a term.
pub(super) const fn checked(days: u32) -> Result<u32, Trouble> {
    match days {
        1..=MAX_DAYS => Ok(days),
        _ => Err(Trouble::BadTerm { days, max: MAX_DAYS }),
    }
}

impl RetentionRecord {
    /// A term that begins now, whatever was before.
    pub(super) const fn begin(days: u32, now: Timestamp) -> Self {
        Self { days, passed: 0, changed: 0, clock: now, behind: None }
    }

    /// The term has this length from here on.
    pub(super) const fn change(&mut self, days: u32) {
        if days != self.days {
            self.days = days;
            self.changed = self.passed;
        }
    }

    const fn term_ms(&self) -> u64 {
        DAY_MS.saturating_mul(self.days as u64)
    }

    /// The most that one step of the clock counts for.
    pub(super) fn longest_step(&self) -> u64 {
        if is(Fault::ClockBelieved) {
            return u64::MAX;
        }
        LONGEST_MS.min(self.term_ms() / FEWEST_STEPS)
    }

    /// How often to look, so that nothing of the time counts for less while the app is open.
    pub(super) fn interval(&self) -> u64 {
        DAY_MS.min(self.longest_step())
    }

    /// The clock says this. What counts is a step forward, as far as it is one that a device makes in
    /// use: a clock that was wrong one morning, or flips between two times, ends no term.
    pub(super) fn see(&mut self, now: Timestamp) {
        if now >= self.clock {
            let step = now.since_ms(self.clock).min(self.longest_step());
            self.passed = self.passed.saturating_add(step);
            (self.clock, self.behind) = (now, None);
            return;
        }
        // Clocks are put right by some minutes all the time.
        if self.clock.since_ms(now) < HOUR_MS {
            return;
        }
        match self.behind {
            Some(since) if since <= now => {
                if now.since_ms(since) >= DOUBT_MS {
                    (self.clock, self.behind) = (now, None);
                }
            }
            _ => self.behind = Some(now),
        }
    }

    /// When what was new at `since` is over, both in time that has passed.
    pub(super) fn end_of(&self, since: u64) -> u64 {
        let term = self.term_ms();
        let noticed = self.changed.saturating_add(term.min(NOTICE_MS));
        since.saturating_add(term).max(noticed)
    }

    /// Whether this differs from what was written by more than can be made up at the next opening.
    pub(super) fn is_news_to(&self, kept: &Self) -> bool {
        let clock = |this: &Self| Self { passed: 0, clock: Timestamp(0), ..*this };
        clock(self) != clock(kept)
            || self.clock < kept.clock
            || self.clock.since_ms(kept.clock) >= HOUR_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY: Timestamp = Timestamp(1_760_000_000_000);

    fn term(days: u32) -> RetentionRecord {
        RetentionRecord::begin(days, MONDAY)
    }

    #[test]
    fn time_in_use_counts_whole_and_a_jump_a_week_at_most() {
        let mut year = term(365);
        for n in 1..=100 {
            year.see(MONDAY.plus_ms(n * DAY_MS));
        }
        assert_eq!(year.passed, 100 * DAY_MS);
        year.see(MONDAY.plus_ms(2_000 * DAY_MS));
        assert_eq!(year.passed, 107 * DAY_MS);
    }

    #[test]
    fn no_term_ends_in_fewer_than_four_steps_however_far_they_go() {
        for days in [1, 2, 10, 28, 30, 365, MAX_DAYS] {
            let mut term = term(days);
            for n in 1..FEWEST_STEPS {
                term.see(MONDAY.plus_ms(n * 100_000 * DAY_MS));
                assert!(term.passed < term.end_of(0), "{days} days, step {n}");
            }
        }
    }

    #[test]
    fn a_clock_that_flips_between_two_times_counts_nothing_twice() {
        let mut year = term(365);
        for n in 1..=300 {
            year.see(Timestamp(n));
            year.see(MONDAY.plus_ms(n * HOUR_MS));
        }
        assert_eq!(year.passed, 300 * HOUR_MS);
    }

    #[test]
    fn what_is_written_can_be_less_than_an_hour_old_and_never_of_a_clock_that_was_put_back() {
        let kept = term(365);
        let mut now = kept;
        now.see(MONDAY.plus_ms(HOUR_MS - 1));
        assert!(!now.is_news_to(&kept));
        now.see(MONDAY.plus_ms(HOUR_MS));
        assert!(now.is_news_to(&kept));
        let mut behind = kept;
        behind.see(Timestamp(5));
        assert!(behind.is_news_to(&kept));
    }
}
