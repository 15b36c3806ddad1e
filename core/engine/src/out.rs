//! The way out: law 1, persist, then speak.
//!
//! While an input is handled, writes are collected into one batch and what is to be said waits
//! beside it. What is said after a commit is released when that commit is durable; what is said
//! while an earlier commit is under way waits for that one, so that nothing overtakes.

use std::collections::VecDeque;

use tandem_proto::{
    ThreadId,
    planted::{Fault, is},
};

use crate::{
    Batch, CommitId, Effect, Key, Trouble, Write,
    record::{Record, Tails},
};

#[derive(Debug, Default)]
pub(crate) struct Out {
    ready: VecDeque<Effect>,
    batch: Batch,
    held: Vec<Effect>,
    forgotten: Vec<ThreadId>,
    commits: VecDeque<(CommitId, Vec<Effect>)>,
    next: u64,
    /// What newer versions wrote behind the records.
    pub(crate) tails: Tails,
}

impl Out {
    /// Nothing to say yet, over a store that these tails were read from.
    pub(crate) fn new(tails: Tails) -> Self {
        Self { tails, ..Self::default() }
    }

    /// Stores a record with the commit of this input.
    pub(crate) fn put<T: Record>(&mut self, key: Key, value: &T) {
        let value = self.tails.write(&key, value);
        self.batch.push(Write::Put(key, value));
    }

    /// Stores bytes that have a format of their own.
    pub(crate) fn put_raw(&mut self, key: Key, value: Vec<u8>) {
        self.batch.push(Write::Put(key, value));
    }

    /// Removes a record with the commit of this input.
    pub(crate) fn delete(&mut self, key: Key) {
        self.batch.push(Write::Delete(key));
    }

    /// Forgets a thread after the commit of this input; nothing is said before.
    pub(crate) fn forget(&mut self, thread: ThreadId) {
        self.tails.forget(&thread);
        self.forgotten.push(thread);
    }

    /// Says something once everything written so far is durable.
    pub(crate) fn say(&mut self, effect: Effect) {
        self.held.push(effect);
    }

    /// Does something that tells nobody anything: a dial waits for no commit.
    pub(crate) fn now(&mut self, effect: Effect) {
        self.ready.push_back(effect);
    }

    /// Forgets what was to be sent, and said of the sync, on a connection that is gone.
    pub(crate) fn forget_sends(&mut self) {
        let keep = |effect: &Effect| !matches!(effect, Effect::Send(_) | Effect::Settled(_));
        self.ready.retain(keep);
        self.held.retain(keep);
        for (_, waiting) in &mut self.commits {
            waiting.retain(keep);
        }
    }

    /// Reads records, after what is being written of them is durable.
    pub(crate) fn load(&mut self, thread: ThreadId, keys: Vec<Key>) {
        self.held.push(Effect::Load(thread, keys));
    }

    /// Ends the handling of one input.
    pub(crate) fn flush(&mut self) {
        if is(Fault::SpeakBeforePersist) {
            self.ready.extend(self.held.drain(..));
        }
        let forgotten = std::mem::take(&mut self.forgotten);
        if !self.batch.is_empty() {
            let id = self.take_number();
            self.tails.committed(self.batch.writes());
            self.ready.push_back(Effect::Persist(id, std::mem::take(&mut self.batch)));
            let held = if forgotten.is_empty() { std::mem::take(&mut self.held) } else { vec![] };
            self.commits.push_back((id, held));
        }
        for thread in forgotten {
            let id = self.take_number();
            self.ready.push_back(Effect::Forget(id, thread));
            self.commits.push_back((id, Vec::new()));
        }
        match self.commits.back_mut() {
            Some((_, waiting)) => waiting.append(&mut self.held),
            None => self.ready.extend(self.held.drain(..)),
        }
    }

    const fn take_number(&mut self) -> CommitId {
        let id = CommitId(self.next);
        self.next += 1;
        id
    }

    /// A commit is durable: what waited for it is said.
    pub(crate) fn persisted(&mut self, id: CommitId) {
        while let Some((first, _)) = self.commits.front() {
            if *first > id {
                break;
            }
            if let Some((_, waiting)) = self.commits.pop_front() {
                self.ready.extend(waiting);
            }
        }
    }

    /// A commit failed: nothing that waited is said, and whoever asked is told.
    pub(crate) fn failed(&mut self, why: &str) {
        let waiting = self.commits.drain(..).flat_map(|(_, waiting)| waiting);
        for effect in waiting.chain(self.held.drain(..)) {
            if let Effect::Answer(ticket, _) = effect {
                let answer = Err(Trouble::NotKept(why.to_owned()));
                self.ready.push_back(Effect::Answer(ticket, answer));
            }
        }
        self.batch = Batch::new();
    }

    /// Whether a commit is under way or collected.
    pub(crate) fn is_writing(&self) -> bool {
        !self.commits.is_empty() || !self.batch.is_empty()
    }

    pub(crate) fn poll(&mut self) -> Option<Effect> {
        self.ready.pop_front()
    }
}
