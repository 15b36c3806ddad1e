//! Forgetting a thread on this device: everything of it goes from here, and nothing brings it back by
//! itself (`docs/adr/0021`).

use tandem_proto::{InviteId, ThreadId};

use crate::{
    Answer, Effect, Engine, Key, Trouble, ViewDiff, engine::Me, record::Kind, state::Thread,
};

/// Why a thread is not forgotten while others send this device their words.
const STILL_IN: &str = "you are still in this thread, so others write to you there: leave it first \
                        (`tandem leave`) and sync; it can be forgotten when somebody's phone has answered";
/// The same, where the others are this person's own.
const STILL_YOURS: &str = "another device of yours is still in this thread and would write to this one: take it \
                           out first (`tandem remove` with `--device`) and sync, then the thread can be \
                           forgotten";

/// From where words for this device may still come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// From other people.
    FromOthers,
    /// From another device of this person alone.
    FromOwnDevice,
}

impl Thread {
    /// Whether words for this device may still come: it is in, and somebody else's device is, or
    /// another one of the same person.
    pub(crate) fn expected(&self, me: &Me) -> Option<Expected> {
        let members = self.roster.members();
        if self.is_erased() || !members.contains_key(&me.device) || members.len() < 2 {
            return None;
        }
        let others = self.has_others(&me.person);
        Some(if others { Expected::FromOthers } else { Expected::FromOwnDevice })
    }
}

impl Engine {
    /// Forgets a thread. What belongs to it alone goes with its key, in the store; what is said of it
    /// elsewhere goes before.
    pub(crate) fn forget(&mut self, id: &ThreadId) -> Result<Answer, Trouble> {
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        match thread.expected(&self.me) {
            Some(Expected::FromOthers) => return Err(Trouble::NotAllowed(STILL_IN)),
            Some(Expected::FromOwnDevice) => return Err(Trouble::NotAllowed(STILL_YOURS)),
            None => {}
        }
        let Some(thread) = self.threads.remove(id) else { return Err(Trouble::UnknownThread) };
        for watch in self.watchers(id) {
            self.windows.remove(&watch);
            self.out.say(Effect::ThreadView(watch, ViewDiff::Reset(Vec::new())));
        }
        for deferred in thread.deferred {
            self.refuse_deferred(deferred, Trouble::UnknownThread);
        }
        self.in_memory.remove(id);
        self.touched.remove(id);
        self.unkept.remove(id);
        self.forget_flights(id);
        self.session.named.retain(|_, (thread, _)| thread != id);
        self.forget_invites(id);
        // The relay signed over its cursor as well; it signs anew at the next sync.
        if self
            .session
            .record
            .signed
            .as_ref()
            .is_some_and(|s| s.set.iter().any(|c| c.thread == *id))
        {
            self.session.record.signed = None;
            self.session.claimed = None;
            self.out.put(Key::one(Kind::Session), &self.session.record);
        }
        self.out.forget(*id);
        self.inbox_moved = true;
        Ok(Answer::Forgotten(*id))
    }

    fn forget_invites(&mut self, id: &ThreadId) {
        let invites = self.invites.iter().filter(|(_, invite)| invite.thread == *id);
        let invites: Vec<InviteId> = invites.map(|(invite, _)| *invite).collect();
        for invite in invites {
            self.invites.remove(&invite);
            self.out.delete(Key::invite(Kind::Invite, &invite));
        }
        let joins = self.joins.iter().filter(|(_, join)| join.link.thread == *id);
        let joins: Vec<InviteId> = joins.map(|(invite, _)| *invite).collect();
        for invite in joins {
            self.joins.remove(&invite);
            self.out.delete(Key::invite(Kind::Join, &invite));
        }
    }
}

#[cfg(test)]
mod tests;
