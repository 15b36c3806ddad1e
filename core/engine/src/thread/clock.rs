//! The thread's order in time, robust against clocks that are years ahead.

use tandem_proto::Timestamp;

/// How far past what it depends on a time is believed: a school year with its holidays.
const LEAP_MS: u64 = 400 * 24 * 3600 * 1000;

/// The hybrid logical clock: when something is said that follows what was said at `newest`.
#[must_use]
pub(crate) fn clock(now: Timestamp, newest: Timestamp) -> Timestamp {
    now.max(newest.plus_ms(1))
}

/// Where a time stands after the newest that it depends on, and whether it had to be pulled back.
pub(crate) fn placed(at: Timestamp, before: Option<Timestamp>) -> (Timestamp, bool) {
    match before {
        Some(before) if at.since_ms(before) > LEAP_MS => (before.plus_ms(1), true),
        _ => (at, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_stands_after_what_it_follows_even_when_the_clock_is_behind() {
        assert_eq!(clock(Timestamp(5), Timestamp(9)), Timestamp(10));
        assert_eq!(clock(Timestamp(50), Timestamp(9)), Timestamp(50));
    }

    #[test]
    fn a_year_of_silence_is_believed_and_ten_years_are_not() {
        let day = 24 * 3600 * 1000;
        let before = Timestamp(20_000 * day);
        let year = before.plus_ms(365 * day);
        assert_eq!(placed(year, Some(before)), (year, false));
        assert_eq!(placed(before.plus_ms(3650 * day), Some(before)), (before.plus_ms(1), true));
        assert_eq!(placed(year, None), (year, false), "nothing to measure against");
    }
}
