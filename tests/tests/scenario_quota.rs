//! A relay that has no more room for a thread.

use tandem_tests::stories::tell;

#[test]
fn what_is_over_a_quota_is_stuck_with_its_reason_and_the_rest_goes_on() {
    tell("what_is_over_a_quota_is_stuck_with_its_reason_and_the_rest_goes_on");
}
