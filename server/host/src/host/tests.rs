#![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

mod client;
mod erasing;
mod limits;
mod schools;
mod strangers;

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use tandem_proto::{
    ClientToRelay, Closing, Cursors, ItemHash, Receipt, Refusal, RelayToClient, Seq, ThreadCursor,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use self::client::{Client, genesis};
use super::*;

fn config(data: &Path) -> HostConfig {
    let mut config = HostConfig::new(data);
    config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config
}

async fn start(data: &Path) -> Host {
    Host::start(config(data)).await.unwrap()
}

/// Pushes the genesis of a thread; its receipt, verified.
async fn found(client: &mut Client, host: &Host, seed: u8) -> Receipt {
    let (thread, item) = genesis(client.device(), seed);
    client.push(thread, &item).await;
    let hash = ItemHash::of(&item);
    let RelayToClient::Receipts(batch) = client.next().await else { panic!("no receipt") };
    let receipts = batch.open(&host.link().key, |_| Some((thread, hash))).unwrap();
    assert_eq!(receipts.len(), 1);
    receipts[0].verify(&host.link().key).unwrap();
    assert_eq!((receipts[0].seq, receipts[0].item), (Seq(1), hash));
    receipts[0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_is_greeted_and_gets_a_receipt_and_a_restart_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    let mut client = Client::dial(&host.link(), 1).await;
    let greeting = client.hello().await;
    let receipt = found(&mut client, &host, 1).await;
    assert_eq!(receipt.generation, greeting.generation);
    let (link, listen) = (host.link(), host.listen());
    host.stop().await;
    assert_eq!(client.next().await, RelayToClient::Closing(Closing::Stopping(1000)));

    let mut config = config(dir.path());
    config.listen = listen;
    let host = Host::start(config).await.unwrap();
    assert_eq!(host.link(), link);
    let mut client = Client::dial(&host.link(), 1).await;
    assert_eq!(client.hello().await.generation, greeting.generation);
    // The same bytes again get their old place again.
    assert_eq!(found(&mut client, &host, 1).await.seq, receipt.seq);
    host.stop().await;
    let report = crate::check(dir.path(), &[receipt.item]).unwrap();
    assert!(report.is_ok(), "{report:?}");
    assert_eq!(report.generation, Some(greeting.generation));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_a_receipt_survives_a_relay_that_breaks_off_and_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    let mut client = Client::dial(&host.link(), 1).await;
    let greeting = client.hello().await;
    let receipt = found(&mut client, &host, 1).await;
    drop((client, host));

    let host = loop {
        match Host::start(config(dir.path())).await {
            Ok(host) => break host,
            // The old one's threads are still letting go.
            Err(HostError::Folder(FolderError::InUse { .. })) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    };
    let mut client = Client::dial(&host.link(), 1).await;
    assert_eq!(client.hello().await.generation, greeting.generation);
    let (thread, item) = genesis(client.device(), 1);
    let cursor =
        ThreadCursor { thread, seq: Seq(0), chain: tandem_proto::ChainHash::start(&thread) };
    let cursors = Cursors {
        generation: greeting.generation,
        cursors: vec![cursor].try_into().unwrap(),
        first: true,
        last: true,
    };
    client.send(&ClientToRelay::Cursors(cursors)).await;
    let RelayToClient::Deliver(delivered) = client.next().await else { panic!("no delivery") };
    assert_eq!((delivered.thread, delivered.first), (thread, receipt.seq));
    assert_eq!(delivered.items[0].to_vec(), item);
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wiped_store_has_a_new_generation_under_the_same_link() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    let key = host.link().key;
    let old = Client::dial(&host.link(), 1).await.hello().await.generation;
    host.stop().await;
    fs::remove_dir_all(dir.path().join("store")).unwrap();
    let host = start(dir.path()).await;
    assert_eq!(host.link().key, key);
    assert_ne!(Client::dial(&host.link(), 1).await.hello().await.generation, old);
    host.stop().await;
}

#[tokio::test]
async fn a_store_without_its_key_does_not_start() {
    let dir = tempfile::tempdir().unwrap();
    start(dir.path()).await.stop().await;
    fs::remove_file(dir.path().join("relay.key")).unwrap();
    let error = Host::start(config(dir.path())).await.unwrap_err();
    assert!(matches!(error, HostError::Folder(FolderError::KeyMissing { .. })), "{error}");
}

#[tokio::test]
async fn a_second_relay_on_one_folder_is_told_which_process_holds_it() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    let error = Host::start(config(dir.path())).await.unwrap_err().to_string();
    assert!(error.contains(&std::process::id().to_string()), "{error}");
    host.stop().await;
}

#[tokio::test]
async fn a_config_without_a_data_folder_does_not_start() {
    let error = Host::start(HostConfig::new("")).await.unwrap_err().to_string();
    assert!(error.contains("data"), "{error}");
}

/// A disk that can be filled.
#[derive(Debug, Default)]
struct Small {
    full: AtomicBool,
}

impl Disk for Small {
    fn write(&self, file: &fs::File, bytes: &[u8], offset: u64) -> io::Result<()> {
        if self.full.load(Ordering::Relaxed) {
            return Err(ErrorKind::StorageFull.into());
        }
        RealDisk.write(file, bytes, offset)
    }

    fn sync(&self, file: &fs::File) -> io::Result<()> {
        RealDisk.sync(file)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_the_relay_stays_up_refuses_and_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(Small::default());
    let host = Host::start_with(config(dir.path()), Clock::system(), disk.clone()).await.unwrap();
    let mut client = Client::dial(&host.link(), 1).await;
    let greeting = client.hello().await;
    found(&mut client, &host, 1).await;

    disk.full.store(true, Ordering::Relaxed);
    let (thread, item) = genesis(client.device(), 2);
    client.push(thread, &item).await;
    let RelayToClient::Refused(refused) = client.next().await else { panic!("not refused") };
    assert_eq!(refused.reason, Refusal::Unavailable);
    assert_eq!(refused.item, ItemHash::of(&item).short());
    assert!(matches!(client.next().await, RelayToClient::Closing(Closing::Busy(_))));
    let mut other = Client::dial(&host.link(), 2).await;
    other.send_hello().await;
    assert!(matches!(other.next().await, RelayToClient::Closing(Closing::Busy(_))));

    disk.full.store(false, Ordering::Relaxed);
    let mut client = loop {
        let mut client = Client::dial(&host.link(), 1).await;
        client.send_hello().await;
        match client.next().await {
            RelayToClient::Greeting(again) => {
                assert_eq!(again.generation, greeting.generation, "nothing was lost");
                break client;
            }
            RelayToClient::Closing(Closing::Busy(_)) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(found(&mut client, &host, 2).await.item, ItemHash::of(&item));
    assert_eq!(found(&mut client, &host, 1).await.seq, Seq(1));
    host.stop().await;
    assert!(crate::check(dir.path(), &[ItemHash::of(&item)]).unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_frame_closes_the_connection_and_an_unknown_frame_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(dir.path()).await;
    let mut client = Client::dial(&host.link(), 1).await;
    // Tag 63 is nobody's.
    client.send_bytes(&[2, 0, 0, 0, 63, 1]).await;
    client.hello().await;
    client.send_bytes(&[0xff, 0xff, 0xff, 0x7f]).await;
    assert_eq!(client.next().await, RelayToClient::Closing(Closing::Malformed));

    let mut client = Client::dial(&host.link(), 1).await;
    client.send_bytes(&[0, 0, 0, 0]).await;
    assert_eq!(client.next().await, RelayToClient::Closing(Closing::Malformed));
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_and_health_are_served_on_loopback_when_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    config.metrics = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let host = Host::start(config).await.unwrap();
    let mut client = Client::dial(&host.link(), 1).await;
    client.hello().await;
    found(&mut client, &host, 1).await;
    let get = async |path: &str| {
        let mut stream = tokio::net::TcpStream::connect(host.metrics().unwrap()).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let metrics = get("/metrics").await;
    for line in [
        "tandem_appends_total 1\n",
        "tandem_receipts_total 1\n",
        "tandem_connections 1\n",
        "tandem_connections_total 1\n",
        "tandem_journal_sync_seconds_count 2\n",
    ] {
        assert!(metrics.contains(line), "{line}{metrics}");
    }
    assert!(get("/health").await.starts_with("HTTP/1.1 200"));
    assert!(get("/other").await.starts_with("HTTP/1.1 404"));
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_whose_address_is_taken_leaves_no_folder_and_no_key() {
    let dir = tempfile::tempdir().unwrap();
    let host = start(&dir.path().join("first")).await;
    let mut second = config(&dir.path().join("second"));
    second.listen = host.listen();
    let error = Host::start(second.clone()).await.unwrap_err();
    assert!(matches!(error, HostError::Listen { address, .. } if address == host.listen()));
    assert!(!second.data.exists());
    // On the first one's own folder it is the folder that is told.
    second.data = dir.path().join("first");
    let error = Host::start(second).await.unwrap_err();
    assert!(matches!(error, HostError::Folder(FolderError::InUse { .. })), "{error}");
    host.stop().await;
}
