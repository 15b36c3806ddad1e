#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::fs;

use super::*;

fn key(n: u8) -> RootKey {
    RootKey::new([n; 32])
}

/// What every vault promises.
fn keeps_one_key(vault: &dyn Vault, again: &dyn Vault) {
    assert_eq!(vault.load(), Ok(None));
    vault.create(&key(1)).unwrap();
    assert_eq!(vault.create(&key(2)), Err(VaultError::Taken));
    assert_eq!(again.load(), Ok(Some(key(1))));
    vault.replace(&key(3)).unwrap();
    assert_eq!(again.load(), Ok(Some(key(3))));
    vault.delete().unwrap();
    vault.delete().unwrap();
    assert_eq!(again.load(), Ok(None));
    vault.create(&key(4)).unwrap();
}

#[test]
fn a_vault_keeps_one_key_which_is_replaced_whole_and_taken_out() {
    let memory = MemoryVault::new();
    keeps_one_key(&memory, &memory.clone());
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("some.key");
    keeps_one_key(&FileVault::new(file.clone()), &FileVault::new(file));
}

#[test]
fn a_locked_vault_gives_nothing_out_and_takes_nothing_in() {
    let vault = MemoryVault::new();
    vault.create(&key(1)).unwrap();
    vault.lock(true);
    assert_eq!(vault.load(), Err(VaultError::Locked));
    assert_eq!(vault.replace(&key(2)), Err(VaultError::Locked));
    vault.lock(false);
    assert_eq!(vault.load(), Ok(Some(key(1))));
}

#[test]
fn no_byte_of_a_vaults_file_can_change_without_its_being_told() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("key");
    let vault = FileVault::new(file.clone());
    vault.create(&key(7)).unwrap();
    let whole = fs::read(&file).unwrap();
    for place in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[place] ^= 4;
        fs::write(&file, flipped).unwrap();
        assert!(matches!(vault.load(), Err(VaultError::Damaged | VaultError::Newer(_))), "{place}");
        fs::write(&file, &whole[..place]).unwrap();
        assert_eq!(vault.load(), Err(VaultError::Damaged), "cut at {place}");
    }
    fs::write(&file, [&whole[..], &[0]].concat()).unwrap();
    assert_eq!(vault.load(), Err(VaultError::Damaged));
    fs::write(&file, &whole).unwrap();
    assert_eq!(vault.load(), Ok(Some(key(7))));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_vaults_file_also_after_it_was_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("key");
    let vault = FileVault::new(file.clone());
    let mode = || fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    vault.create(&key(1)).unwrap();
    assert_eq!(mode(), 0o600);
    vault.replace(&key(2)).unwrap();
    assert_eq!(mode(), 0o600);
}

#[test]
fn a_key_that_was_never_renamed_does_not_count() {
    let dir = tempfile::tempdir().unwrap();
    let vault = FileVault::in_home(dir.path());
    fs::write(dir.path().join("key.new"), b"half").unwrap();
    assert_eq!(vault.load(), Ok(None));
    vault.create(&key(1)).unwrap();
    assert_eq!(vault.load(), Ok(Some(key(1))));
    assert!(!dir.path().join("key.new").exists());
}
