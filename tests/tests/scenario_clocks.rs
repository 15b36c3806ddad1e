//! Clocks that are wrong.

use tandem_tests::stories::tell;

#[test]
fn a_clock_an_hour_off_stops_nothing() {
    tell("a_clock_an_hour_off_stops_nothing");
}

#[test]
fn a_clock_ten_years_off_stops_nothing() {
    tell("a_clock_ten_years_off_stops_nothing");
}

#[test]
fn a_clock_that_steps_back_stops_nothing() {
    tell("a_clock_that_steps_back_stops_nothing");
}

#[test]
fn a_relay_whose_clock_is_off_stops_nothing() {
    tell("a_relay_whose_clock_is_off_stops_nothing");
}

#[test]
fn a_look_that_brings_nothing_says_all_the_same_when_it_was() {
    tell("a_look_that_brings_nothing_says_all_the_same_when_it_was");
}
