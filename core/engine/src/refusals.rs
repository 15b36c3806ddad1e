//! What the relay refused: what waits for something to pass, and what leaves the document.
//!
//! A device that is not a member is refused whatever it sends, and what it said stays where it
//! stands until it is let in again. Anything else that is refused would hold back all that was said
//! after it: it is taken out of the document and kept beside it, and the later words are made again
//! (ADR 0010).

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use tandem_proto::{
    Refusal, Refused, ThreadId, Timestamp,
    planted::{Fault, is},
};

use crate::{
    Engine, Key, StuckReason, Trouble,
    batch::Attestation,
    record::{Cargo, Deed, Kind, OutboxRecord},
    session::Flight,
    state::{Deferred, Pushed, Thread},
    thread::{DocError, ThreadDoc},
};

/// Links of one thread that may lose on one connection before the rest waits for the next: as many
/// as a school office lets in at once, and no endless quarrel with a relay that takes none.
const MAX_LOST_LINKS: usize = 64;

/// How often something of one thread may be too late for its epoch on one connection: as often as a
/// school office lets people in while somebody writes, and no endless quarrel with a relay that
/// takes nothing.
const MAX_STALE: usize = 64;

/// How long something that was over a limit waits before it is tried again.
const TRY_AGAIN_MS: u64 = 24 * 3600 * 1000;

impl StuckReason {
    /// When something that was refused at `tried` goes on its way again by itself.
    pub(crate) fn next_try(&self, tried: Timestamp) -> Option<Timestamp> {
        // A limit is a matter of time, or of who runs the relay.
        matches!(self, Self::OverQuota).then(|| tried.plus_ms(TRY_AGAIN_MS))
    }
}

/// What is to leave the document, and what was said after it.
struct TakenOut {
    refused: Vec<(u64, Deed, StuckReason)>,
    again: Vec<(u64, Deed)>,
    changes: BTreeSet<ChangeHash>,
}

impl TakenOut {
    /// The refused changes of the outbox and all that follow. Those that the relay has taken are
    /// among them: they build on what nobody else can ever have.
    fn of(thread: &Thread, reasons: &BTreeMap<u64, StuckReason>) -> Self {
        let mut this = Self { refused: Vec::new(), again: Vec::new(), changes: BTreeSet::new() };
        for (number, item) in &thread.outbox {
            let Cargo::Change { change, deed, .. } = &item.cargo else { continue };
            match reasons.get(number) {
                Some(reason) => this.refused.push((*number, deed.clone(), reason.clone())),
                None if this.refused.is_empty() => continue,
                None => this.again.push((*number, deed.clone())),
            }
            this.changes.insert(*change);
        }
        this
    }
}

impl Engine {
    /// The relay did not take something.
    pub(crate) fn take_refusal(&mut self, refused: &Refused) {
        self.session.letters.remove(&refused.item);
        let Some(flight) = self.session.in_flight.remove(&refused.item) else { return };
        let id = flight.thread;
        match refused.reason {
            Refusal::UnknownThread => self.show_again(&id),
            // Whether we are a member is not known before the roster has been caught up with.
            Refusal::NotAMember if !self.session.uploaded => self.show_again(&id),
            Refusal::Unavailable => self.come_back_later(),
            Refusal::StaleEpoch => self.seal_again(&id),
            Refusal::StaleLink => self.link_lost(&id, &flight),
            Refusal::NotAMember => self.outside(&id, &flight.pushed),
            Refusal::NotAdmitted => self.barred(&id, &flight.pushed, &StuckReason::NotAdmitted),
            Refusal::Suspended => self.barred(&id, &flight.pushed, &StuckReason::SchoolSuspended),
            // Its tombstone came before, or comes the next time: a refusal alone is signed by nobody.
            Refusal::Erased => {}
            Refusal::Malformed | Refusal::OverQuota => {
                let reason = match refused.reason {
                    Refusal::OverQuota => StuckReason::OverQuota,
                    _ => StuckReason::Malformed,
                };
                if let Pushed::Item(number) = flight.pushed {
                    self.session.refused.entry(id).or_default().insert(number, reason);
                }
            }
        }
    }

    /// Something was refused because the relay lacks the thread, or us in it; the roster goes
    /// first, then everything again.
    fn show_again(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        if self.session.uploaded && !thread.shown {
            self.show_thread_to_relay(*id);
        }
    }

