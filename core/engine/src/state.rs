//! A thread in memory: what is resident, and what is there only while it is needed.

mod ahead;
mod cast;
mod loaded;
mod unread;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use automerge::{ActorId, ChangeHash};
use tandem_proto::{
    Acknowledgement, ChainHash, DeviceKey, Epoch, Hash16, ItemHash, PersonId, Receipt, Roster,
    RosterLinkError, SeatRequest, Seq, ThreadId, Tombstone,
};

use crate::{
    InboxRow, Intent, Query, Ticket, Trouble, WatchId,
    batch::LogHead,
    record::{
        Cargo, KeysRecord, OutboxRecord, Record as _, RecordError, RosterRecord, ThreadRecord,
    },
};

pub(crate) use ahead::{Ahead, Beyond, Pushed};
pub(crate) use cast::Cast;
pub(crate) use loaded::Loaded;
pub(crate) use unread::Unread;

/// A thread.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) id: ThreadId,
    pub(crate) record: ThreadRecord,
    pub(crate) links: RosterRecord,
    pub(crate) keys: KeysRecord,
    pub(crate) roster: Roster,
    pub(crate) cast: Cast,
    pub(crate) inbox: InboxRow,
    /// What waits to leave, by number.
    pub(crate) outbox: BTreeMap<u64, OutboxRecord>,
    /// The actor of this opening of the store (rule 4); none before the first change.
    pub(crate) actor: Option<ActorId>,
    /// What arrived beyond the cursor's next seq, or waits for the document.
    pub(crate) ahead: Beyond,
    pub(crate) loaded: Option<Loaded>,
    pub(crate) loading: bool,
    /// What is being read is what every item brought.
    pub(crate) reading_items: bool,
    /// Records were written since they were asked for, so that what comes may be old.
    pub(crate) overtaken: bool,
    pub(crate) deferred: VecDeque<Deferred>,
    /// What of the records is to be read before anything is sent.
    pub(crate) unread: Unread,
    /// Why the records of this thread can't be read.
    pub(crate) damaged: Option<Trouble>,
    /// The relay has erased it.
    pub(crate) erased: Option<Tombstone>,
    /// The relay knows on this connection that we follow the thread.
    pub(crate) named: bool,
    /// Our links were pushed on this connection because the relay did not know the thread.
    pub(crate) shown: bool,
    /// The relay takes nothing of it for its school's sake, as it said on this connection.
    pub(crate) barred: bool,
    /// What was acknowledged on this connection and is not known to have been taken.
    pub(crate) acking: Option<(Seq, Vec<Hash16>)>,
    /// The log head that each outbox item says which has one: an item that is pushed again is the same
    /// bytes.
    pub(crate) heads: BTreeMap<u64, LogHead>,
    /// The revision of acknowledgements moved since the last claim.
    pub(crate) acks_moved: bool,
    /// Items that others could not take in and that were carried again since the store was opened,
    /// and under which epoch: whoever has come to a later one can read what they could not before.
    pub(crate) carried_again: BTreeSet<(Hash16, Epoch)>,
    /// Links of ours that lost on this connection.
    pub(crate) lost: BTreeSet<ItemHash>,
    /// How often something was refused on this connection for its epoch.
    pub(crate) stale: usize,
    /// Something was taken in that others may have waited for.
    pub(crate) gained: bool,
    /// The chain at each seq that was read since the store was opened, and where that began.
    chains: BTreeMap<Seq, ChainHash>,
    /// When it was last used, for deciding what to put away.
    pub(crate) used: u64,
}

/// Seqs of one thread whose chain is remembered: a school year's.
const MAX_CHAINS: usize = 4_096;

/// What waits for a thread's records.
#[derive(Debug)]
pub(crate) enum Deferred {
    Intent(Ticket, Intent),
    Query(Ticket, Query),
    Watch(WatchId),
    Acknowledged(u64, Acknowledgement),
    Receipt(Receipt),
    Upload,
    Weigh,
    Welcome(tandem_proto::InviteId),
    Refused(BTreeMap<u64, crate::StuckReason>),
    TryAgain,
    /// Others could not take these items in; what they brought has been read.
    Excepted(Vec<Hash16>),
    /// An invite's newcomer is to be let in.
    Admit(tandem_proto::InviteId),
    /// The roster has moved.
    Follow,
    /// A member asks for a seat.
    Reseat(SeatRequest),
    /// This device has none.
    Unseated,
    /// A member was given one.
    Seated(DeviceKey),
    /// Somebody is to be let out.
    Members,
    /// The new keys of this device are to be said in the thread.
    Renew,
    /// How far words count has changed.
    FoldAgain,
}

