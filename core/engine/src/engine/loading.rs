//! A thread's records: brought into memory when something needs them, and put away again.

use tandem_proto::ThreadId;

use super::MAX_LOADED;
use crate::{
    Effect, Engine, Key, Trouble,
    state::{Deferred, Loaded, Thread, Unread},
};

impl Engine {
    /// Does what needs a thread's records: now, or when they have been read.
    pub(crate) fn with_records(&mut self, id: &ThreadId, deferred: Deferred) {
        let Some(thread) = self.thread(id) else { return };
        if let Some(why) = &thread.damaged {
            let why = why.clone();
            self.session.uploading.remove(id);
            self.refuse_deferred(deferred, why);
            return;
        }
        if thread.loaded.is_some() && !thread.loading && thread.deferred.is_empty() {
            self.run(*id, deferred);
            return;
        }
        thread.deferred.push_back(deferred);
        self.load(id);
    }

    /// Asks for a thread's records, if they are not here or on their way.
    pub(crate) fn load(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if thread.loaded.is_none() && !thread.loading && thread.damaged.is_none() {
            thread.loading = true;
            thread.overtaken = false;
            let keys = thread.keys_to_read();
            self.out.load(*id, keys);
        }
    }

    pub(super) fn loaded(&mut self, id: ThreadId, records: Vec<(Key, Vec<u8>)>) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        thread.loading = false;
        if thread.unread == Unread::Asked {
            return self.waiting_was_read(id, &records);
        }
        let overtaken = std::mem::take(&mut thread.overtaken);
        let items = std::mem::take(&mut thread.reading_items) && !overtaken;
        let tails = &mut self.out.tails;
        let read = match thread.loaded.as_mut() {
            None if overtaken => return self.load(&id),
            Some(loaded) => {
                loaded.all_items |= items;
                loaded.learn_items(&id, records, tails)
            }
            None => {
                let (era, items) = (thread.record.era, thread.knows_what_comes());
                Loaded::read(&id, era, items, records, tails).map(|loaded| {
                    thread.loaded = Some(loaded);
                    self.in_memory.insert(id);
                })
            }
        };
        if let Err(e) = read {
            return self.load_failed(id, e.into());
        }
        if overtaken {
            return self.read_items(&id);
        }
        // A crash may have come between a removal and what it means for the rows.
        let stands = |thread: &Thread| thread.record.folded_by == thread.cast.last_words();
        if !self.threads.get(&id).is_none_or(stands) {
            self.fold_again(&id);
        }
        self.go_on(id);
    }

    /// A thread's records are here: goes on with what waited for them.
    pub(crate) fn go_on(&mut self, id: ThreadId) {
        // What was read before something else was asked for is taken in before it.
        self.advance(id);
        let next = |this: &mut Self| {
            // One of them may have to read on.
            this.threads.get_mut(&id).filter(|thread| !thread.loading)?.deferred.pop_front()
        };
        while let Some(deferred) = next(self) {
            self.run(id, deferred);
        }
        self.advance(id);
    }

    pub(crate) fn load_failed(&mut self, id: ThreadId, why: Trouble) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        thread.loading = false;
        thread.damaged = Some(why.clone());
        self.session.uploading.remove(&id);
        let Some(thread) = self.threads.get_mut(&id) else { return };
        for deferred in std::mem::take(&mut thread.deferred) {
            self.refuse_deferred(deferred, why.clone());
        }
    }

    pub(crate) fn refuse_deferred(&mut self, deferred: Deferred, why: Trouble) {
        if let Deferred::Intent(ticket, _) | Deferred::Query(ticket, _) = deferred {
            self.out.say(Effect::Answer(ticket, Err(why)));
        }
    }

    /// Does what was waiting for a thread's records, which are here.
    fn run(&mut self, id: ThreadId, deferred: Deferred) {
        match deferred {
            Deferred::Intent(ticket, intent) => {
                let answer = self.perform(&id, intent);
                self.out.say(Effect::Answer(ticket, answer));
            }
            Deferred::Query(ticket, query) => {
                let answer = self.answer(&id, &query);
                self.out.say(Effect::Answer(ticket, answer));
            }
            Deferred::Watch(watch) => self.show_thread(watch, &id),
            Deferred::Acknowledged(revision, ack) => {
                self.take_acknowledgement(&id, revision, ack);
            }
            Deferred::Upload => self.upload(&id),
            Deferred::Receipt(receipt) => self.placed_receipt(&id, &receipt),
            Deferred::Weigh => self.weigh_acknowledgements(&id),
            Deferred::Welcome(invite) => self.welcome(&id, &invite),
            Deferred::Refused(reasons) => self.take_out(&id, &reasons),
            Deferred::TryAgain => self.try_again(&id),
            Deferred::Excepted(items) => self.carry_excepted(&id, &items),
            Deferred::Admit(invite) => self.let_in(&id, &invite),
            Deferred::Follow => self.follow(&id),
            Deferred::Reseat(request) => self.reseat(&id, request),
            Deferred::Unseated => self.unseated(&id),
            Deferred::Seated(device) => self.seated(&id, &device),
            Deferred::Members => self.change_members(&id),
            Deferred::Renew => self.renew_in(&id),
            Deferred::FoldAgain => self.fold_again(&id),
        }
    }

    /// Puts away the records of threads that have not been used for longest.
    pub(super) fn put_away(&mut self) {
        if self.in_memory.len() <= MAX_LOADED {
            return;
        }
        let mut idle: Vec<(u64, ThreadId)> = self
            .in_memory
            .iter()
            .filter_map(|id| self.threads.get(id))
            .filter(|t| t.loaded.as_ref().is_some_and(|l| l.rows.is_none()) && !t.is_busy())
            .map(|t| (t.used, t.id))
            .collect();
        // What is still being written could not be read back yet.
        if idle.len() <= MAX_LOADED || self.out.is_writing() {
            return;
        }
        idle.sort_unstable();
        for (_, id) in idle.drain(..idle.len() - MAX_LOADED) {
            if let Some(thread) = self.threads.get_mut(&id) {
                thread.loaded = None;
                self.in_memory.remove(&id);
                self.out.tails.put_away(&id);
            }
        }
    }
}
