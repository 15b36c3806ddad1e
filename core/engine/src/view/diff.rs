//! How a list of rows changed: four variants, one applier per shell.

use serde::{Deserialize, Serialize};

/// One change of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewDiff<R> {
    /// The whole list.
    Reset(Vec<R>),
    /// A row is new at this place.
    Insert {
        /// From 0.
        at: usize,
        /// The row.
        row: R,
    },
    /// The row at this place changed.
    Update {
        /// From 0.
        at: usize,
        /// The row.
        row: R,
    },
    /// The row at this place is gone.
    Remove {
        /// From 0.
        at: usize,
    },
}

impl<R: Clone + PartialEq> ViewDiff<R> {
    /// The changes that turn `old` into `new`, to be applied in order. `key` tells rows apart.
    pub(crate) fn between<K: Ord>(old: &[R], new: &[R], key: impl Fn(&R) -> K) -> Vec<Self> {
        use std::collections::BTreeSet;
        let kept: BTreeSet<K> = new.iter().map(&key).collect();
        let mut rows = old.to_vec();
        let mut diffs = Vec::new();
        for at in (0..rows.len()).rev() {
            if !kept.contains(&key(&rows[at])) {
                rows.remove(at);
                diffs.push(Self::Remove { at });
            }
        }
        for (at, row) in new.iter().enumerate() {
            if rows.get(at).is_some_and(|there| key(there) == key(row)) {
                if rows[at] != *row {
                    rows[at] = row.clone();
                    diffs.push(Self::Update { at, row: row.clone() });
                }
                continue;
            }
            // It stands further down (rows moved) or not at all.
            if let Some(from) = (at..rows.len()).find(|i| key(&rows[*i]) == key(row)) {
                rows.remove(from);
                diffs.push(Self::Remove { at: from });
            }
            rows.insert(at, row.clone());
            diffs.push(Self::Insert { at, row: row.clone() });
        }
        diffs
    }

    /// Applies this change to a list. What does not fit the list is ignored, so that an old shell
    /// never crashes; a `Reset` puts it right.
    pub fn apply(self, rows: &mut Vec<R>) {
        match self {
            Self::Reset(all) => *rows = all,
            Self::Insert { at, row } if at <= rows.len() => rows.insert(at, row),
            Self::Update { at, row } if at < rows.len() => rows[at] = row,
            Self::Remove { at } if at < rows.len() => {
                rows.remove(at);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn applying_the_differences_gives_the_new_list(
            old in proptest::collection::btree_map(0u8..20, 0u8..3, 0..12),
            new in proptest::collection::btree_map(0u8..20, 0u8..3, 0..12),
            turn in 0usize..12,
        ) {
            let old: Vec<_> = old.into_iter().collect();
            let mut new: Vec<_> = new.into_iter().collect();
            if !new.is_empty() {
                let turn = turn % new.len();
                new.rotate_left(turn);
            }
            let mut rows = old.clone();
            for diff in ViewDiff::between(&old, &new, |row| row.0) {
                diff.apply(&mut rows);
            }
            prop_assert_eq!(rows, new);
        }
    }
}
