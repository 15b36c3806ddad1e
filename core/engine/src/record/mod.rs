//! What is stored: keys, versioned values, and what is in them.

mod codec;
mod key;
mod kinds;

pub(crate) use codec::{Record, RecordError, Stored, decode, encode};
pub use key::{Batch, Key, Write};
pub(crate) use key::{Kind, OF_A_THREAD};
pub(crate) use kinds::{
    Admission, Arrived, Cargo, Deed, IdentityRecord, InviteRecord, InviteUse, ItemRecord,
    JoinRecord, Knocked, LogPlace, OutboxRecord, PeerRecord, PhonesRecord, RosterRecord,
    SentRecord, SessionRecord, SignedSet, ThreadRecord, WaitingRecord,
};
