//! Pushes: dedupe, roster, epoch, quota, next seq, chain; in this order.

use tandem_proto::{
    Epoch, Farewell, Item, ItemHash, ItemKind, Push, ReceiptLeaf, Refusal, Refused, RelayToClient,
    SeatRequest, Seq, ThreadId, TransportKey, item_kind,
};

use crate::{
    ConnId, Record,
    commit::{After, Appended},
    links::judge,
    relay::Relay,
    thread::Thread,
};

/// Whose push it is and for which thread.
#[derive(Debug, Clone, Copy)]
struct Origin {
    conn: ConnId,
    device: TransportKey,
    thread: ThreadId,
}

impl Relay {
    pub(crate) fn push(&mut self, conn: ConnId, device: TransportKey, push: Push) {
        let from = Origin { conn, device, thread: push.thread };
        self.answer_erased(conn, &push.thread);
        let mut durable = Vec::new();
        let mut items =
            push.items.into_inner().into_iter().map(|item| (ItemHash::of(&item), item)).peekable();
        while let Some((hash, item)) = items.next() {
            if self.is_known(from, &hash, &mut durable) {
                continue;
            }
            if let Some(reason) = self.bars(&from.device, &from.thread) {
                self.refuse_push(from, &hash, reason);
                continue;
            }
            match item_kind(&item) {
                Err(_) => self.refuse_push(from, &hash, Refusal::Malformed),
                Ok(ItemKind::Envelope(_, epoch)) => self.said(from, hash, item, Some(epoch)),
                // Whoever asks for a seat has no key to seal with.
                Ok(ItemKind::SeatRequest | ItemKind::Farewell) if self.is_theirs(from, &item) => {
                    self.said(from, hash, item, None);
                }
                Ok(ItemKind::SeatRequest | ItemKind::Farewell) => {
                    self.refuse_push(from, &hash, Refusal::Malformed);
                }
                Ok(ItemKind::RosterLink) => {
                    let mut run = vec![(hash, item)];
                    while let Some((hash, item)) = items.next_if(|(_, item)| is_link(item)) {
                        if !self.is_known(from, &hash, &mut durable) {
                            run.push((hash, item));
                        }
                    }
                    self.links(from, run, &mut durable);
                }
            }
        }
        self.send_receipts([(conn, durable)].into());
    }

    /// Whether the log has this item already. Then its receipt is given again: in `durable`, to be
    /// signed at once, or with the commit that it waits for.
    fn is_known(&mut self, from: Origin, item: &ItemHash, durable: &mut Vec<ReceiptLeaf>) -> bool {
        let Some(thread) = self.threads.get(&from.thread) else { return false };
        let Some(seq) = thread.find(item) else { return false };
        let leaf = ReceiptLeaf { thread: from.thread, seq, item: *item };
        if let Some(conn) = self.conns.get_mut(from.conn) {
            conn.pushed(from.thread, seq);
        }
        if seq <= thread.durable {
            durable.push(leaf);
        } else if let Some(batch) = self.commits.of_append(&from.thread, seq) {
            batch.receipts.entry(from.conn).or_default().push(leaf);
        }
        true
    }

    fn links(&mut self, from: Origin, run: Vec<(ItemHash, Item)>, durable: &mut Vec<ReceiptLeaf>) {
        let present = self.threads.get(&from.thread).map(Thread::roster);
        let conn = self.conns.get(from.conn);
        let stood = |link: &ItemHash| {
            conn.is_some_and(|conn| conn.receipted.contains(&(from.thread, *link)))
        };
        let mut judged = judge(from.thread, present, &run, &from.device, &stood);
        let founds = present.is_none() && judged.roster.is_some();
        let is_in = |roster| tandem_proto::Roster::by_transport(roster, &from.device).is_some();
        let objection = if !present.is_some_and(is_in) && !judged.roster.as_ref().is_some_and(is_in)
        {
            // A thread that is not here can have no members: what is missing is its roster.
            (founds || present.is_some()).then_some(Refusal::NotAMember)
        } else if self.is_over_quota(from, founds, &run) {
            Some(Refusal::OverQuota)
        } else {
            None
        };
        if let Some(reason) = objection {
            judged.roster = None;
            for verdict in judged.verdicts.iter_mut().filter(|verdict| verdict.is_ok()) {
                *verdict = Err(reason);
            }
        }
        let moved = judged.roster.is_some();
        if let Some(roster) = judged.roster {
            match self.threads.get_mut(&from.thread) {
                Some(thread) => thread.set_roster(roster),
                None => drop(self.threads.insert(from.thread, Thread::new(roster))),
            }
        }
        for ((hash, item), verdict) in run.into_iter().zip(judged.verdicts) {
            match verdict {
                // The same link twice in one run.
                Ok(()) if self.is_known(from, &hash, durable) => {}
                Ok(()) => self.append(from, hash, item),
                Err(reason) => self.refuse_push(from, &hash, reason),
            }
        }
        if moved {
            self.when_durable(After::RosterMoved(from.thread));
        }
    }

