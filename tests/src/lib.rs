//! The simulated world: the real engine and the real relay core under one seed.
//!
//! Links, clocks, disks and people are simulated ([`World`]); an oracle checks after every step
//! that nothing false was shown and in the end that nothing was lost. `stories` are told worlds,
//! [`run_world`] is a random one.

mod archive;
mod connect;
mod control;
mod culprit;
mod device;
mod device_io;
mod dial;
mod disk;
mod erasing;
mod event;
mod forge;
pub mod golden;
mod hub;
mod liar;
mod link;
mod membership;
pub mod newer;
mod oracle;
mod partings;
mod people;
mod phone_plans;
mod phones;
mod queue;
mod rng;
mod run;
pub mod stories;
mod trace;
mod trouble;
mod truth;
mod vouching;
mod words;
mod world;

pub use disk::{CrashAt, Store};
pub use liar::Lie;
pub use rng::Chance;
pub use run::run_world;
pub use world::{Options, Outcome, Stats, World};
