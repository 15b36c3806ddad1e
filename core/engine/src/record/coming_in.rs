//! Invites, joins, offers of a device and their uptake.

use serde::{Deserialize, Serialize};
use tandem_proto::{
    DeviceKey, DeviceLink, Hash16, InviteId, InviteLink, InviteSecret, PersonId, Role, ThreadId,
    Timestamp,
};

use super::{KeptPackage, Record};
use crate::NotLetIn;

/// An invite that this device made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct InviteRecord {
    pub(crate) thread: ThreadId,
    pub(crate) role: Role,
    pub(crate) secret: InviteSecret,
    pub(crate) made: Timestamp,
    pub(crate) used: Option<InviteUse>,
    /// Names on later requests with the same invite, and half the hashes of those requests.
    pub(crate) knocks: Vec<(Hash16, String)>,
    /// When each of them came, and whose it was. An older version notes a knock without.
    #[serde(default)]
    pub(crate) knocked: Vec<Knocked>,
    /// It is shown in person: whoever comes in by it was seen by the inviter.
    #[serde(default)]
    pub(crate) in_person: bool,
    /// When it was revoked.
    #[serde(default)]
    pub(crate) revoked: Option<Timestamp>,
    /// It lets in the device of an offer, and this is the offer.
    #[serde(default)]
    pub(crate) offer: Option<InviteId>,
    /// Whoever it lets in was in before, and their other devices are out with the same link.
    #[serde(default)]
    pub(crate) again: bool,
}
impl Record for InviteRecord {}

/// When a later request with an invite came, and whose it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Knocked {
    /// Half the hash of the request.
    pub(crate) request: Hash16,
    pub(crate) at: Timestamp,
    pub(crate) device: DeviceKey,
}

/// The request that an invite let in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct InviteUse {
    /// Half the hash of the request's letter.
    pub(crate) request: Hash16,
    pub(crate) person: PersonId,
    pub(crate) device: DeviceKey,
    pub(crate) transport: tandem_proto::TransportKey,
    pub(crate) one_time: [u8; 32],
    /// The newcomer's key package.
    pub(crate) package: Vec<u8>,
    pub(crate) admission: Admission,
}

/// How far an admission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Admission {
    /// The link is to be read in the log.
    Linking,
    /// The welcome is to be stored by the relay.
    Welcoming,
    /// The welcome is stored; the newcomer has not been heard of.
    Welcomed,
    /// The newcomer is in.
    Arrived,
}

/// A join that this device asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JoinRecord {
    pub(crate) link: InviteLink,
    pub(crate) one_time: [u8; 32],
    pub(crate) package: KeptPackage,
    /// The sealed request.
    pub(crate) letter: Vec<u8>,
    pub(crate) since: Timestamp,
    /// Why it will not be let in.
    pub(crate) refused: Option<NotLetIn>,
    /// It came by this device's offer, and nobody has to ask for it.
    #[serde(default)]
    pub(crate) by_offer: Option<ByOffer>,
}
impl Record for JoinRecord {}

/// Whose device this is to be, by whoever took up its offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ByOffer {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) role: Role,
}

/// This device's offer to be let in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OfferRecord {
    pub(crate) secret: InviteSecret,
    pub(crate) one_time: [u8; 32],
    /// In the order of the offer.
    pub(crate) packages: Vec<KeptPackage>,
    /// The sealed offer.
    pub(crate) letter: Vec<u8>,
    pub(crate) made: Timestamp,
    /// Who has taken it up.
    pub(crate) taken: Option<ByOffer>,
    /// Why it can't be taken up any more.
    pub(crate) refused: Option<NotLetIn>,
}
impl Record for OfferRecord {}

/// An offer of another device that this one takes up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct UptakeRecord {
    pub(crate) link: DeviceLink,
    /// Who comes back with that device; `None` when it is this person's own.
    pub(crate) again: Option<PersonId>,
    pub(crate) since: Timestamp,
    /// What was answered, once the offer was read.
    pub(crate) taken: Option<Answered>,
    /// Why it came to nothing.
    pub(crate) refused: Option<NotLetIn>,
}
impl Record for UptakeRecord {}

/// The answer to an offer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Answered {
    /// The offer's one-time key.
    pub(crate) one_time: [u8; 32],
    /// The sealed answer.
    pub(crate) letter: Vec<u8>,
}
