//! The audit log: what was done by whoever runs the relay, each record chained to the one before by
//! its hash and signed by the relay's key.
//!
//! The records are the state, too: a core that is restored obeys what they say. So what the log
//! shows and what the relay does can't differ.

use serde::{Deserialize, Serialize};
use tandem_proto::{
    RelayKey, SchoolId, SecretKey, Signature, Timestamp, Tombstone, TransportKey, derive_key,
};

use super::Quota;

const DOMAIN: &str = "tandem/audit/1";
const CHAIN: &str = "tandem/audit-chain/1";

/// Something that whoever runs the relay did.
///
/// A storage format: add at the end, never reorder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// A school is here.
    SchoolAdded {
        /// Its id.
        school: SchoolId,
        /// As what people know it.
        name: String,
        /// The hash of its pass; see [`tandem_proto::SchoolPass::hash`].
        pass: [u8; 32],
        /// What it may have of its own.
        quota: Quota,
    },
    /// A school has another pass; the one before enrols nobody any more.
    SchoolLinked {
        /// Which.
        school: SchoolId,
        /// The hash of its pass.
        pass: [u8; 32],
    },
    /// A school has these limits of its own.
    SchoolLimited {
        /// Which.
        school: SchoolId,
        /// All of them.
        quota: Quota,
    },
    /// A school is not served for now.
    SchoolSuspended(SchoolId),
    /// A suspended school is served again.
    SchoolResumed(SchoolId),
    /// A school is served no more, for good.
    SchoolRemoved(SchoolId),
    /// A device is not served for now.
    DeviceSuspended(TransportKey),
    /// A suspended device is served again.
    DeviceResumed(TransportKey),
    /// A device is served no more, for good.
    DeviceRemoved(TransportKey),
    /// A thread is erased, and refused for good.
    ThreadErased(Tombstone),
}

impl Act {
    /// Its name in scripts.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SchoolAdded { .. } => "school_added",
            Self::SchoolLinked { .. } => "school_linked",
            Self::SchoolLimited { .. } => "school_limited",
            Self::SchoolSuspended(_) => "school_suspended",
            Self::SchoolResumed(_) => "school_resumed",
            Self::SchoolRemoved(_) => "school_removed",
            Self::DeviceSuspended(_) => "device_suspended",
            Self::DeviceResumed(_) => "device_resumed",
            Self::DeviceRemoved(_) => "device_removed",
            Self::ThreadErased(_) => "thread_erased",
        }
    }

    /// The school that it is about.
    #[must_use]
    pub const fn school(&self) -> Option<SchoolId> {
        match self {
            Self::SchoolAdded { school, .. }
            | Self::SchoolLinked { school, .. }
            | Self::SchoolLimited { school, .. }
            | Self::SchoolSuspended(school)
            | Self::SchoolResumed(school)
            | Self::SchoolRemoved(school) => Some(*school),
            Self::DeviceSuspended(_)
            | Self::DeviceResumed(_)
            | Self::DeviceRemoved(_)
            | Self::ThreadErased(_) => None,
        }
    }

    /// The device that it is about.
    #[must_use]
    pub const fn device(&self) -> Option<TransportKey> {
        match self {
            Self::DeviceSuspended(device)
            | Self::DeviceResumed(device)
            | Self::DeviceRemoved(device) => Some(*device),
            _ => None,
        }
    }

    /// What it says of a thread.
    #[must_use]
    pub const fn tombstone(&self) -> Option<&Tombstone> {
        match self {
            Self::ThreadErased(stone) => Some(stone),
            _ => None,
        }
    }
}

/// One act in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its place; the first is 1.
    pub number: u64,
    /// When, by the relay's clock.
    pub time: Timestamp,
    /// Who, as the host saw them.
    pub by: String,
    /// What.
    pub act: Act,
    /// The hash of the record before; zeros in the first.
    pub previous: [u8; 32],
    /// The relay's, over everything above.
    pub signature: Signature,
}

/// Why a record does not follow the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// Records are missing before it, or it stands twice.
    #[error("number {found} stands where number {expected} should: records are missing or moved")]
    Gap {
        /// The number that follows.
        expected: u64,
        /// The number it has.
        found: u64,
    },
    /// It names another record as the one before.
    #[error("number {0} does not follow the record before it: one of them was changed")]
    Unchained(u64),
    /// It is not what the relay signed.
    #[error("number {0} is not as the relay signed it")]
    Forged(u64),
}

impl AuditRecord {
    /// What is signed and chained.
    fn body(&self) -> Vec<u8> {
        let body = (self.number, self.time, &self.by, &self.act, self.previous);
        // Writing into a Vec can't fail, and a record has no lengths unknown in advance.
        postcard::to_extend(&body, Vec::new()).expect("a record always serializes")
    }

    /// The record's hash, which the next one names.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        derive_key(CHAIN, &[&self.body(), &self.signature.to_bytes()])
    }
}

/// The end of a log, and what follows it.
#[derive(Debug, Clone)]
pub struct AuditChain {
    key: RelayKey,
    next: u64,
    previous: [u8; 32],
    fault: Option<AuditFault>,
}

impl AuditChain {
    /// An empty log of the relay with this key.
    #[must_use]
    pub const fn new(key: RelayKey) -> Self {
        Self { key, next: 1, previous: [0; 32], fault: None }
    }

    /// How many records it has.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.next - 1
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first thing that was wrong.
    #[must_use]
    pub const fn fault(&self) -> Option<AuditFault> {
        self.fault
    }

    /// Checks that a record follows.
    ///
    /// # Errors
    /// [`AuditFault`].
    pub fn check(&self, record: &AuditRecord) -> Result<(), AuditFault> {
        let number = record.number;
        if number != self.next {
            return Err(AuditFault::Gap { expected: self.next, found: number });
        }
        if record.previous != self.previous {
            return Err(AuditFault::Unchained(number));
        }
        record
            .signature
            .verify(self.key.as_bytes(), DOMAIN, &[&record.body()])
            .map_err(|_| AuditFault::Forged(number))
    }

    /// Goes on to a record, noting whether it follows.
    pub fn follow(&mut self, record: &AuditRecord) {
        let fault = self.check(record).err();
        self.fault = self.fault.or(fault);
        self.next = record.number.saturating_add(1);
        self.previous = record.hash();
    }

    /// Makes and signs the next record, and goes on to it.
    pub(crate) fn add(
        &mut self,
        key: &SecretKey,
        time: Timestamp,
        by: String,
        act: Act,
    ) -> AuditRecord {
        // A place for the signature until there is what it covers.
        let signature = Signature::from_bytes(&[0; 64]);
        let previous = self.previous;
        let mut record = AuditRecord { number: self.next, time, by, act, previous, signature };
        record.signature = key.sign(DOMAIN, &[&record.body()]);
        self.next += 1;
        self.previous = record.hash();
        record
    }
}
