//! What devices do with mailboxes: put, watch, drop; and what they are sent of them.

use tandem_proto::{
    Closing, Hash16, Letter, Mail as MailFrame, MailDrop, MailPut, MailStored, MailWatch,
    MailboxId, Refusal, Refused, RelayToClient, TransportKey,
    limits::{MAX_FRAME_BYTES, MAX_LETTERS_PER_MAILBOX, MAX_MAILBOXES_PER_FRAME},
};

use crate::{
    ConnId, Limit, Record,
    commit::After,
    conn::MailDue,
    mail::{Room, letter_hash},
    relay::{Relay, Stage},
};

/// Mailboxes that one connection may watch: 16 full frames, as many as a device has threads.
const MAX_WATCHED: usize = 16 * MAX_MAILBOXES_PER_FRAME;

/// Bytes of letters in one frame; leaves room for their lengths and the rest of the frame.
const MAX_LETTERS_BYTES: usize = MAX_FRAME_BYTES - 128;

impl Relay {
    pub(crate) fn mail_put(&mut self, id: ConnId, device: TransportKey, put: MailPut) {
        let (mailbox, letter) = (put.mailbox, letter_hash(&put.letter));
        let max_sent = self.limit_of(&device, Limit::LettersPerDevice);
        let room = self.mail.room(&self.config, max_sent, &mailbox, &letter, &put.letter, &device);
        let refusal = match room {
            Room::Known { durable: true } => {
                let stored = MailStored { mailbox, letter };
                return self.conns.send(id, RelayToClient::MailStored(stored));
            }
            Room::Known { durable: false } => {
                let stored = RelayToClient::MailStored(MailStored { mailbox, letter });
                return self.when_durable(After::Say(id, stored));
            }
            Room::Full => Some(Refusal::OverQuota),
            Room::Free if self.stage != Stage::Running => Some(Refusal::Unavailable),
            Room::Free => None,
        };
        if let Some(reason) = refusal {
            let refused = Refused { item: letter, reason };
            return self.conns.send(id, RelayToClient::Refused(refused));
        }
        self.mail.put(mailbox, put.letter.clone(), self.now, device, false);
        let letter_bytes = put.letter.into_inner();
        let record = Record::Letter { mailbox, time: self.now, by: device, letter: letter_bytes };
        self.commits.collecting.records.push(record);
        self.when_durable(After::Letter { mailbox, letter, from: id });
    }

    pub(crate) fn mail_watch(&mut self, id: ConnId, watch: &MailWatch) {
        let Some(conn) = self.conns.get_mut(id) else { return };
        conn.watched.extend(watch.mailboxes.iter());
        conn.mail.extend(watch.mailboxes.iter().map(|mailbox| MailDue::Box(*mailbox)));
        if conn.watched.len() > MAX_WATCHED || conn.mail.len() > MAX_WATCHED {
            return self.conns.close(id, Closing::Malformed);
        }
        for mailbox in watch.mailboxes.iter() {
            self.conns.watchers.entry(*mailbox).or_default().insert(id);
        }
        self.pump(id);
    }

    pub(crate) fn mail_drop(&mut self, drop: &MailDrop) {
        self.drop_letter(drop.mailbox, drop.letter);
    }

    /// Drops letters that nobody dealt with in time.
    pub(crate) fn expire_letters(&mut self) {
        for (mailbox, letter) in self.mail.expired(self.now) {
            self.drop_letter(mailbox, letter);
        }
    }

    fn drop_letter(&mut self, mailbox: MailboxId, letter: Hash16) {
        if self.mail.remove(&mailbox, &letter) {
            let record = Record::LetterDropped { mailbox, letter };
            self.commits.collecting.records.push(record);
        }
    }

    /// A letter is durable: who watches its mailbox gets it.
    pub(crate) fn announce_letter(&mut self, mailbox: MailboxId, letter: Hash16) {
        if !self.mail.is_durable(&mailbox, &letter) {
            return;
        }
        let watchers: Vec<ConnId> =
            self.conns.watchers.get(&mailbox).into_iter().flatten().copied().collect();
        for id in watchers {
            if let Some(conn) = self.conns.get_mut(id) {
                conn.mail.push_back(MailDue::Letter(mailbox, letter));
            }
            self.pump(id);
        }
    }

    /// Sends one frame of mail. What does not fit it goes back to the front of the queue, so that
    /// a full mailbox is sent as the connection takes it.
    pub(crate) fn send_mail(&mut self, id: ConnId, due: MailDue) {
        let (mailbox, hashes) = match due {
            MailDue::Box(mailbox) => (mailbox, self.mail.letters(&mailbox)),
            MailDue::Letter(mailbox, letter) => (mailbox, vec![letter]),
        };
        let mut letters: Vec<Letter> = Vec::new();
        let mut bytes = 0;
        let mut rest = hashes.into_iter();
        let left_over = rest.by_ref().find(|hash| {
            let Some(letter) = self.mail.letter(&mailbox, hash) else { return false };
            bytes += letter.len();
            let is_full = !letters.is_empty()
                && (bytes > MAX_LETTERS_BYTES || letters.len() == MAX_LETTERS_PER_MAILBOX);
            if !is_full {
                letters.push(letter.clone());
            }
            is_full
        });
        let Some(conn) = self.conns.get_mut(id) else { return };
        for hash in left_over.into_iter().chain(rest).collect::<Vec<_>>().into_iter().rev() {
            conn.mail.push_front(MailDue::Letter(mailbox, hash));
        }
        if let Ok(letters) = letters.try_into() {
            self.conns.send(id, RelayToClient::Mail(MailFrame { mailbox, letters }));
        }
    }
}
