//! What a story can tell people to do about who is in a thread, and what it can ask of it.

use tandem_engine::{Answer, Engine, Intent, KeysOf, Query, Trouble};
use tandem_proto::{PersonId, SecretKey, ThreadId};

use crate::{device::Asked, world::World};

/// Who shall be in or out.
impl World {
    /// Takes a person out of a thread; whether the engine let it.
    pub fn try_remove(&mut self, by: usize, thread: ThreadId, whom: usize) -> bool {
        let person = self.person(whom);
        self.note(|| format!("P{by} takes P{whom} out"));
        let intent = Intent::Remove { thread, person, device: None };
        let ticket = self.mean(by, Asked::Wish, intent);
        let so = self.await_answer(by, ticket).is_ok();
        if so {
            self.oracle.out.insert((thread, whom));
        }
        so
    }

    /// Takes a person out of a thread.
    pub fn remove(&mut self, by: usize, thread: ThreadId, whom: usize) {
        let so = self.try_remove(by, thread, whom);
        self.expect(so, "one may take out the other");
    }

    /// Takes one of this person's devices out of a thread.
    pub fn take_out_device(&mut self, by: usize, thread: ThreadId, whom: usize) {
        let (person, device) = (self.person(whom), self.devices[whom].identity);
        self.note(|| format!("P{by} takes the device P{whom} out"));
        self.oracle.out.insert((thread, whom));
        let ticket = self.mean(by, Asked::Wish, Intent::Remove { thread, person, device });
        let answer = self.await_answer(by, ticket);
        self.expect(answer.is_ok(), "one may take out one's own device");
    }

    /// Leaves a thread, if the engine lets it.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn try_leave(&mut self, device: usize, thread: ThreadId) -> Result<Answer, Trouble> {
        self.note(|| format!("P{device} leaves"));
        let ticket = self.mean(device, Asked::Wish, Intent::Leave { thread });
        let answer = self.await_answer(device, ticket);
        if answer.is_ok() {
            self.oracle.out.insert((thread, device));
        }
        answer
    }

    /// Leaves a thread.
    pub fn leave(&mut self, device: usize, thread: ThreadId) {
        let left = self.try_leave(device, thread);
        self.expect(left.is_ok(), "one may leave");
    }

    /// Goes on without somebody who stopped a thread.
    pub fn refound(&mut self, by: usize, thread: ThreadId, without: usize) {
        let person = self.person(without);
        self.note(|| format!("P{by} goes on without P{without}"));
        self.oracle.out.insert((thread, without));
        let intent = Intent::Refound { thread, without: person };
        let ticket = self.mean(by, Asked::Wish, intent);
        let answer = self.await_answer(by, ticket);
        self.expect(answer.is_ok(), "one may go on without the other");
    }

    /// Whose a device is.
    #[must_use]
    pub fn person(&self, device: usize) -> PersonId {
        match self.devices[device].engine.as_ref().map(Engine::person) {
            Some(person) => person,
            None => self.violation("the story needs this device to be open"),
        }
    }

    /// A member's identity key, for what no engine of ours does.
    pub fn identity(&mut self, device: usize) -> SecretKey {
        match self.devices[device].disk.identity() {
            Some(key) => key,
            None => self.violation("the story needs a device with an identity"),
        }
    }

    /// Whether a device is out by the relay's roster.
    #[must_use]
    pub fn is_out(&self, device: usize, thread: ThreadId) -> bool {
        let key = self.devices[device].identity;
        key.is_some_and(|key| self.hub.truth.has_removed(&thread, &key))
    }

    /// Every key of a thread that a device has, or can come to with what the relay holds.
    pub(crate) fn keys_of(&self, device: usize, thread: ThreadId) -> KeysOf {
        let store = self.copy_of(device).into_iter().collect::<Vec<_>>();
        KeysOf::of(&store, &thread, &self.log_of(thread))
    }

    /// Whether a device can open an item of a thread: tried with all that is on its disk and in the
    /// relay's log, by whoever keeps no rule.
    #[must_use]
    pub fn can_open(&self, device: usize, thread: ThreadId, item: &[u8]) -> bool {
        self.keys_of(device, thread).open(item)
    }

    /// How far a device has read a thread's log.
    pub fn has_read(&mut self, device: usize, thread: ThreadId) -> u64 {
        let ticket = self.ask(device, Asked::Device, Query::Device);
        match self.await_answer(device, ticket) {
            Ok(Answer::Device(row)) => {
                let mut cursors = row.cursors.iter().map(|row| row.cursor);
                cursors.find(|cursor| cursor.thread == thread).map_or(0, |cursor| cursor.seq.0)
            }
            other => self.violation(&format!("the device came to {other:?}")),
        }
    }

    /// What a device shows of who came and went, in order.
    #[must_use]
    pub fn events(&self, device: usize, thread: ThreadId) -> Vec<String> {
        let rows = self.devices[device].rows(&thread).iter().filter(|row| !row.is_entry());
        rows.filter_map(|row| row.fields.get("event").cloned()).collect()
    }
}
