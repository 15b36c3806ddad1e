//! The I/O driver of the Tandem relay: it performs what the core decides.
//!
//! A data folder holds `relay.key`, which is the relay's identity and its signature under every
//! receipt, and `store/`: the journal ([`check`] reads it offline), an index that can be made
//! again from it, and what was set aside as damaged. Beside them are `acts.log`, a second copy of
//! the audit log, `relay.link`, and while a relay runs `admin.sock`, by which [`ask_admin`] asks it. The same folder and listen address give the
//! same link after a restart; removing `store/` is a wipe, after which the core draws a new
//! generation and devices upload what they have.
//!
//! ```no_run
//! # async fn run() -> Result<(), tandem_server::HostError> {
//! use tandem_server::{Host, HostConfig};
//!
//! let host = Host::start(HostConfig::new("/var/lib/tandem")).await?;
//! println!("{}", host.link());
//! host.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Inside, one task owns the core ([`tandem_relay::Relay`]) and gives it one input after another;
//! each connection has a task, and three threads do what blocks: writing with group commit,
//! reading back, and writing the index. Nothing else awaits or blocks. For Unix systems.

mod acts;
mod admin;
mod audit;
mod check;
mod clock;
mod config;
mod driver;
mod folder;
mod host;
mod journal;
mod metrics;
mod net;
#[cfg(test)]
mod still;
mod store;

pub use admin::{AdminFailure, ask as ask_admin, relay_link};
pub use audit::{Audit, audit};
pub use check::{CheckError, CheckReport, CheckedThread, Damage, check};
pub use config::{ConfigError, HostConfig, Limits, LogFormat, LogSettings, SAMPLE_CONFIG};
pub use folder::FolderError;
pub use host::{Host, HostError};
pub use journal::JournalError;
pub use store::StoreError;
pub use tandem_relay::{
    Act, AdminError, AdminReply, AdminRequest, Admission, AuditRecord, ErasedThread, KnownDevice,
    Limit, Quota, SchoolRow, Standing, ThreadLook,
};

/// Bytes from the system's generator.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // It can fail only where there is no generator at all, and there nothing may run.
    getrandom::fill(&mut bytes).expect("the system has a random generator");
    bytes
}
