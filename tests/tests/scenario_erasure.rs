//! A thread is erased at the relay, and what people hold stays with them.

use tandem_tests::stories::tell;

#[test]
fn an_erased_thread_is_gone_at_the_relay_and_stays_on_every_device() {
    tell("an_erased_thread_is_gone_at_the_relay_and_stays_on_every_device");
}

#[test]
fn a_wiped_relay_takes_its_own_tombstone_from_any_device() {
    tell("a_wiped_relay_takes_its_own_tombstone_from_any_device");
}

#[test]
fn a_relay_from_before_the_erasure_erases_again() {
    tell("a_relay_from_before_the_erasure_erases_again");
}

#[test]
fn a_tombstone_that_their_relay_did_not_sign_stops_nothing() {
    tell("a_tombstone_that_their_relay_did_not_sign_stops_nothing");
}

#[test]
fn whoever_has_left_forgets_a_thread_and_it_does_not_come_back() {
    tell("whoever_has_left_forgets_a_thread_and_it_does_not_come_back");
}

#[test]
fn what_the_relay_has_erased_is_forgotten_by_whoever_wants_to() {
    tell("what_the_relay_has_erased_is_forgotten_by_whoever_wants_to");
}

#[test]
fn whoever_keeps_threads_for_a_term_forgets_one_after_a_silent_year() {
    tell("whoever_keeps_threads_for_a_term_forgets_one_after_a_silent_year");
}

#[test]
fn a_clock_that_jumps_ahead_ends_no_term() {
    tell("a_clock_that_jumps_ahead_ends_no_term");
}

#[test]
fn words_that_have_not_left_outlast_the_term() {
    tell("words_that_have_not_left_outlast_the_term");
}
