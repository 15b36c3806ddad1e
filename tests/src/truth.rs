//! What is really so at the relay: its durable log, read from its own records.

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::{
    ChainHash, ClientToRelay, DeviceKey, Epoch, Evidence, Generation, Hash16, ItemHash, ItemKind,
    MailboxId, PersonId, RelayKey, RelayToClient, Roster, RosterLink, Seq, ThreadId, TransportKey,
    item_kind,
};
use tandem_relay::{Act, Record};

/// One thread's durable log.
#[derive(Debug, Default)]
struct Log {
    items: Vec<ItemHash>,
    chain: Vec<ChainHash>,
    known: BTreeSet<ItemHash>,
    roster: Option<Roster>,
}

/// What the relay's durable records say now, and what they ever said.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    generation: Option<Generation>,
    logs: BTreeMap<ThreadId, Log>,
    short: BTreeMap<Hash16, Vec<(ThreadId, Seq)>>,
    letters: BTreeSet<(MailboxId, Hash16)>,
    ever: BTreeSet<(Generation, ThreadId, Seq, ItemHash)>,
    people: BTreeMap<PersonId, BTreeSet<DeviceKey>>,
    /// A device has shown, since the generation was drawn, that it is out of date.
    evidence: bool,
    /// How many generations were drawn for evidence.
    pub(crate) renewals: u32,
}

impl Truth {
    pub(crate) const fn generation(&self) -> Option<Generation> {
        self.generation
    }

    /// Whether the present store holds this item at this place.
    pub(crate) fn holds(&self, thread: &ThreadId, seq: Seq, item: &ItemHash) -> bool {
        self.at(thread, seq) == Some(*item)
    }

    /// Whether the present store holds this item anywhere in the thread's log.
    pub(crate) fn holds_somewhere(&self, thread: &ThreadId, item: &ItemHash) -> bool {
        self.logs.get(thread).is_some_and(|log| log.known.contains(item))
    }

    /// Whether it was ever so.
    pub(crate) fn ever_held(
        &self,
        generation: Generation,
        thread: ThreadId,
        seq: Seq,
        item: ItemHash,
    ) -> bool {
        self.ever.contains(&(generation, thread, seq, item))
    }

    /// The devices that a person ever had in a thread.
    pub(crate) fn devices_of(&self, person: &PersonId) -> impl Iterator<Item = &DeviceKey> {
        self.people.get(person).into_iter().flatten()
    }

    pub(crate) fn len(&self, thread: &ThreadId) -> usize {
        self.logs.get(thread).map_or(0, |log| log.items.len())
    }

    /// Whether a device is in the roster that the present store's log makes.
    pub(crate) fn has_member(&self, thread: &ThreadId, device: &DeviceKey) -> bool {
        self.roster(thread).is_some_and(|roster| roster.members().contains_key(device))
    }

    /// Whether a device was taken out, by the roster that the present store's log makes.
    pub(crate) fn has_removed(&self, thread: &ThreadId, device: &DeviceKey) -> bool {
        self.roster(thread).is_some_and(|roster| roster.is_out(device))
    }

    /// The epoch that the present store's log has come to.
    pub(crate) fn epoch(&self, thread: &ThreadId) -> Epoch {
        self.roster(thread).map_or(Epoch(0), |roster| roster.epoch())
    }

    /// The roster that the present store's log makes.
    pub(crate) fn roster(&self, thread: &ThreadId) -> Option<&Roster> {
        self.logs.get(thread)?.roster.as_ref()
    }

    fn at(&self, thread: &ThreadId, seq: Seq) -> Option<ItemHash> {
        let index = usize::try_from(seq.0.checked_sub(1)?).ok()?;
        self.logs.get(thread)?.items.get(index).copied()
    }

    /// The store was lost or replaced: it says this now.
    pub(crate) fn replaced(&mut self, records: &[Record]) -> Result<(), String> {
        self.generation = None;
        self.logs.clear();
        self.short.clear();
        self.letters.clear();
        self.evidence = false;
        for record in records {
            // What an older copy says was checked when it was first said.
            self.evidence = true;
            self.record(record)?;
        }
        self.evidence = false;
        Ok(())
    }

