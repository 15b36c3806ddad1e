//! What the client tells the engine.

use tandem_proto::{Closing, RelayToClient, ThreadId};

use crate::{CommitId, Intent, Key, Query, Ticket, Watch, WatchId};

/// Why a connection is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkFault {
    /// The relay could not be reached, or the line went dead.
    Unreachable,
    /// Something answered with another key than the pinned one.
    WrongKey,
    /// The relay closed the connection or spoke what can't be read.
    Closed(String),
    /// The relay does not serve this device, or its school.
    TurnedAway(Closing),
    /// We hung up.
    HungUp,
}

/// What happened outside.
#[derive(Debug, Clone)]
pub enum Input {
    /// A person meant something.
    Intent(Ticket, Intent),
    /// A screen asks.
    Query(Ticket, Query),
    /// A screen opens: it gets a `Reset`, then differences.
    Watch(WatchId, Watch),
    /// A screen that shows the newest rows of a thread wants so many more, before the first that it shows.
    Earlier(WatchId, usize),
    /// A screen closes.
    Unwatch(WatchId),
    /// Whether to be connected. While true the engine dials, and again after a fault, later and
    /// later; when it becomes true a running backoff is cut short.
    Online(bool),
    /// The dialled connection is there; nothing counts before the relay's greeting.
    LinkUp,
    /// A frame arrived.
    Frame(RelayToClient),
    /// The dial failed, or the connection is gone.
    LinkDown(LinkFault),
    /// This commit is durable. Commits complete in order.
    Persisted(CommitId),
    /// This commit is not durable, nor is any later one; why, in words for a person.
    PersistFailed(CommitId, String),
    /// What [`crate::Effect::Load`] asked for.
    Loaded(ThreadId, Vec<(Key, Vec<u8>)>),
    /// What [`crate::Effect::Load`] asked for is damaged; why, in words. Whoever waits for this
    /// thread gets [`crate::Trouble::Damaged`]; other threads go on.
    LoadFailed(ThreadId, String),
    /// The time that [`crate::Engine::poll_timeout`] named has come.
    Tick,
}
