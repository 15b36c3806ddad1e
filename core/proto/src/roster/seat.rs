//! A device asks for a new place in a thread's group.

use serde::{Deserialize, Serialize};

use super::RosterLinkError;
use crate::{
    BoundedBytes, DeviceKey, SecretKey, Signature, ThreadId, envelope::SEAT_REQUEST,
    limits::MAX_PACKAGE_BYTES,
};

const DOMAIN: &str = "tandem/seat/1";

/// What a device says that is in a thread's roster but can't follow its group: because it was
/// restored from an old copy, or came in on a chain that lost. It travels as a log item: version 1,
/// kind 17, then postcard of this. Any member may answer with a link that
/// [`Reseat`](super::Statement::Reseat)s it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRequest {
    /// Who asks.
    pub device: DeviceKey,
    /// Its key package (RFC 9420, section 10), which nobody has used.
    pub package: BoundedBytes<MAX_PACKAGE_BYTES>,
    /// Its signature, for one thread.
    pub signature: Signature,
}

impl SeatRequest {
    /// Makes and signs a request.
    #[must_use]
    pub fn sign(
        key: &SecretKey,
        thread: &ThreadId,
        package: BoundedBytes<MAX_PACKAGE_BYTES>,
    ) -> Self {
        let signature = key.sign(DOMAIN, &[thread.as_bytes(), &package]);
        Self { device: DeviceKey::new(key.public()), package, signature }
    }

    /// Checks that the device asked, and in this thread.
    ///
    /// # Errors
    /// [`RosterLinkError::Forged`].
    pub fn verify(&self, thread: &ThreadId) -> Result<(), RosterLinkError> {
        self.signature
            .verify(self.device.as_bytes(), DOMAIN, &[thread.as_bytes(), &self.package])
            .map_err(|_| RosterLinkError::Forged)
    }

    /// The request as a log item.
    #[must_use]
    pub fn to_item(&self) -> Vec<u8> {
        // Writing into a Vec can't fail, and a request has no maps or unknown lengths.
        postcard::to_extend(self, SEAT_REQUEST.to_vec()).expect("a request always serializes")
    }

    /// Reads a log item as a request and checks its signature.
    ///
    /// # Errors
    /// [`RosterLinkError::Malformed`] or [`RosterLinkError::Forged`].
    pub fn from_item(thread: &ThreadId, item: &[u8]) -> Result<Self, RosterLinkError> {
        let body = item.strip_prefix(&SEAT_REQUEST).ok_or(RosterLinkError::Malformed)?;
        let (request, rest): (Self, _) =
            postcard::take_from_bytes(body).map_err(|_| RosterLinkError::Malformed)?;
        if !rest.is_empty() || request.to_item() != item {
            return Err(RosterLinkError::Malformed);
        }
        request.verify(thread)?;
        Ok(request)
    }
}
