//! What a phone's lock screen says of a thread: that something is new, and nothing of what was said.

use tandem_engine::InboxRow;
use tandem_proto::ThreadId;

use crate::{Phrase, event::someone};

/// A notification to show; another of the same thread takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Note {
    /// Of which thread.
    pub thread: ThreadId,
    /// What to say.
    pub said: Phrase,
    /// How much is new in it.
    pub count: u32,
}

/// What is to be said of a thread in which something is new; `None` when nothing is.
#[must_use]
pub fn note(row: &InboxRow) -> Option<Note> {
    let count = row.unseen;
    let last = row.last.as_ref().filter(|_| count == 1);
    let theirs = last.filter(|last| row.people.iter().any(|who| who.person == last.author.person));
    let said = match theirs {
        Some(last) if last.author.name.is_empty() => {
            Phrase::new("note.one").word("who", someone(Some(last.author.role)))
        }
        Some(last) => Phrase::new("note.one").text("who", &last.author.name),
        None => Phrase::new("note.more").n(count),
    };
    (count > 0).then(|| Note { thread: row.thread, said: said.text("title", &row.title), count })
}
