//! The keys of a home, and the names that threads have on the disk.
//!
//! Each thread has a random key, and what belongs to no thread has one. The disk has them wrapped by
//! the root key, each in a record of its own:
//!
//! | bytes of its key | what |
//! |---|---|
//! | 1 | 0: no record of the engine has this kind |
//! | 8 | which root key wrapped it, a hash of that |
//! | 16 | the alias of whose it is |
//!
//! | bytes, sealed | what |
//! |---|---|
//! | 32 | the key |
//! | 20 | the thread's id; without it, the key is for what belongs to no thread |
//!
//! An alias is a keyed hash under the key itself. So who has no key can't say which threads these
//! are, and once a thread's key is gone nobody can say that it was here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use tandem_engine::{Key, Write};
use tandem_proto::{ThreadId, derive_key, keyed_hash};
use zeroize::Zeroizing;

use super::value::{self, NONCE};
use crate::{
    RootKey, StoreError,
    store::{Record, value::damaged},
};

/// The kind of wrapped keys.
pub(super) const RING: u8 = 0;

const ROOT_ID: usize = 8;
const ALIAS: usize = 16;

/// What stands for a thread, or for none, on the disk.
pub(super) type Alias = [u8; ALIAS];

/// A thread's id as bytes.
pub(super) type Id = [u8; ThreadId::LEN];

/// The root key, as what it is used for.
#[derive(Clone)]
pub(super) struct Root {
    id: [u8; ROOT_ID],
    wrap: Zeroizing<[u8; 32]>,
}

impl Root {
    pub(super) fn of(key: &RootKey) -> Self {
        let mut id = [0; ROOT_ID];
        let whole = derive_key("tandem/at-rest-root-id/1", &[key.as_bytes()]);
        id.copy_from_slice(&whole[..ROOT_ID]);
        let wrap = Zeroizing::new(derive_key("tandem/at-rest-wrap/1", &[key.as_bytes()]));
        Self { id, wrap }
    }

    /// Where the disk has what this root key wrapped for an alias.
    fn place(&self, alias: &Alias) -> Vec<u8> {
        [&[RING][..], &self.id, alias].concat()
    }
}

/// What seals the records of one thread, or of none.
#[derive(Clone)]
pub(super) struct OwnerKey {
    pub(super) thread: Option<Id>,
    pub(super) alias: Alias,
    key: Zeroizing<[u8; 32]>,
    seals: Zeroizing<[u8; 32]>,
    names: Zeroizing<[u8; 32]>,
}

impl OwnerKey {
    fn of(thread: Option<Id>, key: Zeroizing<[u8; 32]>) -> Self {
        let seals = Zeroizing::new(derive_key("tandem/at-rest-value/1", &[&*key]));
        let names = Zeroizing::new(derive_key("tandem/at-rest-alias/1", &[&*key]));
        let alias = half(keyed_hash(&names, &[thread.as_ref().map_or(&[], |id| &id[..])]));
        Self { thread, alias, key, seals, names }
    }

    pub(super) fn draw(thread: Option<Id>, rng: &mut ChaCha20Rng) -> Self {
        Self::of(thread, Zeroizing::new(random(rng)))
    }

    /// Where all records of a kind are.
    pub(super) fn places(&self, kind: u8) -> Vec<u8> {
        [&[kind][..], &self.alias].concat()
    }

    /// Where one record is.
    pub(super) fn place(&self, kind: u8, rest: &[u8]) -> Vec<u8> {
        let mut place = self.places(kind);
        if !rest.is_empty() {
            place.extend_from_slice(&half(keyed_hash(&self.names, &[&[kind], rest])));
        }
        place
    }

    pub(super) fn seal(
        &self,
        kind: u8,
        rest: &[u8],
        value: &[u8],
        rng: &mut ChaCha20Rng,
    ) -> Result<Write, StoreError> {
        let place = self.place(kind, rest);
        let sealed = value::seal(&self.seals, &place, rest, value, &random::<NONCE>(rng));
        let sealed = sealed.ok_or_else(|| StoreError::Disk("a key of over 64 KiB".into()))?;
        Ok(Write::Put(Key::new(place), sealed))
    }

    /// The record that a place has, under its own key.
    fn open(&self, place: &[u8], stored: Vec<u8>) -> Result<Record, StoreError> {
        let (rest, value) =
            value::open(&self.seals, place, stored).ok_or_else(|| damaged(place))?;
        let kind = place.first().ok_or_else(|| damaged(place))?;
        let thread = self.thread.as_ref().map_or(&[][..], |id| id);
        Ok((Key::new([&[*kind][..], thread, &rest].concat()), value))
    }
}

/// All keys of a home.
pub(super) struct Ring {
    pub(super) root: Root,
    owners: BTreeMap<Alias, OwnerKey>,
    threads: BTreeMap<Id, Alias>,
    home: Alias,
}

/// What the disk has of keys that another root key wrapped: a rotation was cut off.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    pub(super) places: Vec<Key>,
    pub(super) aliases: BTreeSet<Alias>,
}

impl Foreign {
    /// Whether what is at this place belongs to nobody any more, or not yet.
    pub(super) fn has(&self, place: &Key) -> bool {
        alias_at(place).is_some_and(|alias| self.aliases.contains(alias))
    }
}

impl Ring {
    /// These keys; `None` without one for what belongs to no thread.
    pub(super) fn new(root: Root, owners: Vec<OwnerKey>) -> Option<Self> {
        let home = owners.iter().find(|owner| owner.thread.is_none())?.alias;
        let mut ring = Self { root, owners: BTreeMap::new(), threads: BTreeMap::new(), home };
        owners.into_iter().for_each(|owner| ring.add(owner));
        Some(ring)
    }

