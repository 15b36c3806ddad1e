//! What a welcome holds, and what a newcomer checks of it.

use std::collections::BTreeMap;

use super::{JoinError, Newcomer, document};
use crate::batch::Attestation;
use automerge::{Change, ChangeHash};
use serde::{Deserialize, Serialize};
use tandem_proto::{
    BoundedBytes, BoundedStr, BoundedVec, Hash16, InviteId, InviteLink, Role, Roster, SecretKey,
    Signature, invite_id,
    limits::{MAX_ITEM_BYTES, MAX_LINKS_PER_ROSTER, MAX_NAME_BYTES},
};

/// Bytes of a welcome before it is compressed: a volume of several thousand entries.
pub(super) const MAX_WELCOME: usize = 8 << 20;

/// A device has one or more attestations for each of its incarnations.
const MAX_ATTESTATIONS: usize = 16_384;

/// Items of the log that a welcome names: a volume of several thousand entries, each carried again a
/// few times.
const MAX_ITEMS: usize = 32_768;

/// Changes that one item brought.
const MAX_CHANGES: usize = 8_192;

/// What the inviter's signature over a welcome is for.
const DOMAIN: &str = "tandem/welcome/1";

/// What a newcomer gets.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Welcome {
    /// The roster's links as log items from the genesis, the newcomer's own among them.
    pub(crate) roster: Vec<Vec<u8>>,
    /// The thread's title.
    pub(crate) title: String,
    /// The saved document. Best saved without compression of its own: the letter is compressed as
    /// a whole.
    pub(crate) snapshot: Vec<u8>,
    /// The attestations that together vouch for every change of the snapshot.
    pub(crate) attestations: Vec<Attestation>,
    /// What was met in the log, sealed before the newcomer had a key: half the item's hash, and
    /// which changes it brought, as places among the snapshot's, which stand in order of their
    /// hashes.
    pub(crate) items: Vec<KnownItem>,
}

/// An item of the log and the changes that it brought.
pub(crate) type KnownItem = (Hash16, Vec<u32>);

impl std::fmt::Debug for Welcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Welcome({} links, {} bytes)", self.roster.len(), self.snapshot.len())
    }
}

/// A welcome as its inviter signed it, for one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignedWelcome {
    /// Over the invite, the request's one-time key and the body.
    signature: Signature,
    /// A [`Body`].
    body: BoundedBytes<MAX_WELCOME>,
}

/// The welcome as it is serialized, each field with its limit.
#[derive(Serialize, Deserialize)]
struct Body {
    roster: BoundedVec<BoundedBytes<MAX_ITEM_BYTES>, { 2 * MAX_LINKS_PER_ROSTER }>,
    title: BoundedStr<MAX_NAME_BYTES>,
    snapshot: BoundedBytes<MAX_WELCOME>,
    attestations: BoundedVec<Attestation, MAX_ATTESTATIONS>,
    items: BoundedVec<(Hash16, BoundedVec<u32, MAX_CHANGES>), MAX_ITEMS>,
}

impl Welcome {
    /// Signs the welcome for the request with this one-time key.
    ///
    /// # Errors
    /// [`JoinError::TooLong`] or [`JoinError::NameTooLong`].
    pub(crate) fn sign(
        &self,
        identity: &SecretKey,
        invite: &InviteId,
        one_time: &[u8; 32],
    ) -> Result<SignedWelcome, JoinError> {
        let too_long = |_| JoinError::TooLong(self.snapshot.len());
        let links = self
            .roster
            .iter()
            .map(|link| link.clone().try_into().map_err(too_long))
            .collect::<Result<Vec<_>, _>>()?;
        let items = self
            .items
            .iter()
            .map(|(item, places)| Ok((*item, places.clone().try_into().map_err(too_long)?)))
            .collect::<Result<Vec<_>, JoinError>>()?;
        let body = Body {
            roster: links.try_into().map_err(too_long)?,
            title: self.title.clone().try_into().map_err(|_| JoinError::NameTooLong)?,
            snapshot: self.snapshot.clone().try_into().map_err(too_long)?,
            attestations: self.attestations.clone().try_into().map_err(too_long)?,
            items: items.try_into().map_err(too_long)?,
        };
        let body = postcard::to_extend(&body, Vec::new()).expect("a welcome always serializes");
        let signature = identity.sign(DOMAIN, &[invite.as_bytes(), one_time, &body]);
        Ok(SignedWelcome { signature, body: body.try_into().map_err(too_long)? })
    }
}

impl SignedWelcome {
    /// Checks that this is a welcome into the invite's thread, that its roster lets this device in
    /// by this invite, and that whoever signed that link signed the welcome too, for this request:
    /// a relay that knows the link can put no key of its own in its place.
    ///
    /// # Errors
    /// [`JoinError::Malformed`], [`JoinError::Roster`], [`JoinError::NotAdmitted`] or
    /// [`JoinError::Forged`].
    pub(crate) fn verify(
        &self,
        invite: &InviteLink,
        me: &Newcomer,
        one_time: &[u8; 32],
    ) -> Result<(Welcome, Roster), JoinError> {
        let welcome = self.read()?;
        let records = invite.role == Role::Archive;
        let (genesis, rest) = welcome.roster.split_first().ok_or(JoinError::NotAdmitted)?;
        let mut roster = Roster::found(invite.thread, genesis)?;
        for link in rest {
            roster.insert(link)?;
        }
        let invite = invite_id(&invite.secret);
        let link = roster.admitted_by(&invite).ok_or(JoinError::NotAdmitted)?;
        let card = link.statement.card().ok_or(JoinError::NotAdmitted)?;
        // Whoever keeps the school's records knows so, and nobody is made to.
        if me.card(card.role) != *card || (card.role == Role::Archive) != records {
            return Err(JoinError::NotAdmitted);
        }
        let signed: [&[u8]; 3] = [invite.as_bytes(), one_time, &self.body];
        self.signature
            .verify(link.author.as_bytes(), DOMAIN, &signed)
            .map_err(|_| JoinError::Forged)?;
        Ok((welcome, roster))
    }

    fn read(&self) -> Result<Welcome, JoinError> {
        let body: Body = postcard::from_bytes(&self.body).map_err(|_| JoinError::Malformed)?;
        if !document::is_bounded(&body.snapshot) {
            return Err(JoinError::Malformed);
        }
        let items = body.items.into_inner().into_iter();
        Ok(Welcome {
            items: items.map(|(item, places)| (item, places.into_inner())).collect(),
            roster: body.roster.into_inner().into_iter().map(BoundedBytes::into_inner).collect(),
            title: body.title.into_inner(),
            snapshot: body.snapshot.into_inner(),
            attestations: body.attestations.into_inner(),
        })
    }
}

/// The place of each change among those of a snapshot, by their hashes.
pub(crate) fn places(changes: &[Change]) -> BTreeMap<ChangeHash, u32> {
    let mut hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
    hashes.sort();
    hashes.into_iter().zip(0..).collect()
}
