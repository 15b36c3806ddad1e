//! How both ends speak QUIC: TLS 1.3 with raw public keys both ways (RFC 7250), and one set of
//! transport settings for each side.
//!
//! The client pins the relay's key; the relay lets in whoever proves an Ed25519 key, and its core
//! decides what that key may do. There are no certificates, no tickets and no early data: on
//! resumption a device that was removed would still look authenticated.

mod client;
mod key;
mod provider;
mod server;
mod transport;

pub use client::{Pin, SERVER_NAME, client};
pub use key::device_key;
pub use rustls::Error as TlsError;
pub use server::{Clients, server};
pub use transport::SHORTEST_ROUND_TRIP;

#[cfg(test)]
mod tests;
