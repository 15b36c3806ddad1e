//! Sealing a home from before there was sealing.
//!
//! The sealed store is made beside the old one, then its root key goes into the vault, then it gets
//! the old one's name, and the old one is removed. Whoever is cut off between finds both, or only the
//! new one.

use std::{fs, path::Path};

use tandem_engine::Key;

use super::{
    HomeError, PATH, STORE, STORE_NEW, STORE_UNSEALED, broken,
    ladder::{Climbed, Ladder, fill, open},
    seed_of_store,
};
use crate::{
    RootKey, SealedStore,
    clock::fresh_seed,
    store::{PhoneStore, Record, Store, StoreError},
};

impl Ladder<'_> {
    /// Seals a store from before there was sealing.
    pub(super) fn seal(self) -> Result<Climbed, HomeError> {
        let failed = |error| broken(self.home, error);
        if self.root.is_some() {
            return self.seal_on();
        }
        let (store, _) = open(&self.home.join(STORE)).map_err(failed)?;
        let records = store.scan(&Key::new(Vec::new())).map_err(failed)?;
        drop(store);
        let old = self.home.join(STORE_UNSEALED);
        let climbed = self.seal_records(records, &old)?;
        tracing::info!("the store is sealed now");
        Ok(climbed)
    }

    /// The vault has a key already: the store that it seals was made, and only has to get its name.
    /// Anything else is no work of ours: words that nobody sealed are not taken for this home's.
    fn seal_on(self) -> Result<Climbed, HomeError> {
        let new = self.home.join(STORE_NEW);
        let found = open(&new).and_then(|(store, sealed)| {
            let root = self.root.as_ref().ok_or(StoreError::KeyMissing)?;
            self.unseal(store, sealed, root)
        });
        if found.is_err() {
            let why = "its store is not sealed, though there is a key for it".into();
            return Err(HomeError::Damaged { home: self.home.into(), why });
        }
        drop(found);
        let aside = self.home.join(STORE_UNSEALED);
        self.finish_sealing(&aside)
    }

    /// Puts a sealed store of these records in the place of the one that is there, which is set aside.
    pub(super) fn seal_records(
        mut self,
        records: Vec<Record>,
        aside: &Path,
    ) -> Result<Climbed, HomeError> {
        let failed = |error| broken(self.home, error);
        let root = RootKey::new(fresh_seed()?);
        let new = self.place_for_new()?;
        let sealed = PhoneStore::create(&new)
            .and_then(|store| SealedStore::create(store, &root, seed_of_store()?))
            .and_then(|store| fill(&store, records));
        sealed.map_err(failed)?;
        // From here on the new store counts: see `seal_on`.
        self.vault.create(&root)?;
        self.root = Some(root);
        self.finish_sealing(aside)
    }

    fn finish_sealing(self, aside: &Path) -> Result<Climbed, HomeError> {
        self.swap_in(aside)?;
        super::remove_unsealed(self.home)?;
        // It named the relay once; it may be missing.
        let _ = fs::remove_file(self.home.join(PATH));
        self.opened_again()
    }
}
