//! How lists of rows change, recorded from the real engine and kept in a file that every shell replays.
//!
//! `tests/golden/view_diffs.json` has the inbox and one thread of a teacher's phone through a small story:
//! each change and the whole list after it. `TANDEM_GOLDEN=write cargo test -p tandem-tests --test
//! golden_diffs` records it anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tandem_engine::{InboxRow, ThreadRow, ViewDiff};
use tandem_proto::{Role, ThreadId};

use crate::World;

/// What one phone's screens are told, as it goes on.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) inbox: Replay<InboxRow>,
    pub(crate) threads: BTreeMap<ThreadId, Replay<ThreadRow>>,
}

/// What one phone's screens were told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// Of its inbox.
    pub inbox: Replay<InboxRow>,
    /// Of one thread.
    pub thread: Replay<ThreadRow>,
}

/// A list from its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay<R>(pub Vec<Step<R>>);

impl<R> Default for Replay<R> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// One change of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step<R> {
    /// What the engine said.
    pub diff: ViewDiff<R>,
    /// All rows after it.
    pub rows: Vec<R>,
}

impl<R: Clone + PartialEq> Replay<R> {
    /// One more change, as the engine says it.
    pub(crate) fn add(&mut self, diff: ViewDiff<R>) {
        let mut rows = self.rows();
        diff.clone().apply(&mut rows);
        self.0.push(Step { diff, rows });
    }

    /// The rows after the last change.
    fn rows(&self) -> Vec<R> {
        self.0.last().map(|step| step.rows.clone()).unwrap_or_default()
    }

    /// Changes that fit no such list, as a shell might get them that has missed one: they change nothing.
    /// Then all of it anew.
    fn add_misfits(&mut self) {
        let rows = self.rows();
        let Some(row) = rows.first().cloned() else { return };
        let (len, far) = (rows.len(), usize::try_from(u32::MAX).unwrap_or(usize::MAX));
        for at in [len, far] {
            self.add(ViewDiff::Update { at, row: row.clone() });
            self.add(ViewDiff::Remove { at });
        }
        self.add(ViewDiff::Insert { at: len + 1, row: row.clone() });
        self.add(ViewDiff::Insert { at: far, row });
        self.add(ViewDiff::Reset(rows));
    }
}

/// Plays the story and says what the teacher's screens were told.
#[must_use]
pub fn record() -> Recording {
    let mut world = World::story("what_screens_are_told");
    let teacher = world.device("Teacher", Role::Teacher);
    world.devices[teacher].view.recorder = Some(Recorder::default());
    world.online(teacher);
    let other = world.found(teacher, "Leo");
    let thread = world.found(teacher, "Mia");
    let parent = world.member("Parent", Role::Guardian, teacher, thread);
    world.offline(teacher);
    let said = world.post(teacher, thread);
    world.post_step(parent, thread, "home");
    world.post(teacher, other);
    world.run_for(5_000);
    world.online(teacher);
    world.run_for(20_000);
    world.mark_seen(parent, thread);
    world.run_for(20_000);
    world.expect(world.state(teacher, thread, said) == "seen", "the story has come to its end");
    world.post(parent, thread);
    world.run_for(20_000);
    let mut told = world.devices[teacher].view.recorder.take().unwrap_or_default();
    let (mut inbox, mut thread) = (told.inbox, told.threads.remove(&thread).unwrap_or_default());
    inbox.add_misfits();
    thread.add_misfits();
    world.end();
    Recording { inbox, thread }
}
