//! The time, as it is passed in.

use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use tandem_proto::Timestamp;

/// Tells the time. Everything below the host gets it from here.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock; before 1970 it is 1970.
    pub(crate) fn system() -> Self {
        Self(Arc::new(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
        }))
    }

    /// A clock that says what it is told.
    #[cfg(test)]
    pub(crate) fn of(now: Arc<std::sync::atomic::AtomicU64>) -> Self {
        Self(Arc::new(move || Timestamp(now.load(std::sync::atomic::Ordering::Relaxed))))
    }

    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        self.0()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock(..)")
    }
}
