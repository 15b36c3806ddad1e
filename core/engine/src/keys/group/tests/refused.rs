//! Commits that are valid in MLS and are not what their link says, or what our groups allow.

use openmls::prelude::{
    CommitBuilder, CommitMessageBundle, Initial, LeafNodeParameters, MlsGroup, MlsMessageOut,
    tls_codec::Serialize as _,
};
use openmls_traits::OpenMlsProvider as _;

use super::*;
use crate::keys::group::{Policy, package, provider::Provider};

fn bytes(message: &MlsMessageOut) -> Vec<u8> {
    message.tls_serialize_detached().unwrap()
}

/// A state as the library has it, to do with it what ours never does.
fn open(state: &GroupState, seed: u8) -> (MlsGroup, Provider) {
    let (group, provider, _) = state.load(Provider::seeded(&[seed; 32], &[])).unwrap();
    (group, provider)
}

fn policy(refused: Result<GroupState, GroupError>) -> Policy {
    match refused {
        Err(GroupError::Policy(policy)) => policy,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_commit_that_differs_from_its_link_is_refused_and_the_state_is_as_it_was() {
    let (a, b, at_a, at_b) = pair();
    let (c, d) = (Device::new(3), Device::new(4));
    let added = a.change(&at_a, &[&c], &[]);
    let at_b = process(&at_b, &added.commit, &a, &[&c], &[]).unwrap();
    let before = at_b.clone();
    let swap = a.change(&added.state, &[&d], &[&c]).commit;
    let as_link = |author: &Device, add: &[&Device], remove: &[&Device]| {
        policy(process(&at_b, &swap, author, add, remove))
    };
    assert_eq!(as_link(&c, &[&d], &[&c]), Policy::Author, "another member's");
    assert_eq!(as_link(&d, &[&d], &[&c]), Policy::Author, "a stranger's");
    assert_eq!(as_link(&a, &[&b], &[&c]), Policy::Adds, "somebody else");
    assert_eq!(as_link(&a, &[], &[&c]), Policy::Adds, "one too many");
    assert_eq!(as_link(&a, &[&d, &d], &[&c]), Policy::Adds, "one too few");
    assert_eq!(as_link(&a, &[&d], &[]), Policy::Removes, "an extra removal");
    assert_eq!(as_link(&a, &[&d], &[&b]), Policy::Removes, "the wrong removal");
    assert_eq!(as_link(&a, &[&d], &[&c, &a]), Policy::Removes, "a missing removal");
    let somebody = Member { person: PersonId::new([77; 16]), device: d.device() };
    let expected = Expected { author: a.device(), add: &[somebody], remove: &[c.device()] };
    assert_eq!(policy(Mls.process(&at_b, &swap, &expected)), Policy::Adds, "another's device");
    assert_eq!(at_b, before);
    assert!(process(&at_b, &swap, &a, &[&d], &[&c]).is_ok());
}

/// The removal of ourselves is judged like any other.
#[test]
fn a_removal_of_ourselves_that_the_link_does_not_say_is_refused() {
    let (a, b, at_a, at_b) = pair();
    let removed = a.change(&at_a, &[], &[&b]).commit;
    assert_eq!(policy(process(&at_b, &removed, &a, &[], &[])), Policy::Removes);
}

/// A stranger knows the thread's id and nothing else.
#[test]
fn a_strangers_commit_does_not_open() {
    let (_, _, at_a, _) = pair();
    let (x, y) = (Device::new(8), Device::new(9));
    let theirs = x.change(&x.found(), &[&y], &[]);
    let commit = x.change(&theirs.state, &[], &[]).commit;
    assert_eq!(process(&at_a, &commit, &x, &[], &[]), Err(GroupError::Malformed));
}

#[test]
fn a_commit_of_another_thread_is_refused() {
    let (a, b, _, _) = pair();
    let other = Mls.found(&[1; 32], &a.me(), &ThreadId::new([8; 20])).unwrap();
    let commit = a.change(&other, &[&b], &[]).commit;
    assert_eq!(policy(process(&a.found(), &commit, &a, &[&b], &[])), Policy::Thread);
}

#[test]
fn an_external_commit_is_refused() {
    let (a, b, at_a, at_b) = pair();
    let c = Device::new(3);
    let (group, provider) = open(&at_a, 1);
    let info = group.export_group_info(provider.crypto(), &a.me(), true).unwrap();
    let openmls::prelude::MlsMessageBodyIn::GroupInfo(info) =
        openmls::prelude::MlsMessageIn::from(info).extract()
    else {
        panic!("a group info")
    };
    let outside = Provider::seeded(&[2; 32], &[]);
    let (_, bundle) = MlsGroup::external_commit_builder()
        .build_group(&outside, info, c.me().credential())
        .unwrap()
        .leaf_node_parameters(
            LeafNodeParameters::builder()
                .with_capabilities(crate::keys::group::leaf::capabilities())
                .build(),
        )
        .load_psks(outside.storage())
        .unwrap()
        .build(outside.rand(), outside.crypto(), &c.me(), |_| true)
        .unwrap()
        .finalize(&outside)
        .unwrap();
    let commit = bytes(bundle.commit());
    assert_eq!(policy(process(&at_b, &commit, &c, &[&c], &[])), Policy::NotEncrypted);
    assert_eq!(policy(process(&at_b, &commit, &a, &[&c], &[])), Policy::NotEncrypted);
    assert_eq!(Mls.members(&at_b), Ok(sorted(&[&a, &b])));
}

/// What a member could commit beyond adding and removing.
#[test]
fn a_commit_of_anything_else_is_refused() {
    let (a, _, at_a, at_b) = pair();
    let commit = |change: fn(CommitBuilder<'_, Initial>) -> CommitBuilder<'_, Initial>| {
        let (mut group, provider) = open(&at_a, 3);
        let bundle: CommitMessageBundle = change(group.commit_builder())
            .load_psks(provider.storage())
            .unwrap()
            .build(provider.rand(), provider.crypto(), &a.me(), |_| true)
            .unwrap()
            .stage_commit(&provider)
            .unwrap();
        bytes(bundle.commit())
    };
    let context = commit(|builder| {
        builder
            .force_self_update(true)
            .propose_group_context_extensions(openmls::prelude::Extensions::empty())
            .unwrap()
    });
    assert_eq!(policy(process(&at_b, &context, &a, &[], &[])), Policy::Proposal);
    let less = commit(|builder| {
        builder.leaf_node_parameters(
            LeafNodeParameters::builder()
                .with_capabilities(openmls::prelude::Capabilities::default())
                .build(),
        )
    });
    assert_eq!(policy(process(&at_b, &less, &a, &[], &[])), Policy::Leaf);
}

/// MLS asks for a path only where somebody goes.
#[test]
fn a_commit_that_adds_without_renewing_its_author_is_refused() {
    let (a, _, at_a, at_b) = pair();
    let c = Device::new(3);
    let (_, package) = package::check(&c.package.public).unwrap();
    let (mut group, provider) = open(&at_a, 7);
    let (commit, _, _) = group.add_members_without_update(&provider, &a.me(), &[package]).unwrap();
    let refused = process(&at_b, &bytes(&commit), &a, &[&c], &[]);
    assert_eq!(policy(refused), Policy::NoPath);
}

/// A leaf may be renewed, but not handed on to another person.
#[test]
fn a_commit_that_changes_its_authors_credential_is_refused() {
    let (a, _, at_a, at_b) = pair();
    let (mut group, provider) = open(&at_a, 4);
    let other = Identity { person: PersonId::new([66; 16]), key: &a.key };
    let bundle = group
        .self_update(
            &provider,
            &a.me(),
            LeafNodeParameters::builder().with_credential_with_key(other.credential()).build(),
        )
        .unwrap();
    let refused = process(&at_b, &bytes(bundle.commit()), &a, &[], &[]);
    assert_eq!(policy(refused), Policy::Credential);
}

#[test]
fn a_proposal_alone_and_words_in_mls_are_not_taken_in() {
    let (a, _, at_a, at_b) = pair();
    let (mut group, provider) = open(&at_a, 5);
    let (proposal, _) =
        group.propose_self_update(&provider, &a.me(), LeafNodeParameters::default()).unwrap();
    let refused = process(&at_b, &bytes(&proposal), &a, &[], &[]);
    assert_eq!(policy(refused), Policy::NotACommit);
    // And a commit by reference to a proposal is nothing we know.
    let (_, package) = package::check(&Device::new(3).package.public).unwrap();
    let (mut group, provider) = open(&at_a, 8);
    let _ = group.propose_add_member(&provider, &a.me(), &package).unwrap();
    let (commit, _, _) = group.commit_to_pending_proposals(&provider, &a.me()).unwrap();
    let refused = process(&at_b, &bytes(&commit), &a, &[&Device::new(3)], &[]);
    assert_eq!(refused, Err(GroupError::Malformed));
    let (mut group, provider) = open(&at_a, 6);
    let words = group.create_message(&provider, &a.me(), b"words").unwrap();
    assert_eq!(policy(process(&at_b, &bytes(&words), &a, &[], &[])), Policy::NotACommit);
}
