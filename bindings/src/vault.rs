//! The platform's secret store, behind a trait that the shell implements.

use std::{fmt, sync::Arc};

use tandem_client::{RootKey, Vault, VaultError};

/// Keeps the one key of a home: the Keychain on iOS, a key of the Keystore on Android.
///
/// Called on a thread of the store's, which may block. What a method did must be durable when it
/// returns. An exception that is not a [`KeyVaultError`] counts as one.
#[uniffi::export(foreign)]
pub trait KeyVault: Send + Sync {
    /// The key, 32 bytes, if there is one.
    ///
    /// # Errors
    /// [`KeyVaultError`]; never for a vault that was never used.
    fn load(&self) -> Result<Option<Vec<u8>>, KeyVaultError>;

    /// Puts the first key in.
    ///
    /// # Errors
    /// [`KeyVaultError`]; `Taken` when there is one.
    fn create(&self, key: Vec<u8>) -> Result<(), KeyVaultError>;

    /// Puts another key in the place of the one that is there, all or nothing.
    ///
    /// # Errors
    /// [`KeyVaultError`].
    fn replace(&self, key: Vec<u8>) -> Result<(), KeyVaultError>;

    /// Takes the key out, if there is one.
    ///
    /// # Errors
    /// [`KeyVaultError`].
    fn delete(&self) -> Result<(), KeyVaultError>;
}

/// Why a vault did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeyVaultError {
    /// The platform gives nothing out just now.
    #[error("locked")]
    Locked,
    /// There is a key in it already.
    #[error("taken")]
    Taken,
    /// What is in it is not what was put there.
    #[error("damaged")]
    Damaged,
    /// It could not be used.
    #[error("{reason}")]
    Failed {
        /// What was said.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeyVaultError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

impl From<KeyVaultError> for VaultError {
    fn from(trouble: KeyVaultError) -> Self {
        match trouble {
            KeyVaultError::Locked => Self::Locked,
            KeyVaultError::Taken => Self::Taken,
            KeyVaultError::Damaged => Self::Damaged,
            KeyVaultError::Failed { reason } => Self::Failed(reason),
        }
    }
}

/// A shell's vault as the client's.
pub(crate) struct Foreign(pub(crate) Arc<dyn KeyVault>);

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Foreign(..)")
    }
}

impl Foreign {
    /// Looks whether the platform did what it was asked. Not everything that it throws comes back: an `Error` of
    /// Kotlin's looks like success, and a key that is not there is a home that nothing opens.
    fn has(&self, key: Option<&RootKey>) -> Result<(), VaultError> {
        let there = self.load()?;
        if there.as_ref().map(RootKey::as_bytes) == key.map(RootKey::as_bytes) {
            Ok(())
        } else {
            Err(VaultError::Failed("the platform did not keep what it was given".to_owned()))
        }
    }
}

impl Vault for Foreign {
    fn load(&self) -> Result<Option<RootKey>, VaultError> {
        let root = |key: Vec<u8>| key.try_into().map(RootKey::new).map_err(|_| VaultError::Damaged);
        self.0.load()?.map(root).transpose()
    }

    fn create(&self, key: &RootKey) -> Result<(), VaultError> {
        self.0.create(key.as_bytes().to_vec())?;
        self.has(Some(key))
    }

    fn replace(&self, key: &RootKey) -> Result<(), VaultError> {
        self.0.replace(key.as_bytes().to_vec())?;
        self.has(Some(key))
    }

    fn delete(&self) -> Result<(), VaultError> {
        self.0.delete()?;
        self.has(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says that it did everything, and has done nothing: what a platform looks like whose failure is not told.
    struct Idle(Option<Vec<u8>>);

    impl KeyVault for Idle {
        fn load(&self) -> Result<Option<Vec<u8>>, KeyVaultError> {
            Ok(self.0.clone())
        }

        fn create(&self, _key: Vec<u8>) -> Result<(), KeyVaultError> {
            Ok(())
        }

        fn replace(&self, _key: Vec<u8>) -> Result<(), KeyVaultError> {
            Ok(())
        }

        fn delete(&self) -> Result<(), KeyVaultError> {
            Ok(())
        }
    }

    #[test]
    fn a_vault_that_did_not_do_what_it_says_has_failed() {
        let key = RootKey::new([1; 32]);
        let empty = Foreign(Arc::new(Idle(None)));
        assert!(matches!(empty.create(&key), Err(VaultError::Failed(_))));
        let other = Foreign(Arc::new(Idle(Some(vec![2; 32]))));
        assert!(matches!(other.replace(&key), Err(VaultError::Failed(_))));
        assert!(matches!(other.delete(), Err(VaultError::Failed(_))));
        let same = Foreign(Arc::new(Idle(Some(vec![1; 32]))));
        assert!(same.create(&key).is_ok() && same.replace(&key).is_ok() && empty.delete().is_ok());
    }
}
