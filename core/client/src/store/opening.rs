//! What opening a store comes to: an engine over it, and what holds the place.

use std::{any::Any, path::Path, sync::Arc};

use tandem_engine::Engine;

use super::{MemoryDisk, Store, resident};
use crate::{Clock, HomeError, Notice, Vault};

/// An open store and the engine over it.
pub(crate) struct Opened {
    /// The engine, fresh; `None` when the one that was handed out early stands.
    pub(crate) engine: Option<Engine>,
    /// The store.
    pub(crate) store: Box<dyn Store>,
    /// Where the store's root key is, for one that is sealed.
    pub(crate) vault: Option<Arc<dyn Vault>>,
    /// Keeps others out until it is dropped, after the store.
    pub(crate) guard: Box<dyn Any + Send>,
    /// What the person is to be told.
    pub(crate) notices: Vec<Notice>,
}

/// Opens the store, also again after it failed or was suspended. Blocks. What it is called with takes
/// an engine to look at until then, if there is one: nothing may be written or sent by it.
pub(crate) type Opener = Box<dyn FnMut(Early<'_>) -> Result<Opened, HomeError> + Send>;

/// Takes an engine that is there before its store.
pub(crate) type Early<'a> = &'a mut dyn FnMut(Engine);

/// Opens a store in memory.
pub(crate) fn memory_opener(disk: MemoryDisk, clock: Arc<dyn Clock>) -> Opener {
    Box::new(move |_| {
        let home = Path::new("(memory)");
        let failed = |error| crate::home::broken(home, error);
        let store = disk.open().map_err(failed)?;
        let records = resident(&store).map_err(failed)?;
        let engine = crate::home::make_engine(home, &*clock, records)?;
        let (engine, store) = (Some(engine), Box::new(store));
        Ok(Opened { engine, store, vault: None, guard: Box::new(()), notices: Vec::new() })
    })
}
