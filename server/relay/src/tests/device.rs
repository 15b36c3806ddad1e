//! Devices with keys, and what they push.

use tandem_proto::{
    Acknowledgement, Because, BoundedVec, Card, DeviceKey, EnvelopeHeader, EnvelopeKind, Epoch,
    Generation, Handshake, InviteId, ItemHash, Leaver, PersonId, Role, RosterLink, SecretKey,
    Statement, ThreadCursor, ThreadId, ThreadKind, TransportKey,
};

/// A device of a person of its own.
#[derive(Clone)]
pub(super) struct Device {
    n: u8,
    pub(super) identity: SecretKey,
}

impl Device {
    pub(super) fn new(n: u8) -> Self {
        assert!(n < 100);
        Self { n, identity: SecretKey::from_seed([n; 32]) }
    }

    pub(super) fn transport(&self) -> TransportKey {
        TransportKey::new(SecretKey::from_seed([self.n + 100; 32]).public())
    }

    pub(super) fn card(&self) -> Card {
        Card {
            person: PersonId::new([self.n; 16]),
            role: Role::Teacher,
            device: DeviceKey::new(self.identity.public()),
            transport: self.transport(),
        }
    }

    /// Founds a thread: its id and its genesis.
    pub(super) fn found(&self, nonce: u8) -> (ThreadId, Vec<u8>) {
        let statement = Statement::Genesis {
            kind: ThreadKind::Joint,
            nonce: [nonce; 16],
            founder: self.card(),
        };
        let genesis =
            RosterLink::found(&self.identity, tandem_proto::Timestamp(0), statement).to_item();
        (ThreadId::of_genesis(&genesis), genesis)
    }

    /// A link that lets another in after `previous`.
    pub(super) fn admit(&self, other: &Self, previous: &[u8]) -> Vec<u8> {
        let statement =
            Statement::Admit { card: other.card(), invite: InviteId::new([other.n; 16]) };
        RosterLink::sign(
            &self.identity,
            ItemHash::of(previous),
            tandem_proto::Timestamp(0),
            statement,
            Handshake::default(),
        )
        .to_item()
    }

    /// A link that takes another out after `previous`.
    pub(super) fn remove(&self, other: &Self, previous: &[u8]) -> Vec<u8> {
        let leaver = Leaver {
            device: other.card().device,
            because: Because::Decided,
            words: BoundedVec::default(),
        };
        let out = vec![leaver].try_into().unwrap();
        RosterLink::sign(
            &self.identity,
            ItemHash::of(previous),
            tandem_proto::Timestamp(0),
            Statement::Remove { out },
            Handshake::default(),
        )
        .to_item()
    }

    /// The same device with its next transport key.
    pub(super) fn renewed(&self) -> Self {
        Self { n: self.n + 50, identity: self.identity.clone() }
    }

    /// A link by which this device goes on with the key of another, after `previous`.
    pub(super) fn renew(&self, thread: ThreadId, next: &Self, previous: &[u8]) -> Vec<u8> {
        let key = SecretKey::from_seed([next.n + 100; 32]);
        RosterLink::sign(
            &self.identity,
            ItemHash::of(previous),
            tandem_proto::Timestamp(0),
            Statement::renew(&key, &thread, &self.card().device),
            Handshake::default(),
        )
        .to_item()
    }

    pub(super) fn ack(&self, cursor: &ThreadCursor, generation: Generation) -> Acknowledgement {
        Acknowledgement::sign(
            &self.identity,
            cursor.thread,
            generation,
            cursor.seq,
            cursor.chain,
            BoundedVec::default(),
        )
    }
}

/// An envelope of an epoch whose ciphertext nobody can open, of some `len` bytes.
pub(super) fn sealed_of(epoch: u64, n: u64, len: usize) -> Vec<u8> {
    let mut nonce = [0; 16];
    nonce[..8].copy_from_slice(&n.to_le_bytes());
    let kind = EnvelopeKind::Batch;
    EnvelopeHeader { kind, epoch: Epoch(epoch), nonce }.assemble(&vec![7; len.max(16)])
}

pub(super) fn sealed(epoch: u64, n: u64) -> Vec<u8> {
    sealed_of(epoch, n, 32)
}

/// One of epoch 0: before anybody was let in.
pub(super) fn envelope(n: u64) -> Vec<u8> {
    sealed(0, n)
}
