//! Invites: made, listed, revoked; and until when one lets somebody in.

use tandem_proto::{
    InviteId, InviteLink, InviteSecret, Role, ThreadId, ThreadKind, Timestamp, invite_id,
    limits::{INVITE_LIFETIME_MS, LETTER_LIFETIME_MS},
    planted::{Fault, is},
};

use crate::{
    Answer, Author, Engine, InviteRow, InviteState, Key, NotLetIn, Trouble,
    engine::random,
    intents::NOT_IN,
    join::Reply,
    record::{Admission, InviteRecord, Kind},
};

impl InviteRecord {
    /// Until when it lets somebody in, by the clock of this device.
    pub(crate) const fn until(&self) -> Timestamp {
        self.made.plus_ms(INVITE_LIFETIME_MS)
    }

    /// How it stands.
    pub(crate) fn state(&self, now: Timestamp) -> InviteState {
        match (&self.used, self.revoked) {
            (Some(_), _) => InviteState::Used,
            (None, Some(_)) => InviteState::Revoked,
            // What was made by a clock that was ahead is young.
            (None, None) if now.since_ms(self.made) > INVITE_LIFETIME_MS => InviteState::Expired,
            (None, None) => InviteState::Open,
        }
    }

    /// What whoever asks is told, when it lets nobody in though nobody has used it.
    pub(super) fn over(&self, now: Timestamp) -> Option<Reply> {
        match self.state(now) {
            InviteState::Open | InviteState::Used => None,
            InviteState::Expired if is(Fault::ExpiredInviteHonoured) => None,
            InviteState::Expired => Some(Reply::Expired),
            InviteState::Revoked => Some(Reply::Revoked),
        }
    }

    /// Why somebody who asked is not let in, told to the inviter.
    pub(crate) fn why_not(&self, now: Timestamp) -> NotLetIn {
        match self.state(now) {
            InviteState::Open if self.role == Role::Archive => NotLetIn::RecordsAreIn,
            InviteState::Open => NotLetIn::IsInAlready,
            InviteState::Used => NotLetIn::LinkUsed,
            InviteState::Expired => NotLetIn::LinkExpired,
            InviteState::Revoked => NotLetIn::LinkRevoked,
        }
    }

    /// Whether letters may still come for it that are to be answered: for as long as a letter lives
    /// after the last moment at which somebody could have hoped to be let in.
    pub(super) fn is_watched(&self, now: Timestamp) -> bool {
        // An offer's device has asked once, in the offer's own box.
        if self.offer.is_some() {
            return false;
        }
        let end = match (&self.used, self.revoked) {
            (Some(used), _) if used.admission != Admission::Arrived => return true,
            // Its newcomer may have to ask again, and a second one is to be noticed.
            (Some(_), _) => self.made,
            (None, Some(revoked)) => revoked,
            (None, None) => self.until(),
        };
        now.since_ms(end) <= LETTER_LIFETIME_MS
    }
}

impl Engine {
    pub(crate) fn invite(
        &mut self,
        id: &ThreadId,
        role: Role,
        in_person: bool,
    ) -> Result<Answer, Trouble> {
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        if thread.is_erased() {
            return Err(Trouble::Erased);
        }
        if !thread.roster.members().contains_key(&self.me.device) {
            return Err(Trouble::NotAllowed(NOT_IN));
        }
        if thread.roster.kind() == ThreadKind::Desk {
            return Err(Trouble::NotAllowed(
                "a desk is yours alone: `tandem device add` lets in another phone of yours",
            ));
        }
        if role == Role::Student {
            return Err(Trouble::NotAllowed(
                "this role can't be invited yet; use guardian, teacher, specialist, lead or archive",
            ));
        }
        if role == Role::Archive {
            let mut cards = thread.roster.members().values();
            if !thread.roster.may_admit(&self.me.device, role) {
                return Err(Trouble::NotAllowed(
                    "that the school keeps records of a thread is the family's to accept: ask a \
                     guardian in it to make this link",
                ));
            }
            if cards.any(|card| card.role == Role::Archive) {
                return Err(Trouble::NotAllowed(
                    "the school's records are in this thread already; there is one seat for them",
                ));
            }
        }
        if !thread.roster.may_admit(&self.me.device, role) {
            return Err(Trouble::NotAllowed(
                "a guardian invites guardians; whoever speaks for the school invites the others",
            ));
        }
        let secret = InviteSecret::new(random(&mut self.rng));
        let link =
            InviteLink { relay: self.me.relay.clone(), thread: *id, role, secret: secret.clone() };
        let record = InviteRecord {
            thread: *id,
            role,
            secret,
            made: self.now,
            used: None,
            knocks: Vec::new(),
            knocked: Vec::new(),
            in_person,
            revoked: None,
            offer: None,
            again: false,
        };
        let invite = invite_id(&record.secret);
        self.out.put(Key::invite(Kind::Invite, &invite), &record);
        self.invites.insert(invite, record);
        self.watch_invite(&invite);
        Ok(Answer::Invited(link))
    }

    /// Takes an invite back. One that was used has done its work: who came in by it is a member.
    pub(crate) fn revoke_invite(&mut self, invite: &InviteId) -> Result<Answer, Trouble> {
        let now = self.now;
        let record = self.invites.get_mut(invite).ok_or(Trouble::UnknownInvite)?;
        if record.used.is_some() {
            return Err(Trouble::NotAllowed(
                "this link was used already: who came in by it is in the thread, as \
                 `tandem members` shows",
            ));
        }
        if record.revoked.is_none() {
            record.revoked = Some(now);
            self.keep_invite(invite);
        }
        let record = self.invites.get(invite).ok_or(Trouble::UnknownInvite)?;
        Ok(Answer::Revoked(self.invite_row(invite, record)))
    }

    /// The invites that this device made, the newest first.
    pub(crate) fn invite_rows(&self, thread: Option<&ThreadId>) -> Result<Vec<InviteRow>, Trouble> {
        if thread.is_some_and(|id| !self.threads.contains_key(id)) {
            return Err(Trouble::UnknownThread);
        }
        let mut rows: Vec<InviteRow> = self
            .invites
            .iter()
            .filter(|(_, record)| record.offer.is_none())
            .filter(|(_, record)| thread.is_none_or(|id| record.thread == *id))
            .map(|(invite, record)| self.invite_row(invite, record))
            .collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.made), row.invite));
        Ok(rows)
    }

    fn invite_row(&self, invite: &InviteId, record: &InviteRecord) -> InviteRow {
        let used_by = record.used.as_ref().map(|used| {
            let thread = self.threads.get(&record.thread);
            let known =
                thread.and_then(|t| t.inbox.people.iter().find(|who| who.person == used.person));
            let unnamed = || Author { person: used.person, name: String::new(), role: record.role };
            known.cloned().unwrap_or_else(unnamed)
        });
        InviteRow {
            invite: *invite,
            thread: record.thread,
            role: record.role,
            in_person: record.in_person,
            made: record.made,
            until: record.until(),
            state: record.state(self.now),
            used_by,
        }
    }
}
