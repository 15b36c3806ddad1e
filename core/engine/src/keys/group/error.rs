//! Why an operation on a group did not happen.

use tandem_proto::Epoch;

use super::MAX_REMOVED;

/// An operation on a group did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GroupError {
    /// The bytes are longer than such bytes may be.
    #[error("longer than the limit of {limit} bytes")]
    TooLong {
        /// What is allowed.
        limit: usize,
    },
    /// The bytes are not what they should be, or do not fit this group: not opened by its keys,
    /// or not valid in MLS.
    #[error("not a valid message of this group")]
    Malformed,
    /// The saved state or package secret is damaged, or was written by a newer version.
    #[error("the saved group state cannot be read")]
    State,
    /// The commit belongs to another epoch than the state.
    #[error("a commit of epoch {commit}, where the group is at {state}")]
    WrongEpoch {
        /// The commit's.
        commit: Epoch,
        /// The state's.
        state: Epoch,
    },
    /// This very device made the commit: the state after it came with it and is not made again.
    #[error("the commit was made by this device")]
    Own,
    /// The commit removes this device: there is no state after it for us.
    #[error("the commit removes this device")]
    Removed,
    /// The welcome is not for this package.
    #[error("the welcome is for another package")]
    OtherPackage,
    /// Valid in MLS, but not what the roster says or what our groups allow.
    #[error(transparent)]
    Policy(#[from] Policy),
}

/// What our groups do not allow, or what the roster says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Policy {
    /// A handshake must be encrypted; external commits and proposals never are.
    #[error("the message is not encrypted for the group")]
    NotEncrypted,
    /// Only commits are taken in.
    #[error("the message is not a commit")]
    NotACommit,
    /// The committer is not whom the link names.
    #[error("the commit's author is not the link's")]
    Author,
    /// The commit does something other than adding and removing, or by reference.
    #[error("the commit proposes something that is not allowed")]
    Proposal,
    /// The commit adds others than the link says.
    #[error("the commit adds others than the link says")]
    Adds,
    /// The commit removes others than the link says.
    #[error("the commit removes others than the link says")]
    Removes,
    /// The commit does not renew its author's keys.
    #[error("the commit has no update path")]
    NoPath,
    /// A leaf is not as ours are: its suite, capabilities, extensions or lifetime.
    #[error("a leaf with other capabilities, extensions or lifetime than ours have")]
    Leaf,
    /// A leaf's credential is no member's, or of another key than the leaf's.
    #[error("a leaf's credential is not a member's")]
    Credential,
    /// The group is of another thread.
    #[error("the group is another thread's")]
    Thread,
    /// The group itself has extensions, which ours never have.
    #[error("the group has extensions")]
    Context,
    /// The group's members are not those of the roster.
    #[error("the group's members are not the roster's")]
    Members,
    /// The seat is not this device's.
    #[error("the seat belongs to another device")]
    NotOurs,
    /// A device that is to be removed is not in the group, is named twice, or is the committer's own.
    #[error("a device that is to be removed is not in the group, named twice, or our own")]
    NotRemovable,
    /// More are to be removed than one commit may remove ([`MAX_REMOVED`]).
    #[error("one commit removes at most {MAX_REMOVED} devices")]
    TooManyRemoved,
    /// A device that is to be added is in the group already, or is added twice.
    #[error("a device that is to be added is in the group already, or is added twice")]
    AlreadyIn,
}
