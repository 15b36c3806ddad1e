//! The I/O driver of a Tandem client: it performs what [`tandem_engine`] decides.
//!
//! [`create`] makes a home, [`Client::open`] opens one. Everything else is a method of [`Client`]:
//! what a person means goes in as an [`Intent`](tandem_engine::Intent), what a screen shows comes
//! out of a [`Subscription`], and [`Client::sync_once`] or [`Client::set_online`] use the network.
//!
//! Every async function is cancel-safe: dropping its future loses nothing. Dropping the
//! [`Client`] loses nothing that was committed.

mod client;
mod clock;
mod driver;
mod files;
mod home;
mod link;
mod store;
mod vault;

pub use client::{
    ChangeWatch, Client, ClientError, ClientOptions, Diagnostics, LinkWatch, Scroll, Subscription,
    SyncError,
};
pub use clock::{Clock, SystemClock};
pub use driver::{LinkPhase, LinkState};
pub use home::{HomeError, Notice, create, create_with};
pub use link::UdpCounter;
pub use store::{Fault, MemoryDisk, MemoryStore, PhoneStore, SealedStore, Store, StoreError};
pub use vault::{FileVault, MemoryVault, RootKey, Vault, VaultError};
