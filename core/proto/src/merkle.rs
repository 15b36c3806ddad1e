//! Hash trees: one signature for many statements, each of which verifies alone.
//!
//! The tree is that of RFC 6962 section 2.1 with BLAKE3: leaves and nodes hash in different
//! domains, and a tree of `n` leaves splits at the largest power of two below `n`. A path proves
//! one leaf; a [`RangeProof`] proves a run of neighbouring leaves, so that a device whose pushes
//! shared a group commit with others' gets few hashes and can make each entry's own path itself.

use serde::{Deserialize, Serialize};

use crate::{
    BoundedVec,
    hash::Domain,
    limits::{MAX_PATH, MAX_RANGE_PROOF},
};

type Hash = [u8; 32];

static TREE: Domain = Domain::new("tandem/tree/1");

fn node(left: &Hash, right: &Hash) -> Hash {
    TREE.hash(&[left, right])
}

/// Where a tree of `n >= 2` leaves splits.
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The root over leaf hashes; an empty tree has the hash of nothing.
#[must_use]
pub fn merkle_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => TREE.hash(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&merkle_root(left), &merkle_root(right))
        }
    }
}

/// Proves that one leaf is at one place of a tree of a known size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MerklePath {
    /// The leaf's place, from 0.
    pub index: u32,
    /// How many leaves the tree has.
    pub size: u32,
    /// The siblings from the leaf up.
    pub siblings: BoundedVec<Hash, MAX_PATH>,
}

impl MerklePath {
    /// The path of leaf `index`; `None` when there is no such leaf.
    #[must_use]
    pub fn of(leaves: &[Hash], index: usize) -> Option<Self> {
        if index >= leaves.len() {
            return None;
        }
        let mut siblings = Vec::new();
        let (mut rest, mut at) = (leaves, index);
        while rest.len() > 1 {
            let (left, right) = rest.split_at(split(rest.len()));
            if at < left.len() {
                siblings.push(merkle_root(right));
                rest = left;
            } else {
                siblings.push(merkle_root(left));
                at -= left.len();
                rest = right;
            }
        }
        siblings.reverse();
        Some(Self {
            index: u32::try_from(index).ok()?,
            size: u32::try_from(leaves.len()).ok()?,
            siblings: siblings.try_into().ok()?,
        })
    }

    /// The root this path leads `leaf` to; `None` when the path does not fit its place.
    #[must_use]
    pub fn root(&self, leaf: Hash) -> Option<Hash> {
        if self.index >= self.size {
            return None;
        }
        // Which side the leaf's subtree is on, from the root down.
        let (mut sides, mut at, mut size) = (Vec::new(), self.index as usize, self.size as usize);
        while size > 1 {
            let left = split(size);
            sides.push(at >= left);
            if at < left {
                size = left;
            } else {
                at -= left;
                size -= left;
            }
        }
        if sides.len() != self.siblings.len() {
            return None;
        }
        Some(self.siblings.iter().zip(sides.iter().rev()).fold(leaf, |hash, (sibling, right)| {
            if *right { node(sibling, &hash) } else { node(&hash, sibling) }
        }))
    }
}

/// Proves that a run of leaves stands at one place of a tree of a known size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeProof {
    /// The first leaf's place, from 0.
    pub first: u32,
    /// How many leaves the whole tree has.
    pub size: u32,
    /// Roots of the subtrees outside the run, in the order of a walk from the left.
    pub outside: BoundedVec<Hash, MAX_RANGE_PROOF>,
}

impl RangeProof {
    /// The proof for `leaves[first..first + count]`; `None` when that run is empty or not there.
    #[must_use]
    pub fn of(leaves: &[Hash], first: usize, count: usize) -> Option<Self> {
        Tree::of(leaves).range(first, count)
    }

    /// The root, and each leaf's own path, that this proof gives for the run `leaves`.
    ///
    /// `None` when the proof does not fit the run.
    #[must_use]
    pub fn open(&self, leaves: &[Hash]) -> Option<(Hash, Vec<MerklePath>)> {
        let (first, size) = (self.first as usize, self.size as usize);
        let end = first.checked_add(leaves.len())?;
        if leaves.is_empty() || end > size {
            return None;
        }
        let mut walk = Walk {
            leaves,
            first,
            end,
            outside: self.outside.iter(),
            siblings: vec![Vec::new(); leaves.len()],
        };
        let root = walk.subtree(0, size)?;
        if walk.outside.next().is_some() {
            return None;
        }
        let paths = walk
            .siblings
            .into_iter()
            .zip(self.first..)
            .map(|(siblings, index)| {
                Some(MerklePath { index, size: self.size, siblings: siblings.try_into().ok()? })
            })
            .collect::<Option<Vec<_>>>()?;
        Some((root, paths))
    }
}

/// A tree with all its hashes, so that many proofs out of it cost a few copies each instead of
/// hashing it again.
///
/// A subtree's hashes stand together, its root first, then its left half, then its right.
pub(crate) struct Tree {
    hashes: Vec<Hash>,
    leaves: usize,
}

