#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::{fs, net::Ipv4Addr, path::PathBuf};

use tandem_engine::{Delivery, Fields, Profile, Trouble, ViewDiff};
use tandem_proto::{RelayKey, Role, SecretKey, Timestamp};

use super::*;
use crate::{Fault, LinkPhase, PhoneStore, Store, StoreError};

fn profile() -> Profile {
    let key = RelayKey::new(SecretKey::from_seed([1; 32]).public());
    let relay = RelayLink { address: "127.0.0.1:7443".parse().unwrap(), key };
    Profile { name: "Ms. Ito".into(), role: Role::Teacher, relay }
}

fn disk() -> MemoryDisk {
    let disk = MemoryDisk::new();
    let first = tandem_engine::create(Timestamp(1), [7; 32], &profile()).unwrap();
    disk.open().unwrap().commit(&first).unwrap();
    disk
}

async fn open(disk: &MemoryDisk) -> Client {
    Client::open_in_memory(disk, ClientOptions::default()).await.unwrap()
}

async fn found(client: &Client, title: &str) -> ThreadId {
    match client.perform(Intent::FoundThread { title: title.into() }).await.unwrap() {
        Answer::Founded(thread) => thread,
        other => panic!("{other:?}"),
    }
}

fn message(thread: ThreadId, text: &str) -> Intent {
    let fields = Fields::from([("text".to_owned(), text.to_owned())]);
    Intent::Post { thread, kind: "message".into(), fields, answers: None }
}

