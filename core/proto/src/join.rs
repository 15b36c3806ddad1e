//! What an invite's secret gives: mailboxes that only its holders can name.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{InviteId, MailboxId, ThreadId, derive_key, id::from_base32};

/// The secret of one invite, 16 random bytes. The relay never sees it; it authenticates a join
/// request and opens nothing else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteSecret([u8; 16]);

impl InviteSecret {
    /// Takes 16 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The key that seals a join request.
    #[must_use]
    pub fn request_key(&self) -> [u8; 32] {
        derive_key("tandem/join-request/1", &[&self.0])
    }

    /// The key that seals a device's offer, when this is an offer's secret.
    #[must_use]
    pub fn offer_key(&self) -> [u8; 32] {
        derive_key("tandem/device-offer/1", &[&self.0])
    }

    /// An offer lets one device into many threads, each by an invite of its own; this is its secret.
    #[must_use]
    pub fn for_thread(&self, thread: &ThreadId) -> Self {
        Self(half(derive_key("tandem/offer-thread/1", &[&self.0, thread.as_bytes()])))
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        from_base32(text)?.try_into().ok().map(Self)
    }

    pub(crate) fn to_text(&self) -> String {
        crate::id::base32(&self.0)
    }
}

impl fmt::Debug for InviteSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteSecret(..)")
    }
}

fn half(hash: [u8; 32]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&hash[..16]);
    out
}

/// The name of an invite, which roster links carry.
#[must_use]
pub fn invite_id(secret: &InviteSecret) -> InviteId {
    InviteId::new(half(derive_key("tandem/invite-id/1", &[&secret.0])))
}

/// Where newcomers leave their join requests.
#[must_use]
pub fn request_box(secret: &InviteSecret) -> MailboxId {
    MailboxId::new(half(derive_key("tandem/request-box/1", &[&secret.0])))
}

/// Where the inviter leaves the welcome for the newcomer with this one-time key.
#[must_use]
pub fn welcome_box(secret: &InviteSecret, one_time: &[u8; 32]) -> MailboxId {
    MailboxId::new(half(derive_key("tandem/welcome-box/1", &[&secret.0, one_time])))
}

/// Where a device leaves its offer.
#[must_use]
pub fn offer_box(secret: &InviteSecret) -> MailboxId {
    MailboxId::new(half(derive_key("tandem/offer-box/1", &[&secret.0])))
}

/// Where whoever takes an offer up says into which threads it lets the device with this one-time
/// key. Each thread's welcome lies in the [`welcome_box`] of that thread's secret.
#[must_use]
pub fn uptake_box(secret: &InviteSecret, one_time: &[u8; 32]) -> MailboxId {
    MailboxId::new(half(derive_key("tandem/uptake-box/1", &[&secret.0, one_time])))
}
