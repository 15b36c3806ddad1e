//! Epochs of the group: who can read what.

use tandem_tests::stories::tell;

#[test]
fn what_was_said_before_somebody_came_is_handed_over_and_not_opened() {
    tell("what_was_said_before_somebody_came_is_handed_over_and_not_opened");
}

#[test]
fn two_who_are_let_in_at_once_are_both_in() {
    tell("two_who_are_let_in_at_once_are_both_in");
}

#[test]
fn words_that_waited_while_somebody_came_are_sealed_anew() {
    tell("words_that_waited_while_somebody_came_are_sealed_anew");
}

#[test]
fn a_device_copied_back_to_before_its_own_link_is_given_a_new_seat() {
    tell("a_device_copied_back_to_before_its_own_link_is_given_a_new_seat");
}

#[test]
fn a_relay_copied_back_over_several_links_has_everybody_in_one_epoch() {
    tell("a_relay_copied_back_over_several_links_has_everybody_in_one_epoch");
}

#[test]
fn of_two_branches_one_wins_and_nobody_is_lost() {
    tell("of_two_branches_one_wins_and_nobody_is_lost");
}

#[test]
fn a_founder_that_lost_its_seat_before_anybody_came_founds_the_group_anew() {
    tell("a_founder_that_lost_its_seat_before_anybody_came_founds_the_group_anew");
}

#[test]
fn two_links_that_waited_undo_none_that_was_faster() {
    tell("two_links_that_waited_undo_none_that_was_faster");
}

#[test]
fn who_has_a_seat_comes_to_the_keys_of_links_that_it_has_not_read() {
    tell("who_has_a_seat_comes_to_the_keys_of_links_that_it_has_not_read");
}

#[test]
fn a_link_whose_keys_nobody_has_any_more_stops_nobody() {
    tell("a_link_whose_keys_nobody_has_any_more_stops_nobody");
}
