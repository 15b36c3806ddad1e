//! What every store promises, and pulling the plug on it.
//!
//! One suite over a [`Rig`]; each store brings a rig and runs all of it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::time::Duration;

use tandem_engine::{Batch, Key, Write};

use self::sealed::Sealed;
use super::{Fault, MemoryDisk, MemoryStore, PhoneStore, Store, StoreError, phone::journal_path};
use crate::files::copy_dir;

mod sealed;

/// What survives of a store, and how it is damaged.
trait Rig {
    type Store: Store;

    fn new() -> Self;
    fn open(&self) -> Result<Self::Store, StoreError>;
    /// What a power cut right now would leave, opened. The first store stays open.
    fn after_power_cut(&self) -> Box<dyn Store>;
    /// Flips a bit of a stored value.
    fn flip(&self, key: &Key);
    /// Puts a stored value under another key.
    fn misdirect(&self, from: &Key, to: &Key);
    fn set_format(&self, format: u32);
    /// Every byte that is stored, to compare.
    fn image(&self) -> Vec<u8>;
}

fn key(text: &str) -> Key {
    Key::new(text.as_bytes().to_vec())
}

fn put(text: &str, value: &[u8]) -> Write {
    Write::Put(key(text), value.to_vec())
}

fn batch(writes: impl IntoIterator<Item = Write>) -> Batch {
    let mut batch = Batch::new();
    writes.into_iter().for_each(|write| batch.push(write));
    batch
}

fn all(store: &dyn Store) -> Vec<(Key, Vec<u8>)> {
    store.scan(&Key::new(Vec::new())).unwrap()
}

fn what_is_committed_is_read_back_also_after_reopening<R: Rig>() {
    let rig = R::new();
    let store = rig.open().unwrap();
    assert_eq!(store.load(&key("a")), Ok(None));
    store.commit(&batch([put("a", b"1"), put("b", b"")])).unwrap();
    assert_eq!(store.load(&key("a")), Ok(Some(b"1".to_vec())));
    drop(store);
    let store = rig.open().unwrap();
    assert_eq!(store.load(&key("a")), Ok(Some(b"1".to_vec())));
    assert_eq!(store.load(&key("b")), Ok(Some(Vec::new())));
}

fn of_two_writes_to_one_key_the_later_counts<R: Rig>() {
    let rig = R::new();
    let store = rig.open().unwrap();
    store.commit(&batch([put("a", b"1"), put("a", b"2")])).unwrap();
    assert_eq!(store.load(&key("a")), Ok(Some(b"2".to_vec())));
    store.commit(&batch([Write::Delete(key("a")), put("a", b"3")])).unwrap();
    assert_eq!(store.load(&key("a")), Ok(Some(b"3".to_vec())));
    store.commit(&batch([put("a", b"4"), Write::Delete(key("a"))])).unwrap();
    assert_eq!(store.load(&key("a")), Ok(None));
}

fn a_scan_gives_what_lies_under_a_prefix_in_the_order_of_keys<R: Rig>() {
    let rig = R::new();
    let store = rig.open().unwrap();
    let writes = ["b2", "a", "b", "c", "b10", "b1"].map(|name| put(name, name.as_bytes()));
    store.commit(&batch(writes)).unwrap();
    let found = store.scan(&key("b")).unwrap();
    let expected = ["b", "b1", "b10", "b2"].map(|name| (key(name), name.as_bytes().to_vec()));
    assert_eq!(found, expected);
    assert_eq!(store.scan(&key("d")), Ok(Vec::new()));
    let edge = batch([Write::Put(Key::new(vec![255, 255]), vec![1])]);
    store.commit(&edge).unwrap();
    assert_eq!(store.scan(&Key::new(vec![255])).unwrap().len(), 1);
}

fn deleting_removes_and_deleting_nothing_is_fine<R: Rig>() {
    let rig = R::new();
    let store = rig.open().unwrap();
    store.commit(&batch([put("a", b"1"), put("b", b"2")])).unwrap();
    store.commit(&batch([Write::Delete(key("a")), Write::Delete(key("x"))])).unwrap();
    drop(store);
    assert_eq!(all(&rig.open().unwrap()), [(key("b"), b"2".to_vec())]);
}

/// Long values are cut into pieces inside; nobody outside may notice.
fn a_long_value_shrinks_grows_and_goes_without_a_trace<R: Rig>() {
    let rig = R::new();
    let store = rig.open().unwrap();
    let long: Vec<u8> = (0..900_000u32).map(|i| i.to_le_bytes()[i as usize % 3]).collect();
    for len in [65_536, 65_537, 900_000, 131_072, 0, 200_000] {
        store.commit(&batch([put("long", &long[..len]), put("longer", b"x")])).unwrap();
        assert_eq!(store.load(&key("long")).unwrap().unwrap(), &long[..len]);
        assert_eq!(all(&store).len(), 2);
    }
    drop(store);
    let store = rig.open().unwrap();
    assert_eq!(store.load(&key("long")).unwrap().unwrap(), &long[..200_000]);
    store.commit(&batch([Write::Delete(key("long"))])).unwrap();
    assert_eq!(all(&store), [(key("longer"), b"x".to_vec())]);
}

