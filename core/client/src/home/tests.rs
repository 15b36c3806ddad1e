#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use tandem_proto::{RelayKey, RelayLink, Role, SecretKey};

use super::*;
use crate::store::sound;

fn profile() -> Profile {
    let key = RelayKey::new(SecretKey::from_seed([1; 32]).public());
    let relay = RelayLink { address: "127.0.0.1:7443".parse().unwrap(), key };
    Profile { name: "Ms. Ito".into(), role: Role::Teacher, relay }
}

fn home() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    (dir, home)
}

fn open(home: &Path) -> Result<Opened, HomeError> {
    open_early(home).map(|(opened, _)| opened)
}

/// Opens it again and again.
fn opener_of(home: &Path) -> Opener {
    opener(home.to_path_buf(), Arc::new(FileVault::in_home(home)), Arc::new(SystemClock))
}

/// Its store, with its own key.
fn sealed(home: &Path, store: &Path) -> Result<SealedStore<PhoneStore>, StoreError> {
    SealedStore::open(PhoneStore::open(store)?, &FileVault::in_home(home), seed_of_store()?)
}

fn root(home: &Path) -> RootKey {
    FileVault::in_home(home).load().unwrap().unwrap()
}

/// An open home, and whether it could be looked at before.
fn open_early(home: &Path) -> Result<(Opened, bool), HomeError> {
    let mut early = None;
    let opened = opener_of(home)(&mut |engine| early = Some(engine))?;
    let was_early = early.is_some();
    Ok((Opened { engine: opened.engine.or(early), ..opened }, was_early))
}

/// The error; an open home has no debug form.
fn refused(home: &Path) -> HomeError {
    open(home).err().unwrap()
}

fn names(home: &Path) -> Vec<String> {
    let names = fs::read_dir(home).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn a_home_is_made_once_and_opens_with_its_relay() {
    let (_dir, home) = home();
    create(&home, &profile()).unwrap();
    assert_eq!(create(&home, &profile()), Err(HomeError::Exists(home.clone())));
    let opened = open(&home).unwrap();
    assert_eq!(opened.engine.as_ref().unwrap().relay(), &profile().relay);
    assert!(opened.notices.is_empty());
    assert_eq!(names(&home), ["key", "lock", "store", "tandem-home"]);
}

#[test]
fn a_folder_with_other_things_in_it_is_no_place_for_a_home() {
    let (_dir, home) = home();
    fs::create_dir(&home).unwrap();
    fs::write(home.join("relay.key"), b"x").unwrap();
    assert_eq!(create(&home, &profile()), Err(HomeError::NotEmpty(home.clone())));
    assert_eq!(refused(&home), HomeError::NotAHome(home.clone()));
    assert_eq!(names(&home), ["relay.key"]);
    assert_eq!(refused(&home.join("relay.key")), HomeError::NotAHome(home.join("relay.key")));
    assert_eq!(refused(Path::new("/nowhere")), HomeError::NotAHome("/nowhere".into()));
}

#[test]
fn an_attempt_that_was_cut_off_is_made_again_or_finished() {
    let (_dir, home) = home();
    fs::create_dir_all(home.join(STORE_NEW)).unwrap();
    fs::write(home.join(STORE_NEW).join("half"), b"x").unwrap();
    assert_eq!(refused(&home), HomeError::NotAHome(home.clone()));
    create(&home, &profile()).unwrap();
    // Cut off between the marker and the store's name:
    fs::rename(home.join(STORE), home.join(STORE_NEW)).unwrap();
    assert!(open(&home).is_ok());
}

#[test]
fn a_second_opener_hears_which_process_has_the_home() {
    let (_dir, home) = home();
    create(&home, &profile()).unwrap();
    let first = open(&home).unwrap();
    let pid = Some(std::process::id());
    assert_eq!(refused(&home), HomeError::Held { home: home.clone(), pid });
    drop(first);
    assert!(open(&home).is_ok());
}

#[test]
fn a_home_of_a_newer_version_is_left_alone() {
    let (_dir, home) = home();
    create(&home, &profile()).unwrap();
    fs::write(home.join(MARKER), "layout 9\n").unwrap();
    assert_eq!(refused(&home), HomeError::Newer(9));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_home() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, home) = home();
    create(&home, &profile()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home), 0o700);
    assert_eq!(mode(&home.join("store")), 0o700);
    assert_eq!(mode(&home.join("store/db")), 0o600);
    assert_eq!(mode(&home.join("lock")), 0o600);
}

