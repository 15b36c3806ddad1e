//! New keys for this device: its place in every thread's group, and the key by which the relay knows
//! it (ADR 0022).

use tandem_proto::{Roster, RosterLink, SecretKey, Statement, ThreadId, TransportKey};

use crate::{
    Answer, Engine, Key,
    engine::{Me, random},
    record::{Cargo, IdentityRecord, Kind},
    session::Flight,
    state::{Deferred, Pushed, Thread},
};

/// How old keys get before a device renews them by itself: a season of school.
const LIFETIME_MS: u64 = 90 * 24 * 3600 * 1000;

/// How long a device that has gone back to the key before does not do so again.
const AGAIN_MS: u64 = 24 * 3600 * 1000;

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
            before: self.before.as_ref().map(|before| *before.seed()),
            returns: self.returns,
            went_back: self.went_back,
        }
    }

    fn next_key(&self) -> Option<TransportKey> {
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
        let next = self.me.next_key()?;
        let lacks =
            |thread: &&Thread| self.key_in(&thread.roster, thread).is_some_and(|k| k != next);
        let lacking = self.threads.values().filter(lacks).count();
        Some(u32::try_from(lacking).unwrap_or(u32::MAX))
    }

    /// By which key a roster of a thread knows this device; `None` when it is not in, or nothing can be
    /// said there any more.
    fn key_in(&self, roster: &Roster, thread: &Thread) -> Option<TransportKey> {
        let card = roster.members().get(&self.me.device).filter(|_| !thread.is_erased())?;
        Some(card.transport)
    }

    /// The key that is to be said in a thread: the next one, once it knows the present one. A store that
    /// was copied back has forgotten what the thread knows instead, and two keys on from the present one
    /// it would be served no more.
    fn key_to_say(&self, roster: &Roster, thread: &Thread) -> Option<TransportKey> {
        let (known, present) = (self.key_in(roster, thread)?, self.me.transport_key);
        let next = self.me.next_key();
        if Some(known) == next {
            None
        } else if known == present {
            next
        } else {
            Some(present)
        }
    }

    /// After catching up: begins a renewal when one is due, and says our key in every thread that knows
    /// another.
    pub(crate) fn settle_renewal(&mut self) {
        if self.me.next.is_none() && self.now.since_ms(self.me.renewed) > LIFETIME_MS {
            self.me.next = Some(SecretKey::from_seed(random(&mut self.rng)));
            self.keep_identity();
        }
        // Where the relay does not know this device in a thread, the key before the present one may be what
        // it knows; once a next one is said there is no way back to that.
        let is_unknown = self.threads.values().any(|thread| thread.shown && !thread.named);
        if is_unknown && self.may_go_back() {
            return;
        }
        let lacking: Vec<ThreadId> = self
            .threads
            .values()
            .filter(|t| t.epoch_key().is_some() && self.key_to_say(&t.roster, t).is_some())
            .map(|thread| thread.id)
            .collect();
        for id in lacking {
            self.with_records(&id, Deferred::Renew);
        }
    }

    /// A link was met: where it was faster than ours, ours is made again.
    pub(crate) fn renew_again(&mut self, id: &ThreadId) {
        let thread = self.threads.get(id);
        if thread.is_some_and(|thread| self.key_to_say(&thread.roster, thread).is_some()) {
            self.session.uploaded = false;
        }
    }

    /// The thread's records are here: says our key in it, unless that is on its way.
    pub(crate) fn renew_in(&mut self, id: &ThreadId) {
        let Some(ahead) = self.roster_ahead(id) else { return };
        let Some(thread) = self.threads.get(id) else { return };
        let Some(said) = self.key_to_say(&ahead, thread) else { return };
        let next = self.me.next.as_ref().filter(|_| self.me.next_key() == Some(said));
        let key = next.unwrap_or(&self.me.transport);
        let statement = Statement::renew(key, id, &self.me.device);
        self.make_link(id, statement, None);
    }

    /// Before dialling: once every thread knows the new key, it is the one that is shown.
    ///
    /// Nothing that was asked for with the key before may be under way: whoever lets us in says which
    /// key they let in.
    pub(crate) fn take_next_key(&mut self) {
        let asks = self.joins.values().any(|join| join.refused.is_none());
        let held = self.session.gone_back;
        if self.to_renew() != Some(0) || asks || self.offer.is_some() || held {
            return;
        }
        let Some(next) = self.me.next.take() else { return };
        self.me.before = Some(self.me.transport.clone());
        // One that was the present one before is no newer for that.
        if !std::mem::take(&mut self.me.returns) {
            self.me.renewed = self.now;
        }
        self.show_key(next);
    }

    /// The relay does not know this device in a thread whose roster it was shown. If the thread knows it
    /// by the present key, another chain may count at the relay by now, which has the one before: goes
    /// back to that, and says the present one again as the next.
    pub(crate) fn go_back_to_the_key_before(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id).filter(|thread| !thread.barred) else { return };
        let knows_present = self.key_in(&thread.roster, thread) == Some(self.me.transport_key);
        let shows = |flight: &Flight| flight.thread == *id && matches!(flight.pushed, Pushed::Link);
        let is_judged = !self.session.in_flight.values().any(shows);
        if !knows_present || !is_judged || !self.may_go_back() {
            return;
        }
        let Some(before) = self.me.before.take() else { return };
        // One that nobody has heard of was drawn for nothing.
        self.me.next = Some(self.me.transport.clone());
        self.me.returns = true;
        self.me.went_back = Some(self.now);
        self.show_key(before);
        self.session.gone_back = true;
        self.come_back_later();
    }

    /// Whether the key before can be shown instead of the present one: every thread admits it, no thread
    /// has heard of a next one, and it was not tried within a day. Whoever is in by neither would go to
    /// and fro for ever.
    fn may_go_back(&self) -> bool {
        let Some(before) = self.me.before.as_ref() else { return false };
        let before = TransportKey::new(before.public());
        let tried = self.me.went_back.is_some_and(|at| self.now.since_ms(at) < AGAIN_MS);
        let admits = |thread: &Thread| {
            self.key_in(&thread.roster, thread).is_none()
                || thread.roster.lines().contains_key(&before)
        };
        !tried && !self.is_next_said() && self.threads.values().all(admits)
    }

    /// Whether any thread has the key that is to be next, or may be about to.
    fn is_next_said(&self) -> bool {
        let Some(next) = self.me.next_key() else { return false };
        self.threads.values().any(|thread| {
            let on_its_way = thread.outbox.values().any(|item| match &item.cargo {
                Cargo::Link { item } => RosterLink::parse(item).is_ok_and(|link| {
                    matches!(link.statement, Statement::Renew { transport, .. } if transport == next)
                }),
                _ => false,
            });
            on_its_way || self.key_in(&thread.roster, thread) == Some(next)
        })
    }

    /// Shows the relay this key from the next connection on.
    fn show_key(&mut self, key: SecretKey) {
        self.me.transport_key = TransportKey::new(key.public());
        self.me.transport = key;
        self.keep_identity();
        // What the relay signed was for the other key.
        self.session.record.signed = None;
        self.out.put(Key::one(Kind::Session), &self.session.record);
    }

    pub(crate) fn keep_identity(&mut self) {
        self.out.put(Key::one(Kind::Identity), &self.me.record());
    }
}
