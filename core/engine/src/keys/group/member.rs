//! Who a leaf stands for, and how this device signs as one.

use openmls::prelude::{BasicCredential, Credential, CredentialType, CredentialWithKey};
use openmls_traits::{
    signatures::{Signer, SignerError},
    types::SignatureScheme,
};
use serde::{Deserialize, Serialize};
use tandem_proto::{DeviceKey, PersonId, SecretKey};

use super::Policy;

/// A device in a group and the person it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Member {
    /// The person.
    pub(crate) person: PersonId,
    /// The device's identity key, which is also the leaf's signature key.
    pub(crate) device: DeviceKey,
}

/// In a package of a device that does not know yet whose it will be: whoever adds it says so in the
/// roster (ADR 0018).
pub(crate) const ANYBODYS: PersonId = PersonId::new([0; PersonId::LEN]);

impl Member {
    /// Whether a leaf of this member may sit where the roster says `other`.
    pub(crate) fn stands_for(&self, other: &Self) -> bool {
        self.device == other.device && (self.person == other.person || self.person == ANYBODYS)
    }

    /// Whether these are leaves of those whom the roster says, one each, in whatever order.
    pub(crate) fn all_stand_for(found: &[Self], said: &[Self]) -> bool {
        let (mut found, mut said) = (found.to_vec(), said.to_vec());
        found.sort_by_key(|member| (member.device, member.person));
        said.sort_by_key(|member| (member.device, member.person));
        found.len() == said.len() && found.iter().zip(&said).all(|(a, b)| a.stands_for(b))
    }

    /// The basic credential: the person's 16 bytes, then the device's 32.
    fn credential(&self) -> Credential {
        let identity = [&self.person.as_bytes()[..], self.device.as_bytes()].concat();
        BasicCredential::new(identity).into()
    }

    /// Reads a leaf's credential strictly; the key in it must be the one the leaf signs with.
    pub(super) fn read(credential: &Credential, signature_key: &[u8]) -> Result<Self, Policy> {
        if credential.credential_type() != CredentialType::Basic {
            return Err(Policy::Credential);
        }
        let identity: &[u8; PersonId::LEN + DeviceKey::LEN] =
            credential.serialized_content().try_into().map_err(|_| Policy::Credential)?;
        let (person, device) = identity.split_at(PersonId::LEN);
        if device != signature_key {
            return Err(Policy::Credential);
        }
        Ok(Self {
            person: PersonId::try_from(person).map_err(|_| Policy::Credential)?,
            device: DeviceKey::try_from(device).map_err(|_| Policy::Credential)?,
        })
    }
}

/// This device: whose it is, and the key it signs with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity<'a> {
    /// The person.
    pub(crate) person: PersonId,
    /// The device's identity key.
    pub(crate) key: &'a SecretKey,
}

impl Identity<'_> {
    /// What the others see of this device.
    pub(crate) fn member(&self) -> Member {
        Member { person: self.person, device: DeviceKey::new(self.key.public()) }
    }

    pub(super) fn credential(&self) -> CredentialWithKey {
        CredentialWithKey {
            credential: self.member().credential(),
            signature_key: self.key.public().to_vec().into(),
        }
    }
}

/// MLS puts a label of its own in front of all it signs; `SecretKey::sign_mls` says why that cannot
/// be taken for anything else this key signs.
impl Signer for Identity<'_> {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        let signature = self.key.sign_mls(payload).ok_or(SignerError::SigningError)?;
        Ok(signature.to_bytes().to_vec())
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}
