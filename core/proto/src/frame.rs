//! The frames of both directions.
//!
//! A session, in order (`docs/protocol.md` tells it in prose):
//!
//! 1. The client says [`Hello`] and may push in the same flight. Before it, a device of a school
//!    shows its [`SchoolPass`], which the relay answers after its greeting.
//! 2. The relay says [`Greeting`]. When the generation and the digest of the device's cursors
//!    match what it remembers, it sends what is new and [`RelayToClient::CaughtUp`]. Otherwise it
//!    waits for [`Cursors`].
//! 3. For each cursor that is beyond its log or off its chain the relay says
//!    [`RelayToClient::OffChain`]; a device that holds the relay's signature answers with
//!    [`Evidence`], and only that draws a new generation, which is told by a new [`Greeting`].
//! 4. Items arrive by [`Deliver`]; own items are not sent back on the connection that pushed
//!    them, their receipt stands for them.
//!    What is read is pushed after it; a removal that the relay has lost, behind its
//!    [`ClientToRelay::Receipt`].
//!    A thread that the relay has erased is answered by [`RelayToClient::Erased`], whatever is said of
//!    it; a device that holds the tombstone shows it to a relay that does not seem to know it.
//! 5. When the device has durably taken in what it read, it [`Claim`]s its cursors, and the relay
//!    signs them ([`RelayToClient::CursorsSigned`]).

use serde::{Deserialize, Serialize};

use crate::{
    Acknowledgement, BoundedBytes, BoundedVec, CursorProof, Generation, Hash16, MailboxId, Receipt,
    ReceiptBatch, SchoolAnswer, SchoolPass, Seq, SignedCursors, ThreadCursor, ThreadId, Timestamp,
    Tombstone, Version,
    codec::{self, DecodeError, Decoded, Wire},
    limits::{
        MAX_CURSORS_PER_FRAME, MAX_ITEM_BYTES, MAX_ITEMS_PER_FRAME, MAX_LETTER_BYTES,
        MAX_LETTERS_PER_MAILBOX, MAX_MAILBOXES_PER_FRAME,
    },
    tag::{FromClient, FromRelay},
};

/// One log item's bytes.
pub type Item = BoundedBytes<MAX_ITEM_BYTES>;

/// One letter's bytes.
pub type Letter = BoundedBytes<MAX_LETTER_BYTES>;

/// The first frame of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// What the client speaks.
    pub version: Version,
    /// The generation of the client's cursors; `None` on first contact.
    pub generation: Option<Generation>,
    /// Digest of the cursors that the relay signed last; see [`crate::cursor_digest`].
    pub digest: Hash16,
}

/// Items for one thread's log, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// Whose log.
    pub thread: ThreadId,
    /// Envelopes and roster links. A run of links that together make a longer chain than the
    /// relay's is accepted whole.
    pub items: BoundedVec<Item, MAX_ITEMS_PER_FRAME>,
}

/// Where the client stands; sets the relay's memory of it and asks for what comes after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursors {
    /// The generation these cursors are of. When it is not the present one the frame is ignored:
    /// a new greeting is under way.
    pub generation: Generation,
    /// The cursors. Threads not named keep the cursor they have, unless `first`.
    pub cursors: BoundedVec<ThreadCursor, MAX_CURSORS_PER_FRAME>,
    /// This begins a whole list: forget every cursor of this device first.
    pub first: bool,
    /// This ends a list: deliver, then say `CaughtUp`.
    pub last: bool,
}

/// A cursor that the relay signed in its present generation and that is off its chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The signed cursor.
    pub proof: CursorProof,
}

/// One cursor that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedCursor {
    /// Whose log.
    pub thread: ThreadId,
    /// The last seq that is durable on the device.
    pub seq: Seq,
    /// The last revision of the thread's acknowledgements that is durable on the device.
    pub acks: u64,
}

/// What moved since the relay last signed, and the root that both must come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The generation these cursors are of.
    pub generation: Generation,
    /// The cursors that moved.
    pub moved: BoundedVec<ClaimedCursor, MAX_CURSORS_PER_FRAME>,
    /// Root over all cursors of the device; `None` when more frames of this claim follow.
    pub root: Option<[u8; 32]>,
}

