//! What the facade asks of the driver.

use std::time::Duration;

use tandem_engine::{Answer, InboxRow, Intent, Query, SyncReport, ThreadRow, Watch, WatchId};
use tandem_proto::RelayLink;
use tokio::{sync::oneshot, task::JoinHandle};

use super::feed::Feed;
use crate::{ClientError, HomeError, SyncError};

/// Where an answer goes. Dropping it says that the client is closed.
pub(crate) type Reply<T> = oneshot::Sender<T>;

/// Numbers a sync, so that it can be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SyncId(pub(crate) u64);

/// What needs an open engine.
#[derive(Debug)]
pub(crate) enum Wish {
    Perform(Intent, Reply<Result<Answer, ClientError>>),
    Ask(Query, Reply<Result<Answer, ClientError>>),
    Sync(SyncId, Duration, Reply<Result<SyncReport, SyncError>>),
}

/// What the facade asks. Each is waited for by its caller, so the queue is as long as there are
/// callers.
#[derive(Debug)]
pub(crate) enum Request {
    Wish(Wish),
    WatchInbox(WatchId, Feed<InboxRow>),
    WatchThread(WatchId, Watch, Feed<ThreadRow>),
    /// A screen wants so many rows more of its thread.
    Earlier(WatchId, usize),
    Unwatch(WatchId),
    /// The caller of a sync went away.
    GiveUpSync(SyncId),
    SetOnline(bool),
    NetworkChanged,
    /// Hang up and close the store; answered when others can open it.
    Suspend(Reply<Goodbyes>),
    Resume(Reply<Result<(), HomeError>>),
    /// As suspending, and then the driver ends.
    Close(Reply<Goodbyes>),
}

/// Links whose goodbye may still be leaving.
pub(crate) type Goodbyes = Vec<JoinHandle<()>>;

/// What the first opening comes to.
pub(crate) type FirstOpening = Reply<Result<RelayLink, HomeError>>;
