//! Who was taken out, by which links, and how far their words count.

use std::collections::{BTreeMap, BTreeSet};

use super::{Because, Leaver, Placed, Roster};
use crate::{DeviceKey, ItemHash};

impl Roster {
    /// Whether a device was taken out, on whichever chain.
    #[must_use]
    pub fn is_out(&self, device: &DeviceKey) -> bool {
        self.removed.contains_key(device)
    }

    /// The link by which a device was taken out: on the chain that counts, or else the first that
    /// was shown.
    #[must_use]
    pub fn removal(&self, device: &DeviceKey) -> Option<&Placed> {
        let links = self.removed.get(device)?;
        let chain = self.chain_from(self.head);
        let on_chain = links.iter().find(|index| chain.contains(index));
        on_chain.or(links.first()).map(|index| &self.nodes[*index].link)
    }

    /// Those who have a seat in the group and were taken out on another chain, each with the link
    /// that says so: nothing may be sealed before somebody has taken them out on this one, too.
    #[must_use]
    pub fn to_take_out(&self) -> Vec<(DeviceKey, ItemHash)> {
        if self.on_chain.len() == self.members.len() {
            return Vec::new();
        }
        let seated = self.seated_after(&self.head()).unwrap_or_default();
        let out = seated.into_iter().filter(|device| !self.members.contains_key(device));
        out.filter_map(|device| Some((device, self.removal(&device)?.hash))).collect()
    }

    /// Every link by which a device was taken out, on whichever chain.
    pub fn removals(&self, device: &DeviceKey) -> impl Iterator<Item = &Placed> {
        let links = self.removed.get(device).into_iter().flatten();
        links.map(|index| &self.nodes[*index].link)
    }

    /// How far the words of a device count that was taken out, by incarnation: as the chain that
    /// counts says, or else what every removal says that was shown. `None` for a device that was not
    /// taken out.
    #[must_use]
    pub fn last_words(&self, device: &DeviceKey) -> Option<BTreeMap<[u8; 4], u64>> {
        let links = self.removed.get(device)?;
        let chain = self.chain_from(self.head);
        // A removal that repeats another has no words of its own.
        let says = |index: &usize| {
            let mut out = self.nodes[*index].link.statement.out().iter();
            out.find(|leaver| {
                leaver.device == *device && !matches!(leaver.because, Because::Removed(_))
            })
        };
        let words = |leaver: &Leaver| -> BTreeMap<[u8; 4], u64> {
            leaver.words.iter().map(|word| (word.incarnation, word.operation)).collect()
        };
        let on_chain = links.iter().filter(|index| chain.contains(index)).find_map(says);
        if let Some(leaver) = on_chain {
            return Some(words(leaver));
        }
        let said = links.iter().filter_map(says).map(words);
        said.reduce(|held, other| {
            let both = |(incarnation, last)| {
                Some((incarnation, std::cmp::min(last, *other.get(&incarnation)?)))
            };
            held.into_iter().filter_map(both).collect()
        })
    }

    fn chain_from(&self, index: usize) -> BTreeSet<usize> {
        std::iter::successors(Some(index), |index| self.nodes[*index].parent).collect()
    }
}
