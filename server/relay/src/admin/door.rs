//! The door: whom the relay serves at all, and who may put a thread on it.

use tandem_proto::{
    Closing, Enrolment, Refusal, RelayToClient, SchoolAnswer, SchoolPass, ThreadId, TransportKey,
    Whom,
    planted::{Fault, is},
};

use super::{Limit, Standing};
use crate::{
    Admission, ConnId, Record,
    commit::After,
    relay::{Relay, Stage},
};

/// Passes that one connection may show: a person who joins a school, and then another.
const MAX_PASSES: u8 = 8;

impl Relay {
    /// A device shows that it is one of a school's. The answer follows the greeting.
    pub(crate) fn show_pass(&mut self, id: ConnId, device: TransportKey, pass: &SchoolPass) {
        let Some(conn) = self.conns.get_mut(id) else { return };
        conn.passes += 1;
        if conn.passes > MAX_PASSES {
            return self.conns.close(id, Closing::Malformed);
        }
        let greeted = conn.version.is_some();
        let answer = SchoolAnswer { school: pass.school, enrolment: self.enrol(device, pass) };
        let Some(conn) = self.conns.get_mut(id) else { return };
        conn.answer = Some(answer);
        if greeted {
            match self.turned_away(&device) {
                Some(why) => self.conns.close(id, why),
                None => self.answer_pass(id),
            }
        }
    }

    /// Says what became of a pass, once that is durable.
    pub(crate) fn answer_pass(&mut self, id: ConnId) {
        let answer = self.conns.get_mut(id).and_then(|conn| conn.answer.take());
        if let Some(answer) = answer {
            self.when_durable(After::Say(id, RelayToClient::School(answer)));
        }
    }

    fn enrol(&mut self, device: TransportKey, pass: &SchoolPass) -> Enrolment {
        let of = self.schools.of_device(&device).filter(|(id, _)| *id == pass.school);
        if of.is_some_and(|(_, school)| school.standing != Standing::Removed) {
            // Also with a pass that was replaced since: a new link is no reason to lose devices.
            return Enrolment::Enrolled;
        }
        if let Some(before) = self.enrolled_before(&device, pass) {
            // The same device with new keys: it takes the place of the old one.
            return self.enrol_as(before, device, pass);
        }
        let Some(school) = self.schools.with_pass(pass) else { return Enrolment::NoSuchPass };
        if self.schools.standing_of(&device) == Standing::Removed {
            return Enrolment::NoSuchPass;
        }
        if school.devices >= self.limit(Some(school), Limit::Devices) {
            return Enrolment::Full;
        }
        self.schools.enrol(device, pass.school, self.now);
        let record = Record::Enrolled { device, school: pass.school, time: self.now };
        self.commits.collecting.records.push(record);
        Enrolment::Enrolled
    }

    /// The key by which this device is the school's, that it had before it renewed its keys.
    fn enrolled_before(&self, device: &TransportKey, pass: &SchoolPass) -> Option<TransportKey> {
        let threads = self.threads.values().filter(|thread| thread.member(device).is_some());
        threads.flat_map(|thread| thread.lines_of_same(device)).find(|line| {
            line != device
                && self.schools.of_device(line).is_some_and(|(id, school)| {
                    id == pass.school && school.standing != Standing::Removed
                })
        })
    }

    fn enrol_as(
        &mut self,
        before: TransportKey,
        device: TransportKey,
        pass: &SchoolPass,
    ) -> Enrolment {
        self.schools.dismiss(&before);
        self.schools.enrol(device, pass.school, self.now);
        let record = Record::Moved { before, device, school: pass.school, time: self.now };
        self.commits.collecting.records.push(record);
        Enrolment::Enrolled
    }

    /// Why a device is not served, if it is not.
    pub(crate) fn turned_away(&self, device: &TransportKey) -> Option<Closing> {
        if is(Fault::SuspendedServed) {
            return None;
        }
        let school = self.schools.of_device(device).map(|(_, school)| school.standing);
        let own = self.schools.standing_of(device);
        match (own, school.unwrap_or(Standing::Active)) {
            (Standing::Removed, _) => Some(Closing::Removed(Whom::Device)),
            (Standing::Suspended, _) => Some(Closing::Suspended(Whom::Device)),
            (_, Standing::Removed) => Some(Closing::Removed(Whom::School)),
            (_, Standing::Suspended) => Some(Closing::Suspended(Whom::School)),
            (Standing::Active, Standing::Active) => None,
        }
    }

    /// Closes the connections of devices that are not served any more.
    pub(crate) fn turn_out(&mut self) {
        for id in self.conns.ids() {
            let Some(conn) = self.conns.get(id) else { continue };
            if conn.version.is_some()
                && let Some(why) = self.turned_away(&conn.device)
            {
                self.conns.close(id, why);
            }
        }
    }

    /// Why nothing of a device is taken into a thread just now, whatever it is.
    pub(crate) fn bars(&self, device: &TransportKey, thread: &ThreadId) -> Option<Refusal> {
        if self.stage != Stage::Running {
            return Some(Refusal::Unavailable);
        }
        if self.tombstone(thread).is_some() {
            return Some(Refusal::Erased);
        }
        if !self.threads.contains_key(thread) {
            let may =
                self.config.admission == Admission::Open || self.schools.serving(device).is_some();
            return (!may).then_some(Refusal::NotAdmitted);
        }
        match self.schools.of_thread(thread)?.1.standing {
            Standing::Active => None,
            Standing::Suspended => Some(Refusal::Suspended),
            // It goes over to another school.
            Standing::Removed if self.schools.serving(device).is_some() => None,
            Standing::Removed => Some(Refusal::Suspended),
        }
    }
}
