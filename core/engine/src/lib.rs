//! The sans-I/O core of a Tandem client: it decides, the client performs.
//!
//! # The contract
//!
//! * [`Engine::open`] takes the resident records of a store ([`Key::is_resident`]); the rest is
//!   asked for with [`Effect::Load`] when it is needed.
//! * [`Engine::handle`] takes one input and the time. It never blocks and never awaits.
//! * [`Engine::poll_effect`] is called until `None` after every `handle`; effects are performed
//!   in order, a commit needn't have finished before the next effect is performed.
//! * [`Engine::poll_timeout`] says when to send [`Input::Tick`].
//! * Law 1, persist, then speak: whatever tells the screen or the wire about a change waits in the
//!   engine until [`Input::Persisted`] says that the change is durable. After
//!   [`Input::PersistFailed`] the engine is finished and must be opened anew from the store.
//! * Time and randomness are inputs; the same inputs give the same effects.

mod acks;
mod admission;
mod batch;
mod device;
mod devices;
mod effect;
mod engine;
mod erased;
#[cfg(feature = "uniffi")]
mod foreign;
#[cfg(feature = "forge")]
mod forge;
mod forgetting;
#[cfg(test)]
mod fuzz;
mod ids;
mod inbox;
mod input;
mod intent;
mod intents;
mod join;
mod keep;
mod keys;
mod membership;
mod newer;
mod out;
mod people;
mod receipts;
mod record;
mod refusals;
mod renewal;
mod retention;
#[cfg(test)]
mod scene;
mod school;
mod screen;
mod session;
mod state;
mod thread;
#[cfg(feature = "unruly")]
mod unruly;
mod upload;
#[cfg(test)]
mod vectors;
mod view;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();

pub use effect::{Effect, SyncReport};
pub use engine::{Engine, OpenError, Profile, create};
#[cfg(feature = "forge")]
pub use forge::{FalseLink, Forgery};
pub use ids::{CommitId, EntryId, Ticket, WatchId};
pub use input::{Input, LinkFault};
pub use intent::{Answer, Fields, Intent, Query, Trouble};
pub use record::{Batch, Key, Kind, Write};
pub use screen::{Watch, Window};
pub use thread::{
    FieldShape, Flaw, InputShape, KindShape, StepState, flaws, headline_field, moves, shapes,
};
#[cfg(feature = "unruly")]
pub use unruly::KeysOf;
pub use view::{
    Author, CursorRow, Delivery, DeviceRow, ErasedRow, Event, ExportedRow, GivenSeat, HomeSchool,
    InboxRow, InviteRow, InviteState, JoinRow, JoinState, Kept, KeptOut, KeptThread, KeyRow,
    LastLine, MemberRow, Misdeed, NotLetIn, OfferRow, OfferState, Quote, ReceiptRow, Remark,
    RetentionRow, SeenBy, StuckReason, ThreadExport, ThreadRow, UpkeepRow, UptakeRow, UptakeState,
    ViewDiff, Waiting, WaitingRow, WaitsFor,
};
