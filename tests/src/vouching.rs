//! What a story can have people do about who is who: invites, codes, and the list of members.

use tandem_engine::{Answer, Engine, Intent, MemberRow, Query, Trouble};
use tandem_proto::{InviteLink, PersonId, Role, ThreadId, invite_id};

use crate::{device::Asked, world::World};

impl World {
    /// Makes an invite; to be shown in person, or sent.
    pub fn invite_by(
        &mut self,
        device: usize,
        thread: ThreadId,
        role: Role,
        in_person: bool,
    ) -> InviteLink {
        let intent = Intent::Invite { thread, role, in_person };
        let ticket = self.mean(device, Asked::Invite(None), intent);
        match self.await_answer(device, ticket) {
            Ok(Answer::Invited(link)) => link,
            other => self.violation(&format!("inviting came to {other:?}")),
        }
    }

    /// Takes an invite back.
    pub fn revoke(&mut self, device: usize, link: &InviteLink) {
        let intent = Intent::RevokeInvite { invite: invite_id(&link.secret) };
        let ticket = self.mean(device, Asked::People, intent);
        if let Err(trouble) = self.await_answer(device, ticket) {
            self.violation(&format!("revoking came to {trouble}"));
        }
    }

    /// Compares codes with somebody; why it was not noted, if it was not.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn verify(
        &mut self,
        device: usize,
        thread: ThreadId,
        person: PersonId,
        code: &str,
    ) -> Result<(), Trouble> {
        let intent = Intent::Verify { thread, person, code: code.to_owned() };
        let ticket = self.mean(device, Asked::People, intent);
        self.await_answer(device, ticket).map(drop)
    }

    /// Who holds keys of a thread, as a device lists them.
    pub fn members(&mut self, device: usize, thread: ThreadId) -> Vec<MemberRow> {
        let ticket = self.ask(device, Asked::People, Query::Members(thread));
        match self.await_answer(device, ticket) {
            Ok(Answer::Members(rows)) => rows,
            other => self.violation(&format!("the members came to {other:?}")),
        }
    }

    /// The person whose device this is, as another device lists them.
    pub fn member_row(&mut self, device: usize, thread: ThreadId, of: usize) -> MemberRow {
        let Some(person) = self.devices[of].engine.as_ref().map(Engine::person) else {
            self.violation("the story asks for somebody whose device is closed");
        };
        let rows = self.members(device, thread);
        match rows.into_iter().find(|row| row.author.person == person) {
            Some(row) => row,
            None => self.violation("somebody who is in is not listed"),
        }
    }

    /// The code that a device shows for somebody.
    pub fn code(&mut self, device: usize, thread: ThreadId, person: PersonId) -> String {
        let ticket = self.ask(device, Asked::People, Query::Code(thread, person));
        match self.await_answer(device, ticket) {
            Ok(Answer::Code(code)) => code,
            other => self.violation(&format!("the code came to {other:?}")),
        }
    }
}
