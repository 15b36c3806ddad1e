//! What is said about rows: the phrases of `core/words`, as shells call for them.

use tandem_engine::{
    DeviceRow, Fields, InboxRow, InviteRow, JoinRow, MemberRow, OfferRow, RetentionRow, ThreadRow,
    UptakeRow, WaitingRow,
};
use tandem_proto::Role;
use tandem_words::{
    DeviceWords, DraftFlaw, InboxWords, InviteWords, JoinWords, KindForm, Line, MemberWords,
    PhoneWords, Phrase, RetentionWords, RoleChoice, RowWords, WaitingWords,
};

use crate::{LinkNow, LinkTrouble};

/// What is said of a row of a thread in which this person has this role; `alone` as its inbox row's words
/// have it.
#[uniffi::export]
pub fn row_words(row: &ThreadRow, role: Option<Role>, alone: bool) -> RowWords {
    tandem_words::row(row, role, alone)
}

/// What is said of a thread.
#[uniffi::export]
pub fn inbox_words(row: &InboxRow, link: &LinkNow) -> InboxWords {
    tandem_words::inbox(row, link.into())
}

/// What is said under the inbox's title.
#[uniffi::export]
pub fn home_line(inbox: &[InboxRow], joins: &[JoinRow], link: &LinkNow) -> Vec<Phrase> {
    tandem_words::home_line(inbox, joins, link.into())
}

/// What is said of something that waits.
#[uniffi::export]
pub fn waiting_words(row: &WaitingRow) -> WaitingWords {
    tandem_words::waiting(row)
}

/// What is said of a join.
#[uniffi::export]
pub fn join_words(row: &JoinRow) -> JoinWords {
    tandem_words::join(row)
}

/// What is said of somebody who is in a thread.
#[uniffi::export]
pub fn member_words(row: &MemberRow) -> MemberWords {
    tandem_words::member(row)
}

/// What is said of an invite.
#[uniffi::export]
pub fn invite_words(row: &InviteRow) -> InviteWords {
    tandem_words::invite(row)
}

/// What is said of this phone's offer.
#[uniffi::export]
pub fn offer_words(row: &OfferRow) -> PhoneWords {
    tandem_words::offer(row)
}

/// What is said of a phone that this one lets in.
#[uniffi::export]
pub fn uptake_words(row: &UptakeRow) -> PhoneWords {
    tandem_words::uptake(row)
}

/// The kinds that somebody in this role can say, as forms.
#[uniffi::export]
pub fn forms(role: Role) -> Vec<KindForm> {
    tandem_words::forms(role)
}

/// These roles, as something to choose from: as what a thread's row says that this person may let somebody in.
#[uniffi::export]
pub fn role_choices(roles: &[Role]) -> Vec<RoleChoice> {
    tandem_words::role_choices(roles)
}

/// As what a person can make a home.
#[uniffi::export]
pub fn founders() -> Vec<RoleChoice> {
    tandem_words::founders()
}

/// What keeps these words from being said by somebody in this role; nothing when they can be sent.
#[uniffi::export]
pub fn draft_flaws(role: Role, kind: &str, fields: Fields) -> Vec<DraftFlaw> {
    tandem_words::draft(role, kind, &fields)
}

/// What is said of this phone.
#[uniffi::export]
pub fn device_words(row: &DeviceRow) -> DeviceWords {
    tandem_words::device(row)
}

/// What is said of how long threads are kept.
#[uniffi::export]
pub fn retention_words(row: &RetentionRow) -> RetentionWords {
    tandem_words::retention(row)
}

/// What is said of an error, by its `code` and, for an entry, its `field`.
#[uniffi::export]
pub fn error_words(code: &str, field: Option<String>) -> Phrase {
    tandem_words::trouble(code, field.as_deref())
}

impl From<&LinkNow> for Line {
    fn from(link: &LinkNow) -> Self {
        match link {
            LinkNow::Live => Self::Live,
            LinkNow::Dialing => Self::Dialing,
            LinkNow::Offline { trouble: None } => Self::Idle,
            LinkNow::Offline { trouble: Some(trouble) } => match trouble {
                LinkTrouble::Unreachable => Self::NoSignal,
                LinkTrouble::WrongKey => Self::WrongKey,
                LinkTrouble::Closed { .. } => Self::Closed,
                LinkTrouble::TurnedAway { .. } => Self::TurnedAway,
            },
        }
    }
}
