//! What makes a store's files unreadable without the root key.
//!
//! It stands between the driver and the store that has the files. A record goes on under another key,
//! with its value sealed:
//!
//! | bytes of the disk's key | what |
//! |---|---|
//! | 1 | the kind, as it is |
//! | 16 | the alias of the thread, or of what belongs to none |
//! | 16 | a keyed hash of what else the record's key says; nothing where that is nothing |
//!
//! So a scan of a kind, or of a thread's records of a kind, is a scan of the disk; what a key really
//! says is sealed with the value, and a scan's answer is put in its order again (`docs/adr/0015`).

mod forget;
mod ring;
mod value;

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
};

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tandem_engine::{Batch, Key, Write};
use tandem_proto::ThreadId;

use self::ring::{Foreign, Id, OwnerKey, RING, Ring, is_ring, wrap};
use super::{Record, Salvaged, Store, StoreError, resident};
use crate::{RootKey, Vault};

/// No sealed record's key is shorter, and the key of the person's own record was one byte.
const SHORTEST: usize = 17;

/// A store whose values are sealed, over one that has the files.
#[derive(Debug)]
pub struct SealedStore<S> {
    inner: S,
    ring: RefCell<Ring>,
    foreign: RefCell<Foreign>,
    rng: RefCell<ChaCha20Rng>,
    closed: OnceCell<String>,
}

impl<S: Store> SealedStore<S> {
    /// Begins sealing in a store that holds nothing. `seed` must be fresh: keys and nonces are drawn
    /// from it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create(inner: S, root: &RootKey, seed: [u8; 32]) -> Result<Self, StoreError> {
        let mut rng = ChaCha20Rng::from_seed(seed);
        let (ring, begun) = Ring::begin(root, &mut rng)?;
        let mut batch = Batch::new();
        batch.push(begun);
        inner.commit(&batch)?;
        Ok(Self::of(inner, ring, Foreign::default(), rng))
    }

    /// Goes on in a store that was begun so, with the vault's key. `seed` must be fresh.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::WrongKey`] when another root key wrapped its keys.
    pub fn open(inner: S, vault: &dyn Vault, seed: [u8; 32]) -> Result<Self, StoreError> {
        let root = vault.load()?.ok_or(StoreError::KeyMissing)?;
        let wrapped = inner.scan(&Key::new(vec![RING]))?;
        Self::open_over(inner, &wrapped, &root, vault, seed).map(|(store, _)| store)
    }

    /// The same, where the wrapped keys were read already; and whether an unfinished rotation was
    /// finished, so that what was read is no longer what the disk has.
    pub(crate) fn open_over(
        inner: S,
        wrapped: &[Record],
        root: &RootKey,
        vault: &dyn Vault,
        seed: [u8; 32],
    ) -> Result<(Self, bool), StoreError> {
        let (ring, foreign) = whole_ring(root, wrapped)?;
        let unfinished = !foreign.places.is_empty();
        let this = Self::of(inner, ring, foreign, ChaCha20Rng::from_seed(seed));
        if unfinished {
            this.rotate(None, vault)?;
        }
        Ok((this, unfinished))
    }

    fn of(inner: S, ring: Ring, foreign: Foreign, rng: ChaCha20Rng) -> Self {
        let (ring, foreign, rng) = (RefCell::new(ring), RefCell::new(foreign), RefCell::new(rng));
        Self { inner, ring, foreign, rng, closed: OnceCell::new() }
    }

    /// The store that has the files.
    pub(crate) const fn inner(&self) -> &S {
        &self.inner
    }

    /// What an engine needs at its opening, of sealed records that were read already.
    pub(crate) fn open_all(&self, records: Vec<Record>) -> Result<Vec<Record>, StoreError> {
        self.ring.borrow().open_all(records)
    }

    /// Every resident record as the disk has it.
    pub(crate) fn sealed_resident(&self) -> Result<Vec<Record>, StoreError> {
        resident(&self.inner)
    }

    fn seal_all(&self, batch: &Batch) -> Result<(Batch, Vec<OwnerKey>), StoreError> {
        let (ring, mut rng) = (self.ring.borrow(), self.rng.borrow_mut());
        let (mut out, mut drawn) = (Batch::new(), BTreeMap::<Id, OwnerKey>::new());
        for write in batch.writes() {
            let (Write::Put(key, _) | Write::Delete(key)) = write;
            let (kind, thread, rest) = parts(key)?;
            let known = ring.owner(thread).or_else(|| drawn.get(thread?));
            match (write, known, thread) {
                (Write::Put(_, value), Some(owner), _) => {
                    out.push(owner.seal(kind, rest, value, &mut rng)?);
                }
                (Write::Put(_, value), None, Some(id)) => {
                    let owner = OwnerKey::draw(Some(*id), &mut rng);
                    out.push(wrap(&ring.root, &owner, &mut rng)?);
                    out.push(owner.seal(kind, rest, value, &mut rng)?);
                    drawn.insert(*id, owner);
                }
                (Write::Put(..), None, None) => return Err(no_key()),
                (Write::Delete(_), Some(owner), _) => {
                    out.push(Write::Delete(Key::new(owner.place(kind, rest))));
                }
                // Nothing of a thread without a key is here.
                (Write::Delete(_), None, _) => {}
            }
        }
        Ok((out, drawn.into_values().collect()))
    }
}