    /// The ring of a new home, and the record that begins it.
    pub(super) fn begin(
        root: &RootKey,
        rng: &mut ChaCha20Rng,
    ) -> Result<(Self, Write), StoreError> {
        let (root, home) = (Root::of(root), OwnerKey::draw(None, rng));
        let write = wrap(&root, &home, rng)?;
        let ring = Self::new(root, vec![home]);
        Ok((ring.ok_or_else(|| StoreError::Damaged("its wrapped keys".into()))?, write))
    }

    /// The ring that these records have under a root key, and how many of its own can't be opened.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] when another root key wrapped all of them, [`StoreError::Damaged`]
    /// when without what can't be opened nothing else can.
    pub(super) fn read<'a>(
        root: &RootKey,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> Result<(Self, usize, Foreign), StoreError> {
        let root = Root::of(root);
        let (mut owners, mut lost, mut foreign) = (Vec::new(), 0, Foreign::default());
        for (key, stored) in records {
            let Some(rest) = key.as_bytes().strip_prefix(&[RING]) else { continue };
            match rest.split_first_chunk::<ROOT_ID>() {
                Some((id, alias)) if *id == root.id => {
                    match unwrap(&root, key, stored).filter(|owner| owner.alias == alias) {
                        Some(owner) => owners.push(owner),
                        None => lost += 1,
                    }
                }
                Some((_, alias)) => {
                    foreign.places.push(key.clone());
                    foreign.aliases.extend(Alias::try_from(alias));
                }
                None => lost += 1,
            }
        }
        let none_of_ours = owners.is_empty() && lost == 0;
        let Some(ring) = Self::new(root, owners) else {
            return Err(match none_of_ours && !foreign.places.is_empty() {
                true => StoreError::WrongKey,
                false => StoreError::Damaged("its wrapped keys".into()),
            });
        };
        foreign.aliases.retain(|alias| !ring.owners.contains_key(alias));
        Ok((ring, lost, foreign))
    }

    pub(super) fn add(&mut self, owner: OwnerKey) {
        if let Some(id) = owner.thread {
            self.threads.insert(id, owner.alias);
        }
        self.owners.insert(owner.alias, owner);
    }

    /// The key of a thread, or of what belongs to none.
    pub(super) fn owner(&self, thread: Option<&Id>) -> Option<&OwnerKey> {
        let alias = thread.map_or(Some(&self.home), |id| self.threads.get(id))?;
        self.owners.get(alias)
    }

    pub(super) fn owners(&self) -> impl Iterator<Item = &OwnerKey> {
        self.owners.values()
    }

    /// The record at a place of the disk, under its own key.
    pub(super) fn open(&self, place: &Key, stored: Vec<u8>) -> Result<Record, StoreError> {
        let owner = alias_at(place).and_then(|alias| self.owners.get(alias));
        owner.ok_or_else(|| damaged(place.as_bytes()))?.open(place.as_bytes(), stored)
    }

    /// All of these, without the ring's own, in the order of their keys.
    pub(super) fn open_all(&self, records: Vec<Record>) -> Result<Vec<Record>, StoreError> {
        let records = records.into_iter().filter(|(place, _)| !is_ring(place));
        let opened = records.map(|(place, stored)| self.open(&place, stored));
        let mut opened = opened.collect::<Result<Vec<_>, _>>()?;
        opened.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        Ok(opened)
    }

    /// Whether a place has a wrapped key of this ring.
    pub(super) fn has(&self, place: &Key) -> bool {
        self.owners.values().any(|owner| self.place(owner) == *place)
    }

    /// Where this ring has the wrapped key of an owner.
    pub(super) fn place(&self, owner: &OwnerKey) -> Key {
        Key::new(self.root.place(&owner.alias))
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ring").field("threads", &self.threads.len()).finish_non_exhaustive()
    }
}

/// The alias in the key of a record that is no wrapped key.
fn alias_at(place: &Key) -> Option<&Alias> {
    place.as_bytes().get(1..)?.first_chunk()
}

pub(super) fn is_ring(place: &Key) -> bool {
    place.as_bytes().first() == Some(&RING)
}

/// The record of an owner's key.
pub(super) fn wrap(
    root: &Root,
    owner: &OwnerKey,
    rng: &mut ChaCha20Rng,
) -> Result<Write, StoreError> {
    let place = root.place(&owner.alias);
    let mut plain = Zeroizing::new(owner.key.to_vec());
    plain.extend_from_slice(owner.thread.as_ref().map_or(&[], |id| id));
    let sealed = value::seal(&root.wrap, &place, &[], &plain, &random::<NONCE>(rng));
    Ok(Write::Put(Key::new(place.clone()), sealed.ok_or_else(|| damaged(&place))?))
}

fn unwrap(root: &Root, place: &Key, stored: &[u8]) -> Option<OwnerKey> {
    let (_, plain) = value::open(&root.wrap, place.as_bytes(), stored.to_vec())?;
    let plain = Zeroizing::new(plain);
    let (key, id) = plain.split_first_chunk::<32>()?;
    let thread = if id.is_empty() { None } else { Some(Id::try_from(id).ok()?) };
    Some(OwnerKey::of(thread, Zeroizing::new(*key)))
}

pub(super) fn random<const N: usize>(rng: &mut ChaCha20Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

fn half(whole: [u8; 32]) -> Alias {
    let mut out = [0; ALIAS];
    out.copy_from_slice(&whole[..ALIAS]);
    out
}
