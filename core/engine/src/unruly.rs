//! What a device does that keeps no rule: a hostile member's app, for the tests of those who keep
//! them. No build of the product has the feature that lets this in.

mod keys;

pub use keys::KeysOf;

use tandem_proto::Timestamp;

use crate::{
    Engine, Intent, batch,
    engine::random,
    record::Deed,
    thread::{clock, entry_id},
};

impl Engine {
    /// Says or marks something without asking whether this device may; what it did leaves with the
    /// next input. Whether it could, since the thread's records have to be in memory.
    pub fn mean_unruly(&mut self, now: Timestamp, intent: &Intent) -> bool {
        self.now = now;
        match intent {
            Intent::Post { thread: id, kind, fields, answers } => {
                let maker = batch::actor_prefix(id, &self.me.device);
                let entry = entry_id(&maker, random(&mut self.rng));
                let loaded = self.threads.get(id).and_then(|thread| thread.loaded.as_ref());
                let Some(newest) = loaded.map(|loaded| loaded.fold.newest()) else { return false };
                let (kind, fields) = (kind.clone(), fields.clone());
                let (at, answers) = (clock(now, newest), *answers);
                self.act(id, Deed::Post { entry, kind, at, answers, fields }).is_ok()
            }
            Intent::MarkSeen { thread, entries } => {
                self.mark_seen(thread, entries.as_deref()).is_ok()
            }
            _ => false,
        }
    }
}