fn when_the_plug_is_pulled_every_commit_is_there_whole_or_not_at_all<R: Rig>() {
    let rig = R::new();
    let store = rig.open().unwrap();
    let big = vec![7; 100_000];
    for n in 0..12u8 {
        // Each commit moves three records together and replaces the last one's.
        let name = format!("n{n:02}");
        let writes =
            [put(&name, &[n]), put("newest", &[n]), put("big", &[&big[..], &[n]].concat())];
        store.commit(&batch(writes)).unwrap();
        let survivor = rig.after_power_cut();
        assert_eq!(survivor.scan(&key("n0")).unwrap().len(), usize::from(n.min(9)) + 1);
        assert_eq!(survivor.load(&key("newest")), Ok(Some(vec![n])));
        assert_eq!(survivor.load(&key("big")).unwrap().unwrap().last(), Some(&n));
    }
}

fn a_flipped_bit_is_damage_and_never_a_value<R: Rig>() {
    let rig = R::new();
    let store = rig.open().unwrap();
    store.commit(&batch([put("a", b"words"), put("b", b"others")])).unwrap();
    drop(store);
    rig.flip(&key("a"));
    let store = rig.open().unwrap();
    assert!(matches!(store.load(&key("a")), Err(StoreError::Damaged(_))));
    assert!(matches!(store.scan(&key("a")), Err(StoreError::Damaged(_))));
    assert_eq!(store.load(&key("b")), Ok(Some(b"others".to_vec())));
}

fn a_value_under_another_key_is_damage_too<R: Rig>() {
    let rig = R::new();
    let store = rig.open().unwrap();
    store.commit(&batch([put("a", b"words"), put("b", b"others")])).unwrap();
    drop(store);
    rig.misdirect(&key("a"), &key("b"));
    let store = rig.open().unwrap();
    assert!(matches!(store.load(&key("b")), Err(StoreError::Damaged(_))));
}

fn a_store_of_a_newer_version_is_not_opened_and_not_touched<R: Rig>() {
    let rig = R::new();
    let store = rig.open().unwrap();
    store.commit(&batch([put("a", b"words")])).unwrap();
    drop(store);
    rig.set_format(7);
    let before = rig.image();
    assert_eq!(rig.open().err(), Some(StoreError::Newer(7)));
    assert!(rig.image() == before);
}

macro_rules! contract {
    ($store:ident, $rig:ty) => {
        mod $store {
            contract!(
                $rig,
                what_is_committed_is_read_back_also_after_reopening,
                of_two_writes_to_one_key_the_later_counts,
                a_scan_gives_what_lies_under_a_prefix_in_the_order_of_keys,
                deleting_removes_and_deleting_nothing_is_fine,
                a_long_value_shrinks_grows_and_goes_without_a_trace,
                when_the_plug_is_pulled_every_commit_is_there_whole_or_not_at_all,
                a_flipped_bit_is_damage_and_never_a_value,
                a_value_under_another_key_is_damage_too,
                a_store_of_a_newer_version_is_not_opened_and_not_touched,
            );
        }
    };
    ($rig:ty, $($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            super::$name::<$rig>();
        })*
    };
}

contract!(memory, super::MemoryDisk);
contract!(phone, super::PhoneRig);
contract!(phone_through_sled, super::ThroughSled);
contract!(sealed_memory, super::Sealed<super::MemoryDisk>);
contract!(sealed_phone, super::Sealed<super::PhoneRig>);

impl Rig for MemoryDisk {
    type Store = MemoryStore;

    fn new() -> Self {
        Self::default()
    }

    fn open(&self) -> Result<MemoryStore, StoreError> {
        self.open()
    }

    fn after_power_cut(&self) -> Box<dyn Store> {
        Box::new(self.open().unwrap())
    }

    fn flip(&self, key: &Key) {
        assert!(self.flip(key));
    }

    fn misdirect(&self, from: &Key, to: &Key) {
        assert!(self.misdirect(from, to));
    }

    fn set_format(&self, format: u32) {
        self.set_format(format);
    }

    fn image(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }
}

struct PhoneRig(tempfile::TempDir);

impl PhoneRig {
    fn dir(&self) -> std::path::PathBuf {
        self.0.path().join("store")
    }

