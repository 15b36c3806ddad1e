//! A raw client: QUIC, one stream, frames.

use std::time::Duration;

use quinn::{Connection, ConnectionError, Endpoint, RecvStream, SendStream};
use tandem_proto::{
    Card, ClientToRelay, Decoded, DeviceKey, FrameReader, Greeting, Hello, PROTOCOL, PersonId,
    Push, RelayLink, RelayToClient, Role, RosterLink, SecretKey, Statement, ThreadId, ThreadKind,
    TransportKey, Wire, cursor_digest, cursor_root,
};
use tandem_quic::Pin;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(10);

/// A device that speaks frames and keeps nothing.
pub(super) struct Client {
    key: SecretKey,
    send: SendStream,
    recv: RecvStream,
    frames: FrameReader,
    connection: Connection,
    _endpoint: Endpoint,
}

/// The genesis of a thread founded by this device.
pub(super) fn genesis(device: &SecretKey, seed: u8) -> (ThreadId, Vec<u8>) {
    let founder = Card {
        person: PersonId::new([1; 16]),
        role: Role::Teacher,
        device: DeviceKey::new(device.public()),
        transport: TransportKey::new(device.public()),
    };
    let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [seed; 16], founder };
    let item = RosterLink::found(device, tandem_proto::Timestamp(0), statement).to_item();
    (ThreadId::of_genesis(&item), item)
}

impl Client {
    pub(super) async fn dial(link: &RelayLink, seed: u8) -> Self {
        Self::try_dial(link, seed).await.unwrap()
    }

    pub(super) async fn try_dial(link: &RelayLink, seed: u8) -> Result<Self, ConnectionError> {
        let key = SecretKey::from_seed([seed; 32]);
        let (endpoint, connection) = connect(link, Some(&key)).await;
        let connection = connection?;
        let (send, recv) = connection.open_bi().await?;
        let frames = FrameReader::new();
        Ok(Self { key, send, recv, frames, connection, _endpoint: endpoint })
    }

    pub(super) fn is_open(&self) -> bool {
        self.connection.close_reason().is_none()
    }

    /// The code with which the relay closes the connection.
    pub(super) async fn closed(&self) -> u64 {
        match self.connection.closed().await {
            ConnectionError::ApplicationClosed(close) => close.error_code.into_inner(),
            other => panic!("{other}"),
        }
    }

    pub(super) fn device(&self) -> &SecretKey {
        &self.key
    }

    pub(super) async fn send_bytes(&mut self, bytes: &[u8]) {
        self.send.write_all(bytes).await.unwrap();
    }

    pub(super) async fn send(&mut self, frame: &ClientToRelay) {
        self.send_bytes(&frame.to_bytes()).await;
    }

    pub(super) async fn send_hello(&mut self) {
        let digest = cursor_digest(&cursor_root([]), 0);
        let hello = Hello { version: PROTOCOL, generation: None, digest };
        self.send(&ClientToRelay::Hello(hello)).await;
    }

    pub(super) async fn hello(&mut self) -> Greeting {
        self.send_hello().await;
        match self.next().await {
            RelayToClient::Greeting(greeting) => greeting,
            other => panic!("not greeted but {other:?}"),
        }
    }

    pub(super) async fn push(&mut self, thread: ThreadId, item: &[u8]) {
        let item = item.to_vec().try_into().unwrap();
        let push = Push { thread, items: vec![item].try_into().unwrap() };
        self.send(&ClientToRelay::Push(push)).await;
    }

    /// The next frame.
    pub(super) async fn next(&mut self) -> RelayToClient {
        loop {
            match self.frames.next_frame().unwrap() {
                Some(Decoded::Frame(frame)) => return frame,
                Some(Decoded::Unknown(tag)) => panic!("unknown frame {tag}"),
                None => {}
            }
            let chunk = timeout(PATIENCE, self.recv.read_chunk(1 << 16, true)).await.unwrap();
            self.frames.feed(&chunk.unwrap().expect("a frame before the end").bytes);
        }
    }
}

/// A handshake without a key of one's own.
pub(super) async fn shows_no_key(link: &RelayLink) -> Result<Connection, ConnectionError> {
    connect(link, None).await.1
}

async fn connect(
    link: &RelayLink,
    key: Option<&SecretKey>,
) -> (Endpoint, Result<Connection, ConnectionError>) {
    let endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    let config = tandem_quic::client(key, &Pin::new(link.key), Duration::ZERO).unwrap();
    let address = link.address.as_str().parse().unwrap();
    let connection =
        endpoint.connect_with(config, address, tandem_quic::SERVER_NAME).unwrap().await;
    (endpoint, connection)
}
