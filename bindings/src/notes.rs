//! Notifications: what is new and was not read yet, told to the platform as it comes.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tandem_client::Subscription;
use tandem_engine::{EntryId, InboxRow};
use tandem_proto::ThreadId;
use tandem_words::Note;

use crate::{
    TandemError,
    live::{AbortOnDrop, runtime},
};

/// The platform's notifications, behind a trait that the shell implements.
///
/// Called on a thread that may block; what comes meanwhile waits, and nothing else does. An exception is
/// ignored: a notification that could not be shown changes nothing.
#[uniffi::export(foreign)]
pub trait Notifications: Send + Sync {
    /// Shows a note in the place of the one of the same thread, if there is one. It says that something is
    /// new and by whom, never what was said.
    ///
    /// # Errors
    /// [`NotificationsError`], which changes nothing.
    fn show(&self, note: Note) -> Result<(), NotificationsError>;

    /// Takes a thread's note away, since all of it was read.
    ///
    /// # Errors
    /// [`NotificationsError`], which changes nothing.
    fn withdraw(&self, thread: ThreadId) -> Result<(), NotificationsError>;
}

/// Why a notification could not be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum NotificationsError {
    /// It could not.
    #[error("{reason}")]
    Failed {
        /// What was said.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for NotificationsError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// Tells somebody as long as it is held.
#[derive(Debug)]
pub(crate) struct Telling {
    _task: AbortOnDrop,
    /// What is under way can't be called back; nothing is begun after it.
    ended: Arc<AtomicBool>,
}

impl Drop for Telling {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
    }
}

impl Telling {
    pub(crate) fn begin(
        mut inbox: Subscription<InboxRow>,
        by: Arc<dyn Notifications>,
    ) -> Result<Self, TandemError> {
        let ended = Arc::new(AtomicBool::new(false));
        let over = ended.clone();
        let task = runtime()?.spawn(async move {
            let (mut rows, mut told) = (Vec::new(), None);
            while let Some(diff) = inbox.next().await {
                diff.apply(&mut rows);
                let news = news(&rows, &mut told);
                if !news.is_empty() {
                    let (by, over) = (by.clone(), over.clone());
                    // Somebody else's code: it may block, and it may fail. What it could not show is not
                    // shown, and what comes after it is.
                    let _ = tokio::task::spawn_blocking(move || tell(&*by, news, &over)).await;
                }
            }
        });
        Ok(Self { _task: AbortOnDrop(task.abort_handle()), ended })
    }
}

fn tell(by: &dyn Notifications, news: Vec<News>, over: &AtomicBool) {
    for news in news {
        if over.load(Ordering::Acquire) {
            return;
        }
        let _ = match news {
            News::Show(note) => by.show(note),
            News::Withdraw(thread) => by.withdraw(thread),
        };
    }
}

enum News {
    Show(Note),
    Withdraw(ThreadId),
}

/// What was unread in a thread when somebody was last told of it: how much, and which came last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Known {
    unseen: u32,
    last: Option<EntryId>,
}

/// By thread; `None` before the first rows.
type Told = Option<BTreeMap<ThreadId, Known>>;

