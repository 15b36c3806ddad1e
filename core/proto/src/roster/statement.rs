//! What a link of a roster says.

use serde::{Deserialize, Serialize};

use super::{Farewell, Role, SeatRequest};
use crate::{
    BadSignature, BoundedVec, DeviceKey, InviteId, ItemHash, PersonId, SecretKey, Signature,
    ThreadId, TransportKey,
    limits::{MAX_INCARNATIONS, MAX_LEAVERS},
};

/// What a thread is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThreadKind {
    /// Family and teachers of one child.
    Joint,
    /// Guardians only.
    Household,
    /// Staff only.
    Staff,
    /// One person's own devices.
    Desk,
}

/// One device of one person, as the roster knows it. No names: those are in the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Whose device.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Signs batches, links and acknowledgements.
    pub device: DeviceKey,
    /// Is admitted by the relay.
    pub transport: TransportKey,
}

/// What a link says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Statement {
    /// The thread is founded.
    Genesis {
        /// What for.
        kind: ThreadKind,
        /// Makes two foundings by one device differ.
        nonce: [u8; 16],
        /// By whom; the link is signed by this device.
        founder: Card,
    },
    /// A device is let in.
    Admit {
        /// Which.
        card: Card,
        /// By which invite.
        invite: InviteId,
    },
    /// A device that is in but lost its place in the group is given a new one.
    Reseat {
        /// What it asked.
        request: SeatRequest,
    },
    /// The group is founded anew with the author alone in it: nobody could follow it any more.
    /// Everybody else stays in the roster and asks for a seat, but those who are left out.
    Refound {
        /// Who is left out.
        out: Leavers,
    },
    /// A person who was in comes back on a new device, and the devices that they had are out.
    Readmit {
        /// The new device.
        card: Card,
        /// By which invite or offer.
        invite: InviteId,
        /// Every device that the person had in the thread.
        out: Leavers,
    },
    /// Devices are out.
    Remove {
        /// Which.
        out: Leavers,
    },
    /// The author's device goes on with new keys: its place in the group, and this one for the relay.
    Renew {
        /// Is to be admitted by the relay from here on. The key before it is until the next renewal.
        transport: TransportKey,
        /// By that key, that it is this device's in this thread.
        proof: Signature,
    },
}

/// Devices that one link takes out.
pub type Leavers = BoundedVec<Leaver, MAX_LEAVERS>;

/// A device that is taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaver {
    /// Which.
    pub device: DeviceKey,
    /// Why the author of the link may say so.
    pub because: Because,
    /// How far its words count: those that the author of the link held. Empty for
    /// [`Because::Removed`], where the other link says it.
    pub words: BoundedVec<LastWord, MAX_INCARNATIONS>,
}

/// Why a device may be taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Because {
    /// The author of the link may decide it; see [`Role::may_remove`].
    Decided,
    /// Its person leaves, and said so.
    Left(Farewell),
    /// A link of a chain that does not count took it out. Once out is out, on every chain.
    Removed(ItemHash),
}

/// The newest operation of one incarnation of a device in the thread's document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LastWord {
    /// Which incarnation: the last four bytes of the actor.
    pub incarnation: [u8; 4],
    /// The operation's number.
    pub operation: u64,
}

const RENEWAL: &str = "tandem/renewal/1";

/// How many statements this version knows, which are numbered from zero. The number says by which
/// rules a link is judged: what gets another rule gets another number (ADR 0024).
pub(super) const STATEMENTS: u32 = 7;

impl Statement {
    /// A device has a new transport key, in this thread.
    #[must_use]
    pub fn renew(key: &SecretKey, thread: &ThreadId, device: &DeviceKey) -> Self {
        let proof = key.sign(RENEWAL, &[thread.as_bytes(), device.as_bytes()]);
        Self::Renew { transport: TransportKey::new(key.public()), proof }
    }

    /// Checks that whoever has a transport key says that it is this device's, in this thread.
    pub(super) fn check_renewal(
        transport: &TransportKey,
        proof: &Signature,
        thread: &ThreadId,
        device: &DeviceKey,
    ) -> Result<(), BadSignature> {
        proof.verify(transport.as_bytes(), RENEWAL, &[thread.as_bytes(), device.as_bytes()])
    }

    /// The device that this brings in.
    #[must_use]
    pub const fn card(&self) -> Option<&Card> {
        match self {
            Self::Genesis { founder: card, .. }
            | Self::Admit { card, .. }
            | Self::Readmit { card, .. } => Some(card),
            Self::Reseat { .. }
            | Self::Refound { .. }
            | Self::Remove { .. }
            | Self::Renew { .. } => None,
        }
    }

    /// The device that connects with a key which this names, and that key; `author` is whose link it
    /// is.
    #[must_use]
    pub fn line(&self, author: DeviceKey) -> Option<(DeviceKey, TransportKey)> {
        match self {
            Self::Renew { transport, .. } => Some((author, *transport)),
            _ => self.card().map(|card| (card.device, card.transport)),
        }
    }

    /// The device that this gives a place in the group as it was.
    #[must_use]
    pub const fn seats(&self) -> Option<DeviceKey> {
        match self {
            Self::Reseat { request } => Some(request.device),
            _ => match self.card() {
                Some(card) => Some(card.device),
                None => None,
            },
        }
    }

    /// The devices that this takes out.
    #[must_use]
    pub fn out(&self) -> &[Leaver] {
        match self {
            Self::Refound { out } | Self::Readmit { out, .. } | Self::Remove { out } => out,
            Self::Genesis { .. }
            | Self::Admit { .. }
            | Self::Reseat { .. }
            | Self::Renew { .. } => &[],
        }
    }

    /// Whether this takes a device out.
    #[must_use]
    pub fn takes_out(&self, device: &DeviceKey) -> bool {
        self.out().iter().any(|leaver| leaver.device == *device)
    }

    /// Whether the group begins anew with this.
    #[must_use]
    pub const fn founds_group(&self) -> bool {
        matches!(self, Self::Genesis { .. } | Self::Refound { .. })
    }
}
