//! Packages and welcomes.

use super::*;
use crate::keys::group::{ANYBODYS, MAX_PACKAGE, MAX_REMOVED, MAX_WELCOME, Policy};

#[test]
fn a_package_says_whose_it_is() {
    let a = Device::new(1);
    assert_eq!(Mls.check_package(&a.package.public), Ok(a.member()));
}

/// B offers itself and does not know whose it will be: the roster says so, and its next commit, too.
#[test]
fn a_device_that_offers_itself_is_whoevers_the_roster_says_and_no_other_device_is() {
    let (a, b, c) = (Device::new(1), Device::new(2), Device::new(3));
    let nobody = Identity { person: ANYBODYS, key: &b.key };
    let package = Mls.package(&[5; 32], &nobody).unwrap();
    assert_eq!(Mls.check_package(&package.public), Ok(nobody.member()));
    let change = Change { add: &[&package.public], remove: &[] };
    let changed = Mls.change(&[6; 32], &a.me(), &a.found(), &change).unwrap();
    let members = [a.member(), b.member()];
    let joining = Joining { thread: &THREAD, author: a.device(), members: &members };
    let welcome = changed.welcome.as_deref().unwrap();
    let at_b = Mls.join(&b.me(), &package.secret, welcome, &joining).unwrap();
    let wrong = [a.member(), c.member()];
    let joining = Joining { members: &wrong, ..joining };
    let refused = Mls.join(&b.me(), &package.secret, welcome, &joining);
    assert_eq!(refused.err(), Some(Policy::Members.into()), "another device in its place");
    // It renews its leaf under the person that it has now.
    let renewed = b.change(&at_b, &[], &[]);
    let at_a = process(&changed.state, &renewed.commit, &b, &[], &[]).unwrap();
    assert_eq!(Mls.members(&at_a), Ok(sorted(&[&a, &b])));
    assert_eq!(secret(&at_a), secret(&renewed.state));
    // And is nobody else's from then on.
    let other = Identity { person: PersonId::new([9; 16]), key: &b.key };
    let taken = Mls.change(&[7; 32], &other, &renewed.state, &Change::default());
    assert_eq!(taken.err(), Some(Policy::NotOurs.into()));
}

/// The credential names A's device, the signature is B's.
#[test]
fn a_package_signed_by_another_key_is_refused() {
    let (a, b) = (Device::new(1), Device::new(2));
    let swap = |from: &Device, to: &Device| {
        let mut bytes = a.package.public.clone();
        let (old, new) = (from.key.public(), to.key.public());
        let mut at = 0;
        while let Some(found) = bytes[at..].windows(32).position(|window| window == old) {
            bytes[at + found..at + found + 32].copy_from_slice(&new);
            at += found + 32;
        }
        bytes
    };
    let stolen = swap(&a, &b);
    assert_ne!(stolen, a.package.public);
    assert_eq!(Mls.check_package(&stolen), Err(GroupError::Malformed));
    let change = Change { add: &[&stolen], remove: &[] };
    let refused = Mls.change(&[0; 32], &a.me(), &a.found(), &change);
    assert_eq!(refused.err(), Some(GroupError::Malformed));
}

/// A valid package whose credential names a key that did not sign it.
#[test]
fn a_package_with_the_credential_of_another_device_is_refused() {
    let (a, b) = (Device::new(1), Device::new(2));
    let forged = foreign::package(&b, |package| {
        let credential = a.me().credential().credential;
        (package, openmls::prelude::CredentialWithKey { credential, ..b.me().credential() })
    });
    assert_eq!(Mls.check_package(&forged), Err(Policy::Credential.into()));
}

#[test]
fn a_package_that_expires_or_can_less_than_ours_is_refused() {
    use openmls::prelude::{Capabilities, Lifetime};
    let b = Device::new(2);
    let with = |lifetime| {
        foreign::package(&b, |package| {
            (package.key_package_lifetime(lifetime), b.me().credential())
        })
    };
    let refused = Err(Policy::Leaf.into());
    assert_eq!(Mls.check_package(&with(Lifetime::init(0, u64::MAX - 1))), refused, "some day");
    assert_eq!(Mls.check_package(&with(Lifetime::init(0, 1))), refused, "long ago");
    let other = foreign::package(&b, |package| {
        let can = Capabilities::builder()
            .extensions(vec![openmls::prelude::ExtensionType::LastResort])
            .build();
        (package.leaf_node_capabilities(can), b.me().credential())
    });
    assert_eq!(Mls.check_package(&other), refused);
}