async fn texts(client: &Client, thread: ThreadId) -> Vec<String> {
    match client.ask(Query::Thread(thread)).await.unwrap() {
        Answer::Thread(_, rows) => {
            rows.into_iter().filter_map(|row| row.fields.get("text").cloned()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_posted_offline_answers_at_once_and_is_there_after_a_power_cut() {
    let disk = disk();
    let client = open(&disk).await;
    let thread = found(&client, "Mia").await;
    let said = client.perform(message(thread, "good morning")).await.unwrap();
    assert!(matches!(said, Answer::Said(_, Delivery::OnThisPhone)), "{said:?}");
    drop(client);
    assert_eq!(texts(&open(&disk).await, thread).await, ["good morning"]);
}

#[tokio::test]
async fn a_failed_commit_keeps_nothing_and_leaves_a_usable_client() {
    for fault in [Fault::Lost, Fault::Kept] {
        let disk = disk();
        let client = open(&disk).await;
        let thread = found(&client, "Mia").await;
        let mut rows = client.watch_thread(thread);
        assert!(matches!(rows.next().await, Some(ViewDiff::Reset(_))));
        disk.fail(disk.commits(), fault);
        let refused = client.perform(message(thread, "lost")).await;
        assert!(matches!(refused, Err(ClientError::Trouble(Trouble::NotKept(_)))), "{refused:?}");
        // Screens start afresh, and the next words are kept.
        assert!(matches!(rows.next().await, Some(ViewDiff::Reset(_))));
        client.perform(message(thread, "kept")).await.unwrap();
        assert!(texts(&client, thread).await.contains(&"kept".to_owned()));
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_takes_more_once_there_is_room() {
    let disk = disk();
    let client = open(&disk).await;
    let thread = found(&client, "Mia").await;
    disk.set_room(0);
    let refused = client.perform(message(thread, "one")).await;
    assert!(matches!(refused, Err(ClientError::Trouble(Trouble::NotKept(_)))), "{refused:?}");
    disk.set_room(usize::MAX);
    client.perform(message(thread, "two")).await.unwrap();
    assert_eq!(texts(&client, thread).await, ["two"]);
}

#[tokio::test]
async fn a_suspended_client_lets_others_have_the_home_and_goes_on_after() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    crate::create(&home, &profile()).unwrap();
    let client = Client::open(&home, ClientOptions::default()).await.unwrap();
    let second = Client::open(&home, ClientOptions::default()).await;
    assert!(matches!(second, Err(HomeError::Held { .. })));
    let thread = found(&client, "Mia").await;
    let mut inbox = client.watch_inbox();
    assert!(matches!(inbox.next().await, Some(ViewDiff::Reset(_))));

    client.suspend().await.unwrap();
    assert_eq!(client.ask(Query::Inbox).await, Err(ClientError::Suspended));
    assert_eq!(client.sync_once(Duration::from_secs(1)).await, Err(SyncError::NotOpen));
    let other = Client::open(&home, ClientOptions::default()).await.unwrap();
    other.perform(message(thread, "from elsewhere")).await.unwrap();
    assert!(matches!(client.resume().await, Err(HomeError::Held { .. })));
    other.close().await;

    client.resume().await.unwrap();
    assert_eq!(texts(&client, thread).await, ["from elsewhere"]);
    assert!(matches!(inbox.next().await, Some(ViewDiff::Reset(_))));
    client.close().await;
    assert_eq!(client.ask(Query::Inbox).await, Err(ClientError::Closed));
    assert_eq!(inbox.next().await, None);
}

#[tokio::test]
async fn a_screen_that_was_scrolled_shows_as_much_again_after_a_suspension() {
    let client = open(&disk()).await;
    let thread = found(&client, "Maya").await;
    for n in 0..8 {
        client.perform(message(thread, &n.to_string())).await.unwrap();
    }
    let mut rows = client.watch_newest(thread, 2);
    let (scroll, mut shown) = (rows.scroll(), Vec::new());
    rows.next().await.unwrap().apply(&mut shown);
    assert_eq!((shown.len(), scroll.earlier()), (2, 6));
    scroll.show_earlier(3);
    rows.next().await.unwrap().apply(&mut shown);
    assert_eq!((shown.len(), scroll.earlier()), (5, 3));
    client.perform(message(thread, "one more")).await.unwrap();
    rows.next().await.unwrap().apply(&mut shown);
    client.suspend().await.unwrap();
    client.resume().await.unwrap();
    rows.next().await.unwrap().apply(&mut shown);
    assert_eq!((shown.len(), scroll.earlier()), (6, 3), "nobody is thrown back to the end");
}

#[tokio::test]
async fn without_a_relay_a_sync_ends_in_time_and_the_client_is_offline_again() {
    let silent = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let options = ClientOptions {
        dial_timeout: Duration::from_millis(100),
        dial_override: silent.local_addr().ok(),
        ..ClientOptions::default()
    };
    let client = Client::open_in_memory(&disk(), options).await.unwrap();
    let since = tokio::time::Instant::now();
    let synced = client.sync_once(Duration::from_millis(400)).await;
    assert_eq!(synced, Err(SyncError::Unreachable));
    assert!(since.elapsed() < Duration::from_millis(1400));
    assert!(client.wire_bytes().0 > 0);
    // The driver has done everything before it answers.
    client.ask(Query::Inbox).await.unwrap();
    assert_eq!(client.link_state().now().phase, LinkPhase::Offline);
}

#[tokio::test]
async fn a_sync_that_is_given_up_goes_offline_again() {
    let silent = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let options =
        ClientOptions { dial_override: silent.local_addr().ok(), ..ClientOptions::default() };
    let client = Client::open_in_memory(&disk(), options).await.unwrap();
    let mut state = client.link_state();
    tokio::select! {
        synced = client.sync_once(Duration::from_secs(60)) => panic!("{synced:?}"),
        state = state.changed() => assert_eq!(state.unwrap().phase, LinkPhase::Dialing),
    }
    assert_eq!(state.changed().await.unwrap().phase, LinkPhase::Offline);
}

#[tokio::test]
async fn dropping_a_client_ends_its_screens_and_lets_the_home_go() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    crate::create(&home, &profile()).unwrap();
    let client = Client::open(&home, ClientOptions::default()).await.unwrap();
    let thread = found(&client, "Mia").await;
    let mut rows = client.watch_thread(thread);
    drop(client);
    while rows.next().await.is_some() {}
    let client = Client::open(&home, ClientOptions::default()).await.unwrap();
    assert!(texts(&client, thread).await.is_empty());
}

/// A home with one thread and one entry, all of it in sled's file, and the folder of its store.
async fn home_on_disk(dir: &Path) -> (PathBuf, PathBuf, ThreadId) {
    let home = dir.join("home");
    crate::create(&home, &profile()).unwrap();
    let client = Client::open(&home, ClientOptions::default()).await.unwrap();
    let thread = found(&client, "Mia").await;
    client.perform(message(thread, "good morning")).await.unwrap();
    client.close().await;
    let store = home.join("store");
    open_store(&store).checkpoint().unwrap();
    // sled writes its snapshot when it is opened.
    drop(open_store(&store));
    (home, store, thread)
}

fn open_store(store: &Path) -> PhoneStore {
    loop {
        match PhoneStore::open(store) {
            Err(StoreError::Busy) => std::thread::sleep(Duration::from_millis(2)),
            opened => return opened.unwrap(),
        }
    }
}

fn shown(first: Option<ViewDiff<InboxRow>>) -> Vec<String> {
    match first {
        Some(ViewDiff::Reset(rows)) => rows.into_iter().map(|row| row.title).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn damage_found_behind_an_inbox_that_is_shown_is_mended_and_told() {
    let dir = tempfile::tempdir().unwrap();
    let (home, store, thread) = home_on_disk(dir.path()).await;
    for entry in fs::read_dir(&store).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("snap.") || name == "conf" {
            fs::write(entry.path(), b"not what it was, and long enough").unwrap();
        }
    }
    let client = Client::open(&home, ClientOptions::default()).await.unwrap();
    assert_eq!(client.take_notices(), [], "it is not known yet");
    let mut inbox = client.watch_inbox();
    assert_eq!(shown(inbox.next().await), ["Mia"]);
    // What is wanted meanwhile waits, and is done on what was mended.
    let (said, whole) =
        tokio::join!(client.perform(message(thread, "good evening")), client.whole());
    assert!(matches!(said, Ok(Answer::Said(..))), "{said:?}");
    assert_eq!(whole, Ok(()));
    assert_eq!(shown(inbox.next().await), ["Mia"]);
    let notices = client.take_notices();
    assert!(matches!(&notices[..], [Notice::StoreRebuilt { lost: 0, .. }]), "{notices:?}");
    assert_eq!(texts(&client, thread).await, ["good morning", "good evening"]);
}

#[tokio::test]
async fn behind_an_inbox_that_is_shown_a_store_that_is_lost_takes_nothing_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let (home, store, thread) = home_on_disk(dir.path()).await;
    let len = usize::try_from(fs::metadata(store.join("db")).unwrap().len()).unwrap();
    fs::write(store.join("db"), vec![0x5a; len]).unwrap();
    let client = Client::open(&home, ClientOptions::default()).await.unwrap();
    assert_eq!(shown(client.watch_inbox().next().await), ["Mia"]);
    let mut rows = client.watch_thread(thread);
    let said = client.perform(message(thread, "lost")).await;
    let damaged = matches!(said, Err(ClientError::Home(HomeError::Damaged { .. })));
    assert!(damaged, "{said:?}");
    let whole = client.whole().await;
    assert!(matches!(whole, Err(HomeError::Damaged { .. })), "{whole:?}");
    client.close().await;
    assert_eq!(rows.next().await, None, "no rows of a thread were shown");
    assert!(store.join("db").exists() && store.join("journal").exists());
}

#[tokio::test]
async fn a_client_that_is_closed_while_its_store_is_opening_lets_the_home_go() {
    let dir = tempfile::tempdir().unwrap();
    let (home, _, thread) = home_on_disk(dir.path()).await;
    for _ in 0..3 {
        let client = Client::open(&home, ClientOptions::default()).await.unwrap();
        assert_eq!(shown(client.watch_inbox().next().await), ["Mia"]);
        client.close().await;
    }
    let client = Client::open(&home, ClientOptions::default()).await.unwrap();
    client.suspend().await.unwrap();
    client.resume().await.unwrap();
    assert_eq!(texts(&client, thread).await, ["good morning"]);
}

#[tokio::test]
async fn diagnostics_count_and_say_nothing_of_what_was_said_or_by_whom() {
    let disk = disk();
    let client = open(&disk).await;
    let thread = found(&client, "Mia Okonkwo").await;
    client.perform(message(thread, "she was brave today")).await.unwrap();
    let told = client.diagnostics().await.unwrap().to_string();
    for line in ["link=idle", "home=open", "threads=1", "waiting=1", "stuck=0", "role=teacher"] {
        assert!(told.lines().any(|said| said == line), "{line} in:\n{told}");
    }
    for secret in ["Mia", "Okonkwo", "brave", "Ito"] {
        assert!(!told.contains(secret), "{secret} in:\n{told}");
    }
    client.suspend().await.unwrap();
    let told = client.diagnostics().await.unwrap().to_string();
    assert!(told.lines().any(|said| said == "home=suspended"), "{told}");
    client.close().await;
    assert!(matches!(client.diagnostics().await, Err(ClientError::Closed)));
}