fn on_demand(n: u8) -> Key {
    Key::new(vec![Key::FIRST_ON_DEMAND, n])
}

/// A home with twenty records beside those of its person.
fn full_home(home: &Path) {
    create(home, &profile()).unwrap();
    let store = sealed(home, &home.join(STORE)).unwrap();
    for n in 0..20 {
        let mut batch = tandem_engine::Batch::new();
        batch.push(tandem_engine::Write::Put(on_demand(n), vec![n; 3000]));
        store.commit(&batch).unwrap();
        if n == 9 {
            store.inner().checkpoint().unwrap();
        }
    }
    store.inner().checkpoint().unwrap();
}

#[test]
fn a_store_without_its_snapshot_and_settings_is_rebuilt_and_the_old_one_kept() {
    let (_dir, home) = home();
    full_home(&home);
    for entry in fs::read_dir(home.join(STORE)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("snap.") || name == "conf" {
            fs::write(entry.path(), b"not what it was, and long enough").unwrap();
        }
    }
    let (opened, early) = open_early(&home).unwrap();
    assert!(early, "the damage is found behind the inbox");
    let [Notice::StoreRebuilt { quarantine, kept, lost: 0, .. }] = &opened.notices[..] else {
        panic!("{:?}", opened.notices)
    };
    assert!(*kept > 20);
    assert!(quarantine.join("db").exists());
    for n in 0..20 {
        assert_eq!(opened.store.load(&on_demand(n)), Ok(Some(vec![n; 3000])));
    }
    drop(opened);
    assert!(open(&home).unwrap().notices.is_empty());
}

#[test]
fn a_home_can_be_looked_at_before_its_store_is_open_and_what_is_shown_stands() {
    let (_dir, home) = home();
    full_home(&home);
    let seen = |home: &Path| {
        let mut early = None;
        let opened = opener_of(home)(&mut |engine| early = Some(engine)).unwrap();
        (early.map(|engine| engine.relay().clone()), opened.engine.is_none())
    };
    assert_eq!(seen(&home), (Some(profile().relay), true));
    // Without it the store is waited for, and what the next opening shows is written down.
    fs::remove_file(home.join("store/resident")).unwrap();
    assert_eq!(seen(&home), (None, false));
    assert_eq!(seen(&home), (Some(profile().relay), true));
    // Whatever was shown, what the store has counts.
    let store = sealed(&home, &home.join(STORE)).unwrap();
    let mut batch = tandem_engine::Batch::new();
    batch.push(tandem_engine::Write::Put(Key::new(vec![15, 1]), vec![1]));
    store.commit(&batch).unwrap();
    store.inner().checkpoint().unwrap();
    let mut shown = store.sealed_resident().unwrap();
    shown.pop();
    store.inner().preview_as(shown).unwrap();
    drop(store);
    assert_eq!(seen(&home), (Some(profile().relay), false));
}

#[test]
fn a_store_that_can_not_be_read_is_left_as_it_is() {
    let (_dir, home) = home();
    full_home(&home);
    let db = home.join("store/db");
    let len = usize::try_from(fs::metadata(&db).unwrap().len()).unwrap();
    let noise = vec![0x5a; len];
    fs::write(&db, &noise).unwrap();
    assert!(matches!(refused(&home), HomeError::Damaged { .. }));
    // Asked again, it says the same.
    assert!(matches!(refused(&home), HomeError::Damaged { .. }));
    assert_eq!(names(&home), ["key", "lock", "store", "tandem-home"]);
}

#[test]
fn a_home_whose_sled_is_lost_before_its_first_checkpoint_comes_back_from_the_journal() {
    let (_dir, home) = home();
    create(&home, &profile()).unwrap();
    fs::write(home.join("store/db"), [0x5a; 4096]).unwrap();
    let opened = open(&home).unwrap();
    assert!(matches!(&opened.notices[..], [Notice::StoreRebuilt { .. }]), "{:?}", opened.notices);
    assert_eq!(opened.engine.as_ref().unwrap().relay(), &profile().relay);
}

