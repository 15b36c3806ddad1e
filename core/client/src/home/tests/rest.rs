//! A home and its root key; homes from before there was sealing.

use tandem_engine::{Batch, Write};

use super::*;
use crate::MemoryVault;

/// Everything in a folder but its key, one file after the other.
fn bytes(home: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(home).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(bytes(&path));
        } else if path.file_name().unwrap() != KEY_FILE {
            all.extend(fs::read(path).unwrap());
        }
    }
    all
}

fn has(home: &Path, word: &str) -> bool {
    bytes(home).windows(word.len()).any(|window| window == word.as_bytes())
}

/// Makes the store of a home what it was before there was sealing, with what is in it.
fn unseal(home: &Path) {
    let store = sealed(home, &home.join(STORE)).unwrap();
    let records = store.scan(&Key::new(Vec::new())).unwrap();
    drop(store);
    fs::remove_dir_all(home.join(STORE)).unwrap();
    fs::remove_file(home.join(KEY_FILE)).unwrap();
    private_dir(&home.join(STORE)).unwrap();
    let old = PhoneStore::create(&home.join(STORE)).unwrap();
    let mut batch = Batch::new();
    records.into_iter().for_each(|(key, value)| batch.push(Write::Put(key, value)));
    old.commit(&batch).unwrap();
    old.checkpoint().unwrap();
    fs::write(home.join("path"), "tandem://relay/127.0.0.1:7443/key 24000").unwrap();
}

#[test]
fn nothing_of_a_home_says_who_lives_there_or_by_which_relay() {
    let (_dir, home) = home();
    full_home(&home);
    assert!(!has(&home, "Ms. Ito") && !has(&home, "127.0.0.1:7443"));
    unseal(&home);
    assert!(has(&home, "Ms. Ito") && has(&home, "127.0.0.1:7443"), "the search can find it");
}

#[test]
fn a_home_from_before_there_was_sealing_is_sealed_when_it_is_opened() {
    let (_dir, home) = home();
    full_home(&home);
    unseal(&home);
    let opened = open(&home).unwrap();
    assert!(opened.notices.is_empty());
    for n in 0..20 {
        assert_eq!(opened.store.load(&on_demand(n)), Ok(Some(vec![n; 3000])));
    }
    drop(opened);
    assert_eq!(names(&home), ["key", "lock", "store", "tandem-home"]);
    assert!(!has(&home, "Ms. Ito") && !has(&home, "127.0.0.1:7443"));
    assert!(open(&home).is_ok());
}

#[test]
fn sealing_an_old_home_may_be_cut_off_anywhere() {
    let (_dir, home) = home();
    full_home(&home);
    let whole = home.with_file_name("sealed");
    crate::files::copy_dir(&home, &whole).unwrap();
    unseal(&home);
    let opens = |home: &Path| {
        let opened = open(home).unwrap();
        assert_eq!(opened.store.load(&on_demand(7)), Ok(Some(vec![7; 3000])));
        drop(opened);
        assert_eq!(names(home), ["key", "lock", "store", "tandem-home"]);
    };
    let at = |step: u8| {
        let copy = home.with_file_name(format!("step-{step}"));
        crate::files::copy_dir(&home, &copy).unwrap();
        copy
    };
    // While the new store is made.
    let copy = at(1);
    fs::create_dir(copy.join(STORE_NEW)).unwrap();
    fs::write(copy.join(STORE_NEW).join("db"), b"half").unwrap();
    opens(&copy);
    // When the vault has its key.
    let copy = at(2);
    crate::files::copy_dir(&whole.join(STORE), &copy.join(STORE_NEW)).unwrap();
    fs::copy(whole.join(KEY_FILE), copy.join(KEY_FILE)).unwrap();
    opens(&copy);
    // When the old one was set aside, and when the new one has its name.
    for (step, name) in [(3, STORE_NEW), (4, STORE)] {
        let copy = at(step);
        fs::rename(copy.join(STORE), copy.join(STORE_UNSEALED)).unwrap();
        crate::files::copy_dir(&whole.join(STORE), &copy.join(name)).unwrap();
        fs::copy(whole.join(KEY_FILE), copy.join(KEY_FILE)).unwrap();
        fs::remove_file(copy.join("path")).unwrap();
        opens(&copy);
    }
}

