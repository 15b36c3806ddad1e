//! Coming in: by link, never online together, twice with one link.

use tandem_tests::stories::tell;

#[test]
fn two_people_talk() {
    tell("two_people_talk");
}

#[test]
fn a_newcomer_joins_though_the_two_are_never_online_together() {
    tell("a_newcomer_joins_though_the_two_are_never_online_together");
}

#[test]
fn a_second_request_with_one_invite_is_shown_and_not_admitted() {
    tell("a_second_request_with_one_invite_is_shown_and_not_admitted");
}

#[test]
fn what_was_on_the_screen_is_seen_and_what_was_not_is_not() {
    tell("what_was_on_the_screen_is_seen_and_what_was_not_is_not");
}
