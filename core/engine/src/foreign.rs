//! How Swift and Kotlin see the words that both ends of the line share: ids and links as text, times and
//! seqs as numbers.
//!
//! Rows and intents derive theirs where they stand. Everything here crosses as it is shown and typed
//! elsewhere, so that a shell needs no type of its own for it.

#![expect(
    clippy::disallowed_types,
    reason = "uniffi knows no other map; it is made and emptied here"
)]

use std::collections::{BTreeMap, HashMap};

use tandem_proto::{
    ChainHash, DeviceKey, DeviceLink, Enrolment, ErasedBecause, Generation, InviteId, InviteLink,
    ItemHash, LinkError, PersonId, RelayLink, Role, SchoolId, SchoolLink, Seq, TandemLink,
    ThreadCursor, ThreadId, Timestamp, TransportKey,
};

use crate::{EntryId, Fields};

macro_rules! as_text {
    ($($name:ident),* $(,)?) => {
        $(uniffi::custom_type!($name, String, {
            remote,
            lower: |id| id.to_string(),
            try_lift: |text| Ok(text.parse::<$name>()?),
        });)*
    };
}

as_text!(
    ChainHash,
    DeviceKey,
    Generation,
    InviteId,
    ItemHash,
    PersonId,
    SchoolId,
    ThreadId,
    TransportKey,
);

uniffi::custom_type!(EntryId, String, {
    lower: |id| id.to_string(),
    try_lift: |text| Ok(text.parse()?),
});

macro_rules! as_link {
    ($($name:ident = $kind:ident),* $(,)?) => {
        $(uniffi::custom_type!($name, String, {
            remote,
            lower: |link| link.to_string(),
            try_lift: |text| match text.parse()? {
                TandemLink::$kind(link) => Ok(link),
                _ => Err(LinkError::WrongShape.into()),
            },
        });)*
    };
}

as_link!(DeviceLink = Device, InviteLink = Join, RelayLink = Relay, SchoolLink = School,);

// Milliseconds since 1970, by whoever's clock the place says.
uniffi::custom_type!(Timestamp, u64, { remote, lower: |at| at.0, try_lift: |ms| Ok(Timestamp(ms)) });
uniffi::custom_type!(Seq, u64, { remote, lower: |seq| seq.0, try_lift: |seq| Ok(Seq(seq)) });

uniffi::custom_type!(Fields, HashMap<String, String>, {
    remote,
    lower: |fields| fields.into_iter().collect(),
    try_lift: |fields| Ok(fields.into_iter().collect::<BTreeMap<_, _>>()),
});

/// As what a person is in a thread.
#[uniffi::remote(Enum)]
pub enum Role {
    Guardian,
    Teacher,
    Specialist,
    Lead,
    Archive,
    Student,
}

/// Why a relay has erased a thread.
#[uniffi::remote(Enum)]
pub enum ErasedBecause {
    Operator,
    Retention,
}

/// What the relay says of a device and a school.
#[uniffi::remote(Enum)]
pub enum Enrolment {
    Enrolled,
    NoSuchPass,
    Full,
}

/// How far a thread's log has been read.
#[uniffi::remote(Record)]
pub struct ThreadCursor {
    pub thread: ThreadId,
    pub seq: Seq,
    pub chain: ChainHash,
}

/// Any Tandem link.
#[uniffi::remote(Enum)]
pub enum TandemLink {
    Relay(RelayLink),
    Join(InviteLink),
    School(SchoolLink),
    Device(DeviceLink),
}