/// What is to be told of these rows. What was unread before anybody was to be told is not news.
fn news(rows: &[InboxRow], told: &mut Told) -> Vec<News> {
    let known = |row: &InboxRow| {
        let theirs = row.last.as_ref().filter(|last| last.delivery.is_none());
        Known { unseen: row.unseen, last: theirs.map(|last| last.entry) }
    };
    let now = rows.iter().map(|row| (row.thread, known(row))).collect();
    let Some(before) = told.replace(now) else { return Vec::new() };
    let mut news = Vec::new();
    for row in rows {
        let (now, before) = (known(row), before.get(&row.thread).copied().unwrap_or_default());
        let last_is_new = now.last.is_some() && now.last != before.last;
        // One may have been read elsewhere while another came.
        if now.unseen > before.unseen || (now.unseen > 0 && last_is_new) {
            news.extend(tandem_words::note(row, last_is_new).map(News::Show));
        } else if now.unseen == 0 && before.unseen > 0 {
            news.push(News::Withdraw(row.thread));
        }
    }
    let gone = before.iter().filter(|(thread, known)| {
        known.unseen > 0 && rows.iter().all(|row| row.thread != **thread)
    });
    news.extend(gone.map(|(thread, _)| News::Withdraw(*thread)));
    news
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use std::sync::{Mutex, atomic::AtomicU32, mpsc};

    use tandem_engine::{Author, LastLine};
    use tandem_proto::{PersonId, Role, Timestamp};

    use super::*;

    fn row(id: u8, unseen: u32) -> InboxRow {
        let mut row = InboxRow::blank(ThreadId::new([id; 20]));
        row.unseen = unseen;
        row
    }

    fn shown(news: &[News]) -> Vec<(bool, ThreadId)> {
        let said = news.iter().map(|news| match news {
            News::Show(note) => (true, note.thread),
            News::Withdraw(thread) => (false, *thread),
        });
        said.collect()
    }

    #[test]
    fn what_was_unread_before_is_no_news_and_what_comes_is_told_once() {
        let mut told = None;
        assert!(news(&[row(1, 3), row(2, 0)], &mut told).is_empty());
        let (one, two) = (row(1, 3).thread, row(2, 1).thread);
        assert_eq!(shown(&news(&[row(1, 3), row(2, 1)], &mut told)), [(true, two)]);
        assert!(news(&[row(1, 3), row(2, 1)], &mut told).is_empty(), "the same again");
        assert_eq!(shown(&news(&[row(1, 4), row(2, 1)], &mut told)), [(true, one)]);
    }

    #[test]
    fn what_was_read_or_is_gone_is_taken_away() {
        let mut told = None;
        news(&[row(1, 3), row(2, 2)], &mut told);
        let (one, two) = (row(1, 0).thread, row(2, 0).thread);
        assert_eq!(shown(&news(&[row(1, 0), row(2, 2)], &mut told)), [(false, one)]);
        assert_eq!(shown(&news(&[row(1, 0)], &mut told)), [(false, two)]);
        assert!(news(&[row(1, 0)], &mut told).is_empty());
    }

    fn with_last(mut row: InboxRow, entry: u8) -> InboxRow {
        row.title = "Maya".to_owned();
        row.last = Some(LastLine {
            entry: EntryId::new([entry; 10]),
            kind: "message".to_owned(),
            author: Author {
                person: PersonId::new([entry; 16]),
                name: format!("Writer {entry}"),
                role: Role::Teacher,
            },
            text: "words".to_owned(),
            at: Timestamp(0),
            delivery: None,
        });
        row
    }

    fn keys(news: &[News]) -> Vec<&str> {
        let said = news.iter().map(|news| match news {
            News::Show(note) => note.said.key.as_str(),
            News::Withdraw(_) => "-",
        });
        said.collect()
    }

    #[test]
    fn who_wrote_is_named_only_when_the_last_words_are_what_is_new() {
        let mut told = None;
        news(&[with_last(row(1, 0), 1)], &mut told);
        // Something older came late: the last words were read already.
        assert_eq!(keys(&news(&[with_last(row(1, 1), 1)], &mut told)), ["note.more"]);
        // That was read on another phone while something came.
        assert_eq!(keys(&news(&[with_last(row(1, 1), 2)], &mut told)), ["note.one"]);
        assert_eq!(keys(&news(&[with_last(row(1, 2), 3)], &mut told)), ["note.more"]);
        assert_eq!(keys(&news(&[row(2, 1)], &mut told)), ["note.something", "-"]);
    }

    /// Blocks in its first note until it is let go, and counts.
    struct Blocks {
        shown: AtomicU32,
        go: Mutex<mpsc::Receiver<()>>,
    }

    impl Notifications for Blocks {
        fn show(&self, _note: Note) -> Result<(), NotificationsError> {
            self.shown.fetch_add(1, Ordering::SeqCst);
            self.go.lock().unwrap().recv().unwrap();
            Ok(())
        }

        fn withdraw(&self, _thread: ThreadId) -> Result<(), NotificationsError> {
            Ok(())
        }
    }

    #[test]
    fn who_is_told_no_more_is_told_nothing_more_also_while_it_blocks() {
        let (send, go) = mpsc::channel();
        let by = Arc::new(Blocks { shown: AtomicU32::new(0), go: Mutex::new(go) });
        let over = Arc::new(AtomicBool::new(false));
        let mut told = None;
        news(&[row(1, 0), row(2, 0)], &mut told);
        let two = news(&[row(1, 1), row(2, 1)], &mut told);
        assert_eq!(two.len(), 2);
        let telling = {
            let (by, over) = (by.clone(), over.clone());
            std::thread::spawn(move || tell(&*by, two, &over))
        };
        while by.shown.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        over.store(true, Ordering::Release);
        send.send(()).unwrap();
        // A second note would find nobody who lets it go, and fail instead of waiting.
        drop(send);
        telling.join().unwrap();
        assert_eq!(by.shown.load(Ordering::SeqCst), 1);
    }
}
