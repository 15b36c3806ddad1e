//! The log's head in the words: which log its author was shown, signed (`docs/adr/0023`).
//!
//! It stands inside the envelope, before the batch, where the relay can neither read it nor take it
//! out without keeping back the words themselves.

use tandem_proto::{
    BadSignature, ChainHash, DeviceKey, Generation, SecretKey, Seq, Signature, ThreadId,
};

use super::{BatchError, leb::Reader};

const DOMAIN: &str = "tandem/log-head/1";

/// What an envelope begins with that has a log head.
pub(super) const WITH_HEAD: u8 = 2;

/// How far a device had read a thread's log when it uploaded something, and the chain there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogHead {
    /// How far.
    pub(crate) seq: Seq,
    /// The chain there.
    pub(crate) chain: ChainHash,
    /// Over thread, generation, seq and chain.
    signature: Signature,
}

impl LogHead {
    /// Signs for a place of this generation's log.
    pub(crate) fn sign(
        key: &SecretKey,
        thread: &ThreadId,
        generation: &Generation,
        seq: Seq,
        chain: ChainHash,
    ) -> Self {
        let signature = key.sign(DOMAIN, &parts(thread, generation, &seq.0.to_le_bytes(), &chain));
        Self { seq, chain, signature }
    }

    /// Checks that the device signed it, and of this generation's log.
    ///
    /// # Errors
    /// [`BadSignature`]: somebody else's, or of a log that the relay has begun anew since.
    pub(crate) fn verify(
        &self,
        device: &DeviceKey,
        thread: &ThreadId,
        generation: &Generation,
    ) -> Result<(), BadSignature> {
        let seq = self.seq.0.to_le_bytes();
        let parts = parts(thread, generation, &seq, &self.chain);
        self.signature.verify(device.as_bytes(), DOMAIN, &parts)
    }

    /// The batch with this head before it.
    pub(crate) fn before(&self, batch: &[u8]) -> Vec<u8> {
        let mut out = vec![WITH_HEAD];
        out.extend_from_slice(&self.seq.0.to_le_bytes());
        out.extend_from_slice(self.chain.as_bytes());
        out.extend_from_slice(&self.signature.to_bytes());
        out.extend_from_slice(batch);
        out
    }

    /// The head before a batch, if there is one, and the batch.
    pub(super) fn split(plain: &[u8]) -> Result<(Option<Self>, &[u8]), BatchError> {
        let mut reader = Reader::new(plain);
        if reader.array() != Some(&[WITH_HEAD]) {
            return Ok((None, plain));
        }
        let mut head = || {
            let seq = Seq(u64::from_le_bytes(*reader.array()?));
            let chain = ChainHash::new(*reader.array()?);
            Some(Self { seq, chain, signature: Signature::from_bytes(reader.array()?) })
        };
        let head = head().ok_or(BatchError::Malformed)?;
        Ok((Some(head), reader.rest()))
    }
}

fn parts<'a>(
    thread: &'a ThreadId,
    generation: &'a Generation,
    seq: &'a [u8; 8],
    chain: &'a ChainHash,
) -> [&'a [u8]; 4] {
    [thread.as_bytes(), generation.as_bytes(), seq, chain.as_bytes()]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

    use super::*;

    #[test]
    fn a_head_is_its_signers_and_of_one_place_in_one_generation() {
        let key = SecretKey::from_seed([3; 32]);
        let device = DeviceKey::new(key.public());
        let (thread, generation) = (ThreadId::new([1; 20]), Generation::new([2; 16]));
        let head = LogHead::sign(&key, &thread, &generation, Seq(7), ChainHash::start(&thread));
        assert_eq!(head.verify(&device, &thread, &generation), Ok(()));
        let other = DeviceKey::new(SecretKey::from_seed([4; 32]).public());
        assert!(head.verify(&other, &thread, &generation).is_err());
        assert!(head.verify(&device, &ThreadId::new([9; 20]), &generation).is_err());
        assert!(head.verify(&device, &thread, &Generation::new([9; 16])).is_err());
        let moved = LogHead { seq: Seq(8), ..head };
        assert!(moved.verify(&device, &thread, &generation).is_err());
        let elsewhere = LogHead { chain: ChainHash::new([5; 32]), ..head };
        assert!(elsewhere.verify(&device, &thread, &generation).is_err());
    }

    #[test]
    fn a_batch_is_found_behind_a_head_and_without_one_and_a_cut_head_is_no_batch() {
        let key = SecretKey::from_seed([3; 32]);
        let (thread, generation) = (ThreadId::new([1; 20]), Generation::new([2; 16]));
        let head = LogHead::sign(&key, &thread, &generation, Seq(7), ChainHash::start(&thread));
        let with = head.before(b"\x01batch");
        assert_eq!(LogHead::split(&with), Ok((Some(head), &b"\x01batch"[..])));
        assert_eq!(LogHead::split(b"\x01batch"), Ok((None, &b"\x01batch"[..])));
        assert_eq!(LogHead::split(&with[..40]), Err(BatchError::Malformed));
        assert_eq!(LogHead::split(&[]), Ok((None, &[][..])));
    }
}
