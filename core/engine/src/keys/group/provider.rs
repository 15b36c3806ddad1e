//! What the MLS library works with during one operation: primitives, randomness, a map of values.

use std::{collections::BTreeMap, sync::PoisonError};

use openmls_memory_storage::MemoryStorage;
use openmls_traits::OpenMlsProvider;
use tandem_proto::derive_key;
use zeroize::Zeroize as _;

use super::crypto::Crypto;

/// One operation's provider.
pub(super) struct Provider {
    crypto: Crypto,
    storage: MemoryStorage,
}

/// The values that the library keeps, by its keys.
pub(super) type Values = BTreeMap<Vec<u8>, Vec<u8>>;

impl Provider {
    /// For an operation that draws. All that the operation depends on goes into its randomness, so
    /// that a seed used for two of them does not put one secret into both.
    pub(super) fn seeded(seed: &[u8; 32], inputs: &[&[u8]]) -> Self {
        let inputs: Vec<&[u8]> = std::iter::once(&seed[..]).chain(inputs.iter().copied()).collect();
        Self {
            crypto: Crypto::seeded(derive_key("tandem/group/operation/1", &inputs)),
            storage: MemoryStorage::default(),
        }
    }

    /// For an operation that draws nothing.
    pub(super) fn unseeded() -> Self {
        Self { crypto: Crypto::unseeded(), storage: MemoryStorage::default() }
    }

    /// With these values in its storage.
    pub(super) fn holding(self, values: Values) -> Self {
        self.storage.values.write().unwrap_or_else(PoisonError::into_inner).extend(values);
        self
    }

    /// All that the storage holds, in order.
    pub(super) fn values(&self) -> Values {
        let values = self.storage.values.read().unwrap_or_else(PoisonError::into_inner);
        values.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

/// The values are secrets; the library leaves them where they were.
impl Drop for Provider {
    fn drop(&mut self) {
        let mut values = self.storage.values.write().unwrap_or_else(PoisonError::into_inner);
        values.values_mut().for_each(|value| value.zeroize());
    }
}

impl OpenMlsProvider for Provider {
    type CryptoProvider = Crypto;
    type RandProvider = Crypto;
    type StorageProvider = MemoryStorage;

    fn storage(&self) -> &MemoryStorage {
        &self.storage
    }

    fn crypto(&self) -> &Crypto {
        &self.crypto
    }

    fn rand(&self) -> &Crypto {
        &self.crypto
    }
}
