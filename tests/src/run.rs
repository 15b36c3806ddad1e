//! Running: until a moment, until an answer, until nothing moves, and one whole random world.

use std::collections::BTreeSet;

use tandem_engine::{Answer, Ticket, Trouble};
use tandem_proto::{Role, Timestamp};

use crate::{
    event::Event,
    people::{Deed, PlannedInvite, PlannedThread},
    trouble::Kind,
    world::{Options, Outcome, World},
};

/// How long nothing may move before a world counts as quiet; longer than any backoff.
const QUIET_MS: u64 = 20 * 60 * 1000;

/// How long a world may take to come to rest once everything was put right.
const REST_MS: u64 = 6 * 3600 * 1000;

/// Runs one world to its end.
///
/// # Panics
/// When something happened that must never happen; the message says what, where and how to see
/// it again.
#[must_use]
pub fn run_world(seed: u64, options: &Options) -> Outcome {
    let mut world = World::new(seed, *options);
    let kinds = world.people_it();
    let until = world.plan.until;
    world.note(|| format!("troubles: {kinds:?}"));
    world.plan_troubles(&kinds, until);
    world.plan_phones(&kinds, until);
    world.plan_renewals(until);
    world.plan_partings(until);
    world.run_until(until);
    world.heal();
    world.rest();
    world.finale();
    Outcome { trace_hash: world.trace.hash(), steps: world.steps, stats: world.stats }
}

impl World {
    /// Draws who is there and what they are up to.
    fn people_it(&mut self) -> BTreeSet<Kind> {
        let kinds = self.draw_troubles();
        let count = 2 + self.chance.index(4);
        for index in 0..count {
            let role = match index {
                0 => Role::Teacher,
                1 => Role::Guardian,
                _ => *self.chance.pick(&[Role::Guardian, Role::Specialist, Role::Lead]),
            };
            let device = self.device(&format!("P{index}"), role);
            self.devices[device].watches_threads = self.chance.percent(75);
            let online = self.chance.percent(75);
            self.go_online(device, online);
        }
        let until = self.chance.range(15_000..600_000);
        self.plan.until = until;
        self.plan.meddlers = self.chance.percent(40);
        self.plan.partings = self.chance.percent(30);
        for n in 0..1 + self.chance.index(3) {
            let founder = self.chance.index(count);
            let title = format!("Thread {n}");
            self.plan.threads.push(PlannedThread { founder, title, thread: None });
            self.plan_members(n, founder, count, kinds.contains(&Kind::UsedInvites));
            let at = self.chance.range(0..until / 4);
            self.queue.at(at, Event::Deed(Deed::Found(n)));
        }
        for _ in 0..20 + self.chance.index(60) {
            let at = self.chance.range(0..until);
            self.queue.at(at, Event::Deed(Deed::Something));
        }
        kinds
    }

    fn plan_members(&mut self, thread: usize, founder: usize, count: usize, used: bool) {
        let mut inside = vec![founder];
        let mut outside = Vec::new();
        for newcomer in 0..count {
            if newcomer == founder {
                continue;
            }
            if inside.len() > 1 && self.chance.percent(25) {
                outside.push(newcomer);
                continue;
            }
            let role = self.devices[newcomer].profile.role;
            let may = |inviter: &&usize| {
                self.devices[**inviter].profile.role.may_admit(role, **inviter == founder)
            };
            // The founder is always among them.
            let may: Vec<usize> = inside.iter().filter(may).copied().collect();
            let inviter = *self.chance.pick(&may);
            self.plan.invites.push(PlannedInvite {
                thread,
                inviter,
                newcomer,
                role,
                link: None,
                made: Timestamp(0),
                asked: false,
                restores: (0, 0),
                second_of: None,
            });
            inside.push(newcomer);
        }
        if let (true, Some(second)) = (used, outside.first()) {
            let other = self.plan.invites.len() - 1;
            let first = self.plan.invites[other].clone();
            self.plan.invites.push(PlannedInvite {
                newcomer: *second,
                second_of: Some(other),
                ..first
            });
        }
    }

    /// Lets everything happen up to a moment.
    pub fn run_until(&mut self, at: u64) {
        while self.queue.next_at().is_some_and(|next| next <= at) {
            self.step();
        }
        self.queue.pass_until(at);
    }

    /// Lets everything happen for a while.
    pub fn run_for(&mut self, ms: u64) {
        self.run_until(self.queue.now() + ms);
    }

    /// Lets everything happen until nothing moves any more.
    pub fn rest(&mut self) {
        let begun = self.queue.now();
        while let Some(next) = self.queue.next_at() {
            if next > self.last_activity.max(begun) + QUIET_MS && self.plan.is_done() {
                return;
            }
            if next > begun + REST_MS {
                self.violation("no progress: it does not come to rest within six hours");
            }
            self.step();
        }
    }

    /// Lets things happen until an engine has answered.
    pub(crate) fn await_answer(
        &mut self,
        device: usize,
        ticket: Ticket,
    ) -> Result<Answer, Trouble> {
        let until = self.queue.now() + 60_000;
        loop {
            if let Some(answer) = self.devices[device].answers.remove(&ticket) {
                return answer;
            }
            if self.queue.next_at().is_none_or(|next| next > until) {
                let name = self.devices[device].name.clone();
                self.violation(&format!("{name} does not answer {ticket:?}"));
            }
            self.step();
        }
    }
}
