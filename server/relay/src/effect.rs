//! What the core asks of the host.

use tandem_proto::{RelayToClient, Seq, ThreadId};

use crate::{
    AdminError, AdminId, AdminReply,
    input::{CommitId, ConnId, ReadId},
    record::Record,
};

/// What is to be done outside. Performed in order; a commit needn't finish before the next effect
/// is performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a frame. The host queues it and tells with [`crate::Input::Drained`] when its bytes
    /// (as [`tandem_proto::Wire::to_bytes`] counts them) have been handed to the connection; the
    /// core never queues more than its limit on one connection.
    Send(ConnId, RelayToClient),
    /// Close a connection after what was queued on it.
    Close(ConnId),
    /// Make these records durable, all or none, then say [`crate::Input::Committed`].
    Commit(CommitId, Vec<Record>),
    /// Read items of a thread's log from `first`, at most `count` and about `bytes`.
    Read {
        /// To answer with.
        id: ReadId,
        /// Whose log.
        thread: ThreadId,
        /// The first item.
        first: Seq,
        /// How many at most.
        count: usize,
        /// How many bytes at most, but at least one item.
        bytes: usize,
    },
    /// Something was erased, durably, whose bytes are still in the store's files: rewrite them with what
    /// a [`crate::Sieve`] keeps, soon. A host may do that over a core of its own making; this one needs
    /// nothing of what goes.
    Rebuild,
    /// The answer to [`crate::Input::Admin`]; what it says is durable.
    Admin(AdminId, Result<AdminReply, AdminError>),
}
