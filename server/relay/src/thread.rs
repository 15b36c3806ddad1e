//! What the core keeps of one thread: its log's hashes, its roster, its acknowledgements.

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::{
    Acknowledgement, ChainHash, DeviceKey, Epoch, Hash16, ItemHash, Roster, Seq, Timestamp,
    TransportKey,
    planted::{self, Fault},
};

/// The newest acknowledgement of one member.
#[derive(Debug)]
pub(crate) struct HeldAck {
    /// The thread's count of acknowledgements when this one came.
    pub(crate) revision: u64,
    pub(crate) ack: Acknowledgement,
    /// Only what is durable is passed on.
    pub(crate) durable: bool,
}

/// One thread.
///
/// An item costs 64 bytes for its two hashes and some 40 in the index by hash; its bytes are not
/// kept after its commit. A roster link costs some 400 bytes more, a member's acknowledgement some
/// 250 and 16 for each item it excepts, a follower some 50. A joint thread of a year (500 items,
/// 8 devices) is about 60 kB.
#[derive(Debug)]
pub(crate) struct Thread {
    start: ChainHash,
    log: Vec<(ItemHash, ChainHash)>,
    known: BTreeMap<Hash16, Seq>,
    /// The newest seq that is durable; what comes after it is told to nobody.
    pub(crate) durable: Seq,
    pub(crate) bytes: u64,
    /// When the last item came, by the relay's clock.
    pub(crate) newest: Timestamp,
    roster: Roster,
    members: BTreeMap<TransportKey, DeviceKey>,
    /// Devices that were taken out. They are served up to the link that says so.
    removed: BTreeMap<TransportKey, DeviceKey>,
    /// Devices with a stored cursor.
    pub(crate) followers: BTreeSet<TransportKey>,
    revision: u64,
    acks: BTreeMap<DeviceKey, HeldAck>,
}

impl Thread {
    /// A thread without items, which the genesis in `roster` is about to begin.
    pub(crate) fn new(roster: Roster) -> Self {
        let mut thread = Self {
            start: ChainHash::start(&roster.thread()),
            log: Vec::new(),
            known: BTreeMap::new(),
            durable: Seq(0),
            bytes: 0,
            newest: Timestamp(0),
            roster,
            members: BTreeMap::new(),
            removed: BTreeMap::new(),
            followers: BTreeSet::new(),
            revision: 0,
            acks: BTreeMap::new(),
        };
        thread.index_members();
        thread
    }

    /// The newest seq, durable or not.
    pub(crate) fn head(&self) -> Seq {
        Seq(self.log.len() as u64)
    }

    /// Whether something is on its way to the disk.
    pub(crate) fn is_pending(&self) -> bool {
        self.durable < self.head()
    }

    /// The item at a seq.
    pub(crate) fn item(&self, seq: Seq) -> Option<ItemHash> {
        self.at(seq).map(|(item, _)| *item)
    }

    /// The chain at a seq; at 0 that of the empty log.
    pub(crate) fn chain(&self, seq: Seq) -> Option<ChainHash> {
        if seq == Seq(0) { Some(self.start) } else { self.at(seq).map(|(_, chain)| *chain) }
    }

    fn at(&self, seq: Seq) -> Option<&(ItemHash, ChainHash)> {
        self.log.get(usize::try_from(seq.0.checked_sub(1)?).ok()?)
    }

    /// Whether a cursor lies on the durable part of the log.
    pub(crate) fn is_on_chain(&self, seq: Seq, chain: ChainHash) -> bool {
        seq <= self.durable && self.chain(seq) == Some(chain)
    }

    /// Where an item stands that the log already has. Half the hash decides: it is what receipts
    /// name, and 128 bits do not collide by chance.
    pub(crate) fn find(&self, item: &ItemHash) -> Option<Seq> {
        if planted::is(Fault::SkipDedupe) {
            return None;
        }
        self.known.get(&item.short()).copied()
    }

    /// Takes an item into the log, not yet durable.
    pub(crate) fn append(&mut self, item: ItemHash, len: usize) -> Seq {
        let head = self.log.last().map_or(self.start, |(_, chain)| *chain);
        self.log.push((item, head.next(&item)));
        self.bytes += len as u64;
        let seq = self.head();
        self.known.insert(item.short(), seq);
        seq
    }

