//! A member's device that is no engine of ours any more: it has its keys, its seat and the document,
//! and sends what no engine sends.

use tandem_engine::{Engine, EntryId, FalseLink, Fields, Forgery, Misdeed, Remark};
use tandem_proto::{
    Acknowledgement, ChainHash, ClientToRelay, DeviceKey, ItemHash, Push, Role, Seq, ThreadId,
    limits::{MAX_FRAME_BYTES, MAX_ITEMS_PER_FRAME},
};

use crate::world::World;

impl World {
    /// Words that a forger is going to say and that may be shown: their number in this world, and the
    /// text of their entry. What is said without them may be shown to nobody.
    pub fn words(&mut self, device: usize, thread: ThreadId) -> (usize, String) {
        let number = self.oracle.next_said();
        let text = format!("{number}: said by {}", self.devices[device].name);
        let fields = Fields::from([("text".to_owned(), text.clone())]);
        self.oracle_notes_said(device, thread, "message", &fields, None);
        // Each in a life of its own, so that no order among them is asked for.
        self.oracle.said[number].restores = u32::MAX - u32::try_from(number).unwrap_or(u32::MAX);
        (number, text)
    }

    /// The entry that words came to be, once somebody shows it.
    #[must_use]
    pub fn entry_of(&self, number: usize) -> Option<EntryId> {
        self.oracle.said[number].entry
    }

    /// A device's identity key, as a thread's members know it.
    pub fn device_key(&mut self, device: usize) -> DeviceKey {
        DeviceKey::new(self.identity(device).public())
    }

    /// A member makes a forgery out of what its store has.
    pub fn forge(&mut self, device: usize, thread: ThreadId, forgery: &Forgery) -> Vec<Vec<u8>> {
        let engine = self.devices[device].engine.as_mut();
        let items = engine.map(|engine| engine.forge(&thread, forgery)).unwrap_or_default();
        if items.is_empty() {
            self.violation("the story needs a forgery, and none could be made");
        }
        items
    }

    /// Whether what a device signed in one thread, as another has it, would vouch for it elsewhere.
    pub fn vouches_elsewhere(
        &mut self,
        by: usize,
        there: ThreadId,
        signer: DeviceKey,
        elsewhere: ThreadId,
    ) -> Option<bool> {
        self.devices[by].engine.as_mut()?.vouches_elsewhere(&there, &signer, &elsewhere)
    }

    /// The same, of a link.
    pub fn forge_link(&mut self, device: usize, thread: ThreadId, how: FalseLink) -> Vec<u8> {
        let engine = self.devices[device].engine.as_mut();
        match engine.and_then(|engine| engine.forge_link(&thread, how, Role::Teacher)) {
            Some(link) => link,
            None => self.violation("the story needs a false link, and none could be made"),
        }
    }

    /// A member's device, which is offline, pushes items by its transport key. With `junk`, nobody may
    /// sign for having taken them in.
    pub fn push_forged(&mut self, device: usize, thread: ThreadId, items: &[Vec<u8>], junk: bool) {
        let mut frames = vec![self.rogue_hello()];
        let (mut frame, mut bytes) = (Vec::new(), 0);
        for item in items {
            if junk {
                self.oracle.notes_junk(thread, item);
            }
            if frame.len() == MAX_ITEMS_PER_FRAME || bytes + item.len() + 64 > MAX_FRAME_BYTES / 2 {
                frames.push(push(thread, std::mem::take(&mut frame)));
                bytes = 0;
            }
            bytes += item.len() + 4;
            frame.push(item.clone());
        }
        frames.push(push(thread, frame));
        let before = self.log_len(thread);
        self.rogue_says(device, &frames);
        self.run_for(5_000);
        self.expect(self.log_len(thread) >= before + items.len(), "the relay takes all of it");
    }

    /// A member's transport key, without its engine, pushes these items.
    pub fn push_items(&mut self, device: usize, thread: ThreadId, items: &[Vec<u8>]) {
        let items: Vec<_> = items.iter().filter_map(|item| item.clone().try_into().ok()).collect();
        let Ok(items) = items.try_into() else { return };
        let push = ClientToRelay::Push(Push { thread, items });
        self.rogue_says(device, &[self.rogue_hello(), push]);
    }

    /// A member's device that is no engine of ours signs that it read the log to its end but could
    /// not take in one item of it.
    pub fn except(&mut self, device: usize, thread: ThreadId, item: &[u8]) {
        let log = self.log_of(thread);
        let start = ChainHash::start(&thread);
        let chain = log.iter().fold(start, |chain, item| chain.next(&ItemHash::of(item)));
        let key = self.identity(device);
        let Ok(except) = vec![ItemHash::of(item).short()].try_into() else { return };
        let (generation, seq) = (self.hub.truth.generation(), Seq(log.len() as u64));
        let Some(generation) = generation else { return };
        let ack = Acknowledgement::sign(&key, thread, generation, seq, chain, except);
        self.rogue_says(device, &[self.rogue_hello(), ClientToRelay::Acknowledge(ack)]);
    }

    /// A member's device that is no engine of ours puts junk into the log of its first thread.
    pub fn push_junk(&mut self, device: usize) {
        self.junk(device);
    }

    /// What a device has seen another's person do.
    pub fn misdeeds(&mut self, by: usize, thread: ThreadId, of: usize) -> Vec<Misdeed> {
        self.member_row(by, thread, of).misdeeds
    }

    /// What an entry says about itself on a device.
    #[must_use]
    pub fn remarks(&self, device: usize, thread: ThreadId, entry: EntryId) -> Vec<Remark> {
        let row = self.devices[device].rows(&thread).iter().find(|row| row.entry == entry);
        row.map(|row| row.remarks.clone()).unwrap_or_default()
    }

    /// The entries that a device shows in a thread, in order.
    #[must_use]
    pub fn entries(&self, device: usize, thread: ThreadId) -> Vec<EntryId> {
        let rows = self.devices[device].rows(&thread).iter().filter(|row| row.is_entry());
        rows.map(|row| row.entry).collect()
    }

    /// Whether a device's engine is open.
    #[must_use]
    pub fn is_open(&self, device: usize) -> bool {
        self.devices[device].engine.as_ref().map(Engine::person).is_some()
    }
}

fn push(thread: ThreadId, items: Vec<Vec<u8>>) -> ClientToRelay {
    let items: Vec<_> = items.into_iter().filter_map(|item| item.try_into().ok()).collect();
    ClientToRelay::Push(Push { thread, items: items.try_into().unwrap_or_default() })
}
