#![allow(clippy::unwrap_used, reason = "a test that can't go on may panic")]

use std::{
    fs::File,
    io,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use tandem_proto::{
    Card, DeviceKey, Hash16, Hello, PROTOCOL, PersonId, Push, Role, RosterLink, SecretKey,
    Statement, ThreadId, ThreadKind, TransportKey,
};
use tokio::sync::mpsc::{Sender, channel, unbounded_channel};

use super::*;
use crate::{
    clock::Clock,
    folder::Folder,
    journal::{Disk, RealDisk},
    still::Still,
    store::StoreDir,
};

/// A timer's own precision, for each of two.
const ROUNDING: Duration = Duration::from_millis(4);

/// A disk that hangs when told to, until it is told otherwise.
#[derive(Debug, Default)]
struct Hanging {
    hangs: Mutex<bool>,
    changed: Condvar,
    reached: AtomicBool,
}

impl Hanging {
    fn set(&self, hangs: bool) {
        *self.hangs.lock().unwrap() = hangs;
        self.changed.notify_all();
    }
}

impl Disk for Hanging {
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        RealDisk.write(file, bytes, offset)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        let hangs = self.hangs.lock().unwrap();
        self.reached.store(*hangs, Ordering::SeqCst);
        drop(self.changed.wait_while(hangs, |hangs| *hangs).unwrap());
        RealDisk.sync(file)
    }
}

/// A driver with one connection, whose other end is this test.
struct Rig {
    disk: Arc<Hanging>,
    conns: Sender<ConnEvent>,
    stop: Sender<()>,
    out: UnboundedReceiver<Out>,
    running: JoinHandle<Result<(), StoreError>>,
    _dir: tempfile::TempDir,
}

const CONN: ConnId = ConnId(1);

impl Rig {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let disk = Arc::new(Hanging::default());
        let folder = Arc::new(Folder::open(dir.path()).unwrap());
        let setup = Setup {
            core: tandem_relay::Config::default(),
            key: SecretKey::from_seed([1; 32]),
            clock: Clock::system(),
        };
        let (events, store_ears) = unbounded_channel();
        let store_dir = StoreDir { folder, disk: disk.clone() };
        let (store, relay) = Store::open(store_dir, &setup, events, Metrics::default()).unwrap();
        let driver = Driver::new(relay, setup, store, Health::default(), Metrics::default());
        let (conns, conn_ears) = channel(8);
        let (stop, stop_ears) = channel(1);
        let (_, asks) = channel(1);
        let ears = Ears { conns: conn_ears, store: store_ears, asks, stop: stop_ears };
        let running = tokio::spawn(driver.run(ears));
        let (to_conn, out) = unbounded_channel();
        let device = TransportKey::new(SecretKey::from_seed([2; 32]).public());
        conns.send(ConnEvent::Opened(CONN, device, to_conn)).await.unwrap();
        let mut rig = Self { disk, conns, stop, out, running, _dir: dir };
        let digest = Hash16::new([0; 16]);
        let hello = Hello { version: PROTOCOL, generation: None, digest };
        rig.say(ClientToRelay::Hello(hello)).await;
        assert!(matches!(rig.hear().await, Some(RelayToClient::Greeting(_))));
        rig
    }

    async fn say(&self, frame: ClientToRelay) {
        self.conns.send(ConnEvent::Frames(CONN, vec![frame])).await.unwrap();
    }

    async fn hear(&mut self) -> Option<RelayToClient> {
        let (Out::Frame(bytes) | Out::Last(bytes)) = self.out.recv().await?;
        match RelayToClient::decode(&bytes[4..]).unwrap() {
            tandem_proto::Decoded::Frame(frame) => Some(frame),
            tandem_proto::Decoded::Unknown(tag) => panic!("unknown frame {tag}"),
        }
    }

    /// Pushes the genesis of a thread.
    async fn found(&self) {
        let key = SecretKey::from_seed([2; 32]);
        let founder = Card {
            person: PersonId::new([1; 16]),
            role: Role::Teacher,
            device: DeviceKey::new(key.public()),
            transport: TransportKey::new(key.public()),
        };
        let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [0; 16], founder };
        let item = RosterLink::found(&key, tandem_proto::Timestamp(0), statement).to_item();
        let thread = ThreadId::of_genesis(&item);
        let items = vec![item.try_into().unwrap()].try_into().unwrap();
        self.say(ClientToRelay::Push(Push { thread, items })).await;
    }
}

#[tokio::test]
async fn a_stop_says_goodbye_and_ends_when_all_is_drained() {
    let _still = Still::stand();
    let mut rig = Rig::new().await;
    rig.found().await;
    assert!(matches!(rig.hear().await, Some(RelayToClient::Receipts(_))));
    let began = Instant::now();
    rig.stop.send(()).await.unwrap();
    assert_eq!(rig.hear().await, Some(RelayToClient::Closing(Closing::Stopping(1000))));
    assert_eq!(rig.hear().await, None, "closed after the last word");
    rig.conns.send(ConnEvent::Closed(CONN)).await.unwrap();
    rig.running.await.unwrap().unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO, "it waited for nothing but the disk");
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_beyond_its_deadline_for_a_connection_that_will_not_go() {
    let mut rig = Rig::new().await;
    let began = Instant::now();
    rig.stop.send(()).await.unwrap();
    assert_eq!(rig.hear().await, Some(RelayToClient::Closing(Closing::Stopping(1000))));
    rig.running.await.unwrap().unwrap();
    assert!(began.elapsed() >= DRAIN, "it had its time: {:?}", began.elapsed());
    assert!(began.elapsed() <= DRAIN + CLOSE + ROUNDING, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_beyond_its_deadline_for_a_disk_that_hangs() {
    let mut rig = Rig::new().await;
    rig.disk.set(true);
    rig.found().await;
    while !rig.disk.reached.load(Ordering::SeqCst) {
        yield_now().await;
    }
    let began = Instant::now();
    rig.stop.send(()).await.unwrap();
    rig.running.await.unwrap().unwrap();
    assert!(began.elapsed() >= DRAIN + CLOSE, "it had its time: {:?}", began.elapsed());
    assert!(began.elapsed() <= DRAIN + CLOSE + ROUNDING, "{:?}", began.elapsed());
    assert_eq!(rig.out.recv().await.map(|_| ()), None, "no receipt for what is not durable");
    rig.disk.set(false);
}
