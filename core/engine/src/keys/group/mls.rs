//! The seam, filled by MLS.

use openmls::prelude::{
    ContentType, JoinBuilder, KeyPackageVerifyError, MlsGroup, MlsMessageBodyIn, MlsMessageIn,
    ProcessMessageError, ProcessedMessageContent, ProcessedWelcome, ProtocolMessage, Sender,
    StagedCommit, StagedWelcome, ValidationError, WelcomeError, tls_codec::Deserialize as _,
};
use openmls_traits::OpenMlsProvider as _;
use tandem_proto::{
    Epoch, ThreadId,
    planted::{Fault, is},
};
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    Change, Changed, Expected, GroupError, GroupKeys, GroupState, Identity, Joining, MAX_COMMIT,
    MAX_WELCOME, Member, Package, Policy, commit, leaf, package, policy, provider::Provider,
    state::group_id,
};

/// The label of what a thread's envelopes are sealed under.
const EXPORT: &str = "tandem/epoch/v1";

/// MLS by the library; holds nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mls;

impl GroupKeys for Mls {
    fn found(
        &self,
        seed: &[u8; 32],
        me: &Identity<'_>,
        thread: &ThreadId,
    ) -> Result<GroupState, GroupError> {
        let member = me.member();
        let inputs =
            [&b"found"[..], thread.as_bytes(), member.person.as_bytes(), member.device.as_bytes()];
        let provider = Provider::seeded(seed, &inputs);
        let (config, credential) = (leaf::create_config(), me.credential());
        MlsGroup::new_with_group_id(&provider, me, &config, group_id(thread), credential)
            .map_err(|_| GroupError::Malformed)?;
        GroupState::save(&provider, thread)
    }

    fn change(
        &self,
        seed: &[u8; 32],
        me: &Identity<'_>,
        state: &GroupState,
        change: &Change<'_>,
    ) -> Result<Changed, GroupError> {
        commit::make(seed, me, state, change)
    }

    fn process(
        &self,
        state: &GroupState,
        commit: &[u8],
        expected: &Expected<'_>,
    ) -> Result<GroupState, GroupError> {
        take_in(state, commit, |group, sender, commit| match is(Fault::PolicySkipped) {
            true => Ok(()),
            false => policy::check(group, sender, commit, expected),
        })
    }

    fn package(&self, seed: &[u8; 32], me: &Identity<'_>) -> Result<Package, GroupError> {
        package::make(seed, me)
    }

    fn check_package(&self, public: &[u8]) -> Result<Member, GroupError> {
        package::check(public).map(|(member, _)| member)
    }

    fn join(
        &self,
        me: &Identity<'_>,
        package_secret: &[u8],
        welcome: &[u8],
        expected: &Joining<'_>,
    ) -> Result<GroupState, GroupError> {
        let provider = Provider::unseeded().holding(package::secrets(package_secret)?);
        let staged = open_welcome(&provider, welcome, expected.thread)?;
        let author = leaf::check(staged.welcome_sender().map_err(|_| GroupError::Malformed)?)?;
        if author.device != expected.author {
            return Err(Policy::Author.into());
        }
        let group = staged.into_group(&provider).map_err(|_| GroupError::Malformed)?;
        if group.ciphersuite() != leaf::SUITE || group.extensions().iter().next().is_some() {
            return Err(Policy::Context.into());
        }
        ours(&group, me)?;
        policy::is_roster(&group, expected.members)?;
        GroupState::save(&provider, expected.thread)
    }

    fn secret(&self, state: &GroupState) -> Result<Zeroizing<[u8; 32]>, GroupError> {
        let (group, provider, thread) = state.load(Provider::unseeded())?;
        let mut exported = group
            .export_secret(provider.crypto(), EXPORT, thread.as_bytes(), 32)
            .map_err(|_| GroupError::State)?;
        let mut secret = Zeroizing::new([0; 32]);
        secret.copy_from_slice(&exported);
        exported.zeroize();
        Ok(secret)
    }

    #[cfg(test)]
    fn epoch(&self, state: &GroupState) -> Result<Epoch, GroupError> {
        let (group, ..) = state.load(Provider::unseeded())?;
        Ok(Epoch(group.epoch().as_u64()))
    }

    fn members(&self, state: &GroupState) -> Result<Vec<Member>, GroupError> {
        let (group, ..) = state.load(Provider::unseeded())?;
        Ok(policy::members(&group)?)
    }
}

