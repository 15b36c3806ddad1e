//! What a new device leaves at the relay, and what whoever takes it up answers.

use serde::{Deserialize, Serialize};
use tandem_proto::{
    BoundedBytes, BoundedStr, BoundedVec, DeviceKey, DeviceLink, InviteSecret, PersonId, Role,
    SecretKey, Signature, ThreadId, Timestamp, TransportKey, derive_key, invite_id,
    limits::{MAX_NAME_BYTES, MAX_OFFERED_PACKAGES, MAX_PACKAGE_BYTES, MAX_THREADS_PER_DEVICE},
};
use zeroize::Zeroizing;

use crate::{
    join::{JoinError, letter},
    keys::{
        SealingKeys,
        group::{ANYBODYS, GroupKeys, Member, Mls},
    },
};

const OFFER: &str = "tandem/device-offer/1";
const UPTAKE: &str = "tandem/device-uptake/1";
const AAD: &[u8] = b"tandem/device-offer/1";

/// Bytes of an offer or an uptake before they are sealed: packages of the largest size, or the ids
/// of all threads that a device may have.
const MAX_BODY: usize = 512 << 10;

/// A device that wants to be let in, as a person's whom it does not know yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeviceOffer {
    /// Its identity key, which the link names.
    pub(crate) device: DeviceKey,
    /// Is to be admitted by the relay.
    pub(crate) transport: TransportKey,
    /// The X25519 key to which the answer and the welcomes are to be sealed.
    pub(crate) one_time: [u8; 32],
    /// When it was made, by its device's clock.
    pub(crate) made: Timestamp,
    /// Its key packages, one for each thread; the last one serves for whatever is beyond.
    pub(crate) packages: BoundedVec<BoundedBytes<MAX_PACKAGE_BYTES>, MAX_OFFERED_PACKAGES>,
}

/// Something with its device's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Signed {
    signature: Signature,
    body: BoundedBytes<MAX_BODY>,
}

impl DeviceOffer {
    /// The letter for the offer's box, signed. The same offer is the same bytes.
    ///
    /// # Errors
    /// [`JoinError::TooLong`].
    pub(crate) fn seal(
        &self,
        identity: &SecretKey,
        secret: &InviteSecret,
    ) -> Result<Vec<u8>, JoinError> {
        let body = postcard::to_extend(self, Vec::new()).expect("an offer always serializes");
        let signature = identity.sign(OFFER, &[invite_id(secret).as_bytes(), &body]);
        let len = body.len();
        let body = body.try_into().map_err(|_| JoinError::TooLong(len))?;
        let plain = postcard::to_extend(&Signed { signature, body }, Vec::new())
            .expect("an offer always serializes");
        Ok(letter::seal(&keys(secret), AAD, &plain))
    }

    /// Reads a letter from the offer's box: only that of the device which the link names, signed for
    /// this link, with packages of that device that name nobody yet.
    ///
    /// # Errors
    /// [`JoinError`].
    pub(crate) fn open(link: &DeviceLink, letter: &[u8]) -> Result<Self, JoinError> {
        let plain = letter::open(&keys(&link.secret), AAD, letter)?;
        let Signed { signature, body } =
            postcard::from_bytes(&plain).map_err(|_| JoinError::Malformed)?;
        let id = invite_id(&link.secret);
        let signed: [&[u8]; 2] = [id.as_bytes(), &body];
        signature.verify(link.device.as_bytes(), OFFER, &signed).map_err(|_| JoinError::Forged)?;
        let offer: Self = postcard::from_bytes(&body).map_err(|_| JoinError::Malformed)?;
        let member = Member { person: ANYBODYS, device: link.device };
        let whole = !offer.packages.is_empty()
            && offer.packages.iter().all(|package| Mls.check_package(package) == Ok(member));
        if whole && offer.device == link.device { Ok(offer) } else { Err(JoinError::Forged) }
    }
}

/// An offer is taken up: as whose device, and into which threads. Only who knows the link can say so,
/// and each thread's welcome has to show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Uptake {
    /// Which device took it up.
    pub(crate) by: DeviceKey,
    /// Whose device it is from now on.
    pub(crate) person: PersonId,
    /// The person's name.
    pub(crate) name: BoundedStr<MAX_NAME_BYTES>,
    /// As what they are in threads that they found.
    pub(crate) role: Role,
    /// The threads, each with the place of its package among those of the offer.
    pub(crate) threads: BoundedVec<(ThreadId, u32), MAX_THREADS_PER_DEVICE>,
}

/// An uptake as its device signed it, for one offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignedUptake(Signed);

impl Uptake {
    /// Signs it for the offer with this secret and one-time key.
    ///
    /// # Errors
    /// [`JoinError::TooLong`].
    pub(crate) fn sign(
        &self,
        identity: &SecretKey,
        secret: &InviteSecret,
        one_time: &[u8; 32],
    ) -> Result<SignedUptake, JoinError> {
        let body = postcard::to_extend(self, Vec::new()).expect("an uptake always serializes");
        let signature = identity.sign(UPTAKE, &[invite_id(secret).as_bytes(), one_time, &body]);
        let len = body.len();
        let body = body.try_into().map_err(|_| JoinError::TooLong(len))?;
        Ok(SignedUptake(Signed { signature, body }))
    }
}

impl SignedUptake {
    /// Checks that it is for this offer, and signed by the device that it names.
    ///
    /// # Errors
    /// [`JoinError::Malformed`] or [`JoinError::Forged`].
    pub(crate) fn verify(
        &self,
        secret: &InviteSecret,
        one_time: &[u8; 32],
    ) -> Result<Uptake, JoinError> {
        let Signed { signature, body } = &self.0;
        let uptake: Uptake = postcard::from_bytes(body).map_err(|_| JoinError::Malformed)?;
        let id = invite_id(secret);
        let signed: [&[u8]; 3] = [id.as_bytes(), one_time, body];
        signature.verify(uptake.by.as_bytes(), UPTAKE, &signed).map_err(|_| JoinError::Forged)?;
        Ok(uptake)
    }
}

fn keys(secret: &InviteSecret) -> SealingKeys {
    let nonce = derive_key("tandem/device-offer-nonce/1", &[secret.as_bytes()]);
    SealingKeys { seal: Zeroizing::new(secret.offer_key()), nonce: Zeroizing::new(nonce) }
}

#[cfg(test)]
mod fuzz;
