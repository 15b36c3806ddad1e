//! Seats in the end: whoever is in has the key of the present epoch, and nobody who is out has one.

use tandem_proto::{RosterLink, SeatRequest, Statement, ThreadId};

use crate::world::World;

impl World {
    /// Whether a device lost its seat with its disk, and those who could give it another lost the
    /// thread with theirs: it founds the group anew after four days (ADR 0013), which no world lasts.
    pub(super) fn waits_in_vain(&self, index: usize, thread: &ThreadId) -> bool {
        let others = self.devices.iter().enumerate().filter(|(other, _)| *other != index);
        let mut answers = others.filter(|(other, device)| {
            device.shows(thread)
                && !self.is_out_for_good(*other, *thread)
                && !self.asks_for_a_seat(*other, thread)
        });
        self.stats.restores > 0 && answers.next().is_none()
    }

    /// Whether a device has asked for a seat, and nobody has answered.
    pub(super) fn asks_for_a_seat(&self, index: usize, thread: &ThreadId) -> bool {
        let log = self.log_of(*thread);
        let device = self.devices[index].identity;
        let answered = |request: &SeatRequest| {
            log.iter().any(|item| {
                RosterLink::from_item(item).is_ok_and(|link| {
                    link.statement == Statement::Reseat { request: request.clone() }
                })
            })
        };
        let asked = log.iter().filter_map(|item| SeatRequest::from_item(thread, item).ok());
        asked.into_iter().any(|asked| Some(asked.device) == device && !answered(&asked))
    }

    /// Asks those whom somebody took out whether they are. Where the relay lost a removal with its store
    /// and its author with their disk, nobody else may know of it any more, and whoever is out does not
    /// say so to the others.
    pub(super) fn ask_who_is_out(&mut self) {
        if self.stats.restores == 0 || self.stats.relay_losses == 0 {
            return;
        }
        for (thread, index) in self.oracle.out.clone() {
            if self.devices[index].shows(&thread)
                && !self.members(index, thread).iter().any(|row| row.mine)
            {
                self.oracle.out_by_own_word.insert((thread, index));
            }
        }
    }

    /// Whether a device is out in the end.
    pub(super) fn is_out_for_good(&self, index: usize, thread: ThreadId) -> bool {
        self.is_out(index, thread) || self.oracle.out_by_own_word.contains(&(thread, index))
    }

    /// Whoever is in can say something now, though they have nothing to say: nobody has a seat who was
    /// taken out, and each device keeps the key of the epoch that the relay's log has come to.
    pub(super) fn check_seats(&self, thread: ThreadId, members: &[usize]) {
        let Some(roster) = self.hub.truth.roster(&thread) else { return };
        let at = self.thread_name(&thread);
        let seated = roster.to_take_out();
        if !seated.is_empty() {
            self.violation(&format!("{seated:?} are out of {at} and have a seat in its group"));
        }
        let (head, epoch) = (roster.head(), roster.epoch());
        for index in members {
            if !self.keys_of(*index, thread).keep(&head) {
                let name = &self.devices[*index].name;
                self.violation(&format!("{name} is in {at} and has no key of its {epoch:?}"));
            }
        }
    }

    /// Whoever was taken out can open nothing that was sealed after, whatever they try. Where a log was
    /// lost, somebody may have sealed who had not heard of it; stories have that.
    pub(super) fn check_nobody_out_reads(&self, thread: ThreadId) {
        if self.stats.relay_losses > 0 || self.stats.restores > 0 {
            return;
        }
        let log = self.log_of(thread);
        for index in 0..self.devices.len() {
            let device = self.devices[index].identity;
            let Some(device) = device.filter(|_| self.is_out(index, thread)) else { continue };
            let takes_out = |item: &Vec<u8>| {
                RosterLink::from_item(item).is_ok_and(|link| link.statement.takes_out(&device))
            };
            let keys = self.keys_of(index, thread);
            let after = log.iter().skip_while(|item| !takes_out(item)).skip(1);
            let opened = after.filter(|item| keys.open(item)).count();
            if opened > 0 {
                let name = &self.devices[index].name;
                self.violation(&format!("{name} is out and can open {opened} envelopes since"));
            }
        }
    }
}
