//! What a commit must be before it is merged: exactly what its link says.

use openmls::prelude::{
    LeafNodeIndex, MlsGroup, Proposal, ProposalOrRefType, QueuedProposal, Sender, StagedCommit,
};
use tandem_proto::DeviceKey;

use super::{Expected, Member, Policy, leaf, package};

/// Checks a commit that the library found valid against its link.
pub(super) fn check(
    group: &MlsGroup,
    sender: &Sender,
    commit: &StagedCommit,
    expected: &Expected<'_>,
) -> Result<(), Policy> {
    let Sender::Member(index) = sender else { return Err(Policy::Author) };
    let author = member_at(group, *index)?;
    if author.device != expected.author {
        return Err(Policy::Author);
    }
    let renewed = commit.update_path_leaf_node().ok_or(Policy::NoPath)?;
    if !author.stands_for(&leaf::check(renewed)?) {
        return Err(Policy::Credential);
    }
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for proposal in commit.queued_proposals() {
        match by_value(proposal, sender)? {
            Proposal::Add(add) => added.push(package::allowed(add.key_package())?),
            Proposal::Remove(remove) => removed.push(member_at(group, remove.removed())?.device),
            _ => return Err(Policy::Proposal),
        }
    }
    if !Member::all_stand_for(&added, expected.add) {
        return Err(Policy::Adds);
    }
    if !same(removed, expected.remove) {
        return Err(Policy::Removes);
    }
    Ok(())
}

/// A proposal that stands in the commit itself; one by reference would be another member's.
fn by_value<'a>(proposal: &'a QueuedProposal, sender: &Sender) -> Result<&'a Proposal, Policy> {
    let inside = proposal.proposal_or_ref_type() == ProposalOrRefType::Proposal;
    if inside && proposal.sender() == sender {
        Ok(proposal.proposal())
    } else {
        Err(Policy::Proposal)
    }
}

fn same(mut found: Vec<DeviceKey>, expected: &[DeviceKey]) -> bool {
    let mut expected = expected.to_vec();
    found.sort();
    expected.sort();
    found == expected
}

fn member_at(group: &MlsGroup, index: LeafNodeIndex) -> Result<Member, Policy> {
    let leaf = group.public_group().leaf(index).ok_or(Policy::Credential)?;
    leaf::check(leaf)
}

/// All members of a group, sorted, when every leaf is as ours are.
pub(super) fn members(group: &MlsGroup) -> Result<Vec<Member>, Policy> {
    let mut members: Vec<Member> =
        group.members().map(|member| member_at(group, member.index)).collect::<Result<_, _>>()?;
    members.sort();
    Ok(members)
}

/// Where a device sits.
pub(super) fn seat(group: &MlsGroup, device: &DeviceKey) -> Option<LeafNodeIndex> {
    group
        .members()
        .find(|member| member.signature_key == device.as_bytes())
        .map(|member| member.index)
}

/// Whether the group's members are those of the roster.
pub(super) fn is_roster(group: &MlsGroup, roster: &[Member]) -> Result<(), Policy> {
    if Member::all_stand_for(&members(group)?, roster) { Ok(()) } else { Err(Policy::Members) }
}
