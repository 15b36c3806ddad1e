//! Where time and randomness come in: here, and nowhere below.

use std::{
    fmt::Debug,
    time::{SystemTime, UNIX_EPOCH},
};

use tandem_proto::Timestamp;

use crate::HomeError;

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// The time.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// 32 bytes that nobody else has.
pub(crate) fn fresh_seed() -> Result<[u8; 32], HomeError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| HomeError::System(error.to_string()))?;
    Ok(seed)
}
