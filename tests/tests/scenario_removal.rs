//! Who is out, and stays so.

use tandem_tests::stories::tell;

#[test]
fn a_device_that_is_out_sees_so_and_reads_nothing_after() {
    tell("a_device_that_is_out_sees_so_and_reads_nothing_after");
}

#[test]
fn what_waits_on_a_device_that_is_out_is_stuck_with_its_reason() {
    tell("what_waits_on_a_device_that_is_out_is_stuck_with_its_reason");
}

#[test]
fn once_out_is_out_also_when_the_relay_has_lost_it() {
    tell("once_out_is_out_also_when_the_relay_has_lost_it");
}

#[test]
fn whoever_leaves_is_let_go_by_anybody() {
    tell("whoever_leaves_is_let_go_by_anybody");
}

#[test]
fn a_thread_that_a_member_stopped_goes_on_without_them() {
    tell("a_thread_that_a_member_stopped_goes_on_without_them");
}

#[test]
fn two_who_take_each_other_out_across_a_loss_are_both_out() {
    tell("two_who_take_each_other_out_across_a_loss_are_both_out");
}

#[test]
fn whoever_is_let_in_while_somebody_is_taken_out_is_in() {
    tell("whoever_is_let_in_while_somebody_is_taken_out_is_in");
}

#[test]
fn a_removal_that_waited_for_signal_leaves_with_it() {
    tell("a_removal_that_waited_for_signal_leaves_with_it");
}

#[test]
fn a_removal_that_the_relay_lost_counts_against_what_was_built_since() {
    tell("a_removal_that_the_relay_lost_counts_against_what_was_built_since");
}

#[test]
fn a_removal_that_only_its_author_still_has_is_made_anew() {
    tell("a_removal_that_only_its_author_still_has_is_made_anew");
}

#[test]
fn two_who_go_on_without_somebody_at_once_are_in_one_group() {
    tell("two_who_go_on_without_somebody_at_once_are_in_one_group");
}

#[test]
fn whoever_wants_somebody_out_or_back_crashes_at_every_commit_point_and_it_is_so() {
    tell("whoever_wants_somebody_out_or_back_crashes_at_every_commit_point_and_it_is_so");
}

#[test]
fn two_who_want_something_of_one_person_at_once_come_to_the_same() {
    tell("two_who_want_something_of_one_person_at_once_come_to_the_same");
}
