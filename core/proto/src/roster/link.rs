//! One signed link, as it travels.

use serde::{Deserialize, Serialize};

use super::{RosterLinkError, Statement, statement::STATEMENTS};
use crate::{
    BoundedBytes, DeviceKey, ItemHash, SecretKey, Signature, Timestamp,
    envelope::ROSTER_LINK,
    limits::{MAX_COMMIT_BYTES, MAX_GROUP_WELCOME_BYTES},
};

const DOMAIN: &str = "tandem/roster/1";

/// What a genesis names as its predecessor.
pub(super) const NO_PREDECESSOR: ItemHash = ItemHash::new([0; 32]);

/// The group's step from a link's predecessor to the link: MLS messages (RFC 9420), which the relay
/// can't read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handshake {
    /// The commit, for those who are in.
    pub commit: BoundedBytes<MAX_COMMIT_BYTES>,
    /// The welcome, for those who are given a place.
    pub welcome: BoundedBytes<MAX_GROUP_WELCOME_BYTES>,
}

/// One signed link of a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterLink {
    /// The hash of the predecessor; zero for the genesis.
    pub previous: ItemHash,
    /// When it was made, by its author's clock.
    pub at: Timestamp,
    /// What is said.
    pub statement: Statement,
    /// By which device.
    pub author: DeviceKey,
    /// How the group follows; empty in a genesis, which begins it.
    pub handshake: Handshake,
    /// The author's signature.
    pub signature: Signature,
}

impl RosterLink {
    /// Makes and signs a genesis.
    #[must_use]
    pub fn found(key: &SecretKey, at: Timestamp, statement: Statement) -> Self {
        Self::sign(key, NO_PREDECESSOR, at, statement, Handshake::default())
    }

    /// Makes and signs a link behind another.
    #[must_use]
    pub fn sign(
        key: &SecretKey,
        previous: ItemHash,
        at: Timestamp,
        statement: Statement,
        handshake: Handshake,
    ) -> Self {
        let author = DeviceKey::new(key.public());
        let said = said(at, &statement);
        let signature = key.sign(DOMAIN, &signed(&previous, &said, &handshake));
        Self { previous, at, statement, author, handshake, signature }
    }

    /// The link as a log item.
    #[must_use]
    pub fn to_item(&self) -> Vec<u8> {
        // Writing into a Vec can't fail, and a link has no maps or unknown lengths.
        postcard::to_extend(self, ROSTER_LINK.to_vec()).expect("a link always serializes")
    }

    /// Reads a log item as a link and checks its signature, but not its place in a chain.
    ///
    /// # Errors
    /// [`RosterLinkError::Malformed`], also for bytes after the link, since its hash is its name;
    /// [`RosterLinkError::Newer`]; [`RosterLinkError::Forged`].
    pub fn from_item(item: &[u8]) -> Result<Self, RosterLinkError> {
        let link = Self::parse(item)?;
        let said = said(link.at, &link.statement);
        link.signature
            .verify(link.author.as_bytes(), DOMAIN, &signed(&link.previous, &said, &link.handshake))
            .map_err(|_| RosterLinkError::Forged)?;
        Ok(link)
    }

    /// Reads a log item as a link that was checked before; its signature is not checked again.
    ///
    /// # Errors
    /// [`RosterLinkError::Malformed`] or [`RosterLinkError::Newer`].
    pub fn parse(item: &[u8]) -> Result<Self, RosterLinkError> {
        let body = item.strip_prefix(&ROSTER_LINK).ok_or(RosterLinkError::Malformed)?;
        let (link, rest): (Self, _) =
            postcard::take_from_bytes(body).map_err(|_| of_what_does_not_parse(body))?;
        if !rest.is_empty() || link.to_item() != item {
            return Err(RosterLinkError::Malformed);
        }
        Ok(link)
    }
}

/// What is wrong with a link: its statement may be one that only a newer version knows.
fn of_what_does_not_parse(body: &[u8]) -> RosterLinkError {
    match postcard::take_from_bytes::<(ItemHash, Timestamp, u32)>(body) {
        Ok(((_, _, statement), _)) if statement >= STATEMENTS => RosterLinkError::Newer,
        _ => RosterLinkError::Malformed,
    }
}

/// What a link's signature covers.
fn signed<'a>(previous: &'a ItemHash, said: &'a [u8], handshake: &'a Handshake) -> [&'a [u8]; 4] {
    [previous.as_bytes(), said, &handshake.commit, &handshake.welcome]
}

fn said(at: Timestamp, statement: &Statement) -> Vec<u8> {
    postcard::to_extend(&(at, statement), Vec::new()).expect("a statement always serializes")
}