#[test]
fn a_welcome_for_another_package_or_device_is_refused() {
    let (a, b, c) = (Device::new(1), Device::new(2), Device::new(3));
    let changed = a.change(&a.found(), &[&b], &[]);
    let welcome = changed.welcome.unwrap();
    assert_eq!(c.try_join(&welcome, &a, &[&a, &b]), Err(GroupError::OtherPackage));
    let newer = Mls.package(&b.seed("newer"), &b.me()).unwrap();
    let members = [a.member(), b.member()];
    let joining = Joining { thread: &THREAD, author: a.device(), members: &members };
    let refused = Mls.join(&b.me(), &newer.secret, &welcome, &joining);
    assert_eq!(refused, Err(GroupError::OtherPackage));
    // The right package in the hands of another device.
    let refused = Mls.join(&c.me(), &b.package.secret, &welcome, &joining);
    assert_eq!(refused, Err(Policy::NotOurs.into()));
}

#[test]
fn a_welcome_to_another_thread_by_another_author_or_with_other_members_is_refused() {
    let (a, b, c) = (Device::new(1), Device::new(2), Device::new(3));
    let changed = a.change(&a.found(), &[&b], &[]);
    let welcome = changed.welcome.unwrap();
    let members = [b.member(), a.member()];
    let other = ThreadId::new([8; 20]);
    let joining = Joining { thread: &other, author: a.device(), members: &members };
    let refused = Mls.join(&b.me(), &b.package.secret, &welcome, &joining);
    assert_eq!(refused, Err(Policy::Thread.into()));
    assert_eq!(b.try_join(&welcome, &b, &[&a, &b]), Err(Policy::Author.into()));
    for roster in [&[&a, &b, &c][..], &[&b], &[&c, &b], &[&a, &b, &b]] {
        assert_eq!(b.try_join(&welcome, &a, roster), Err(Policy::Members.into()));
    }
    assert!(b.try_join(&welcome, &a, &[&b, &a]).is_ok(), "in any order");
}

#[test]
fn a_device_is_added_once_and_only_members_are_removed() {
    let (a, b, at_a, _) = pair();
    let c = Device::new(3);
    let refused = |add: &[&Device], remove: &[&Device]| a.try_change(&at_a, add, remove).err();
    assert_eq!(refused(&[&b], &[]), Some(Policy::AlreadyIn.into()));
    assert_eq!(refused(&[&a], &[]), Some(Policy::AlreadyIn.into()));
    assert_eq!(refused(&[], &[&c]), Some(Policy::NotRemovable.into()));
    assert_eq!(refused(&[], &[&a]), Some(Policy::NotRemovable.into()));
    assert_eq!(refused(&[&c, &c], &[]), Some(Policy::AlreadyIn.into()));
    assert_eq!(refused(&[], &[&b, &b]), Some(Policy::NotRemovable.into()));
    let too_many = vec![&b; MAX_REMOVED + 1];
    assert_eq!(refused(&[], &too_many), Some(Policy::TooManyRemoved.into()));
    assert_eq!(b.try_change(&at_a, &[], &[]).err(), Some(Policy::NotOurs.into()));
}

#[test]
fn what_is_too_long_is_not_read() {
    let (a, _, at_a, _) = pair();
    let long = vec![0; 1 << 20];
    let limit = |limit| GroupError::TooLong { limit };
    assert_eq!(Mls.check_package(&long), Err(limit(MAX_PACKAGE)));
    assert_eq!(a.try_join(&long, &a, &[]), Err(limit(MAX_WELCOME)));
    let too_long = limit(crate::keys::group::MAX_COMMIT);
    assert_eq!(process(&at_a, &long, &a, &[], &[]), Err(too_long));
}

/// Packages that our code does not make.
mod foreign {
    use openmls::prelude::{
        CredentialWithKey, KeyPackage, KeyPackageBuilder, tls_codec::Serialize as _,
    };

    use super::Device;
    use crate::keys::group::{
        leaf::{SUITE, capabilities, lifetime},
        provider::Provider,
    };

    pub(super) fn package(
        device: &Device,
        change: impl FnOnce(KeyPackageBuilder) -> (KeyPackageBuilder, CredentialWithKey),
    ) -> Vec<u8> {
        let ours = KeyPackage::builder()
            .key_package_lifetime(lifetime())
            .leaf_node_capabilities(capabilities())
            .mark_as_last_resort();
        let (package, credential) = change(ours);
        let provider = Provider::seeded(&[5; 32], &[]);
        let bundle = package.build(SUITE, &provider, &device.me(), credential).unwrap();
        bundle.key_package().tls_serialize_detached().unwrap()
    }
}
