//! Mailboxes at the relay: which are watched, and what comes out of them.

use tandem_proto::{
    ClientToRelay, InviteId, ItemHash, Mail, MailDrop, MailPut, MailStored, MailWatch, MailboxId,
    ThreadId, limits::MAX_MAILBOXES_PER_FRAME, request_box, welcome_box,
};

use crate::{Engine, join, record::Admission};

/// Whose letters a watched mailbox is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letterbox {
    /// Join requests with an invite of ours.
    Requests(InviteId),
    /// The answer to our request with an invite into a thread.
    Reply(InviteId, ThreadId),
    /// The answer to this device's offer.
    Uptakes,
    /// The offer of a device that this one lets in.
    Offer(InviteId),
}

impl Engine {
    /// Leaves join requests, and asks for letters, in the flight of Hello.
    pub(crate) fn say_mail(&mut self) {
        let mut boxes = Vec::new();
        for (invite, record) in &self.invites {
            if record.is_watched(self.now) {
                boxes.push((request_box(&record.secret), Letterbox::Requests(*invite)));
            }
        }
        for invite in self.joins.keys().copied().collect::<Vec<_>>() {
            self.put_request(&invite);
            boxes.extend(self.reply_box(&invite));
        }
        boxes.extend(self.say_offer());
        for offer in self.uptakes.keys().copied().collect::<Vec<_>>() {
            boxes.extend(self.say_uptake(&offer));
        }
        self.watch_boxes(&boxes);
    }

    /// Where the answer to our request with an invite will lie.
    fn reply_box(&self, invite: &InviteId) -> Option<(MailboxId, Letterbox)> {
        let join = self.joins.get(invite)?;
        let public = join::one_time_public(&join.one_time);
        let reply = Letterbox::Reply(*invite, join.link.thread);
        Some((welcome_box(&join.link.secret, &public), reply))
    }

    pub(crate) fn watch_boxes(&mut self, boxes: &[(MailboxId, Letterbox)]) {
        self.session.moved |= !boxes.is_empty();
        self.session.boxes.extend(boxes.iter().copied());
        for chunk in boxes.chunks(MAX_MAILBOXES_PER_FRAME) {
            let chunk: Vec<MailboxId> = chunk.iter().map(|(mailbox, _)| *mailbox).collect();
            self.session.mail.extend(&chunk);
            // Cut to the limit just above.
            let mailboxes = chunk.try_into().unwrap_or_default();
            self.send(ClientToRelay::MailWatch(MailWatch { mailboxes }));
        }
    }

    pub(crate) fn put_letter(&mut self, mailbox: MailboxId, letter: Vec<u8>) {
        let hash = ItemHash::of(&letter).short();
        if let Ok(letter) = letter.try_into() {
            self.session.moved = true;
            self.session.letters.insert(hash);
            self.send(ClientToRelay::MailPut(MailPut { mailbox, letter }));
        }
    }

    pub(super) fn put_request(&mut self, invite: &InviteId) {
        let Some(join) = self.joins.get(invite) else { return };
        // Who came by an offer has asked with it.
        if join.refused.is_none() && join.by_offer.is_none() {
            let (mailbox, letter) = (request_box(&join.link.secret), join.letter.clone());
            self.put_letter(mailbox, letter);
        }
    }

    /// A new invite's box, while connected.
    pub(crate) fn watch_invite(&mut self, invite: &InviteId) {
        if self.session.has_said_hello()
            && let Some(record) = self.invites.get(invite)
        {
            let requests = (request_box(&record.secret), Letterbox::Requests(*invite));
            self.watch_boxes(&[requests]);
        }
    }

    /// A new join, while connected.
    pub(crate) fn knock(&mut self, invite: &InviteId) {
        if self.session.has_said_hello() {
            self.put_request(invite);
            if let Some(reply) = self.reply_box(invite) {
                self.watch_boxes(&[reply]);
            }
        }
    }

    /// Letters came.
    pub(crate) fn take_mail(&mut self, mail: Mail) {
        let mailbox = mail.mailbox;
        self.session.mail.remove(&mailbox);
        let Some(letterbox) = self.session.boxes.get(&mailbox).copied() else { return };
        for letter in mail.letters.into_inner() {
            match letterbox {
                Letterbox::Requests(invite) => self.take_request(&invite, mailbox, &letter),
                // We came in and were let in again: the chain that we came by lost.
                Letterbox::Reply(invite, thread) if !self.joins.contains_key(&invite) => {
                    self.drop_letter(mailbox, &letter);
                    self.let_in_again(&thread);
                }
                Letterbox::Reply(invite, _) => self.take_reply(&invite, mailbox, &letter),
                Letterbox::Uptakes => self.take_uptake(mailbox, &letter),
                Letterbox::Offer(offer) => self.take_offer(&offer, &letter),
            }
        }
    }

    /// The relay has us in a thread's roster now, which it had not.
    fn let_in_again(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if !thread.named {
            thread.lost.clear();
            self.session.uploaded = false;
            self.name_thread(id);
        }
    }

    pub(crate) fn drop_letter(&mut self, mailbox: MailboxId, letter: &[u8]) {
        let letter = ItemHash::of(letter).short();
        self.send(ClientToRelay::MailDrop(MailDrop { mailbox, letter }));
    }

    /// A letter is durable at the relay.
    pub(crate) fn mail_stored(&mut self, stored: &MailStored) {
        self.session.letters.remove(&stored.letter);
        let Some(invite) = self.session.welcomes.remove(&stored.letter) else { return };
        self.set_admission(&invite, Admission::Welcomed);
        // The request has done its work.
        if let Some(record) = self.invites.get(&invite).filter(|record| record.offer.is_none())
            && let Some(used) = &record.used
        {
            let (mailbox, letter) = (request_box(&record.secret), used.request);
            self.send(ClientToRelay::MailDrop(MailDrop { mailbox, letter }));
        }
    }
}
