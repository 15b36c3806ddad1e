//! A relay that lies: what a device is told is not what the relay's core said.
//!
//! The core stays honest, so that the oracle knows what is true. The lie is told on the way to one
//! device, by whoever has the relay's key.

use std::collections::BTreeMap;

use tandem_engine::Input;
use tandem_proto::{
    Deliver, ItemHash, ItemKind, Letter, Mail, MailboxId, RelayToClient, Seq, ThreadId, item_kind,
    limits::MAX_LETTERS_PER_MAILBOX,
};
use tandem_relay::Record;

use crate::world::World;

/// How a relay lies to one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// It hands out nothing of any log.
    Withholds,
    /// It hands out items in another order.
    Shuffles,
    /// It hands out everything twice, the second time as if it came after.
    Repeats,
    /// It changes a bit of every envelope.
    Alters,
    /// It hands out the log's first envelope in the place of every other.
    Replaces,
    /// It hands out a log in which this item never was.
    Omits(ItemHash),
    /// The same of the item at this place; those after it stand one place before their own.
    OmitsAt(Seq),
    /// It answers for every mailbox with what lies in the others.
    SwapsMail,
}

impl World {
    /// From now on the relay lies to a device.
    pub fn lie(&mut self, device: usize, lie: Lie) {
        self.note(|| format!("the relay lies to P{device}: {lie:?}"));
        self.lies.insert(device, lie);
    }

    /// From now on it does not.
    pub fn be_honest(&mut self, device: usize) {
        self.lies.remove(&device);
    }

    /// A device is passed what another once signed, whether the relay's core would pass it on or not.
    pub fn pass_on_acknowledgement(&mut self, from: usize, to: usize) {
        let Some(ack) = self.devices[from].ack_sent.clone() else {
            self.violation("the story needs an acknowledgement to pass on");
        };
        self.feed(to, Input::Frame(RelayToClient::Acknowledged(1000, ack)));
    }

    /// The relay hands a device every letter again that any mailbox ever had, whether it was taken out
    /// or not.
    pub fn serve_old_mail(&mut self, device: usize) {
        let mut boxes: BTreeMap<MailboxId, Vec<Letter>> = BTreeMap::new();
        for record in &self.hub.journal.durable {
            if let Record::Letter { mailbox, letter, .. } = record
                && let Ok(letter) = letter.clone().try_into()
            {
                boxes.entry(*mailbox).or_default().push(letter);
            }
        }
        self.expect(!boxes.is_empty(), "there were letters");
        for (mailbox, letters) in boxes {
            for letters in letters.chunks(MAX_LETTERS_PER_MAILBOX) {
                let letters = letters.to_vec().try_into().unwrap_or_default();
                self.note(|| format!("P{device} <- old letters of {mailbox:?}"));
                self.feed(device, Input::Frame(RelayToClient::Mail(Mail { mailbox, letters })));
            }
        }
    }

    /// The relay hands a device items of a log once more, as if they came after all others.
    pub fn serve_again(&mut self, device: usize, thread: ThreadId, items: &[Vec<u8>]) {
        let items: Vec<_> = items.iter().filter_map(|item| item.clone().try_into().ok()).collect();
        let Ok(items) = items.try_into() else { return };
        let first = Seq(self.log_len(thread) as u64 + 1);
        self.feed(device, Input::Frame(RelayToClient::Deliver(Deliver { thread, first, items })));
    }

    /// What a device is told in the place of a frame.
    pub(crate) fn told(&self, device: usize, frame: RelayToClient) -> Vec<RelayToClient> {
        let Some(lie) = self.lies.get(&device) else { return vec![frame] };
        match (lie, frame) {
            (Lie::SwapsMail, RelayToClient::Mail(mail)) => vec![self.swapped(mail)],
            (Lie::SwapsMail, frame) => vec![frame],
            (lie, RelayToClient::Deliver(deliver)) => self.delivered(*lie, &deliver),
            (_, frame) => vec![frame],
        }
    }

    fn delivered(&self, lie: Lie, deliver: &Deliver) -> Vec<RelayToClient> {
        let true_items: Vec<Vec<u8>> = deliver.items.iter().map(|item| item.to_vec()).collect();
        let mut items = true_items.clone();
        let (mut told, mut first) = (Vec::new(), deliver.first);
        match lie {
            Lie::Withholds => return told,
            Lie::Shuffles => items.reverse(),
            Lie::Repeats => items.extend(true_items),
            Lie::Alters => {
                for item in items.iter_mut().filter(|item| is_envelope(item)) {
                    // Behind the nonce, in what is sealed.
                    if let Some(byte) = item.last_mut() {
                        *byte ^= 1;
                    }
                }
            }
            Lie::Replaces => {
                let log = self.log_of(deliver.thread);
                let Some(first) = log.into_iter().find(|item| is_envelope(item)) else {
                    return told;
                };
                for item in items.iter_mut().filter(|item| is_envelope(item)) {
                    item.clone_from(&first);
                }
            }
            Lie::Omits(left_out) => {
                items.retain(|item| !left_out.matches(item));
            }
            Lie::OmitsAt(left_out) => {
                let at = (left_out.0.wrapping_sub(first.0)).try_into().ok();
                if let Some(at) = at.filter(|at| *at < items.len()) {
                    items.remove(at);
                }
                if left_out < first {
                    first = Seq(first.0 - 1);
                }
            }
            Lie::SwapsMail => {}
        }
        if items.is_empty() {
            return told;
        }
        let items: Vec<_> = items.into_iter().filter_map(|item| item.try_into().ok()).collect();
        if let Ok(items) = items.try_into() {
            told.push(RelayToClient::Deliver(Deliver { first, items, ..deliver.clone() }));
        }
        told
    }

    /// The letters of all other mailboxes, as if they lay in this one.
    fn swapped(&self, mail: Mail) -> RelayToClient {
        let others = self.hub.journal.durable.iter().filter_map(|record| match record {
            Record::Letter { mailbox, letter, .. } if *mailbox != mail.mailbox => {
                letter.clone().try_into().ok()
            }
            _ => None,
        });
        let letters: Vec<_> = others.take(8).collect();
        let letters = letters.try_into().unwrap_or_default();
        RelayToClient::Mail(Mail { letters, ..mail })
    }
}

fn is_envelope(item: &[u8]) -> bool {
    matches!(item_kind(item), Ok(ItemKind::Envelope(..)))
}
