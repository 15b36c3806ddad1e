//! Join requests: the first with an invite is let in, a later one is shown.

use tandem_proto::{
    Hash16, InviteId, ItemHash, MailboxId,
    limits::MAX_LETTERS_PER_MAILBOX,
    planted::{Fault, is},
    welcome_box,
};

use crate::{
    Engine, Key,
    engine::random,
    join::{JoinRequest, Reply},
    keys::group::{GroupKeys, Member, Mls},
    record::{Admission, InviteUse, Kind},
    state::Deferred,
};

impl Engine {
    /// A join request: the first with an invite is admitted, a later one is shown.
    pub(super) fn take_request(&mut self, invite: &InviteId, mailbox: MailboxId, letter: &[u8]) {
        let hash = ItemHash::of(letter).short();
        let Some(record) = self.invites.get_mut(invite) else { return };
        if record.knocks.iter().any(|(known, _)| *known == hash) {
            return self.drop_letter(mailbox, letter);
        }
        let Ok(request) = JoinRequest::open(&record.secret, letter) else {
            return self.drop_letter(mailbox, letter);
        };
        if let Some(used) = &record.used {
            // Asked again: whatever was left for the newcomer is gone, or was never found.
            if used.device == request.newcomer().device {
                return self.welcome_anew(invite, hash, *request.one_time());
            }
            if !is(Fault::AdmitTwice) {
                self.answer_taken(invite, request.one_time());
                return self.note_knock(invite, hash, request.name(), mailbox, letter);
            }
        }
        let (thread, newcomer) = (record.thread, request.newcomer().card(record.role));
        let member = Member { person: newcomer.person, device: newcomer.device };
        if Mls.check_package(request.package()) != Ok(member) {
            return self.drop_letter(mailbox, letter);
        }
        if !self.can_admit(&thread, &newcomer, invite) {
            // Someone who claims to be a member already: shown, and not let in.
            return self.note_knock(invite, hash, request.name(), mailbox, letter);
        }
        let Some(record) = self.invites.get_mut(invite) else { return };
        record.used = Some(InviteUse {
            request: hash,
            person: request.newcomer().person,
            device: request.newcomer().device,
            transport: request.newcomer().transport,
            one_time: *request.one_time(),
            package: request.package().to_vec(),
            admission: Admission::Linking,
        });
        self.keep_invite(invite);
        self.admit(invite);
    }

    /// Tells whoever asked with a used invite, so that they don't wait for ever.
    pub(super) fn answer_taken(&mut self, invite: &InviteId, one_time: &[u8; 32]) {
        let seed = random(&mut self.rng);
        let Some(record) = self.invites.get(invite) else { return };
        let mailbox = welcome_box(&record.secret, one_time);
        // A key that nothing can be sealed to gets no answer.
        if let Ok(letter) = Reply::Taken.seal(one_time, seed) {
            self.put_letter(mailbox, letter);
        }
    }

    /// Notes who asks and is not let in.
    pub(super) fn note_knock(
        &mut self,
        invite: &InviteId,
        request: Hash16,
        name: &str,
        mailbox: MailboxId,
        letter: &[u8],
    ) {
        if let Some(record) = self.invites.get_mut(invite)
            && record.knocks.len() < MAX_LETTERS_PER_MAILBOX
        {
            record.knocks.push((request, name.to_owned()));
            self.keep_invite(invite);
            self.inbox_moved = true;
        }
        self.drop_letter(mailbox, letter);
    }

    /// The device that this invite let in asks again: the relay lost its welcome, or it lost the
    /// one-time key of its first request with whatever else its store had. It gets its welcome
    /// again, to the key of this request.
    pub(super) fn welcome_anew(&mut self, invite: &InviteId, request: Hash16, one_time: [u8; 32]) {
        let Some(used) = self.invites.get_mut(invite).and_then(|r| r.used.as_mut()) else { return };
        if matches!(used.admission, Admission::Linking | Admission::Welcoming)
            && used.request == request
        {
            return;
        }
        used.request = request;
        used.one_time = one_time;
        if used.admission != Admission::Linking {
            used.admission = Admission::Welcoming;
        }
        self.keep_invite(invite);
        if let Some(id) = self.invites.get(invite).map(|record| record.thread) {
            self.with_records(&id, Deferred::Welcome(*invite));
        }
    }

    pub(super) fn keep_invite(&mut self, invite: &InviteId) {
        if let Some(record) = self.invites.get(invite) {
            self.out.put(Key::invite(Kind::Invite, invite), record);
        }
    }
}
