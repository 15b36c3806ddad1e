//! Forgetting a thread for good: its key goes, and with it whatever copies of its words the disk still
//! has in places that nobody names any more.
//!
//! Its wrapped key may be in such places too, so the root key that opens it has to go. Three steps,
//! each whole or not there:
//!
//! 1. **Commit.** The thread's records and its wrapped key go. All other keys are wrapped by a new
//!    root key beside the old one's, and what belongs to no thread is sealed anew under a new key:
//!    links and requests of the thread were among it.
//! 2. **Vault.** The new root key takes the old one's place.
//! 3. **Commit.** What the old root key wrapped, and what was sealed anew, goes.
//!
//! After the first the store opens with the old root key, after the second with the new one. An
//! opening that finds keys of another root key than the vault's was cut off between: it drops them,
//! and rotates again.

use rand_chacha::ChaCha20Rng;
use tandem_engine::{Batch, Key, Write};
use tandem_proto::ThreadId;

use super::{
    SealedStore, no_key,
    ring::{Alias, Foreign, Id, OwnerKey, RING, Ring, Root, random, wrap},
};
use crate::{
    RootKey, Vault,
    store::{Record, Store, StoreError},
};

/// The two commits of a rotation, and what counts after them.
struct Plan {
    first: Batch,
    last: Batch,
    ring: Ring,
}

impl<S: Store> SealedStore<S> {
    /// Forgets a thread for good, and takes a new root key.
    ///
    /// Only what is under the thread's own keys goes: what is said of it elsewhere (an invite, a join)
    /// has to be removed before.
    ///
    /// # Errors
    /// [`StoreError`]: the home opens all the same, and whether the thread is there is known then.
    /// Until then nothing more is taken.
    pub fn forget(&self, thread: &ThreadId, vault: &dyn Vault) -> Result<(), StoreError> {
        let known = self.ring.borrow().owner(Some(thread.as_bytes())).is_some();
        if known { self.rotate(Some(thread.as_bytes()), vault) } else { Ok(()) }
    }

    /// Takes a new root key.
    pub(super) fn rotate(&self, gone: Option<&Id>, vault: &dyn Vault) -> Result<(), StoreError> {
        let rotated = self.rotate_or_stop(gone, vault);
        rotated.inspect_err(|error| {
            // The first reason stands.
            let _ = self.closed.set(error.to_string());
        })
    }

    fn rotate_or_stop(&self, gone: Option<&Id>, vault: &dyn Vault) -> Result<(), StoreError> {
        let mut rng = self.rng.borrow_mut();
        let root = RootKey::new(random(&mut rng));
        let plan = self.plan(&Root::of(&root), gone, &mut rng)?;
        self.inner.commit(&plan.first)?;
        vault.replace(&root)?;
        self.inner.commit(&plan.last)?;
        self.ring.replace(plan.ring);
        self.foreign.replace(Foreign::default());
        Ok(())
    }

    fn plan(
        &self,
        root: &Root,
        gone: Option<&Id>,
        rng: &mut ChaCha20Rng,
    ) -> Result<Plan, StoreError> {
        let (ring, foreign) = (self.ring.borrow(), self.foreign.borrow());
        let (mut first, mut last) = (Batch::new(), Batch::new());
        foreign.places.iter().for_each(|place| first.push(Write::Delete(place.clone())));
        let gone = gone.and_then(|id| ring.owner(Some(id)));
        for alias in foreign.aliases.iter().chain(gone.map(|owner| &owner.alias)) {
            for (place, _) in self.all_of(alias)? {
                first.push(Write::Delete(place));
            }
        }
        let home = OwnerKey::draw(None, rng);
        let old_home = ring.owner(None).ok_or_else(no_key)?;
        for (place, stored) in self.all_of(&old_home.alias)? {
            let (key, value) = ring.open(&place, stored)?;
            let (kind, rest) = key.as_bytes().split_first().ok_or_else(no_key)?;
            first.push(home.seal(*kind, rest, &value, rng)?);
            last.push(Write::Delete(place));
        }
        let stays = |owner: &&OwnerKey| Some(owner.alias) != gone.map(|gone| gone.alias);
        let mut next = vec![home];
        for owner in ring.owners() {
            let batch = if stays(&owner) { &mut last } else { &mut first };
            batch.push(Write::Delete(ring.place(owner)));
            if owner.thread.is_some() && stays(&owner) {
                next.push(owner.clone());
            }
        }
        for owner in &next {
            first.push(wrap(root, owner, rng)?);
        }
        let ring = Ring::new(root.clone(), next).ok_or_else(no_key)?;
        Ok(Plan { first, last, ring })
    }

    /// Every record under an alias, of whatever kind.
    fn all_of(&self, alias: &Alias) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::new();
        for kind in RING + 1..=u8::MAX {
            records.extend(self.inner.scan(&Key::new([&[kind][..], alias].concat()))?);
        }
        Ok(records)
    }
}
