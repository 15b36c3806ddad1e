//! The school of this home at its relay: shown on each connection, and what came of it.

use tandem_proto::{ClientToRelay, Enrolment, SchoolAnswer, SchoolLink};

use crate::{
    Answer, Engine, HomeSchool, Key, Trouble,
    record::{Kind, SchoolRecord},
    session::Phase,
};

/// How long what the relay does not take for a school's sake waits before it is offered again on the
/// same connection: somebody of the school may have put the thread there meanwhile.
const OFFER_AGAIN_MS: u64 = 60_000;

impl Engine {
    /// Takes a school's link: the relay is shown it from here on.
    pub(crate) fn join_school(&mut self, link: &SchoolLink) -> Result<Answer, Trouble> {
        if link.relay.key != self.me.relay.key {
            return Err(Trouble::OtherRelay);
        }
        let known = self.session.record.school.as_ref();
        if known.is_none_or(|known| known.pass != link.pass) {
            let school = SchoolRecord { pass: link.pass.clone(), enrolment: None };
            self.session.record.school = Some(school);
            self.keep_session();
            if self.session.has_said_hello() {
                self.show_school();
            }
        }
        Ok(Answer::School(self.home_school()))
    }

    /// The school of this home, and what the relay said of it last.
    pub(crate) fn home_school(&self) -> Option<HomeSchool> {
        let record = self.session.record.school.as_ref()?;
        Some(HomeSchool { school: record.pass.school, enrolment: record.enrolment })
    }

    /// Shows the relay that this device is one of its school's.
    pub(crate) fn show_school(&mut self) {
        if let Some(school) = &self.session.record.school {
            let pass = school.pass.clone();
            self.send(ClientToRelay::School(pass));
        }
    }

    /// The relay says what became of that.
    pub(crate) fn school_answered(&mut self, answer: &SchoolAnswer) {
        let Some(school) = self.session.record.school.as_mut() else { return };
        if school.pass.school != answer.school {
            return;
        }
        if school.enrolment != Some(answer.enrolment) {
            school.enrolment = Some(answer.enrolment);
            self.keep_session();
        }
        if answer.enrolment == Enrolment::Enrolled && self.session.offer_again.is_some() {
            self.session.offer_again = Some(self.now);
        }
    }

    fn keep_session(&mut self) {
        self.out.put(Key::one(Kind::Session), &self.session.record);
    }

    /// Something was refused for a school's sake: it goes again after a while.
    pub(crate) fn offer_later(&mut self) {
        let at = self.now.plus_ms(OFFER_AGAIN_MS);
        self.session.offer_again.get_or_insert(at);
    }

    /// Offers again what was refused for a school's sake, once that is due.
    pub(crate) fn offer_again(&mut self) {
        let due = self.session.offer_again.is_some_and(|at| at <= self.now);
        if !due || !self.session.settled || self.session.phase != Phase::Live {
            return;
        }
        self.session.offer_again = None;
        self.session.uploaded = false;
        // Others are pushed again with the upload that follows.
        for id in self.threads_that(|thread| !thread.named) {
            if let Some(thread) = self.threads.get_mut(&id) {
                thread.shown = false;
                thread.barred = false;
            }
            self.show_thread_to_relay(id);
        }
    }
}

#[cfg(test)]
mod tests;
