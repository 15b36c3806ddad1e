//! Fuzz targets: commits, welcomes and key packages of others.

use super::*;
use crate::fuzz::Target;

/// What reading one of these may hold: the group of a few devices, some kilobytes each, and the
/// library's copies of it.
const ALLOWANCE: usize = 4 << 20;

#[test]
fn a_spoiled_commit_is_processed_or_refused() {
    let (a, b, at_a, at_b) = pair();
    let c = Device::new(3);
    let right = b.change(&at_b, &[&c], &[]).commit;
    Target { name: "commit", rounds: 1_500, allowance: ALLOWANCE }
        .run(|dice| dice.spoil(&right), |commit| process(&at_a, commit, &b, &[&c], &[]).is_ok());
    assert_eq!(Mls.members(&at_a), Ok(sorted(&[&a, &b])), "and the group is as it was");
}

#[test]
fn a_spoiled_welcome_is_followed_or_refused() {
    let (a, b) = (Device::new(1), Device::new(2));
    let right = a.change(&a.found(), &[&b], &[]).welcome.unwrap();
    Target { name: "group welcome", rounds: 1_500, allowance: ALLOWANCE }
        .run(|dice| dice.spoil(&right), |welcome| b.try_join(welcome, &a, &[&a, &b]).is_ok());
}

#[test]
fn a_spoiled_package_is_checked_or_refused() {
    let right = Device::new(1).package.public;
    Target { name: "key package", rounds: 10_000, allowance: 1 << 20 }
        .run(|dice| dice.spoil(&right), |package| Mls.check_package(package).is_ok());
}
