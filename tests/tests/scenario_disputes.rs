//! Things that are said and not so.

use tandem_tests::stories::tell;

#[test]
fn junk_in_the_log_is_acknowledged_by_nobody() {
    tell("junk_in_the_log_is_acknowledged_by_nobody");
}

#[test]
fn ones_own_acknowledgement_proves_nothing() {
    tell("ones_own_acknowledgement_proves_nothing");
}

#[test]
fn a_step_is_moved_by_its_owners_only() {
    tell("a_step_is_moved_by_its_owners_only");
}
