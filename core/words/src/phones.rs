//! A phone that is to be let in, seen from itself and from who lets it in.

use tandem_engine::{OfferRow, OfferState, UptakeRow, UptakeState};

use crate::{Phrase, join::not_let_in};

/// What is said of an offer or its uptake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PhoneWords {
    /// How it stands.
    pub sentences: Vec<Phrase>,
    /// Whether something may still come of it.
    pub open: bool,
}

/// What is said of this phone's offer.
#[must_use]
pub fn offer(row: &OfferRow) -> PhoneWords {
    let (said, open) = match &row.state {
        OfferState::Open => (Phrase::new("offer.open").at(row.until), true),
        OfferState::TakenUp { name, waiting } => {
            (Phrase::new("offer.taken_up").text("name", name).n(*waiting), true)
        }
        OfferState::Expired => (Phrase::new("offer.expired"), false),
        OfferState::Refused(why) => {
            (Phrase::new("offer.refused").word("why", not_let_in(*why)), false)
        }
    };
    PhoneWords { sentences: vec![said], open }
}

/// What is said of a phone that this one lets in.
#[must_use]
pub fn uptake(row: &UptakeRow) -> PhoneWords {
    let whose = match row.mine {
        true => Phrase::new("uptake.mine"),
        false => Phrase::new("uptake.theirs").person("who", row.person),
    };
    let (said, open) = match &row.state {
        UptakeState::Waiting => (Phrase::new("uptake.waiting"), true),
        UptakeState::LettingIn { threads, arrived } => {
            (Phrase::new("uptake.letting_in").n(*threads).count("arrived", *arrived), true)
        }
        UptakeState::Refused(why) => {
            (Phrase::new("uptake.refused").word("why", not_let_in(*why)), false)
        }
    };
    PhoneWords { sentences: vec![whose.at(row.since), said], open }
}
