//! Farewells: a person leaves, and any member takes their devices out.

use tandem_proto::{
    Because, Farewell, Leaver, Seq, Statement, ThreadId,
    limits::MAX_LEAVERS,
    planted::{Fault, is},
};

use crate::{
    Engine, StuckReason,
    record::{Cargo, OutboxRecord},
    state::{Cast, Deferred, Pushed},
};

impl Engine {
    /// The log shows that somebody leaves.
    pub(crate) fn take_farewell(&mut self, id: &ThreadId, seq: Seq, item: &[u8]) -> bool {
        let Ok(farewell) = Farewell::from_item(id, item) else { return false };
        let Some(thread) = self.threads.get_mut(id) else { return false };
        let member = thread.roster.members().get(&farewell.device);
        let Some(person) = member.map(|card| card.person) else {
            // Whoever said it is out by now, or never was in: nothing is to be done.
            return thread.roster.card_ever(&farewell.device).is_some();
        };
        if person == self.me.person {
            return true;
        }
        thread.record.others = seq;
        if !thread.keys.leaving.contains(&farewell) && !is(Fault::IgnoreFarewells) {
            thread.keys.leaving.push(farewell);
            self.keep_keys(id);
            self.session.uploaded = false;
        }
        true
    }

    /// Says that this person leaves, until the log shows it and somebody has answered.
    pub(super) fn say_farewell(&mut self, id: &ThreadId) {
        let item = Farewell::sign(&self.me.identity, id).to_item();
        self.push_items(id, vec![(Pushed::Request, item)]);
    }

    /// Takes out those who said that they leave.
    pub(super) fn let_leave(&mut self, id: &ThreadId) {
        let Some(ahead) = self.roster_ahead(id) else { return };
        let leaving = self.threads.get(id).map(|t| t.keys.leaving.clone()).unwrap_or_default();
        for farewell in leaving {
            let Some(card) = ahead.members().get(&farewell.device) else { continue };
            let theirs = ahead.members().values().filter(|member| member.person == card.person);
            let out: Vec<Leaver> = theirs
                .take(MAX_LEAVERS)
                .map(|card| self.leaver(id, &card.device, Because::Left(farewell.clone())))
                .collect();
            if let Ok(out) = out.try_into() {
                self.make_link(id, Statement::Remove { out }, None);
            }
        }
    }

    /// The roster has moved: says anew who is who, and what counts of what they said.
    pub(crate) fn recast(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        thread.cast = Cast::of(&thread.roster);
        if thread.record.folded_by != thread.cast.last_words() {
            self.with_records(id, Deferred::FoldAgain);
        }
    }

    /// A link has come: what it did is no longer wished for. If it took this device out, what waits
    /// does not leave any more, and says why.
    pub(crate) fn notice_removal(&mut self, id: &ThreadId) {
        self.forget_what_is_done(id);
        let Some(thread) = self.threads.get(id) else { return };
        if !thread.roster.is_out(&self.me.device) {
            return;
        }
        let waiting = |item: &OutboxRecord| item.met.is_none();
        let numbers: Vec<u64> =
            thread.outbox.iter().filter(|(_, item)| waiting(item)).map(|(n, _)| *n).collect();
        self.mark_all_refused(id, &numbers, &StuckReason::Removed);
        if let Some(term) = &mut self.retention {
            term.look_soon();
        }
        for number in numbers {
            let item = self.threads.get(id).and_then(|thread| thread.outbox.get(&number));
            if item.is_some_and(|item| matches!(item.cargo, Cargo::Link { .. })) {
                self.drop_item(id, number);
            }
        }
    }

    /// Forgets what has been done: who left is out, and what was wished for is so.
    pub(super) fn forget_what_is_done(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let members = thread.roster.members();
        let before = (thread.keys.leaving.len(), thread.keys.wishes.len());
        thread.keys.leaving.retain(|farewell| members.contains_key(&farewell.device));
        let me = self.me.device;
        thread.keys.wishes.retain(|wish| wish.is_open(members, &me));
        if before != (thread.keys.leaving.len(), thread.keys.wishes.len()) {
            self.keep_keys(id);
            self.touched.insert(*id);
        }
    }
}
