//! The relay's sans-I/O core: it decides, the host performs.
//!
//! Append, receipts, chain, fan-out, lag, mailboxes, rosters, cursors, greeting and generation. It
//! links neither a document nor a cipher, so it can't read what it carries.
//!
//! # The contract
//!
//! * [`Relay::handle`] takes one input and the time. It never blocks.
//! * [`Relay::poll_effect`] is called until `None` after every `handle`, or after as many as there
//!   are inputs at hand: what they change is one commit. Effects are performed in order.
//! * [`Relay::poll_timeout`] says when to send [`Input::Tick`].
//! * Everything that a peer may be told about a change of state waits in the core until the host
//!   says [`Input::Committed`] for the [`Effect::Commit`] that carried it (law 2: append, make
//!   durable, then receipt, then fan out).
//! * One thing is acted on at once: a cursor that a device names begins its deliveries, since it
//!   tells the device nothing that it did not say itself.
//! * Time and randomness are inputs; the same inputs give the same effects (law 3).

mod acks;
mod admin;
mod append;
mod backlog;
mod claim;
mod commit;
mod config;
mod conn;
mod conns;
mod cursors;
mod device;
mod effect;
mod erase;
mod fanout;
mod generation;
mod hello;
mod input;
mod links;
mod mail;
mod mailing;
mod quota;
mod receipts;
mod record;
mod relay;
mod restore;
mod retention;
mod sieve;
mod size;
mod spans;
mod stats;
mod stop;
mod thread;

pub use admin::{
    Act, AdminError, AdminId, AdminReply, AdminRequest, AuditChain, AuditFault, AuditRecord,
    ErasedThread, KnownDevice, Limit, NoSuchLimit, Quota, SchoolRow, Standing, ThreadLook,
};
pub use config::{Admission, Config};
pub use effect::Effect;
pub use input::{CommitId, ConnId, Input, ReadId};
pub use record::Record;
pub use relay::Relay;
pub use restore::RestoreError;
pub use sieve::Sieve;
pub use stats::Stats;

/// Milliseconds after which a device that was sent away may come back.
pub(crate) const RETRY_MS: u64 = 1000;

#[cfg(test)]
mod tests;
