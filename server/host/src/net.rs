//! The listener and its connections, and the admin port.

mod admin;
mod connection;
mod gate;
mod listener;
mod reset;

pub(crate) use admin::{Health, serve as serve_admin};
pub(crate) use listener::{Context, endpoint, listen};

use tandem_proto::{ClientToRelay, TransportKey};
use tandem_relay::ConnId;
use tokio::sync::mpsc::UnboundedSender;

/// What a connection tells the driver.
#[derive(Debug)]
pub(crate) enum ConnEvent {
    /// A device is there and has said something.
    Opened(ConnId, TransportKey, UnboundedSender<Out>),
    /// Frames arrived, together.
    Frames(ConnId, Vec<ClientToRelay>),
    /// This many more bytes of frames were handed to the connection; told some kilobytes at a time.
    Drained(ConnId, usize),
    /// The connection is gone.
    Closed(ConnId),
}

/// What the driver gives a connection to write. When the sending end is dropped, the connection
/// is closed after what was queued.
#[derive(Debug)]
pub(crate) enum Out {
    /// A frame of the core, told back as drained.
    Frame(Vec<u8>),
    /// A frame of the host's own, after which the connection is closed.
    Last(Vec<u8>),
}
