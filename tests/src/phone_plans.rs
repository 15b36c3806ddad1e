//! Random worlds in which people get new phones: a second one beside the first, or one in the place of a
//! phone that is lost, or new keys for the one that they have.
//!
//! What is drawn here is drawn apart, so that worlds without new phones are what they were.

use std::collections::BTreeSet;

use tandem_engine::{Answer, Engine, Intent, Trouble};
use tandem_proto::{DeviceLink, ThreadId};

use crate::{device::Asked, event::Event, people::Deed, rng::Chance, trouble::Kind, world::World};

/// Worlds in a hundred in which somebody gets a new phone.
const SHARE: u64 = 30;

/// Worlds in a hundred in which devices get new keys.
const RENEWING: u64 = 20;

/// A phone that somebody is going to get.
#[derive(Debug, Clone)]
pub(crate) struct PlannedPhone {
    /// A device of its person.
    owner: usize,
    /// Draws who lets it in.
    lot: usize,
    /// Whether the owner's device is lost.
    lost: bool,
    /// Whether nothing in this world can keep it out.
    calm: bool,
    device: Option<usize>,
    link: Option<DeviceLink>,
    /// The threads that it is let into, once it is.
    threads: Vec<ThreadId>,
}

impl World {
    /// Draws whether somebody gets a new phone, who and when.
    pub(crate) fn plan_phones(&mut self, kinds: &BTreeSet<Kind>, until: u64) {
        let mut chance = Chance::new(self.seed ^ 0x0070_686f_6e65_7321);
        if !chance.percent(SHARE) {
            return;
        }
        let disturbs = [
            Kind::DeviceRestored,
            Kind::RelayWiped,
            Kind::RelayRestored,
            // An offer holds for a day.
            Kind::ClocksOff,
            Kind::ClocksJump,
        ];
        let calm = !self.plan.partings && !disturbs.iter().any(|kind| kinds.contains(kind));
        let owners = self.devices.len();
        let mut had = BTreeSet::new();
        for _ in 0..1 + chance.index(2) {
            let owner = chance.index(owners);
            if !had.insert(owner) {
                continue;
            }
            let n = self.plan.phones.len();
            self.plan.phones.push(PlannedPhone {
                owner,
                lot: chance.index(64),
                lost: chance.percent(50),
                calm,
                device: None,
                link: None,
                threads: Vec::new(),
            });
            let at = chance.range(until / 3..until);
            self.queue.at(at, Event::Deed(Deed::Phone(n)));
        }
        // Two who have lost their phones may let each other in: one of them is out first.
        if self.plan.phones.iter().filter(|phone| phone.lost).count() > 1 {
            self.plan.phones.iter_mut().for_each(|phone| phone.calm = false);
        }
    }

    /// Draws whose devices get new keys, and when.
    pub(crate) fn plan_renewals(&mut self, until: u64) {
        let mut chance = Chance::new(self.seed ^ 0x006b_6579_7321_0000);
        if !chance.percent(RENEWING) {
            return;
        }
        for _ in 0..1 + chance.index(4) {
            let device = chance.index(self.devices.len());
            let at = chance.range(0..until);
            self.queue.at(at, Event::Deed(Deed::Renew(device)));
        }
    }

    /// Somebody has a new phone in their hands.
    pub(crate) fn buy_planned(&mut self, n: usize) {
        let PlannedPhone { owner, lost, .. } = self.plan.phones[n].clone();
        // Nobody who is in nothing, or on their way, needs another.
        if self.devices[owner].engine.is_none() || self.devices[owner].view.inbox.is_empty() {
            return;
        }
        if lost && self.who_readmits(n).is_none() {
            return;
        }
        let profile = self.devices[owner].profile.clone();
        let device = self.device(&format!("{}'s new phone", profile.name), profile.role);
        self.becomes(device, owner);
        self.plan.phones[n].device = Some(device);
        self.go_online(device, true);
        self.offer_planned(n);
    }

    pub(crate) fn offer_planned(&mut self, n: usize) {
        let PlannedPhone { device: Some(device), link: None, .. } = self.plan.phones[n] else {
            return;
        };
        if self.devices[device].engine.is_none() {
            return self.later(Deed::Offer(n));
        }
        self.mean(device, Asked::Offer(n), Intent::OfferDevice);
    }