impl Tree {
    /// The tree over these leaves.
    pub(crate) fn of(leaves: &[Hash]) -> Self {
        let mut hashes = Vec::with_capacity(2 * leaves.len());
        if !leaves.is_empty() {
            grow(leaves, &mut hashes);
        }
        Self { hashes, leaves: leaves.len() }
    }

    /// The root; that of an empty tree is the hash of nothing.
    pub(crate) fn root(&self) -> Hash {
        self.hashes.first().copied().unwrap_or_else(|| merkle_root(&[]))
    }

    /// As [`RangeProof::of`].
    pub(crate) fn range(&self, first: usize, count: usize) -> Option<RangeProof> {
        let end = first.checked_add(count)?;
        if count == 0 || end > self.leaves {
            return None;
        }
        let mut outside = Vec::new();
        self.collect(0, self.leaves, first, end, &mut outside);
        Some(RangeProof {
            first: u32::try_from(first).ok()?,
            size: u32::try_from(self.leaves).ok()?,
            outside: outside.try_into().ok()?,
        })
    }

    /// Roots of the subtrees that have no leaf in `first..end`, below the one of `size` leaves
    /// whose hashes begin at `at`.
    fn collect(&self, at: usize, size: usize, first: usize, end: usize, outside: &mut Vec<Hash>) {
        if end == 0 || first >= size || first >= end {
            outside.push(self.hashes[at]);
        } else if first > 0 || end < size {
            let left = split(size);
            self.collect(at + 1, left, first.min(left), end.min(left), outside);
            let (first, end) = (first.saturating_sub(left), end.saturating_sub(left));
            self.collect(at + 2 * left, size - left, first, end, outside);
        }
    }
}

/// Appends the hashes of the subtree over `leaves`, of which there is one at least.
fn grow(leaves: &[Hash], hashes: &mut Vec<Hash>) -> Hash {
    let at = hashes.len();
    hashes.push(leaves[0]);
    if leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        let left = grow(left, hashes);
        let right = grow(right, hashes);
        hashes[at] = node(&left, &right);
    }
    hashes[at]
}

struct Walk<'a> {
    leaves: &'a [Hash],
    first: usize,
    end: usize,
    outside: std::slice::Iter<'a, Hash>,
    siblings: Vec<Vec<Hash>>,
}

impl Walk<'_> {
    /// The root of the subtree over places `from..to`, adding to the paths of the run's leaves.
    fn subtree(&mut self, from: usize, to: usize) -> Option<Hash> {
        if to <= self.first || from >= self.end {
            return self.outside.next().copied();
        }
        if to - from == 1 {
            return self.leaves.get(from - self.first).copied();
        }
        let middle = from + split(to - from);
        let left = self.subtree(from, middle)?;
        let right = self.subtree(middle, to)?;
        for place in from.max(self.first)..to.min(self.end) {
            let sibling = if place < middle { right } else { left };
            self.siblings.get_mut(place - self.first)?.push(sibling);
        }
        Some(node(&left, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hasher;

    fn leaves(n: usize) -> Vec<Hash> {
        (0..n).map(|i| Hasher::new("tandem/test/1").part(&i.to_le_bytes()).finish()).collect()
    }

    #[test]
    fn every_run_of_every_small_tree_opens_to_the_root_and_to_paths_that_verify_alone() {
        for n in 1..20 {
            let tree = leaves(n);
            let root = merkle_root(&tree);
            assert_eq!(Tree::of(&tree).root(), root);
            for first in 0..n {
                for count in 1..=n - first {
                    let run = &tree[first..first + count];
                    let proof = RangeProof::of(&tree, first, count).expect("the run is there");
                    let (found, paths) = proof.open(run).expect("the proof fits");
                    assert_eq!(found, root, "{n} leaves, {first}+{count}");
                    for (leaf, path) in run.iter().zip(paths) {
                        assert_eq!(path.root(*leaf), Some(root));
                        assert_eq!(Some(path.clone()), MerklePath::of(&tree, path.index as usize));
                    }
                }
            }
        }
    }

    #[test]
    fn the_whole_tree_needs_no_hashes_from_outside() {
        let tree = leaves(180);
        assert!(RangeProof::of(&tree, 0, 180).expect("whole").outside.is_empty());
    }

    #[test]
    fn another_leaf_another_place_or_another_size_does_not_verify() {
        let tree = leaves(7);
        let root = merkle_root(&tree);
        let path = MerklePath::of(&tree, 4).expect("there");
        assert_ne!(path.root(tree[3]), Some(root));
        assert_ne!(MerklePath { index: 5, ..path.clone() }.root(tree[4]), Some(root));
        assert_ne!(MerklePath { size: 3, ..path }.root(tree[4]), Some(root));
    }

    #[test]
    fn a_range_proof_with_a_hash_too_many_or_too_few_does_not_open() {
        let tree = leaves(9);
        let mut proof = RangeProof::of(&tree, 2, 3).expect("there");
        let good = proof.outside.clone().into_inner();
        proof.outside = good[1..].to_vec().try_into().expect("fewer");
        assert!(proof.open(&tree[2..5]).is_none());
        proof.outside = [&good[..], &good[..1]].concat().try_into().expect("few");
        assert!(proof.open(&tree[2..5]).is_none());
    }
}
