//! What people do, and whom they are waiting for.

use tandem_engine::{
    Answer, EntryId, Fields, Input, Intent, JoinState, Query, StepState, Ticket, Trouble,
};
use tandem_proto::{InviteLink, Role, ThreadId, Timestamp, limits::INVITE_LIFETIME_MS};

use crate::{device::Asked, event::Event, phone_plans::PlannedPhone, world::World};

/// Something a person is about to do.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    /// Found the n-th thread of the plan.
    Found(usize),
    /// Make the n-th invitation of the plan.
    Invite(usize),
    /// Follow its link.
    Join(usize),
    /// Whatever comes to mind.
    Something,
    /// The n-th new phone of the plan is bought.
    Phone(usize),
    /// It offers itself.
    Offer(usize),
    /// Somebody takes up its offer.
    TakeUp(usize),
    /// The n-th device gets new keys.
    Renew(usize),
    /// Somebody is taken out whom somebody may take out; the lot draws who.
    Part(usize),
}

/// A thread that somebody is going to found.
#[derive(Debug, Clone)]
pub(crate) struct PlannedThread {
    pub(crate) founder: usize,
    pub(crate) title: String,
    pub(crate) thread: Option<ThreadId>,
}

/// Somebody who is going to be invited.
#[derive(Debug, Clone)]
pub(crate) struct PlannedInvite {
    pub(crate) thread: usize,
    pub(crate) inviter: usize,
    pub(crate) newcomer: usize,
    pub(crate) role: Role,
    pub(crate) link: Option<InviteLink>,
    /// When it was made, by the inviter's clock.
    pub(crate) made: Timestamp,
    /// The newcomer's engine has taken the link.
    pub(crate) asked: bool,
    /// How often each side had been restored from a copy when the link was made and taken.
    pub(crate) restores: (u32, u32),
    /// The link of this other invitation is used a second time, instead of an own one.
    pub(crate) second_of: Option<usize>,
}

/// What is going to be said and done, as far as it is not left to the moment.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) threads: Vec<PlannedThread>,
    pub(crate) invites: Vec<PlannedInvite>,
    /// Deeds are done until then.
    pub(crate) until: u64,
    /// Some try what is not theirs to do.
    pub(crate) meddlers: bool,
    /// Some leave, and some are taken out.
    pub(crate) partings: bool,
    /// Second devices, and phones in the place of lost ones.
    pub(crate) phones: Vec<PlannedPhone>,
}

impl Plan {
    /// Whether everyone has been invited and has followed the link.
    pub(crate) fn is_done(&self) -> bool {
        self.invites.iter().all(|invite| invite.asked || invite.second_of.is_some())
    }
}

const AGAIN_MS: u64 = 2500;

/// How long people go on trying once everything was put right.
const PATIENCE_MS: u64 = 15 * 60 * 1000;

impl World {
    pub(crate) fn deed(&mut self, deed: Deed) {
        match deed {
            Deed::Found(n) => self.found_planned(n),
            Deed::Invite(n) => self.invite_planned(n),
            Deed::Join(n) => self.join_planned(n),
            Deed::Something => self.something(),
            Deed::Phone(n) => self.buy_planned(n),
            Deed::Offer(n) => self.offer_planned(n),
            Deed::TakeUp(n) => self.take_up_planned(n),
            Deed::Renew(device) => self.renew_keys(device),
            Deed::Part(lot) => self.somebody_is_taken_out(lot),
        }
    }

    pub(crate) fn go_online(&mut self, device: usize, on: bool) {
        let name = self.devices[device].name.clone();
        self.note(|| format!("{name} goes {}", if on { "online" } else { "offline" }));
        self.devices[device].wants_online = on;
        self.feed(device, Input::Online(on));
    }

    pub(crate) fn later(&mut self, deed: Deed) {
        self.active();
        self.queue.after(AGAIN_MS, Event::Deed(deed));
    }

    fn found_planned(&mut self, n: usize) {
        let PlannedThread { founder, title, thread } = self.plan.threads[n].clone();
        if thread.is_some() {
            return;
        }
        if self.devices[founder].engine.is_none() {
            return self.later(Deed::Found(n));
        }
        // A crash may have come between the founding and its answer.
        let there = self.devices[founder].view.inbox.iter().find(|row| row.title == title);
        if let Some(thread) = there.map(|row| row.thread) {
            return self.founded(n, thread);
        }
        self.mean(founder, Asked::Found(Some(n)), Intent::FoundThread { title });
    }

    fn founded(&mut self, n: usize, thread: ThreadId) {
        self.plan.threads[n].thread = Some(thread);
        for invite in 0..self.plan.invites.len() {
            if self.plan.invites[invite].thread == n {
                let after = self.chance.range(10..6000);
                self.queue.after(after, Event::Deed(Deed::Invite(invite)));
            }
        }
    }

