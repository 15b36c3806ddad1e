//! Things that are signed with the wrong key, or said again.

use tandem_tests::stories::tell;

#[test]
fn a_forged_receipt_sends_nothing() {
    tell("a_forged_receipt_sends_nothing");
}

#[test]
fn a_forged_acknowledgement_puts_nothing_on_their_phone() {
    tell("a_forged_acknowledgement_puts_nothing_on_their_phone");
}

#[test]
fn an_envelope_said_again_is_said_once() {
    tell("an_envelope_said_again_is_said_once");
}

#[test]
fn an_envelope_of_another_thread_says_nothing_here() {
    tell("an_envelope_of_another_thread_says_nothing_here");
}

#[test]
fn what_was_signed_in_one_thread_is_nobodys_word_in_another() {
    tell("what_was_signed_in_one_thread_is_nobodys_word_in_another");
}
