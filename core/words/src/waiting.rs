//! What waits to leave, and what can be done about it.

use tandem_engine::{Delivery, Waiting, WaitingRow};

use crate::{
    Phrase, Remedy, Stands,
    delivery::{delivery, without_words},
    row::state_key,
};

/// What is said of something that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct WaitingWords {
    /// What it is.
    pub what: Phrase,
    /// How it stands, and what a person can do.
    pub stands: Stands,
}

/// What it is that waits.
#[must_use]
pub fn what_waits(what: Waiting) -> Phrase {
    match what {
        Waiting::Entry => Phrase::new("waiting.entry"),
        Waiting::Move(state) => Phrase::new("waiting.move").word("state", state_key(state)),
        Waiting::Seen => Phrase::new("waiting.seen"),
        Waiting::Names => Phrase::new("waiting.names"),
        Waiting::Members => Phrase::new("waiting.members"),
        Waiting::Verified => Phrase::new("waiting.verified"),
    }
}

/// What is said of something that waits to leave this phone.
#[must_use]
pub fn waiting(row: &WaitingRow) -> WaitingWords {
    let what = what_waits(row.what);
    let mut stands = delivery(&row.delivery, false);
    if row.delivery == Delivery::OnThisPhone {
        stands.remedies.push(Remedy::TryNow);
    }
    if row.what != Waiting::Entry {
        stands = without_words(stands);
    }
    WaitingWords { what, stands }
}
