#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use tandem_engine::Kind;
use tandem_proto::ThreadId;

use super::*;
use crate::{Fault, MemoryDisk, MemoryStore, MemoryVault, VaultError};

mod fuzz;

const MAYA: [u8; 20] = *b"maya-in-second-grade";
const LEO: [u8; 20] = *b"leo--in-fourth-grade";

fn of(kind: Kind, thread: [u8; 20], rest: &[u8]) -> Key {
    Key::new([&[kind as u8][..], &thread, rest].concat())
}

fn person() -> Key {
    Key::new(vec![Kind::Identity as u8])
}

fn invite() -> Key {
    Key::new([&[Kind::Invite as u8][..], b"sixteen-bytes-id"].concat())
}

/// What a home of two threads holds.
fn records() -> Vec<(Key, Vec<u8>)> {
    let mut records = vec![
        (person(), b"Ms. Ito".to_vec()),
        (invite(), b"tandem://join/secret".to_vec()),
        (of(Kind::Thread, MAYA, &[]), b"about Maya".to_vec()),
        (of(Kind::Thread, LEO, &[]), b"about Leo".to_vec()),
    ];
    for n in 0..6u8 {
        let entry = [n; 10];
        records.push((of(Kind::Entry, MAYA, &entry), format!("Maya read {n} pages").into_bytes()));
        records.push((of(Kind::Entry, LEO, &entry), format!("Leo ate {n} apples").into_bytes()));
        let number = u64::from(n).to_be_bytes();
        records.push((of(Kind::DocumentChange, LEO, &number), vec![n; 300]));
    }
    records.sort();
    records
}

fn put(records: &[(Key, Vec<u8>)]) -> Batch {
    let mut batch = Batch::new();
    records.iter().for_each(|(key, value)| batch.push(Write::Put(key.clone(), value.clone())));
    batch
}

fn all(store: &dyn Store) -> Vec<(Key, Vec<u8>)> {
    store.scan(&Key::new(Vec::new())).unwrap()
}

/// A sealed home in memory.
struct Home {
    disk: MemoryDisk,
    vault: MemoryVault,
}

impl Home {
    fn new() -> Self {
        let (disk, vault) = (MemoryDisk::new(), MemoryVault::new());
        let root = RootKey::new([1; 32]);
        vault.create(&root).unwrap();
        let store = SealedStore::create(disk.open().unwrap(), &root, seed()).unwrap();
        store.commit(&put(&records())).unwrap();
        Self { disk, vault }
    }

    fn open(&self) -> SealedStore<MemoryStore> {
        self.try_open().unwrap()
    }

    fn try_open(&self) -> Result<SealedStore<MemoryStore>, StoreError> {
        SealedStore::open(self.disk.open().unwrap(), &self.vault, seed())
    }

    fn on_disk(&self) -> Vec<(Key, Vec<u8>)> {
        all(&self.disk.open().unwrap())
    }
}

