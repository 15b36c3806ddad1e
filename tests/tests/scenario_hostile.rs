//! A relay that lies.

use tandem_tests::stories::tell;

#[test]
fn a_relay_that_withholds_makes_nothing_look_delivered() {
    tell("a_relay_that_withholds_makes_nothing_look_delivered");
}

#[test]
fn a_relay_that_shuffles_repeats_alters_or_replaces_shows_nothing_false() {
    tell("a_relay_that_shuffles_repeats_alters_or_replaces_shows_nothing_false");
}

#[test]
fn who_is_shown_another_log_signs_for_nothing_in_ours() {
    tell("who_is_shown_another_log_signs_for_nothing_in_ours");
}

#[test]
fn a_relay_that_swaps_welcomes_lets_nobody_in() {
    tell("a_relay_that_swaps_welcomes_lets_nobody_in");
}

#[test]
fn who_is_shown_another_log_and_says_something_says_so_with_it() {
    tell("who_is_shown_another_log_and_says_something_says_so_with_it");
}
