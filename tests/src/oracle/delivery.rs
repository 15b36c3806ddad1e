//! Delivery: each state an own entry shows must be a fact.

use tandem_engine::{Delivery, ReceiptRow, StuckReason, ThreadRow};
use tandem_proto::{PersonId, ThreadId};

use crate::world::World;

/// How far a state says that an entry got; evidence of another person stays.
const fn rank(delivery: &Delivery) -> u8 {
    match delivery {
        Delivery::OnTheirPhone { .. } => 1,
        Delivery::Seen { .. } | Delivery::Heard => 2,
        _ => 0,
    }
}

impl World {
    pub(crate) fn check_delivery(
        &mut self,
        index: usize,
        thread: ThreadId,
        row: &ThreadRow,
        before: Option<&Delivery>,
        delivery: &Delivery,
    ) {
        let name = self.devices[index].name.clone();
        let lost = before.is_some_and(|before| self.seen_by_who_is_out(thread, before));
        if before.is_some_and(|before| rank(before) > rank(delivery)) && !lost {
            self.violation(&format!("{name}: {before:?} became {delivery:?} for {row:?}"));
        }
        match delivery {
            Delivery::OnRelay { .. } => {
                self.oracle.wants.insert((index, thread));
            }
            Delivery::OnTheirPhone { people } => {
                self.check_people(index, thread, row, people);
            }
            Delivery::Seen { by } => {
                let people: Vec<PersonId> = by.iter().map(|seen| seen.person).collect();
                self.check_people(index, thread, row, &people);
                for person in people {
                    let said = self.oracle.by_entry.get(&row.entry);
                    let said = said.map_or(0, |n| self.oracle.said[*n].at);
                    let seen = |reader: usize| self.oracle.seen.get(&(reader, thread)).copied();
                    if self.devices_of(&person).into_iter().filter_map(seen).max() < Some(said) {
                        self.violation(&format!("{name} shows as seen what nobody saw: {row:?}"));
                    }
                }
            }
            Delivery::Stuck { reason: StuckReason::Malformed | StuckReason::Refused, .. } => {
                self.violation(&format!("an honest entry is stuck: {row:?}"));
            }
            Delivery::Stuck { reason: StuckReason::OverQuota, .. } if !self.oracle.quota => {
                self.violation(&format!("the relay has room, and this is stuck: {row:?}"));
            }
            Delivery::Draft | Delivery::Held { .. } | Delivery::Heard => {
                self.violation(&format!("{delivery:?} is reserved: {row:?}"));
            }
            Delivery::OnThisPhone | Delivery::Stuck { .. } => {}
        }
    }

    /// Whether somebody had seen an entry on a device that somebody wanted out: a mark that nobody knew of
    /// then does not count.
    fn seen_by_who_is_out(&self, thread: ThreadId, before: &Delivery) -> bool {
        let Delivery::Seen { by } = before else { return false };
        by.iter().any(|seen| {
            let theirs = self.devices_of(&seen.person);
            theirs.into_iter().any(|device| self.oracle.out.contains(&(thread, device)))
        })
    }

    /// `OnTheirPhone` and `Seen` name other people, each with a device that holds the entry.
    fn check_people(
        &mut self,
        index: usize,
        thread: ThreadId,
        row: &ThreadRow,
        people: &[PersonId],
    ) {
        let name = self.devices[index].name.clone();
        if people.is_empty() {
            self.violation(&format!("{name} shows as theirs what nobody has: {row:?}"));
        }
        for person in people {
            let readers = self.devices_of(person);
            if readers.is_empty() || readers.contains(&index) {
                self.violation(&format!("{name} counts itself, or nobody: {row:?}"));
            }
            if !readers.iter().any(|reader| self.has_held(*reader, row.entry)) {
                let other = &self.devices[readers[0]].name;
                self.violation(&format!(
                    "{name} shows {row:?} as on {other}'s phone, which never held it ({thread:?})"
                ));
            }
        }
    }

    fn devices_of(&self, person: &PersonId) -> Vec<usize> {
        let theirs: Vec<_> = self.hub.truth.devices_of(person).collect();
        let is_theirs = |index: &usize| {
            self.devices[*index].identity.as_ref().is_some_and(|key| theirs.contains(&key))
        };
        (0..self.devices.len()).filter(is_theirs).collect()
    }

    /// Receipts verify, were true when they were given, and after a completed sync are true now.
    pub(crate) fn check_receipts(&mut self, index: usize, thread: ThreadId, rows: &[ReceiptRow]) {
        let name = self.devices[index].name.clone();
        for row in rows {
            let given = self.hub.truth.ever_held(row.generation, thread, row.seq, row.envelope);
            if !row.verified || !given {
                self.violation(&format!("{name} holds a receipt that is not true: {row:?}"));
            }
            let item = (thread, row.envelope);
            self.oracle.items.entry(row.entry).or_default().insert(item);
        }
        let generation = self.hub.truth.generation();
        let device = &self.devices[index];
        let strict = generation.is_some()
            && device.settled == generation.map(|now| (self.hub.incarnation, now));
        let shown = device.view.threads.get(&thread);
        let claimed = shown.into_iter().flatten().filter_map(|row| {
            matches!(row.delivery, Some(Delivery::OnRelay { .. })).then_some(row.entry)
        });
        let last = device.view.inbox.iter().find(|row| row.thread == thread);
        let last = last.and_then(|row| row.last.as_ref()).and_then(|last| {
            matches!(last.delivery, Some(Delivery::OnRelay { .. })).then_some(last.entry)
        });
        for entry in claimed.chain(last) {
            let mut of_entry = rows.iter().filter(|row| row.entry == entry).peekable();
            if of_entry.peek().is_none() {
                let said = self.oracle.by_entry.get(&entry);
                self.violation(&format!(
                    "{name} shows {entry:?} (said as {said:?}) on the relay without a receipt: \
                     rows {shown:?}, inbox {:?}",
                    device.view.inbox
                ));
            }
            let true_now = of_entry.any(|row| {
                Some(row.generation) == generation
                    && self.hub.truth.holds(&thread, row.seq, &row.envelope)
            });
            if strict && !true_now {
                self.violation(&format!(
                    "{name} shows {entry:?} on the relay, which does not hold it: {rows:?}"
                ));
            }
        }
    }
}
