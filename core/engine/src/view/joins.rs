//! Coming in: joins, invites, offers of a device and their uptake.

use serde::{Deserialize, Serialize};
use tandem_proto::{DeviceKey, DeviceLink, InviteId, PersonId, Role, ThreadId, Timestamp};

use super::Author;

/// Why somebody, or a device, is not let in.
///
/// It is stored by its name, so that a name that a newer version wrote, and the sentences in which older
/// versions kept it, are still read: as [`NotLetIn::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(into = "String", from = "String")]
pub enum NotLetIn {
    /// Somebody else came in by the link.
    LinkUsed,
    /// The link has expired.
    LinkExpired,
    /// The link was withdrawn.
    LinkRevoked,
    /// The answer, or the offer, was made by a newer version than this one can read.
    NewerVersionNeeded,
    /// They say that they are somebody who is in already.
    IsInAlready,
    /// The same of the school's records, of which a thread has one seat.
    RecordsAreIn,
    /// This device is in threads already, as somebody of its own.
    IsSomebody,
    /// Nobody took the device's offer up in time, or somebody else did.
    OfferExpired,
    /// The offer can't be answered as it is.
    OfferUnusable,
    /// There is no thread into which the device could be let.
    NoThread,
    /// For a reason that this version does not know.
    Other,
}

impl NotLetIn {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::LinkUsed,
        Self::LinkExpired,
        Self::LinkRevoked,
        Self::NewerVersionNeeded,
        Self::IsInAlready,
        Self::RecordsAreIn,
        Self::IsSomebody,
        Self::OfferExpired,
        Self::OfferUnusable,
        Self::NoThread,
        Self::Other,
    ];

    /// The reason's name on disk and in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LinkUsed => "link_used",
            Self::LinkExpired => "link_expired",
            Self::LinkRevoked => "link_revoked",
            Self::NewerVersionNeeded => "newer_version_needed",
            Self::IsInAlready => "is_in_already",
            Self::RecordsAreIn => "records_are_in",
            Self::IsSomebody => "is_somebody",
            Self::OfferExpired => "offer_expired",
            Self::OfferUnusable => "offer_unusable",
            Self::NoThread => "no_thread",
            Self::Other => "other",
        }
    }
}

impl From<NotLetIn> for String {
    fn from(why: NotLetIn) -> Self {
        why.name().to_owned()
    }
}

impl From<String> for NotLetIn {
    fn from(name: String) -> Self {
        Self::ALL.into_iter().find(|why| why.name() == name).unwrap_or(Self::Other)
    }
}

/// How a join stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum JoinState {
    /// The request waits to leave, or for the inviter's device.
    Joining,
    /// The thread is here.
    Joined,
    /// It will not be let in.
    Refused(NotLetIn),
}

/// A join that waits, on either side of an invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct JoinRow {
    /// Into which thread.
    pub thread: ThreadId,
    /// How it stands.
    pub state: JoinState,
    /// Since when.
    pub since: Timestamp,
    /// On the inviter's side: who asks with an invite that lets nobody in; the state says why.
    pub knocking: Option<String>,
}

/// How an invite stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum InviteState {
    /// It lets one person in.
    Open,
    /// Somebody came in by it, or is about to.
    Used,
    /// Nobody used it in time.
    Expired,
    /// It was taken back.
    Revoked,
}

/// An invite that this device made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct InviteRow {
    /// Which.
    pub invite: InviteId,
    /// Into which thread.
    pub thread: ThreadId,
    /// As what.
    pub role: Role,
    /// Whether it is to be shown in person.
    pub in_person: bool,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it lets somebody in.
    pub until: Timestamp,
    /// How it stands.
    pub state: InviteState,
    /// Who came in by it.
    pub used_by: Option<Author>,
}

/// How this device's offer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum OfferState {
    /// It waits for somebody to take it up.
    Open,
    /// Somebody lets this device in.
    TakenUp {
        /// Whose it will be.
        name: String,
        /// Threads that were promised and are not here yet.
        waiting: u32,
    },
    /// Nobody took it up in time.
    Expired,
    /// It can't be taken up.
    Refused(NotLetIn),
}

/// This device's offer to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct OfferRow {
    /// What whoever lets it in follows.
    pub link: DeviceLink,
    /// Until when it can be taken up.
    pub until: Timestamp,
    /// How it stands.
    pub state: OfferState,
}

/// How the uptake of another device's offer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum UptakeState {
    /// The offer has not been read yet.
    Waiting,
    /// The device is let in.
    LettingIn {
        /// Into how many threads.
        threads: u32,
        /// In how many of them it was heard of.
        arrived: u32,
    },
    /// It came to nothing.
    Refused(NotLetIn),
}

/// An offer of another device that this one takes up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UptakeRow {
    /// Which device.
    pub device: DeviceKey,
    /// Whose it will be.
    pub person: PersonId,
    /// Whether that is this person.
    pub mine: bool,
    /// Since when it is wished for.
    pub since: Timestamp,
    /// How it stands.
    pub state: UptakeState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_stored_as_its_name_and_an_older_versions_sentence_is_still_read() {
        for why in NotLetIn::ALL {
            let stored = postcard::to_allocvec(why.name());
            assert_eq!(postcard::to_allocvec(&why), stored);
            assert_eq!(stored.and_then(|bytes| postcard::from_bytes(&bytes)), Ok(why));
        }
        let sentence = postcard::to_allocvec("this link has expired; ask for a new one");
        assert_eq!(sentence.and_then(|bytes| postcard::from_bytes(&bytes)), Ok(NotLetIn::Other));
    }
}