    fn invite_planned(&mut self, n: usize) {
        let PlannedInvite { thread, inviter, role, link, second_of, .. } =
            self.plan.invites[n].clone();
        if link.is_some() {
            return;
        }
        if let Some(other) = second_of {
            self.plan.invites[n].link = self.plan.invites[other].link.clone();
            // Whoever comes second comes a good while after the first.
            if self.plan.invites[n].link.is_some() && self.plan.invites[other].asked {
                self.queue.after(2000, Event::Deed(Deed::Join(n)));
            } else {
                self.plan.invites[n].link = None;
                if self.queue.now() < self.plan.until {
                    self.later(Deed::Invite(n));
                }
            }
            return;
        }
        let Some(thread) = self.plan.threads[thread].thread else { return };
        if self.devices[inviter].engine.is_none() || !self.devices[inviter].shows(&thread) {
            // The thread may have gone with the disk of whoever held it, or with a join that was
            // asked for on a disk that is no more, or by a link that has expired.
            let lost = self.devices.iter().any(|device| device.restores > 0)
                || self.plan.partings
                || !self.plan.phones.is_empty()
                || self.plan.invites.iter().any(|invite| self.is_expired(invite));
            if lost && self.queue.now() > self.plan.until + PATIENCE_MS {
                self.plan.invites[n].asked = true;
                self.plan.invites[n].restores.0 = u32::MAX;
            } else {
                self.later(Deed::Invite(n));
            }
            return;
        }
        // Every third newcomer is met.
        let in_person = n.is_multiple_of(3);
        self.mean(inviter, Asked::Invite(Some(n)), Intent::Invite { thread, role, in_person });
    }

    fn join_planned(&mut self, n: usize) {
        let PlannedInvite { newcomer, link, asked, .. } = self.plan.invites[n].clone();
        let Some(link) = link else { return };
        if asked {
            return;
        }
        if self.devices[newcomer].engine.is_none() {
            return self.later(Deed::Join(n));
        }
        self.mean(newcomer, Asked::Join(Some(n)), Intent::Join { link });
    }

    /// An engine answered something that was planned.
    pub(crate) fn plan_hears(
        &mut self,
        device: usize,
        asked: &Asked,
        answer: &Result<Answer, Trouble>,
    ) {
        match (asked, answer) {
            (Asked::Offer(n) | Asked::TakeUp(n), _) => self.phone_hears(*n, asked, answer),
            (Asked::Found(Some(n)), Ok(Answer::Founded(thread))) => self.founded(*n, *thread),
            (Asked::Invite(Some(n)), Ok(Answer::Invited(link))) => {
                let restores = self.devices[device].restores;
                let made = self.clock(device);
                let invite = &mut self.plan.invites[*n];
                invite.made = made;
                invite.link = Some(link.clone());
                invite.restores.0 = restores;
                let newcomer = invite.newcomer;
                self.note(|| format!("P{device} has a link for P{newcomer}"));
                let after = self.chance.range(10..9000);
                self.queue.after(after, Event::Deed(Deed::Join(*n)));
            }
            (Asked::Join(Some(n)), Ok(Answer::Joining(..))) => {
                let restores = self.devices[device].restores;
                let invite = &mut self.plan.invites[*n];
                invite.asked = true;
                invite.restores.1 = restores;
                self.note(|| format!("P{device} follows the link of invitation {n}"));
            }
            // Whoever is out by now invites nobody any more.
            (Asked::Invite(Some(n)), Err(Trouble::NotAllowed(_)))
                if self.plan.threads[self.plan.invites[*n].thread]
                    .thread
                    .is_some_and(|thread| self.may_be_out(&thread, device)) =>
            {
                self.plan.invites[*n].asked = true;
                self.plan.invites[*n].restores.0 = u32::MAX;
            }
            (Asked::Found(Some(_)) | Asked::Invite(Some(_)) | Asked::Join(Some(_)), Err(_)) => {
                let kept = !matches!(answer, Err(Trouble::NotKept(_)));
                if kept && self.devices[device].restores == 0 {
                    let name = self.devices[device].name.clone();
                    self.violation(&format!("{name} asked for {asked:?} and got {answer:?}"));
                }
                self.plan_forgets(asked);
            }
            _ => {}
        }
    }

    /// The answer will never come: the device crashed. People try again.
    pub(crate) fn plan_forgets(&mut self, asked: &Asked) {
        match asked {
            Asked::Found(Some(n)) => self.later(Deed::Found(*n)),
            Asked::Invite(Some(n)) => self.later(Deed::Invite(*n)),
            Asked::Join(Some(n)) => self.later(Deed::Join(*n)),
            Asked::Offer(n) => self.later(Deed::Offer(*n)),
            Asked::TakeUp(n) => self.later(Deed::TakeUp(*n)),
            _ => {}
        }
    }

