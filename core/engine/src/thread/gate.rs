//! The gate between changes from outside and automerge.
//!
//! automerge trusts the changes it is given: it asserts on one that it can't have written itself,
//! and reserves what a few bytes of run lengths ask for. A member's device can send any bytes under
//! its own signature, so they are measured before they are decoded, and what still makes automerge
//! panic ends here as an error.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{
    Change,
    legacy::{ElementId, Key, ObjectId},
};
use tandem_proto::limits::MAX_ITEM_BYTES;

use super::{
    doc::DocError,
    op::{self, OpRef},
};

/// Operations of one change, and predecessors that they name. A screen with some thousand entries
/// is marked as seen in one change.
pub(super) const MAX_OPS: u64 = 16_384;

/// Bytes of a key: an id, or the name of a field.
const MAX_KEY_BYTES: usize = 512;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;
const ACTIONS: u64 = 0x42;
const PREDECESSORS: u64 = 0x70;

/// The type of a column of strings, the low three bits of its specification.
const STRING: u64 = 5;

/// Runs automerge's code on data from outside; a panic is an error. What it wrote to is to be
/// thrown away then.
pub(super) fn bulkhead<T>(run: impl FnOnce() -> T) -> Result<T, DocError> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| DocError::Unsound("automerge can't read it"))
}

/// Reads a change from bytes of any origin.
///
/// # Errors
/// [`DocError::Unsound`] when they are not one uncompressed change chunk within its limits.
pub(crate) fn read_change(bytes: &[u8]) -> Result<Change, DocError> {
    if bytes.len() > MAX_ITEM_BYTES {
        return Err(DocError::Unsound("its size"));
    }
    measure(bytes).ok_or(DocError::Unsound("not a change, or too many operations"))?;
    let change =
        bulkhead(|| Change::try_from(bytes))?.map_err(|_| DocError::Unsound("not a change"))?;
    if change.hash().0[..4] != bytes[4..8] || change.raw_bytes() != bytes {
        return Err(DocError::Unsound("its checksum"));
    }
    Ok(change)
}

/// Every operation that this change names, after checking what it may consist of.
pub(super) fn names(change: &Change) -> Result<Vec<OpRef>, DocError> {
    let expanded = op::expand(change)?;
    let mut names = Vec::new();
    for op in &expanded.operations {
        if let ObjectId::Id(id) = &op.obj {
            names.push(OpRef::read(id));
        }
        match &op.key {
            Key::Map(key) if key.len() > MAX_KEY_BYTES => {
                return Err(DocError::Unsound("a key's size"));
            }
            Key::Seq(ElementId::Id(id)) => names.push(OpRef::read(id)),
            _ => {}
        }
        names.extend(op.pred.iter().map(OpRef::read));
    }
    names.into_iter().collect::<Option<_>>().ok_or(DocError::Unsound("a foreign actor"))
}

/// Walks a change chunk up to its columns and counts what decoding would make of them.
fn measure(bytes: &[u8]) -> Option<()> {
    let mut chunk = Bytes(bytes);
    (chunk.take(4)? == MAGIC).then_some(())?;
    chunk.take(4)?;
    (chunk.take(1)? == [CHANGE_CHUNK]).then_some(())?;
    (chunk.length()? == chunk.0.len()).then_some(())?;
    for _ in 0..chunk.length()? {
        chunk.take(32)?;
    }
    chunk.prefixed()?;
    for _seq_start_time in 0..3 {
        chunk.number()?;
    }
    chunk.prefixed()?;
    for _ in 0..chunk.length()? {
        chunk.prefixed()?;
    }
    let mut columns = Vec::new();
    for _ in 0..chunk.length()? {
        columns.push((chunk.number()?, chunk.length()?));
    }
    for (column, len) in columns {
        let runs = Bytes(chunk.take(len)?);
        let total = match column {
            ACTIONS => total(runs, |_| 1)?,
            PREDECESSORS => total(runs, |count| count)?,
            other if other & 7 == STRING => strings(runs).map(|()| 0)?,
            _ => 0,
        };
        (total <= MAX_OPS).then_some(())?;
    }
    Some(())
}

