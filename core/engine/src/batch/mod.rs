//! Batches: signed runs of changes, as they are before sealing.
//!
//! An own batch is
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version of format and dictionary, 1 |
//! | 64 | the author's signature under the newest change |
//! | 1 to 10 | length of what stands apart |
//! | so many | hashes and actor ids ([`lean`]) |
//! | rest | raw deflate of everything else |
//!
//! A carried batch has, in place of the signature, the number of attestations and the attestations
//! themselves: device (32), change hash (32) and signature (64), sorted.
//!
//! Before an own batch may stand which log its author was shown:
//!
//! | bytes | what |
//! |---|---|
//! | 1 | 2 |
//! | 4 | the beginning of the generation |
//! | 1 to 10 | how far the author had read the log, LEB128 |
//! | 16 | the beginning of the log's chain there ([`LogHead`]) |
//! | rest | the batch |
//!
//! Reading is total and bounded, and signatures are checked before Automerge sees a byte; what it
//! sees then passes the same gate as every change from outside.

mod actor;
mod ancestry;
mod attest;
#[cfg(feature = "forge")]
mod forge;
#[cfg(test)]
mod fuzz;
mod head;
mod lean;
mod leb;
mod read;
mod rebuild;
mod squeeze;
mod write;

pub(crate) use actor::{actor_id, actor_prefix, prefix_of};
pub(crate) use ancestry::{Place, check_order, follows, unvouched};
pub(crate) use attest::Attestation;
#[cfg(feature = "forge")]
pub(crate) use forge::{handmade, inflating, signed_as};
pub(crate) use head::{LogHead, shortened};
pub(crate) use leb::Reader;
#[cfg(test)]
pub(crate) use leb::put_u64;
pub(crate) use read::{DeviceOf, author, read, verify, verify_each};
pub(crate) use squeeze::{DICTIONARY, SqueezeError, deflate, inflate};
pub(crate) use write::{carry, close};

/// Changes of one batch; a year of one device, carried at once, has fewer.
pub(crate) const MAX_CHANGES: usize = 4096;

/// Attestations of one carried batch: at most one for each change.
const MAX_ATTESTATIONS: u64 = 4096;

/// Operations of a batch's changes together: a few times what one change may have. Without this some
/// kilobytes could cost whoever reads them minutes.
const MAX_OPERATIONS: usize = 1 << 16;

/// Bytes of a batch's changes. An envelope's 256 KiB of ordinary entries come to less than 1 MiB.
const MAX_INFLATED: usize = 4 << 20;

/// A batch could not be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BatchError {
    /// By a device that is in no roster link here; the link may come later.
    #[error("a change by a device that is not known here")]
    UnknownAuthor([u8; 16]),
    /// A signature does not hold.
    #[error("a batch that its author did not sign")]
    Forged,
    /// A change by another actor than the batch's.
    #[error("a change by another actor than the one that signed")]
    WrongActor,
    /// A change that does not follow its author's previous one.
    #[error("a change that does not follow its author's previous one")]
    Disordered,
    /// Not the bytes of a batch.
    #[error("not a batch")]
    Malformed,
    /// Over a limit of this module.
    #[error("a batch that comes to more than may be")]
    TooBig,
    /// Of a later version.
    #[error("a batch of version {0}; a newer Tandem reads it")]
    Newer(u8),
}

#[cfg(test)]
pub(crate) mod tests;
