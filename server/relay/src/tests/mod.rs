#![allow(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod acks;
mod append;
mod commits;
mod cursors;
mod delivery;
mod device;
mod erasing;
mod lifecycle;
mod links;
mod mail;
mod restore;
mod retention;
mod rig;
mod schools;
mod told;
