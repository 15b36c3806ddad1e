//! Tandem's client for Swift and Kotlin.
//!
//! Pass-through: what a person means goes in as an [`Intent`](tandem_engine::Intent), finished rows and
//! how they change come out, and everything between is the client's and the engine's. The objects here
//! hold an inner one and their methods are a line.
//!
//! * [`create_home`] makes a home, [`Tandem::open`] opens one; the root key is in a vault of the
//!   platform's, behind [`KeyVault`].
//! * Long work is an object with a `cancel()` ([`SyncOp`]), since a Swift task that is cancelled does
//!   not reach Rust. Every future may be dropped: what it began goes on or is given up, and nothing is
//!   lost.
//! * Rows are pulled ([`InboxFeed`], [`ThreadFeed`]): `next()` waits for a change, `stop()` ends the
//!   waiting. It is not called `close()`, which Kotlin's objects have for themselves.
//! * What goes wrong is one of a few kinds that a person can act on ([`TandemError`]).

mod diff;
mod error;
#[cfg(feature = "golden")]
mod faults;
mod feed;
#[cfg(feature = "golden")]
mod golden;
mod links;
mod live;
mod network;
mod notes;
mod sync;
mod tandem;
mod vault;
mod words;

use tandem_engine::Fields;
use tandem_proto::{RelayLink, Role, TandemLink, ThreadId};

pub use diff::{InboxDiff, ThreadDiff};
pub use error::TandemError;
#[cfg(feature = "golden")]
pub use faults::{panics, panics_inside, panics_later};
pub use feed::{ChangeFeed, InboxFeed, LinkFeed, ThreadFeed};
#[cfg(feature = "golden")]
pub use golden::{InboxStep, Recording, ThreadStep, read_recording};
pub use links::{link_words, read_link, relay_of};
pub use live::{live_calls, live_feeds};
pub use network::{LinkNow, LinkTrouble, NetworkPath};
pub use notes::{Notifications, NotificationsError};
pub use sync::SyncOp;
pub use tandem::{Repair, Tandem, create_home};
pub use vault::{KeyVault, KeyVaultError};
pub use words::{
    device_words, draft_flaws, error_words, forms, founders, home_line, inbox_words, invite_words,
    join_words, member_words, offer_words, retention_words, role_choices, row_words, uptake_words,
    waiting_words,
};

uniffi::setup_scaffolding!();
uniffi::use_remote_type!(tandem_engine::Fields);
uniffi::use_remote_type!(tandem_engine::RelayLink);
uniffi::use_remote_type!(tandem_engine::Role);
uniffi::use_remote_type!(tandem_engine::ThreadId);
uniffi::use_remote_type!(tandem_engine::TandemLink);
