//! The generation: when a store is found to have lost something, and what follows from it.

use rand_core::Rng;
use tandem_proto::{
    Evidence, Generation, TransportKey,
    planted::{self, Fault},
};

use crate::{Record, relay::Relay};

impl Relay {
    /// A device shows a cursor that we signed and that is off our chain. Only one signed in the
    /// present generation says anything about the present store (rule 3).
    pub(crate) fn evidence(&mut self, device: &TransportKey, evidence: &Evidence) {
        let proof = &evidence.proof;
        let is_present =
            proof.signed.generation == self.generation || planted::is(Fault::OldEvidence);
        let cursor = &proof.cursor;
        let is_on_chain = self
            .threads
            .get(&cursor.thread)
            .is_some_and(|thread| thread.is_on_chain(cursor.seq, cursor.chain));
        // What was erased is not lost.
        let is_erased = self.tombstone(&cursor.thread).is_some();
        if is_present && !is_on_chain && !is_erased && proof.verify(&self.public, device).is_ok() {
            self.draw_generation();
        } else {
            self.counts.ignored_evidence += 1;
        }
    }

    /// Begins a new incarnation: cursors and acknowledgements of the old one are void. Every
    /// connection is greeted in it once it is durable.
    pub(crate) fn draw_generation(&mut self) {
        let mut bytes = [0; 16];
        self.rng.fill_bytes(&mut bytes);
        self.enter_generation(Generation::new(bytes));
        self.commits.collecting.records.push(Record::Generation(self.generation));
        self.commits.collecting.generation = Some(self.generation);
        self.counts.generations_drawn += 1;
        for conn in self.conns.iter_mut() {
            conn.matched = false;
            conn.claim.clear();
            conn.unfollow_all();
            conn.owes_caught_up = 0;
        }
    }

    /// Takes a generation as the present one.
    pub(crate) fn enter_generation(&mut self, generation: Generation) {
        self.generation = generation;
        self.devices.clear();
        for thread in self.threads.values_mut() {
            thread.begin_generation();
        }
    }
}