/// Another one for each opening, as the system's would be: what was drawn is never drawn again.
fn seed() -> [u8; 32] {
    use std::sync::atomic::{AtomicU8, Ordering};
    static NEXT: AtomicU8 = AtomicU8::new(10);
    [NEXT.fetch_add(1, Ordering::Relaxed); 32]
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn no_kind_of_record_has_the_number_of_the_wrapped_keys() {
    assert!(Kind::ALL.iter().all(|kind| *kind as u8 != RING));
    let store = Home::new().open();
    let own = Key::new(vec![RING, 1]);
    assert!(store.commit(&put(&[(own.clone(), vec![1])])).is_err());
    assert_eq!(store.scan(&Key::new(vec![RING])), Ok(Vec::new()));
    assert!(store.load(&own).is_err());
}

#[test]
fn neither_words_nor_ids_are_on_the_disk_and_all_come_back() {
    let home = Home::new();
    assert_eq!(all(&home.open()), records());
    let disk: Vec<u8> = home
        .on_disk()
        .into_iter()
        .flat_map(|(key, value)| [key.as_bytes(), &value].concat())
        .collect();
    let clear: Vec<u8> =
        records().into_iter().flat_map(|(key, value)| [key.as_bytes(), &value].concat()).collect();
    for word in
        [&MAYA[..], &LEO[..], b"Ms. Ito", b"Maya read", b"sixteen-bytes-id", b"join/", &[3; 10]]
    {
        assert!(contains(&clear, word), "the search can find it");
        assert!(!contains(&disk, word), "{word:?}");
    }
}

#[test]
fn the_same_value_written_again_is_other_bytes() {
    let home = Home::new();
    let before = home.on_disk();
    home.open().commit(&put(&records())).unwrap();
    let after = home.on_disk();
    let changed =
        before.iter().zip(&after).filter(|(one, other)| one.0 == other.0 && one.1 != other.1);
    assert_eq!(changed.count(), records().len());
}

#[test]
fn a_scan_gives_a_kind_a_thread_or_one_record_in_the_order_of_their_keys() {
    let store = Home::new().open();
    let under = |prefix: &Key| {
        let found = store.scan(prefix).unwrap();
        let expected: Vec<_> = records()
            .into_iter()
            .filter(|(key, _)| key.as_bytes().starts_with(prefix.as_bytes()))
            .collect();
        assert_eq!(found, expected, "{prefix:?}");
        found.len()
    };
    assert_eq!(under(&Key::new(vec![Kind::Entry as u8])), 12);
    assert_eq!(under(&of(Kind::Entry, LEO, &[])), 6);
    assert_eq!(under(&of(Kind::DocumentChange, LEO, &[])), 6);
    assert_eq!(under(&of(Kind::DocumentChange, LEO, &[0; 7])), 6);
    assert_eq!(under(&of(Kind::Entry, LEO, &[4; 10])), 1);
    assert_eq!(under(&of(Kind::Entry, LEO, &[9; 10])), 0);
    assert_eq!(under(&of(Kind::Entry, *b"nobody-in-any-grade!", &[])), 0);
    assert_eq!(under(&Key::new([&[Kind::Entry as u8][..], &LEO[..4]].concat())), 6);
}

#[test]
fn what_another_key_or_another_threads_key_sealed_is_damage() {
    let home = Home::new();
    let store = home.open();
    let (maya, leo) = (of(Kind::Thread, MAYA, &[]), of(Kind::Thread, LEO, &[]));
    let (from, to) = (store.place_of(&maya).unwrap(), store.place_of(&leo).unwrap());
    assert!(home.disk.misdirect(&from, &to));
    let store = home.open();
    assert!(matches!(store.load(&leo), Err(StoreError::Damaged(_))));
    assert!(matches!(store.scan(&leo), Err(StoreError::Damaged(_))));
    assert_eq!(store.load(&maya), Ok(Some(b"about Maya".to_vec())));
    // A value that another home sealed for this very place.
    let raw = home.disk.open().unwrap();
    let other = value::seal(&[6; 32], to.as_bytes(), &[], b"about Eve", &[0; 24]).unwrap();
    raw.commit(&put(&[(to, other)])).unwrap();
    assert!(matches!(home.open().load(&leo), Err(StoreError::Damaged(_))));
}

#[test]
fn another_root_key_no_root_key_and_a_locked_vault_are_each_said_and_change_nothing() {
    let home = Home::new();
    let before = home.on_disk();
    home.vault.lock(true);
    assert_eq!(home.try_open().err(), Some(StoreError::Vault(VaultError::Locked)));
    home.vault.lock(false);
    home.vault.replace(&RootKey::new([7; 32])).unwrap();
    assert_eq!(home.try_open().err(), Some(StoreError::WrongKey));
    home.vault.delete().unwrap();
    assert_eq!(home.try_open().err(), Some(StoreError::KeyMissing));
    home.vault.create(&RootKey::new([1; 32])).unwrap();
    assert_eq!(all(&home.open()), records());
    assert_eq!(home.on_disk(), before);
}

#[test]
fn a_wrapped_key_that_was_changed_is_damage() {
    let home = Home::new();
    let wrapped = home.on_disk().into_iter().find(|(key, _)| is_ring(key)).unwrap();
    let mut flipped = wrapped.1.clone();
    flipped[30] ^= 1;
    home.disk.open().unwrap().commit(&put(&[(wrapped.0, flipped)])).unwrap();
    assert!(matches!(home.try_open(), Err(StoreError::Damaged(_))));
}

#[test]
fn of_a_damaged_store_what_opens_is_kept_and_a_thread_whose_key_is_lost_is_counted() {
    let home = Home::new();
    let store = home.open();
    let flipped = store.place_of(&of(Kind::Entry, MAYA, &[2; 10])).unwrap();
    let key_of_leo = {
        let ring = store.ring.borrow();
        ring.place(ring.owner(Some(&LEO)).unwrap())
    };
    let mut disk = home.on_disk();
    let of_leo = records().iter().filter(|(key, _)| contains(key.as_bytes(), &LEO)).count();
    for (place, value) in &mut disk {
        if *place == flipped || *place == key_of_leo {
            *value.last_mut().unwrap() ^= 1;
        }
    }
    let (kept, lost) = sound(&RootKey::new([1; 32]), (disk, 0)).unwrap();
    assert_eq!(lost, 1 + 1 + of_leo, "a value, a wrapped key and what it sealed");
    let opened = preview(&RootKey::new([1; 32]), &kept).unwrap();
    let whole = records().len() - of_leo - 1;
    assert_eq!(opened.len(), whole);
}

/// What is left of Leo's thread, and whether the root key is a new one that wraps everything.
fn after_forgetting(home: &Home) -> (usize, bool) {
    let store = home.open();
    let seen = all(&store);
    for (key, value) in records() {
        let leo = contains(key.as_bytes(), &LEO);
        assert!(leo || seen.contains(&(key.clone(), value)), "{key:?} is lost");
    }
    // It goes on: what is written is there after another opening.
    store.commit(&put(&[(of(Kind::Facts, MAYA, &[]), b"more".to_vec())])).unwrap();
    drop(store);
    let store = home.open();
    assert_eq!(store.load(&of(Kind::Facts, MAYA, &[])), Ok(Some(b"more".to_vec())));
    store
        .commit(&{
            let mut batch = Batch::new();
            batch.push(Write::Delete(of(Kind::Facts, MAYA, &[])));
            batch
        })
        .unwrap();
    let left = all(&store).iter().filter(|(key, _)| contains(key.as_bytes(), &LEO)).count();
    let rotated = home.vault.load().unwrap() != Some(RootKey::new([1; 32]));
    let threads = if left == 0 { 1 } else { 2 };
    let disk = home.on_disk();
    let wrapped = disk.iter().filter(|(key, _)| is_ring(key)).count();
    assert_eq!(wrapped, 1 + threads, "one wrapped key for each, and no others");
    assert_eq!(disk.len(), wrapped + all(&store).len(), "nothing lies about");
    (left, rotated)
}

#[test]
fn a_forgotten_thread_is_gone_and_its_key_is_wrapped_by_no_root_key_that_is_left() {
    let home = Home::new();
    let before = home.on_disk();
    home.open().forget(&ThreadId::new(LEO), &home.vault).unwrap();
    assert_eq!(after_forgetting(&home), (0, true));
    // What a disk may still have in places that nobody names any more.
    let root = home.vault.load().unwrap().unwrap();
    assert!(matches!(Ring::read(&root, &before), Err(StoreError::WrongKey)));
    let now = home.on_disk();
    let sealed_anew = |key: &Key| {
        let place = |disk: &[(Key, Vec<u8>)], root: &RootKey| {
            let (ring, ..) = Ring::read(root, disk).unwrap();
            let owner = ring.owner(None).unwrap();
            Key::new(owner.place(key.as_bytes()[0], &key.as_bytes()[1..]))
        };
        place(&before, &RootKey::new([1; 32])) != place(&now, &root)
    };
    assert!(sealed_anew(&invite()) && sealed_anew(&person()));
    // Again, and of one that is not here: nothing to do.
    let key = home.vault.load();
    home.open().forget(&ThreadId::new(LEO), &home.vault).unwrap();
    assert_eq!(home.vault.load(), key);
}

#[test]
fn a_crash_between_any_two_steps_of_forgetting_leaves_a_home_that_opens_whole() {
    for (step, fault) in [(0, Fault::Lost), (0, Fault::Kept), (1, Fault::Lost), (1, Fault::Kept)] {
        let home = Home::new();
        let store = home.open();
        home.disk.fail(home.disk.commits() + step, fault);
        assert!(store.forget(&ThreadId::new(LEO), &home.vault).is_err());
        let more = put(&[(person(), b"later".to_vec())]);
        assert!(matches!(store.commit(&more), Err(StoreError::Closed(_))), "closed until opened");
        drop(store);
        let (left, rotated) = after_forgetting(&home);
        let nothing_done = (step, fault) == (0, Fault::Lost);
        assert_eq!(rotated, !nothing_done, "{step} {fault:?}");
        assert_eq!(left == 0, !nothing_done, "{step} {fault:?}");
    }
    for done in [false, true] {
        let home = Home::new();
        home.vault.fail_replacing(done);
        let failed = home.open().forget(&ThreadId::new(LEO), &home.vault);
        assert!(matches!(failed, Err(StoreError::Vault(_))));
        assert_eq!(after_forgetting(&home), (0, true), "{done}");
    }
}

#[test]
fn an_opening_that_finishes_a_rotation_may_be_cut_off_as_well() {
    for (step, fault) in [(0, Fault::Lost), (0, Fault::Kept), (1, Fault::Lost), (1, Fault::Kept)] {
        let home = Home::new();
        home.vault.fail_replacing(false);
        assert!(home.open().forget(&ThreadId::new(LEO), &home.vault).is_err());
        home.disk.fail(home.disk.commits() + step, fault);
        assert!(home.try_open().is_err());
        assert_eq!(after_forgetting(&home), (0, true), "{step} {fault:?}");
    }
}

/// A store copied back to before a rotation stays closed to the key that is in the vault now.
#[test]
fn a_store_from_before_a_thread_was_forgotten_does_not_open_with_the_vaults_new_key() {
    let home = Home::new();
    let before = home.on_disk();
    home.open().forget(&ThreadId::new(LEO), &home.vault).unwrap();
    let old = MemoryDisk::new();
    old.open().unwrap().commit(&put(&before)).unwrap();
    let opened = SealedStore::open(old.open().unwrap(), &home.vault, seed());
    assert_eq!(opened.err(), Some(StoreError::WrongKey));
}
