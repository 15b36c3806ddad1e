//! The end: everything is put right, everyone was online, and nothing moves any more.

use std::collections::BTreeSet;

use tandem_engine::{
    Answer, Author, Delivery, Engine, EntryId, Fields, InboxRow, JoinState, MemberRow, Query,
    Remark, StuckReason, ThreadRow,
};
use tandem_proto::{ItemHash, Statement, ThreadId, Timestamp};

use super::is_stuck;
use crate::{
    device::{Asked, Device},
    world::World,
};

type Content<'a> =
    (EntryId, &'a str, &'a Author, Timestamp, Option<EntryId>, &'a Fields, Vec<&'a Remark>);

/// What must be the same on all devices: all but whose it is and how far it got.
fn content(row: &ThreadRow) -> Content<'_> {
    let remarks =
        row.remarks.iter().filter(|remark| !matches!(remark, Remark::ArrivedLate(_))).collect();
    (row.entry, &row.kind, &row.author, row.at, row.answers, &row.fields, remarks)
}

impl World {
    /// The checks of a world that has come to rest.
    pub(crate) fn finale(&mut self) {
        self.ask_who_is_out();
        for index in 0..self.devices.len() {
            self.check_settled(index);
        }
        self.check_joins();
        self.check_phones();
        let mut threads: Vec<ThreadId> = Vec::new();
        for device in &self.devices {
            threads.extend(device.view.inbox.iter().map(|row| row.thread));
        }
        threads.sort_unstable();
        threads.dedup();
        // What was erased is synced no more: whoever has something of it keeps that.
        threads.retain(|thread| !self.oracle.erased.contains(thread));
        for thread in threads {
            self.check_converged(thread);
            self.check_nobody_out_reads(thread);
            let out = (0..self.devices.len()).filter(|device| self.is_out(*device, thread)).count();
            self.stats.out += u32::try_from(out).unwrap_or(u32::MAX);
        }
    }

    /// Whether nobody who is in knows any more that this device was let in: its link was lost
    /// with the relay's store, and with the inviter's disk the memory of having made it. Or somebody is
    /// out by a removal that the relay had lost, and with them whom they let in since: a person lets
    /// these in again.
    fn is_locked_out(&self, index: usize, thread: &ThreadId) -> bool {
        let somebody_is_out = self.oracle.out.iter().any(|(of, _)| of == thread);
        let forgets = self.stats.restores > 0 || somebody_is_out;
        let forgotten = forgets && self.stats.relay_losses > 0;
        let key = self.devices[index].identity;
        let is_in = key.is_some_and(|key| self.hub.truth.has_member(thread, &key));
        if is_in { self.is_two_keys_behind(index, thread) } else { forgotten }
    }

    /// Whether somebody who was taken out shows an entry, and nobody who is in has a key of it.
    fn has_whoever_is_out_alone(&self, thread: &ThreadId, entry: &EntryId) -> bool {
        let places = self.oracle.items.get(entry);
        let is_of_it = |bytes: &Vec<u8>| {
            let item = ItemHash::of(bytes);
            places.is_some_and(|places| places.iter().any(|(of, at)| of == thread && *at == item))
        };
        let items: Vec<_> = self.log_of(*thread).into_iter().filter(is_of_it).collect();
        let (mut shown, mut opened) = (false, false);
        for index in 0..self.devices.len() {
            if self.is_out(index, *thread) {
                shown |= self.devices[index].rows(thread).iter().any(|row| row.entry == *entry);
            } else {
                opened |= items.iter().any(|item| self.can_open(index, *thread, item));
            }
        }
        shown && !opened
    }

    /// Whether a device is a copy from before two renewals: no roster knows its key any more (ADR 0022).
    fn is_two_keys_behind(&self, index: usize, thread: &ThreadId) -> bool {
        let (Some(roster), Some(key), Some(line)) =
            (self.hub.truth.roster(thread), self.devices[index].identity, self.line(index))
        else {
            return false;
        };
        let renewals = roster
            .chain()
            .filter(|link| link.author == key && matches!(link.statement, Statement::Renew { .. }));
        let is_known = roster.by_transport(&line).is_some();
        self.devices[index].restores > 0 && !is_known && renewals.count() > 1
    }

