//! Lean changes back to Automerge's bytes, with their hashes, before Automerge sees them.

use automerge::ChangeHash;
use sha2::{Digest, Sha256};

use super::{
    BatchError, MAX_CHANGES, MAX_INFLATED,
    lean::{CHANGE, MAGIC, NOBODY, Previous},
    leb::{Reader, put_i64, put_u64},
};

/// A change that was rebuilt but not yet read by Automerge.
#[derive(Debug)]
pub(super) struct Rebuilt {
    /// The whole chunk.
    pub(super) chunk: Vec<u8>,
    /// Its hash.
    pub(super) hash: ChangeHash,
    /// Whose it says it is.
    pub(super) actor: Vec<u8>,
    /// Its place among that actor's changes.
    pub(super) seq: u64,
    /// What it depends on.
    pub(super) deps: Vec<ChangeHash>,
}

/// Rebuilds a run of changes from its two streams, both of which must be used up.
pub(super) fn rebuild(apart: &[u8], text: &[u8]) -> Result<Vec<Rebuilt>, BatchError> {
    let (mut apart, mut text) = (Reader::new(apart), Reader::new(text));
    let mut run = Run { actors: vec![&NOBODY], ..Run::default() };
    run.previous.last_seq.push(0);
    while !text.is_empty() {
        if run.changes.len() == MAX_CHANGES {
            return Err(BatchError::TooBig);
        }
        let change = run.next(&mut apart, &mut text)?;
        run.changes.push(change);
    }
    if apart.is_empty() { Ok(run.changes) } else { Err(BatchError::Malformed) }
}

#[derive(Default)]
struct Run<'a> {
    changes: Vec<Rebuilt>,
    actors: Vec<&'a [u8]>,
    previous: Previous,
    /// Bytes of all changes so far. A dependency or an actor is one byte in the text and many in
    /// the chunk, so they are bounded here again.
    bytes: usize,
}

impl<'a> Run<'a> {
    fn next(
        &mut self,
        apart: &mut Reader<'a>,
        text: &mut Reader<'a>,
    ) -> Result<Rebuilt, BatchError> {
        const BAD: BatchError = BatchError::Malformed;
        let mut body = Vec::new();
        let count = text.u64().ok_or(BAD)?;
        put_u64(&mut body, count);
        let mut deps = Vec::new();
        for _ in 0..count {
            let dep = match text.u64().ok_or(BAD)? {
                0 => ChangeHash(*apart.array().ok_or(BAD)?),
                back => {
                    let back = usize::try_from(back).map_err(|_| BAD)?;
                    let place = self.changes.len().checked_sub(back).ok_or(BAD)?;
                    self.changes.get(place).ok_or(BAD)?.hash
                }
            };
            body.extend_from_slice(&dep.0);
            self.fits(&body)?;
            deps.push(dep);
        }
        let (index, actor) = self.actor(apart, text).ok_or(BAD)?;
        put_u64(&mut body, actor.len() as u64);
        body.extend_from_slice(actor);

        let last_seq = self.previous.last_seq.get_mut(index).ok_or(BAD)?;
        let seq = last_seq.wrapping_add(1).wrapping_add(text.u64().ok_or(BAD)?);
        *last_seq = seq;
        put_u64(&mut body, seq);
        let start_op = self.previous.start_op.wrapping_add(text.u64().ok_or(BAD)?);
        self.previous.start_op = start_op;
        put_u64(&mut body, start_op);
        let passed = text.u64().ok_or(BAD)?;
        let passed = (passed >> 1).cast_signed() ^ -(passed & 1).cast_signed();
        self.previous.time = self.previous.time.wrapping_add(passed);
        put_i64(&mut body, self.previous.time);

        let message = text.u64().and_then(|len| text.take(len)).ok_or(BAD)?;
        put_u64(&mut body, message.len() as u64);
        body.extend_from_slice(message);
        let others = text.u64().ok_or(BAD)?;
        put_u64(&mut body, others);
        for _ in 0..others {
            let (_, other) = self.actor(apart, text).ok_or(BAD)?;
            put_u64(&mut body, other.len() as u64);
            body.extend_from_slice(other);
            self.fits(&body)?;
        }
        let operations = text.u64().and_then(|len| text.take(len)).ok_or(BAD)?;
        body.extend_from_slice(operations);
        self.fits(&body)?;

        let (chunk, hash) = chunk(&body);
        self.bytes += chunk.len();
        Ok(Rebuilt { chunk, hash, actor: actor.to_vec(), seq, deps })
    }

    fn fits(&self, body: &[u8]) -> Result<(), BatchError> {
        if self.bytes + body.len() > MAX_INFLATED { Err(BatchError::TooBig) } else { Ok(()) }
    }

    fn actor(
        &mut self,
        apart: &mut Reader<'a>,
        text: &mut Reader<'a>,
    ) -> Option<(usize, &'a [u8])> {
        let index = usize::try_from(text.u64()?).ok()?;
        if index == self.actors.len() {
            let len = text.u64()?;
            self.actors.push(apart.take(len)?);
            self.previous.last_seq.push(0);
        }
        Some((index, self.actors.get(index)?))
    }
}

/// A change's chunk around its body, and its hash: SHA-256 over type, length and body, of which
/// the checksum is the first four bytes.
fn chunk(body: &[u8]) -> (Vec<u8>, ChangeHash) {
    let mut hashed = vec![CHANGE];
    put_u64(&mut hashed, body.len() as u64);
    hashed.extend_from_slice(body);
    let hash: [u8; 32] = Sha256::digest(&hashed).into();
    let mut out = Vec::with_capacity(8 + hashed.len());
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&hash[..4]);
    out.append(&mut hashed);
    (out, ChangeHash(hash))
}
