//! Getting in: what a newcomer asks, what an inviter answers, and what the newcomer checks of it.
//!
//! The relay carries both letters and can read neither. The invite's secret authenticates the
//! request and opens nothing else: the welcome is sealed to a one-time key in that request, so
//! that an old message with a link opens no welcome.

mod columns;
mod document;
#[cfg(test)]
mod fuzz;
pub(crate) mod letter;
mod reply;
mod request;
mod snapshot;
mod welcome;

use tandem_proto::RosterLinkError;

use crate::batch::BatchError;

pub(crate) use reply::{Reply, one_time_public};
pub(crate) use request::{JoinRequest, Newcomer};
pub(crate) use snapshot::verify_snapshot;
pub(crate) use welcome::{KnownItem, SignedWelcome, Welcome, places};

/// A letter of a join could not be made, read or believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JoinError {
    /// Not the bytes of such a letter.
    #[error("not a letter of a join")]
    Malformed,
    /// Of a later version.
    #[error("a letter of version {0}; a newer Tandem reads it")]
    Newer(u8),
    /// Sealed with another key, or changed on the way, or not signed by the device it names.
    #[error("the letter is not from who it should be, or not for this device")]
    Forged,
    /// A one-time key that agrees on nothing.
    #[error("the letter has a key that can't be used")]
    BadKey,
    /// A name or title is longer than names are.
    #[error("the name is too long")]
    NameTooLong,
    /// Over the limit of a letter.
    #[error("the letter would be too long: {0} bytes")]
    TooLong(usize),
    /// The roster in the welcome is not the thread's.
    #[error("the welcome's roster is not valid: {0}")]
    Roster(#[from] RosterLinkError),
    /// The roster does not let this device in by this invite.
    #[error("the welcome does not let this device in")]
    NotAdmitted,
    /// The snapshot is not what its authors signed.
    #[error("the welcome's snapshot is not what its authors signed: {0}")]
    Snapshot(#[from] BatchError),
    /// The snapshot lacks a change that its author signed, or nobody vouches for one that it has.
    #[error("the welcome's snapshot lacks a change, or has one that nobody vouches for")]
    Incomplete,
}

#[cfg(test)]
mod tests;
