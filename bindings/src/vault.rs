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

impl Vault for Foreign {
    fn load(&self) -> Result<Option<RootKey>, VaultError> {
        let root = |key: Vec<u8>| key.try_into().map(RootKey::new).map_err(|_| VaultError::Damaged);
        self.0.load()?.map(root).transpose()
    }

    fn create(&self, key: &RootKey) -> Result<(), VaultError> {
        Ok(self.0.create(key.as_bytes().to_vec())?)
    }

    fn replace(&self, key: &RootKey) -> Result<(), VaultError> {
        Ok(self.0.replace(key.as_bytes().to_vec())?)
    }

    fn delete(&self) -> Result<(), VaultError> {
        Ok(self.0.delete()?)
    }
}
