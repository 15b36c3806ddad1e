//! What the host tells the core.

use tandem_proto::{ClientToRelay, TransportKey};

use crate::{AdminId, AdminRequest};

/// One connection, numbered by the host; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnId(pub u64);

/// One commit, numbered by the core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommitId(pub u64);

/// One read of the log, numbered by the core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadId(pub u64);

/// What happened outside.
#[derive(Debug, Clone)]
pub enum Input {
    /// A device connected; TLS has proven its transport key.
    Connected(ConnId, TransportKey),
    /// A frame arrived.
    Frame(ConnId, ClientToRelay),
    /// A connection's outgoing queue took this many bytes off (see [`crate::Effect::Send`]).
    Drained(ConnId, usize),
    /// A connection is gone.
    Disconnected(ConnId),
    /// The records of this commit are durable. Commits complete in order.
    Committed(CommitId),
    /// The records of this commit, and of every later one, are not durable: the core refuses what
    /// waited for them as unavailable, sends everybody away and is finished (see
    /// [`crate::Relay::is_finished`]); the host restores a fresh one from its journal.
    CommitFailed(CommitId),
    /// Items that [`crate::Effect::Read`] asked for, in order from its first seq; fewer than asked
    /// when bytes ran out, none when the log can't be read.
    Items(ReadId, Vec<Vec<u8>>),
    /// Whoever runs the relay asks something; who, in words for the audit log. Answered by
    /// [`crate::Effect::Admin`].
    Admin(AdminId, String, AdminRequest),
    /// The time that [`crate::Relay::poll_timeout`] named has come.
    Tick,
    /// The host is stopping: refuse what is new, finish what is under way, close.
    Stop,
}
