//! What would be on the platter after a power cut.
//!
//! A test runs a real store over real files inside [`record`]. Every name, write and sync under
//! its folder is noted, in order, also what sled does by itself. From that [`Recording::image`]
//! makes folders as a disk may hold them if the power goes at a chosen moment:
//!
//! * what a file held when `fsync` or `fdatasync` was last called on it, and the names a folder
//!   had when it was last synced, are there
//! * of what came after, anything may be there: nothing, everything, all up to some point, or any
//!   of the pages or sectors, in which case what lies between reads as zeros
//! * `sync_file_range` makes nothing durable, for it promises nothing
//!
//! That is harsher than most disks: unsynced data may never arrive, and what was written later may
//! be there without what was written before.
//!
//! How it listens: this crate defines the handful of libc calls that change files. A program that
//! links it, and only tests do, calls these instead of libc's; each makes the system call and notes
//! it. No preloading and no C. [`record`] fails if its own first write was not noted.

#![cfg(target_os = "linux")]

mod calls;
mod dice;
mod image;
mod log;

pub use dice::{Dice, from_environment};
pub use image::Image;
pub use log::{Recorder, Recording, record};

#[cfg(test)]
mod tests;
