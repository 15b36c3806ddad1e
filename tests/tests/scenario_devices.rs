//! A second device, and a lost phone.

use tandem_tests::stories::tell;

#[test]
fn a_second_device_gets_every_thread_and_both_are_heard() {
    tell("a_second_device_gets_every_thread_and_both_are_heard");
}

#[test]
fn what_only_two_devices_of_one_person_are_in_is_forgotten_when_one_is_out() {
    tell("what_only_two_devices_of_one_person_are_in_is_forgotten_when_one_is_out");
}

#[test]
fn a_second_device_comes_in_though_the_two_are_never_online_together() {
    tell("a_second_device_comes_in_though_the_two_are_never_online_together");
}

#[test]
fn a_phone_put_back_gets_its_desk_from_the_persons_other_device() {
    tell("a_phone_put_back_gets_its_desk_from_the_persons_other_device");
}

#[test]
fn a_lost_phone_is_replaced_and_opens_nothing_that_is_said_after() {
    tell("a_lost_phone_is_replaced_and_opens_nothing_that_is_said_after");
}

#[test]
fn an_offer_that_has_expired_or_was_used_lets_nobody_in() {
    tell("an_offer_that_has_expired_or_was_used_lets_nobody_in");
}

#[test]
fn either_side_crashes_at_every_commit_point_and_the_device_comes_in() {
    tell("either_side_crashes_at_every_commit_point_and_the_device_comes_in");
}

#[test]
fn a_relay_that_forgets_the_letters_is_given_them_again() {
    tell("a_relay_that_forgets_the_letters_is_given_them_again");
}

#[test]
fn what_a_lost_phone_said_while_its_helper_was_away_still_counts() {
    tell("what_a_lost_phone_said_while_its_helper_was_away_still_counts");
}

#[test]
fn a_lost_phone_is_replaced_in_every_thread_that_the_two_share() {
    tell("a_lost_phone_is_replaced_in_every_thread_that_the_two_share");
}
