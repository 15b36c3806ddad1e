//! Who is who: links that are over, people who were met, codes that are compared.

use tandem_tests::stories::tell;

#[test]
fn a_link_that_expired_or_was_revoked_says_so_and_another_lets_in() {
    tell("a_link_that_expired_or_was_revoked_says_so_and_another_lets_in");
}

#[test]
fn whoever_was_met_in_person_is_verified_for_everybody() {
    tell("whoever_was_met_in_person_is_verified_for_everybody");
}

#[test]
fn two_who_compare_codes_are_verified_and_a_wrong_code_is_told() {
    tell("two_who_compare_codes_are_verified_and_a_wrong_code_is_told");
}
