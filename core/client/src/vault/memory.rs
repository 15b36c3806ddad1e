//! A vault in memory, which fails on demand: for simulation and tests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{RootKey, Vault, VaultError};

#[derive(Debug, Default)]
struct Inside {
    key: Option<RootKey>,
    locked: bool,
    /// The next replacement fails: whether the new key is there all the same.
    fails: Option<bool>,
}

/// A key in memory. Clones are the same vault.
#[derive(Debug, Clone, Default)]
pub struct MemoryVault(Arc<Mutex<Inside>>);

impl MemoryVault {
    /// An empty vault.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives nothing out from now on, or again.
    pub fn lock(&self, locked: bool) {
        self.inside().locked = locked;
    }

    /// Makes the next replacement fail, before it was done or after.
    pub fn fail_replacing(&self, done: bool) {
        self.inside().fails = Some(done);
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unlocked(&self) -> Result<MutexGuard<'_, Inside>, VaultError> {
        Some(self.inside()).filter(|inside| !inside.locked).ok_or(VaultError::Locked)
    }
}

impl Vault for MemoryVault {
    fn load(&self) -> Result<Option<RootKey>, VaultError> {
        Ok(self.unlocked()?.key.clone())
    }

    fn create(&self, key: &RootKey) -> Result<(), VaultError> {
        let mut inside = self.unlocked()?;
        if inside.key.is_some() {
            return Err(VaultError::Taken);
        }
        inside.key = Some(key.clone());
        Ok(())
    }

    fn replace(&self, key: &RootKey) -> Result<(), VaultError> {
        let mut inside = self.unlocked()?;
        let fails = inside.fails.take();
        if fails != Some(false) {
            inside.key = Some(key.clone());
        }
        match fails {
            Some(_) => Err(VaultError::Failed("a failure that was asked for".into())),
            None => Ok(()),
        }
    }

    fn delete(&self) -> Result<(), VaultError> {
        self.unlocked()?.key = None;
        Ok(())
    }
}
