//! Times for people: UTC, with the day when it is not today.

use std::time::{SystemTime, UNIX_EPOCH};

use tandem_proto::Timestamp;

use crate::words;

const DAY_MS: u64 = 24 * 3600 * 1000;

/// This moment.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// `14:05` when that was today, else `Fri 20 Nov 14:05`, else with the year.
pub(crate) fn moment(at: Timestamp, now: Timestamp) -> String {
    let time = time(at);
    if at.0 / DAY_MS == now.0 / DAY_MS {
        return time;
    }
    let day = day(at);
    if civil(at).0 == civil(now).0 {
        format!("{day} {time}")
    } else {
        format!("{day} {} {time}", civil(at).0)
    }
}

/// `14:05`.
pub(crate) fn time(at: Timestamp) -> String {
    let minutes = at.0 / 60_000 % (24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `Fri 20 Nov`, in the locale's language.
pub(crate) fn day(at: Timestamp) -> String {
    let (_, month, day) = civil(at);
    // 1 January 1970 was a Thursday; the calendar's weeks begin on Sunday.
    let weekday = named("terminal.days", at.0 / DAY_MS + 4, 7);
    let month = named("terminal.months", month + 11, 12);
    format!("{weekday} {day} {month}")
}

/// The name at this place of a list of so many that goes round.
fn named(key: &'static str, place: u64, of: u64) -> &'static str {
    let place = usize::try_from(place % of).unwrap_or(0);
    words::calendar(key).get(place).copied().unwrap_or_default()
}

/// Year, month, day of the proleptic Gregorian calendar (days from civil, in years from March).
fn civil(at: Timestamp) -> (u64, u64, u64) {
    let z = at.0 / DAY_MS + 719_468;
    let era = z / 146_097;
    let day_of_era = z % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sunday 22 November 2026, 16:31:48 UTC.
    const NOW: Timestamp = Timestamp(1_795_365_108_000);

    #[test]
    fn a_time_is_shown_with_its_day_when_it_is_not_today() {
        assert_eq!(moment(NOW, NOW), "16:31");
        let friday = Timestamp(NOW.0 - 2 * DAY_MS);
        assert_eq!(moment(friday, NOW), "Fri 20 Nov 16:31");
        let leap = Timestamp(1_709_164_800_000);
        assert_eq!(moment(leap, NOW), "Thu 29 Feb 2024 00:00");
        assert_eq!(moment(Timestamp(0), NOW), "Thu 1 Jan 1970 00:00");
    }
}
