//! Who is in a thread, and whom a link lets in.

use tandem_engine::{InviteRow, InviteState, KeyRow, MemberRow, Misdeed};
use tandem_proto::Role;

use crate::{Phrase, event::someone};

/// Letters of a device's id that are shown: enough to tell any two apart that a person meets.
const SHORT: usize = 8;

/// What is said of somebody who is in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MemberWords {
    /// As what they are in.
    pub role: Phrase,
    /// Since when, who vouches, what they can read.
    pub sentences: Vec<Phrase>,
    /// A sentence for each of their devices, in the row's order.
    pub devices: Vec<Phrase>,
    /// What their devices did that no honest device does.
    pub warnings: Vec<Phrase>,
}

/// What is said of an invite.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct InviteWords {
    /// For whom, and how it stands.
    pub sentences: Vec<Phrase>,
    /// Whether it lets somebody in; only then it can be taken back.
    pub open: bool,
}

/// What is said of somebody who is in a thread.
#[must_use]
pub fn member(row: &MemberRow) -> MemberWords {
    let mut said = Vec::new();
    said.extend(row.mine.then(|| Phrase::new("member.you")));
    said.push(Phrase::new("member.since").at(row.since));
    said.push(match (row.verified, &row.vouched_by) {
        (true, Some(by)) => Phrase::new("member.verified_by").person("who", by.person),
        (true, None) => Phrase::new("member.verified"),
        (false, Some(by)) => Phrase::new("member.let_in_by").person("who", by.person),
        (false, None) => Phrase::new("member.founded"),
    });
    if !row.verified && !row.mine {
        said.push(Phrase::new("member.not_verified"));
    }
    if row.author.role == Role::Archive {
        said.push(Phrase::new("reads.archive"));
    }
    MemberWords {
        role: Phrase::new(&format!("role.{}", row.author.role)),
        sentences: said,
        devices: row.devices.iter().map(|key| device(key, row.devices.len() > 1)).collect(),
        warnings: warnings(row),
    }
}

fn device(key: &KeyRow, several: bool) -> Phrase {
    let said = match (key.seated, key.verified || !several) {
        (false, _) => "member.device_unseated",
        (true, false) => "member.device_not_verified",
        (true, true) => "member.device",
    };
    let mut id = key.device.to_string();
    id.truncate(SHORT);
    Phrase::new(said).text("id", &id).at(key.since)
}

/// What their devices did that no honest device does, and that one can go on without them where this person
/// may.
fn warnings(row: &MemberRow) -> Vec<Phrase> {
    let go_on = (row.dispensable && !row.misdeeds.is_empty()).then(|| Phrase::new("member.go_on"));
    row.misdeeds.iter().map(|done| Phrase::new(misdeed_key(*done))).chain(go_on).collect()
}

const fn misdeed_key(misdeed: Misdeed) -> &'static str {
    match misdeed {
        Misdeed::StoppedThread => "member.stopped_thread",
        Misdeed::TwoWords => "member.two_words",
        Misdeed::OutOfOrder => "member.out_of_order",
    }
}

/// What is said of an invite of this phone's.
#[must_use]
pub fn invite(row: &InviteRow) -> InviteWords {
    let said = match row.state {
        InviteState::Open if row.in_person => Phrase::new("invite.open_in_person").at(row.until),
        InviteState::Open => Phrase::new("invite.open").at(row.until),
        InviteState::Used => match &row.used_by {
            Some(by) => Phrase::new("invite.used").person("who", by.person),
            None => Phrase::new("invite.used_by_someone"),
        },
        InviteState::Expired => Phrase::new("invite.expired").at(row.until),
        InviteState::Revoked => Phrase::new("invite.revoked"),
    };
    InviteWords {
        sentences: vec![said.word("role", someone(Some(row.role)))],
        open: row.state == InviteState::Open,
    }
}