/// sled's own checks may turn a flipped bit into an older state, which its journal gives away; no
/// value is ever another one than was written.
#[test]
fn no_flipped_bit_of_the_file_ever_shows_as_a_value() {
    let (_dir, home) = home();
    full_home(&home);
    let db = home.join("store/db");
    let whole = fs::read(&db).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap();
    let (mut whole_ones, mut told, mut kept) = (0, 0, 0);
    for place in (0..used).step_by(used / 24) {
        let copy = home.join("copy");
        let _ = fs::remove_dir_all(&copy);
        crate::files::copy_dir(&home.join(STORE), &copy).unwrap();
        let mut flipped = whole.clone();
        flipped[place] ^= 0x10;
        fs::write(copy.join("db"), flipped).unwrap();
        match sealed(&home, &copy) {
            Ok(store) => {
                for n in 0..20 {
                    match store.load(&on_demand(n)) {
                        Ok(value) => assert_eq!(value, Some(vec![n; 3000])),
                        Err(error) => assert!(matches!(error, StoreError::Damaged(_))),
                    }
                }
                whole_ones += 1;
            }
            Err(StoreError::Damaged(_)) => {
                told += 1;
                let salvaged = PhoneStore::salvage(&copy).and_then(|all| sound(&root(&home), all));
                let records = salvaged.ok().and_then(|(all, _)| preview(&root(&home), &all));
                for (key, value) in records.unwrap_or_default() {
                    if let Some(n) = (0..20).find(|n| on_demand(*n) == key) {
                        assert_eq!(value, vec![n; 3000]);
                        kept += 1;
                    }
                }
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    println!("{whole_ones} read whole, {told} said to be damaged; {kept} values were salvaged");
    assert!(told > 0 && kept > 0);
}

/// A store that was cut short is opened with what can still be read and the person is told, or it is
/// said to be damaged and stays.
#[test]
fn a_store_that_was_cut_short_shows_only_what_was_written() {
    let (_dir, home) = home();
    full_home(&home);
    let whole = fs::read(home.join("store/db")).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap();
    let (mut told, mut untold) = (0, 0);
    for part in 0..8 {
        let copy = home.with_file_name(format!("copy-{part}"));
        crate::files::copy_dir(&home, &copy).unwrap();
        let cut = &whole[..used * part / 8];
        fs::write(copy.join("store/db"), cut).unwrap();
        match open(&copy) {
            Ok(opened) => {
                for n in 0..20 {
                    let value = opened.store.load(&on_demand(n));
                    assert!(value == Ok(None) || value == Ok(Some(vec![n; 3000])), "{value:?}");
                    let said = !opened.notices.is_empty();
                    untold += u32::from(value == Ok(None) && !said);
                }
            }
            Err(HomeError::Damaged { .. }) => {
                told += 1;
                assert!(copy.join("store/db").exists() && copy.join("store/journal").exists());
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    println!("{told} of 8 said to be damaged");
    assert_eq!(untold, 0, "records were missing without a word");
}

#[test]
fn records_of_a_newer_version_are_not_read_and_not_touched() {
    let (_dir, home) = home();
    create(&home, &profile()).unwrap();
    let person = Key::new(vec![1]);
    let set = |version: u8| {
        let store = sealed(&home, &home.join(STORE)).unwrap();
        let mut record = store.load(&person).unwrap().unwrap();
        let before = std::mem::replace(&mut record[0], version);
        let mut batch = tandem_engine::Batch::new();
        batch.push(tandem_engine::Write::Put(person.clone(), record));
        store.commit(&batch).unwrap();
        before
    };
    let known = set(99);
    assert_eq!(refused(&home), HomeError::Newer(99));
    assert_eq!(names(&home), ["key", "lock", "store", "tandem-home"]);
    assert_eq!(set(known), 99, "nothing was touched");
    assert!(open(&home).is_ok());
}

#[test]
fn the_round_trip_is_remembered_within_bounds_and_says_nothing_of_the_relay() {
    let dir = tempfile::tempdir().unwrap();
    let path = PathMemory::new(Some(dir.path().join("path")));
    let ms = std::time::Duration::from_millis;
    assert_eq!(path.round_trip(), ms(100));
    path.remember(ms(240));
    assert_eq!(path.round_trip(), ms(240));
    assert_eq!(fs::read(dir.path().join("path")).unwrap(), b"240000\n");
    path.remember(ms(1));
    assert_eq!(path.round_trip(), ms(20));
    fs::write(dir.path().join("path"), b"\xff nonsense").unwrap();
    assert_eq!(path.round_trip(), ms(100));
}

mod rest;
