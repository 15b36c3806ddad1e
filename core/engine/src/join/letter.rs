//! A letter for a box at the relay: a version, a nonce, and what is sealed.

use super::JoinError;
use crate::keys::{NONCE, SealingKeys};

/// The version of every letter that is written.
pub(crate) const VERSION: u8 = 1;

/// Seals a letter. The same words under the same keys are the same bytes.
pub(crate) fn seal(keys: &SealingKeys, aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let (nonce, sealed) = keys.seal(aad, plain, None);
    [&[VERSION][..], &nonce, &sealed].concat()
}

/// Opens a letter.
///
/// # Errors
/// [`JoinError::Malformed`], [`JoinError::Newer`], or [`JoinError::Forged`] when it was sealed with
/// other keys or changed on the way.
pub(crate) fn open(keys: &SealingKeys, aad: &[u8], letter: &[u8]) -> Result<Vec<u8>, JoinError> {
    let (version, letter) = letter.split_first().ok_or(JoinError::Malformed)?;
    match *version {
        VERSION => {}
        0 => return Err(JoinError::Malformed),
        newer => return Err(JoinError::Newer(newer)),
    }
    let (nonce, sealed) = letter.split_first_chunk::<NONCE>().ok_or(JoinError::Malformed)?;
    keys.open(aad, nonce, sealed).ok_or(JoinError::Forged)
}
