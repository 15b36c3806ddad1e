//! What of a thread is in memory only while it is needed.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use tandem_proto::{DeviceKey, Hash16, ItemHash, Seq, ThreadId};

use crate::{
    EntryId, Key, ThreadRow,
    batch::Attestation,
    inbox::Needs,
    record::{
        Arrived, GroupRecord, ItemRecord, Kind, PeerRecord, PhonesRecord, RecordError, SentRecord,
        Tails, WaitingRecord,
    },
    thread::{DocError, EntryRecord, Fold, ThreadDoc, ThreadFacts},
};

/// What is read per thread when it is needed.
#[derive(Debug)]
pub(crate) struct Loaded {
    parts: Vec<Vec<u8>>,
    doc: Option<ThreadDoc>,
    pub(crate) fold: Fold,
    /// The newest attestation of each actor.
    pub(crate) attestations: BTreeMap<Vec<u8>, Attestation>,
    pub(crate) waiting: BTreeMap<Seq, WaitingRecord>,
    /// What each of these waits for, as far as it was tried since the records were read.
    pub(crate) needs: Needs,
    pub(crate) sent: BTreeMap<EntryId, SentRecord>,
    pub(crate) phones: BTreeMap<EntryId, BTreeSet<DeviceKey>>,
    pub(crate) arrived: BTreeMap<EntryId, Arrived>,
    /// The newest acknowledgement of each other device in this era.
    pub(crate) peers: BTreeMap<DeviceKey, PeerRecord>,
    /// What items of the log brought: those met since the records were read, and those asked for.
    pub(crate) items: BTreeMap<Hash16, Vec<ChangeHash>>,
    /// What every item brought that was ever met is among them.
    pub(crate) all_items: bool,
    /// The group after the newest links, and after those that are on their way.
    pub(crate) groups: BTreeMap<ItemHash, GroupRecord>,
    /// The rows as screens have them, while one watches.
    pub(crate) rows: Option<Vec<ThreadRow>>,
}

impl Loaded {
    /// A thread that has just been begun.
    pub(crate) fn begin(doc: ThreadDoc) -> Self {
        Self {
            parts: Vec::new(),
            doc: Some(doc),
            fold: Fold::default(),
            attestations: BTreeMap::new(),
            waiting: BTreeMap::new(),
            needs: Needs::default(),
            sent: BTreeMap::new(),
            phones: BTreeMap::new(),
            arrived: BTreeMap::new(),
            peers: BTreeMap::new(),
            items: BTreeMap::new(),
            all_items: true,
            groups: BTreeMap::new(),
            rows: None,
        }
    }

    /// A thread out of its records; with `items`, those of its items are among them.
    pub(crate) fn read(
        thread: &ThreadId,
        era: u64,
        items: bool,
        records: Vec<(Key, Vec<u8>)>,
        tails: &mut Tails,
    ) -> Result<Self, RecordError> {
        let mut this = Self::begin(ThreadDoc::begin());
        this.doc = None;
        this.all_items = items;
        let mut facts = ThreadFacts::default();
        let mut entries: Vec<(EntryId, EntryRecord)> = Vec::new();
        let (mut base, mut changes) = (None, BTreeMap::new());
        for (key, value) in records {
            let entry = |rest: &[u8]| -> Result<EntryId, RecordError> {
                rest.try_into().map(EntryId::new).map_err(|_| RecordError::Malformed)
            };
            let number = |rest: &[u8]| -> Result<u64, RecordError> {
                rest.try_into().map(u64::from_be_bytes).map_err(|_| RecordError::Malformed)
            };
            if key.under(Kind::DocumentBase, thread).is_some() {
                base = Some(value);
            } else if let Some(rest) = key.under(Kind::DocumentChange, thread) {
                changes.insert(number(rest)?, value);
            } else if let Some(rest) = key.under(Kind::Entry, thread) {
                entries.push((entry(rest)?, tails.read(&key, &value)?));
            } else if key.under(Kind::Facts, thread).is_some() {
                facts = tails.read(&key, &value)?;
            } else if let Some(rest) = key.under(Kind::Attestation, thread) {
                this.attestations.insert(rest.to_vec(), tails.read(&key, &value)?);
            } else if let Some(rest) = key.under(Kind::Waiting, thread) {
                let waiting: WaitingRecord = tails.read(&key, &value)?;
                if waiting.era == era {
                    this.waiting.insert(Seq(number(rest)?), waiting);
                }
            } else if let Some(rest) = key.under(Kind::Sent, thread) {
                this.sent.insert(entry(rest)?, tails.read(&key, &value)?);
            } else if let Some(rest) = key.under(Kind::Phones, thread) {
                let phones: PhonesRecord = tails.read(&key, &value)?;
                this.phones.insert(entry(rest)?, phones.0.into_iter().collect());
            } else if let Some(rest) = key.under(Kind::Arrived, thread) {
                this.arrived.insert(entry(rest)?, tails.read(&key, &value)?);
            } else if let Some(rest) = key.under(Kind::Item, thread) {
                let hash = Hash16::try_from(rest).map_err(|_| RecordError::Malformed)?;
                this.items.insert(hash, tails.read::<ItemRecord>(&key, &value)?.0);
            } else if key.under(Kind::Peer, thread).is_some() {
                let peer: PeerRecord = tails.read(&key, &value)?;
                if peer.era == era {
                    this.peers.insert(peer.ack.device, peer);
                }
            } else if let Some(rest) = key.under(Kind::Group, thread) {
                let link =
                    rest.try_into().map(ItemHash::new).map_err(|_| RecordError::Malformed)?;
                this.groups.insert(link, tails.read(&key, &value)?);
            }
        }
        // Until it is compacted for the first time, a document is its beginning and single changes.
        let base = base.unwrap_or_else(|| ThreadDoc::begin().save());
        this.parts = std::iter::once(base).chain(changes.into_values()).collect();
        this.fold = Fold::from_parts(facts, entries);
        Ok(this)
    }

    /// Takes in what was read of items that were asked for.
    pub(crate) fn learn_items(
        &mut self,
        thread: &ThreadId,
        records: Vec<(Key, Vec<u8>)>,
        tails: &mut Tails,
    ) -> Result<(), RecordError> {
        for (key, value) in records {
            if let Some(rest) = key.under(Kind::Item, thread) {
                let hash = Hash16::try_from(rest).map_err(|_| RecordError::Malformed)?;
                self.items.insert(hash, tails.read::<ItemRecord>(&key, &value)?.0);
            }
        }
        Ok(())
    }

    /// The document, read when it is first needed.
    pub(crate) fn doc(&mut self) -> Result<&mut ThreadDoc, DocError> {
        if self.doc.is_none() {
            self.doc = Some(ThreadDoc::load(&self.parts)?);
            self.parts = Vec::new();
        }
        // Set just above when it was not.
        Ok(self.doc.as_mut().expect("the document was just read"))
    }

    /// Another document takes the place of this one.
    pub(crate) fn replace(&mut self, doc: ThreadDoc) {
        self.doc = Some(doc);
    }

    /// The own entry that a change brought into being.
    pub(crate) fn own_entry(&self, change: &ChangeHash) -> Option<EntryId> {
        self.sent.iter().find(|(_, sent)| sent.change == *change).map(|(entry, _)| *entry)
    }
}