impl<S: Store> Store for SealedStore<S> {
    fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        let (kind, thread, rest) = parts(key)?;
        let ring = self.ring.borrow();
        let Some(owner) = ring.owner(thread) else { return Ok(None) };
        let place = Key::new(owner.place(kind, rest));
        let Some(stored) = self.inner.load(&place)? else { return Ok(None) };
        ring.open(&place, stored).map(|(_, value)| Some(value))
    }

    fn scan(&self, prefix: &Key) -> Result<Vec<Record>, StoreError> {
        if prefix.is_whole() {
            // Nothing else begins with it, and the disk has it in one place.
            return Ok(self
                .load(prefix)?
                .map(|value| (prefix.clone(), value))
                .into_iter()
                .collect());
        }
        let ring = self.ring.borrow();
        let places = match (prefix.as_bytes().first(), parts(prefix)) {
            (Some(&RING), _) => return Ok(Vec::new()),
            (Some(_), Ok((kind, thread @ Some(_), _))) => match ring.owner(thread) {
                Some(owner) => owner.places(kind),
                None => return Ok(Vec::new()),
            },
            (Some(kind), _) => vec![*kind],
            (None, _) => Vec::new(),
        };
        let mut records = ring.open_all(self.inner.scan(&Key::new(places))?)?;
        records.retain(|(key, _)| key.as_bytes().starts_with(prefix.as_bytes()));
        Ok(records)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        if let Some(why) = self.closed.get() {
            return Err(StoreError::Closed(why.clone()));
        }
        let (sealed, drawn) = self.seal_all(batch)?;
        self.inner.commit(&sealed)?;
        let mut ring = self.ring.borrow_mut();
        drawn.into_iter().for_each(|owner| ring.add(owner));
        Ok(())
    }

    fn tidy(&self, idle: bool) -> Result<bool, StoreError> {
        self.inner.tidy(idle)
    }

    fn forget(&self, thread: &ThreadId, vault: Option<&dyn Vault>) -> Result<(), StoreError> {
        Self::forget(self, thread, vault.ok_or(StoreError::KeyMissing)?)
    }
}

/// What an engine needs at its opening, of resident records that were written down apart; `None` when
/// that can't be said without the store itself.
pub(crate) fn preview(root: &RootKey, sealed: &[Record]) -> Option<Vec<Record>> {
    let (ring, foreign) = whole_ring(root, sealed).ok()?;
    let ours = sealed.iter().filter(|(place, _)| !foreign.has(place));
    ring.open_all(ours.cloned().collect()).ok()
}

/// Whether records are of a store from before there was sealing.
pub(crate) fn are_unsealed(records: &[Record]) -> bool {
    records.iter().any(|(key, _)| key.as_bytes().len() < SHORTEST)
}

/// Of what could be read of a damaged store, that which opens; still sealed. What does not open is
/// lost, and so is what belongs to a thread whose key is.
pub(crate) fn sound(root: &RootKey, salvaged: Salvaged) -> Result<Salvaged, StoreError> {
    let (records, mut lost) = salvaged;
    let (ring, lost_keys, foreign) = Ring::read(root, &records)?;
    lost += lost_keys;
    let mut kept = Vec::with_capacity(records.len());
    for (place, stored) in records {
        let sound = match is_ring(&place) {
            true => ring.has(&place) || foreign.places.contains(&place),
            false => foreign.has(&place) || ring.open(&place, stored.clone()).is_ok(),
        };
        if sound {
            kept.push((place, stored));
        } else {
            lost += usize::from(!is_ring(&place));
        }
    }
    Ok((kept, lost))
}

fn whole_ring(root: &RootKey, records: &[Record]) -> Result<(Ring, Foreign), StoreError> {
    match Ring::read(root, records)? {
        (ring, 0, foreign) => Ok((ring, foreign)),
        _ => Err(StoreError::Damaged("its wrapped keys".into())),
    }
}

/// A key's kind, the thread whose it is, and what else it says. What has 20 bytes or more behind the
/// kind begins with a thread's id there.
fn parts(key: &Key) -> Result<(u8, Option<&Id>, &[u8]), StoreError> {
    let (kind, rest) =
        key.as_bytes().split_first().filter(|(kind, _)| **kind != RING).ok_or_else(|| {
            StoreError::Disk("a record without a kind, or of the store's own".into())
        })?;
    Ok(match rest.split_first_chunk() {
        Some((id, rest)) => (*kind, Some(id), rest),
        None => (*kind, None, rest),
    })
}

fn no_key() -> StoreError {
    StoreError::Damaged("its wrapped keys".into())
}

#[cfg(test)]
impl<S: Store> SealedStore<S> {
    /// Where the disk has a record.
    pub(crate) fn place_of(&self, key: &Key) -> Option<Key> {
        let (kind, thread, rest) = parts(key).ok()?;
        Some(Key::new(self.ring.borrow().owner(thread)?.place(kind, rest)))
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
