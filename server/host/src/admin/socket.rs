//! The socket in the data folder: one request and one answer per connection.
//!
//! A request is a version byte and postcard of [`AdminRequest`], until the asker stops writing; an
//! answer likewise. Both ends are the same program. The file has mode 0600 and the kernel says who
//! is at the other end: nobody but the relay's own account, and root, is heard.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    net::Shutdown,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _},
        net::UnixStream as BlockingStream,
    },
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tandem_relay::{AdminError, AdminReply, AdminRequest};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::{Semaphore, mpsc::Sender, oneshot},
    time::timeout,
};

use super::AdminFailure;

const VERSION: u8 = 1;
const MAX_REQUEST: u64 = 64 << 10;
const MAX_CLIENTS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(5);
/// A relay whose disk is slow answers late.
const CLIENT_PATIENCE: Duration = Duration::from_secs(30);
/// What was erased is gone when the whole store has been written anew.
const ERASING_PATIENCE: Duration = Duration::from_secs(3600);

/// A request on its way to the core.
#[derive(Debug)]
pub(crate) struct Ask {
    /// Who asks.
    pub(crate) by: String,
    /// What.
    pub(crate) request: AdminRequest,
    /// For the answer.
    pub(crate) reply: oneshot::Sender<Result<AdminReply, AdminError>>,
}

/// Where the socket of a data folder is.
pub(crate) fn socket_of(data: &Path) -> PathBuf {
    data.join("admin.sock")
}

/// The bound socket; its file is removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Socket {
    listener: UnixListener,
    owner: u32,
    path: PathBuf,
}

impl Socket {
    /// Binds the socket of a data folder that this process has locked.
    pub(crate) fn bind(data: &Path) -> io::Result<Self> {
        let (path, new) = (socket_of(data), data.join("admin.sock.new"));
        for left in [&path, &new] {
            match fs::remove_file(left) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        let listener = UnixListener::bind(&new)?;
        // Under its name only when nobody else can open it any more.
        fs::set_permissions(&new, fs::Permissions::from_mode(0o600))?;
        let owner = fs::metadata(&new)?.uid();
        fs::rename(&new, &path)?;
        Ok(Self { listener, owner, path })
    }

    /// Answers until it is dropped.
    pub(crate) async fn serve(self, asks: Sender<Ask>) {
        let clients = Arc::new(Semaphore::new(MAX_CLIENTS));
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "the admin socket can't accept");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    continue;
                }
            };
            let uid = match stream.peer_cred() {
                Ok(peer) if is_heard(peer.uid(), self.owner) => peer.uid(),
                Ok(peer) => {
                    tracing::warn!(uid = peer.uid(), "another account knocked at the admin socket");
                    continue;
                }
                Err(error) => {
                    tracing::warn!(%error, "nobody can say who is at the admin socket");
                    continue;
                }
            };
            let Ok(permit) = clients.clone().acquire_owned().await else { return };
            let asks = asks.clone();
            tokio::spawn(async move {
                // An asker that breaks off is its own affair; what it asked is done or not.
                let _ = answer(stream, uid, &asks).await;
                drop(permit);
            });
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // One that stays is known as nobody's: connecting to it is refused.
        let _ = fs::remove_file(&self.path);
    }
}

const fn is_heard(uid: u32, owner: u32) -> bool {
    uid == owner || uid == 0
}

async fn answer(mut stream: UnixStream, uid: u32, asks: &Sender<Ask>) -> io::Result<()> {
    let mut bytes = Vec::new();
    let (reading, mut writing) = stream.split();
    timeout(PATIENCE, reading.take(MAX_REQUEST).read_to_end(&mut bytes)).await??;
    let request = bytes.split_first().filter(|(version, _)| **version == VERSION);
    let Some(request) = request.and_then(|(_, body)| postcard::from_bytes(body).ok()) else {
        return writing.write_all(&[VERSION]).await;
    };
    let (reply, told) = oneshot::channel();
    let ask = Ask { by: format!("uid {uid}"), request, reply };
    let told = match asks.send(ask).await {
        Ok(()) => told.await.unwrap_or(Err(AdminError::Unavailable)),
        Err(_) => Err(AdminError::Unavailable),
    };
    let body = postcard::to_extend(&told, vec![VERSION]).map_err(io::Error::other)?;
    timeout(PATIENCE, writing.write_all(&body)).await?
}

/// Asks a running relay; `None` when there is none.
pub(super) fn ask(
    data: &Path,
    request: &AdminRequest,
) -> Result<Option<Result<AdminReply, AdminError>>, AdminFailure> {
    let silent = |why: String| AdminFailure::Silent { path: data.to_owned(), why };
    let mut stream = match BlockingStream::connect(socket_of(data)) {
        Ok(stream) => stream,
        Err(error) => {
            return match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Ok(None),
                // The name does not fit a socket, so no relay has one there.
                io::ErrorKind::InvalidInput => Ok(None),
                io::ErrorKind::PermissionDenied => Err(AdminFailure::NotYours(data.to_owned())),
                _ => Err(silent(error.to_string())),
            };
        }
    };
    let mut said = || -> io::Result<Vec<u8>> {
        let erases = matches!(request, AdminRequest::EraseThread { .. });
        let patience = if erases { ERASING_PATIENCE } else { CLIENT_PATIENCE };
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(CLIENT_PATIENCE))?;
        stream
            .write_all(&postcard::to_extend(request, vec![VERSION]).map_err(io::Error::other)?)?;
        stream.shutdown(Shutdown::Write)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = said().map_err(|error| silent(error.to_string()))?;
    match bytes.split_first() {
        None => Err(AdminFailure::NotYours(data.to_owned())),
        Some((&VERSION, body)) if !body.is_empty() => postcard::from_bytes(body)
            .map(Some)
            .map_err(|_| silent("it is of another version than this program".to_owned())),
        Some(_) => Err(silent("it is of another version than this program".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_relays_own_account_and_root_are_heard() {
        assert!(is_heard(1000, 1000) && is_heard(0, 1000));
        assert!(!is_heard(1001, 1000) && !is_heard(1000, 0));
    }
}
