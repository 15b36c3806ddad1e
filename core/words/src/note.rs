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

/// What is to be said of a thread in which something is new; `None` when nothing is. Who wrote is named
/// only if the last words in it are the one thing that is new (`last_is_new`).
#[must_use]
pub fn note(row: &InboxRow, last_is_new: bool) -> Option<Note> {
    let count = row.unseen;
    let last =
        row.last.as_ref().filter(|last| count == 1 && last_is_new && last.delivery.is_none());
    let said = match (row.title.trim(), last) {
        ("", _) => Phrase::new("note.something"),
        (title, Some(last)) if last.author.name.is_empty() => {
            let said = Phrase::new("note.one").word("who", someone(Some(last.author.role)));
            said.text("title", title)
        }
        (title, Some(last)) => {
            Phrase::new("note.one").text("who", &last.author.name).text("title", title)
        }
        (title, None) => Phrase::new("note.more").n(count).text("title", title),
    };
    (count > 0).then_some(Note { thread: row.thread, said, count })
}