    /// One more record is durable.
    pub(crate) fn record(&mut self, record: &Record) -> Result<(), String> {
        match record {
            Record::Generation(generation) => {
                if self.generation.is_some() {
                    if !self.evidence {
                        return Err(format!(
                            "the relay drew {generation:?} though no device had shown evidence \
                             against the present one"
                        ));
                    }
                    self.renewals += 1;
                }
                self.evidence = false;
                self.generation = Some(*generation);
                for (thread, log) in &self.logs {
                    for (seq, item) in (1..).zip(&log.items) {
                        self.ever.insert((*generation, *thread, Seq(seq), *item));
                    }
                }
            }
            Record::Append { thread, seq, item, .. } => {
                let generation =
                    self.generation.ok_or("the relay appended before it had a generation")?;
                let hash = ItemHash::of(item);
                let log = self.logs.entry(*thread).or_default();
                if seq.0 != log.items.len() as u64 + 1 {
                    return Err(format!("the log of {thread:?} goes on with {seq} after a gap"));
                }
                if !log.known.insert(hash) {
                    return Err(format!("{hash:?} stands twice in the log of {thread:?}"));
                }
                let before = log.chain.last().copied().unwrap_or_else(|| ChainHash::start(thread));
                log.items.push(hash);
                log.chain.push(before.next(&hash));
                self.short.entry(hash.short()).or_default().push((*thread, *seq));
                self.ever.insert((generation, *thread, *seq, hash));
                match item_kind(item) {
                    Ok(ItemKind::RosterLink) => {
                        match &mut log.roster {
                            // A link that lost against another is in the log of a relay that lost
                            // something.
                            Some(roster) => drop(roster.insert(item)),
                            None => log.roster = Roster::found(*thread, item).ok(),
                        }
                        if let Ok(link) = RosterLink::from_item(item)
                            && let Some(card) = link.statement.card()
                        {
                            self.people.entry(card.person).or_default().insert(card.device);
                        }
                    }
                    // Who was let out can't read what comes after, and late words don't exist.
                    Ok(ItemKind::Envelope(_, epoch)) => {
                        let present = log.roster.as_ref().map(Roster::epoch);
                        if present != Some(epoch) {
                            return Err(format!(
                                "the relay took an envelope of {epoch:?} where the log of \
                                 {thread:?} is at {present:?}"
                            ));
                        }
                    }
                    _ => {}
                }
            }
            Record::Erased(stone) => self.erased(&stone.thread),
            Record::Audited(record) => {
                if let Act::ThreadErased(stone) = &record.act {
                    self.erased(&stone.thread);
                }
            }
            Record::Letter { mailbox, letter, .. } => {
                self.letters.insert((*mailbox, ItemHash::of(letter).short()));
            }
            _ => {}
        }
        Ok(())
    }

    /// A thread is erased: nothing of it is there any more.
    fn erased(&mut self, thread: &ThreadId) {
        self.logs.remove(thread);
        for places in self.short.values_mut() {
            places.retain(|(of, _)| of != thread);
        }
    }

    /// A frame reached the relay.
    pub(crate) fn heard(&mut self, relay: &RelayKey, from: &TransportKey, frame: &ClientToRelay) {
        let ClientToRelay::Evidence(Evidence { proof }) = frame else { return };
        let cursor = proof.cursor;
        let chain = match cursor.seq.0 {
            0 => Some(ChainHash::start(&cursor.thread)),
            seq => usize::try_from(seq - 1)
                .ok()
                .and_then(|index| self.logs.get(&cursor.thread)?.chain.get(index).copied()),
        };
        if proof.verify(relay, from).is_ok()
            && Some(proof.signed.generation) == self.generation
            && chain != Some(cursor.chain)
        {
            self.evidence = true;
        }
    }

    /// A frame is about to leave the relay: law 2, append, make durable, then speak.
    pub(crate) fn may_say(&self, frame: &RelayToClient) -> Result<(), String> {
        match frame {
            RelayToClient::Receipts(batch) => {
                if Some(batch.generation) != self.generation {
                    return Err("a receipt of another generation than the durable one".into());
                }
                for (item, seq) in batch.items.iter() {
                    let there = self
                        .short
                        .get(item)
                        .is_some_and(|places| places.iter().any(|(_, at)| at == seq));
                    if !there {
                        return Err(format!(
                            "a receipt for {item:?}, which is not durable at {seq}"
                        ));
                    }
                }
            }
            RelayToClient::Deliver(deliver) => {
                for (seq, item) in (deliver.first.0..).zip(deliver.items.iter()) {
                    if !self.holds(&deliver.thread, Seq(seq), &ItemHash::of(item)) {
                        return Err(format!(
                            "{seq} of {:?} was delivered, which is not durable",
                            deliver.thread
                        ));
                    }
                }
            }
            RelayToClient::MailStored(stored)
                if !self.letters.contains(&(stored.mailbox, stored.letter)) =>
            {
                return Err("a letter was said to be stored, which is not durable".into());
            }
            RelayToClient::Greeting(greeting) if Some(greeting.generation) != self.generation => {
                return Err("a greeting with a generation that is not durable".into());
            }
            _ => {}
        }
        Ok(())
    }
}
