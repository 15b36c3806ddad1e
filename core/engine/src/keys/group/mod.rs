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
//! Bytes, and milliseconds in a development build on a desktop processor, of a group in which each
//! device has renewed its keys, and a commit that swaps one device for another
//! (`cargo test -p tandem-engine what_a_group_costs -- --ignored --nocapture`):
//!
//! | devices | state | swap | its welcome | renewal | make | process | join | secret |
//! |---|---|---|---|---|---|---|---|---|
//! | 2 | 2,677 | 781 | 875 | 533 | 1.2 | | 0.8 | 0.2 |
//! | 12 | 7,011 | 1,133 | 3,895 | 884 | 4.1 | 3.0 | 3.3 | 0.4 |
//! | 50 | 21,410 | 1,367 | 15,371 | 1,118 | 18.4 | 12.9 | 14.2 | 0.9 |
//!
//! A package has 321 bytes, its secret some 980.

mod commit;
mod crypto;
mod error;
mod hpke;
mod leaf;
mod member;
mod mls;
mod package;
mod policy;
mod primitives;
mod provider;
mod state;

pub(crate) use error::{GroupError, Policy};
pub(crate) use member::{ANYBODYS, Identity, Member};
pub(crate) use mls::Mls;
pub(crate) use state::GroupState;

use tandem_proto::{DeviceKey, ThreadId};
use zeroize::Zeroizing;

/// Bytes of a commit: one of 50 devices has some 1,100, and 320 more for each that it adds.
pub(crate) const MAX_COMMIT: usize = 64 << 10;

/// Bytes of a welcome: some 310 for each device of the group.
pub(crate) const MAX_WELCOME: usize = 256 << 10;

/// Bytes of a key package: ours have 321.
pub(crate) const MAX_PACKAGE: usize = 4 << 10;

/// Devices that one commit removes: a person with a phone, a tablet and two computers. Each more
/// costs several times as much to make.
pub(crate) const MAX_REMOVED: usize = tandem_proto::limits::MAX_LEAVERS;

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

    /// The state's epoch in MLS: how many commits came since the group was founded.
    #[cfg(test)]
    fn epoch(&self, state: &GroupState) -> Result<tandem_proto::Epoch, GroupError>;

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
pub(crate) struct Package {
    /// For whoever adds the device.
    pub(crate) public: Vec<u8>,
    /// Opens the welcomes made with it; opaque.
    pub(crate) secret: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package").field("public", &self.public).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
