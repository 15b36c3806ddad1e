//! What whoever runs the relay asks of one thread: to look at it, and to erase it.

use tandem_proto::{ErasedBecause, ThreadId, Tombstone};

use super::{Act, AdminError, ErasedThread, FEWEST, ThreadLook, one};
use crate::relay::Relay;

impl Relay {
    /// What is known of a thread, without a word of it.
    pub(super) fn look_at(&self, name: &str) -> Result<ThreadLook, AdminError> {
        let id = self.thread_named(name)?;
        let thread = self.threads.get(&id);
        Ok(ThreadLook {
            thread: id,
            school: self.schools.of_thread(&id).map(|(_, school)| school.name.clone()),
            items: thread.map_or(0, |thread| thread.head().0),
            bytes: thread.map_or(0, |thread| thread.bytes),
            devices: thread.map_or(0, |thread| thread.roster().members().len() as u64),
            newest: thread.map(|thread| thread.newest),
            kept_until: thread.and_then(|thread| self.kept_until(&id, thread)),
            erased: self.erased.get(&id).cloned(),
        })
    }

    /// Erases a thread, for good.
    pub(super) fn erase_thread(
        &mut self,
        by: String,
        name: &str,
        words: String,
    ) -> Result<ErasedThread, AdminError> {
        let look = self.look_at(name)?;
        if look.erased.is_some() {
            return Err(AdminError::Already(look.thread.to_string(), "erased".to_owned()));
        }
        if words.chars().any(char::is_control) {
            return Err(AdminError::BadReason);
        }
        let words = words.try_into().map_err(|_| AdminError::BadReason)?;
        let because = ErasedBecause::Operator;
        let stone = Tombstone::sign(&self.key, look.thread, self.now, because, words);
        self.act(by, Act::ThreadErased(stone.clone()));
        Ok(ErasedThread { tombstone: stone, items: look.items, bytes: look.bytes, gone: false })
    }

    /// The thread that a word names: by its id, also of one that is not here, or by the first letters
    /// of that of one that is.
    fn thread_named(&self, name: &str) -> Result<ThreadId, AdminError> {
        if let Ok(id) = name.parse() {
            return Ok(id);
        }
        let fits = |id: &&ThreadId| name.len() >= FEWEST && id.to_string().starts_with(name);
        let found = self.threads.keys().chain(self.erased.keys()).filter(fits).copied().collect();
        one(name, found, AdminError::NoThread)
    }
}