    /// Its owner follows its link, or somebody who has seen them.
    pub(crate) fn take_up_planned(&mut self, n: usize) {
        let PlannedPhone { owner, lost, link: Some(link), .. } = self.plan.phones[n].clone() else {
            return;
        };
        let by = if lost { self.who_readmits(n) } else { Some(owner) };
        // Whoever could may just be opening their home again.
        let Some(by) = by else {
            if self.queue.now() < self.plan.until {
                self.later(Deed::TakeUp(n));
            }
            return;
        };
        let (Some(engine), Some(theirs)) =
            (&self.devices[by].engine, self.devices[owner].engine.as_ref().map(Engine::person))
        else {
            return self.later(Deed::TakeUp(n));
        };
        let own = engine.person() == theirs;
        let shows = |device: usize| -> BTreeSet<ThreadId> {
            self.devices[device].view.inbox.iter().map(|row| row.thread).collect()
        };
        let shared: Vec<ThreadId> = shows(by).intersection(&shows(owner)).copied().collect();
        let intent = if own {
            Intent::AddDevice { link }
        } else {
            // Also where the old phone was let in and has not heard of it.
            let key = self.devices[owner].identity;
            let is_in =
                |thread: &ThreadId| key.is_some_and(|key| self.hub.truth.has_member(thread, &key));
            let unheard = shows(by).into_iter().filter(is_in);
            // And where whoever lets them in is still on the way to.
            let to = self.plan.invites.iter().filter(|invite| invite.newcomer == by);
            let old = shows(owner);
            let later = to
                .filter_map(|invite| self.plan.threads[invite.thread].thread)
                .filter(|thread| old.contains(thread));
            let out: Vec<ThreadId> = shared.iter().copied().chain(unheard).chain(later).collect();
            self.oracle.out.extend(out.into_iter().map(|thread| (thread, owner)));
            Intent::Readmit { person: theirs, link }
        };
        self.note(|| format!("P{by} takes up the offer of phone {n}"));
        self.plan.phones[n].threads = shared;
        self.mean(by, Asked::TakeUp(n), intent);
    }

    /// Who lets in again whoever has lost their phone: somebody in a thread with them.
    fn who_readmits(&self, n: usize) -> Option<usize> {
        let PlannedPhone { owner, lot, .. } = self.plan.phones[n];
        let threads: Vec<ThreadId> =
            self.devices[owner].view.inbox.iter().map(|row| row.thread).collect();
        let role = self.devices[owner].profile.role;
        let may: Vec<usize> = (0..self.devices.len())
            .filter(|other| {
                let other = &self.devices[*other];
                other.profile != self.devices[owner].profile
                    && threads.iter().any(|thread| other.shows(thread))
                    && other.profile.role.may_admit(role, false)
            })
            .collect();
        may.get(lot % may.len().max(1)).copied()
    }

    /// An engine answered something about a phone.
    pub(crate) fn phone_hears(
        &mut self,
        n: usize,
        asked: &Asked,
        answer: &Result<Answer, Trouble>,
    ) {
        match (asked, answer) {
            (_, Ok(Answer::Offered(row))) => {
                self.plan.phones[n].link = Some(row.link.clone());
                let after = 100 + 37 * self.plan.phones[n].lot as u64;
                self.queue.after(after, Event::Deed(Deed::TakeUp(n)));
            }
            (_, Err(Trouble::NotKept(_))) => self.plan_forgets(asked),
            // Whoever may not let it in has said so; it stays outside.
            (Asked::TakeUp(_), Err(_)) => self.plan.phones[n].threads.clear(),
            _ => {}
        }
    }

    /// A phone that was taken up is in every thread that it was promised.
    pub(crate) fn check_phones(&mut self) {
        for phone in self.plan.phones.clone() {
            let PlannedPhone { owner, lost, calm: true, device: Some(device), threads, .. } = phone
            else {
                continue;
            };
            let inside = threads.iter().filter(|thread| self.has_joined(device, thread)).count();
            // Of those that are shared, the role of whoever lets in decides.
            let so = inside == threads.len() || (lost && inside > 0);
            if !so {
                let name = self.devices[owner].name.clone();
                self.violation(&format!(
                    "{name}'s new phone is in {inside} of {} threads",
                    threads.len()
                ));
            }
            self.stats.phones += u32::from(inside > 0);
        }
    }
}
