//! Power cuts at every commit point, full and slow disks, slow lines.

use tandem_tests::stories::tell;

#[test]
fn a_device_crashes_at_every_commit_point() {
    tell("a_device_crashes_at_every_commit_point");
}

#[test]
fn a_full_disk_keeps_nothing_and_says_so() {
    tell("a_full_disk_keeps_nothing_and_says_so");
}

#[test]
fn the_relay_is_killed_between_append_and_receipt() {
    tell("the_relay_is_killed_between_append_and_receipt");
}

#[test]
fn the_relay_is_killed_at_every_commit_point() {
    tell("the_relay_is_killed_at_every_commit_point");
}

#[test]
fn a_slow_journal_is_waited_for() {
    tell("a_slow_journal_is_waited_for");
}

#[test]
fn words_after_a_restart_have_nonces_of_their_own() {
    tell("words_after_a_restart_have_nonces_of_their_own");
}

#[test]
fn a_lagging_peer_gets_everything_without_reconnecting() {
    tell("a_lagging_peer_gets_everything_without_reconnecting");
}

#[test]
fn a_disk_that_is_full_while_somebody_is_let_in_holds_up_nobody_for_good() {
    tell("a_disk_that_is_full_while_somebody_is_let_in_holds_up_nobody_for_good");
}