    /// sled itself, under the store, with all that the journal held.
    fn raw(&self, run: impl FnOnce(&::sled::Db)) {
        PhoneStore::open(&self.dir()).unwrap().checkpoint().unwrap();
        let config = ::sled::Config::new().path(self.dir()).segment_size(8 << 20);
        let config = config.flush_every_ms(None);
        // It lets go of its file a moment after it was closed.
        let db = (0..500).find_map(|_| {
            config.open().inspect_err(|_| std::thread::sleep(Duration::from_millis(5))).ok()
        });
        let db = db.unwrap();
        run(&db);
        db.flush().unwrap();
    }
}

impl Rig for PhoneRig {
    type Store = PhoneStore;

    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> Result<PhoneStore, StoreError> {
        if self.dir().exists() {
            PhoneStore::open(&self.dir())
        } else {
            PhoneStore::create(&self.dir())
        }
    }

    fn after_power_cut(&self) -> Box<dyn Store> {
        let copy = self.0.path().join("copy");
        if copy.exists() {
            std::fs::remove_dir_all(&copy).unwrap();
        }
        copy_dir(&self.dir(), &copy).unwrap();
        assert_eq!(std::fs::read_dir(copy.join("blobs")).unwrap().count(), 0);
        Box::new(PhoneStore::open(&copy).unwrap())
    }

    fn flip(&self, key: &Key) {
        self.raw(|db| {
            let head = [b"r", key.as_bytes()].concat();
            let mut stored = db.get(&head).unwrap().unwrap().to_vec();
            *stored.last_mut().unwrap() ^= 1;
            db.insert(head, stored).unwrap();
        });
    }

    fn misdirect(&self, from: &Key, to: &Key) {
        self.raw(|db| {
            let stored = db.get([b"r", from.as_bytes()].concat()).unwrap().unwrap();
            db.insert([b"r", to.as_bytes()].concat(), stored).unwrap();
        });
    }

    fn set_format(&self, format: u32) {
        self.raw(|db| {
            let stored = super::value::wrap(b"f", &format.to_le_bytes());
            db.insert(b"f", stored).unwrap();
        });
    }

    fn image(&self) -> Vec<u8> {
        // sled writes a snapshot of its own at every opening; the log is what counts.
        let journal = std::fs::read(journal_path(&self.dir())).unwrap();
        [std::fs::read(self.dir().join("db")).unwrap(), journal].concat()
    }
}

/// The same store, each commit of which goes on to sled at once.
struct ThroughSled(PhoneRig);

/// See [`ThroughSled`].
struct AtOnce(PhoneStore);

impl Store for AtOnce {
    fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.load(key)
    }

    fn scan(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
        self.0.scan(prefix)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.0.commit(batch)?;
        self.0.checkpoint()
    }
}

impl Rig for ThroughSled {
    type Store = AtOnce;

    fn new() -> Self {
        Self(PhoneRig::new())
    }

    fn open(&self) -> Result<AtOnce, StoreError> {
        self.0.open().map(AtOnce)
    }

    fn after_power_cut(&self) -> Box<dyn Store> {
        self.0.after_power_cut()
    }

    fn flip(&self, key: &Key) {
        self.0.flip(key);
    }

    fn misdirect(&self, from: &Key, to: &Key) {
        self.0.misdirect(from, to);
    }

    fn set_format(&self, format: u32) {
        self.0.set_format(format);
    }

    fn image(&self) -> Vec<u8> {
        self.0.image()
    }
}

#[test]
fn after_a_failed_commit_a_store_takes_no_more_until_it_is_opened_again() {
    for (fault, there) in [(Fault::Lost, None), (Fault::Kept, Some(vec![2]))] {
        let disk = MemoryDisk::new();
        let store = disk.open().unwrap();
        store.commit(&batch([put("a", &[1])])).unwrap();
        disk.fail(disk.commits(), fault);
        assert!(matches!(store.commit(&batch([put("b", &[2])])), Err(StoreError::Disk(_))));
        assert!(matches!(store.commit(&batch([put("c", &[3])])), Err(StoreError::Closed(_))));
        drop(store);
        let store = disk.open().unwrap();
        assert_eq!(store.load(&key("a")), Ok(Some(vec![1])));
        assert_eq!(store.load(&key("b")), Ok(there));
        store.commit(&batch([put("c", &[3])])).unwrap();
    }
}

#[test]
fn a_full_disk_keeps_what_it_had_and_takes_more_once_there_is_room() {
    let disk = MemoryDisk::new();
    let store = disk.open().unwrap();
    store.commit(&batch([put("a", &[1; 100])])).unwrap();
    disk.set_room(150);
    assert_eq!(store.commit(&batch([put("b", &[2; 100])])), Err(StoreError::Full));
    drop(store);
    let store = disk.open().unwrap();
    assert_eq!(store.load(&key("a")), Ok(Some(vec![1; 100])));
    assert_eq!(store.load(&key("b")), Ok(None));
    disk.set_room(usize::MAX);
    store.commit(&batch([put("b", &[2; 100])])).unwrap();
}
