//! Removals that the relay has lost: its own receipt says that they stood (ADR 0025).

use std::collections::BTreeSet;

use tandem_proto::{
    ClientToRelay, DeviceKey, ItemHash, Receipt, RosterLink, ThreadId,
    planted::{Fault, is},
};

use crate::{Engine, state::Thread};

impl Thread {
    /// Whether a link of this roster takes somebody out and is of this device's making.
    fn is_own_removal(&self, link: &ItemHash, me: &DeviceKey) -> bool {
        self.roster
            .link(link)
            .is_some_and(|placed| placed.author == *me && !placed.statement.out().is_empty())
    }

    fn has_receipt(&self, link: &ItemHash) -> bool {
        self.links.receipts.iter().any(|receipt| receipt.item == *link)
    }
}

impl Engine {
    /// The relay has taken a link of ours: keeps its receipt if somebody is out by it.
    pub(crate) fn keep_removal_receipt(&mut self, id: &ThreadId, link: &[u8], receipt: &Receipt) {
        let removes = RosterLink::parse(link).is_ok_and(|link| !link.statement.out().is_empty());
        if removes {
            self.keep_receipt_of_removal(id, receipt);
        }
    }

    /// A receipt that was asked for: keeps it if it is of a removal of ours.
    pub(crate) fn asked_removal_receipt(&mut self, id: &ThreadId, receipt: &Receipt) {
        let thread = self.threads.get(id);
        if thread.is_some_and(|thread| thread.is_own_removal(&receipt.item, &self.me.device)) {
            self.keep_receipt_of_removal(id, receipt);
        }
    }

    fn keep_receipt_of_removal(&mut self, id: &ThreadId, receipt: &Receipt) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if !thread.has_receipt(&receipt.item) {
            thread.links.receipts.push(receipt.clone());
            self.keep_roster(id);
        }
    }

    /// A link was met in the log: asks for its receipt if it is a removal of ours and has none.
    pub(crate) fn want_removal_receipt(&mut self, id: &ThreadId, link: &ItemHash) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if thread.is_own_removal(link, &self.me.device) && !thread.has_receipt(link) {
            thread.record.unreceipted.push((thread.record.seq, *link));
            self.ask_receipts(id);
        }
    }

    /// Shows the receipts of removals that are about to be pushed again.
    pub(crate) fn show_removal_receipts(&mut self, id: &ThreadId, links: &BTreeSet<ItemHash>) {
        if is(Fault::ReceiptNotShown) {
            return;
        }
        let Some(thread) = self.threads.get(id) else { return };
        let shown = |receipt: &&Receipt| {
            links.contains(&receipt.item)
                && !self.session.in_flight.contains_key(&receipt.item.short())
        };
        let receipts: Vec<Receipt> = thread.links.receipts.iter().filter(shown).cloned().collect();
        for receipt in receipts {
            self.send(ClientToRelay::Receipt(receipt));
        }
    }
}
