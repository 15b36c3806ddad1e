//! Acknowledgements: checked, kept, and passed on to the other members; never invented.

use tandem_proto::{Acknowledgement, DeviceKey, ThreadId, TransportKey};

use crate::{Record, commit::After, relay::Relay};

impl Relay {
    pub(crate) fn acknowledge(&mut self, device: TransportKey, ack: Acknowledgement) {
        if !self.is_acceptable(&device, &ack) {
            self.counts.ignored_acknowledgements += 1;
            return;
        }
        let Some(thread) = self.threads.get_mut(&ack.thread) else { return };
        let revision = thread.acknowledge(ack.clone(), false);
        let after = After::PassOn { thread: ack.thread, device: ack.device, revision };
        self.commits.collecting.records.push(Record::Acknowledged(ack));
        self.when_durable(after);
    }

    fn is_acceptable(&self, device: &TransportKey, ack: &Acknowledgement) -> bool {
        let Some(thread) = self.threads.get(&ack.thread) else { return false };
        // A member's newest statement counts: an older one can come late, or be played back.
        let is_newer = thread
            .ack_of(&ack.device)
            .is_none_or(|held| ack.seq >= held.ack.seq && *ack != held.ack);
        ack.generation == self.generation
            && thread.member(device) == Some(ack.device)
            && thread.is_on_chain(ack.seq, ack.chain)
            && is_newer
            && ack.verify().is_ok()
    }

    /// An acknowledgement is durable: the other members hear of it, unless a newer one follows.
    pub(crate) fn pass_on(&mut self, id: ThreadId, author: &DeviceKey, revision: u64) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        if !thread.ack_is_durable(author, revision) {
            return;
        }
        let followers: Vec<TransportKey> = thread.followers.iter().copied().collect();
        for follower in followers {
            if let (Some(device), Some(thread)) =
                (self.devices.get_mut(&follower), self.threads.get(&id))
            {
                device.look_at(&follower, id, thread);
            }
            if let Some(conn) = self.conns.of_device(&follower) {
                self.catch_up(conn, id);
            }
        }
    }
}
