//! Faults of ours, as shells' tests ask for them. Only in libraries that are built for tests, by the feature
//! `golden`.
#![allow(clippy::panic, reason = "that is what they are for")]

use crate::TandemError;

/// Panics where it is called.
///
/// # Errors
/// Never: it does not return.
#[uniffi::export]
pub fn panics() -> Result<(), TandemError> {
    panic!("a test asked for it")
}

/// Panics where it is waited for.
///
/// # Errors
/// Never: it does not return.
#[uniffi::export]
pub async fn panics_later() -> Result<(), TandemError> {
    crate::live::run(async { panic!("a test asked for it") }).await
}

/// Panics in a callback of the library's own, below a future.
///
/// # Errors
/// Never: it does not return.
#[uniffi::export]
pub async fn panics_inside() -> Result<(), TandemError> {
    panic!("a test asked for it")
}