    fn check_settled(&mut self, index: usize) {
        let device = &self.devices[index];
        if device.lost {
            return;
        }
        let name = device.name.clone();
        let now = self.hub.truth.generation().map(|now| (self.hub.incarnation, now));
        if device.settled != now {
            let settled = device.settled;
            self.violation(&format!("{name} never settled with the relay as it is: {settled:?}"));
        }
        let asked = self.ask(index, Asked::Waiting, Query::Waiting);
        let waiting = self.await_answer(index, asked);
        let Ok(Answer::Waiting(rows)) = waiting else {
            self.violation(&format!("{name} does not tell what waits: {waiting:?}"));
        };
        let left = rows.iter().find(|row| {
            let over =
                matches!(row.delivery, Delivery::Stuck { reason: StuckReason::OverQuota, .. });
            let out = self.oracle.erased.contains(&row.thread)
                || self.is_locked_out(index, &row.thread)
                || self.is_out_for_good(index, row.thread)
                || self.waits_in_vain(index, &row.thread);
            row.entry.is_some() && !over && !out
        });
        if let Some(row) = left {
            self.violation(&format!("{name} still waits with {row:?}"));
        }
        let asked = self.ask(index, Asked::Inbox, Query::Inbox);
        let inbox = self.await_answer(index, asked);
        let Ok(Answer::Inbox(rows, _)) = inbox else {
            self.violation(&format!("{name} does not tell its inbox: {inbox:?}"));
        };
        // Whoever signs for the log as it is has been shown that one; no story ends with a lie. A device
        // that is out is not told of what was signed after that.
        let lasts = |row: &&InboxRow| !row.other_log.is_empty() && !self.is_out(index, row.thread);
        if let Some(row) = rows.iter().find(lasts) {
            self.violation(&format!("{name} warns of another log that there is not: {row:?}"));
        }
        if rows != self.devices[index].view.inbox {
            self.violation(&format!("{name}'s inbox is not what its engine says"));
        }
    }

    /// Whoever followed a link is in; of two with one link, one.
    fn check_joins(&mut self) {
        for (n, invite) in self.plan.invites.clone().into_iter().enumerate() {
            let Some(thread) = self.plan.threads[invite.thread].thread else { continue };
            if invite.second_of.is_some() {
                continue;
            }
            let rivals: Vec<_> = self
                .plan
                .invites
                .iter()
                .enumerate()
                .filter(|(other, rival)| *other == n || rival.second_of == Some(n))
                .filter(|(_, rival)| rival.asked)
                .map(|(_, rival)| (rival.newcomer, rival.restores.1))
                .collect();
            // What a restore took away can't be asked for again without a person.
            let restored = self.devices[invite.inviter].restores != invite.restores.0
                || rivals.iter().any(|(who, times)| self.devices[*who].restores != *times);
            let gone = self.oracle.out.contains(&(thread, invite.inviter));
            if restored || gone || self.is_expired(&invite) {
                continue;
            }
            let inside: Vec<&str> = rivals
                .iter()
                .filter(|(who, _)| self.has_joined(*who, &thread))
                .map(|(who, _)| self.devices[*who].name.as_str())
                .collect();
            let locked = rivals.iter().any(|(who, _)| self.is_locked_out(*who, &thread));
            if inside.len() != 1 && !locked {
                let joins: Vec<&JoinState> = rivals
                    .iter()
                    .flat_map(|(who, _)| self.devices[*who].joins.iter().map(|join| &join.state))
                    .collect();
                let at = self.thread_name(&thread);
                self.violation(&format!(
                    "{} was invited to {at}; in by that are {inside:?}; joins {joins:?}",
                    self.devices[invite.newcomer].name
                ));
            }
            self.stats.joins += 1;
        }
    }

    /// Everybody lists the same people on the same devices, and the same as verified.
    fn check_members(&mut self, thread: ThreadId, first: usize, others: &[usize]) {
        let list = |world: &mut Self, device: usize| -> Vec<MemberRow> {
            let rows = world.members(device, thread);
            rows.into_iter()
                .map(|row| MemberRow {
                    // What only this device says of itself and its person.
                    mine: false,
                    misdeeds: Vec::new(),
                    removable: false,
                    dispensable: false,
                    ..row
                })
                .collect()
        };
        let one = list(self, first);
        for other in others {
            let two = list(self, *other);
            if one != two {
                let names = (&self.devices[first].name, &self.devices[*other].name);
                self.violation(&format!(
                    "{names:?} list the members of {} differently: {one:?} and {two:?}",
                    self.thread_name(&thread)
                ));
            }
        }
    }

