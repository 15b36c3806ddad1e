//! Bytes from outside that are not what they should be: typed errors, no panic.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};

use super::*;
use crate::keys::group::state::pack;

/// Cut, flipped and random variants of bytes that were right.
fn spoiled(right: &[u8], flips: usize) -> Vec<Vec<u8>> {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let mut below = |end: usize| usize::try_from(rng.next_u64() % end as u64).unwrap();
    let mut out = vec![Vec::new(), [right, &[0]].concat()];
    let cuts = right.len().min(flips);
    out.extend((0..cuts).map(|i| right[..i * right.len() / cuts].to_vec()));
    for _ in 0..flips {
        let mut bytes = right.to_vec();
        bytes[below(right.len())] ^= 1 << below(8);
        out.push(bytes);
        // Lengths are what parsers go by.
        let mut bytes = right.to_vec();
        let at = below(right.len());
        bytes[at] = [0, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xff][below(7)];
        bytes.truncate(at + 1 + below(right.len() - at));
        out.push(bytes);
        // A right beginning, then noise.
        let keep = below(right.len().min(64));
        let mut bytes = right[..keep].to_vec();
        bytes.extend((0..below(400)).map(|_| u8::try_from(below(256)).unwrap()));
        out.push(bytes);
    }
    out.retain(|bytes| bytes != right);
    out
}

#[test]
fn spoiled_commits_are_errors() {
    let (a, b, at_a, at_b) = pair();
    let c = Device::new(3);
    let right = b.change(&at_b, &[&c], &[]).commit;
    for bytes in spoiled(&right, 300) {
        assert!(process(&at_a, &bytes, &b, &[&c], &[]).is_err());
    }
    assert!(process(&at_a, &right, &b, &[&c], &[]).is_ok());
    assert_eq!(Mls.members(&at_a), Ok(sorted(&[&a, &b])));
}

#[test]
fn spoiled_welcomes_are_errors() {
    let (a, b) = (Device::new(1), Device::new(2));
    let right = a.change(&a.found(), &[&b], &[]).welcome.unwrap();
    for bytes in spoiled(&right, 300) {
        assert!(b.try_join(&bytes, &a, &[&a, &b]).is_err());
    }
}

#[test]
fn spoiled_packages_are_errors() {
    let right = Device::new(1).package.public;
    for bytes in spoiled(&right, 500) {
        assert!(Mls.check_package(&bytes).is_err());
    }
}

#[test]
fn spoiled_states_and_package_secrets_are_errors() {
    let (a, b, at_a, _) = pair();
    for bytes in spoiled(at_a.as_bytes(), 300) {
        let state = GroupState::from_bytes(bytes);
        assert_eq!(Mls.secret(&state).err(), Some(GroupError::State));
        assert_eq!(a.try_change(&state, &[], &[]).err(), Some(GroupError::State));
    }
    let welcome = a.change(&a.found(), &[&b], &[]).welcome.unwrap();
    let members = [a.member(), b.member()];
    let joining = Joining { thread: &THREAD, author: a.device(), members: &members };
    for bytes in spoiled(&b.package.secret, 100) {
        let refused = Mls.join(&b.me(), &bytes, &welcome, &joining);
        assert_eq!(refused, Err(GroupError::State));
    }
    // One in the place of the other.
    assert_eq!(Mls.join(&b.me(), at_a.as_bytes(), &welcome, &joining), Err(GroupError::State));
    let state = GroupState::from_bytes(b.package.secret.to_vec());
    assert_eq!(Mls.epoch(&state), Err(GroupError::State));
}

#[test]
fn a_state_that_inflates_without_end_is_an_error() {
    let values = [(b"Tree{".to_vec(), vec![0; 5 << 20])].into();
    let bomb = pack(&THREAD, values).to_vec();
    assert!(bomb.len() < 20_000);
    assert_eq!(Mls.epoch(&GroupState::from_bytes(bomb)), Err(GroupError::State));
}

#[test]
fn messages_in_the_place_of_others_are_errors() {
    let (a, b, at_a, _) = pair();
    let c = Device::new(3);
    let changed = a.change(&at_a, &[&c], &[]);
    let (commit, welcome) = (changed.commit, changed.welcome.unwrap());
    for bytes in [&welcome, &c.package.public] {
        assert!(process(&at_a, bytes, &b, &[], &[]).is_err());
    }
    for bytes in [&commit, &c.package.public] {
        assert!(c.try_join(bytes, &a, &[&a, &b, &c]).is_err());
    }
    for bytes in [&commit, &welcome] {
        assert!(Mls.check_package(bytes).is_err());
    }
}

#[test]
fn a_state_is_not_printed() {
    let (_, _, at_a, _) = pair();
    assert_eq!(format!("{at_a:?}"), format!("GroupState({} bytes)", at_a.as_bytes().len()));
}
