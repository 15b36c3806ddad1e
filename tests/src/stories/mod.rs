//! Told worlds: each a short story with a fixed schedule, and the planted bugs it is told against.

mod archive;
mod at_rest;
mod clocks;
mod crashes;
mod devices;
mod disputes;
mod erasure;
mod forgeries;
mod groups;
mod hostile;
mod hostile_member;
mod joining;
mod loss;
mod newer;
mod people;
mod quota;
mod refounding;
mod removal;
mod renewal;
mod replays;
mod rules;
mod suspended;
mod wishes;
mod year;

use tandem_proto::planted::Fault;

/// One story.
#[derive(Debug, Clone, Copy)]
pub struct Story {
    /// What it shows.
    pub name: &'static str,
    /// Tells it; panics when it goes otherwise.
    pub tell: fn(&'static str),
    /// The faults that it would catch.
    pub against: &'static [Fault],
}

macro_rules! stories {
    ($($module:ident :: $name:ident against [$($fault:ident),*],)*) => {
        /// All stories.
        pub const ALL: &[Story] = &[$(Story {
            name: stringify!($name),
            tell: $module::$name,
            against: &[$(Fault::$fault),*],
        },)*];
    };
}

stories! {
    joining::two_people_talk against [ReceiptBeforeSync, FanOutBeforeAppend],
    joining::what_was_on_the_screen_is_seen_and_what_was_not_is_not against [],
    joining::a_newcomer_joins_though_the_two_are_never_online_together against [],
    joining::a_second_request_with_one_invite_is_shown_and_not_admitted against [AdmitTwice],
    crashes::a_device_crashes_at_every_commit_point
        against [CursorBeforeChange, SpeakBeforePersist],
    crashes::a_full_disk_keeps_nothing_and_says_so against [SpeakBeforePersist],
    crashes::a_disk_that_is_full_while_somebody_is_let_in_holds_up_nobody_for_good against [],
    crashes::the_relay_is_killed_between_append_and_receipt against [SkipDedupe, ReceiptBeforeSync],
    crashes::the_relay_is_killed_at_every_commit_point
        against [ReceiptBeforeSync, FanOutBeforeAppend, SkipDedupe],
    crashes::a_slow_journal_is_waited_for against [ReceiptBeforeSync, FanOutBeforeAppend],
    crashes::words_after_a_restart_have_nonces_of_their_own against [NonceFromCounter],
    crashes::a_lagging_peer_gets_everything_without_reconnecting against [DropOnLag],
    erasure::an_erased_thread_is_gone_at_the_relay_and_stays_on_every_device
        against [ErasedComesBack],
    erasure::a_wiped_relay_takes_its_own_tombstone_from_any_device
        against [TombstoneNotShown, ErasedComesBack],
    erasure::a_relay_from_before_the_erasure_erases_again against [TombstoneNotShown],
    erasure::a_tombstone_that_their_relay_did_not_sign_stops_nothing against [BelieveAnyTombstone],
    erasure::whoever_has_left_forgets_a_thread_and_it_does_not_come_back against [],
    erasure::what_the_relay_has_erased_is_forgotten_by_whoever_wants_to against [],
    erasure::whoever_keeps_threads_for_a_term_forgets_one_after_a_silent_year against [],
    erasure::a_clock_that_jumps_ahead_ends_no_term against [ClockBelieved],
    erasure::words_that_have_not_left_outlast_the_term against [],
    loss::a_wiped_relay_is_filled_again against [CarryOnce, AckOnce],
    loss::a_relay_from_an_hour_ago_gets_back_what_it_lost against [TrustReceipt, CarryOnce],
    loss::a_device_restored_from_a_copy_writes_and_nothing_collides against [ReuseIncarnation],
    loss::relay_and_device_are_both_restored_from_copies against [ReuseIncarnation],
    loss::a_wiped_relay_gets_an_absent_authors_words_from_a_reader
        against [CarryOnce, IgnoreCarriedOwn],
    rules::a_receipt_the_log_does_not_confirm_is_dropped against [TrustReceipt],
    rules::an_unsigned_cursor_beyond_the_head_draws_no_generation against [UnsignedEvidence],
    rules::old_evidence_draws_no_generation against [OldEvidence],
    rules::a_copy_restored_twice_is_filled_twice_within_one_generation against [CarryOnce],
    rules::what_a_member_lacks_is_carried_to_it against [],
    rules::what_a_member_excepts_is_carried_again against [IgnoreExcept],
    rules::an_own_entry_met_in_a_carried_envelope_is_on_the_relay against [IgnoreCarriedOwn],
    rules::acknowledgements_return_in_a_new_generation against [AckOnce],
    disputes::junk_in_the_log_is_acknowledged_by_nobody against [AckRefused],
    disputes::ones_own_acknowledgement_proves_nothing against [OwnAckCounts],
    disputes::a_step_is_moved_by_its_owners_only against [StateByNonOwner],
    forgeries::a_forged_receipt_sends_nothing against [],
    forgeries::a_forged_acknowledgement_puts_nothing_on_their_phone against [],
    forgeries::an_envelope_said_again_is_said_once against [SkipDedupe],
    forgeries::an_envelope_of_another_thread_says_nothing_here against [AckRefused],
    forgeries::what_was_signed_in_one_thread_is_nobodys_word_in_another against [ThreadNotSigned],
    quota::what_is_over_a_quota_is_stuck_with_its_reason_and_the_rest_goes_on against [QuotaNotCounted],
    newer::what_a_newer_version_wrote_survives_in_records_of_every_kind against [],
    groups::what_was_said_before_somebody_came_is_handed_over_and_not_opened against [WelcomeWithoutItems, SealUnderFirstEpoch],
    groups::who_has_a_seat_comes_to_the_keys_of_links_that_it_has_not_read against [SeatStays],
    groups::a_link_whose_keys_nobody_has_any_more_stops_nobody against [IgnoreSeatRequests],
    groups::two_who_are_let_in_at_once_are_both_in against [],
    groups::two_links_that_waited_undo_none_that_was_faster against [],
    groups::words_that_waited_while_somebody_came_are_sealed_anew against [EpochNotChecked, NotSealedAgain],
    groups::a_device_copied_back_to_before_its_own_link_is_given_a_new_seat against [IgnoreSeatRequests],
    groups::a_founder_that_lost_its_seat_before_anybody_came_founds_the_group_anew against [],
    groups::a_relay_copied_back_over_several_links_has_everybody_in_one_epoch against [],
    groups::of_two_branches_one_wins_and_nobody_is_lost against [],
    renewal::a_device_with_new_keys_goes_on_in_every_thread against [],
    renewal::a_device_renews_without_signal_while_somebody_comes against [],
    renewal::keys_are_renewed_by_themselves_after_a_season against [],
    renewal::a_device_crashes_at_every_commit_of_a_renewal against [],
    renewal::a_device_whose_new_key_the_relay_has_lost_comes_back_with_the_one_before against [],
    renewal::a_renewal_that_relay_or_device_has_lost_is_made_good against [],
    removal::a_device_that_is_out_sees_so_and_reads_nothing_after against [ServeRemoved, SeatStays],
    removal::what_waits_on_a_device_that_is_out_is_stuck_with_its_reason against [],
    removal::once_out_is_out_also_when_the_relay_has_lost_it against [ForgetRemovals, ShowAfterRemoval],
    removal::whoever_leaves_is_let_go_by_anybody against [IgnoreFarewells],
    removal::a_thread_that_a_member_stopped_goes_on_without_them against [],
    refounding::two_who_go_on_without_somebody_at_once_are_in_one_group against [IgnoreSeatRequests],
    wishes::two_who_want_something_of_one_person_at_once_come_to_the_same against [],
    wishes::whoever_wants_somebody_out_or_back_crashes_at_every_commit_point_and_it_is_so against [IgnoreFarewells, SpeakBeforePersist],
    removal::two_who_take_each_other_out_across_a_loss_are_both_out against [],
    removal::a_removal_that_only_its_author_still_has_is_made_anew against [],
    removal::a_removal_that_the_relay_lost_counts_against_what_was_built_since against [ReceiptNotShown],
    removal::whoever_is_let_in_while_somebody_is_taken_out_is_in against [],
    removal::a_removal_that_waited_for_signal_leaves_with_it against [],
    people::a_link_that_expired_or_was_revoked_says_so_and_another_lets_in against [ExpiredInviteHonoured],
    people::whoever_was_met_in_person_is_verified_for_everybody against [],
    people::two_who_compare_codes_are_verified_and_a_wrong_code_is_told against [CodeOfOneSide],
    hostile::a_relay_that_withholds_makes_nothing_look_delivered against [],
    hostile::a_relay_that_shuffles_repeats_alters_or_replaces_shows_nothing_false against [],
    hostile::who_is_shown_another_log_signs_for_nothing_in_ours against [],
    hostile::who_is_shown_another_log_and_says_something_says_so_with_it against [HeadsIgnored],
    hostile::a_relay_that_swaps_welcomes_lets_nobody_in against [],
    hostile_member::a_link_that_does_not_do_what_it_says_stops_the_thread_and_its_author_is_named against [PolicySkipped],
    hostile_member::words_in_anothers_name_and_altered_words_are_shown_to_nobody against [SignatureSkipped],
    hostile_member::of_two_words_under_one_number_all_show_the_first_and_are_told_whose_they_are against [],
    hostile_member::words_from_long_ago_come_late_and_words_out_of_order_do_not_come against [LateNotTold],
    hostile_member::what_builds_on_what_nobody_has_waits_and_holds_nobody_up against [],
    hostile_member::what_comes_to_more_than_may_be_is_taken_in_by_nobody against [],
    hostile_member::who_is_shown_other_words_by_a_relay_that_helps_is_told_when_the_logs_meet against [],
    devices::a_second_device_gets_every_thread_and_both_are_heard against [],
    devices::a_second_device_comes_in_though_the_two_are_never_online_together against [],
    devices::what_only_two_devices_of_one_person_are_in_is_forgotten_when_one_is_out against [],
    devices::a_phone_put_back_gets_its_desk_from_the_persons_other_device against [IgnoreExcept],
    devices::a_lost_phone_is_replaced_and_opens_nothing_that_is_said_after against [],
    devices::a_lost_phone_is_replaced_in_every_thread_that_the_two_share against [],
    devices::an_offer_that_has_expired_or_was_used_lets_nobody_in against [ExpiredOfferTaken],
    devices::either_side_crashes_at_every_commit_point_and_the_device_comes_in against [],
    devices::what_a_lost_phone_said_while_its_helper_was_away_still_counts against [],
    devices::a_relay_that_forgets_the_letters_is_given_them_again against [],
    archive::a_guardian_lets_the_schools_records_in_and_the_school_alone_does_not against [AnybodysArchive],
    archive::what_the_schools_records_write_is_shown_to_nobody against [HearArchive],
    archive::what_only_the_schools_records_have_is_on_nobodys_phone against [],
    archive::the_schools_records_give_a_device_its_place_back_when_nobody_else_is_there against [],
    archive::records_that_were_taken_out_open_nothing_that_follows against [],
    replays::who_is_out_and_asks_again_with_the_link_that_let_them_in_is_given_nothing against [WelcomeWhoIsOut],
    replays::old_requests_offers_and_answers_that_are_served_again_give_nobody_a_seat against [],
    replays::an_old_request_for_a_seat_that_is_served_again_gives_no_second_one against [],
    suspended::a_device_that_is_suspended_is_not_served_and_loses_nothing against [SuspendedServed],
    at_rest::a_value_in_the_place_of_another_is_never_served against [PlaceNotBound],
    year::after_a_year_of_silence_all_catch_up_and_only_a_fresh_link_lets_in against [ExpiredInviteHonoured],
    year::a_seat_that_was_asked_for_a_year_ago_is_given against [IgnoreSeatRequests],
    clocks::a_clock_an_hour_off_stops_nothing against [],
    clocks::a_clock_ten_years_off_stops_nothing against [],
    clocks::a_clock_that_steps_back_stops_nothing against [],
    clocks::a_look_that_brings_nothing_says_all_the_same_when_it_was against [],
    clocks::a_relay_whose_clock_is_off_stops_nothing against [],
}

/// Tells the story of this name.
///
/// # Panics
/// When it goes otherwise, or there is none of this name.
pub fn tell(name: &str) {
    let story = ALL.iter().find(|story| story.name == name);
    let story = story.unwrap_or_else(|| panic!("there is no story {name}"));
    (story.tell)(story.name);
}
