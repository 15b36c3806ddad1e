//! The way to the network, as a phone's system tells it, and how the connection stands.

use tandem_client::{LinkPhase, LinkState};
use tandem_engine::LinkFault;

/// A phone's way to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct NetworkPath {
    /// Whether there is one at all.
    pub online: bool,
    /// Bytes cost money on it. Words are sent all the same: they are small.
    pub expensive: bool,
    /// The person asked their system to spare it. Words are sent all the same.
    pub constrained: bool,
}

/// How the connection to the relay stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum LinkNow {
    /// Not connected; why the last connection or dial ended, if it was not by us.
    Offline {
        /// Why.
        trouble: Option<LinkTrouble>,
    },
    /// Dialling, or waiting for the relay's greeting.
    Dialing,
    /// The relay has greeted.
    Live,
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum LinkTrouble {
    /// The relay could not be reached, or the line went dead.
    Unreachable,
    /// What answers at the relay's address has another key.
    WrongKey,
    /// The relay ended the connection.
    Closed {
        /// In its words.
        words: String,
    },
    /// The relay does not serve this device, or its school.
    TurnedAway {
        /// What to do.
        words: String,
    },
}

impl From<LinkState> for LinkNow {
    fn from(state: LinkState) -> Self {
        match state.phase {
            LinkPhase::Offline => Self::Offline { trouble: state.last_fault.and_then(trouble) },
            LinkPhase::Dialing => Self::Dialing,
            LinkPhase::Live => Self::Live,
        }
    }
}

fn trouble(fault: LinkFault) -> Option<LinkTrouble> {
    match fault {
        LinkFault::HungUp => None,
        LinkFault::Unreachable => Some(LinkTrouble::Unreachable),
        LinkFault::WrongKey => Some(LinkTrouble::WrongKey),
        LinkFault::Closed(words) => Some(LinkTrouble::Closed { words }),
        LinkFault::TurnedAway(why) => Some(LinkTrouble::TurnedAway { words: why.to_string() }),
    }
}
