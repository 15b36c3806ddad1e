//! Stores that are wiped or restored from an older copy.

use tandem_tests::stories::tell;

#[test]
fn a_wiped_relay_is_filled_again() {
    tell("a_wiped_relay_is_filled_again");
}

#[test]
fn a_relay_from_an_hour_ago_gets_back_what_it_lost() {
    tell("a_relay_from_an_hour_ago_gets_back_what_it_lost");
}

#[test]
fn a_device_restored_from_a_copy_writes_and_nothing_collides() {
    tell("a_device_restored_from_a_copy_writes_and_nothing_collides");
}

#[test]
fn relay_and_device_are_both_restored_from_copies() {
    tell("relay_and_device_are_both_restored_from_copies");
}

#[test]
fn a_wiped_relay_gets_an_absent_authors_words_from_a_reader() {
    tell("a_wiped_relay_gets_an_absent_authors_words_from_a_reader");
}
