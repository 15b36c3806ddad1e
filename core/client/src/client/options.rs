//! What can be chosen when a home is opened.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use crate::{Clock, SystemClock, UdpCounter, Vault};

/// How to open a home; the default is right for a phone.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Has the root key; without it, the home's own folder does ([`crate::FileVault::in_home`]).
    pub vault: Option<Arc<dyn Vault>>,
    /// How long one dial may take, names included.
    pub dial_timeout: Duration,
    /// Dial this address instead of the relay's: a link emulator stands there. The relay's key is
    /// checked all the same.
    pub dial_override: Option<SocketAddr>,
    /// Counts bytes on the UDP socket; one that outlives the client, or is shared by several.
    pub udp_counter: Option<Arc<UdpCounter>>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            vault: None,
            dial_timeout: Duration::from_secs(5),
            dial_override: None,
            udp_counter: None,
        }
    }
}
