//! The group follows the roster: every link of the one is an epoch of the other (ADR 0013).
//!
//! A link's item carries the group's step. The group as it was after each of the newest links is
//! kept, so that a device can go back and follow another chain when the relay lost something. A
//! device that can't follow asks for a new seat, and any member gives it one.

mod change;
mod follow;
mod leaving;
mod lost;
mod misdeeds;
mod seats;
mod wishes;

use std::borrow::Cow;

use tandem_proto::{
    ItemHash, ThreadId,
    planted::{Fault, is},
};

use crate::{
    Engine, Key,
    keys::EpochSecret,
    record::{Kind, Wish},
    state::Thread,
};

impl Thread {
    /// What is sealed now is sealed under this; `None` while this device can't follow the group.
    pub(crate) fn epoch_key(&self) -> Option<&EpochSecret> {
        self.keys.ring.after(&self.roster.head())
    }

    /// The key to seal with; not that of the present epoch when the fault is planted.
    pub(crate) fn sealing_key(&self) -> Option<Cow<'_, EpochSecret>> {
        // Whoever was taken out on another chain still has a seat on this one.
        if !self.roster.to_take_out().is_empty() {
            return None;
        }
        // Who is in by now, and under which key they talk, says what this version can't read.
        if self.needs_newer() {
            return None;
        }
        let key = self.epoch_key()?;
        match self.keys.ring.first() {
            Some(first) if is(Fault::SealUnderFirstEpoch) => {
                Some(Cow::Owned(key.with_secret_of(first)))
            }
            _ => Some(Cow::Borrowed(key)),
        }
    }

    /// Whether this person wants to be out of it.
    pub(crate) fn is_leaving(&self) -> bool {
        self.keys.wishes.contains(&Wish::Leave)
    }

    /// Whether this device is in the roster and has no seat in the group.
    pub(crate) fn lost_its_seat(&self, device: &tandem_proto::DeviceKey) -> bool {
        self.epoch_key().is_none()
            && self.keys.broken.is_none()
            && self.roster.members().contains_key(device)
    }

    /// A link's bytes.
    fn link_item(&self, link: &ItemHash) -> Option<&[u8]> {
        self.links.links.iter().map(Vec::as_slice).find(|item| link.matches(item))
    }
}

impl Engine {
    pub(crate) fn keep_keys(&mut self, id: &ThreadId) {
        if let Some(thread) = self.threads.get(id) {
            self.out.put(Key::thread(Kind::Keys, id), &thread.keys);
        }
    }
}

#[cfg(test)]
mod tests;
