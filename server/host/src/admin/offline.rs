//! A request on the store of a relay that does not run.

use std::{os::unix::fs::MetadataExt as _, path::Path, sync::Arc};

use tandem_relay::{AdminId, AdminReply, AdminRequest, Effect, Input, Relay};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::AdminFailure;
use crate::{
    clock::Clock,
    folder::{Folder, FolderError},
    journal::RealDisk,
    metrics::Metrics,
    store::{Setup, Store, StoreDir, StoreEvent},
};

const ASKED: AdminId = AdminId(0);

/// Opens the store, asks, and closes it again.
pub(super) fn ask(data: &Path, request: AdminRequest) -> Result<AdminReply, AdminFailure> {
    let folder = Arc::new(Folder::open(data)?);
    let key = folder.key()?;
    let clock = Clock::system();
    // Its limits hold for a running relay; what is asked here does not depend on them.
    let setup = Setup { core: tandem_relay::Config::default(), key, clock };
    let (events, mut heard) = unbounded_channel();
    let dir = StoreDir { folder, disk: Arc::new(RealDisk) };
    let (store, mut relay) = Store::open(dir.clone(), &setup, events, Metrics::default())?;
    let by = format!("uid {}, relay not running", owner(data)?);
    relay.handle(setup.clock.now(), Input::Admin(ASKED, by, request));
    let answer = finish(&mut relay, &store, &setup, &mut heard);
    store.close();
    let (mut reply, rebuild) = answer?;
    let rebuilt = if rebuild { dir.rebuild_closed() } else { Ok(()) };
    if let Err(error) = &rebuilt {
        tracing::error!(%error, "what was erased is still in the store's files");
    }
    if let AdminReply::Erased(erased) = &mut reply {
        erased.gone = rebuilt.is_ok();
    }
    Ok(reply)
}

/// Who is asking: whoever locks the folder has just opened this file of their own.
fn owner(data: &Path) -> Result<u32, AdminFailure> {
    let path = data.join("relay.lock");
    let meta = std::fs::metadata(&path);
    let uid = meta.map_err(|source| FolderError::Io { path, source })?.uid();
    Ok(uid)
}

/// Performs what the core wants until it has answered and all is durable; the answer, and whether the
/// store is to be rebuilt.
fn finish(
    relay: &mut Relay,
    store: &Store,
    setup: &Setup,
    heard: &mut UnboundedReceiver<StoreEvent>,
) -> Result<(AdminReply, bool), AdminFailure> {
    let (mut told, mut committing, mut rebuild) = (None, 0_usize, false);
    loop {
        while let Some(effect) = relay.poll_effect() {
            match effect {
                Effect::Commit(id, records) => {
                    committing += 1;
                    store.commit(vec![(id, records)]);
                }
                Effect::Admin(ASKED, answer) => told = Some(answer),
                Effect::Rebuild => rebuild = true,
                // There is nobody to send to.
                _ => {}
            }
        }
        if committing == 0
            && let Some(answer) = told
        {
            return Ok((answer?, rebuild));
        }
        match heard.blocking_recv() {
            Some(StoreEvent::Committed(ids)) => {
                for id in ids {
                    committing = committing.saturating_sub(1);
                    relay.handle(setup.clock.now(), Input::Committed(id));
                }
            }
            Some(StoreEvent::Failed { error, .. }) => {
                return Err(AdminFailure::Disk(error.to_string()));
            }
            Some(StoreEvent::Items { .. }) => {}
            None => return Err(AdminFailure::Disk("its writer ended".to_owned())),
        }
    }
}
