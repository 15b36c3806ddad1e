//! What is in a home's files.

use tandem_tests::stories::tell;

#[test]
fn a_value_in_the_place_of_another_is_never_served() {
    tell("a_value_in_the_place_of_another_is_never_served");
}