    /// The group has moved on: what was refused is sealed again, after catching up.
    fn seal_again(&mut self, id: &ThreadId) {
        // While catching up that comes anyhow.
        if !self.session.uploaded || is(Fault::NotSealedAgain) {
            return;
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        thread.stale += 1;
        if thread.stale > MAX_STALE {
            return self.come_back_later();
        }
        self.session.uploaded = false;
        self.name_thread(id);
    }

    fn link_lost(&mut self, id: &ThreadId, flight: &Flight) {
        if let Pushed::Item(number) = flight.pushed {
            self.drop_item(id, number);
        }
        // The log shows which link won; the admission is made again after catching up.
        let Some(thread) = self.threads.get_mut(id) else { return };
        thread.lost.insert(flight.item);
        if thread.lost.len() <= MAX_LOST_LINKS {
            self.session.uploaded = false;
            self.name_thread(id);
        }
    }

    /// We are not in the roster that the relay has. What waits goes on waiting, and says why.
    fn outside(&mut self, id: &ThreadId, pushed: &Pushed) {
        let Pushed::Item(number) = pushed else { return };
        let item = self.threads.get(id).and_then(|thread| thread.outbox.get(number));
        match item.map(|item| &item.cargo) {
            // An admission is made again when we are in.
            Some(Cargo::Link { .. }) => self.drop_item(id, *number),
            Some(_) => self.mark_refused(id, *number, &StuckReason::NotAMember),
            None => {}
        }
    }

    /// The relay takes nothing of this thread for its school's sake. Everything stays as it is and goes
    /// again.
    fn barred(&mut self, id: &ThreadId, pushed: &Pushed, reason: &StuckReason) {
        if let Pushed::Item(number) = pushed {
            self.mark_refused(id, *number, reason);
        }
        if let Some(thread) = self.threads.get_mut(id) {
            thread.barred = true;
        }
        self.offer_later();
    }

    /// Notes on an item that stays in the outbox why it does not leave.
    fn mark_refused(&mut self, id: &ThreadId, number: u64, reason: &StuckReason) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(item) = thread.outbox.get_mut(&number) else { return };
        if item.refused.as_ref() != Some(reason) {
            item.refused = Some(reason.clone());
            self.out.put(Key::number(Kind::Outbox, id, number), item);
            self.touched.insert(*id);
        }
    }

    /// Notes on items that stay in the outbox why they do not leave.
    pub(crate) fn mark_all_refused(
        &mut self,
        id: &ThreadId,
        numbers: &[u64],
        reason: &StuckReason,
    ) {
        for number in numbers {
            let item = self.threads.get(id).and_then(|thread| thread.outbox.get(number));
            if item.is_some_and(|item| matches!(item.cargo, Cargo::Change { .. })) {
                self.mark_refused(id, *number, reason);
            }
        }
    }

    /// The roster has moved: if we are in, what was refused because we were not goes again.
    pub(crate) fn inside_again(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        let refused = thread.outbox.values().any(|item| item.refused.is_some());
        if refused && thread.roster.members().contains_key(&self.me.device) {
            self.session.uploaded = false;
        }
    }

    /// Takes out what was refused, once the relay has answered everything of that thread: one
    /// rebuilding, however many there are.
    pub(crate) fn take_refused(&mut self) {
        let answered: Vec<ThreadId> = self
            .session
            .refused
            .keys()
            .filter(|id| !self.session.in_flight.values().any(|flight| flight.thread == **id))
            .copied()
            .collect();
        for id in answered {
            if let Some(reasons) = self.session.refused.remove(&id) {
                self.with_records(&id, Deferred::Refused(reasons));
            }
        }
    }

