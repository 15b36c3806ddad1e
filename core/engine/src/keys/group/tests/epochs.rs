//! Who has which epoch's secret.

use tandem_proto::Epoch;

use super::*;

#[test]
fn two_devices_agree_on_the_secret_of_each_epoch() {
    let (a, b, mut at_a, mut at_b) = pair();
    let mut seen = vec![secret(&a.found())];
    for epoch in 1..5 {
        assert_eq!(secret(&at_a), secret(&at_b));
        assert_eq!((Mls.epoch(&at_a), Mls.epoch(&at_b)), (Ok(Epoch(epoch)), Ok(Epoch(epoch))));
        assert!(!seen.contains(&secret(&at_a)), "each epoch has a secret of its own");
        seen.push(secret(&at_a));
        if epoch % 2 == 0 {
            let changed = a.change(&at_a, &[], &[]);
            assert!(changed.welcome.is_none());
            at_b = process(&at_b, &changed.commit, &a, &[], &[]).unwrap();
            at_a = changed.state;
        } else {
            let changed = b.change(&at_b, &[], &[]);
            at_a = process(&at_a, &changed.commit, &b, &[], &[]).unwrap();
            at_b = changed.state;
        }
    }
}

#[test]
fn a_state_names_exactly_who_is_in() {
    let (a, b, at_a, at_b) = pair();
    let c = Device::new(3);
    assert_eq!(Mls.members(&at_a), Ok(sorted(&[&a, &b])));
    let changed = b.change(&at_b, &[&c], &[&a]);
    assert_eq!(Mls.members(&changed.state), Ok(sorted(&[&b, &c])));
    let at_c = c.join(&changed, &b, &[&b, &c]);
    assert_eq!(Mls.members(&at_c), Ok(sorted(&[&b, &c])));
    assert_eq!(Mls.members(&at_a), Ok(sorted(&[&a, &b])), "the older state is as it was");
}

/// What a newcomer holds opens nothing earlier: not by its state, nor by commits it has seen.
#[test]
fn a_member_added_later_has_no_way_to_an_earlier_secret() {
    let (a, b, at_a, at_b) = pair();
    let c = Device::new(3);
    let before = a.change(&at_a, &[], &[]);
    let at_b = process(&at_b, &before.commit, &a, &[], &[]).unwrap();
    let changed = b.change(&at_b, &[&c], &[]);
    let at_c = c.join(&changed, &b, &[&a, &b, &c]);
    assert_eq!(secret(&at_c), secret(&changed.state));
    for earlier in [&at_a, &before.state] {
        assert_ne!(secret(&at_c), secret(earlier));
    }
    assert!(matches!(
        process(&at_c, &before.commit, &a, &[], &[]),
        Err(GroupError::WrongEpoch { commit: Epoch(1), state: Epoch(3) })
    ));
    assert!(c.try_join(&welcome_of(&a, &b), &a, &[&a, &b]).is_err());
}

fn welcome_of(a: &Device, b: &Device) -> Vec<u8> {
    a.change(&a.found(), &[b], &[]).welcome.unwrap()
}

#[test]
fn a_removed_member_learns_of_it_and_gets_no_later_secret() {
    let (a, b, at_a, at_b) = pair();
    let c = Device::new(3);
    let added = a.change(&at_a, &[&c], &[]);
    let at_b = process(&at_b, &added.commit, &a, &[&c], &[]).unwrap();
    let at_c = c.join(&added, &a, &[&a, &b, &c]);
    let removed = a.change(&added.state, &[], &[&b]);
    assert_eq!(process(&at_b, &removed.commit, &a, &[], &[&b]), Err(GroupError::Removed));
    let at_c = process(&at_c, &removed.commit, &a, &[], &[&b]).unwrap();
    assert_eq!(secret(&at_c), secret(&removed.state));
    assert_ne!(secret(&at_b), secret(&at_c));
    // Nor does what comes next open with what it has.
    let next = c.change(&at_c, &[], &[]);
    assert!(matches!(
        process(&at_b, &next.commit, &c, &[], &[]),
        Err(GroupError::WrongEpoch { .. })
    ));
}

#[test]
fn a_lost_phone_is_swapped_for_a_new_one_in_one_commit() {
    let (a, b, at_a, at_b) = pair();
    let new = Device::new(3);
    let swapped = a.change(&at_a, &[&new], &[&b]);
    let at_new = new.join(&swapped, &a, &[&a, &new]);
    assert_eq!(secret(&at_new), secret(&swapped.state));
    assert_eq!(process(&at_b, &swapped.commit, &a, &[&new], &[&b]), Err(GroupError::Removed));
}

/// A device that lost its place comes back as itself: out and in by one commit.
#[test]
fn a_device_that_lost_its_state_is_put_back_by_one_commit() {
    let (a, b, at_a, _lost) = pair();
    let back = a.change(&at_a, &[&b], &[&b]);
    let at_b = b.join(&back, &a, &[&a, &b]);
    assert_eq!(secret(&at_b), secret(&back.state));
    assert_eq!(Mls.members(&at_b), Ok(sorted(&[&a, &b])));
}

#[test]
fn states_load_after_saving_and_go_on() {
    let (a, b, at_a, at_b) = pair();
    let again = |state: &GroupState| GroupState::from_bytes(state.as_bytes().to_vec());
    let changed = b.change(&again(&at_b), &[], &[]);
    let at_a = process(&again(&at_a), &changed.commit, &b, &[], &[]).unwrap();
    assert_eq!(secret(&again(&at_a)), secret(&again(&changed.state)));
    assert_eq!(Mls.members(&again(&at_a)), Ok(sorted(&[&a, &b])));
}
