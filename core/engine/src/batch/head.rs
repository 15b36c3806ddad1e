//! The log's head in the words: which log its author was shown (`docs/adr/0023`).
//!
//! It stands inside the envelope, before the batch, where the relay can neither read it nor take it
//! out without keeping back the words themselves.

use tandem_proto::{ChainHash, Generation, Seq};

use super::{
    BatchError,
    leb::{Reader, put_u64},
};

/// What an envelope begins with that has a log head.
pub(super) const WITH_HEAD: u8 = 2;

/// Bytes of the generation that a head names: enough to tell it from another of the same relay.
const GENERATION: usize = 4;

/// Bytes of the chain that a head names.
const CHAIN: usize = 16;

/// How far a device had read a thread's log when it uploaded something, and the chain there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogHead {
    generation: [u8; GENERATION],
    /// How far.
    pub(crate) seq: Seq,
    /// The beginning of the chain there.
    pub(crate) chain: [u8; CHAIN],
}

impl LogHead {
    /// The head of this place of this generation's log.
    pub(crate) fn of(generation: &Generation, seq: Seq, chain: &ChainHash) -> Self {
        Self { generation: first(generation.as_bytes()), seq, chain: shortened(chain) }
    }

    /// Whether it is of this generation's log; that of another says nothing.
    pub(crate) fn is_of(&self, generation: &Generation) -> bool {
        self.generation == first(generation.as_bytes())
    }

    /// The batch with this head before it.
    pub(crate) fn before(&self, batch: &[u8]) -> Vec<u8> {
        let mut out = vec![WITH_HEAD];
        out.extend_from_slice(&self.generation);
        put_u64(&mut out, self.seq.0);
        out.extend_from_slice(&self.chain);
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
            let generation = *reader.array()?;
            Some(Self { generation, seq: Seq(reader.u64()?), chain: *reader.array()? })
        };
        let head = head().ok_or(BatchError::Malformed)?;
        Ok((Some(head), reader.rest()))
    }
}

/// A chain as a head names it.
pub(crate) fn shortened(chain: &ChainHash) -> [u8; CHAIN] {
    first(chain.as_bytes())
}

fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.iter_mut().zip(bytes).for_each(|(out, byte)| *out = *byte);
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

    use tandem_proto::ThreadId;

    use super::*;

    #[test]
    fn a_batch_is_found_behind_a_head_and_without_one_and_a_cut_head_is_no_batch() {
        let (thread, generation) = (ThreadId::new([1; 20]), Generation::new([2; 16]));
        let head = LogHead::of(&generation, Seq(300), &ChainHash::start(&thread));
        assert!(head.is_of(&generation) && !head.is_of(&Generation::new([9; 16])));
        let with = head.before(b"\x01batch");
        assert_eq!(with.len(), 1 + 4 + 2 + 16 + 6);
        assert_eq!(LogHead::split(&with), Ok((Some(head), &b"\x01batch"[..])));
        assert_eq!(LogHead::split(b"\x01batch"), Ok((None, &b"\x01batch"[..])));
        for end in 1..1 + 4 + 2 + 16 {
            assert_eq!(LogHead::split(&with[..end]), Err(BatchError::Malformed));
        }
        assert_eq!(LogHead::split(&[]), Ok((None, &[][..])));
    }
}