/// What a run-length encoded column adds up to, giving up above the limit.
fn total(mut runs: Bytes<'_>, weight: impl Fn(u64) -> u64) -> Option<u64> {
    let mut total = 0u64;
    while !runs.0.is_empty() {
        let run = runs.signed()?;
        if run > 0 {
            total = total.saturating_add(run.unsigned_abs().saturating_mul(weight(runs.number()?)));
        } else if run < 0 {
            for _ in 0..run.unsigned_abs() {
                total = total.saturating_add(weight(runs.number()?));
            }
        } else {
            // Nulls: automerge decodes one at a time and refuses the first.
            total = total.saturating_add(runs.number()?);
        }
        (total <= MAX_OPS).then_some(())?;
    }
    Some(total)
}

/// Walks a run-length encoded column of strings: each must be there as long as it says, for automerge
/// makes room for it, up to a gigabyte, before it looks.
fn strings(mut runs: Bytes<'_>) -> Option<()> {
    while !runs.0.is_empty() {
        match runs.signed()? {
            0 => drop(runs.number()?),
            1.. => drop(runs.prefixed()?),
            // Each has a byte at least, so this ends with the column.
            literals => (0..literals.unsigned_abs()).try_for_each(|_| runs.prefixed().map(drop))?,
        }
    }
    Some(())
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(front)
    }

    /// An LEB128 number's bits and how many there are; a signed one reads alike up to its sign.
    fn bits(&mut self) -> Option<(u64, u32)> {
        let mut value = 0u64;
        for i in 0..10 {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f).checked_shl(7 * i)?;
            if byte & 0x80 == 0 {
                return Some((value, 7 * (i + 1)));
            }
        }
        None
    }

    fn number(&mut self) -> Option<u64> {
        self.bits().map(|(value, _)| value)
    }

    fn signed(&mut self) -> Option<i64> {
        let (value, bits) = self.bits()?;
        let spare = 64u32.saturating_sub(bits);
        Some((value << spare).cast_signed() >> spare)
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn prefixed(&mut self) -> Option<&'a [u8]> {
        let len = self.length()?;
        self.take(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted_without_being_walked() {
        let count = |bytes: &[u8]| total(Bytes(bytes), |_| 1);
        let sum = |bytes: &[u8]| total(Bytes(bytes), |n| n);
        assert_eq!(count(&[]), Some(0));
        assert_eq!(count(&[5, 1, 0x7e, 0, 1, 0, 3]), Some(5 + 2 + 3), "run, literals, nulls");
        assert_eq!(sum(&[5, 2, 0x7e, 0, 7]), Some(10 + 7));
        let long = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x3f, 1];
        assert_eq!(count(&long), None, "2^62 of one action");
        assert_eq!(sum(&[1, 0xff, 0xff, 0xff, 0xff, 0x0f]), None, "one with 2^32 predecessors");
        assert_eq!(count(&[5]), None, "cut off");
    }

    #[test]
    fn a_string_that_promises_more_than_stands_there_is_refused() {
        let walk = |bytes: &[u8]| strings(Bytes(bytes));
        assert_eq!(walk(&[]), Some(()));
        assert_eq!(walk(&[3, 1, b'k', 0, 2, 0x7e, 2, b'a', b't', 0]), Some(()), "run, nulls, two");
        assert_eq!(walk(&[3, 2, b'k']), None, "a run of one that is cut");
        assert_eq!(walk(&[0x7f, 0xb2, 0xfa, 0xd5, 0x39, b'k']), None, "120 MB in five bytes");
        assert_eq!(walk(&[0x7e, 1, b'k']), None, "two, of which one is there");
    }
}