/// A letter for a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPut {
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// The letter. The same letter again is stored once.
    pub letter: Letter,
}

/// Mailboxes to be told about, now and as letters come, until the connection ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailWatch {
    /// Which mailboxes.
    pub mailboxes: BoundedVec<MailboxId, MAX_MAILBOXES_PER_FRAME>,
}

/// A letter that has been dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDrop {
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// Half the hash of the letter; see [`crate::ItemHash::of`].
    pub letter: Hash16,
}

/// Asks for receipts of items that the device met in the log without having one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRequest {
    /// Whose log.
    pub thread: ThreadId,
    /// Which items.
    pub seqs: BoundedVec<Seq, MAX_ITEMS_PER_FRAME>,
}

/// What a client sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientToRelay {
    /// See [`Hello`].
    Hello(Hello),
    /// See [`Push`].
    Push(Push),
    /// See [`Cursors`].
    Cursors(Cursors),
    /// See [`Evidence`].
    Evidence(Evidence),
    /// See [`Claim`].
    Claim(Claim),
    /// See [`Acknowledgement`].
    Acknowledge(Acknowledgement),
    /// See [`MailPut`].
    MailPut(MailPut),
    /// See [`MailWatch`].
    MailWatch(MailWatch),
    /// See [`MailDrop`].
    MailDrop(MailDrop),
    /// See [`ReceiptRequest`].
    ReceiptRequest(ReceiptRequest),
    /// See [`SchoolPass`]. The only frame that may come before `Hello`.
    School(SchoolPass),
    /// See [`Tombstone`]: the relay may have forgotten what it signed.
    Erased(Tombstone),
    /// The relay's [`Receipt`] for a link that the device pushes next and that the relay seems to have
    /// lost.
    Receipt(Receipt),
}

/// The relay's first frame, and again whenever its generation changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// What both will speak.
    pub version: Version,
    /// The store's present generation.
    pub generation: Generation,
    /// The relay's clock, for display only; no clock is ever corrected from it.
    pub time: Timestamp,
    /// Generation and digest match: no cursors need to be sent.
    pub matched: bool,
}

/// Why an item was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The relay does not have this thread: send its roster first.
    #[error("the relay does not know this thread")]
    UnknownThread,
    /// The device is not in the thread's roster.
    #[error("this device is not in the thread")]
    NotAMember,
    /// Not the current epoch; catch up, seal again.
    #[error("sealed under an epoch that is not the current one")]
    StaleEpoch,
    /// A link that does not extend the roster's head; read the log, make it again.
    #[error("the roster has moved on")]
    StaleLink,
    /// Not an item, or a link that is not valid.
    #[error("not a valid item")]
    Malformed,
    /// The thread, the device or the relay is at its limit.
    #[error("over a limit of the relay")]
    OverQuota,
    /// The relay can't write just now; try later.
    #[error("the relay can't store anything just now")]
    Unavailable,
    /// A thread that the relay does not have, from a device of no school, where only schools may put
    /// threads; later, when a school's device has put it.
    #[error("the relay takes new threads from devices of its schools only")]
    NotAdmitted,
    /// The thread's school is suspended or removed: what is in the thread stays and is served, nothing
    /// is taken.
    #[error("the thread's school is suspended at the relay")]
    Suspended,
    /// The relay has erased the thread and takes it back from nobody; its [`Tombstone`] goes before.
    #[error("the thread was erased at the relay")]
    Erased,
}

impl Refusal {
    /// Whether sending the same bytes later can succeed.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        match self {
            Self::UnknownThread
            | Self::StaleEpoch
            | Self::StaleLink
            | Self::Unavailable
            | Self::NotAdmitted
            | Self::Suspended => true,
            Self::NotAMember | Self::Malformed | Self::OverQuota | Self::Erased => false,
        }
    }
}

/// An item or letter that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Half the hash of the item or letter.
    pub item: Hash16,
    /// Why.
    pub reason: Refusal,
}

