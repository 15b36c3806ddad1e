//! What the relay keeps: every change of its state, as one append-only run of records.

use serde::{Deserialize, Serialize};
use tandem_proto::{
    Acknowledgement, Generation, Hash16, MailboxId, SchoolId, Seq, ThreadId, Timestamp, Tombstone,
    TransportKey,
};

use crate::AuditRecord;

/// One change of state. Replaying all records in order gives the state; the host journals them
/// and may keep an index that it can rebuild from them.
///
/// A record's variants and fields are a storage format: add at the end, never reorder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// The store's incarnation from here on. The first record of every store.
    Generation(Generation),
    /// An item at the next seq of a thread's log.
    Append {
        /// Whose log.
        thread: ThreadId,
        /// The seq it has: one more than the last.
        seq: Seq,
        /// When, by the relay's clock.
        time: Timestamp,
        /// The item.
        #[serde(with = "bytes")]
        item: Vec<u8>,
        /// Who uploaded it, for quotas.
        by: TransportKey,
    },
    /// A device's cursor of one thread.
    Cursor {
        /// Whose cursor.
        device: TransportKey,
        /// Of which thread's log.
        thread: ThreadId,
        /// How far.
        seq: Seq,
        /// The last revision of acknowledgements it has.
        acks: u64,
    },
    /// A device's cursors are all forgotten.
    CursorsForgotten(TransportKey),
    /// A member's newest acknowledgement in a thread.
    Acknowledged(Acknowledgement),
    /// A letter arrived.
    Letter {
        /// In which mailbox.
        mailbox: MailboxId,
        /// When, by the relay's clock.
        time: Timestamp,
        /// From whom, for quotas.
        by: TransportKey,
        /// The letter.
        #[serde(with = "bytes")]
        letter: Vec<u8>,
    },
    /// A letter was dealt with or expired.
    LetterDropped {
        /// In which mailbox.
        mailbox: MailboxId,
        /// Half its hash.
        letter: Hash16,
    },
    /// A device is one of a school's, and no other's.
    Enrolled {
        /// Which device.
        device: TransportKey,
        /// Which school.
        school: SchoolId,
        /// When, by the relay's clock.
        time: Timestamp,
    },
    /// Whoever runs the relay did something.
    Audited(AuditRecord),
    /// A tombstone of this relay's that a device brought back.
    Erased(Tombstone),
    /// A school's device has renewed its keys and goes on under another.
    Moved {
        /// By which key it was known.
        before: TransportKey,
        /// By which it is from here on.
        device: TransportKey,
        /// Whose it stays.
        school: SchoolId,
        /// When, by the relay's clock.
        time: Timestamp,
    },
}

impl Record {
    /// The thread that it is a part of, if it is one's.
    #[must_use]
    pub const fn thread(&self) -> Option<&ThreadId> {
        match self {
            Self::Append { thread, .. } | Self::Cursor { thread, .. } => Some(thread),
            Self::Acknowledged(ack) => Some(&ack.thread),
            Self::Generation(_)
            | Self::CursorsForgotten(_)
            | Self::Letter { .. }
            | Self::LetterDropped { .. }
            | Self::Enrolled { .. }
            | Self::Moved { .. }
            | Self::Audited(_)
            | Self::Erased(_) => None,
        }
    }
}

/// Byte strings as bytes, not as sequences of numbers.
mod bytes {
    use serde::{Deserializer, Serializer, de::Visitor};

    #[allow(clippy::ptr_arg, reason = "serde's `with` gives what the field is")]
    pub(super) fn serialize<S: Serializer>(bytes: &Vec<u8>, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        d.deserialize_bytes(Bytes)
    }
}
