//! The recorded screens that every shell's tests replay (`tests/golden/view_diffs.json`), as the types
//! that a shell gets. Only in libraries that are built for tests, by the feature `golden`.

use serde::Deserialize;
use tandem_engine::{InboxRow, ThreadRow, ViewDiff};

use crate::{InboxDiff, TandemError, ThreadDiff};

/// One change of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct InboxStep {
    /// What is to be applied.
    pub diff: InboxDiff,
    /// All rows after it.
    pub rows: Vec<InboxRow>,
}

/// One change of a thread's rows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ThreadStep {
    /// What is to be applied.
    pub diff: ThreadDiff,
    /// All rows after it.
    pub rows: Vec<ThreadRow>,
}

/// Two lists from their beginning.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Recording {
    /// A phone's inbox.
    pub inbox: Vec<InboxStep>,
    /// One of its threads.
    pub thread: Vec<ThreadStep>,
}

#[derive(Deserialize)]
struct File {
    inbox: Vec<Step<InboxRow>>,
    thread: Vec<Step<ThreadRow>>,
}

#[derive(Deserialize)]
struct Step<R> {
    diff: ViewDiff<R>,
    rows: Vec<R>,
}

/// Reads the recorded screens.
///
/// # Errors
/// `BadInput` when this is no such file.
#[uniffi::export]
pub fn read_recording(json: &str) -> Result<Recording, TandemError> {
    let file: File = serde_json::from_str(json).map_err(|error| TandemError::BadInput {
        code: "no_recording".into(),
        field: None,
        words: error.to_string(),
    })?;
    let inbox = |step: Step<InboxRow>| InboxStep { diff: step.diff.into(), rows: step.rows };
    let thread = |step: Step<ThreadRow>| ThreadStep { diff: step.diff.into(), rows: step.rows };
    Ok(Recording {
        inbox: file.inbox.into_iter().map(inbox).collect(),
        thread: file.thread.into_iter().map(thread).collect(),
    })
}
