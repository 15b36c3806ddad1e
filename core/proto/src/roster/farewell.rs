//! A person leaves a thread.

use serde::{Deserialize, Serialize};

use super::RosterLinkError;
use crate::{DeviceKey, SecretKey, Signature, ThreadId, envelope::FAREWELL};

const DOMAIN: &str = "tandem/farewell/1";

/// What a device says when its person leaves, with all their devices. It travels as a log item:
/// version 1, kind 18, then postcard of this. Nobody can take themselves out of a group (RFC 9420,
/// section 12.2), so any member answers with a link that does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Farewell {
    /// A device of the person who leaves.
    pub device: DeviceKey,
    /// Its signature, for one thread.
    pub signature: Signature,
}

impl Farewell {
    /// Makes and signs one.
    #[must_use]
    pub fn sign(key: &SecretKey, thread: &ThreadId) -> Self {
        let signature = key.sign(DOMAIN, &[thread.as_bytes()]);
        Self { device: DeviceKey::new(key.public()), signature }
    }

    /// Checks that the device said it, and of this thread.
    ///
    /// # Errors
    /// [`RosterLinkError::Forged`].
    pub fn verify(&self, thread: &ThreadId) -> Result<(), RosterLinkError> {
        self.signature
            .verify(self.device.as_bytes(), DOMAIN, &[thread.as_bytes()])
            .map_err(|_| RosterLinkError::Forged)
    }

    /// It as a log item.
    #[must_use]
    pub fn to_item(&self) -> Vec<u8> {
        // Writing into a Vec can't fail, and this has no maps or unknown lengths.
        postcard::to_extend(self, FAREWELL.to_vec()).expect("a farewell always serializes")
    }

    /// Reads a log item as one and checks its signature.
    ///
    /// # Errors
    /// [`RosterLinkError::Malformed`] or [`RosterLinkError::Forged`].
    pub fn from_item(thread: &ThreadId, item: &[u8]) -> Result<Self, RosterLinkError> {
        let body = item.strip_prefix(&FAREWELL).ok_or(RosterLinkError::Malformed)?;
        let (farewell, rest): (Self, _) =
            postcard::take_from_bytes(body).map_err(|_| RosterLinkError::Malformed)?;
        if !rest.is_empty() || farewell.to_item() != item {
            return Err(RosterLinkError::Malformed);
        }
        farewell.verify(thread)?;
        Ok(farewell)
    }
}
