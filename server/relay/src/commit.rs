//! Group commits: what changed together, and what is told once it is durable.

use std::collections::BTreeMap;

use tandem_proto::{
    Closing, DeviceKey, Generation, Hash16, Item, ItemHash, MailStored, MailboxId, ReceiptLeaf,
    Refusal, Refused, RelayToClient, Seq, SignedCursors, ThreadId, Tombstone, TransportKey,
    planted::{self, Fault},
};

use crate::{
    AdminError, AdminId, AdminReply, CommitId, ConnId, Effect, Record,
    relay::{Relay, Stage},
};

/// What is to be told once a commit is durable.
#[derive(Debug)]
pub(crate) enum After {
    /// A frame.
    Say(ConnId, RelayToClient),
    /// The relay's signature over a device's cursors.
    SignCursors { conn: ConnId, device: TransportKey, generation: Generation, root: [u8; 32] },
    /// That a thread's roster moved, to whoever came in or fell out by it.
    RosterMoved(ThreadId),
    /// A member's acknowledgement, to the others.
    PassOn { thread: ThreadId, device: DeviceKey, revision: u64 },
    /// A letter, to its sender and to who watches.
    Letter { mailbox: MailboxId, letter: Hash16, from: ConnId },
    /// What came of a request of whoever runs the relay, to them and to whom it sends away.
    Admin(AdminId, Box<AdminReply>),
    /// That a thread was erased, to whoever was served it; whether the store is to be rebuilt.
    Erased { stone: Tombstone, told: Vec<ConnId>, rebuild: bool },
}

/// Items that one commit adds to one thread's log: neighbours, since a log has no gaps.
#[derive(Debug, Clone)]
pub(crate) struct Appended {
    pub(crate) first: Seq,
    /// Their bytes, where somebody else than the pusher followed when they came.
    pub(crate) items: Vec<Option<Item>>,
}

impl Appended {
    pub(crate) fn last(&self) -> Seq {
        Seq((self.first.0 + self.items.len() as u64).saturating_sub(1))
    }
}

/// The changes of one commit.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) records: Vec<Record>,
    pub(crate) generation: Option<Generation>,
    pub(crate) appended: BTreeMap<ThreadId, Appended>,
    pub(crate) receipts: BTreeMap<ConnId, Vec<ReceiptLeaf>>,
    pub(crate) after: Vec<After>,
}

/// What collects, and what is on its way to the disk.
///
/// That is one commit: what arrives while it is synced shares the next sync and signature. A second
/// one waiting behind it would be closed too early, with little in it, and all after it later.
#[derive(Debug, Default)]
pub(crate) struct Commits {
    /// What this and later inputs change until it may go.
    pub(crate) collecting: Batch,
    outstanding: Option<(CommitId, Batch)>,
    next: u64,
}

impl Commits {
    /// Whether nothing waits for the disk.
    pub(crate) fn is_idle(&self) -> bool {
        self.outstanding.is_none() && self.collecting.records.is_empty()
    }

    pub(crate) fn outstanding(&self) -> usize {
        usize::from(self.outstanding.is_some())
    }

    /// The last commit that is not durable yet, if there is one.
    fn newest(&mut self) -> Option<&mut Batch> {
        if self.collecting.records.is_empty() {
            self.outstanding.as_mut().map(|(_, batch)| batch)
        } else {
            Some(&mut self.collecting)
        }
    }

    /// The commit that appends this item, when it is not durable yet.
    pub(crate) fn of_append(&mut self, thread: &ThreadId, seq: Seq) -> Option<&mut Batch> {
        self.outstanding
            .as_mut()
            .map(|(_, batch)| batch)
            .into_iter()
            .chain([&mut self.collecting])
            .find(|batch| batch.appended.get(thread).is_some_and(|a| a.last() >= seq))
    }

    /// Forgets what waits to be told of a thread, and what is not on its way to the disk yet.
    pub(crate) fn forget_thread(&mut self, id: &ThreadId) {
        self.collecting.records.retain(|record| record.thread() != Some(id));
        let outstanding = self.outstanding.as_mut().map(|(_, batch)| batch);
        for batch in outstanding.into_iter().chain([&mut self.collecting]) {
            batch.appended.remove(id);
            for leaves in batch.receipts.values_mut() {
                leaves.retain(|leaf| leaf.thread != *id);
            }
        }
    }

    fn start(&mut self) -> Option<(CommitId, &mut Batch)> {
        if self.collecting.records.is_empty() || self.outstanding.is_some() {
            return None;
        }
        let id = CommitId(self.next);
        self.next += 1;
        let batch = std::mem::take(&mut self.collecting);
        let (id, batch) = self.outstanding.insert((id, batch));
        Some((*id, batch))
    }