/// Takes in another device's commit that `check` allows.
fn take_in(
    state: &GroupState,
    commit: &[u8],
    check: impl FnOnce(&MlsGroup, &Sender, &StagedCommit) -> Result<(), Policy>,
) -> Result<GroupState, GroupError> {
    let MlsMessageBodyIn::PrivateMessage(message) = message(commit, MAX_COMMIT)? else {
        return Err(Policy::NotEncrypted.into());
    };
    let message = ProtocolMessage::from(message);
    let (mut group, provider, thread) = state.load(Provider::unseeded())?;
    if message.group_id() != group.group_id() {
        return Err(Policy::Thread.into());
    }
    if message.content_type() != ContentType::Commit {
        return Err(Policy::NotACommit.into());
    }
    if message.epoch() != group.epoch() {
        return Err(GroupError::WrongEpoch {
            commit: Epoch(message.epoch().as_u64()),
            state: Epoch(group.epoch().as_u64()),
        });
    }
    let message = group.process_message(&provider, message).map_err(|error| match error {
        // The library asks the system's clock; the policy says the same without.
        ProcessMessageError::ValidationError(ValidationError::KeyPackageVerifyError(
            KeyPackageVerifyError::LifetimeError(_),
        )) => Policy::Leaf.into(),
        _ => GroupError::Malformed,
    })?;
    let sender = message.sender().clone();
    let commit = match message.into_content() {
        ProcessedMessageContent::StagedCommitMessage(commit) => commit,
        ProcessedMessageContent::OwnPrivateMessage => return Err(GroupError::Own),
        _ => return Err(Policy::NotACommit.into()),
    };
    check(&group, &sender, &commit)?;
    if commit.self_removed() {
        return Err(GroupError::Removed);
    }
    group.merge_staged_commit(&provider, *commit).map_err(|_| GroupError::Malformed)?;
    GroupState::save(&provider, &thread)
}

/// Opens a welcome into a thread's group.
fn open_welcome(
    provider: &Provider,
    welcome: &[u8],
    thread: &ThreadId,
) -> Result<StagedWelcome, GroupError> {
    let MlsMessageBodyIn::Welcome(welcome) = message(welcome, MAX_WELCOME)? else {
        return Err(GroupError::Malformed);
    };
    let welcome = ProcessedWelcome::new_from_welcome(provider, &leaf::join_config(), welcome)
        .map_err(|error| match error {
            WelcomeError::NoMatchingKeyPackage | WelcomeError::JoinerSecretNotFound => {
                GroupError::OtherPackage
            }
            _ => GroupError::Malformed,
        })?;
    if welcome.unverified_group_info().group_id() != &group_id(thread) {
        return Err(Policy::Thread.into());
    }
    JoinBuilder::new(provider, welcome)
        // What is checked is the system's clock; see `leaf::lifetime`.
        .skip_lifetime_validation()
        .build()
        .map_err(|_| GroupError::Malformed)
}

/// How far keys go for whoever keeps no rule.
#[cfg(feature = "unruly")]
impl Mls {
    /// Takes in another device's commit, whatever it does.
    pub(crate) fn process_anyhow(
        state: &GroupState,
        commit: &[u8],
    ) -> Result<GroupState, GroupError> {
        take_in(state, commit, |_, _, _| Ok(()))
    }

    /// Enters a group by a welcome, whoever made it and whoever is in.
    pub(crate) fn join_anyhow(
        package_secret: &[u8],
        welcome: &[u8],
        thread: &ThreadId,
    ) -> Result<GroupState, GroupError> {
        let provider = Provider::unseeded().holding(package::secrets(package_secret)?);
        let staged = open_welcome(&provider, welcome, thread)?;
        staged.into_group(&provider).map_err(|_| GroupError::Malformed)?;
        GroupState::save(&provider, thread)
    }
}

/// A message of MLS; nothing may come after it.
fn message(bytes: &[u8], limit: usize) -> Result<MlsMessageBodyIn, GroupError> {
    if bytes.len() > limit {
        return Err(GroupError::TooLong { limit });
    }
    let message = MlsMessageIn::tls_deserialize_exact(bytes).map_err(|_| GroupError::Malformed)?;
    Ok(message.extract())
}

/// Checks that this device sits where the state says that it does.
pub(super) fn ours(group: &MlsGroup, me: &Identity<'_>) -> Result<(), Policy> {
    let leaf = group.own_leaf_node().ok_or(Policy::NotOurs)?;
    if leaf::check(leaf)?.stands_for(&me.member()) { Ok(()) } else { Err(Policy::NotOurs) }
}
