//! The engine's entry points. It routes; the rooms decide.

mod loading;

use std::collections::{BTreeMap, BTreeSet};

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tandem_proto::{
    DeviceKey, InviteId, PersonId, RelayLink, Role, SecretKey, ThreadId, Timestamp, TransportKey,
    limits::MAX_NAME_BYTES,
};

use crate::{
    Batch, Effect, Input, Key, ThreadRow, Trouble, Watch, WatchId, Write,
    out::Out,
    record::{
        IdentityRecord, InviteRecord, JoinRecord, Kind, OfferRecord, RecordError, RetentionRecord,
        Tails, TombstoneRecord, UptakeRecord, encode,
    },
    retention::Term,
    screen::Window,
    session::Session,
    state::{Thread, Unread},
    view::InboxRow,
};

/// How many threads that nobody looks at stay in memory.
const MAX_LOADED: usize = 24;

/// Who a new home belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Profile {
    /// The person's name, as others will read it.
    pub name: String,
    /// As what they are in threads they found.
    pub role: Role,
    /// The relay of this home.
    pub relay: RelayLink,
}

/// A store could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There is no home in it.
    #[error("there is no home here; make one with `tandem init`")]
    NoHome,
    /// A newer version wrote it.
    #[error("a newer version of Tandem wrote this home (record version {0}); use that version")]
    Newer(u8),
    /// A record can't be read.
    #[error("this home is damaged: {0} can't be read")]
    Damaged(&'static str),
}

/// The first records of a new home: a person with one device.
///
/// # Errors
/// [`Trouble::TooLong`] when the name is, [`Trouble::NotAllowed`] when it is empty.
pub fn create(now: Timestamp, seed: [u8; 32], profile: &Profile) -> Result<Batch, Trouble> {
    let name = profile.name.trim();
    if name.len() > MAX_NAME_BYTES {
        return Err(Trouble::TooLong { bytes: name.len(), max: MAX_NAME_BYTES });
    }
    if name.is_empty() {
        return Err(Trouble::NotAllowed("a person needs a name: others will read it"));
    }
    let mut rng = ChaCha20Rng::from_seed(seed);
    let identity = IdentityRecord {
        person: PersonId::new(random(&mut rng)),
        name: name.to_owned(),
        role: profile.role,
        identity: random(&mut rng),
        transport: random(&mut rng),
        relay: profile.relay.clone(),
        made: now,
        next: None,
        renewed: None,
        before: None,
        returns: false,
        went_back: None,
    };
    let mut batch = Batch::new();
    batch.push(Write::Put(Key::one(Kind::Identity), encode(&identity)));
    Ok(batch)
}

/// `N` random bytes.
pub(crate) fn random<const N: usize>(rng: &mut ChaCha20Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// This person and this device.
#[derive(Debug)]
pub(crate) struct Me {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) identity: SecretKey,
    pub(crate) device: DeviceKey,
    pub(crate) transport: SecretKey,
    pub(crate) transport_key: TransportKey,
    pub(crate) relay: RelayLink,
    /// When this home was made.
    pub(crate) made: Timestamp,
    /// The transport key that is to be, while threads learn of it.
    pub(crate) next: Option<SecretKey>,
    /// Since when the present one is.
    pub(crate) renewed: Timestamp,
    /// The one before it, to go back to where a relay has lost the present one.
    pub(crate) before: Option<SecretKey>,
    /// The next one was the present one already, before this device went back to the one before.
    pub(crate) returns: bool,
    /// When this device did that last.
    pub(crate) went_back: Option<Timestamp>,
}

/// The engine; see the crate's contract.
#[derive(Debug)]
pub struct Engine {
    pub(crate) now: Timestamp,
    pub(crate) rng: ChaCha20Rng,
    pub(crate) me: Me,
    pub(crate) threads: BTreeMap<ThreadId, Thread>,
    pub(crate) invites: BTreeMap<InviteId, InviteRecord>,
    pub(crate) joins: BTreeMap<InviteId, JoinRecord>,
    /// This device's offer to be let in.
    pub(crate) offer: Option<OfferRecord>,
    /// Offers of other devices that this one takes up.
    pub(crate) uptakes: BTreeMap<InviteId, UptakeRecord>,
    pub(crate) session: Session,
    /// How long this home keeps threads; `None` for good.
    pub(crate) retention: Option<Term>,
    pub(crate) out: Out,
    pub(crate) watches: BTreeMap<WatchId, Watch>,
    /// How much is shown on those that show the newest of a thread.
    pub(crate) windows: BTreeMap<WatchId, Window>,
    pub(crate) inbox_shown: Vec<InboxRow>,
    /// Something of the inbox moved that is no thread's own.
    pub(crate) inbox_moved: bool,
    /// Threads whose rows or inbox row are to be made anew when this input has been handled.
    pub(crate) touched: BTreeSet<ThreadId>,
    /// Threads whose records go into this input's commit.
    pub(crate) unkept: BTreeSet<ThreadId>,
    /// Threads whose records may be in memory.
    pub(crate) in_memory: BTreeSet<ThreadId>,
    clock: u64,
    finished: bool,
}

