//! Key packages: a device's offer to be added.

use openmls::prelude::{
    KeyPackage, KeyPackageIn, KeyPackageVerifyError, ProtocolVersion,
    tls_codec::{Deserialize as _, Serialize as _},
};
use tandem_proto::ThreadId;

use super::{
    GroupError, Identity, MAX_PACKAGE, Member, Package, Policy,
    crypto::Crypto,
    leaf::{self, SUITE},
    provider::{Provider, Values},
    state::{pack, unpack},
};

/// Under this the library keeps a package's secrets.
const LABEL: &[u8] = b"KeyPackage{";

/// A package is of no thread.
const NO_THREAD: ThreadId = ThreadId::new([0; ThreadId::LEN]);

/// Makes a package that may be used again.
pub(super) fn make(seed: &[u8; 32], me: &Identity<'_>) -> Result<Package, GroupError> {
    let member = me.member();
    let inputs = [&b"package"[..], member.person.as_bytes(), member.device.as_bytes()];
    let provider = Provider::seeded(seed, &inputs);
    let bundle = KeyPackage::builder()
        .key_package_lifetime(leaf::lifetime())
        .leaf_node_capabilities(leaf::capabilities())
        .mark_as_last_resort()
        .build(SUITE, &provider, me, me.credential())
        .map_err(|_| GroupError::Malformed)?;
    let public =
        bundle.key_package().tls_serialize_detached().map_err(|_| GroupError::Malformed)?;
    let mut values = provider.values();
    values.retain(|key, _| key.starts_with(LABEL));
    Ok(Package { public, secret: pack(&NO_THREAD, values) })
}

/// What the library needs to open a welcome for this package.
pub(super) fn secrets(secret: &[u8]) -> Result<Values, GroupError> {
    let (thread, values) = unpack(secret)?;
    let alone = values.keys().all(|key| key.starts_with(LABEL)) && values.len() == 1;
    if alone && thread == NO_THREAD { Ok(values) } else { Err(GroupError::State) }
}

/// Checks a package: its signatures, and that it is as ours are.
pub(super) fn check(public: &[u8]) -> Result<(Member, KeyPackage), GroupError> {
    if public.len() > MAX_PACKAGE {
        return Err(GroupError::TooLong { limit: MAX_PACKAGE });
    }
    let package = KeyPackageIn::tls_deserialize_exact(public).map_err(|_| GroupError::Malformed)?;
    let package =
        package.validate(&Crypto::unseeded(), ProtocolVersion::Mls10).map_err(|error| {
            match error {
                // The library asks the system's clock; see `allowed`, which says the same without.
                KeyPackageVerifyError::LifetimeError(_) => Policy::Leaf.into(),
                _ => GroupError::Malformed,
            }
        })?;
    Ok((allowed(&package)?, package))
}

/// Whose a valid package is, when it is as ours are.
pub(super) fn allowed(package: &KeyPackage) -> Result<Member, Policy> {
    let member = leaf::check(package.leaf_node())?;
    let alike = package.ciphersuite() == SUITE
        && package.last_resort()
        && package.extensions().iter().count() == 1;
    if alike { Ok(member) } else { Err(Policy::Leaf) }
}
