//! What is stored: keys, versioned values, and what is in them.

mod codec;
mod coming_in;
mod fields;
mod items;
mod key;
mod kinds;
mod tails;

pub(crate) use codec::{Record, RecordError, encode};
pub(crate) use coming_in::{
    Admission, Answered, ByOffer, InviteRecord, InviteUse, JoinRecord, Knocked, OfferRecord,
    UptakeRecord,
};
pub(crate) use items::{
    Arrived, Cargo, Deed, ItemRecord, LogPlace, OutboxRecord, PeerRecord, PhonesRecord, SentRecord,
    WaitingRecord,
};
pub(crate) use key::OF_A_THREAD;
pub use key::{Batch, Key, Kind, Write};
pub(crate) use kinds::{
    GroupRecord, IdentityRecord, KeptPackage, KeysRecord, Quiet, RetentionRecord, RosterRecord,
    SchoolRecord, SessionRecord, SignedSet, ThreadRecord, TombstoneRecord, Wish,
};
pub(crate) use tails::Tails;
