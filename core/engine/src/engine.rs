//! The engine's entry points. It routes; the rooms decide.

use std::collections::VecDeque;

use tandem_proto::{RelayLink, Role, SecretKey, Timestamp};

use crate::{Batch, Effect, Input, Key};

/// Who a new home belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The person's name, as others will read it.
    pub name: String,
    /// As what they are in threads they found.
    pub role: Role,
    /// The relay of this home.
    pub relay: RelayLink,
}

/// A store could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There is no home in it.
    #[error("there is no home here; make one with `tandem init`")]
    NoHome,
    /// A newer version wrote it.
    #[error("a newer version of Tandem wrote this home (format {0}); use that version")]
    Newer(u32),
    /// A record can't be read.
    #[error("this home is damaged: {0}")]
    Damaged(String),
}

/// The first records of a new home: a person with one device.
///
/// # Errors
/// [`crate::Trouble::TooLong`] when the name is.
pub fn create(
    _now: Timestamp,
    _seed: [u8; 32],
    _profile: &Profile,
) -> Result<Batch, crate::Trouble> {
    Ok(Batch::new())
}

/// The engine; see the crate's contract.
#[derive(Debug)]
pub struct Engine {
    effects: VecDeque<Effect>,
    relay: RelayLink,
    transport: SecretKey,
}

impl Engine {
    /// An engine over what a store holds. `seed` feeds its generator and must be fresh.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        _now: Timestamp,
        _seed: [u8; 32],
        _resident: Vec<(Key, Vec<u8>)>,
    ) -> Result<Self, OpenError> {
        Err(OpenError::NoHome)
    }

    /// Takes one input. Never blocks.
    pub fn handle(&mut self, _now: Timestamp, _input: Input) {}

    /// The next effect; call until `None` after every [`Engine::handle`].
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When to send [`Input::Tick`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        None
    }

    /// The relay of this home.
    #[must_use]
    pub const fn relay(&self) -> &RelayLink {
        &self.relay
    }

    /// The key that this device shows in TLS.
    #[must_use]
    pub const fn transport_key(&self) -> &SecretKey {
        &self.transport
    }
}
