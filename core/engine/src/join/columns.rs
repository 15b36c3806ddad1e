//! Columns of run-length encoded values, as a saved document has them.
//!
//! A few bytes can claim 2^62 rows. Here each column is walked run by run, at a cost bounded by its
//! bytes, before Automerge reserves what it asks for.

use crate::batch::Reader;

/// Column types, the low three bits of a column's specification.
const GROUP: u64 = 0;
const ACTOR: u64 = 1;
const INTEGER: u64 = 2;
const DELTA: u64 = 3;
const BOOLEAN: u64 = 4;
const STRING: u64 = 5;
const VALUE_META: u64 = 6;

/// The bit of a specification that says the column is deflated.
pub(super) const DEFLATED: u64 = 8;

/// Reads the specifications and lengths of columns; they stand in order, none twice.
pub(super) fn specs(reader: &mut Reader<'_>) -> Option<Vec<(u64, u64)>> {
    let mut columns: Vec<(u64, u64)> = Vec::new();
    for _ in 0..reader.u64()? {
        let (spec, len) = (reader.u64()?, reader.u64()?);
        if columns.last().is_some_and(|(last, _)| last & !DEFLATED >= spec & !DEFLATED) {
            return None;
        }
        columns.push((spec, len));
    }
    Some(columns)
}

/// Walks one inflated column and gives its rows; `None` when it can't be read.
pub(super) fn rows(spec: u64, bytes: &[u8], actors: u64) -> Option<u64> {
    let column = &mut Reader::new(bytes);
    match spec & 7 {
        ACTOR => runs(column, |column| (column.u64()? < actors).then_some(())),
        // A group's values are numbers of rows in the columns that belong to it.
        GROUP | INTEGER | VALUE_META => runs(column, |column| column.u64().map(drop)),
        DELTA => runs(column, |column| column.i64().map(drop)),
        STRING => runs(column, |column| {
            let len = column.u64()?;
            column.take(len).map(drop)
        }),
        BOOLEAN => {
            let mut sum = 0u64;
            while !column.is_empty() {
                sum = sum.saturating_add(column.u64()?);
            }
            Some(sum)
        }
        // Values stand one after another; their lengths are in the column before.
        _ => Some(0),
    }
}

/// Walks one run-length encoded column and gives its rows. A count above zero is a run of one
/// value, below zero a run of different ones, zero a run of nothing.
fn runs<'a>(
    column: &mut Reader<'a>,
    mut value: impl FnMut(&mut Reader<'a>) -> Option<()>,
) -> Option<u64> {
    let mut rows = 0u64;
    while !column.is_empty() {
        let count = column.i64()?;
        let len = match count {
            0 => column.u64()?,
            1.. => {
                value(column)?;
                count.unsigned_abs()
            }
            _ => {
                // Each value has a byte at least, so this ends with the column.
                for _ in 0..count.unsigned_abs() {
                    value(column)?;
                }
                count.unsigned_abs()
            }
        };
        rows = rows.saturating_add(len);
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_without_being_made() {
        let many = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f];
        let most = (1 << 55) - 1;
        assert_eq!(rows(0x42, &[&many[..], &[1]].concat(), 1), Some(most));
        assert_eq!(rows(0x15, &[&[0][..], &[0xff; 7], &[0x7f]].concat(), 1), Some((1 << 56) - 1));
        assert_eq!(rows(0x34, &[5, 4], 1), Some(9));
        assert_eq!(rows(0x42, &[0x7e, 1, 2], 1), Some(2));
    }

    #[test]
    fn a_column_that_breaks_off_or_names_nobody_is_refused() {
        assert_eq!(rows(0x42, &[0x7e, 1], 1), None);
        assert_eq!(rows(0x01, &[1, 1], 1), None, "there is one actor");
        assert_eq!(rows(0x15, &[1, 5, b'a'], 1), None);
        let least = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(rows(0x42, &least, 1), None);
    }
}