    fn something(&mut self) {
        let device = self.chance.index(self.devices.len());
        if self.devices[device].engine.is_none() {
            return;
        }
        let what = self.chance.range(0..100);
        let threads: Vec<ThreadId> =
            self.devices[device].view.inbox.iter().map(|row| row.thread).collect();
        match what {
            0..12 => {
                let on = !self.devices[device].wants_online;
                self.go_online(device, on);
            }
            _ if threads.is_empty() => {}
            12..24 => {
                let thread = *self.chance.pick(&threads);
                self.see(device, thread);
            }
            24..40 => self.take_some_step(device),
            40..45 => {
                let thread = *self.chance.pick(&threads);
                self.ask(device, Asked::Thread(thread), Query::Thread(thread));
            }
            45 if self.plan.partings => {
                let thread = *self.chance.pick(&threads);
                self.somebody_goes(device, thread);
            }
            46..50 if !self.devices[device].watches_threads => {
                let thread = *self.chance.pick(&threads);
                let on = self.chance.percent(60);
                self.screen(device, thread, on);
            }
            _ => {
                let thread = *self.chance.pick(&threads);
                self.say_something(device, thread);
            }
        }
    }

    fn say_something(&mut self, device: usize, thread: ThreadId) {
        let rows = self.devices[device].rows(&thread).iter().filter(|row| row.is_entry());
        let rows: Vec<EntryId> = rows.map(|row| row.entry).collect();
        let answers = if !rows.is_empty() && self.chance.percent(25) {
            Some(*self.chance.pick(&rows))
        } else {
            None
        };
        match self.chance.range(0..10) {
            0 | 1 => {
                let owner = if self.chance.percent(50) { "home" } else { "school" };
                self.say(device, thread, "step", &[("owner", owner)], answers);
            }
            2 => {
                let way = [("way_forward", "a quiet place to read")];
                self.say(device, thread, "concern", &way, answers);
            }
            _ => {
                self.say(device, thread, "message", &[], answers);
            }
        }
    }

    /// Says something that nobody said before; its words are numbered.
    pub(crate) fn say(
        &mut self,
        device: usize,
        thread: ThreadId,
        kind: &'static str,
        more: &[(&str, &str)],
        answers: Option<EntryId>,
    ) -> Ticket {
        let mut fields: Fields =
            more.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let number = self.oracle.next_said();
        let headline = if kind == "concern" { "what" } else { "text" };
        fields.insert(
            headline.to_owned(),
            format!("{number}: said by {}", self.devices[device].name),
        );
        self.oracle_notes_said(device, thread, kind, &fields, answers);
        self.stats.said += 1;
        let (name, at) = (self.devices[device].name.clone(), self.thread_name(&thread));
        self.note(|| format!("{name} says {number} in {at}: a {kind}"));
        let intent = Intent::Post { thread, kind: kind.to_owned(), fields, answers };
        self.mean(device, Asked::Post(number), intent)
    }

    /// Has everything of a thread on the screen.
    pub(crate) fn see(&mut self, device: usize, thread: ThreadId) -> Ticket {
        let (name, at) = (self.devices[device].name.clone(), self.thread_name(&thread));
        self.note(|| format!("{name} has seen {at}"));
        self.oracle_notes_seen(device, thread);
        self.mean(device, Asked::Seen(thread), Intent::MarkSeen { thread, entries: None })
    }

    fn take_some_step(&mut self, device: usize) {
        let is_staff = self.devices[device].profile.role.is_staff();
        let meddle = self.plan.meddlers && self.chance.percent(20);
        let steps: Vec<(ThreadId, EntryId)> = self.devices[device]
            .view
            .threads
            .iter()
            .flat_map(|(thread, rows)| rows.iter().map(|row| (*thread, row)))
            .filter(|(_, row)| {
                let owned =
                    row.fields.get("owner").is_some_and(|owner| (owner == "school") == is_staff);
                row.kind == "step" && (owned != meddle)
            })
            .map(|(thread, row)| (thread, row.entry))
            .collect();
        if steps.is_empty() {
            return;
        }
        let (thread, entry) = *self.chance.pick(&steps);
        let state = *self.chance.pick(&[StepState::Doing, StepState::Dropped, StepState::Done]);
        self.take_step(device, thread, entry, state);
    }

    /// Moves a step, or tries to.
    pub(crate) fn take_step(
        &mut self,
        device: usize,
        thread: ThreadId,
        entry: EntryId,
        state: StepState,
    ) -> Ticket {
        let name = self.devices[device].name.clone();
        self.note(|| format!("{name} moves {entry} to {state}"));
        self.oracle_notes_step(device, thread, entry, state);
        let asked = Asked::Step(thread, entry, state);
        self.mean(device, asked, Intent::TakeStep { thread, entry, state })
    }

    /// Whether a link lets nobody in any more: its inviter's clock has jumped years ahead since.
    pub(crate) fn is_expired(&self, invite: &PlannedInvite) -> bool {
        let now = self.clock(invite.inviter);
        invite.link.is_some() && now.since_ms(invite.made) > INVITE_LIFETIME_MS
    }

    /// Whether a device has been let into a thread, as far as it says.
    pub(crate) fn has_joined(&self, device: usize, thread: &ThreadId) -> bool {
        // A row with a knocking one is about somebody else, at an inviter's door.
        let refused = self.devices[device].joins.iter().any(|join| {
            join.thread == *thread
                && join.knocking.is_none()
                && matches!(join.state, JoinState::Refused(_))
        });
        !refused && self.devices[device].shows(thread)
    }
}
