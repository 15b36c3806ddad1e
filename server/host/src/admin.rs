//! What whoever runs the relay asks: over a socket in the data folder while the relay runs, and
//! straight on the store while it does not. Never over the network and never by a password: who can
//! open the folder may.

mod offline;
mod socket;

use std::path::{Path, PathBuf};

use tandem_proto::RelayLink;
use tandem_relay::{AdminError, AdminReply, AdminRequest};

pub(crate) use socket::{Ask, Socket, socket_of};

use crate::{FolderError, StoreError, folder::is_new};

/// A request came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum AdminFailure {
    /// The relay says why.
    #[error(transparent)]
    Refused(#[from] AdminError),
    /// No relay has lived there.
    #[error("there is no relay in {0}; start it once with `tandem relay run --data`")]
    NoRelay(PathBuf),
    /// Somebody else's relay.
    #[error("only the account that runs this relay may ask ({0})")]
    NotYours(PathBuf),
    /// A relay is there and says nothing that can be understood.
    #[error("the relay in {path} does not answer: {why}")]
    Silent {
        /// The data folder.
        path: PathBuf,
        /// What happened.
        why: String,
    },
    /// The data folder can't be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The store can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk failed; nothing was done.
    #[error("the store can't be written: {0}; nothing was done")]
    Disk(String),
}

/// Asks the relay of a data folder, running or not. Blocks, and must not be called where a thread
/// of a runtime may not.
///
/// # Errors
/// [`AdminFailure`].
pub fn ask(data: &Path, request: AdminRequest) -> Result<AdminReply, AdminFailure> {
    if is_new(data) {
        return Err(AdminFailure::NoRelay(data.to_owned()));
    }
    match socket::ask(data, &request)? {
        Some(answer) => answer.map_err(AdminFailure::Refused),
        None => offline::ask(data, request),
    }
}

/// Where the last relay of a data folder left its link.
pub(crate) fn link_of(data: &Path) -> PathBuf {
    data.join("relay.link")
}

/// The link of a data folder's relay, as it was at its last start.
#[must_use]
pub fn relay_link(data: &Path) -> Option<RelayLink> {
    match std::fs::read_to_string(link_of(data)).ok()?.parse().ok()? {
        tandem_proto::TandemLink::Relay(link) => Some(link),
        _ => None,
    }
}