    /// The outstanding commit, if it is this one.
    fn complete(&mut self, id: CommitId) -> Option<Batch> {
        self.outstanding.take_if(|(outstanding, _)| *outstanding == id).map(|(_, batch)| batch)
    }

    fn take_all(&mut self) -> impl Iterator<Item = Batch> + use<> {
        let collecting = std::mem::take(&mut self.collecting);
        self.outstanding.take().map(|(_, batch)| batch).into_iter().chain([collecting])
    }
}

impl Relay {
    /// Sends what collected on its way, when it may go.
    pub(crate) fn start_commit(&mut self) -> Option<Effect> {
        let (id, batch) = self.commits.start()?;
        let records = std::mem::take(&mut batch.records);
        let unsynced =
            planted::is(Fault::ReceiptBeforeSync).then(|| std::mem::take(&mut batch.receipts));
        let unwritten = planted::is(Fault::FanOutBeforeAppend).then(|| batch.appended.clone());
        self.send_receipts(unsynced.unwrap_or_default());
        for (thread, appended) in unwritten.unwrap_or_default() {
            self.fan_out(thread, &appended);
        }
        Some(Effect::Commit(id, records))
    }

    /// Says something once everything that changed so far is durable; now, if it is.
    pub(crate) fn when_durable(&mut self, after: After) {
        match self.commits.newest() {
            Some(batch) => batch.after.push(after),
            None => self.perform(after),
        }
    }

    /// A commit is durable: append, make durable, then receipt, then fan out.
    pub(crate) fn committed(&mut self, id: CommitId) {
        let Some(batch) = self.commits.complete(id) else { return };
        if let Some(generation) = batch.generation {
            self.told = Some(generation);
            self.greet_everybody();
        }
        for (thread, appended) in &batch.appended {
            if let Some(thread) = self.threads.get_mut(thread) {
                thread.durable = appended.last();
            }
        }
        self.send_receipts(batch.receipts);
        for after in batch.after {
            self.perform(after);
        }
        for (thread, appended) in batch.appended {
            self.fan_out(thread, &appended);
        }
        self.finish_stopping();
    }

    fn perform(&mut self, after: After) {
        match after {
            After::Say(conn, frame) => self.conns.send(conn, frame),
            After::SignCursors { conn, device, generation, root } => {
                // Drawn anew in between: these cursors are forgotten and greeted afresh.
                if generation == self.generation {
                    let signed =
                        SignedCursors::sign(&self.key, &device, generation, self.now, root);
                    self.conns.send(conn, RelayToClient::CursorsSigned(signed));
                }
            }
            After::RosterMoved(thread) => self.roster_moved(thread),
            After::PassOn { thread, device, revision } => self.pass_on(thread, &device, revision),
            After::Letter { mailbox, letter, from } => {
                let stored = MailStored { mailbox, letter };
                self.conns.send(from, RelayToClient::MailStored(stored));
                self.announce_letter(mailbox, letter);
            }
            After::Admin(id, reply) => {
                self.conns.effects.push_back(Effect::Admin(id, Ok(*reply)));
                self.turn_out();
            }
            After::Erased { stone, told, rebuild } => self.erased(&stone, &told, rebuild),
        }
    }

    /// The disk failed: whoever waits is refused, everybody is sent away, and this core is done.
    pub(crate) fn commit_failed(&mut self) {
        for batch in self.commits.take_all() {
            for (conn, leaves) in batch.receipts {
                for leaf in leaves {
                    self.refuse(conn, &leaf.item, Refusal::Unavailable);
                }
            }
            for after in batch.after {
                match after {
                    After::Letter { letter, from, .. } => {
                        let refused = Refused { item: letter, reason: Refusal::Unavailable };
                        self.conns.send(from, RelayToClient::Refused(refused));
                    }
                    After::Admin(id, _) => {
                        let failed = Err(AdminError::Unavailable);
                        self.conns.effects.push_back(Effect::Admin(id, failed));
                    }
                    After::Say(..)
                    | After::SignCursors { .. }
                    | After::RosterMoved(_)
                    | After::PassOn { .. }
                    | After::Erased { .. } => {}
                }
            }
        }
        for id in self.conns.ids() {
            self.conns.close(id, Closing::Busy(crate::RETRY_MS));
        }
        self.stage = Stage::Finished;
    }

    pub(crate) fn refuse(&mut self, conn: ConnId, item: &ItemHash, reason: Refusal) {
        let refused = Refused { item: item.short(), reason };
        self.conns.send(conn, RelayToClient::Refused(refused));
    }
}
