//! What is stored: keys, versioned values, and what is in them.

mod codec;
mod fields;
mod key;
mod kinds;
mod tails;

pub(crate) use codec::{Record, RecordError, encode};
pub(crate) use key::OF_A_THREAD;
pub use key::{Batch, Key, Kind, Write};
pub(crate) use kinds::{
    Admission, Answered, Arrived, ByOffer, Cargo, Deed, GroupRecord, IdentityRecord, InviteRecord,
    InviteUse, ItemRecord, JoinRecord, KeptPackage, KeysRecord, Knocked, LogPlace, OfferRecord,
    OutboxRecord, PeerRecord, PhonesRecord, Quiet, RetentionRecord, RosterRecord, SchoolRecord,
    SentRecord, SessionRecord, SignedSet, ThreadRecord, TombstoneRecord, UptakeRecord,
    WaitingRecord, Wish,
};
pub(crate) use tails::Tails;