    /// Takes refused changes out of the document, keeps them as stuck, and makes the later own
    /// changes of that thread again under a new incarnation (DESIGN section 6).
    pub(crate) fn take_out(&mut self, id: &ThreadId, reasons: &BTreeMap<u64, StuckReason>) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let links: Vec<u64> = reasons
            .keys()
            .filter(|number| {
                let item = thread.outbox.get(number);
                item.is_some_and(|item| matches!(item.cargo, Cargo::Link { .. }))
            })
            .copied()
            .collect();
        let taken = TakenOut::of(thread, reasons);
        for number in links {
            self.drop_item(id, number);
        }
        if taken.refused.is_empty() {
            return;
        }
        match self.rebuild_without(id, &taken.changes) {
            Ok(()) => {}
            // Others have it from an earlier generation, and their words build on it: it stays.
            Err(DocError::Needed) => {
                for (number, _, reason) in &taken.refused {
                    self.mark_refused(id, *number, reason);
                }
                return;
            }
            Err(e) => return self.load_failed(*id, Trouble::Damaged(e.to_string())),
        }
        let numbers = taken.refused.iter().map(|(number, ..)| *number);
        for number in numbers.chain(taken.again.iter().map(|(number, _)| *number)) {
            self.drop_item(id, number);
            self.session.in_flight.retain(|_, flight| {
                let same = matches!(flight.pushed, Pushed::Item(n) if n == number);
                flight.thread != *id || !same
            });
        }
        for (number, deed, reason) in taken.refused {
            self.keep_stuck(id, number, deed, reason);
        }
        for (number, deed) in taken.again {
            self.make_again(id, number, deed);
        }
        self.compact(id);
        self.keep_thread(id);
        self.touched.insert(*id);
    }

    /// Something over a limit is tried again after a while, on the next connection.
    pub(crate) fn try_again(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        let due: Vec<(u64, Deed)> = thread
            .outbox
            .iter()
            .filter_map(|(number, item)| match &item.cargo {
                Cargo::Stuck { deed, reason, tried } => {
                    let next = reason.next_try(*tried)?;
                    // A time that lies ahead was named by a clock that was wrong.
                    (next <= self.now || *tried > self.now).then(|| (*number, deed.clone()))
                }
                _ => None,
            })
            .collect();
        for (number, deed) in due {
            self.drop_item(id, number);
            self.make_again(id, number, deed);
        }
    }

    /// Whether anything of a thread is to be tried again now.
    pub(crate) fn may_try_again(&self, thread: &Thread) -> bool {
        thread.outbox.values().any(|item| match &item.cargo {
            Cargo::Stuck { reason, tried, .. } => {
                reason.next_try(*tried).is_some_and(|at| at <= self.now || *tried > self.now)
            }
            _ => false,
        })
    }

    fn make_again(&mut self, id: &ThreadId, number: u64, deed: Deed) {
        // Made from the same deed before; what can't be made again stays with its writer.
        if self.act(id, deed.clone()).is_err() {
            self.keep_stuck(id, number, deed, StuckReason::Refused);
        }
    }

    /// Makes document, fold and records anew without some changes.
    fn rebuild_without(
        &mut self,
        id: &ThreadId,
        taken: &BTreeSet<ChangeHash>,
    ) -> Result<(), DocError> {
        let Some(thread) = self.threads.get_mut(id) else { return Ok(()) };
        let Some(loaded) = thread.loaded.as_mut() else { return Ok(()) };
        let mut doc = loaded.doc()?.without(taken)?;
        let fold = thread.cast.fold(&mut doc);
        let is_gone = |changes: &[ChangeHash]| changes.iter().any(|change| taken.contains(change));
        let met =
            loaded.items.iter().filter(|(_, changes)| is_gone(changes)).map(|(item, _)| *item);
        let sent = loaded.sent.values().filter(|sent| taken.contains(&sent.change));
        let placed = sent.filter_map(|sent| sent.place.map(|place| place.item.short()));
        let items: Vec<_> = met.chain(placed).collect();
        loaded.replace(doc);
        for item in items {
            loaded.items.remove(&item);
            self.out.delete(Key::item(id, &item));
        }
        for entry in self.keep_fold(id, fold) {
            self.out.delete(Key::entry(Kind::Sent, id, &entry));
            if let Some(loaded) = self.threads.get_mut(id).and_then(|t| t.loaded.as_mut()) {
                loaded.sent.remove(&entry);
            }
        }
        if let Some(thread) = self.threads.get_mut(id) {
            thread.actor = None;
            thread.record.unmet.retain(|change| !taken.contains(change));
        }
        self.vouch_again(id, taken);
        Ok(())
    }

    /// Signs for what is left of the actors whose newest changes were taken out: an attestation of a
    /// change that is nowhere any more vouches for nothing.
    fn vouch_again(&mut self, id: &ThreadId, gone: &BTreeSet<ChangeHash>) {
        let Some(loaded) = self.threads.get_mut(id).and_then(|t| t.loaded.as_mut()) else { return };
        let actors: Vec<Vec<u8>> = loaded
            .attestations
            .iter()
            .filter(|(_, attestation)| gone.contains(&attestation.change))
            .map(|(actor, _)| actor.clone())
            .collect();
        let Ok(changes) = loaded.doc().map(ThreadDoc::changes) else { return };
        for actor in actors {
            let newest = changes
                .iter()
                .filter(|change| change.actor_id().to_bytes() == actor.as_slice())
                .max_by_key(|change| change.seq());
            let key = Key::attestation(id, &actor);
            if let Some(change) = newest {
                let attestation = Attestation::sign(
                    &self.me.identity,
                    id,
                    change.actor_id(),
                    change.seq(),
                    change.hash(),
                );
                self.out.put(key, &attestation);
                loaded.attestations.insert(actor, attestation);
            } else {
                self.out.delete(key);
                loaded.attestations.remove(&actor);
            }
        }
    }

    fn keep_stuck(&mut self, id: &ThreadId, number: u64, deed: Deed, reason: StuckReason) {
        let cargo = Cargo::Stuck { deed, reason, tried: self.now };
        let Some(thread) = self.threads.get_mut(id) else { return };
        let item = OutboxRecord::new(cargo);
        self.out.put(Key::number(Kind::Outbox, id, number), &item);
        thread.outbox.insert(number, item);
    }
}

#[cfg(test)]
mod tests;
