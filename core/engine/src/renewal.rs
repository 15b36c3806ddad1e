//! New keys for this device: its place in every thread's group, and the key by which the relay knows
//! it (ADR 0022).

use tandem_proto::{SecretKey, Statement, ThreadId, TransportKey, limits::INVITE_LIFETIME_MS};

use crate::{
    Answer, Engine, Key,
    engine::{Me, random},
    record::{IdentityRecord, Kind},
    state::{Deferred, Thread},
};

/// How old keys get before a device renews them by itself: a season of school.
const LIFETIME_MS: u64 = 90 * 24 * 3600 * 1000;

impl Me {
    /// What is kept of it.
    pub(crate) fn record(&self) -> IdentityRecord {
        IdentityRecord {
            person: self.person,
            name: self.name.clone(),
            role: self.role,
            identity: *self.identity.seed(),
            transport: *self.transport.seed(),
            relay: self.relay.clone(),
            made: self.made,
            next: self.next.as_ref().map(|next| *next.seed()),
            renewed: Some(self.renewed),
        }
    }

    /// The transport key that every thread is to know.
    fn wanted(&self) -> Option<TransportKey> {
        self.next.as_ref().map(|next| TransportKey::new(next.public()))
    }
}

impl Engine {
    /// Begins to renew this device's keys, unless that is under way.
    pub(crate) fn renew_keys(&mut self) -> Answer {
        if self.me.next.is_none() {
            self.me.next = Some(SecretKey::from_seed(random(&mut self.rng)));
            self.keep_identity();
        }
        // Links are made when the logs have been read: now, if they have been.
        self.session.uploaded = false;
        self.session.settled = false;
        Answer::Renewing(self.to_renew())
    }

    /// In how many threads the renewal that is under way is not known yet; `None` without one.
    pub(crate) fn to_renew(&self) -> Option<u32> {
        let wanted = self.me.wanted()?;
        let waiting = self.threads.values().filter(|thread| self.lacks(thread, &wanted)).count();
        Some(u32::try_from(waiting).unwrap_or(u32::MAX))
    }

    /// Whether this device is in a thread that does not know this key of it.
    fn lacks(&self, thread: &Thread, wanted: &TransportKey) -> bool {
        // Nothing is said any more where the relay has erased everything.
        if thread.is_erased() {
            return false;
        }
        let card = thread.roster.members().get(&self.me.device);
        card.is_some_and(|card| card.transport != *wanted)
    }

    /// After catching up: begins a renewal when one is due, and says the new key in every thread that
    /// lacks it.
    pub(crate) fn settle_renewal(&mut self) {
        if self.me.next.is_none() {
            let old = self.now.since_ms(self.me.renewed) > LIFETIME_MS;
            // A store that was copied back forgot a renewal; the key before it is not for ever.
            let forgot = |thread: &Thread| self.lacks(thread, &self.me.transport_key);
            if !old && !self.threads.values().any(forgot) {
                return;
            }
            self.me.next = Some(SecretKey::from_seed(random(&mut self.rng)));
            self.keep_identity();
        }
        let Some(wanted) = self.me.wanted() else { return };
        let lacking: Vec<ThreadId> = self
            .threads
            .values()
            .filter(|thread| self.lacks(thread, &wanted) && thread.epoch_key().is_some())
            .map(|thread| thread.id)
            .collect();
        for id in lacking {
            self.with_records(&id, Deferred::Renew);
        }
    }

    /// The thread's records are here: says the new key in it, unless that is on its way.
    pub(crate) fn renew_in(&mut self, id: &ThreadId) {
        let Some(wanted) = self.me.wanted() else { return };
        let Some(ahead) = self.roster_ahead(id) else { return };
        let card = ahead.members().get(&self.me.device);
        if card.is_some_and(|card| card.transport != wanted) {
            self.make_link(id, Statement::Renew { transport: wanted }, None);
        }
    }

    /// Before dialling: once every thread knows the new key, it is the one that is shown.
    ///
    /// Nothing that was asked for with the key before may be under way: whoever lets us in says which
    /// key they let in.
    pub(crate) fn take_next_key(&mut self) {
        let asks = self.joins.values().any(|join| {
            join.refused.is_none() && self.now.since_ms(join.since) < INVITE_LIFETIME_MS
        });
        if self.to_renew() != Some(0) || asks || self.offer.is_some() {
            return;
        }
        let Some(next) = self.me.next.take() else { return };
        self.me.transport_key = TransportKey::new(next.public());
        self.me.transport = next;
        self.me.renewed = self.now;
        self.keep_identity();
        // What the relay signed was for the key before.
        self.session.record.signed = None;
        self.out.put(Key::one(Kind::Session), &self.session.record);
    }

    pub(crate) fn keep_identity(&mut self) {
        self.out.put(Key::one(Kind::Identity), &self.me.record());
    }
}
