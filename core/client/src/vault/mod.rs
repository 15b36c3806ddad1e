//! Where the root key is: the one key that all others of a home are wrapped with.
//!
//! A phone's vault is its platform's secret store, behind [`Vault`]. The terminal's is a file,
//! [`FileVault`].

mod file;
mod memory;

use std::fmt;

use zeroize::Zeroizing;

pub use file::FileVault;
pub(crate) use file::{KEY_FILE, KEY_FILE_NEW};
pub use memory::MemoryVault;

/// The root key of a home.
#[derive(Clone, PartialEq, Eq)]
pub struct RootKey(Zeroizing<[u8; 32]>);

impl RootKey {
    /// A root key of these bytes; they must be random.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for whoever keeps them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(..)")
    }
}

/// Why a vault did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The platform gives nothing out just now.
    #[error("the vault is locked; unlock this device and try again")]
    Locked,
    /// There is a key in it already, which may be another home's.
    #[error("there is a key in the vault already, maybe another home's; name another vault")]
    Taken,
    /// What is in it is not what was put there.
    #[error("the key in the vault is damaged; put a copy of it back")]
    Damaged,
    /// A newer version wrote it; nothing was touched.
    #[error("a newer version of Tandem wrote the vault (format {0}); use that version")]
    Newer(u32),
    /// It could not be used; what was said.
    #[error("the vault could not be used: {0}")]
    Failed(String),
}

/// Keeps one root key.
///
/// What a method did is durable when it returns. Each home has a vault of its own: forgetting a
/// thread replaces the key.
pub trait Vault: fmt::Debug + Send + Sync {
    /// The key, if there is one.
    ///
    /// # Errors
    /// [`VaultError`]; never for a vault that was never used.
    fn load(&self) -> Result<Option<RootKey>, VaultError>;

    /// Puts the first key in.
    ///
    /// # Errors
    /// [`VaultError`]; [`VaultError::Taken`] when there is one.
    fn create(&self, key: &RootKey) -> Result<(), VaultError>;

    /// Puts another key in the place of the one that is there, all or nothing.
    ///
    /// # Errors
    /// [`VaultError`]: which of the two is there is known by loading it.
    fn replace(&self, key: &RootKey) -> Result<(), VaultError>;

    /// Takes the key out, if there is one: what it wrapped is never opened again.
    ///
    /// # Errors
    /// [`VaultError`].
    fn delete(&self) -> Result<(), VaultError>;
}

#[cfg(test)]
mod tests;
