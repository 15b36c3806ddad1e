//! What a story does with the school's records.

use tandem_engine::{
    Answer, Fields, Input, Intent, JoinState, Query, ThreadExport, Trouble, UpkeepRow,
};
use tandem_proto::{InviteLink, Role, ThreadId};

use crate::{device::Asked, world::World};

impl World {
    /// Makes an invite, or says why there is none.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn try_invite(
        &mut self,
        device: usize,
        thread: ThreadId,
        role: Role,
    ) -> Result<InviteLink, Trouble> {
        let intent = Intent::Invite { thread, role, in_person: false };
        let ticket = self.mean(device, Asked::People, intent);
        self.await_answer(device, ticket).map(|answer| match answer {
            Answer::Invited(link) => link,
            other => self.violation(&format!("inviting came to {other:?}")),
        })
    }

    /// Follows a link, or says why this home does not.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn try_join(&mut self, device: usize, link: &InviteLink) -> Result<JoinState, Trouble> {
        let ticket = self.mean(device, Asked::People, Intent::Join { link: link.clone() });
        self.await_answer(device, ticket).map(|answer| match answer {
            Answer::Joining(_, state) => state,
            other => self.violation(&format!("joining came to {other:?}")),
        })
    }

    /// Has a thread on the screen, or says why that is not said.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn try_mark_seen(&mut self, device: usize, thread: ThreadId) -> Result<(), Trouble> {
        let ticket = self.mean(device, Asked::People, Intent::MarkSeen { thread, entries: None });
        self.await_answer(device, ticket).map(drop)
    }

    /// A device says something, and marks everything as seen, that may do neither: an app that
    /// keeps no rule.
    pub fn unruly(&mut self, device: usize, thread: ThreadId, text: &str) {
        let now = self.clock(device);
        let fields = Fields::from([("text".to_owned(), text.to_owned())]);
        let kind = "message".to_owned();
        let said = Intent::Post { thread, kind, fields, answers: None };
        for intent in [said, Intent::MarkSeen { thread, entries: None }] {
            let engine = self.devices[device].engine.as_mut();
            if !engine.is_some_and(|engine| engine.mean_unruly(now, &intent)) {
                self.violation("the story needs a device that can break this rule");
            }
        }
        self.feed(device, Input::Tick);
    }

    /// How a device keeps up a thread.
    pub fn upkeep(&mut self, device: usize, thread: ThreadId) -> UpkeepRow {
        let ticket = self.ask(device, Asked::People, Query::Upkeep);
        let rows = match self.await_answer(device, ticket) {
            Ok(Answer::Upkeep(rows)) => rows,
            other => self.violation(&format!("the upkeep came to {other:?}")),
        };
        match rows.into_iter().find(|row| row.thread == thread) {
            Some(row) => row,
            None => self.violation("the story needs a thread that the device has"),
        }
    }

    /// All of a thread as a device gives it out.
    pub fn export(&mut self, device: usize, thread: ThreadId) -> ThreadExport {
        let ticket = self.ask(device, Asked::People, Query::Export(thread));
        match self.await_answer(device, ticket) {
            Ok(Answer::Export(all)) => *all,
            other => self.violation(&format!("the export came to {other:?}")),
        }
    }
}
