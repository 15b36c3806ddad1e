//! The suite's rigs, each with a sealed store over its own.

use tandem_engine::Key;

use super::Rig;
use crate::{MemoryVault, RootKey, SealedStore, Store, StoreError, Vault};

/// Any of them, sealed.
pub(super) struct Sealed<R> {
    rig: R,
    vault: MemoryVault,
}

impl<R: Rig> Sealed<R> {
    /// Where the disk has a record.
    fn place(&self, key: &Key) -> Key {
        self.open().unwrap().place_of(key).unwrap()
    }
}

impl<R: Rig> Rig for Sealed<R> {
    type Store = SealedStore<R::Store>;

    fn new() -> Self {
        Self { rig: R::new(), vault: MemoryVault::new() }
    }

    fn open(&self) -> Result<Self::Store, StoreError> {
        let inner = self.rig.open()?;
        if self.vault.load()?.is_some() {
            return SealedStore::open(inner, &self.vault, [9; 32]);
        }
        let root = RootKey::new([5; 32]);
        self.vault.create(&root)?;
        SealedStore::create(inner, &root, [8; 32])
    }

    fn after_power_cut(&self) -> Box<dyn Store> {
        let survivor = self.rig.after_power_cut();
        Box::new(SealedStore::open(survivor, &self.vault, [10; 32]).unwrap())
    }

    fn flip(&self, key: &Key) {
        self.rig.flip(&self.place(key));
    }

    fn misdirect(&self, from: &Key, to: &Key) {
        let (from, to) = (self.place(from), self.place(to));
        self.rig.misdirect(&from, &to);
    }

    fn set_format(&self, format: u32) {
        self.rig.set_format(format);
    }

    fn image(&self) -> Vec<u8> {
        self.rig.image()
    }
}
