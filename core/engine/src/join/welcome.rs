//! Welcomes: what an inviter leaves for the newcomer, sealed to the one-time key in its request.

use serde::{Deserialize, Serialize};
use tandem_proto::{
    BoundedBytes, BoundedStr, BoundedVec, InviteLink, Roster, derive_key, invite_id,
    limits::{MAX_ITEM_BYTES, MAX_LETTER_BYTES, MAX_LINKS_PER_ROSTER, MAX_NAME_BYTES},
};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::{JoinError, Newcomer, document};
use crate::{
    batch::{Attestation, DICTIONARY, SqueezeError, deflate, inflate},
    keys::{open_once, seal_once},
};

/// Bytes of a welcome before it is compressed: a volume of several thousand entries.
const MAX_WELCOME: usize = 8 << 20;

/// A device has one or more attestations for each of its incarnations.
const MAX_ATTESTATIONS: usize = 16_384;

const AAD: &[u8] = b"tandem/welcome/1";

/// What a newcomer gets.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Welcome {
    /// The thread key.
    pub(crate) key: [u8; 32],
    /// The roster's links as log items from the genesis, the newcomer's own among them.
    pub(crate) roster: Vec<Vec<u8>>,
    /// The thread's title.
    pub(crate) title: String,
    /// The saved document. Best saved without compression of its own: the letter is compressed as
    /// a whole.
    pub(crate) snapshot: Vec<u8>,
    /// The attestations that together vouch for every change of the snapshot.
    pub(crate) attestations: Vec<Attestation>,
}

impl std::fmt::Debug for Welcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Welcome({} links, {} bytes)", self.roster.len(), self.snapshot.len())
    }
}

/// The welcome as it is serialized, each field with its limit.
#[derive(Serialize, Deserialize)]
struct Body {
    key: [u8; 32],
    roster: BoundedVec<BoundedBytes<MAX_ITEM_BYTES>, { 2 * MAX_LINKS_PER_ROSTER }>,
    title: BoundedStr<MAX_NAME_BYTES>,
    snapshot: BoundedBytes<MAX_WELCOME>,
    attestations: BoundedVec<Attestation, MAX_ATTESTATIONS>,
}

/// The public half of a newcomer's one-time key.
pub(crate) fn one_time_public(secret: &[u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*secret)).to_bytes()
}

impl Welcome {
    /// Seals the welcome for the newcomer with this one-time key.
    ///
    /// # Errors
    /// [`JoinError::TooLong`], [`JoinError::NameTooLong`] or [`JoinError::BadKey`].
    pub(crate) fn seal(
        &self,
        one_time: &[u8; 32],
        ephemeral_seed: [u8; 32],
    ) -> Result<Vec<u8>, JoinError> {
        let plain = self.to_plain()?;
        // The ephemeral key comes from the words as well as from the seed, so that even a seed
        // that is used again, by a device restored from an old copy, never seals other words
        // under the same key.
        let seed = Zeroizing::new(ephemeral_seed);
        let ephemeral =
            Zeroizing::new(derive_key("tandem/welcome-ephemeral/1", &[&*seed, one_time, &plain]));
        let ephemeral = StaticSecret::from(*ephemeral);
        let public = PublicKey::from(&ephemeral).to_bytes();
        let key = agree(&ephemeral, one_time, &public, one_time)?;
        let mut out = vec![DICTIONARY];
        out.extend_from_slice(&public);
        // The nonce is zero: the key is drawn from an ephemeral key of this letter alone and
        // seals nothing else, so no nonce can ever come twice under it.
        out.extend_from_slice(&seal_once(&key, AAD, &plain));
        if out.len() > MAX_LETTER_BYTES {
            return Err(JoinError::TooLong(out.len()));
        }
        Ok(out)
    }

