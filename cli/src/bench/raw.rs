//! A device that speaks frames to Tandem's relay and keeps nothing: what it pushes was sealed
//! beforehand, so that the relay is what is measured.

use std::{net::SocketAddr, time::Duration};

use quinn::{Connection, Endpoint, RecvStream, SendStream};
use tandem_proto::{
    BoundedVec, Card, ChainHash, ClientToRelay, Cursors, Decoded, DeviceKey, EnvelopeHeader,
    EnvelopeKind, Epoch, FrameReader, Generation, Handshake, Hello, InviteId, Item, ItemHash,
    PROTOCOL, PersonId, Push, RelayKey, RelayToClient, Role, RosterLink, SecretKey, Seq, Statement,
    ThreadCursor, ThreadId, ThreadKind, TransportKey, Wire, cursor_digest, cursor_root,
};

use super::{
    place::Relay,
    quic::{self, broken},
};
use crate::error::Failure;

/// The plaintext of a 200-character message, deflated, signed and padded, comes to about this.
pub(super) const ENVELOPE: usize = 300;

/// An envelope that nobody can open; the relay can't tell. Its epoch is that of a thread's founder
/// alone, or the next if another was let in.
pub(super) fn envelope(epoch: Epoch, author: u32, number: u32) -> Vec<u8> {
    let mut nonce = [0; 16];
    nonce[..4].copy_from_slice(&author.to_le_bytes());
    nonce[4..8].copy_from_slice(&number.to_le_bytes());
    let header = EnvelopeHeader { kind: EnvelopeKind::Batch, epoch, nonce };
    let rest = ENVELOPE - header.assemble(&[]).len();
    header.assemble(&nonce.repeat(rest.div_ceil(nonce.len()))[..rest])
}

/// The keys of such a device.
#[derive(Debug, Clone)]
pub(super) struct Device {
    n: u32,
    key: SecretKey,
}

impl Device {
    pub(super) fn new(n: u32) -> Self {
        let mut seed = [0xb5; 32];
        seed[..4].copy_from_slice(&n.to_le_bytes());
        Self { n, key: SecretKey::from_seed(seed) }
    }

    fn card(&self) -> Card {
        let mut person = [0; 16];
        person[..4].copy_from_slice(&self.n.to_le_bytes());
        Card {
            person: PersonId::new(person),
            role: Role::Teacher,
            device: DeviceKey::new(self.key.public()),
            transport: TransportKey::new(self.key.public()),
        }
    }

    /// Founds a thread: its id and its genesis.
    pub(super) fn found(&self) -> (ThreadId, Vec<u8>) {
        let founder = self.card();
        let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [0; 16], founder };
        let genesis = RosterLink::found(&self.key, tandem_proto::Timestamp(0), statement).to_item();
        (ThreadId::of_genesis(&genesis), genesis)
    }

    /// A link that lets another in right after the genesis.
    pub(super) fn admit(&self, other: &Self, genesis: &[u8]) -> Vec<u8> {
        let statement = Statement::Admit { card: other.card(), invite: InviteId::new([1; 16]) };
        RosterLink::sign(
            &self.key,
            ItemHash::of(genesis),
            tandem_proto::Timestamp(0),
            statement,
            Handshake::default(),
        )
        .to_item()
    }
}

/// A connected device.
#[derive(Debug)]
pub(super) struct Link {
    send: SendStream,
    recv: RecvStream,
    frames: FrameReader,
    generation: Generation,
    _connection: Connection,
}

impl Link {
    /// Dials and is greeted.
    pub(super) async fn dial(
        endpoint: &Endpoint,
        relay: &Relay,
        device: &Device,
    ) -> Result<Self, Failure> {
        Self::dial_at(endpoint, relay.listen(), relay.key(), device).await
    }

    async fn dial_at(
        endpoint: &Endpoint,
        address: SocketAddr,
        relay: RelayKey,
        device: &Device,
    ) -> Result<Self, Failure> {
        let connection =
            quic::dial(endpoint, address, relay, Some(&device.key), Duration::ZERO).await?;
        let (mut send, recv) = connection.open_bi().await.map_err(broken)?;
        let digest = cursor_digest(&cursor_root([]), 0);
        let hello = Hello { version: PROTOCOL, generation: None, digest };
        send.write_all(&ClientToRelay::Hello(hello).to_bytes()).await.map_err(broken)?;
        let mut link = Self {
            send,
            recv,
            frames: FrameReader::new(),
            generation: Generation::new([0; 16]),
            _connection: connection,
        };
        match link.next().await? {
            RelayToClient::Greeting(greeting) => link.generation = greeting.generation,
            other => return Err(broken(format!("not greeted but {other:?}"))),
        }
        Ok(link)
    }

    /// Pushes items in one frame.
    pub(super) async fn push(
        &mut self,
        thread: ThreadId,
        items: Vec<Vec<u8>>,
    ) -> Result<(), Failure> {
        let items: Result<Vec<Item>, _> = items.into_iter().map(Item::try_from).collect();
        let items = BoundedVec::try_from(items.map_err(broken)?).map_err(broken)?;
        let push = ClientToRelay::Push(Push { thread, items });
        self.send.write_all(&push.to_bytes()).await.map_err(broken)
    }

    /// Follows a thread from its start.
    pub(super) async fn follow(&mut self, thread: ThreadId) -> Result<(), Failure> {
        let cursor = ThreadCursor { thread, seq: Seq(0), chain: ChainHash::start(&thread) };
        let cursors = BoundedVec::try_from(vec![cursor]).map_err(broken)?;
        let generation = self.generation;
        let cursors =
            ClientToRelay::Cursors(Cursors { generation, cursors, first: true, last: true });
        self.send.write_all(&cursors.to_bytes()).await.map_err(broken)?;
        while !matches!(self.next().await?, RelayToClient::CaughtUp) {}
        Ok(())
    }

    /// Waits for receipts; how many items they are for.
    pub(super) async fn receipts(&mut self) -> Result<usize, Failure> {
        match self.next().await? {
            RelayToClient::Receipts(batch) => Ok(batch.items.len()),
            other => Err(broken(format!("not receipted but {other:?}"))),
        }
    }

    /// Waits for a delivery; how many items it has.
    pub(super) async fn delivered(&mut self) -> Result<usize, Failure> {
        match self.next().await? {
            RelayToClient::Deliver(deliver) => Ok(deliver.items.len()),
            other => Err(broken(format!("not delivered but {other:?}"))),
        }
    }

    async fn next(&mut self) -> Result<RelayToClient, Failure> {
        loop {
            match self.frames.next_frame().map_err(broken)? {
                Some(Decoded::Frame(frame)) => return Ok(frame),
                Some(Decoded::Unknown(_)) => continue,
                None => {}
            }
            let chunk = self.recv.read_chunk(64 << 10, true).await.map_err(broken)?;
            let chunk = chunk.ok_or_else(|| broken("the relay ended the stream"))?;
            self.frames.feed(&chunk.bytes);
        }
    }
}
