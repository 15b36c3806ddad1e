//! New keys for a device.

use tandem_tests::stories::tell;

#[test]
fn a_device_with_new_keys_goes_on_in_every_thread() {
    tell("a_device_with_new_keys_goes_on_in_every_thread");
}

#[test]
fn a_device_renews_without_signal_while_somebody_comes() {
    tell("a_device_renews_without_signal_while_somebody_comes");
}

#[test]
fn keys_are_renewed_by_themselves_after_a_season() {
    tell("keys_are_renewed_by_themselves_after_a_season");
}

#[test]
fn a_device_crashes_at_every_commit_of_a_renewal() {
    tell("a_device_crashes_at_every_commit_of_a_renewal");
}

#[test]
fn a_renewal_that_relay_or_device_has_lost_is_made_good() {
    tell("a_renewal_that_relay_or_device_has_lost_is_made_good");
}

#[test]
fn a_device_whose_new_key_the_relay_has_lost_comes_back_with_the_one_before() {
    tell("a_device_whose_new_key_the_relay_has_lost_comes_back_with_the_one_before");
}
