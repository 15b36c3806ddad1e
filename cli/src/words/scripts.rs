//! What scripts call rows' states (`docs/cli-json.md`): the same in every language.

use tandem_client::{LinkPhase, LinkState};
use tandem_engine::{HomeSchool, JoinState, LinkFault, Remark, StuckReason, Waiting};
use tandem_proto::Enrolment;

/// What it is that waits, for scripts.
pub(crate) const fn waiting_name(what: &Waiting) -> &'static str {
    match what {
        Waiting::Entry => "entry",
        Waiting::Move(_) => "move",
        Waiting::Seen => "seen",
        Waiting::Names => "names",
        Waiting::Members => "members",
        Waiting::Verified => "verified",
    }
}

/// What the relay said of the school of this home, for scripts.
pub(crate) const fn school_name(school: &HomeSchool) -> &'static str {
    match school.enrolment {
        None => "waiting",
        Some(Enrolment::Enrolled) => "enrolled",
        Some(Enrolment::NoSuchPass) => "no_such_link",
        Some(Enrolment::Full) => "full",
    }
}

/// Why an entry does not leave, for scripts.
pub(crate) const fn stuck_name(reason: &StuckReason) -> &'static str {
    match reason {
        StuckReason::NotAMember => "not_a_member",
        StuckReason::OverQuota => "over_quota",
        StuckReason::Malformed => "malformed",
        StuckReason::Refused => "refused",
        StuckReason::Broken => "broken",
        StuckReason::NewerVersionNeeded => "newer_version_needed",
        StuckReason::Removed => "removed",
        StuckReason::NotAdmitted => "not_admitted",
        StuckReason::SchoolSuspended => "school_suspended",
        StuckReason::Erased => "erased",
    }
}

/// What a remark is called in scripts.
pub(crate) const fn remark_name(remark: &Remark) -> &'static str {
    match remark {
        Remark::NewerVersionNeeded => "newer_version_needed",
        Remark::ArrivedLate(_) => "arrived_late",
        Remark::Edited => "edited",
        Remark::Incomplete(_) => "incomplete",
        Remark::EditByOther { .. } => "edit_by_other",
        Remark::MoveByOther(_) => "move_by_other",
        Remark::ClockAhead => "clock_ahead",
    }
}

/// How a join stands, for scripts.
pub(crate) const fn join_name(state: &JoinState) -> &'static str {
    match state {
        JoinState::Joining => "joining",
        JoinState::Joined => "joined",
        JoinState::Refused(_) => "refused",
    }
}

/// The same for scripts.
pub(crate) const fn link_name(state: &LinkState) -> Option<&'static str> {
    match (state.phase, &state.last_fault) {
        (LinkPhase::Live, _) => Some("in_touch"),
        (LinkPhase::Offline, Some(LinkFault::WrongKey)) => Some("wrong_key"),
        (LinkPhase::Offline, Some(LinkFault::TurnedAway(_))) => Some("turned_away"),
        (LinkPhase::Offline, Some(_)) => Some("unreachable"),
        (LinkPhase::Offline, None) | (LinkPhase::Dialing, _) => None,
    }
}
