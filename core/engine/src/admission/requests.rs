//! Join requests: the first with an invite is let in, a later one is shown.

use tandem_proto::{
    DeviceKey, Hash16, InviteId, ItemHash, MailboxId, ThreadId,
    limits::{LETTER_LIFETIME_MS, MAX_LETTERS_PER_MAILBOX},
    planted::{Fault, is},
    welcome_box,
};

use crate::{
    Engine, Key,
    engine::random,
    join::{JoinRequest, Reply},
    keys::group::{GroupKeys, Member, Mls},
    record::{Admission, InviteUse, Kind, Knocked},
    state::Deferred,
};

impl Engine {
    /// A join request: the first with an invite is admitted, a later one is shown.
    pub(super) fn take_request(&mut self, invite: &InviteId, mailbox: MailboxId, letter: &[u8]) {
        let hash = ItemHash::of(letter).short();
        let Some(record) = self.invites.get(invite) else { return };
        if record.knocks.iter().any(|(known, _)| *known == hash) {
            return self.drop_letter(mailbox, letter);
        }
        let Ok(request) = JoinRequest::open(&record.secret, letter) else {
            return self.drop_letter(mailbox, letter);
        };
        if let Some(used) = &record.used {
            // Asked again: whatever was left for the newcomer is gone, or was never found.
            let out = self.has_left(&record.thread, &used.device);
            if used.device == request.newcomer().device && !out {
                return self.welcome_anew(invite, hash, *request.one_time());
            }
            if !is(Fault::AdmitTwice) {
                self.answer_no(invite, request.one_time(), &Reply::Taken);
                return self.note_knock(invite, &request, mailbox, letter);
            }
        }
        if let Some(no) = record.over(self.now) {
            self.answer_no(invite, request.one_time(), &no);
            return self.note_knock(invite, &request, mailbox, letter);
        }
        let (thread, newcomer) = (record.thread, request.newcomer().card(record.role));
        let member = Member { person: newcomer.person, device: newcomer.device };
        if Mls.check_package(request.package()) != Ok(member) {
            return self.drop_letter(mailbox, letter);
        }
        if !self.can_admit(&thread, &newcomer, invite) {
            // Someone who claims to be a member already: shown, and not let in.
            return self.note_knock(invite, &request, mailbox, letter);
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

    /// Tells whoever asked with an invite that lets nobody in, so that they don't wait for ever.
    fn answer_no(&mut self, invite: &InviteId, one_time: &[u8; 32], no: &Reply) {
        let seed = random(&mut self.rng);
        let Some(record) = self.invites.get(invite) else { return };
        let mailbox = welcome_box(&record.secret, one_time);
        // A key that nothing can be sealed to gets no answer.
        if let Ok(letter) = no.seal(one_time, seed) {
            self.put_letter(mailbox, letter);
        }
    }

    /// Notes who asks and is not let in.
    pub(super) fn note_knock(
        &mut self,
        invite: &InviteId,
        request: &JoinRequest,
        mailbox: MailboxId,
        letter: &[u8],
    ) {
        let (hash, at) = (ItemHash::of(letter).short(), self.now);
        let gone = self.knocks_gone(invite);
        if let Some(record) = self.invites.get_mut(invite) {
            record.knocks.retain(|(request, _)| !gone.contains(request));
            record.knocked.retain(|knock| !gone.contains(&knock.request));
            if record.knocks.len() < MAX_LETTERS_PER_MAILBOX {
                let device = request.newcomer().device;
                record.knocks.push((hash, request.name().to_owned()));
                record.knocked.push(Knocked { request: hash, at, device });
            }
            self.keep_invite(invite);
            self.inbox_moved = true;
        }
        self.drop_letter(mailbox, letter);
    }

    /// Knocks that say nothing any more: who asked is in by now, or asked so long ago that their
    /// letter itself would be gone.
    pub(crate) fn knocks_gone(&self, invite: &InviteId) -> Vec<Hash16> {
        let Some(record) = self.invites.get(invite) else { return Vec::new() };
        let gone = |request: &Hash16| {
            let knocked = record.knocked.iter().find(|knock| knock.request == *request);
            let old = self.now.since_ms(knocked.map_or(record.made, |k| k.at)) > LETTER_LIFETIME_MS;
            old || knocked.is_some_and(|knock| self.is_in(&record.thread, &knock.device))
        };
        record.knocks.iter().map(|(request, _)| *request).filter(gone).collect()
    }

    /// Whether a device was in a thread and is out: its link is no way back, and what was said since is
    /// not for it.
    pub(super) fn has_left(&self, thread: &ThreadId, device: &DeviceKey) -> bool {
        let thread = self.threads.get(thread);
        thread.is_some_and(|t| t.roster.is_out(device)) && !is(Fault::WelcomeWhoIsOut)
    }

    fn is_in(&self, thread: &ThreadId, device: &DeviceKey) -> bool {
        self.threads.get(thread).is_some_and(|t| t.roster.members().contains_key(device))
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
