//! A join that waits, on either side of an invite.

use tandem_engine::{JoinRow, JoinState};

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
    let why = match &row.state {
        JoinState::Refused(why) => why.as_str(),
        JoinState::Joining | JoinState::Joined => "",
    };
    let (phrase, remedies, ended) = match (&row.knocking, &row.state) {
        (Some(name), _) => {
            let said = Phrase::new("join_state.knocking").text("name", name).at(row.since);
            (said.text("why", why), vec![Remedy::ShowMembers], false)
        }
        (None, JoinState::Joining) => {
            (Phrase::new("join_state.joining").at(row.since), vec![Remedy::TryNow], false)
        }
        (None, JoinState::Joined) => (Phrase::new("join_state.joined"), Vec::new(), true),
        (None, JoinState::Refused(_)) => {
            (Phrase::new("join_state.refused").text("why", why), vec![Remedy::AskForLink], true)
        }
    };
    JoinWords { sentences: vec![phrase], remedies, ended }
}
