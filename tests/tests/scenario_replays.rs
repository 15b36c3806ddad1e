//! What is served or asked once more.

use tandem_tests::stories::tell;

#[test]
fn who_is_out_and_asks_again_with_the_link_that_let_them_in_is_given_nothing() {
    tell("who_is_out_and_asks_again_with_the_link_that_let_them_in_is_given_nothing");
}

#[test]
fn old_requests_offers_and_answers_that_are_served_again_give_nobody_a_seat() {
    tell("old_requests_offers_and_answers_that_are_served_again_give_nobody_a_seat");
}

#[test]
fn an_old_request_for_a_seat_that_is_served_again_gives_no_second_one() {
    tell("an_old_request_for_a_seat_that_is_served_again_gives_no_second_one");
}