/// A run of a thread's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliver {
    /// Whose log.
    pub thread: ThreadId,
    /// The seq of the first item.
    pub first: Seq,
    /// The items, one after another.
    pub items: BoundedVec<Item, MAX_ITEMS_PER_FRAME>,
}

/// What lies in a mailbox, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// Its letters; empty when there are none, so that a watcher knows. A letter that does not
    /// fit the frame beside the others comes in a frame of its own.
    pub letters: BoundedVec<Letter, MAX_LETTERS_PER_MAILBOX>,
}

/// A letter is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailStored {
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// Half the hash of the letter.
    pub letter: Hash16,
}

/// Whom the operator of a relay has suspended or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whom {
    /// This device.
    Device,
    /// The school that it belongs to.
    School,
}

impl std::fmt::Display for Whom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Device => "this device",
            Self::School => "this device's school",
        })
    }
}

/// The relay is about to close the connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Closing {
    /// The client speaks another major version; the relay's own.
    #[error("the relay speaks version {}.{}", .0.major, .0.minor)]
    Version(Version),
    /// A frame that can't be one.
    #[error("the relay could not read what was sent")]
    Malformed,
    /// Too many connections or too much at once; wait this many milliseconds.
    #[error("the relay is busy")]
    Busy(u64),
    /// The relay is being stopped; wait this many milliseconds.
    #[error("the relay is stopping")]
    Stopping(u64),
    /// The same device has opened a newer connection.
    #[error("this device connected again")]
    Replaced,
    /// The operator has suspended somebody; it may end.
    #[error("{0} is suspended at the relay")]
    Suspended(Whom),
    /// The operator has removed somebody. A device of a removed school is let in again with another
    /// school's pass.
    #[error("{0} was removed from the relay")]
    Removed(Whom),
}

/// What a relay sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelayToClient {
    /// See [`Greeting`].
    Greeting(Greeting),
    /// See [`ReceiptBatch`].
    Receipts(ReceiptBatch),
    /// See [`Refused`].
    Refused(Refused),
    /// See [`Deliver`].
    Deliver(Deliver),
    /// The device's cursor of this thread is beyond the log or off its chain.
    OffChain(ThreadId),
    /// The relay does not have this thread, or the device is not in its roster.
    UnknownThread(ThreadId),
    /// Everything up to the heads has been sent, and every mailbox watched so far answered. Said
    /// once for a matched `Hello` and once for each [`Cursors`] that ends a list.
    CaughtUp,
    /// See [`SignedCursors`].
    CursorsSigned(SignedCursors),
    /// The claimed cursors are not what the relay comes to; send the whole list.
    ClaimRefused,
    /// Another member's acknowledgement, and its revision.
    Acknowledged(u64, Acknowledgement),
    /// See [`Mail`].
    Mail(Mail),
    /// See [`MailStored`].
    MailStored(MailStored),
    /// See [`Closing`].
    Closing(Closing),
    /// See [`SchoolAnswer`]. After the greeting.
    School(SchoolAnswer),
    /// See [`Tombstone`]: said to whoever follows the thread when it is erased, and to whoever names it
    /// or pushes to it after.
    Erased(Tombstone),
}

macro_rules! wire {
    ($frames:ident, $tags:ident { $($variant:ident),* $(,)? }) => {
        impl Wire for $frames {
            fn encode(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$variant(body) => codec::put(out, $tags::$variant as u8, body),)*
                }
            }

            fn decode(bytes: &[u8]) -> Result<Decoded<Self>, DecodeError> {
                let (tag, body) = codec::split(bytes)?;
                $(if tag == $tags::$variant as u8 {
                    return Ok(Decoded::Frame(Self::$variant(codec::get(tag, body)?)));
                })*
                Ok(Decoded::Unknown(tag))
            }
        }
    };
}

wire!(
    ClientToRelay,
    FromClient {
        Hello,
        Push,
        Cursors,
        Evidence,
        Claim,
        Acknowledge,
        MailPut,
        MailWatch,
        MailDrop,
        ReceiptRequest,
        School,
        Erased,
        Receipt,
    }
);