    pub(crate) const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Whether envelopes may be sealed under this epoch: only the present one, and only while nobody
    /// has a seat in it who was taken out on another chain, so that nobody who was let out can read
    /// what comes, and late messages can't exist.
    pub(crate) fn takes(&self, epoch: Epoch) -> bool {
        planted::is(Fault::EpochNotChecked)
            || epoch == self.roster.epoch() && self.roster.to_take_out().is_empty()
    }

    pub(crate) fn set_roster(&mut self, roster: Roster) {
        self.roster = roster;
        self.index_members();
    }

    /// Takes a link out of the log while restoring. One that does not fit changes nothing, as it
    /// changed nothing when it was appended.
    pub(crate) fn replay_link(&mut self, item: &[u8]) {
        if self.roster.insert(item).is_ok_and(|changed| changed) {
            self.index_members();
        }
    }

    fn index_members(&mut self) {
        self.members = self.roster.lines();
        let out = self.roster.lines_ever().filter(|(device, _)| self.roster.is_out(device));
        self.removed = out.map(|(device, line)| (line, device)).collect();
    }

    /// How far a device may read the log: a member all of it that is durable, whoever was taken out
    /// up to the link that says so, so that they can see it; `None` for everybody else.
    pub(crate) fn served(&self, transport: &TransportKey) -> Option<Seq> {
        if self.members.contains_key(transport) {
            return Some(self.durable);
        }
        let device = self.removed.get(transport)?;
        if planted::is(Fault::ServeRemoved) {
            return Some(self.durable);
        }
        // The first that the log shows: what comes after is nothing to them.
        let removals = self.roster.removals(device);
        let removal = removals.filter_map(|link| self.find(&link.hash)).min()?;
        Some(removal.min(self.durable))
    }

    /// All keys by which the device with this key ever connected, as far as the roster says.
    pub(crate) fn lines_of_same(&self, line: &TransportKey) -> Vec<TransportKey> {
        let device = self.roster.lines_ever().find(|(_, known)| known == line);
        let of_same = |whose: DeviceKey| device.is_some_and(|(device, _)| device == whose);
        let lines = self.roster.lines_ever().filter(|(whose, _)| of_same(*whose));
        lines.map(|(_, line)| line).collect()
    }

    /// The member that connects with this key.
    pub(crate) fn member(&self, transport: &TransportKey) -> Option<DeviceKey> {
        self.members.get(transport).copied()
    }

    /// How many acknowledgements this generation has had.
    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn ack_of(&self, device: &DeviceKey) -> Option<&HeldAck> {
        self.acks.get(device)
    }

    /// Takes a member's newest acknowledgement and gives it the next revision.
    pub(crate) fn acknowledge(&mut self, ack: Acknowledgement, durable: bool) -> u64 {
        self.revision += 1;
        let revision = self.revision;
        self.acks.insert(ack.device, HeldAck { revision, ack, durable });
        revision
    }

    /// An acknowledgement is durable now; whether it is still the newest of its device.
    pub(crate) fn ack_is_durable(&mut self, device: &DeviceKey, revision: u64) -> bool {
        match self.acks.get_mut(device) {
            Some(held) if held.revision == revision => {
                held.durable = true;
                true
            }
            _ => false,
        }
    }

    /// What others than `reader` acknowledged after a revision, oldest first.
    pub(crate) fn acks_after(&self, revision: u64, reader: &TransportKey) -> Vec<&HeldAck> {
        let own = self.member(reader);
        let mut acks: Vec<_> = self
            .acks
            .values()
            .filter(|h| h.durable && h.revision > revision && Some(h.ack.device) != own)
            .collect();
        acks.sort_by_key(|held| held.revision);
        acks
    }

    /// Whether a device whose cursor is (seq, acks) has something to be told.
    pub(crate) fn has_news(&self, seq: Seq, acks: u64, reader: &TransportKey) -> bool {
        let own = self.member(reader);
        self.served(reader).is_some_and(|served| seq < served)
            || own.is_some()
                && self.acks.values().any(|held| {
                    held.durable && held.revision > acks && Some(held.ack.device) != own
                })
    }

    /// Forgets what belongs to one generation: who follows, and the acknowledgements.
    pub(crate) fn begin_generation(&mut self) {
        self.followers.clear();
        self.acks.clear();
        self.revision = 0;
    }
}
