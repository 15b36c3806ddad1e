//! What the log brings: opened, verified, merged and committed with its cursor in one batch.

mod placing;
mod waiting;

use std::collections::BTreeSet;

use automerge::{Change, ChangeHash};
use tandem_proto::{
    DeviceKey, ItemHash, ItemKind, Seq, ThreadId, item_kind,
    limits::MAX_EXCEPT,
    planted::{Fault, is},
};

pub(crate) use self::waiting::Needs;
use self::waiting::{Need, Together, Waits, named};
use crate::{
    Engine, Key,
    batch::{self, BatchError},
    keys,
    record::{Cargo, ItemRecord, Kind},
    state::{Ahead, Pushed, Thread},
    thread::Authors,
};

/// What became of an item.
enum Taken {
    /// All of it is in the document.
    In(Vec<ChangeHash>),
    /// It waits for something.
    Waits(Waits),
    /// It is nothing that can be taken in.
    Refused,
}

impl Thread {
    /// Whether an item was sealed under an epoch that this device has no key of, and it has not
    /// looked yet whether it knows what such items brought.
    fn is_before_our_time(&self, item: &[u8]) -> bool {
        let Ok(ItemKind::Envelope(_, epoch)) = item_kind(item) else { return false };
        self.keys.ring.of(epoch).next().is_none()
            && self.loaded.as_ref().is_some_and(|loaded| !loaded.all_items)
    }
}

impl Engine {
    /// Takes in what stands at the cursor's next seq, and what follows, as far as it is here.
    pub(crate) fn advance(&mut self, id: ThreadId) {
        loop {
            let Some(thread) = self.threads.get_mut(&id) else { return };
            if thread.damaged.is_some() {
                thread.ahead.clear();
                return;
            }
            let next = thread.record.seq.next();
            match thread.ahead.get(&next) {
                None => return,
                // Whose words it holds is known only with the records.
                Some(Ahead::Item(_) | Ahead::Own(_, Pushed::Carried(_)))
                    if thread.loaded.is_none() || thread.loading =>
                {
                    return self.load(&id);
                }
                Some(Ahead::Item(item)) if thread.is_before_our_time(item) => {
                    return self.read_items(&id);
                }
                Some(_) => {}
            }
            match thread.ahead.take(&next) {
                Some(Ahead::Item(item)) => self.take_item(&id, next, &item),
                Some(Ahead::Own(item, pushed)) => self.meet_own(&id, next, item, pushed),
                None => return,
            }
        }
    }

    /// Moves the cursor over an item.
    fn step_cursor(&mut self, id: &ThreadId, seq: Seq, item: &ItemHash) {
        if let Some(thread) = self.threads.get_mut(id) {
            let chain = thread.record.chain.next(item);
            thread.set_cursor(seq, chain);
        }
    }

    /// The receipt of something that this connection pushed named the cursor's next seq: the chain
    /// that the relay will sign over must contain it, so it is met without being sent back.
    fn meet_own(&mut self, id: &ThreadId, seq: Seq, item: ItemHash, pushed: Pushed) {
        self.step_cursor(id, seq, &item);
        match pushed {
            Pushed::Item(number) => self.meet_item(id, number, seq, item),
            Pushed::Link => self.meet_link(id, &item),
            Pushed::Request => {}
            Pushed::Carried(changes) => {
                // Words of others are among them, or it would have been pushed as an own item.
                if let Some(thread) = self.threads.get_mut(id) {
                    thread.record.others = seq;
                }
                self.met(id, seq, item, &changes);
            }
        }
        self.keep_thread(id);
    }

