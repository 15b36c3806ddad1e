//! A join that waits, on either side of an invite.

use tandem_engine::{JoinRow, JoinState, NotLetIn};

use crate::{Phrase, Remedy};

/// What is said of a join.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct JoinWords {
    /// How it stands.
    pub sentences: Vec<Phrase>,
    /// What a person can do.
    pub remedies: Vec<Remedy>,
    /// Whether nothing more will come of it.
    pub ended: bool,
}

/// What is said of a join.
#[must_use]
pub fn join(row: &JoinRow) -> JoinWords {
    let (phrase, remedies, ended) = match (&row.knocking, row.state) {
        (Some(name), state) => {
            let why = match state {
                JoinState::Refused(why) => why,
                // Who may come in does not knock.
                JoinState::Joining | JoinState::Joined => NotLetIn::Other,
            };
            let said = Phrase::new("join_state.knocking").text("name", name).at(row.since);
            (said.word("why", not_let_in(why)), vec![Remedy::ShowMembers], false)
        }
        (None, JoinState::Joining) => {
            (Phrase::new("join_state.joining").at(row.since), vec![Remedy::TryNow], false)
        }
        (None, JoinState::Joined) => (Phrase::new("join_state.joined"), Vec::new(), true),
        (None, JoinState::Refused(why)) => {
            let remedy = match why {
                NotLetIn::NewerVersionNeeded => Remedy::UpdateApp,
                _ => Remedy::AskForLink,
            };
            let said = Phrase::new("join_state.refused").word("why", not_let_in(why));
            (said, vec![remedy], true)
        }
    };
    JoinWords { sentences: vec![phrase], remedies, ended }
}

/// Why somebody, or a phone, is not let in; put into a sentence.
pub(crate) fn not_let_in(why: NotLetIn) -> &'static str {
    match why {
        NotLetIn::LinkUsed => "not_let_in.link_used",
        NotLetIn::LinkExpired => "not_let_in.link_expired",
        NotLetIn::LinkRevoked => "not_let_in.link_revoked",
        NotLetIn::NewerVersionNeeded => "not_let_in.newer_version_needed",
        NotLetIn::IsInAlready => "not_let_in.is_in_already",
        NotLetIn::RecordsAreIn => "not_let_in.records_are_in",
        NotLetIn::IsSomebody => "not_let_in.is_somebody",
        NotLetIn::OfferExpired => "not_let_in.offer_expired",
        NotLetIn::OfferUnusable => "not_let_in.offer_unusable",
        NotLetIn::NoThread => "not_let_in.no_thread",
        NotLetIn::Other => "not_let_in.other",
    }
}
