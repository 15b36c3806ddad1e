//! The relay's sans-I/O core: it decides, the host performs.
//!
//! Append, receipts, chain, fan-out, lag, mailboxes, rosters, cursors, greeting and generation. It
//! links neither a document nor a cipher, so it can't read what it carries.
//!
//! # The contract
//!
//! * [`Relay::handle`] takes one input and the time. It never blocks.
//! * [`Relay::poll_effect`] is called until `None` after every `handle`; effects are performed in
//!   order.
//! * [`Relay::poll_timeout`] says when to send [`Input::Tick`].
//! * Everything that a peer may be told about a change of state waits in the core until the host
//!   says [`Input::Committed`] for the [`Effect::Commit`] that carried it (law 2: append, make
//!   durable, then receipt, then fan out).
//! * Time and randomness are inputs; the same inputs give the same effects (law 3).

mod effect;
mod input;
mod record;
mod relay;

pub use effect::Effect;
pub use input::{CommitId, ConnId, Input, ReadId};
pub use record::Record;
pub use relay::{Config, Relay, RestoreError};
