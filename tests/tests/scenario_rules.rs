//! The eight rules for a relay that lost something.

use tandem_tests::stories::tell;

#[test]
fn a_receipt_the_log_does_not_confirm_is_dropped() {
    tell("a_receipt_the_log_does_not_confirm_is_dropped");
}

#[test]
fn an_unsigned_cursor_beyond_the_head_draws_no_generation() {
    tell("an_unsigned_cursor_beyond_the_head_draws_no_generation");
}

#[test]
fn old_evidence_draws_no_generation() {
    tell("old_evidence_draws_no_generation");
}

#[test]
fn a_copy_restored_twice_is_filled_twice_within_one_generation() {
    tell("a_copy_restored_twice_is_filled_twice_within_one_generation");
}

#[test]
fn what_a_member_excepts_is_carried_again() {
    tell("what_a_member_excepts_is_carried_again");
}

#[test]
fn what_a_member_lacks_is_carried_to_it() {
    tell("what_a_member_lacks_is_carried_to_it");
}

#[test]
fn an_own_entry_met_in_a_carried_envelope_is_on_the_relay() {
    tell("an_own_entry_met_in_a_carried_envelope_is_on_the_relay");
}

#[test]
fn acknowledgements_return_in_a_new_generation() {
    tell("acknowledgements_return_in_a_new_generation");
}
