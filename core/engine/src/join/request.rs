//! Join requests: what a newcomer leaves at the relay.

use serde::{Deserialize, Serialize};
use tandem_proto::{
    BoundedBytes, BoundedStr, Card, DeviceKey, InviteSecret, PersonId, Role, SecretKey, Signature,
    TransportKey, derive_key, invite_id,
    limits::{MAX_NAME_BYTES, MAX_PACKAGE_BYTES},
};
use zeroize::Zeroizing;

use super::{JoinError, letter};
use crate::keys::SealingKeys;

const DOMAIN: &str = "tandem/join-request/1";
const AAD: &[u8] = b"tandem/join-request/1";

/// Who wants to come in: a card without the role, which the invite fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Newcomer {
    /// Whose device.
    pub(crate) person: PersonId,
    /// Signs batches, links and acknowledgements.
    pub(crate) device: DeviceKey,
    /// Is to be admitted by the relay.
    pub(crate) transport: TransportKey,
}

impl Newcomer {
    /// The card that lets this device in.
    pub(crate) const fn card(&self, role: Role) -> Card {
        Card { person: self.person, role, device: self.device, transport: self.transport }
    }
}

/// A newcomer's request, signed by its device for one invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JoinRequest {
    /// The person's name, as they write it.
    name: BoundedStr<MAX_NAME_BYTES>,
    /// Who.
    newcomer: Newcomer,
    /// The X25519 key to which the welcome is to be sealed.
    one_time: [u8; 32],
    /// The key package with which its device can be let into the group.
    package: BoundedBytes<MAX_PACKAGE_BYTES>,
    signature: Signature,
}

impl JoinRequest {
    /// Makes and signs a request.
    ///
    /// # Errors
    /// [`JoinError::NameTooLong`].
    pub(crate) fn make(
        identity: &SecretKey,
        invite: &InviteSecret,
        name: &str,
        person: PersonId,
        transport: TransportKey,
        one_time: [u8; 32],
        package: BoundedBytes<MAX_PACKAGE_BYTES>,
    ) -> Result<Self, JoinError> {
        let name = name.to_owned().try_into().map_err(|_| JoinError::NameTooLong)?;
        let newcomer = Newcomer { person, device: DeviceKey::new(identity.public()), transport };
        let signature = Signature::from_bytes(&[0; 64]);
        let mut request = Self { name, newcomer, one_time, package, signature };
        request.signature = identity.sign(DOMAIN, &request.signed(invite_id(invite).as_bytes()));
        Ok(request)
    }

    /// The person's name, as they wrote it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Who asks.
    pub(crate) const fn newcomer(&self) -> &Newcomer {
        &self.newcomer
    }

    /// The key to which the welcome is to be sealed.
    pub(crate) const fn one_time(&self) -> &[u8; 32] {
        &self.one_time
    }

    /// The key package of the device that asks.
    pub(crate) fn package(&self) -> &[u8] {
        &self.package
    }

    /// The letter for the invite's request box. The same request is the same bytes.
    pub(crate) fn seal(&self, invite: &InviteSecret) -> Vec<u8> {
        let plain = postcard::to_extend(self, Vec::new()).expect("a request always serializes");
        letter::seal(&keys(invite), AAD, &plain)
    }

    /// Reads a letter from the invite's request box.
    ///
    /// # Errors
    /// [`JoinError`], also when the request was signed for another invite.
    pub(crate) fn open(invite: &InviteSecret, letter: &[u8]) -> Result<Self, JoinError> {
        let plain = letter::open(&keys(invite), AAD, letter)?;
        let request: Self = postcard::from_bytes(&plain).map_err(|_| JoinError::Malformed)?;
        let id = invite_id(invite);
        let device = request.newcomer.device;
        match request.signature.verify(device.as_bytes(), DOMAIN, &request.signed(id.as_bytes())) {
            Ok(()) => Ok(request),
            Err(_) => Err(JoinError::Forged),
        }
    }

    fn signed<'a>(&'a self, invite: &'a [u8; 16]) -> [&'a [u8]; 7] {
        [
            invite,
            self.name.as_bytes(),
            self.newcomer.person.as_bytes(),
            self.newcomer.device.as_bytes(),
            self.newcomer.transport.as_bytes(),
            &self.one_time,
            &self.package,
        ]
    }
}

fn keys(invite: &InviteSecret) -> SealingKeys {
    SealingKeys {
        seal: Zeroizing::new(invite.request_key()),
        nonce: Zeroizing::new(derive_key("tandem/join-request-nonce/1", &[invite.as_bytes()])),
    }
}
