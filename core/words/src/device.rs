//! This phone: its keys, its school, and how long it keeps threads.

use tandem_engine::{DeviceRow, RetentionRow};
use tandem_proto::Enrolment;

use crate::Phrase;

/// Of a key or an id, as many letters as tell any two apart that a person meets.
const SHORT: usize = 8;

/// What is said of this phone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DeviceWords {
    /// Its school, and what the relay said of that.
    pub school: Phrase,
    /// Since when it has its keys, or how far new ones are.
    pub keys: Phrase,
    /// Whether new ones can be made now.
    pub renewable: bool,
    /// The beginning of the key by which the others know it.
    pub key: String,
    /// The beginning of the key by which the relay knows it.
    pub relay_key: String,
}

/// What is said of how long threads are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RetentionWords {
    /// The term for all.
    pub term: Phrase,
    /// The threads whose time is near its end, and until when each is kept.
    pub threads: Vec<Phrase>,
}

/// What is said of this phone.
#[must_use]
pub fn device(row: &DeviceRow) -> DeviceWords {
    DeviceWords {
        school: school(row),
        keys: match row.renewing {
            None => Phrase::new("about.keys_since").at(row.renewed),
            Some(threads) => Phrase::new("about.keys_renewing").n(threads),
        },
        renewable: row.renewing.is_none(),
        key: short(&row.device.to_string()),
        relay_key: short(&row.transport.to_string()),
    }
}

fn school(row: &DeviceRow) -> Phrase {
    let Some(school) = &row.school else { return Phrase::new("about.school_none") };
    let key = match school.enrolment {
        None => "about.school_waiting",
        Some(Enrolment::Enrolled) => "about.school_enrolled",
        Some(Enrolment::NoSuchPass) => "about.school_no_such_link",
        Some(Enrolment::Full) => "about.school_full",
    };
    Phrase::new(key).text("id", &short(&school.school.to_string()))
}

fn short(id: &str) -> String {
    id.chars().take(SHORT).collect()
}

/// What is said of how long threads are kept.
#[must_use]
pub fn retention(row: &RetentionRow) -> RetentionWords {
    let until = |thread: &tandem_engine::KeptThread| {
        Phrase::new("about.kept_thread").text("title", &thread.title).at(thread.kept.until)
    };
    RetentionWords {
        term: match row.days {
            None => Phrase::new("about.kept_for_good"),
            Some(days) => Phrase::new("about.kept_days").n(days),
        },
        threads: row.threads.iter().map(until).collect(),
    }
}
