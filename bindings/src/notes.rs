//! Notifications: what is new and was not read yet, told to the platform as it comes.

use std::{collections::BTreeMap, sync::Arc};

use tandem_client::Subscription;
use tandem_engine::InboxRow;
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
pub(crate) struct Telling(
    #[expect(dead_code, reason = "it ends when this is dropped")] AbortOnDrop,
);

impl Telling {
    pub(crate) fn begin(
        mut inbox: Subscription<InboxRow>,
        by: Arc<dyn Notifications>,
    ) -> Result<Self, TandemError> {
        let task = runtime()?.spawn(async move {
            let (mut rows, mut told) = (Vec::new(), None);
            while let Some(diff) = inbox.next().await {
                diff.apply(&mut rows);
                let news = news(&rows, &mut told);
                if news.is_empty() {
                    continue;
                }
                let by = by.clone();
                // Somebody else's code: it may block, and it may fail.
                let said = tokio::task::spawn_blocking(move || {
                    for news in news {
                        let _ = match news {
                            News::Show(note) => by.show(note),
                            News::Withdraw(thread) => by.withdraw(thread),
                        };
                    }
                });
                if said.await.is_err() {
                    return;
                }
            }
        });
        Ok(Self(AbortOnDrop(task.abort_handle())))
    }
}

enum News {
    Show(Note),
    Withdraw(ThreadId),
}

/// How much was unread in each thread when somebody was last told; `None` before the first rows.
type Told = Option<BTreeMap<ThreadId, u32>>;

/// What is to be told of these rows. What was unread before anybody was to be told is not news.
fn news(rows: &[InboxRow], told: &mut Told) -> Vec<News> {
    let unread = rows.iter().map(|row| (row.thread, row.unseen)).collect();
    let Some(before) = told.replace(unread) else { return Vec::new() };
    let mut news = Vec::new();
    for row in rows {
        let known = before.get(&row.thread).copied().unwrap_or_default();
        if row.unseen > known {
            news.extend(tandem_words::note(row).map(News::Show));
        } else if row.unseen == 0 && known > 0 {
            news.push(News::Withdraw(row.thread));
        }
    }
    let gone = before
        .iter()
        .filter(|(thread, known)| **known > 0 && rows.iter().all(|row| row.thread != **thread));
    news.extend(gone.map(|(thread, _)| News::Withdraw(*thread)));
    news
}

#[cfg(test)]
mod tests {
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
}