    /// Opens a letter from this newcomer's welcome box.
    ///
    /// # Errors
    /// [`JoinError`]. What opens is only a letter from somebody who saw the request: see
    /// [`Welcome::verify`].
    pub(crate) fn open(one_time_secret: &[u8; 32], letter: &[u8]) -> Result<Self, JoinError> {
        if letter.len() > MAX_LETTER_BYTES {
            return Err(JoinError::TooLong(letter.len()));
        }
        let (version, letter) = letter.split_first().ok_or(JoinError::Malformed)?;
        match *version {
            DICTIONARY => {}
            0 => return Err(JoinError::Malformed),
            newer => return Err(JoinError::Newer(newer)),
        }
        let (public, sealed) = letter.split_first_chunk::<32>().ok_or(JoinError::Malformed)?;
        let one_time = StaticSecret::from(*one_time_secret);
        let key = agree(&one_time, public, public, &PublicKey::from(&one_time).to_bytes())?;
        let plain = open_once(&key, AAD, sealed).ok_or(JoinError::Forged)?;
        Self::from_plain(&plain)
    }

    /// Checks that this welcome is into the invite's thread, and that its roster lets this device
    /// in by this invite.
    ///
    /// # Errors
    /// [`JoinError::Roster`] or [`JoinError::NotAdmitted`].
    pub(crate) fn verify(&self, invite: &InviteLink, me: &Newcomer) -> Result<Roster, JoinError> {
        let (genesis, rest) = self.roster.split_first().ok_or(JoinError::NotAdmitted)?;
        let mut roster = Roster::found(invite.thread, genesis)?;
        for link in rest {
            roster.insert(link)?;
        }
        let admitted = roster.admitted_by(&invite_id(&invite.secret));
        if admitted.is_some_and(|card| me.card(card.role) == *card) {
            Ok(roster)
        } else {
            Err(JoinError::NotAdmitted)
        }
    }

    fn to_plain(&self) -> Result<Vec<u8>, JoinError> {
        let too_long = |_| JoinError::TooLong(self.snapshot.len());
        let links = self
            .roster
            .iter()
            .map(|link| link.clone().try_into().map_err(too_long))
            .collect::<Result<Vec<_>, _>>()?;
        let body = Body {
            key: self.key,
            roster: links.try_into().map_err(too_long)?,
            title: self.title.clone().try_into().map_err(|_| JoinError::NameTooLong)?,
            snapshot: self.snapshot.clone().try_into().map_err(too_long)?,
            attestations: self.attestations.clone().try_into().map_err(too_long)?,
        };
        let bytes = postcard::to_extend(&body, Vec::new()).expect("a welcome always serializes");
        let bytes = Zeroizing::new(bytes);
        if bytes.len() > MAX_WELCOME {
            return Err(JoinError::TooLong(bytes.len()));
        }
        Ok(deflate(&bytes))
    }

    fn from_plain(plain: &[u8]) -> Result<Self, JoinError> {
        let bytes = inflate(plain, MAX_WELCOME).map_err(|error| match error {
            SqueezeError::TooBig => JoinError::TooLong(MAX_WELCOME),
            SqueezeError::Malformed => JoinError::Malformed,
        })?;
        let bytes = Zeroizing::new(bytes);
        let body: Body = postcard::from_bytes(&bytes).map_err(|_| JoinError::Malformed)?;
        if !document::is_bounded(&body.snapshot) {
            return Err(JoinError::Malformed);
        }
        Ok(Self {
            key: body.key,
            roster: body.roster.into_inner().into_iter().map(BoundedBytes::into_inner).collect(),
            title: body.title.into_inner(),
            snapshot: body.snapshot.into_inner(),
            attestations: body.attestations.into_inner(),
        })
    }
}

/// The key of one welcome. A public key of small order would make it one that anybody knows.
fn agree(
    secret: &StaticSecret,
    theirs: &[u8; 32],
    ephemeral: &[u8; 32],
    one_time: &[u8; 32],
) -> Result<Zeroizing<[u8; 32]>, JoinError> {
    let shared = secret.diffie_hellman(&PublicKey::from(*theirs));
    if !shared.was_contributory() {
        return Err(JoinError::BadKey);
    }
    let parts: [&[u8]; 3] = [shared.as_bytes(), ephemeral, one_time];
    Ok(Zeroizing::new(derive_key("tandem/welcome/1", &parts)))
}
