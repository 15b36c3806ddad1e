//! A year of silence.

use tandem_tests::stories::tell;

#[test]
fn after_a_year_of_silence_all_catch_up_and_only_a_fresh_link_lets_in() {
    tell("after_a_year_of_silence_all_catch_up_and_only_a_fresh_link_lets_in");
}

#[test]
fn a_seat_that_was_asked_for_a_year_ago_is_given() {
    tell("a_seat_that_was_asked_for_a_year_ago_is_given");
}
