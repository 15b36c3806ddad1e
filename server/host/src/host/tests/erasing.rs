//! Erasure by who runs a relay, in its files.

use tandem_proto::{EnvelopeHeader, EnvelopeKind, Epoch, Generation, ThreadId};

use super::*;
use crate::{AdminFailure, AdminReply, AdminRequest, ErasedThread, ask_admin};

async fn erase(data: &Path, thread: ThreadId) -> Result<ErasedThread, AdminFailure> {
    let data = data.to_owned();
    let words = "the family asked".to_owned();
    let request = AdminRequest::EraseThread { thread: thread.to_string(), words };
    let reply = tokio::task::spawn_blocking(move || ask_admin(&data, request)).await.unwrap()?;
    match reply {
        AdminReply::Erased(erased) => Ok(erased),
        other => panic!("{other:?}"),
    }
}

/// An envelope whose ciphertext is told apart from everything else.
fn sealed(n: u8) -> Vec<u8> {
    let header = EnvelopeHeader { kind: EnvelopeKind::Batch, epoch: Epoch(0), nonce: [n; 16] };
    let cipher: Vec<u8> = (0..600_u32).map(|i| i.wrapping_mul(31).to_le_bytes()[0] ^ n).collect();
    header.assemble(&cipher)
}

/// How many files under a folder have these bytes.
fn files_with(dir: &Path, bytes: &[u8]) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            count += files_with(&entry.path(), bytes);
        } else if kind.is_file() {
            let file = fs::read(entry.path()).unwrap();
            count += usize::from(file.windows(bytes.len()).any(|window| window == bytes));
        }
    }
    count
}

/// Founds a thread with one envelope in it.
async fn talks(client: &mut Client, host: &Host, n: u8) -> (ThreadId, Vec<u8>) {
    found(client, host, n).await;
    let (thread, _) = genesis(client.device(), n);
    let item = sealed(n);
    client.push(thread, &item).await;
    assert!(matches!(client.next().await, RelayToClient::Receipts(_)));
    (thread, item)
}

async fn is_refused(host: &Host, thread: ThreadId, item: &[u8]) {
    let mut client = Client::dial(&host.link(), 1).await;
    client.hello().await;
    client.push(thread, item).await;
    let RelayToClient::Erased(stone) = client.next().await else { panic!("no tombstone") };
    assert_eq!((stone.thread, &*stone.words), (thread, "the family asked"));
    stone.verify(&host.link().key).unwrap();
    let RelayToClient::Refused(refused) = client.next().await else { panic!("not refused") };
    assert_eq!(refused.reason, Refusal::Erased);
}

