//! The words both ends of Tandem speak.
//!
//! Ids, frames of both directions, limits, roster links, receipts, acknowledgements, cursors,
//! envelopes and links, each with its exact bytes. Nothing here awaits, reads a clock, draws
//! randomness or knows what a document is. Decoding any bytes is total: a typed error or a value,
//! never a panic and never an allocation beyond the limit of the field being read.
//!
//! `docs/protocol.md` tells the same in prose; `tests/golden.rs` freezes it in hex.

mod ack;
mod bounded;
mod codec;
mod cursor;
mod envelope;
mod frame;
mod hash;
mod id;
mod join;
pub mod limits;
mod link;
mod merkle;
pub mod planted;
mod receipt;
mod roster;
mod school;
mod sign;
mod tag;
mod tombstone;
mod version;

pub use ack::Acknowledgement;
pub use bounded::{BoundedBytes, BoundedStr, BoundedVec, TooMany};
pub use codec::{DecodeError, Decoded, FrameReader, Wire};
pub use cursor::{CursorProof, SignedCursors, ThreadCursor, cursor_digest, cursor_root};
pub use envelope::{EnvelopeError, EnvelopeHeader, EnvelopeKind, ItemKind, item_kind};
pub use frame::{
    Claim, ClaimedCursor, ClientToRelay, Closing, Cursors, Deliver, Evidence, Greeting, Hello,
    Item, Letter, Mail, MailDrop, MailPut, MailStored, MailWatch, Push, ReceiptRequest, Refusal,
    Refused, RelayToClient, Whom,
};
pub use hash::{Hasher, derive_key, keyed_hash};
pub use id::{
    ChainHash, DeviceKey, Epoch, Generation, Hash16, InviteId, ItemHash, MailboxId, PersonId,
    RelayKey, SchoolId, Seq, ThreadId, Timestamp, TransportKey, WrongLength,
};
pub use join::{InviteSecret, invite_id, offer_box, request_box, uptake_box, welcome_box};
pub use link::{
    DeviceLink, InviteLink, LinkError, RelayAddress, RelayLink, SchoolLink, TandemLink,
};
pub use merkle::{MerklePath, RangeProof, merkle_root};
pub use receipt::{Receipt, ReceiptBatch, ReceiptError, ReceiptLeaf, sign_receipts};
pub use roster::{
    Because, Card, Farewell, Handshake, LastWord, Leaver, Leavers, Placed, Role, Roster,
    RosterLink, RosterLinkError, SeatRequest, Statement, ThreadKind,
};
pub use school::{Enrolment, SchoolAnswer, SchoolPass, SchoolToken};
pub use sign::{BadSignature, SecretKey, Signature};
pub use tag::{FromClient, FromRelay};
pub use tombstone::{ErasedBecause, Tombstone};
pub use version::{ALPN, PROTOCOL, Version};
