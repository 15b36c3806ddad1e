//! A member who does harm.

use tandem_tests::stories::tell;

#[test]
fn a_link_that_does_not_do_what_it_says_stops_the_thread_and_its_author_is_named() {
    tell("a_link_that_does_not_do_what_it_says_stops_the_thread_and_its_author_is_named");
}

#[test]
fn words_in_anothers_name_and_altered_words_are_shown_to_nobody() {
    tell("words_in_anothers_name_and_altered_words_are_shown_to_nobody");
}

#[test]
fn of_two_words_under_one_number_all_show_the_first_and_are_told_whose_they_are() {
    tell("of_two_words_under_one_number_all_show_the_first_and_are_told_whose_they_are");
}

#[test]
fn words_from_long_ago_come_late_and_words_out_of_order_do_not_come() {
    tell("words_from_long_ago_come_late_and_words_out_of_order_do_not_come");
}

#[test]
fn what_builds_on_what_nobody_has_waits_and_holds_nobody_up() {
    tell("what_builds_on_what_nobody_has_waits_and_holds_nobody_up");
}

#[test]
fn what_comes_to_more_than_may_be_is_taken_in_by_nobody() {
    tell("what_comes_to_more_than_may_be_is_taken_in_by_nobody");
}

#[test]
fn who_is_shown_other_words_by_a_relay_that_helps_is_told_when_the_logs_meet() {
    tell("who_is_shown_other_words_by_a_relay_that_helps_is_told_when_the_logs_meet");
}
