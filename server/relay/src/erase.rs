//! Erasing a thread: everything of it goes, and a tombstone stays that refuses it for good
//! (`docs/adr/0021`).
//!
//! The core forgets at once and says so when the tombstone is durable; then it asks the host to
//! rebuild the store, for what was written stays in its files until then.

use tandem_proto::{
    RelayToClient, ThreadId, Tombstone,
    planted::{self, Fault},
};

use crate::{ConnId, Effect, Record, commit::After, relay::Relay};

impl Relay {
    /// What a thread is refused with, if it was erased.
    pub(crate) fn tombstone(&self, thread: &ThreadId) -> Option<&Tombstone> {
        self.erased.get(thread).filter(|_| !planted::is(Fault::ErasedComesBack))
    }

    /// Tells a connection that a thread was erased, if it was, once that is durable; whether it was.
    pub(crate) fn answer_erased(&mut self, conn: ConnId, thread: &ThreadId) -> bool {
        let Some(stone) = self.tombstone(thread).cloned() else { return false };
        self.when_durable(After::Say(conn, RelayToClient::Erased(stone)));
        true
    }

    /// A device shows a tombstone. One that this relay signed and has lost counts again, with a store
    /// that was wiped or copied back; anything else says nothing.
    pub(crate) fn shown_tombstone(&mut self, stone: Tombstone) {
        if self.erased.contains_key(&stone.thread) {
            return;
        }
        if stone.verify(&self.public).is_err() {
            self.counts.ignored_evidence += 1;
            return;
        }
        let held = self.threads.contains_key(&stone.thread);
        self.commits.collecting.records.push(Record::Erased(stone.clone()));
        self.bury(stone, held);
    }

    /// Forgets a thread under its tombstone, whose record has just been collected; says whether the
    /// store is to be rebuilt for it.
    pub(crate) fn bury(&mut self, stone: Tombstone, rebuild: bool) {
        let told = self.forget_thread(&stone.thread);
        self.erased.insert(stone.thread, stone.clone());
        self.when_durable(After::Erased { stone, told, rebuild });
    }

    /// The same, of a record that is read back.
    pub(crate) fn replay_tombstone(&mut self, stone: Tombstone) {
        self.forget_thread(&stone.thread);
        self.erased.insert(stone.thread, stone);
    }

    /// A tombstone is durable: whoever is connected and was served the thread hears of it, and what
    /// the store's files still have of it is to go.
    pub(crate) fn erased(&mut self, stone: &Tombstone, told: &[ConnId], rebuild: bool) {
        for conn in told {
            self.conns.send(*conn, RelayToClient::Erased(stone.clone()));
        }
        if rebuild {
            self.conns.effects.push_back(Effect::Rebuild);
        }
    }

    /// Forgets everything of a thread, also what is on its way; the connections that were served it.
    fn forget_thread(&mut self, id: &ThreadId) -> Vec<ConnId> {
        let Some(thread) = self.threads.remove(id) else { return Vec::new() };
        self.counts.items = self.counts.items.saturating_sub(thread.head().0);
        self.counts.bytes = self.counts.bytes.saturating_sub(thread.bytes);
        self.schools.forget_thread(id, thread.bytes);
        self.commits.forget_thread(id);
        for follower in &thread.followers {
            if let Some(device) = self.devices.get_mut(follower) {
                device.forget(id);
            }
        }
        let mut told = Vec::new();
        for conn in self.conns.ids() {
            let Some(conn_state) = self.conns.get_mut(conn) else { continue };
            conn_state.unfollow(id);
            if conn_state.version.is_some() && thread.served(&conn_state.device).is_some() {
                told.push(conn);
            }
        }
        told
    }
}
