//! What all our groups and leaves have in common, and the check that others keep to it.
//!
//! One suite, one kind of credential, no extensions: a leaf that differs could keep others from
//! being added, since MLS asks every member to support what any member uses.

use openmls::{
    prelude::{
        Capabilities, Ciphersuite, CredentialType, ExtensionType, LeafNode, Lifetime,
        MlsGroupCreateConfig, MlsGroupJoinConfig, PURE_CIPHERTEXT_WIRE_FORMAT_POLICY,
        ProtocolVersion,
    },
    treesync::LeafNodeSource,
};

use super::{Member, Policy};

/// The one suite.
pub(super) const SUITE: Ciphersuite =
    Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519;

/// What each of our leaves supports. Packages say that they may be used again by an extension,
/// which the leaf then has to support.
pub(super) fn capabilities() -> Capabilities {
    Capabilities::new(
        Some(&[ProtocolVersion::Mls10]),
        Some(&[SUITE]),
        Some(&[ExtensionType::LastResort]),
        Some(&[]),
        Some(&[CredentialType::Basic]),
    )
}

/// For ever: how long a package counts is for the roster to say, not for a clock that this library
/// would read by itself.
pub(super) fn lifetime() -> Lifetime {
    Lifetime::init(0, u64::MAX)
}

/// A group as we found it.
pub(super) fn create_config() -> MlsGroupCreateConfig {
    MlsGroupCreateConfig::builder()
        .ciphersuite(SUITE)
        .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
        .use_ratchet_tree_extension(true)
        .max_past_epochs(0)
        .capabilities(capabilities())
        .lifetime(lifetime())
        .build()
}

/// A group as we enter it.
pub(super) fn join_config() -> MlsGroupJoinConfig {
    MlsGroupJoinConfig::builder()
        .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
        .use_ratchet_tree_extension(true)
        .max_past_epochs(0)
        .build()
}

/// Whose leaf this is, when it is as ours are.
pub(super) fn check(leaf: &LeafNode) -> Result<Member, Policy> {
    let member = Member::read(leaf.credential(), leaf.signature_key().as_slice())?;
    let source = match leaf.leaf_node_source() {
        LeafNodeSource::KeyPackage(until) => *until == lifetime(),
        LeafNodeSource::Commit(_) => true,
        // What another member would have had to commit.
        LeafNodeSource::Update => false,
    };
    let alike = source
        && leaf.capabilities() == &capabilities()
        && leaf.extensions().iter().next().is_none();
    if alike { Ok(member) } else { Err(Policy::Leaf) }
}
