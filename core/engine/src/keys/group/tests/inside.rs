//! Fuzz targets inside the encryption: a member's commit and welcome are sealed as they should be, and
//! what was sealed is spoiled. So what reads them gets past the seals.

use std::cell::RefCell;

use super::*;
use crate::fuzz::Target;

/// As for what is spoiled outside.
const ALLOWANCE: usize = 4 << 20;

/// What is to be sealed in the place of which plaintext.
type Instead = Option<(usize, Vec<u8>)>;

thread_local! {
    /// What was sealed since it was last asked, and what is to be sealed instead of one of them.
    static SEALED: RefCell<(Vec<Vec<u8>>, Instead)> = const { RefCell::new((Vec::new(), None)) };
}

/// What is sealed in the place of a plaintext: the same, unless a target here says otherwise.
pub(in crate::keys::group) fn instead_of(plain: &[u8]) -> Vec<u8> {
    SEALED.with_borrow_mut(|(sealed, instead)| {
        let place = sealed.len();
        sealed.push(plain.to_vec());
        match instead {
            Some((at, other)) if *at == place => other.clone(),
            _ => plain.to_vec(),
        }
    })
}

/// Runs something with one of its plaintexts replaced; gives all that it would have sealed.
fn sealing<R>(instead: Instead, run: impl FnOnce() -> R) -> (R, Vec<Vec<u8>>) {
    SEALED.set((Vec::new(), instead));
    let made = run();
    (made, SEALED.take().0)
}

#[test]
fn a_commit_with_spoiled_words_under_a_true_seal_is_processed_or_refused() {
    let (a, b, at_a, at_b) = pair();
    let c = Device::new(3);
    let make = || b.change(&at_b, &[&c], &[]);
    let (right, plains) = sealing(None, make);
    assert!(plains.iter().any(|plain| plain.len() > 200), "the commit is among what is sealed");
    assert!(process(&at_a, &right.commit, &b, &[&c], &[]).is_ok());
    Target { name: "inside a commit", rounds: 400, allowance: ALLOWANCE }.run(
        |dice| {
            let at = dice.below(plains.len());
            let spoiled = dice.spoil(&plains[at]);
            sealing(Some((at, spoiled)), make).0.commit
        },
        |commit| process(&at_a, commit, &b, &[&c], &[]).is_ok(),
    );
    assert_eq!(Mls.members(&at_a), Ok(sorted(&[&a, &b])), "and the group is as it was");
}

#[test]
fn a_welcome_with_spoiled_words_under_a_true_seal_is_followed_or_refused() {
    let (a, b) = (Device::new(1), Device::new(2));
    let founded = a.found();
    let make = || a.change(&founded, &[&b], &[]);
    let (_, plains) = sealing(None, make);
    Target { name: "inside a group welcome", rounds: 400, allowance: ALLOWANCE }.run(
        |dice| {
            let at = dice.below(plains.len());
            let spoiled = dice.spoil(&plains[at]);
            sealing(Some((at, spoiled)), make).0.welcome.unwrap()
        },
        |welcome| b.try_join(welcome, &a, &[&a, &b]).is_ok(),
    );
}
