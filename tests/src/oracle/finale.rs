//! The end: everything is put right, everyone was online, and nothing moves any more.

use tandem_engine::{
    Answer, Author, Delivery, EntryId, Fields, JoinState, Query, Remark, ThreadRow,
};
use tandem_proto::{ThreadId, Timestamp};

use crate::{device::Asked, world::World};

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
        for index in 0..self.devices.len() {
            self.check_settled(index);
        }
        self.check_joins();
        let mut threads: Vec<ThreadId> = Vec::new();
        for device in &self.devices {
            threads.extend(device.view.inbox.iter().map(|row| row.thread));
        }
        threads.sort_unstable();
        threads.dedup();
        for thread in threads {
            self.check_converged(thread);
        }
    }

    fn check_settled(&mut self, index: usize) {
        let device = &self.devices[index];
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
        if let Some(row) = rows.iter().find(|row| row.entry.is_some()) {
            self.violation(&format!("{name} still waits with {row:?}"));
        }
        let asked = self.ask(index, Asked::Inbox, Query::Inbox);
        let inbox = self.await_answer(index, asked);
        let Ok(Answer::Inbox(rows, _)) = inbox else {
            self.violation(&format!("{name} does not tell its inbox: {inbox:?}"));
        };
        if rows != self.devices[index].view.inbox {
            self.violation(&format!("{name}'s inbox is not what its engine says"));
        }
    }

    fn check_joins(&mut self) {
        for invite in self.plan.invites.clone() {
            let Some(thread) = self.plan.threads[invite.thread].thread else { continue };
            let restores =
                (self.devices[invite.inviter].restores, self.devices[invite.newcomer].restores);
            // What a restore took away can't be asked for again without a person.
            if invite.restores != restores {
                continue;
            }
            let name = self.devices[invite.newcomer].name.clone();
            let joined = self.has_joined(invite.newcomer, &thread);
            if invite.second_of.is_some() && joined && invite.asked {
                self.violation(&format!("{name} was let in by an invite that was used before"));
            }
            if invite.second_of.is_none() && !joined {
                let joins: Vec<&JoinState> =
                    self.devices[invite.newcomer].joins.iter().map(|join| &join.state).collect();
                let thread = self.thread_name(&thread);
                self.violation(&format!("{name} was invited to {thread} and is not in: {joins:?}"));
            }
            self.stats.joins += u32::from(joined);
        }
    }

    fn check_converged(&mut self, thread: ThreadId) {
        let at = self.thread_name(&thread);
        let members: Vec<usize> =
            (0..self.devices.len()).filter(|d| self.devices[*d].shows(&thread)).collect();
        let Some((first, others)) = members.split_first() else { return };
        let one = &self.devices[*first];
        for other in others {
            let other = &self.devices[*other];
            let (a, b) = (one.rows(&thread), other.rows(&thread));
            if !a.iter().map(content).eq(b.iter().map(content)) {
                let differs = a.iter().zip(b).find(|(a, b)| content(a) != content(b));
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
        for said in self.oracle.said.iter().filter(|said| said.thread == thread) {
            let Some(entry) = said.entry else { continue };
            let author = &self.devices[said.device];
            // The author's device still has it, or the relay does: then everyone does.
            let kept = said.kept == Some(true) && author.restores == said.restores;
            let on_relay = self.oracle.items.get(&entry).is_some_and(|items| {
                items.iter().any(|(of, item)| self.hub.truth.holds_somewhere(of, item))
            });
            if (kept || on_relay) && !one.rows(&thread).iter().any(|row| row.entry == entry) {
                self.violation(&format!(
                    "{entry:?} of {} is lost in {at}: kept {kept}, on the relay {on_relay}",
                    author.name
                ));
            }
        }
        for index in &members {
            let device = &self.devices[*index];
            for row in device.rows(&thread) {
                let arrived = match &row.delivery {
                    None | Some(Delivery::OnTheirPhone { .. } | Delivery::Seen { .. }) => true,
                    Some(Delivery::OnRelay { .. }) => others.is_empty(),
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
