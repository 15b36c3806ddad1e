//! Threads that the relay has erased: they are synced no more, and what is here stays here
//! (`docs/adr/0021`).
//!
//! A tombstone is believed by the relay's key, which this home has pinned. It says what the relay
//! did, and moves nobody to throw anything away. It is shown to a relay that does not seem to know
//! where we stand, and so may have lost it with the rest.

use tandem_proto::{
    ClientToRelay, ThreadId, Tombstone,
    planted::{Fault, is},
};

use crate::{
    Delivery, Engine, ErasedRow, Key, StuckReason,
    record::{Cargo, Kind, OutboxRecord, TombstoneRecord},
    state::Thread,
};

impl Thread {
    /// Whether the relay has erased it.
    pub(crate) const fn is_erased(&self) -> bool {
        self.erased.is_some()
    }

    /// The same, for a screen.
    pub(crate) fn erased_row(&self) -> Option<ErasedRow> {
        let stone = self.erased.as_ref()?;
        let words = stone.words.to_string();
        Some(ErasedRow { at: stone.at, because: stone.because, words })
    }
}

impl Engine {
    /// The relay says that it has erased a thread.
    pub(crate) fn thread_erased(&mut self, stone: Tombstone) {
        let id = stone.thread;
        if stone.verify(&self.me.relay.key).is_err() && !is(Fault::BelieveAnyTombstone) {
            return;
        }
        let Some(thread) = self.threads.get_mut(&id).filter(|thread| !thread.is_erased()) else {
            return;
        };
        let record = TombstoneRecord { stone: stone.clone() };
        self.out.put(Key::thread(Kind::Erased, &id), &record);
        thread.erased = Some(stone);
        thread.named = false;
        thread.ahead.clear();
        thread.acking = None;
        let keys = &mut thread.keys;
        keys.wishes.clear();
        keys.leaving.clear();
        keys.wanted.clear();
        self.keep_keys(&id);
        self.forget_flights(&id);
        self.stop_waiting(&id);
        self.session.moved = true;
        if let Some(term) = &mut self.retention {
            term.look_soon();
        }
        self.inbox_moved = true;
        self.touched.insert(id);
    }

    /// What was sent to the relay for a thread is answered by nobody any more.
    pub(crate) fn forget_flights(&mut self, id: &ThreadId) {
        let session = &mut self.session;
        session.in_flight.retain(|_, flight| flight.thread != *id);
        session.requested.retain(|_, thread| thread != id);
        session.refused.remove(id);
        session.uploading.remove(id);
    }

    /// What waits to leave says why it does not; who is to be in or out is decided no more.
    fn stop_waiting(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        let link = |item: &OutboxRecord| matches!(item.cargo, Cargo::Link { .. });
        let numbers = |links: bool| -> Vec<u64> {
            let items = thread.outbox.iter().filter(|(_, item)| link(item) == links);
            items.map(|(number, _)| *number).collect()
        };
        let (links, words) = (numbers(true), numbers(false));
        for number in links {
            self.drop_item(id, number);
        }
        self.mark_all_refused(id, &words, &StuckReason::Erased);
    }

    /// Shows the relay its own tombstones: it may have lost them.
    pub(crate) fn show_tombstones(&mut self) {
        if is(Fault::TombstoneNotShown) {
            return;
        }
        let stones: Vec<Tombstone> =
            self.threads.values().filter_map(|thread| thread.erased.clone()).collect();
        for stone in stones {
            self.send(ClientToRelay::Erased(stone));
        }
    }
}

/// How an own entry of an erased thread stands, by what was so at the relay: it has nothing any more.
pub(crate) fn delivery_once_erased(delivery: Delivery) -> Delivery {
    match delivery {
        Delivery::OnRelay { .. } | Delivery::OnThisPhone => {
            Delivery::Stuck { reason: StuckReason::Erased, next_try: None }
        }
        // What people have is no matter of the relay.
        other => other,
    }
}

#[cfg(test)]
mod tests;
