#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::process::Command;

use tandem_engine::Write;

use super::*;

fn numbered(n: u32, bytes: usize) -> Batch {
    let mut batch = Batch::new();
    batch.push(Write::Put(Key::new(n.to_be_bytes().to_vec()), vec![n.to_le_bytes()[0]; bytes]));
    batch
}

/// The child of the next test: commits until the disk takes no more, saying what is kept.
#[test]
fn fill_the_disk() {
    let Ok(dir) = std::env::var("TANDEM_TEST_FULL_DISK") else { return };
    let store = SledStore::create(Path::new(&dir)).unwrap();
    let failed = (0..).find_map(|n| match store.commit(&numbered(n, 50_000)) {
        Ok(()) => {
            println!("kept {n}");
            None
        }
        Err(error) => Some(error),
    });
    println!("failed {:?}", failed.unwrap());
    assert!(matches!(store.commit(&numbered(0, 1)), Err(StoreError::Closed(_))));
    // As after a crash: nothing is tidied up.
    std::process::exit(0);
}

/// A limit on the size of files stands in for a full disk: the write itself fails.
#[cfg(unix)]
#[test]
fn when_a_write_fails_everything_committed_before_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("store");
    let me = std::env::current_exe().unwrap();
    let script = "trap '' XFSZ; ulimit -f 40000; exec \"$0\" --exact --nocapture \
                  store::sled::tests::fill_the_disk";
    let out = Command::new("sh")
        .args(["-c", script])
        .arg(me)
        .env("TANDEM_TEST_FULL_DISK", &store)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(said.contains("failed "), "{said}{}", String::from_utf8_lossy(&out.stderr));
    let kept: Vec<u32> =
        said.lines().filter_map(|line| line.trim().rsplit_once("kept ")?.1.parse().ok()).collect();
    assert!(kept.len() > 50, "{said}");
    let store = SledStore::open(&store).unwrap();
    for n in kept {
        let value = store.load(&Key::new(n.to_be_bytes().to_vec())).unwrap().unwrap();
        assert_eq!(value, vec![n.to_le_bytes()[0]; 50_000]);
    }
}

#[cfg(unix)]
#[test]
fn a_sync_that_fails_closes_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = SledStore::create(&dir.path().join("store")).unwrap();
    store.commit(&numbered(1, 10)).unwrap();
    // A pipe stands for sled's file: it can't be synced.
    let (_, writer) = io::pipe().unwrap();
    store.file = File::from(std::os::fd::OwnedFd::from(writer));
    assert!(matches!(store.commit(&numbered(2, 10)), Err(StoreError::Disk(_))));
    assert!(matches!(store.commit(&numbered(3, 10)), Err(StoreError::Closed(_))));
}

#[test]
fn many_long_values_side_by_side_leave_no_blob_files() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("store");
    let store = SledStore::create(&dir).unwrap();
    for n in 0..40 {
        store.commit(&numbered(n, 200_000)).unwrap();
    }
    assert_eq!(fs::read_dir(dir.join("blobs")).unwrap().count(), 0);
    assert_eq!(store.scan(&Key::new(vec![0])).unwrap().len(), 40);
}

#[test]
fn a_blob_file_is_a_failed_commit() {
    let dir = tempfile::tempdir().unwrap();
    let store = SledStore::create(dir.path()).unwrap();
    fs::write(dir.path().join("blobs/1"), b"x").unwrap();
    assert!(matches!(store.commit(&numbered(1, 10)), Err(StoreError::Disk(_))));
}

#[test]
fn a_snapshot_that_was_cut_off_does_not_keep_a_store_from_opening() {
    let dir = tempfile::tempdir().unwrap();
    let store = SledStore::create(dir.path()).unwrap();
    store.commit(&numbered(1, 10)).unwrap();
    drop(store);
    fs::write(dir.path().join("snap.FFFFFFFFFFFFFFFF.generating"), b"half").unwrap();
    let store = SledStore::open(dir.path()).unwrap();
    assert_eq!(store.scan(&Key::new(vec![])).unwrap().len(), 1);
}

#[test]
fn a_second_store_over_one_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let _first = SledStore::create(dir.path()).unwrap();
    assert_eq!(SledStore::open(dir.path()).err(), Some(StoreError::Busy));
}

#[test]
fn what_is_no_store_is_not_taken_for_an_empty_one() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(SledStore::open(dir.path()), Err(StoreError::Damaged(_))));
    fs::write(dir.path().join("db"), [0x5a; 4096]).unwrap();
    assert!(matches!(SledStore::open(dir.path()), Err(StoreError::Damaged(_))));
    assert_eq!(SledStore::create(dir.path()).err(), Some(StoreError::Busy));
}
