//! What whoever runs the relay does to a thread, and what a story can ask of it after.

use tandem_engine::{Answer, ErasedRow, Input, Intent, Kept, RetentionRow, Trouble};
use tandem_proto::{BoundedStr, ErasedBecause, RelayToClient, SecretKey, ThreadId, Tombstone};
use tandem_relay::{AdminId, AdminRequest, Sieve};

use crate::{device::Asked, world::World};

impl World {
    /// Whoever runs the relay erases a thread.
    pub fn erase(&mut self, thread: ThreadId) {
        let at = self.thread_name(&thread);
        self.note(|| format!("{at} is erased at the relay"));
        self.oracle.erased.insert(thread);
        let request =
            AdminRequest::EraseThread { thread: thread.to_string(), words: "asked for".into() };
        self.feed_relay(tandem_relay::Input::Admin(AdminId(1), "a story".into(), request));
    }

    /// Whether anything of a thread is in the relay's store.
    #[must_use]
    pub fn relay_has(&self, thread: ThreadId) -> bool {
        self.hub.journal.durable.iter().any(|record| record.thread() == Some(&thread))
    }

    /// What a device shows of a thread's erasure.
    #[must_use]
    pub fn erased_on(&self, device: usize, thread: ThreadId) -> Option<ErasedRow> {
        let inbox = &self.devices[device].view.inbox;
        inbox.iter().find(|row| row.thread == thread)?.erased.clone()
    }

    /// Somebody forgets a thread on a device.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn try_forget(&mut self, device: usize, thread: ThreadId) -> Result<Answer, Trouble> {
        self.oracle.forgotten.insert((device, thread));
        let view = &mut self.devices[device].view;
        view.watched.retain(|_, watched| *watched != thread);
        view.threads.remove(&thread);
        let ticket = self.mean(device, Asked::Wish, Intent::Forget { thread });
        let answer = self.await_answer(device, ticket);
        if answer.is_err() {
            self.oracle.forgotten.remove(&(device, thread));
        }
        answer
    }

    /// Somebody keeps threads on a device for so many days only.
    pub fn keep_for(&mut self, device: usize, days: Option<u32>) -> RetentionRow {
        self.note(|| format!("P{device} keeps threads for {days:?} days"));
        let ticket = self.mean(device, Asked::People, Intent::KeepFor { days });
        match self.await_answer(device, ticket) {
            Ok(Answer::Retention(row)) => row,
            other => self.violation(&format!("keeping threads for a term came to {other:?}")),
        }
    }

    /// From here on a thread may end on a device by the term of its home.
    pub fn may_end(&mut self, device: usize, thread: ThreadId) {
        self.oracle.forgotten.insert((device, thread));
        self.oracle.out.insert((thread, device));
    }

    /// Until when a device says that it keeps a thread.
    #[must_use]
    pub fn kept_on(&self, device: usize, thread: ThreadId) -> Option<Kept> {
        let inbox = &self.devices[device].view.inbox;
        inbox.iter().find(|row| row.thread == thread)?.kept
    }

    /// Whether anything on a device's disk names a thread.
    #[must_use]
    pub fn is_named_on(&self, device: usize, thread: ThreadId) -> bool {
        let named = |bytes: &[u8]| bytes.windows(ThreadId::LEN).any(|w| w == thread.as_bytes());
        let store = self.copy_of(device);
        store.iter().any(|(key, value)| named(key.as_bytes()) || named(value))
    }

    /// Something that is no relay of theirs tells a device that a thread was erased.
    pub fn forge_tombstone(&mut self, device: usize, thread: ThreadId) {
        let key = SecretKey::from_seed([77; 32]);
        let (at, because) = (self.clock(device), ErasedBecause::Operator);
        let stone = Tombstone::sign(&key, thread, at, because, BoundedStr::default());
        self.feed(device, Input::Frame(RelayToClient::Erased(stone)));
    }

    /// The relay's store keeps what a rebuilt one would.
    pub(crate) fn rebuild_relay_store(&mut self) {
        let mut sieve = Sieve::new();
        let durable = &mut self.hub.journal.durable;
        durable.iter().for_each(|record| sieve.look(record));
        durable.retain(|record| sieve.keeps(record));
        let left = durable.len();
        self.note(|| format!("the relay's store is rebuilt, with {left} records"));
    }
}
