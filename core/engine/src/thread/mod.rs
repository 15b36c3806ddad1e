//! The thread document.
//!
//! automerge keeps the changes: who depends on whom, what is here, and how it is saved
//! ([`ThreadDoc`]). What the rows show is not read from automerge's current state, where any
//! member's device may overwrite any other's words. It is read from the operations of the changes,
//! each once, by a [`Fold`] that keeps every writer's newest word apart; whose word counts is
//! decided when rows are made ([`rows`]), from the roster as it is known then. So a fold depends
//! only on which changes it took, never on their order nor on when a card of the roster came.

mod actor;
mod clock;
mod compose;
mod doc;
mod edit;
mod fold;
mod gate;
mod graph;
mod kind;
mod op;
mod project;
mod record;
mod schema;
mod seen;
mod standing;
mod step;
#[cfg(test)]
mod tests;

pub(crate) use actor::{ActorPrefix, Authors, entry_id};
pub(crate) use clock::{clock, placed};
pub use compose::{Flaw, flaws};
pub(crate) use compose::{check_move, compose};
pub(crate) use doc::{DocError, ThreadDoc};
pub(crate) use edit::Edit;
pub(crate) use fold::{Fold, Touched};
pub(crate) use gate::read_change;
pub use kind::{FieldShape, InputShape, KindShape, headline_field, moves, shapes};
pub(crate) use project::{Projection, headline};
pub(crate) use record::{EntryRecord, ThreadFacts};
pub(crate) use seen::{count_unseen, unseen};
pub use step::StepState;
