//! Mailboxes: sealed letters that wait for who knows the mailbox's name.

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::{
    Hash16, ItemHash, Letter, MailboxId, Timestamp, TransportKey,
    limits::{LETTER_LIFETIME_MS, MAX_LETTERS_PER_MAILBOX},
};

use crate::Config;

/// One letter. Its bytes are kept: letters are few, and gone within a month.
#[derive(Debug)]
struct Waiting {
    hash: Hash16,
    letter: Letter,
    time: Timestamp,
    by: TransportKey,
    durable: bool,
}

/// Whether a letter can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Yes.
    Free,
    /// It lies there already.
    Known {
        /// Whether it is durable.
        durable: bool,
    },
    /// The mailbox, the sender or the relay is at its limit.
    Full,
}

/// All mailboxes.
#[derive(Debug, Default)]
pub(crate) struct Mail {
    /// Oldest first.
    boxes: BTreeMap<MailboxId, Vec<Waiting>>,
    by_time: BTreeSet<(Timestamp, MailboxId, Hash16)>,
    by_sender: BTreeMap<TransportKey, u32>,
    /// Of all letters.
    bytes: usize,
}

/// Half the hash by which a letter is named.
pub(crate) fn letter_hash(letter: &[u8]) -> Hash16 {
    ItemHash::of(letter).short()
}

impl Mail {
    pub(crate) fn len(&self) -> usize {
        self.by_time.len()
    }

    /// Bytes of all letters.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    fn find(&self, mailbox: &MailboxId, letter: &Hash16) -> Option<&Waiting> {
        self.boxes.get(mailbox)?.iter().find(|waiting| waiting.hash == *letter)
    }

    /// Whether `letter`, named `hash`, can be taken from a device that may have `max_sent` waiting.
    pub(crate) fn room(
        &self,
        config: &Config,
        max_sent: u64,
        mailbox: &MailboxId,
        hash: &Hash16,
        letter: &Letter,
        by: &TransportKey,
    ) -> Room {
        if let Some(waiting) = self.find(mailbox, hash) {
            return Room::Known { durable: waiting.durable };
        }
        let letters = self.boxes.get(mailbox).map_or(0, Vec::len);
        let sent = self.by_sender.get(by).copied().unwrap_or(0);
        if letters >= MAX_LETTERS_PER_MAILBOX
            || u64::from(sent) >= max_sent
            || self.bytes.saturating_add(letter.len()) > config.max_letter_bytes
        {
            Room::Full
        } else {
            Room::Free
        }
    }

    pub(crate) fn put(
        &mut self,
        mailbox: MailboxId,
        letter: Letter,
        time: Timestamp,
        by: TransportKey,
        durable: bool,
    ) {
        let hash = letter_hash(&letter);
        self.bytes += letter.len();
        let waiting = Waiting { hash, letter, time, by, durable };
        self.boxes.entry(mailbox).or_default().push(waiting);
        self.by_time.insert((time, mailbox, hash));
        *self.by_sender.entry(by).or_default() += 1;
    }

    /// A letter is durable now; whether it is still there.
    pub(crate) fn is_durable(&mut self, mailbox: &MailboxId, letter: &Hash16) -> bool {
        let found = self
            .boxes
            .get_mut(mailbox)
            .and_then(|letters| letters.iter_mut().find(|waiting| waiting.hash == *letter));
        found.map(|waiting| waiting.durable = true).is_some()
    }

    /// Takes a letter out; whether it was there.
    pub(crate) fn remove(&mut self, mailbox: &MailboxId, letter: &Hash16) -> bool {
        let Some(letters) = self.boxes.get_mut(mailbox) else { return false };
        let Some(at) = letters.iter().position(|waiting| waiting.hash == *letter) else {
            return false;
        };
        let Waiting { letter: bytes, time, by, .. } = letters.remove(at);
        self.bytes -= bytes.len();
        if letters.is_empty() {
            self.boxes.remove(mailbox);
        }
        self.by_time.remove(&(time, *mailbox, *letter));
        if let Some(sent) = self.by_sender.get_mut(&by) {
            *sent -= 1;
            if *sent == 0 {
                self.by_sender.remove(&by);
            }
        }
        true
    }

    /// The durable letters of a mailbox, oldest first.
    pub(crate) fn letters(&self, mailbox: &MailboxId) -> Vec<Hash16> {
        let letters = self.boxes.get(mailbox).into_iter().flatten();
        letters.filter(|waiting| waiting.durable).map(|waiting| waiting.hash).collect()
    }

    pub(crate) fn letter(&self, mailbox: &MailboxId, letter: &Hash16) -> Option<&Letter> {
        self.find(mailbox, letter).map(|waiting| &waiting.letter)
    }

    /// When the oldest letter expires.
    pub(crate) fn next_expiry(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(time, ..)| time.plus_ms(LETTER_LIFETIME_MS))
    }

    /// The letters that have expired.
    pub(crate) fn expired(&self, now: Timestamp) -> Vec<(MailboxId, Hash16)> {
        self.by_time
            .iter()
            .take_while(|(time, ..)| time.plus_ms(LETTER_LIFETIME_MS) <= now)
            .map(|(_, mailbox, letter)| (*mailbox, *letter))
            .collect()
    }
}