    /// Whether a device founds more threads than it may, or links are too much for a thread.
    fn is_over_quota(&self, from: Origin, founds: bool, run: &[(ItemHash, Item)]) -> bool {
        let bytes = run.iter().map(|(_, item)| item.len()).sum();
        match self.threads.get(&from.thread) {
            Some(_) => !self.has_room(&from.device, &from.thread, bytes),
            None => founds && !self.may_found(&from.device, bytes),
        }
    }

    /// Whether a request for a seat or a farewell is of the device that pushes it, unless that is no
    /// member, which is said first.
    fn is_theirs(&self, from: Origin, item: &[u8]) -> bool {
        let member = self.threads.get(&from.thread).and_then(|thread| thread.member(&from.device));
        let asked = || SeatRequest::from_item(&from.thread, item).map(|asked| asked.device);
        let left = || Farewell::from_item(&from.thread, item).map(|said| said.device);
        member.is_none_or(|device| asked().or_else(|_| left()) == Ok(device))
    }

    /// An envelope under an epoch, or something that names none.
    fn said(&mut self, from: Origin, hash: ItemHash, item: Item, epoch: Option<Epoch>) {
        let objection = match self.threads.get(&from.thread) {
            None => Some(Refusal::UnknownThread),
            Some(thread) if thread.member(&from.device).is_none() => Some(Refusal::NotAMember),
            Some(thread) if epoch.is_some_and(|epoch| !thread.takes(epoch)) => {
                Some(Refusal::StaleEpoch)
            }
            Some(_) if !self.has_room(&from.device, &from.thread, item.len()) => {
                Some(Refusal::OverQuota)
            }
            Some(_) => None,
        };
        match objection {
            Some(reason) => self.refuse_push(from, &hash, reason),
            None => self.append(from, hash, item),
        }
    }

    /// Takes an item into its log: at once for what is pushed next, for everybody once durable.
    fn append(&mut self, from: Origin, hash: ItemHash, item: Item) {
        let Some(thread) = self.threads.get_mut(&from.thread) else { return };
        let seq = thread.append(hash, item.len());
        self.count_item(self.now, from.device, from.thread, seq, &item);
        let Some(thread) = self.threads.get(&from.thread) else { return };
        if let Some(conn) = self.conns.get_mut(from.conn) {
            conn.pushed(from.thread, seq);
        }
        let others_follow = thread.followers.iter().any(|follower| *follower != from.device);
        let batch = &mut self.commits.collecting;
        let leaf = ReceiptLeaf { thread: from.thread, seq, item: hash };
        batch.receipts.entry(from.conn).or_default().push(leaf);
        batch
            .appended
            .entry(from.thread)
            .or_insert(Appended { first: seq, items: Vec::new() })
            .items
            .push(others_follow.then(|| item.clone()));
        batch.records.push(Record::Append {
            thread: from.thread,
            seq,
            time: self.now,
            item: item.into_inner(),
            by: from.device,
        });
    }

    /// Refuses an item; after the commit, if the reason may be something that is not durable yet.
    fn refuse_push(&mut self, from: Origin, item: &ItemHash, reason: Refusal) {
        let pending = self.threads.get(&from.thread).is_some_and(Thread::is_pending);
        if pending || reason == Refusal::Erased {
            let refused = Refused { item: item.short(), reason };
            self.when_durable(After::Say(from.conn, RelayToClient::Refused(refused)));
        } else {
            self.refuse(from.conn, item, reason);
        }
    }
}

fn is_link(item: &[u8]) -> bool {
    item_kind(item) == Ok(ItemKind::RosterLink)
}

/// The seqs up to `end` that a device asks receipts for and that are durable.
pub(crate) fn durable_leaves(
    id: ThreadId,
    thread: &Thread,
    seqs: &[Seq],
    end: Seq,
) -> Vec<ReceiptLeaf> {
    seqs.iter()
        .filter(|seq| **seq <= thread.durable.min(end))
        .filter_map(|seq| Some(ReceiptLeaf { thread: id, seq: *seq, item: thread.item(*seq)? }))
        .collect()
}
