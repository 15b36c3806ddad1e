//! A device that is not served.

use tandem_tests::stories::tell;

#[test]
fn a_device_that_is_suspended_is_not_served_and_loses_nothing() {
    tell("a_device_that_is_suspended_is_not_served_and_loses_nothing");
}
