//! What the facade's calls can come to.

use tandem_engine::Trouble;
use tandem_proto::Closing;

use crate::HomeError;

/// Why an intent or a query came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The engine says why.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The store could not be opened again; nothing was done.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The client is suspended; resume it first.
    #[error("this home is suspended; resume it first")]
    Suspended,
    /// The client is closed.
    #[error("this home was closed")]
    Closed,
}

/// Why a sync did not get through. Nothing is lost: it goes on where it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// The relay could not be reached.
    #[error("the relay could not be reached; everything waits here until it can")]
    Unreachable,
    /// Something answered at the relay's address that does not have the relay's key.
    #[error("what answers at the relay's address is not the relay of this home")]
    WrongKey,
    /// The relay was reached, but not everything was done in time.
    #[error("the line was too slow to finish in time; what got through is safe")]
    TimedOut,
    /// The relay ended the connection; why, in its words.
    #[error("the relay ended the connection: {0}")]
    RelayClosed(String),
    /// The relay does not serve this device, or its school.
    #[error("{0}")]
    TurnedAway(Closing),
    /// The store failed; why, in words.
    #[error("what arrived could not be kept: {0}")]
    NotKept(String),
    /// The store could not be opened again.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The client is suspended or closed.
    #[error("this home is not open")]
    NotOpen,
}
