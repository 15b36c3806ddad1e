//! What goes wrong, in as many kinds as a person can do something about.

use tandem_client::{ClientError, HomeError, SyncError, VaultError};
use tandem_engine::Trouble;
use tandem_proto::LinkError;

/// Why a call came to nothing. The kind says what a person can do; `code` names the case for a shell's
/// own words, `words` are the engine's, in English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TandemError {
    /// Change what was entered.
    #[error("{words}")]
    BadInput {
        /// Which case.
        code: String,
        /// Which field of an entry, if it is one.
        field: Option<String>,
        /// What is wrong with it.
        words: String,
    },
    /// Nothing to be done here by this person, or not any more.
    #[error("{words}")]
    NotAllowed {
        /// Which case.
        code: String,
        /// Why.
        words: String,
    },
    /// Try again when there is signal; everything waits here.
    #[error("{words}")]
    Unreachable {
        /// Which case.
        code: String,
        /// What happened.
        words: String,
    },
    /// Ask the school, or whoever runs the relay.
    #[error("{words}")]
    TurnedAway {
        /// Which case.
        code: String,
        /// What happened.
        words: String,
    },
    /// Unlock the phone, resume the home, or close it elsewhere, and try again.
    #[error("{words}")]
    Locked {
        /// Which case.
        code: String,
        /// What it is.
        words: String,
    },
    /// Free some space; nothing was kept of this.
    #[error("{words}")]
    NotKept {
        /// Which case.
        code: String,
        /// What the disk said.
        words: String,
    },
    /// Something here can't be read. Nothing was deleted: get help.
    #[error("{words}")]
    Damaged {
        /// Which case.
        code: String,
        /// What it is.
        words: String,
    },
    /// Install the newest version of the app.
    #[error("{words}")]
    UpdateNeeded {
        /// Which case.
        code: String,
        /// What wrote what is here.
        words: String,
    },
    /// It was cancelled, by whoever asked for it.
    #[error("{words}")]
    Cancelled {
        /// Which case.
        code: String,
        /// That nothing is lost.
        words: String,
    },
}

impl TandemError {
    /// The system did not give what is needed.
    pub(crate) fn system(why: &str) -> Self {
        Self::Damaged { code: "system".into(), words: format!("the system failed: {why}") }
    }

    pub(crate) fn cancelled() -> Self {
        Self::Cancelled { code: "cancelled".into(), words: "cancelled; nothing is lost".into() }
    }

    fn not_kept(words: String) -> Self {
        Self::NotKept { code: "not_kept".into(), words }
    }

    fn newer(words: String) -> Self {
        Self::UpdateNeeded { code: "newer_version".into(), words }
    }

    pub(crate) fn bad_link(error: &LinkError) -> Self {
        let words = error.to_string();
        Self::BadInput { code: "bad_link".into(), field: None, words }
    }
}

impl From<Trouble> for TandemError {
    fn from(trouble: Trouble) -> Self {
        let (code, words) = (trouble.name().to_owned(), trouble.to_string());
        match trouble {
            Trouble::MissingField { field, .. } => {
                Self::BadInput { code, field: Some(field.to_owned()), words }
            }
            Trouble::BadField { field, .. } => Self::BadInput { code, field: Some(field), words },
            Trouble::BadCode { .. }
            | Trouble::WrongCode
            | Trouble::UnknownKind(_)
            | Trouble::TooLong { .. }
            | Trouble::TooMany { .. }
            | Trouble::BadTerm { .. }
            | Trouble::OtherRelay => Self::BadInput { code, field: None, words },
            Trouble::UnknownThread
            | Trouble::UnknownEntry
            | Trouble::UnknownPerson
            | Trouble::UnknownInvite
            | Trouble::Erased
            | Trouble::NotAllowed(_)
            | Trouble::ReadsOnly
            | Trouble::ForRecords
            | Trouble::NotForRecords(_) => Self::NotAllowed { code, words },
            Trouble::Damaged(_) => Self::Damaged { code, words },
            Trouble::Newer(_) => Self::newer(words),
            Trouble::NotKept(_) => Self::not_kept(words),
        }
    }
}

impl From<ClientError> for TandemError {
    fn from(error: ClientError) -> Self {
        let words = error.to_string();
        match error {
            ClientError::Trouble(trouble) => trouble.into(),
            ClientError::Home(why) => why.into(),
            ClientError::Suspended => Self::Locked { code: "suspended".into(), words },
            ClientError::Closed => Self::Locked { code: "closed".into(), words },
        }
    }
}

impl From<SyncError> for TandemError {
    fn from(error: SyncError) -> Self {
        let words = error.to_string();
        let unreachable = |code: &str, words| Self::Unreachable { code: code.into(), words };
        let turned_away = |code: &str, words| Self::TurnedAway { code: code.into(), words };
        match error {
            SyncError::Unreachable => unreachable("relay_out_of_reach", words),
            SyncError::TimedOut => unreachable("timed_out", words),
            SyncError::WrongKey => turned_away("wrong_relay_key", words),
            SyncError::RelayClosed(_) => turned_away("relay_closed", words),
            SyncError::TurnedAway(_) => turned_away("turned_away", words),
            SyncError::NotKept(_) => Self::not_kept(words),
            SyncError::Home(why) => why.into(),
            SyncError::NotOpen => Self::Locked { code: "closed".into(), words },
        }
    }
}

impl From<HomeError> for TandemError {
    fn from(error: HomeError) -> Self {
        let words = error.to_string();
        let bad_input =
            |code: &str, words| Self::BadInput { code: code.into(), field: None, words };
        let locked = |code: &str, words| Self::Locked { code: code.into(), words };
        let damaged = |code: &str, words| Self::Damaged { code: code.into(), words };
        match error {
            HomeError::Exists(_) => bad_input("home_exists", words),
            HomeError::NotEmpty(_) => bad_input("not_empty", words),
            HomeError::NotAHome(_) => bad_input("no_home", words),
            HomeError::Profile(trouble) => trouble.into(),
            HomeError::Closed => locked("closed", words),
            HomeError::Held { .. } => locked("home_in_use", words),
            HomeError::Vault(VaultError::Locked) => locked("vault_locked", words),
            HomeError::Vault(VaultError::Newer(_)) | HomeError::Newer(_) => Self::newer(words),
            HomeError::Vault(VaultError::Taken) => bad_input("vault_taken", words),
            HomeError::Vault(VaultError::Damaged) => damaged("vault_damaged", words),
            HomeError::Vault(VaultError::Failed(_)) => damaged("vault_failed", words),
            HomeError::KeyMissing(_) => damaged("key_missing", words),
            HomeError::WrongKey(_) => damaged("wrong_key", words),
            HomeError::Full(_) => Self::NotKept { code: "full".into(), words },
            HomeError::Damaged { .. } => damaged("home_unreadable", words),
            HomeError::Files { .. } | HomeError::System(_) => damaged("system", words),
        }
    }
}