impl Wire for RelayToClient {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Greeting(a) => codec::put(out, FromRelay::Greeting as u8, a),
            Self::Receipts(a) => codec::put(out, FromRelay::Receipts as u8, a),
            Self::Refused(a) => codec::put(out, FromRelay::Refused as u8, a),
            Self::Deliver(a) => codec::put(out, FromRelay::Deliver as u8, a),
            Self::OffChain(a) => codec::put(out, FromRelay::OffChain as u8, a),
            Self::UnknownThread(a) => codec::put(out, FromRelay::UnknownThread as u8, a),
            Self::CaughtUp => codec::put(out, FromRelay::CaughtUp as u8, &()),
            Self::CursorsSigned(a) => codec::put(out, FromRelay::CursorsSigned as u8, a),
            Self::ClaimRefused => codec::put(out, FromRelay::ClaimRefused as u8, &()),
            Self::Acknowledged(rev, a) => {
                codec::put(out, FromRelay::Acknowledged as u8, &(rev, a));
            }
            Self::Mail(a) => codec::put(out, FromRelay::Mail as u8, a),
            Self::MailStored(a) => codec::put(out, FromRelay::MailStored as u8, a),
            Self::Closing(a) => codec::put(out, FromRelay::Closing as u8, a),
            Self::School(a) => codec::put(out, FromRelay::School as u8, a),
            Self::Erased(a) => codec::put(out, FromRelay::Erased as u8, a),
        }
    }

    fn decode(bytes: &[u8]) -> Result<Decoded<Self>, DecodeError> {
        const GREETING: u8 = FromRelay::Greeting as u8;
        const RECEIPTS: u8 = FromRelay::Receipts as u8;
        const REFUSED: u8 = FromRelay::Refused as u8;
        const DELIVER: u8 = FromRelay::Deliver as u8;
        const OFF_CHAIN: u8 = FromRelay::OffChain as u8;
        const UNKNOWN_THREAD: u8 = FromRelay::UnknownThread as u8;
        const CAUGHT_UP: u8 = FromRelay::CaughtUp as u8;
        const CURSORS_SIGNED: u8 = FromRelay::CursorsSigned as u8;
        const CLAIM_REFUSED: u8 = FromRelay::ClaimRefused as u8;
        const ACKNOWLEDGED: u8 = FromRelay::Acknowledged as u8;
        const MAIL: u8 = FromRelay::Mail as u8;
        const MAIL_STORED: u8 = FromRelay::MailStored as u8;
        const CLOSING: u8 = FromRelay::Closing as u8;
        const SCHOOL: u8 = FromRelay::School as u8;
        const ERASED: u8 = FromRelay::Erased as u8;

        let (tag, body) = codec::split(bytes)?;
        Ok(Decoded::Frame(match tag {
            GREETING => Self::Greeting(codec::get(tag, body)?),
            RECEIPTS => Self::Receipts(codec::get(tag, body)?),
            REFUSED => Self::Refused(codec::get(tag, body)?),
            DELIVER => Self::Deliver(codec::get(tag, body)?),
            OFF_CHAIN => Self::OffChain(codec::get(tag, body)?),
            UNKNOWN_THREAD => Self::UnknownThread(codec::get(tag, body)?),
            CAUGHT_UP => Self::CaughtUp,
            CURSORS_SIGNED => Self::CursorsSigned(codec::get(tag, body)?),
            CLAIM_REFUSED => Self::ClaimRefused,
            ACKNOWLEDGED => {
                let (revision, ack) = codec::get(tag, body)?;
                Self::Acknowledged(revision, ack)
            }
            MAIL => Self::Mail(codec::get(tag, body)?),
            MAIL_STORED => Self::MailStored(codec::get(tag, body)?),
            CLOSING => Self::Closing(codec::get(tag, body)?),
            SCHOOL => Self::School(codec::get(tag, body)?),
            ERASED => Self::Erased(codec::get(tag, body)?),
            tag => return Ok(Decoded::Unknown(tag)),
        }))
    }
}
