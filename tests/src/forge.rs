//! What somebody can say who has bytes to repeat, or a key that is not the right one.

use tandem_engine::Input;
use tandem_proto::{
    Acknowledgement, BoundedVec, ChainHash, ClientToRelay, DeviceKey, ItemHash, Push, ReceiptLeaf,
    RelayToClient, SecretKey, Seq, ThreadId, sign_receipts,
};
use tandem_relay::Record;

use crate::world::World;

/// A key that nobody in a world has.
const STRANGER: [u8; 32] = [66; 32];

impl World {
    /// Whether the relay has taken an item in that is not durable yet.
    #[must_use]
    pub fn is_appending(&self, thread: ThreadId) -> bool {
        self.appending().any(|leaf| leaf.thread == thread)
    }

    fn appending(&self) -> impl Iterator<Item = ReceiptLeaf> + '_ {
        let pending = self.hub.journal.pending.iter().flat_map(|(_, records)| records);
        pending.filter_map(|record| match record {
            Record::Append { thread, seq, item, .. } => {
                Some(ReceiptLeaf { thread: *thread, seq: *seq, item: ItemHash::of(item) })
            }
            _ => None,
        })
    }

    /// Before the relay has made anything durable, somebody else signs receipts for all of it.
    pub fn forge_receipts(&mut self, device: usize) {
        let Some(generation) = self.hub.truth.generation() else { return };
        let leaves: Vec<ReceiptLeaf> = self.appending().collect();
        let (key, now) = (SecretKey::from_seed(STRANGER), self.clock(device));
        for batch in sign_receipts(&key, generation, now, &leaves, &[leaves.len()]) {
            self.note(|| format!("P{device} <- {} forged receipts", batch.items.len()));
            self.feed(device, Input::Frame(RelayToClient::Receipts(batch)));
        }
    }

    /// A device is shown acknowledgements for all of a thread that `of` never signed: in its name
    /// with another key, by a stranger, and a real one for the first item stretched to the last.
    pub fn forge_acknowledgements(&mut self, device: usize, of: usize, thread: ThreadId) {
        let (Some(theirs), Some(generation)) =
            (self.devices[of].disk.identity(), self.hub.truth.generation())
        else {
            self.violation("the story needs a device with an identity, and a relay");
        };
        let log: Vec<ItemHash> =
            self.log_of(thread).iter().map(|item| ItemHash::of(item)).collect();
        let chain = |items: &[ItemHash]| {
            items.iter().fold(ChainHash::start(&thread), |chain, item| chain.next(item))
        };
        let sign = |key: &SecretKey, items: &[ItemHash]| {
            let (seq, none) = (Seq(items.len() as u64), BoundedVec::default());
            Acknowledgement::sign(key, thread, generation, seq, chain(items), none)
        };
        let stranger = sign(&SecretKey::from_seed(STRANGER), &log);
        let named = Acknowledgement { device: DeviceKey::new(theirs.public()), ..stranger.clone() };
        let (seq, chain) = (stranger.seq, stranger.chain);
        let stretched = Acknowledgement { seq, chain, ..sign(&theirs, &log[..1]) };
        for (revision, ack) in (1000..).zip([stranger, named, stretched]) {
            self.feed(device, Input::Frame(RelayToClient::Acknowledged(revision, ack)));
        }
    }

    /// A member's transport key, without its engine, pushes items of one thread's log into another
    /// thread. Nobody may count them as taken in there.
    pub fn replay_into(&mut self, device: usize, items: &[Vec<u8>], thread: ThreadId) {
        for item in items {
            self.oracle.notes_junk(thread, item);
        }
        let items: Vec<_> = items.iter().filter_map(|item| item.clone().try_into().ok()).collect();
        let Ok(items) = items.try_into() else { return };
        let push = ClientToRelay::Push(Push { thread, items });
        self.rogue_says(device, &[self.rogue_hello(), push]);
    }

    /// Sets the relay's clock.
    pub fn relay_clock_off(&mut self, ms: i64) {
        self.hub.clock_off = ms;
    }
}