/// Else whoever can write to the folder could have words shown that nobody sealed.
#[test]
fn what_is_not_sealed_is_not_taken_for_a_home_that_has_a_key() {
    let (_dir, home) = home();
    full_home(&home);
    let key = fs::read(home.join(KEY_FILE)).unwrap();
    unseal(&home);
    fs::write(home.join(KEY_FILE), key).unwrap();
    assert!(matches!(refused(&home), HomeError::Damaged { .. }));
    assert!(has(&home, "Ms. Ito"), "it is left as it is");
    fs::remove_file(home.join(KEY_FILE)).unwrap();
    assert!(open(&home).is_ok());
}

#[test]
fn a_damaged_home_from_before_is_rebuilt_and_sealed() {
    let (_dir, home) = home();
    full_home(&home);
    unseal(&home);
    for entry in fs::read_dir(home.join(STORE)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("snap.") || name == "conf" {
            fs::write(entry.path(), b"not what it was, and long enough").unwrap();
        }
    }
    let opened = open(&home).unwrap();
    assert!(matches!(&opened.notices[..], [Notice::StoreRebuilt { lost: 0, .. }]));
    assert_eq!(opened.store.load(&on_demand(7)), Ok(Some(vec![7; 3000])));
    drop(opened);
    assert!(open(&home).unwrap().notices.is_empty());
}

#[test]
fn a_value_that_was_changed_under_all_checksums_is_set_aside_and_told() {
    let (_dir, home) = home();
    full_home(&home);
    let store = sealed(&home, &home.join(STORE)).unwrap();
    let place = store.place_of(&Key::new(vec![2])).unwrap();
    let forged = store.place_of(&Key::new(vec![1])).unwrap();
    let mut batch = Batch::new();
    batch.push(Write::Put(place, store.inner().load(&forged).unwrap().unwrap()));
    store.inner().commit(&batch).unwrap();
    drop(store);
    let opened = open(&home).unwrap();
    let [Notice::StoreRebuilt { lost: 1, .. }] = &opened.notices[..] else {
        panic!("{:?}", opened.notices)
    };
    assert_eq!(opened.store.load(&Key::new(vec![2])), Ok(None));
    assert_eq!(opened.store.load(&on_demand(7)), Ok(Some(vec![7; 3000])));
}

#[test]
fn a_missing_another_and_a_damaged_key_are_each_said_and_the_home_stays_as_it_is() {
    let (_dir, home) = home();
    full_home(&home);
    let key = home.join(KEY_FILE);
    let whole = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    assert_eq!(refused(&home), HomeError::KeyMissing(home.clone()));
    FileVault::new(key.clone()).create(&RootKey::new([9; 32])).unwrap();
    assert_eq!(refused(&home), HomeError::WrongKey(home.clone()));
    fs::write(&key, b"tandem, or so").unwrap();
    assert_eq!(refused(&home), HomeError::Vault(VaultError::Damaged));
    assert_eq!(names(&home), ["key", "lock", "store", "tandem-home"]);
    fs::write(&key, whole).unwrap();
    let opened = open(&home).unwrap();
    assert!(opened.notices.is_empty());
    assert_eq!(opened.store.load(&on_demand(7)), Ok(Some(vec![7; 3000])));
}

#[test]
fn a_home_with_a_vault_elsewhere_opens_with_it_alone_and_waits_for_a_locked_one() {
    let (_dir, home) = home();
    let vault = Arc::new(MemoryVault::new());
    create_with(&home, &profile(), &*vault).unwrap();
    assert_eq!(names(&home), ["lock", "store", "tandem-home"]);
    assert_eq!(refused(&home), HomeError::KeyMissing(home.clone()));
    let mut opener = opener(home.clone(), vault.clone(), Arc::new(SystemClock));
    vault.lock(true);
    let locked = HomeError::Vault(VaultError::Locked);
    assert_eq!(opener(&mut |_| panic!("nothing is shown")).err(), Some(locked));
    vault.lock(false);
    assert!(opener(&mut drop).is_ok());
}

#[test]
fn a_vault_that_has_another_homes_key_is_not_taken() {
    let (dir, home) = home();
    let vault = FileVault::new(dir.path().join("vault"));
    create_with(&home, &profile(), &vault).unwrap();
    let second = dir.path().join("second");
    let taken = HomeError::Vault(VaultError::Taken);
    assert_eq!(create_with(&second, &profile(), &vault), Err(taken));
    // Cut off when the key was there, and tried again: it is this home's own.
    fs::create_dir_all(second.join(STORE_NEW)).unwrap();
    let vault = FileVault::in_home(&second);
    vault.create(&RootKey::new([4; 32])).unwrap();
    create(&second, &profile()).unwrap();
    assert_eq!(root(&second), RootKey::new([4; 32]));
    assert!(open(&second).is_ok());
}
