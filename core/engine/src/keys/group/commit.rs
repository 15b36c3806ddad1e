//! Making a commit that does exactly one change.

use std::collections::BTreeSet;

use openmls::prelude::{
    CommitMessageBundle, KeyPackage, LeafNodeIndex, LeafNodeParameters, MlsGroup, MlsMessageOut,
    Proposal, tls_codec::Serialize as _,
};
use openmls_traits::OpenMlsProvider as _;
use tandem_proto::{DeviceKey, ThreadId};

use super::{
    Change, Changed, GroupError, GroupState, Identity, MAX_REMOVED, Policy, mls::ours, package,
    policy, provider::Provider,
};

/// How often a commit is made again for the order of its removals; of four, one try in 24 or so
/// comes out right.
const TRIES: usize = 4096;

/// Makes the commit and merges it at once.
pub(super) fn make(
    seed: &[u8; 32],
    me: &Identity<'_>,
    state: &GroupState,
    change: &Change<'_>,
) -> Result<Changed, GroupError> {
    if change.remove.len() > MAX_REMOVED {
        return Err(Policy::TooManyRemoved.into());
    }
    for _ in 0..TRIES {
        let staged = Staged::new(seed, me, state, change)?;
        if staged.is_in_order() {
            return staged.merge();
        }
    }
    Err(Policy::TooManyRemoved.into())
}

/// A commit that the group has made and not merged.
struct Staged {
    group: MlsGroup,
    provider: Provider,
    thread: ThreadId,
    bundle: CommitMessageBundle,
}

impl Staged {
    fn new(
        seed: &[u8; 32],
        me: &Identity<'_>,
        state: &GroupState,
        change: &Change<'_>,
    ) -> Result<Self, GroupError> {
        let (mut group, provider, thread) = state.load(drawing(seed, state, change))?;
        ours(&group, me)?;
        let seats = seats(&group, me, change.remove)?;
        let packages = packages(&group, change)?;
        let adds = !packages.is_empty();
        let bundle = group
            .commit_builder()
            .consume_proposal_store(false)
            .propose_removals(seats)
            .propose_adds(packages)
            .force_self_update(true)
            // Whoever came as nobody's says with this whose they are.
            .leaf_node_parameters(
                LeafNodeParameters::builder().with_credential_with_key(me.credential()).build(),
            )
            .load_psks(provider.storage())
            .map_err(|_| GroupError::Malformed)?
            // Made for the welcome only; nobody joins by it.
            .create_group_info(adds)
            .build(provider.rand(), provider.crypto(), me, |_| true)
            .map_err(|_| GroupError::Malformed)?
            .stage_commit(&provider)
            .map_err(|_| GroupError::Malformed)?;
        Ok(Self { group, provider, thread, bundle })
    }

    /// Whether the removals stand in the order of their seats. The library takes them out of a map
    /// whose order the system draws, and the order is part of what is signed and hashed.
    fn is_in_order(&self) -> bool {
        let Some(commit) = self.group.pending_commit() else { return false };
        commit
            .queued_proposals()
            .filter_map(|queued| match queued.proposal() {
                Proposal::Remove(remove) => Some(remove.removed()),
                _ => None,
            })
            .is_sorted()
    }

    fn merge(mut self) -> Result<Changed, GroupError> {
        let bytes = |message: MlsMessageOut| {
            message.tls_serialize_detached().map_err(|_| GroupError::Malformed)
        };
        let (commit, welcome, _) = self.bundle.into_messages();
        self.group.merge_pending_commit(&self.provider).map_err(|_| GroupError::Malformed)?;
        Ok(Changed {
            commit: bytes(commit)?,
            welcome: welcome.map(bytes).transpose()?,
            state: GroupState::save(&self.provider, &self.thread)?,
        })
    }
}

/// Randomness that follows from the seed and all that the commit is made of.
fn drawing(seed: &[u8; 32], state: &GroupState, change: &Change<'_>) -> Provider {
    let removed: Vec<&[u8]> = change.remove.iter().map(|key| &key.as_bytes()[..]).collect();
    // How many of each, so that a package is never taken for a device.
    let counts = [change.add.len(), change.remove.len()].map(|n| (n as u64).to_le_bytes());
    let head = [&b"change"[..], state.as_bytes(), &counts[0], &counts[1]];
    Provider::seeded(seed, &[&head[..], change.add, &removed].concat())
}

/// Where the devices sit that are to be removed.
fn seats(
    group: &MlsGroup,
    me: &Identity<'_>,
    removed: &[DeviceKey],
) -> Result<Vec<LeafNodeIndex>, Policy> {
    let own = me.member().device;
    let seats: BTreeSet<LeafNodeIndex> = removed
        .iter()
        .map(|device| policy::seat(group, device).filter(|_| *device != own))
        .collect::<Option<_>>()
        .ok_or(Policy::NotRemovable)?;
    // One that is named twice has one seat.
    if seats.len() == removed.len() {
        Ok(seats.into_iter().collect())
    } else {
        Err(Policy::NotRemovable)
    }
}

/// The packages to add, checked.
fn packages(group: &MlsGroup, change: &Change<'_>) -> Result<Vec<KeyPackage>, GroupError> {
    let mut packages = Vec::with_capacity(change.add.len());
    let mut added = BTreeSet::new();
    for public in change.add {
        let (member, package) = package::check(public)?;
        let stays = policy::seat(group, &member.device).is_some()
            && !change.remove.contains(&member.device);
        if stays || !added.insert(member.device) {
            return Err(Policy::AlreadyIn.into());
        }
        packages.push(package);
    }
    Ok(packages)
}