async fn is_served(host: &Host, generation: Generation, seed: u8, thread: ThreadId) {
    let mut client = Client::dial(&host.link(), seed).await;
    assert_eq!(client.hello().await.generation, generation);
    let chain = tandem_proto::ChainHash::start(&thread);
    let cursors = vec![ThreadCursor { thread, seq: Seq(0), chain }].try_into().unwrap();
    let list = Cursors { generation, cursors, first: true, last: true };
    client.send(&ClientToRelay::Cursors(list)).await;
    let RelayToClient::Deliver(delivered) = client.next().await else { panic!("no delivery") };
    assert_eq!(delivered.items.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_erased_is_in_no_file_and_stays_refused_over_a_restart_and_a_wipe() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let host = start(data).await;
    let mut client = Client::dial(&host.link(), 1).await;
    let generation = client.hello().await.generation;
    let (thread, item) = talks(&mut client, &host, 1).await;
    let (other, kept) = talks(&mut client, &host, 2).await;
    // What was set aside as damaged may hold it too.
    fs::create_dir_all(data.join("store/quarantine/1")).unwrap();
    fs::write(data.join("store/quarantine/1/00000001.log"), [b"damaged", &item[..]].concat())
        .unwrap();
    let (cipher, whole) = (&item[30..], &kept[30..]);
    assert_eq!((files_with(data, cipher), files_with(data, whole)), (2, 1), "the search finds");

    let erased = erase(data, thread).await.unwrap();
    assert!(erased.gone && erased.items == 2, "{erased:?}");
    assert_eq!((files_with(data, cipher), files_with(data, whole)), (0, 1));
    assert_eq!(
        erase(data, thread).await.unwrap_err().to_string(),
        format!("{thread} is erased already")
    );
    // Who was connected was told, and comes back.
    let RelayToClient::Erased(stone) = client.next().await else { panic!("not told") };
    assert_eq!(stone, erased.tombstone);
    assert!(matches!(client.next().await, RelayToClient::Closing(Closing::Stopping(_))));
    is_refused(&host, thread, &item).await;
    is_served(&host, generation, 1, other).await;
    // It goes on taking what is new.
    let mut client = Client::dial(&host.link(), 1).await;
    client.hello().await;
    found(&mut client, &host, 3).await;
    host.stop().await;
    assert!(crate::check(data, &[ItemHash::of(&kept)]).unwrap().is_ok());

    let host = start(data).await;
    is_refused(&host, thread, &item).await;
    is_served(&host, generation, 1, other).await;
    host.stop().await;
    // No device has the tombstone yet; acts.log has.
    fs::remove_dir_all(data.join("store")).unwrap();
    let host = start(data).await;
    is_refused(&host, thread, &item).await;
    host.stop().await;
    assert_eq!(files_with(data, cipher), 0);
    let audit = crate::audit(data).unwrap();
    assert_eq!((audit.acts.len(), audit.fault), (1, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_is_erased_while_no_relay_runs() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let host = start(data).await;
    let mut client = Client::dial(&host.link(), 1).await;
    client.hello().await;
    let (thread, item) = talks(&mut client, &host, 1).await;
    let (other, kept) = talks(&mut client, &host, 2).await;
    let generation = Client::dial(&host.link(), 2).await.hello().await.generation;
    host.stop().await;
    let erased = erase(data, thread).await.unwrap();
    assert!(erased.gone, "{erased:?}");
    assert_eq!((files_with(data, &item[30..]), files_with(data, &kept[30..])), (0, 1));
    let host = start(data).await;
    is_refused(&host, thread, &item).await;
    is_served(&host, generation, 1, other).await;
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_disk_is_too_full_to_rebuild_that_is_said_and_the_next_start_does_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let disk = Arc::new(Nearly::default());
    let host = Host::start_with(config(data), Clock::system(), disk.clone()).await.unwrap();
    let mut client = Client::dial(&host.link(), 1).await;
    let generation = client.hello().await.generation;
    let (thread, item) = talks(&mut client, &host, 1).await;
    let (other, _) = talks(&mut client, &host, 2).await;
    disk.no_new_files.store(true, Ordering::Relaxed);
    let erased = erase(data, thread).await.unwrap();
    assert!(!erased.gone);
    assert_eq!(files_with(data, &item[30..]), 1, "honestly so");
    is_refused(&host, thread, &item).await;
    is_served(&host, generation, 1, other).await;
    host.stop().await;
    let host = start(data).await;
    assert_eq!(files_with(data, &item[30..]), 0);
    is_refused(&host, thread, &item).await;
    is_served(&host, generation, 1, other).await;
    host.stop().await;
}

/// A disk that can write to what it has and has no room for more.
#[derive(Debug, Default)]
struct Nearly {
    no_new_files: AtomicBool,
}

impl Disk for Nearly {
    fn write(&self, file: &fs::File, bytes: &[u8], offset: u64) -> io::Result<()> {
        if offset == 0 && self.no_new_files.load(Ordering::Relaxed) {
            return Err(ErrorKind::StorageFull.into());
        }
        RealDisk.write(file, bytes, offset)
    }

    fn sync(&self, file: &fs::File) -> io::Result<()> {
        RealDisk.sync(file)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_for_its_time_leaves_the_files() {
    const DAY: u64 = 24 * 3600 * 1000;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let now = Arc::new(AtomicU64::new(1_700_000_000_000));
    let mut config = config(data);
    config.limits.retention_days = 10;
    let clock = Clock::of(now.clone());
    let host = Host::start_with(config, clock, Arc::new(RealDisk)).await.unwrap();
    let mut client = Client::dial(&host.link(), 1).await;
    client.hello().await;
    let (thread, item) = talks(&mut client, &host, 1).await;
    now.fetch_add(9 * DAY, Ordering::Relaxed);
    // Whatever comes makes the relay look at its clock.
    let (_, kept) = talks(&mut client, &host, 2).await;
    assert_eq!((files_with(data, &item[30..]), files_with(data, &kept[30..])), (1, 1));
    now.fetch_add(2 * DAY, Ordering::Relaxed);
    client.push(thread, b"").await;
    let stone = loop {
        match client.next().await {
            RelayToClient::Erased(stone) => break stone,
            RelayToClient::Refused(_) | RelayToClient::Receipts(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((stone.thread, stone.because), (thread, tandem_proto::ErasedBecause::Retention));
    // The rebuilt store greets again.
    let mut tries = 0;
    while files_with(data, &item[30..]) > 0 {
        tries += 1;
        assert!(tries < 200, "it is gone soon");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(files_with(data, &kept[30..]), 1);
    host.stop().await;
    let audit = crate::audit(data).unwrap();
    assert_eq!((audit.acts.len(), audit.acts[0].by.as_str(), audit.fault), (1, "retention", None));
}
