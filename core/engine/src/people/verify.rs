//! Verifying: a member's word, in the thread's document, that some devices are a person's.

use tandem_proto::{DeviceKey, InviteId, PersonId, ThreadId};

use super::code::{Side, code, compare};
use crate::{Engine, Trouble, intents::NOT_IN, record::Deed, state::Thread};

impl Engine {
    /// The code to compare with somebody.
    pub(crate) fn code_with(&self, thread: &Thread, person: &PersonId) -> Result<String, Trouble> {
        if !thread.roster.members().contains_key(&self.me.device) {
            return Err(Trouble::NotAllowed(NOT_IN));
        }
        if *person == self.me.person {
            return Err(Trouble::NotAllowed(
                "nobody vouches for themselves: compare codes with somebody else",
            ));
        }
        let (mine, theirs) = (side(thread, self.me.person), side(thread, *person));
        if theirs.1.is_empty() {
            return Err(Trouble::UnknownPerson);
        }
        Ok(code(&thread.id, &mine, &theirs))
    }

    /// Notes that codes were compared and equal, for the devices that this code stands for.
    pub(crate) fn verify(
        &mut self,
        id: &ThreadId,
        person: PersonId,
        typed: &str,
    ) -> Result<(), Trouble> {
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        compare(&self.code_with(thread, &person)?, typed)?;
        let (_, devices) = side(thread, person);
        self.vouch(id, person, devices)
    }

    /// Somebody has come in by an invite of ours that was shown to them in person: everybody is told,
    /// with the welcome already.
    pub(crate) fn vouch_for_newcomer(&mut self, id: &ThreadId, invite: &InviteId) {
        let Some(record) = self.invites.get(invite).filter(|record| record.in_person) else {
            return;
        };
        let Some(used) = &record.used else { return };
        let (person, device) = (used.person, used.device);
        let cards = self.threads.get(id).map(|thread| thread.roster.members());
        let card = cards.and_then(|cards| cards.get(&device));
        if card.is_some_and(|card| card.person == person) {
            // The thread's records are here; a document that can't be written can't be read either,
            // and its thread says so.
            let _ = self.vouch(id, person, vec![device]);
        }
    }

    /// Says of those of these devices of which this person has not said so yet.
    fn vouch(
        &mut self,
        id: &ThreadId,
        person: PersonId,
        devices: Vec<DeviceKey>,
    ) -> Result<(), Trouble> {
        let (me, at) = (self.me.person, self.now);
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        let loaded = thread.loaded.as_ref().ok_or(Trouble::UnknownThread)?;
        let facts = loaded.fold.facts();
        let unsaid = |device: &DeviceKey| {
            let said = facts.verified_by(&person, device, &thread.cast);
            !said.iter().any(|(_, by)| *by == me)
        };
        let devices: Vec<DeviceKey> = devices.into_iter().filter(unsaid).collect();
        if devices.is_empty() {
            return Ok(());
        }
        self.act(id, Deed::Verified { person, devices, at })
    }
}

/// A person and their devices in a thread, sorted.
fn side(thread: &Thread, person: PersonId) -> Side {
    let cards = thread.roster.members().values().filter(|card| card.person == person);
    // By key already: that is how the roster has them.
    (person, cards.map(|card| card.device).collect())
}
