//! Lean changes: Automerge's change chunks without what the receiver can recompute.
//!
//! A run of changes becomes two streams. *Apart* holds what no compressor can shorten: hashes of
//! changes outside the run and actor ids, each once. *Text* holds the rest and is compressed. For
//! each change, in LEB128 unless said otherwise:
//!
//! | field | spelled as |
//! |---|---|
//! | dependencies | their number; each as how many changes back it is in this run, 0 when it is outside and its hash is next in *apart* |
//! | actor | its place in the table of actors so far, which begins with nobody's; a new one adds its length, its bytes are next in *apart* |
//! | sequence number | distance from the one after that actor's last |
//! | first operation | distance from the previous change's |
//! | time | distance from the previous change's, zigzag |
//! | message | length and bytes |
//! | other actors | their number, then like the actor |
//! | operations | length and bytes, as Automerge lays them out |
//!
//! Magic, checksum, chunk type and length are left out; `rebuild` makes them again, and a change's
//! hash is that of the rebuilt bytes.

use std::collections::BTreeMap;

use super::leb::{Reader, put_u64};

/// What every change chunk begins with.
pub(crate) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The chunk type of an uncompressed change.
pub(crate) const CHANGE: u8 = 1;

/// The actor of the change that every document begins with. It is the first in every table of
/// actors: each change that makes an entry names it, for the map of entries is its.
pub(crate) const NOBODY: [u8; 20] = [0; 20];

/// The two streams.
#[derive(Debug, Default)]
pub(crate) struct Lean {
    /// Hashes and actor ids.
    pub(crate) apart: Vec<u8>,
    /// Everything else.
    pub(crate) text: Vec<u8>,
}

/// What the distances are measured from; both directions keep it alike.
#[derive(Debug, Default)]
pub(crate) struct Previous {
    pub(crate) last_seq: Vec<u64>,
    pub(crate) start_op: u64,
    pub(crate) time: i64,
}

/// One change's fields.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) deps: Vec<[u8; 32]>,
    pub(crate) actor: &'a [u8],
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) time: i64,
    pub(crate) message: &'a [u8],
    pub(crate) others: Vec<&'a [u8]>,
    pub(crate) operations: &'a [u8],
}

/// Takes a change chunk apart; `None` when it is not one.
pub(crate) fn parts(chunk: &[u8]) -> Option<Parts<'_>> {
    let mut chunk = Reader::new(chunk);
    let [m0, m1, m2, m3, _, _, _, _, kind] = *chunk.array()?;
    let len = chunk.u64()?;
    if [m0, m1, m2, m3] != MAGIC || kind != CHANGE || len != chunk.rest().len() as u64 {
        return None;
    }
    let mut deps = Vec::new();
    for _ in 0..chunk.u64()? {
        deps.push(*chunk.array()?);
    }
    let actor_len = chunk.u64()?;
    let actor = chunk.take(actor_len)?;
    let (seq, start_op, time) = (chunk.u64()?, chunk.u64()?, chunk.i64()?);
    let message_len = chunk.u64()?;
    let message = chunk.take(message_len)?;
    let mut others = Vec::new();
    for _ in 0..chunk.u64()? {
        let len = chunk.u64()?;
        others.push(chunk.take(len)?);
    }
    let operations = chunk.rest();
    Some(Parts { deps, actor, seq, start_op, time, message, others, operations })
}

/// Makes a run of change chunks lean. `hash_of` is each chunk's change hash, in the same order.
/// `None` when one is not a change chunk.
pub(crate) fn lean<'a>(run: impl IntoIterator<Item = (&'a [u8], [u8; 32])>) -> Option<Lean> {
    let mut out = Lean::default();
    let mut previous = Previous::default();
    let mut places = BTreeMap::new();
    let mut actors: BTreeMap<&[u8], u64> = BTreeMap::from([(&NOBODY[..], 0)]);
    previous.last_seq.push(0);
    for (place, (chunk, hash)) in run.into_iter().enumerate() {
        let change = parts(chunk)?;
        put_u64(&mut out.text, change.deps.len() as u64);
        for dep in &change.deps {
            match places.get(dep) {
                Some(earlier) => put_u64(&mut out.text, (place - earlier) as u64),
                None => {
                    out.text.push(0);
                    out.apart.extend_from_slice(dep);
                }
            }
        }
        let actor = put_actor(&mut out, &mut actors, &mut previous, change.actor);
        let last_seq = previous.last_seq.get_mut(actor)?;
        put_u64(&mut out.text, change.seq.wrapping_sub(*last_seq).wrapping_sub(1));
        *last_seq = change.seq;
        put_u64(&mut out.text, change.start_op.wrapping_sub(previous.start_op));
        previous.start_op = change.start_op;
        let passed = change.time.wrapping_sub(previous.time);
        put_u64(&mut out.text, ((passed << 1) ^ (passed >> 63)).cast_unsigned());
        previous.time = change.time;
        put_u64(&mut out.text, change.message.len() as u64);
        out.text.extend_from_slice(change.message);
        put_u64(&mut out.text, change.others.len() as u64);
        for other in change.others {
            put_actor(&mut out, &mut actors, &mut previous, other);
        }
        put_u64(&mut out.text, change.operations.len() as u64);
        out.text.extend_from_slice(change.operations);
        places.insert(hash, place);
    }
    Some(out)
}

fn put_actor<'a>(
    out: &mut Lean,
    actors: &mut BTreeMap<&'a [u8], u64>,
    previous: &mut Previous,
    actor: &'a [u8],
) -> usize {
    let count = actors.len();
    let index = *actors.entry(actor).or_insert(count as u64);
    put_u64(&mut out.text, index);
    if actors.len() > count {
        put_u64(&mut out.text, actor.len() as u64);
        out.apart.extend_from_slice(actor);
        previous.last_seq.push(0);
        return count;
    }
    usize::try_from(index).unwrap_or(count)
}
