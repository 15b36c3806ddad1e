//! Random worlds in which people leave, or are taken out.
//!
//! What is drawn here beside what people do anyway is drawn apart, so that worlds in which nobody goes
//! are what they were.

use tandem_engine::{Engine, Intent};
use tandem_proto::{PersonId, ThreadId};

use crate::{device::Asked, event::Event, people::Deed, rng::Chance, world::World};

impl World {
    /// Draws when somebody is taken out, in a world in which people go.
    pub(crate) fn plan_partings(&mut self, until: u64) {
        if !self.plan.partings {
            return;
        }
        let mut chance = Chance::new(self.seed ^ 0x7061_7274_696e_6721);
        for _ in 0..1 + chance.index(3) {
            let (at, lot) = (chance.range(until / 3..until), chance.index(4096));
            self.queue.at(at, Event::Deed(Deed::Part(lot)));
        }
    }

    /// Somebody takes out somebody whom they may take out, or goes on without them as if they had
    /// stopped the thread.
    pub(crate) fn somebody_is_taken_out(&mut self, lot: usize) {
        let anew = lot.is_multiple_of(4);
        let mut may = Vec::new();
        for planned in &self.plan.threads {
            let Some(thread) = planned.thread else { continue };
            let inside: Vec<usize> = (0..self.devices.len())
                .filter(|device| self.devices[*device].engine.is_some())
                .filter(|device| self.devices[*device].shows(&thread))
                .collect();
            for by in &inside {
                for whom in &inside {
                    let (role, theirs) =
                        (self.devices[*by].profile.role, self.devices[*whom].profile.role);
                    let founded = *by == planned.founder;
                    let may_go = match anew {
                        true => role.may_go_on_without(theirs),
                        false => role.may_remove(theirs, founded),
                    };
                    let same = self.devices[*by].profile.name == self.devices[*whom].profile.name;
                    if may_go && !same {
                        may.push((thread, *by, *whom));
                    }
                }
            }
        }
        if may.is_empty() {
            return;
        }
        let (thread, by, whom) = may[lot / 4 % may.len()];
        let Some(person) = self.devices[whom].engine.as_ref().map(Engine::person) else { return };
        let intent = match anew {
            true => Intent::Refound { thread, without: person },
            false => Intent::Remove { thread, person, device: None },
        };
        self.somebody_wants_out(by, whom, thread, intent);
    }

    /// Somebody leaves, or takes somebody out; the rules may not let them.
    pub(crate) fn somebody_goes(&mut self, device: usize, thread: ThreadId) {
        let others: Vec<usize> = (0..self.devices.len())
            .filter(|other| *other != device && self.devices[*other].shows(&thread))
            .collect();
        let whom = if others.is_empty() || self.chance.percent(30) {
            device
        } else {
            *self.chance.pick(&others)
        };
        let person: Option<PersonId> = self.devices[whom].engine.as_ref().map(Engine::person);
        let Some(person) = person else { return };
        let intent = match whom == device {
            true => Intent::Leave { thread },
            false => Intent::Remove { thread, person, device: None },
        };
        self.somebody_wants_out(device, whom, thread, intent);
    }

    /// Whether a device may be out of a thread: it was wanted out, or its person was, or it was let in by
    /// somebody whose removal the relay had lost and was shown again (ADR 0025).
    pub(crate) fn may_be_out(&self, thread: &ThreadId, device: usize) -> bool {
        let theirs = |other: usize| self.devices[other].profile == self.devices[device].profile;
        let mut out = self.oracle.out.iter().filter(|(of, _)| of == thread).peekable();
        let is_lost = out.peek().is_some() && self.stats.relay_losses > 0;
        out.any(|(_, who)| theirs(*who)) || is_lost
    }

    fn somebody_wants_out(&mut self, by: usize, whom: usize, thread: ThreadId, intent: Intent) {
        let at = self.thread_name(&thread);
        self.note(|| format!("P{by} wants P{whom} out of {at}"));
        // With all phones that they have.
        let name = self.devices[whom].profile.name.clone();
        let theirs = (0..self.devices.len()).filter(|n| self.devices[*n].profile.name == name);
        let theirs: Vec<usize> = theirs.collect();
        self.oracle.out.extend(theirs.into_iter().map(|phone| (thread, phone)));
        self.mean(by, Asked::Wish, intent);
    }
}
