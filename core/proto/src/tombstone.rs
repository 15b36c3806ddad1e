//! Tombstones: a relay's signed word that it has erased a thread.

use serde::{Deserialize, Serialize};

use crate::{
    BadSignature, BoundedStr, RelayKey, SecretKey, Signature, ThreadId, Timestamp,
    limits::MAX_REASON_BYTES,
};

const DOMAIN: &str = "tandem/tombstone/1";

/// Why a relay erased a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErasedBecause {
    /// Whoever runs the relay did it; the tombstone's words say why.
    Operator,
    /// The time was over for which the relay keeps a thread in which nothing is said any more.
    Retention,
}

impl ErasedBecause {
    /// Its name in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Retention => "retention",
        }
    }
}

/// A relay's signed statement that it has erased a thread and takes it back from nobody.
///
/// It outlives the thread. A relay that has lost it takes it again from any device that shows it,
/// for it knows its own signature; a device believes it by the key that it has pinned. It says what
/// the relay did, and nothing of what anybody else holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// Which thread.
    pub thread: ThreadId,
    /// When, by the relay's clock.
    pub at: Timestamp,
    /// Why.
    pub because: ErasedBecause,
    /// The same in words, for the people in the thread; may be empty.
    pub words: BoundedStr<MAX_REASON_BYTES>,
    /// The relay's, over everything above.
    pub signature: Signature,
}

impl Tombstone {
    /// Signs that a thread is erased.
    #[must_use]
    pub fn sign(
        key: &SecretKey,
        thread: ThreadId,
        at: Timestamp,
        because: ErasedBecause,
        words: BoundedStr<MAX_REASON_BYTES>,
    ) -> Self {
        let at_bytes = at.0.to_le_bytes();
        let signature = key.sign(DOMAIN, &parts(&thread, &at_bytes, because, &words));
        Self { thread, at, because, words, signature }
    }

    /// Checks that the relay with this key signed it.
    ///
    /// # Errors
    /// [`BadSignature`] when it did not sign this.
    pub fn verify(&self, relay: &RelayKey) -> Result<(), BadSignature> {
        let at = self.at.0.to_le_bytes();
        let parts = parts(&self.thread, &at, self.because, &self.words);
        self.signature.verify(relay.as_bytes(), DOMAIN, &parts)
    }
}

fn parts<'a>(
    thread: &'a ThreadId,
    at: &'a [u8; 8],
    because: ErasedBecause,
    words: &'a str,
) -> [&'a [u8]; 4] {
    [thread.as_bytes(), at, because.name().as_bytes(), words.as_bytes()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_holds_for_its_relay_thread_time_and_reason_only() {
        let key = SecretKey::from_seed([3; 32]);
        let relay = RelayKey::new(key.public());
        let words = String::from("asked for by the family").try_into().expect("short");
        let because = ErasedBecause::Operator;
        let stone = Tombstone::sign(&key, ThreadId::new([1; 20]), Timestamp(5), because, words);
        assert_eq!(stone.verify(&relay), Ok(()));
        let other = RelayKey::new(SecretKey::from_seed([4; 32]).public());
        assert!(stone.verify(&other).is_err());
        let changed = [
            Tombstone { thread: ThreadId::new([2; 20]), ..stone.clone() },
            Tombstone { at: Timestamp(6), ..stone.clone() },
            Tombstone { because: ErasedBecause::Retention, ..stone.clone() },
            Tombstone { words: BoundedStr::default(), ..stone },
        ];
        for stone in changed {
            assert!(stone.verify(&relay).is_err(), "{stone:?}");
        }
    }
}
