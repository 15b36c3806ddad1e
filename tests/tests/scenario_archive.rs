//! The school's records: let in by a guardian, reading everything, heard by nobody.

use tandem_tests::stories::tell;

#[test]
fn a_guardian_lets_the_schools_records_in_and_the_school_alone_does_not() {
    tell("a_guardian_lets_the_schools_records_in_and_the_school_alone_does_not");
}

#[test]
fn what_the_schools_records_write_is_shown_to_nobody() {
    tell("what_the_schools_records_write_is_shown_to_nobody");
}

#[test]
fn what_only_the_schools_records_have_is_on_nobodys_phone() {
    tell("what_only_the_schools_records_have_is_on_nobodys_phone");
}

#[test]
fn the_schools_records_give_a_device_its_place_back_when_nobody_else_is_there() {
    tell("the_schools_records_give_a_device_its_place_back_when_nobody_else_is_there");
}

#[test]
fn records_that_were_taken_out_open_nothing_that_follows() {
    tell("records_that_were_taken_out_open_nothing_that_follows");
}