    fn meet_item(&mut self, id: &ThreadId, number: u64, seq: Seq, item: ItemHash) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(record) = thread.outbox.get_mut(&number) else { return };
        record.met = Some(seq);
        record.refused = None;
        let record = record.clone();
        if let Some(head) = thread.heads.remove(&number) {
            thread.record.said = thread.record.said.max(head.seq);
        }
        self.out.put(Key::number(Kind::Outbox, id, number), &record);
        match &record.cargo {
            Cargo::Change { change, deed, .. } => {
                self.keep_item(id, item, &[*change]);
                if let Some(entry) = deed.creates() {
                    self.place_own(id, entry, *change, seq, item);
                }
            }
            Cargo::Link { item } => self.take_link(id, item),
            Cargo::Stuck { .. } => {}
        }
    }

    /// Keeps which changes an item brought.
    fn keep_item(&mut self, id: &ThreadId, item: ItemHash, changes: &[ChangeHash]) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let short = item.short();
        match thread.loaded.as_mut() {
            // A log that was begun anew brings what is known.
            Some(loaded) if loaded.items.get(&short).is_some_and(|held| held == changes) => return,
            Some(loaded) => drop(loaded.items.insert(short, changes.to_vec())),
            None => thread.overtaken = true,
        }
        self.out.put(Key::item(id, &short), &ItemRecord(changes.to_vec()));
    }

    fn meet_link(&mut self, id: &ThreadId, item: &ItemHash) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        thread.record.unmet_links.retain(|link| link != item);
        if thread.order_links(item) {
            self.recast(id);
            self.keep_roster(id);
            self.follow(id);
        }
        self.link_met(id, item);
        self.want_removal_receipt(id, item);
    }

    fn take_item(&mut self, id: &ThreadId, seq: Seq, item: &[u8]) {
        let hash = ItemHash::of(item);
        if is(Fault::CursorBeforeChange) {
            self.step_cursor(id, seq, &hash);
            self.keep_thread(id);
            self.commit();
        } else {
            self.step_cursor(id, seq, &hash);
        }
        match item_kind(item) {
            Ok(ItemKind::RosterLink) => self.take_link(id, item),
            Ok(ItemKind::SeatRequest) => {
                if !self.take_seat_request(id, seq, item) {
                    self.except(id, seq, &hash);
                }
            }
            Ok(ItemKind::Farewell) => {
                if !self.take_farewell(id, seq, item) {
                    self.except(id, seq, &hash);
                }
            }
            Ok(ItemKind::Envelope(..)) => match self.take_envelope(id, seq, item, &mut None) {
                Taken::In(changes) => self.met(id, seq, hash, &changes),
                Taken::Waits(waits) => {
                    self.keep_waiting(id, seq, item, waits);
                    self.except(id, seq, &hash);
                }
                Taken::Refused if is(Fault::AckRefused) => {}
                Taken::Refused => self.except(id, seq, &hash),
            },
            Err(_) => self.except(id, seq, &hash),
        }
        self.keep_thread(id);
        let gained = self.threads.get_mut(id).is_some_and(|t| std::mem::take(&mut t.gained));
        if gained {
            self.take_waiting(id);
        }
    }

    fn except(&mut self, id: &ThreadId, seq: Seq, hash: &ItemHash) {
        if let Some(thread) = self.threads.get_mut(id) {
            // One over what an acknowledgement can name: from there on none is made.
            if thread.record.except.len() <= MAX_EXCEPT {
                thread.record.except.push((seq, hash.short()));
            }
            thread.record.others = seq;
        }
    }

    fn take_link(&mut self, id: &ThreadId, item: &[u8]) {
        let hash = ItemHash::of(item);
        let Some(thread) = self.threads.get_mut(id) else { return };
        let known = thread.roster.knows(&hash);
        let before: Vec<DeviceKey> = match known {
            true => Vec::new(),
            false => thread.roster.members().keys().copied().collect(),
        };
        // The relay took it, but it is for us to say whether it is valid; one that is not changes
        // nothing here.
        if !known && thread.roster.insert(item).is_ok() {
            thread.links.links.push(item.to_vec());
            thread.gained = true;
            // A longer chain has taken the place of the one that some came by: whoever let them in does
            // so again.
            let (now, roster) = (thread.roster.members(), &thread.roster);
            if before.iter().any(|device| !now.contains_key(device) && !roster.is_out(device)) {
                self.session.uploaded = false;
            }
            self.recast(id);
            self.keep_roster(id);
            self.touched.insert(*id);
            self.follow(id);
            self.notice_removal(id);
            self.seat_given(id, &hash);
            self.inside_again(id);
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        let own = thread.outbox.iter().find_map(|(number, record)| match &record.cargo {
            Cargo::Link { item: link } if link == item => Some(*number),
            _ => None,
        });
        let seq = thread.record.seq;
        if let Some(record) = own.and_then(|number| thread.outbox.get_mut(&number)) {
            record.met = Some(seq);
            let record = record.clone();
            if let Some(number) = own {
                self.out.put(Key::number(Kind::Outbox, id, number), &record);
            }
        }
        self.meet_link(id, &hash);
    }

    /// Opens an envelope and takes its changes into the document. `together` is all that waits, opened
    /// once for as many envelopes as are tried.
    fn take_envelope(
        &mut self,
        id: &ThreadId,
        seq: Seq,
        item: &[u8],
        together: &mut Option<Together>,
    ) -> Taken {
        self.resolve_unmet(id);
        let me = self.me.person;
        let Some(thread) = self.threads.get_mut(id) else { return Taken::Refused };
        let Ok((kind, plain)) = keys::open(&thread.keys.ring, id, item) else {
            return self.take_unread(id, seq, item);
        };
        let cast = thread.cast.clone();
        let opened = match batch::read(id, kind, &plain, &|prefix| cast.device(prefix)) {
            Ok(opened) => opened,
            Err(BatchError::UnknownAuthor(prefix)) => {
                let (need, names) = (Need::Author(prefix), Vec::new());
                return Taken::Waits(Waits { need, names, bytes: plain.len() });
            }
            Err(_) => return Taken::Refused,
        };
        let waits = |need, names| Waits::of(need, names, &opened.changes);
        let now = thread.waiting_now();
        let Some(loaded) = thread.loaded.as_mut() else {
            return Taken::Waits(waits(Need::Changes(Vec::new()), Vec::new()));
        };
        let Ok(doc) = loaded.doc() else { return Taken::Refused };
        let mut changes = opened.changes.clone();
        let mut attestations = opened.attestations;
        let missing: Vec<ChangeHash> =
            opened.unvouched.iter().filter(|hash| !doc.holds(hash)).copied().collect();
        if !missing.is_empty() {
            // A year that was carried in several envelopes is vouched for by its newest changes,
            // which may stand in another of them.
            let names = named(&opened.changes, &attestations, doc);
            if !loaded.names_any(&missing) {
                return Taken::Waits(waits(Need::Word(missing, now), names));
            }
            let together = together.get_or_insert_with(|| {
                let items = loaded.waiting.values().map(|kept| kept.item.as_slice()).chain([item]);
                Together::open(id, &thread.keys.ring, &cast, items)
            });
            if missing.iter().any(|hash| !together.vouched.contains(hash)) {
                return Taken::Waits(waits(Need::Word(missing, now), names));
            }
            // The other envelope goes in by itself: what else is in it is not this one's affair.
            attestations.clone_from(&together.attestations);
        }
        let Ok(doc) = loaded.doc() else { return Taken::Refused };
        changes.retain(|change| !doc.holds(&change.hash()));
        let authors: BTreeSet<[u8; 16]> =
            changes.iter().filter_map(|c| batch::prefix_of(c.actor_id().to_bytes())).collect();
        let applied = match doc.take(changes) {
            Ok(applied) => applied,
            Err(error) => {
                self.blame(id, &authors, &error);
                return Taken::Refused;
            }
        };
        let complete = opened.changes.iter().all(|change| doc.holds(&change.hash()));
        for change in &applied {
            let author =
                batch::prefix_of(change.actor_id().to_bytes()).and_then(|p| cast.known(&p));
            self.take_change(id, change, author.as_ref());
        }
        // Sealed again by somebody else it would bring nothing that was not here.
        if let (Some(head), [word], false) = (&opened.head, &attestations[..], applied.is_empty()) {
            self.read_head(id, &word.device, head);
        }
        for attestation in attestations {
            self.keep_attestation(id, attestation);
        }
        let by_others = opened.changes.iter().any(|change| {
            batch::prefix_of(change.actor_id().to_bytes())
                .and_then(|prefix| cast.known(&prefix))
                .is_none_or(|card| card.person != me)
        });
        if by_others && let Some(thread) = self.threads.get_mut(id) {
            thread.record.others = thread.record.others.max(seq);
        }
        if complete {
            return Taken::In(opened.changes.iter().map(Change::hash).collect());
        }
        let doc = self.threads.get_mut(id).and_then(|t| t.loaded.as_mut()?.doc().ok());
        let needs = doc.map(|doc| named(&opened.changes, &[], doc)).unwrap_or_default();
        Taken::Waits(waits(Need::Changes(needs.clone()), needs))
    }

    /// An envelope that this device can't open. What it brought may be known and here all the same:
    /// whoever let us in said so of what was sealed before our time.
    fn take_unread(&mut self, id: &ThreadId, seq: Seq, item: &[u8]) -> Taken {
        let Some(thread) = self.threads.get_mut(id) else { return Taken::Refused };
        let loaded = thread.loaded.as_ref();
        let brought = loaded.and_then(|l| l.items.get(&ItemHash::of(item).short()).cloned());
        // A welcome's word is not enough: what it says was brought has to be here.
        let here = thread.loaded.as_mut().and_then(|loaded| loaded.doc().ok());
        let whole = |brought: &Vec<ChangeHash>| {
            here.is_some_and(|doc| {
                !brought.is_empty() && brought.iter().all(|change| doc.holds(change))
            })
        };
        let Some(brought) = brought.filter(whole) else { return Taken::Refused };
        thread.record.others = thread.record.others.max(seq);
        Taken::In(brought)
    }
}

#[cfg(test)]
mod tests;
