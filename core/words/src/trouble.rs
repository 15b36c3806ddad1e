//! What went wrong, by the name of the case.

use crate::Phrase;

/// The cases that have words of their own.
pub const TROUBLES: [&str; 43] = [
    "bad_code",
    "bad_field",
    "bad_link",
    "bad_term",
    "cancelled",
    "closed",
    "damaged",
    "erased",
    "full",
    "home_exists",
    "home_in_use",
    "home_unreadable",
    "key_missing",
    "missing_field",
    "newer_version",
    "no_home",
    "not_allowed",
    "not_empty",
    "not_kept",
    "other_relay",
    "reads_only",
    "relay_closed",
    "relay_out_of_reach",
    "suspended",
    "system",
    "timed_out",
    "too_long",
    "too_many",
    "turned_away",
    "unknown_entry",
    "unknown_invite",
    "unknown_kind",
    "unknown_person",
    "unknown_thread",
    "vault_damaged",
    "vault_failed",
    "vault_locked",
    "vault_taken",
    "wrong_code",
    "wrong_key",
    "wrong_relay_key",
    "wrong_role",
    // Words for what no case has.
    "other",
];

/// What is said of a trouble: `code` names the case, `field` the field of an entry that it is about.
#[must_use]
pub fn trouble(code: &str, field: Option<&str>) -> Phrase {
    if !TROUBLES.contains(&code) {
        return Phrase::new("error.other");
    }
    let said = Phrase::new(&format!("error.{code}"));
    match (code, field) {
        ("missing_field" | "bad_field", Some(field)) => said.field(field),
        // It is about a field that nobody named.
        ("missing_field" | "bad_field", None) => said.field("text"),
        _ => said,
    }
}
