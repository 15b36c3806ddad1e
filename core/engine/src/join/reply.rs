//! What lies in a welcome box: an inviter's answer, sealed to the one-time key in the request.

use serde::{Deserialize, Serialize};
use tandem_proto::{derive_key, limits::MAX_LETTER_BYTES};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::{
    JoinError,
    welcome::{MAX_WELCOME, SignedWelcome},
};
use crate::{
    batch::{DICTIONARY, SqueezeError, deflate, inflate},
    devices::SignedUptake,
    keys::{open_once, seal_once},
};

const AAD: &[u8] = b"tandem/welcome/1";

/// Bytes around a welcome's body.
const AROUND: usize = 128;

/// An answer to a join request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Reply {
    /// Come in.
    Welcome(SignedWelcome),
    /// Somebody else used the invite before. Only who knows the link can say so, and nobody has to
    /// believe it: a welcome that comes later counts.
    Taken,
    /// The invite has expired. As much to be believed as [`Reply::Taken`].
    Expired,
    /// The inviter has revoked the invite. As much to be believed as [`Reply::Taken`].
    Revoked,
    /// The answer to a device's offer. It lies in a box of its own.
    Uptake(SignedUptake),
}

/// The version of letters with an answer that the first version does not have, so that a device of
/// that version says that it needs a newer one.
const MORE_ANSWERS: u8 = 2;

/// The public half of a newcomer's one-time key.
pub(crate) fn one_time_public(secret: &[u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*secret)).to_bytes()
}

impl Reply {
    /// Seals the answer for the newcomer with this one-time key.
    ///
    /// # Errors
    /// [`JoinError::TooLong`] or [`JoinError::BadKey`].
    pub(crate) fn seal(
        &self,
        one_time: &[u8; 32],
        ephemeral_seed: [u8; 32],
    ) -> Result<Vec<u8>, JoinError> {
        let plain = postcard::to_extend(self, Vec::new()).expect("a reply always serializes");
        let plain = Zeroizing::new(plain);
        let plain = deflate(&plain);
        // The ephemeral key comes from the words as well as from the seed, so that even a seed
        // that is used again, by a device restored from an old copy, never seals other words
        // under the same key.
        let seed = Zeroizing::new(ephemeral_seed);
        let ephemeral =
            Zeroizing::new(derive_key("tandem/welcome-ephemeral/1", &[&*seed, one_time, &plain]));
        let ephemeral = StaticSecret::from(*ephemeral);
        let public = PublicKey::from(&ephemeral).to_bytes();
        let key = agree(&ephemeral, one_time, &public, one_time)?;
        let mut out = vec![self.version()];
        out.extend_from_slice(&public);
        // The nonce is zero: the key is drawn from an ephemeral key of this letter alone and
        // seals nothing else, so no nonce can ever come twice under it.
        out.extend_from_slice(&seal_once(&key, AAD, &plain));
        if out.len() > MAX_LETTER_BYTES {
            return Err(JoinError::TooLong(out.len()));
        }
        Ok(out)
    }

    const fn version(&self) -> u8 {
        match self {
            Self::Welcome(_) | Self::Taken | Self::Uptake(_) => DICTIONARY,
            Self::Expired | Self::Revoked => MORE_ANSWERS,
        }
    }

    /// Opens a letter from this newcomer's welcome box.
    ///
    /// # Errors
    /// [`JoinError`]. What opens is only a letter from somebody who saw the request: see
    /// [`SignedWelcome::verify`].
    pub(crate) fn open(one_time_secret: &[u8; 32], letter: &[u8]) -> Result<Self, JoinError> {
        if letter.len() > MAX_LETTER_BYTES {
            return Err(JoinError::TooLong(letter.len()));
        }
        let (version, letter) = letter.split_first().ok_or(JoinError::Malformed)?;
        match *version {
            DICTIONARY | MORE_ANSWERS => {}
            0 => return Err(JoinError::Malformed),
            newer => return Err(JoinError::Newer(newer)),
        }
        let (public, sealed) = letter.split_first_chunk::<32>().ok_or(JoinError::Malformed)?;
        let one_time = StaticSecret::from(*one_time_secret);
        let key = agree(&one_time, public, public, &PublicKey::from(&one_time).to_bytes())?;
        let plain = open_once(&key, AAD, sealed).ok_or(JoinError::Forged)?;
        let plain = inflate(&plain, MAX_WELCOME + AROUND).map_err(|error| match error {
            SqueezeError::TooBig => JoinError::TooLong(MAX_WELCOME),
            SqueezeError::Malformed => JoinError::Malformed,
        })?;
        let plain = Zeroizing::new(plain);
        postcard::from_bytes(&plain).map_err(|_| JoinError::Malformed)
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
