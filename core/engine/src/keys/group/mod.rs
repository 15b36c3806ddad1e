//! The key agreement of a thread: MLS (RFC 9420), one value per membership change.
//!
//! Every membership change is one signed link of the roster, and its item carries one MLS commit.
//! A device keeps, per link, the whole state of the group *after* it, as one opaque byte string.
//! So each operation takes a state and gives a new one; nothing is ever pending inside. To follow a
//! fork, take the state of an older link and process the other commit on it.
//!
//! A state opens what its epoch sealed: how many older states are kept decides how far back a
//! stolen device's keys reach.
//!
//! Bytes of a state, a commit that swaps one device for another and its welcome, and milliseconds in
//! a development build (`cargo test -p tandem-engine what_a_group_costs -- --ignored --nocapture`):
//!
//! COSTS

mod commit;
mod crypto;
mod hpke;
mod leaf;
mod member;
mod mls;
mod package;
mod policy;
mod provider;
mod state;

pub(crate) use member::{Identity, Member};
pub(crate) use mls::Mls;
pub(crate) use state::GroupState;

use tandem_proto::{DeviceKey, Epoch, ThreadId};
use zeroize::Zeroizing;

/// Bytes of a commit: an update path of 50 devices is some 1,400, each added device 300 more.
pub(crate) const MAX_COMMIT: usize = 64 << 10;

/// Bytes of a welcome: some 290 for each device of the group.
pub(crate) const MAX_WELCOME: usize = 256 << 10;

/// Bytes of a key package: ours are some 300.
pub(crate) const MAX_PACKAGE: usize = 4 << 10;

/// Devices that one commit removes: a person with a phone, a tablet and two computers. Each more
/// costs several times as much to make.
pub(crate) const MAX_REMOVED: usize = 4;

/// A key agreement: the engine's one seam to it.
///
/// No method keeps anything. What is random in an operation follows from its seed and all its
/// inputs, so the same call gives the same bytes, and a seed that is used twice for two different
/// things gives unrelated ones. Whatever fails leaves the state that was given as it was.
pub(crate) trait GroupKeys {
    /// Founds the group of a thread, with this device alone in it, at epoch 0.
    fn found(
        &self,
        seed: &[u8; 32],
        me: &Identity<'_>,
        thread: &ThreadId,
    ) -> Result<GroupState, GroupError>;

    /// Makes a commit that does exactly this change, and the state after it. The committer's own
    /// leaf is always renewed, so a change of nothing heals a device whose keys were copied.
    ///
    /// The commit only counts when its link does: until then keep both states.
    fn change(
        &self,
        seed: &[u8; 32],
        me: &Identity<'_>,
        state: &GroupState,
        change: &Change<'_>,
    ) -> Result<Changed, GroupError>;

    /// Takes in another device's commit when it does exactly what its link says.
    fn process(
        &self,
        state: &GroupState,
        commit: &[u8],
        expected: &Expected<'_>,
    ) -> Result<GroupState, GroupError>;

    /// Makes what another device needs to add this one, and the secret that opens the welcome.
    /// A package may be used again, since after a fork the same device is added by another commit.
    fn package(&self, seed: &[u8; 32], me: &Identity<'_>) -> Result<Package, GroupError>;

    /// Checks a package of someone else and says whose it is.
    fn check_package(&self, public: &[u8]) -> Result<Member, GroupError>;

    /// Enters a group that another device added this one to.
    fn join(
        &self,
        me: &Identity<'_>,
        package_secret: &[u8],
        welcome: &[u8],
        expected: &Joining<'_>,
    ) -> Result<GroupState, GroupError>;

    /// The secret of the state's epoch, which envelopes are sealed under.
    fn secret(&self, state: &GroupState) -> Result<Zeroizing<[u8; 32]>, GroupError>;

    /// The state's epoch: how many commits came before.
    fn epoch(&self, state: &GroupState) -> Result<Epoch, GroupError>;

    /// Exactly who holds the state's secret, sorted.
    fn members(&self, state: &GroupState) -> Result<Vec<Member>, GroupError>;
}

/// A change of who is in a group; empty, it only renews the committer's keys.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Change<'a> {
    /// Packages of the devices to add.
    pub(crate) add: &'a [&'a [u8]],
    /// Devices to remove; one that is also added comes back with new keys.
    pub(crate) remove: &'a [DeviceKey],
}

/// What a change made.
#[derive(Debug)]
pub(crate) struct Changed {
    /// The group after the commit.
    pub(crate) state: GroupState,
    /// For those who were in the group.
    pub(crate) commit: Vec<u8>,
    /// For those who were added, all in one.
    pub(crate) welcome: Option<Vec<u8>>,
}

/// What a link says that its commit does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// Who signed the link.
    pub(crate) author: DeviceKey,
    /// Who is added by it.
    pub(crate) add: &'a [Member],
    /// Who is removed by it.
    pub(crate) remove: &'a [DeviceKey],
}

/// What the roster says of a group that this device is added to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Joining<'a> {
    /// The thread.
    pub(crate) thread: &'a ThreadId,
    /// Who signed the link that adds this device.
    pub(crate) author: DeviceKey,
    /// All members after that link, in any order.
    pub(crate) members: &'a [Member],
}

/// A device's offer to be added to groups.
#[derive(Debug)]
pub(crate) struct Package {
    /// For whoever adds the device.
    pub(crate) public: Vec<u8>,
    /// Opens the welcomes made with it; opaque.
    pub(crate) secret: Zeroizing<Vec<u8>>,
}

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
#[cfg(test)]
mod tests;
