//! What devices did that no honest device does, so that people can be told whose they are.
//!
//! Only what a device's own signature shows is held against it. An envelope is sealed under a key that
//! all members have and its batch is put together by whoever sends it, so one that is not signed, or
//! has changes of several authors in it, says nothing about anybody.

use std::collections::BTreeSet;

use tandem_proto::{DeviceKey, PersonId, ThreadId};

use crate::{
    Engine, Misdeed,
    state::Thread,
    thread::{Authors as _, DocError},
};

impl Thread {
    /// What a person's devices did.
    pub(crate) fn misdeeds_of(&self, person: PersonId) -> Vec<Misdeed> {
        let theirs = |device: &DeviceKey| {
            self.roster.card_ever(device).is_some_and(|card| card.person == person)
        };
        let misdeeds = self.keys.misdeeds.iter().filter(|(device, _)| theirs(device));
        let misdeeds: BTreeSet<Misdeed> = misdeeds.map(|(_, misdeed)| *misdeed).collect();
        misdeeds.into_iter().collect()
    }
}

impl Engine {
    /// Remembers what a device did.
    pub(crate) fn note_misdeed(&mut self, id: &ThreadId, device: DeviceKey, misdeed: Misdeed) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if !thread.keys.misdeeds.contains(&(device, misdeed)) {
            thread.keys.misdeeds.push((device, misdeed));
            self.keep_keys(id);
            self.touched.insert(*id);
        }
    }

    /// Changes that their author vouches for were not taken in: holds against it what only it can have
    /// done.
    pub(crate) fn blame(&mut self, id: &ThreadId, authors: &BTreeSet<[u8; 16]>, error: &DocError) {
        let misdeed = match error {
            DocError::Equivocation { .. } => Misdeed::TwoWords,
            DocError::NotDescending => Misdeed::OutOfOrder,
            _ => return,
        };
        let Some(thread) = self.threads.get(id) else { return };
        let mut authors = authors.iter();
        if let (Some(author), None) = (authors.next(), authors.next())
            && let Some(card) = thread.cast.card(author)
        {
            self.note_misdeed(id, card.device, misdeed);
        }
    }
}