impl Thread {
    /// A thread out of its resident record.
    pub(crate) fn new(
        id: ThreadId,
        record: ThreadRecord,
        links: RosterRecord,
        keys: KeysRecord,
        inbox: InboxRow,
    ) -> Result<Self, RecordError> {
        let roster = Roster::from_kept(id, &links.links).map_err(|error| match error {
            // A newer version kept it here, and goes on with it.
            RosterLinkError::Newer => RecordError::Newer(RosterRecord::VERSION + 1),
            _ => RecordError::Malformed,
        })?;
        let cast = Cast::of(&roster);
        let chains = BTreeMap::from([(record.seq, record.chain)]);
        Ok(Self {
            id,
            record,
            links,
            keys,
            roster,
            cast,
            inbox,
            outbox: BTreeMap::new(),
            actor: None,
            ahead: Beyond::default(),
            loaded: None,
            loading: false,
            reading_items: false,
            overtaken: false,
            deferred: VecDeque::new(),
            unread: Unread::default(),
            damaged: None,
            erased: None,
            named: false,
            shown: false,
            barred: false,
            acking: None,
            heads: BTreeMap::new(),
            acks_moved: false,
            carried_again: BTreeSet::new(),
            lost: BTreeSet::new(),
            stale: 0,
            gained: false,
            chains,
            used: 0,
        })
    }

    /// Of two equally long chains the one counts that the log of this generation showed first: a
    /// link that was just met comes right behind those that were met before it. Says whether the order
    /// changed.
    pub(crate) fn order_links(&mut self, met: &ItemHash) -> bool {
        let hashes: Vec<ItemHash> =
            self.links.links.iter().map(|link| ItemHash::of(link)).collect();
        let Some(from) = hashes.iter().position(|hash| hash == met) else { return false };
        let unmet = &self.record.unmet_links;
        let Some(to) = hashes.iter().position(|hash| unmet.contains(hash)) else { return false };
        if from <= to {
            return false;
        }
        let before = self.links.links.clone();
        let link = self.links.links.remove(from);
        self.links.links.insert(to, link);
        match Roster::from_kept(self.id, &self.links.links) {
            Ok(roster) => {
                self.cast = Cast::of(&roster);
                self.roster = roster;
                true
            }
            // It would stand before its predecessor: the log is not one that a relay of ours
            // wrote, and the order that was known stays.
            Err(_) => {
                self.links.links = before;
                false
            }
        }
    }

    /// The cursor stands at another place of the log.
    pub(crate) fn set_cursor(&mut self, seq: Seq, chain: ChainHash) {
        if seq < self.record.seq {
            self.chains.clear();
        }
        (self.record.seq, self.record.chain) = (seq, chain);
        self.chains.insert(seq, chain);
        if self.chains.len() > MAX_CHAINS {
            self.chains.pop_first();
        }
    }

    /// Whether this was the chain of our log at a seq; `None` when that is not known (any more, or
    /// yet).
    pub(crate) fn was_chain(&self, seq: Seq, chain: &ChainHash) -> Option<bool> {
        self.chain_at(seq).map(|ours| ours == chain)
    }

    /// The chain of our log at a seq, where it is remembered.
    pub(crate) fn chain_at(&self, seq: Seq) -> Option<&ChainHash> {
        self.chains.get(&seq)
    }

    /// The number for a new outbox item.
    pub(crate) fn take_number(&mut self) -> u64 {
        let number = self.record.next_item;
        self.record.next_item += 1;
        number
    }

    /// Changes that wait in the outbox, with their item's number.
    pub(crate) fn outgoing(&self) -> impl Iterator<Item = (u64, ChangeHash)> + '_ {
        self.outbox.iter().filter_map(|(number, item)| match &item.cargo {
            Cargo::Change { change, .. } => Some((*number, *change)),
            _ => None,
        })
    }

    /// Whether anything of this thread is still to be taken in before it can be called read.
    pub(crate) fn is_busy(&self) -> bool {
        self.damaged.is_none()
            && (self.loading
                || !self.deferred.is_empty()
                || self.ahead.contains(&self.record.seq.next()))
    }

    /// Whether it has links or outbox items that a log may not have shown yet.
    pub(crate) fn has_something_to_push(&self) -> bool {
        !self.is_erased()
            && !self.needs_newer()
            && (!self.record.unmet_links.is_empty() || !self.outbox.is_empty())
    }

    /// Whether there is anything to upload, ask for or read again once it is caught up.
    pub(crate) fn is_unfinished(&self) -> bool {
        if self.is_erased() || self.needs_newer() {
            return false;
        }
        self.has_something_to_push()
            || self.record.unmet_all
            || !self.record.unmet.is_empty()
            || !self.record.unreceipted.is_empty()
            || !self.ahead.is_empty()
            || self.keys.reseal
            || self.keys.handed_over
            || !self.keys.wanted.is_empty()
            || !self.keys.leaving.is_empty()
            || !self.keys.wishes.is_empty()
            || self.epoch_key().is_none()
            || !self.roster.to_take_out().is_empty()
    }

    /// Whether this device is in, and another one is: also one of the same person, for what a phone
    /// that was put back to an old copy misses of a desk, only the person's other phone can carry again.
    pub(crate) fn is_read_elsewhere(&self, me: &crate::engine::Me) -> bool {
        let members = self.roster.members();
        members.contains_key(&me.device) && members.len() > 1
    }

    /// A person's devices in the thread, also those that were taken out.
    pub(crate) fn devices_ever_of(&self, person: &PersonId) -> BTreeSet<DeviceKey> {
        let theirs = self.roster.cards_ever().filter(|card| card.person == *person);
        theirs.map(|card| card.device).collect()
    }

    /// Whether another person has a device in the thread.
    pub(crate) fn has_others(&self, me: &PersonId) -> bool {
        self.roster.members().values().any(|card| card.person != *me)
    }
}
