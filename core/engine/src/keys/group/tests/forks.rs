//! Two commits on one state.

use super::*;

#[test]
fn of_two_commits_on_one_state_each_can_be_followed_by_both() {
    let (a, b, at_a, at_b) = pair();
    let (c, d) = (Device::new(3), Device::new(4));
    let (by_a, by_b) = (a.change(&at_a, &[&c], &[]), b.change(&at_b, &[&d], &[]));

    // B gives its own up and follows A's, from the state before both.
    let b_follows = process(&at_b, &by_a.commit, &a, &[&c], &[]).unwrap();
    assert_eq!(secret(&b_follows), secret(&by_a.state));
    let at_c = c.join(&by_a, &a, &[&a, &b, &c]);
    assert_eq!(secret(&at_c), secret(&b_follows));

    // Or A follows B's; C, whom only A's commit added, is not in it.
    let a_follows = process(&at_a, &by_b.commit, &b, &[&d], &[]).unwrap();
    assert_eq!(secret(&a_follows), secret(&by_b.state));
    assert_ne!(secret(&a_follows), secret(&b_follows));
    assert_eq!(Mls.members(&a_follows), Ok(sorted(&[&a, &b, &d])));

    // Then A adds C again on this branch, with the same package.
    let again = a.change(&a_follows, &[&c], &[]);
    let at_c = c.join(&again, &a, &[&a, &b, &c, &d]);
    let at_b = process(&by_b.state, &again.commit, &a, &[&c], &[]).unwrap();
    assert_eq!((secret(&at_c), secret(&at_b)), (secret(&again.state), secret(&again.state)));
}

#[test]
fn a_fork_is_left_after_several_commits_by_way_of_an_older_state() {
    let (a, b, at_a, at_b) = pair();
    let (mut mine, mut theirs) = (at_a.clone(), at_b.clone());
    for _ in 0..3 {
        mine = a.change(&mine, &[], &[]).state;
        let changed = b.change(&theirs, &[], &[]);
        theirs = changed.state;
    }
    assert_ne!(secret(&mine), secret(&theirs));
    let (mut on_b, mut followed) = (at_b, at_a);
    for _ in 0..3 {
        let changed = b.change(&on_b, &[], &[]);
        followed = process(&followed, &changed.commit, &b, &[], &[]).unwrap();
        on_b = changed.state;
    }
    assert_eq!(secret(&followed), secret(&theirs));
}

#[test]
fn a_commit_of_the_other_branch_does_not_open() {
    let (a, b, at_a, at_b) = pair();
    let (by_a, by_b) = (a.change(&at_a, &[], &[]), b.change(&at_b, &[], &[]));
    let next = b.change(&by_b.state, &[], &[]);
    assert_eq!(process(&by_a.state, &next.commit, &b, &[], &[]), Err(GroupError::Malformed));
}

#[test]
fn an_own_commit_is_known_as_such_and_made_again_from_its_seed() {
    let (a, _, at_a, _) = pair();
    let changed = a.change(&at_a, &[], &[]);
    assert_eq!(process(&at_a, &changed.commit, &a, &[], &[]), Err(GroupError::Own));
    let again = a.change(&at_a, &[], &[]);
    assert_eq!((again.commit, again.state), (changed.commit, changed.state));
}
