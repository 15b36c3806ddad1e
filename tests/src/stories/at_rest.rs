//! What is in a home's files, without the rest of the world.

use tandem_client::{MemoryDisk, MemoryVault, RootKey, SealedStore, Store, Vault};
use tandem_engine::{Batch, Key, Kind, Write};

/// Whoever can write to a home's files puts one record's value in the place of another of the same
/// thread and kind.
pub(super) fn a_value_in_the_place_of_another_is_never_served(name: &'static str) {
    let fail = |why: &str| -> ! { panic!("{name}: {why}") };
    let (disk, vault, root) = (MemoryDisk::new(), MemoryVault::new(), RootKey::new([1; 32]));
    let of = |n: u8| Key::new([&[Kind::Entry as u8][..], &[7; 20], &[n; 10]].concat());
    let mut batch = Batch::new();
    for n in 0..2 {
        batch.push(Write::Put(of(n), vec![n; 40]));
    }
    let open = || disk.open().unwrap_or_else(|error| fail(&error.to_string()));
    let sealed = SealedStore::create(open(), &root, [2; 32]).and_then(|store| store.commit(&batch));
    if sealed.is_err() || vault.create(&root).is_err() {
        fail("the home can't be made");
    }
    let everything = open().scan(&Key::new(Vec::new())).unwrap_or_default();
    // The ring's own records have the first kind of all.
    let is_entry = |place: &Key| place.as_bytes().first() == Some(&(Kind::Entry as u8));
    let entries: Vec<_> = everything.into_iter().filter(|(place, _)| is_entry(place)).collect();
    let [(_, value), (other, _)] = &entries[..] else { fail("each record has a place") };
    let mut moved = Batch::new();
    moved.push(Write::Put(other.clone(), value.clone()));
    if open().commit(&moved).is_err() {
        fail("nothing could be moved");
    }
    let store = SealedStore::open(open(), &vault, [3; 32]);
    let store = store.unwrap_or_else(|error| fail(&error.to_string()));
    let mut damaged = 0;
    for n in 0..2 {
        match store.load(&of(n)) {
            Ok(Some(value)) if value == vec![n; 40] => {}
            Ok(value) => fail(&format!("record {n} is served as {value:?}")),
            Err(_) => damaged += 1,
        }
    }
    if damaged != 1 || store.scan(&Key::new(vec![Kind::Entry as u8])).is_ok() {
        fail("the one that was moved is damage, and a scan says so");
    }
}
