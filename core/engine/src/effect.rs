//! What the engine asks of the client.

use tandem_proto::{ClientToRelay, ThreadId};

use crate::{
    Answer, Batch, CommitId, InboxRow, Key, ThreadRow, Ticket, Trouble, ViewDiff, WatchId, Window,
};

/// What a sync came to, once everything that could be done was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncReport {
    /// Own entries that got their receipt since the connection was made.
    pub sent: u32,
    /// Others' entries that were taken in since the connection was made.
    pub received: u32,
    /// Own items that still wait: stuck, or for a join to be answered.
    pub waiting: u32,
}

/// What is to be done outside. Performed in order.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Make these writes durable, all or none, then say [`crate::Input::Persisted`].
    Persist(CommitId, Batch),
    /// Forget a thread for good: every record of it, and whatever key could open copies of one; then say
    /// [`crate::Input::Persisted`], or [`crate::Input::PersistFailed`], as for a commit.
    Forget(CommitId, ThreadId),
    /// Read all records under these prefixes, then say [`crate::Input::Loaded`].
    Load(ThreadId, Vec<Key>),
    /// Connect to the relay of this home ([`crate::Engine::relay`]).
    Dial,
    /// Close the connection.
    HangUp,
    /// Send a frame on the connection.
    Send(ClientToRelay),
    /// Answer an intent or a query.
    Answer(Ticket, Result<Answer, Trouble>),
    /// The inbox changed on this screen.
    InboxView(WatchId, ViewDiff<InboxRow>),
    /// A thread changed on this screen.
    ThreadView(WatchId, ViewDiff<ThreadRow>),
    /// How much of a thread this screen shows, and how many rows stand before that. Said before the rows that
    /// it is true of.
    Window(WatchId, Window, usize),
    /// Everything is sent, read, acknowledged and signed, until something new happens.
    Settled(SyncReport),
}