    fn check_converged(&mut self, thread: ThreadId) {
        let at = self.thread_name(&thread);
        let members: Vec<usize> = (0..self.devices.len())
            .filter(|d| self.devices[*d].shows(&thread) && !self.is_locked_out(*d, &thread))
            // Who was taken out has read as far as that, and no further.
            .filter(|d| !self.is_out_for_good(*d, thread))
            // Nor has who waits for a seat that nobody is left to give.
            .filter(|d| !(self.waits_in_vain(*d, &thread) && self.asks_for_a_seat(*d, &thread)))
            .collect();
        let Some((first, others)) = members.split_first() else { return };
        self.check_seats(thread, &members);
        self.check_members(thread, *first, others);
        let one = &self.devices[*first];
        for other in others {
            // What the relay did not take is its author's alone.
            let common = |device: usize| -> Vec<&ThreadRow> {
                self.devices[device].rows(&thread).iter().filter(|row| !is_stuck(row)).collect()
            };
            let (a, b) = (common(*first), common(*other));
            let other = &self.devices[*other];
            if !a.iter().map(|row| content(row)).eq(b.iter().map(|row| content(row))) {
                let differs = a.iter().zip(&b).find(|(a, b)| content(a) != content(b));
                self.violation(&format!(
                    "{} and {} see {at} differently, {} and {} rows; first: {differs:?}",
                    one.name,
                    other.name,
                    a.len(),
                    b.len()
                ));
            }
            if one.title.get(&thread) != other.title.get(&thread) {
                self.violation(&format!("{} and {} call {at} differently", one.name, other.name));
            }
        }
        // Lives of devices of which something that was said is nowhere any more: what the same life
        // said after it builds on it, and is nobody's to take in.
        let mut severed = BTreeSet::new();
        for said in self.oracle.said.iter().filter(|said| said.thread == thread) {
            let Some(entry) = said.entry else { continue };
            // How much of it whoever took them out knew is for the stories to say.
            if self.oracle.out.contains(&(thread, said.device)) {
                continue;
            }
            let author = &self.devices[said.device];
            // The author's device still has it, or the relay does: then everyone does.
            let kept = said.kept == Some(true)
                && author.restores == said.restores
                && !author.lost
                && !self.is_locked_out(said.device, &thread);
            let on_relay = self.oracle.items.get(&entry).is_some_and(|items| {
                items.iter().any(|(of, item)| self.hub.truth.holds_somewhere(of, item))
            });
            let stuck = author.rows(&thread).iter().any(|row| row.entry == entry && is_stuck(row));
            let shown = one.rows(&thread).iter().any(|row| row.entry == entry);
            let life = (said.device, said.restores);
            if said.kept == Some(true) && !kept && !on_relay && !shown && !stuck {
                severed.insert(life);
            }
            let builds_on_nothing = !kept && severed.contains(&life);
            // Its author's disk has lost it, and with it the key; who else had that is out.
            let only_out = || !kept && self.has_whoever_is_out_alone(&thread, &entry);
            if (kept || on_relay) && !shown && !stuck && !builds_on_nothing && !only_out() {
                self.violation(&format!(
                    "{entry:?} of {} is lost in {at}: kept {kept}, on the relay {on_relay}",
                    author.name
                ));
            }
        }
        for index in &members {
            let device = &self.devices[*index];
            let in_vain = self.waits_in_vain(*index, &thread);
            let person = |device: &Device| device.engine.as_ref().map(Engine::person);
            let alone = members.iter().all(|other| person(&self.devices[*other]) == person(device));
            for row in device.rows(&thread).iter().filter(|row| row.is_entry()) {
                let arrived = match &row.delivery {
                    None | Some(Delivery::OnTheirPhone { .. } | Delivery::Seen { .. }) => true,
                    Some(Delivery::OnRelay { .. }) => alone,
                    Some(Delivery::OnThisPhone) => in_vain,
                    Some(Delivery::Stuck { reason: StuckReason::OverQuota, .. }) => true,
                    Some(_) => false,
                };
                if !arrived {
                    self.violation(&format!(
                        "{} is done, and this got no further: {row:?} ({} members)",
                        device.name,
                        members.len()
                    ));
                }
            }
        }
    }
}