impl Engine {
    /// An engine over what a store holds. `seed` feeds its generator and must be fresh.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        now: Timestamp,
        seed: [u8; 32],
        resident: Vec<(Key, Vec<u8>)>,
    ) -> Result<Self, OpenError> {
        let what = |what: &'static str| {
            move |e: RecordError| match e {
                RecordError::Newer(version) => OpenError::Newer(version),
                RecordError::Malformed => OpenError::Damaged(what),
            }
        };
        let (mut identity, mut session) = (None::<IdentityRecord>, Session::default());
        let (mut records, mut inbox) = (BTreeMap::new(), BTreeMap::new());
        let (mut rosters, mut rings) = (BTreeMap::new(), BTreeMap::new());
        let (mut outbox, mut invites, mut joins) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let (mut offer, mut uptakes) = (None, BTreeMap::new());
        let mut retention = None::<RetentionRecord>;
        let mut erased: Vec<TombstoneRecord> = Vec::new();
        let mut tails = Tails::default();
        for (key, value) in &resident {
            if key.after(Kind::Identity).is_some() {
                identity = Some(tails.read(key, value).map_err(what("the identity"))?);
            } else if key.after(Kind::Session).is_some() {
                session.record = tails.read(key, value).map_err(what("the session"))?;
            } else if let Some(id) = key.after(Kind::Thread) {
                let id = ThreadId::try_from(id).map_err(|_| OpenError::Damaged("a key"))?;
                records.insert(id, tails.read(key, value).map_err(what("a thread"))?);
            } else if let Some(id) = key.after(Kind::Roster) {
                let id = ThreadId::try_from(id).map_err(|_| OpenError::Damaged("a key"))?;
                rosters.insert(id, tails.read(key, value).map_err(what("a roster"))?);
            } else if let Some(id) = key.after(Kind::Keys) {
                let id = ThreadId::try_from(id).map_err(|_| OpenError::Damaged("a key"))?;
                rings.insert(id, tails.read(key, value).map_err(what("a thread's keys"))?);
            } else if let Some(id) = key.after(Kind::Inbox) {
                let id = ThreadId::try_from(id).map_err(|_| OpenError::Damaged("a key"))?;
                inbox.insert(id, tails.read(key, value).map_err(what("an inbox row"))?);
            } else if let Some(rest) = key.after(Kind::Outbox) {
                let (id, number) = rest
                    .split_at_checked(ThreadId::LEN)
                    .and_then(|(id, n)| Some((ThreadId::try_from(id).ok()?, n.try_into().ok()?)))
                    .ok_or(OpenError::Damaged("a key"))?;
                let item = tails.read(key, value).map_err(what("an outbox item"))?;
                outbox.push((id, u64::from_be_bytes(number), item));
            } else if let Some(id) = key.after(Kind::Invite) {
                let id = InviteId::try_from(id).map_err(|_| OpenError::Damaged("a key"))?;
                invites.insert(id, tails.read(key, value).map_err(what("an invite"))?);
            } else if let Some(id) = key.after(Kind::Join) {
                let id = InviteId::try_from(id).map_err(|_| OpenError::Damaged("a key"))?;
                joins.insert(id, tails.read(key, value).map_err(what("a join"))?);
            } else if key.after(Kind::Erased).is_some() {
                erased.push(tails.read(key, value).map_err(what("a tombstone"))?);
            } else if key.after(Kind::Retention).is_some() {
                retention = Some(tails.read(key, value).map_err(what("the retention"))?);
            } else if key.after(Kind::Offer).is_some() {
                offer = Some(tails.read(key, value).map_err(what("an offer"))?);
            } else if let Some(id) = key.after(Kind::Uptake) {
                let id = InviteId::try_from(id).map_err(|_| OpenError::Damaged("a key"))?;
                uptakes.insert(id, tails.read(key, value).map_err(what("an offer"))?);
            }
        }
        let identity = identity.ok_or(OpenError::NoHome)?;
        let mut threads = BTreeMap::new();
        for (id, record) in records {
            let row = inbox.remove(&id).unwrap_or_else(|| InboxRow::blank(id));
            let links = rosters.remove(&id).ok_or(OpenError::Damaged("a roster"))?;
            let keys = rings.remove(&id).ok_or(OpenError::Damaged("a thread's keys"))?;
            let thread = Thread::new(id, record, links, keys, row).map_err(what("a roster"))?;
            threads.insert(id, thread);
        }
        for TombstoneRecord { stone } in erased {
            if let Some(thread) = threads.get_mut(&stone.thread) {
                thread.erased = Some(stone);
            }
        }
        for (id, number, item) in outbox {
            if let Some(thread) = threads.get_mut(&id) {
                thread.unread = Unread::Waiting;
                thread.outbox.insert(number, item);
            }
        }
        let (device, transport) =
            (SecretKey::from_seed(identity.identity), SecretKey::from_seed(identity.transport));
        Ok(Self {
            now,
            rng: ChaCha20Rng::from_seed(seed),
            me: Me {
                person: identity.person,
                name: identity.name,
                role: identity.role,
                device: DeviceKey::new(device.public()),
                identity: device,
                transport_key: TransportKey::new(transport.public()),
                transport,
                relay: identity.relay,
                made: identity.made,
                next: identity.next.map(SecretKey::from_seed),
                renewed: identity.renewed.unwrap_or(identity.made),
                before: identity.before.map(SecretKey::from_seed),
                returns: identity.returns,
                went_back: identity.went_back,
            },
            threads,
            invites,
            joins,
            offer,
            uptakes,
            session,
            retention: retention.map(|record| Term::new(record, now)),
            out: Out::new(tails),
            watches: BTreeMap::new(),
            windows: BTreeMap::new(),
            inbox_shown: Vec::new(),
            inbox_moved: false,
            touched: BTreeSet::new(),
            unkept: BTreeSet::new(),
            in_memory: BTreeSet::new(),
            clock: 0,
            finished: false,
        })
    }

    /// Takes one input. Never blocks.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        if self.finished {
            return;
        }
        if now < self.now {
            self.session.clock_stepped_back(now);
        }
        self.now = now;
        if let Some(term) = &mut self.retention {
            term.see(now);
        }
        match input {
            Input::Intent(ticket, intent) => self.intend(ticket, intent),
            Input::Query(ticket, query) => self.ask(ticket, query),
            Input::Watch(id, watch) => self.watch(id, watch),
            Input::Unwatch(id) => {
                self.windows.remove(&id);
                if let Some(thread) = self.watches.remove(&id).and_then(|watch| watch.thread()) {
                    self.touched.insert(thread);
                }
            }
            Input::Earlier(id, rows) => self.show_earlier(id, rows),
            Input::Online(online) => self.go_online(online),
            Input::LinkUp => self.link_up(),
            Input::Frame(frame) => self.frame(frame),
            Input::LinkDown(_) => self.link_down(),
            Input::Persisted(id) => self.out.persisted(id),
            Input::PersistFailed(_, why) => {
                self.out.failed(&why);
                self.finished = true;
                return;
            }
            Input::Loaded(id, records) => self.loaded(id, records),
            Input::LoadFailed(id, why) => self.load_failed(id, Trouble::Damaged(why)),
            Input::Tick => {}
        }
        self.progress();
        self.let_go_without_a_relay();
        self.refresh();
        self.commit();
        self.put_away();
    }

    /// What was written so far becomes one commit.
    pub(crate) fn commit(&mut self) {
        for id in std::mem::take(&mut self.unkept) {
            if let Some(thread) = self.threads.get(&id) {
                self.out.put(Key::thread(Kind::Thread, &id), &thread.record);
            }
        }
        self.out.flush();
    }

    /// The next effect; call until `None` after every [`Engine::handle`].
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.out.poll()
    }

    /// When to send [`Input::Tick`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        // What is due and could not be done waits for something other than time.
        let term = self.retention.as_ref().map(Term::timeout);
        self.session.timeout().into_iter().chain(term).filter(|at| *at > self.now).min()
    }

    /// The relay of this home.
    #[must_use]
    pub const fn relay(&self) -> &RelayLink {
        &self.me.relay
    }

    /// The key that this device shows in TLS.
    #[must_use]
    pub const fn transport_key(&self) -> &SecretKey {
        &self.me.transport
    }

    /// This person, on whichever device.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.me.person
    }

    /// This device.
    #[must_use]
    pub const fn device(&self) -> DeviceKey {
        self.me.device
    }

    /// A thread, marked as used.
    pub(crate) fn thread(&mut self, id: &ThreadId) -> Option<&mut Thread> {
        self.clock += 1;
        let thread = self.threads.get_mut(id)?;
        thread.used = self.clock;
        Some(thread)
    }

    /// Who watches a thread.
    pub(crate) fn watchers(&self, id: &ThreadId) -> Vec<WatchId> {
        self.watches
            .iter()
            .filter(|(_, watch)| watch.thread() == Some(*id))
            .map(|(id, _)| *id)
            .collect()
    }

    /// The rows that were last shown of a thread.
    pub(crate) fn shown(&mut self, id: &ThreadId) -> Option<&mut Option<Vec<ThreadRow>>> {
        self.threads.get_mut(id)?.loaded.as_mut().map(|loaded| &mut loaded.rows)
    }
}
