//! The roster: who is in a thread, as a chain of signed links from its genesis.
//!
//! A link travels as a log item: version 1, kind 16, then postcard of [`RosterLink`]. The thread's
//! id is the hash of its genesis. Of two successors the relay takes the first; after a loss the
//! longest valid chain counts, and of two equally long ones the one that was shown first.
//!
//! Every link after the genesis carries the handshake by which the thread's group took the same
//! step: a link is an epoch, and its place in the chain is the epoch's number (ADR 0013).
//!
//! A link that takes a device out counts on whichever chain it was shown (ADR 0014): the device is
//! in on none, and no link of its making counts that was not there when it was taken out.

mod farewell;
mod lines;
mod link;
mod removals;
mod role;
mod rules;
mod seat;
mod statement;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    DeviceKey, Epoch, Hasher, InviteId, ItemHash, PersonId, ThreadId, Timestamp,
    limits::{MAX_LINKS_PER_ROSTER, MAX_REMOVALS_ASIDE},
    planted::{Fault, is},
};

pub use farewell::Farewell;
pub use link::{Handshake, RosterLink};
pub use role::Role;
pub use seat::SeatRequest;
pub use statement::{Because, Card, LastWord, Leaver, Leavers, Statement, ThreadKind};

use link::NO_PREDECESSOR;
use rules::Chain;

/// A link, a roster or a word of it was not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RosterLinkError {
    /// Not the bytes of a link.
    #[error("not a roster link")]
    Malformed,
    /// It says something that this version does not know.
    #[error("the link was made by a newer version of Tandem; a newer one reads it")]
    Newer,
    /// The signature does not hold.
    #[error("the link is not signed by its author")]
    Forged,
    /// The genesis of another thread, or a genesis in the middle.
    #[error("the link belongs to another thread")]
    WrongThread,
    /// The predecessor is not known (yet).
    #[error("the link's predecessor is not here")]
    UnknownPredecessor,
    /// The author was not a member at that point of the chain, or whom it is about was not.
    #[error("the link's author is not a member, or whom it is about is not")]
    NotAMember,
    /// The device is or was a member already, or was given the place that it asks for.
    #[error("the device is in the roster already, or was")]
    AlreadyIn,
    /// The device claims to be a person who is in already, or was.
    #[error("the device claims to be a person who is in the roster already, or was")]
    TakenPerson,
    /// Its author may not let in anybody in this role.
    #[error(
        "a guardian lets in guardians, and the school's records; who speaks for the school lets in \
         the others"
    )]
    NotTheirsToAdmit,
    /// Somebody keeps the school's records in this thread already.
    #[error("the school's records are in this thread already")]
    SecondArchive,
    /// Its author may not take out this device.
    #[error(
        "guardians take out guardians; a lead, or who founded the thread, takes out the others; a \
         guardian or a lead takes out the school's records"
    )]
    NotTheirsToRemove,
    /// The chain is at its limit.
    #[error("the roster is at its limit")]
    TooLong,
    /// No role of this name.
    #[error("no such role: use guardian, teacher, specialist, lead or archive")]
    UnknownRole,
}

impl ThreadId {
    /// The id of the thread that this genesis item founds.
    #[must_use]
    pub fn of_genesis(item: &[u8]) -> Self {
        let hash = Hasher::new("tandem/thread/1").part(item).finish();
        let mut id = [0; Self::LEN];
        id.copy_from_slice(&hash[..Self::LEN]);
        Self::new(id)
    }
}

/// A link where it stands in a roster, without its handshake: a relay keeps the rosters of all
/// threads in memory, and a device needs a handshake once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its hash.
    pub hash: ItemHash,
    /// The hash of its predecessor; zero for the genesis.
    pub previous: ItemHash,
    /// When it was made, by its author's clock.
    pub at: Timestamp,
    /// What is said.
    pub statement: Statement,
    /// By which device.
    pub author: DeviceKey,
}

#[derive(Debug, Clone)]
struct Node {
    parent: Option<usize>,
    depth: usize,
    link: Placed,
    /// It does not count: it, or one before it, was made by a device that was out by then.
    dead: bool,
}

/// All valid links of one thread that were shown, and the chain among them that counts.
#[derive(Debug, Clone)]
pub struct Roster {
    thread: ThreadId,
    nodes: Vec<Node>,
    by_hash: BTreeMap<ItemHash, usize>,
    head: usize,
    /// Who is in by the chain that counts alone.
    on_chain: BTreeMap<DeviceKey, Card>,
    /// Who is in: of those whom no other chain has taken out.
    members: BTreeMap<DeviceKey, Card>,
    /// The links that take a device out, on whichever chain.
    removed: BTreeMap<DeviceKey, Vec<usize>>,
}

impl Roster {
    /// Begins a roster with the genesis of `thread`.
    ///
    /// # Errors
    /// [`RosterLinkError`] when the item is not that genesis.
    pub fn found(thread: ThreadId, genesis: &[u8]) -> Result<Self, RosterLinkError> {
        Self::begin(thread, genesis, RosterLink::from_item(genesis)?)
    }

    fn begin(thread: ThreadId, genesis: &[u8], link: RosterLink) -> Result<Self, RosterLinkError> {
        if ThreadId::of_genesis(genesis) != thread || link.previous != NO_PREDECESSOR {
            return Err(RosterLinkError::WrongThread);
        }
        let Statement::Genesis { founder, .. } = &link.statement else {
            return Err(RosterLinkError::WrongThread);
        };
        if founder.device != link.author {
            return Err(RosterLinkError::NotAMember);
        }
        // Who founds may let in anybody; who keeps the school's records may let in nobody.
        if founder.role == Role::Archive {
            return Err(RosterLinkError::NotTheirsToAdmit);
        }
        if link.handshake != Handshake::default() {
            return Err(RosterLinkError::Malformed);
        }
        let members = BTreeMap::from([(founder.device, founder.clone())]);
        let hash = ItemHash::of(genesis);
        let link = Placed::new(hash, link);
        Ok(Self {
            thread,
            nodes: vec![Node { parent: None, depth: 1, link, dead: false }],
            by_hash: BTreeMap::from([(hash, 0)]),
            head: 0,
            on_chain: members.clone(),
            members,
            removed: BTreeMap::new(),
        })
    }

    /// A roster out of links that this device checked when they came, in an order in which
    /// [`Roster::insert`] took them. Their signatures are not checked again: opening a home with
    /// hundreds of threads would take as long as reading it.
    ///
    /// # Errors
    /// [`RosterLinkError`] for everything else that can be wrong with them.
    pub fn from_kept(thread: ThreadId, items: &[Vec<u8>]) -> Result<Self, RosterLinkError> {
        let (genesis, rest) = items.split_first().ok_or(RosterLinkError::Malformed)?;
        let mut roster = Self::begin(thread, genesis, RosterLink::parse(genesis)?)?;
        for item in rest {
            roster.add(ItemHash::of(item), RosterLink::parse(item)?)?;
        }
        Ok(roster)
    }

    /// Adds a link that was read from the log or shown by a member. A link that is known already
    /// changes nothing. Says whether the chain that counts changed.
    ///
    /// # Errors
    /// [`RosterLinkError`] when it is not valid where it stands.
    pub fn insert(&mut self, item: &[u8]) -> Result<bool, RosterLinkError> {
        let hash = ItemHash::of(item);
        if self.by_hash.contains_key(&hash) {
            return Ok(false);
        }
        self.add(hash, RosterLink::from_item(item)?)
    }

    fn add(&mut self, hash: ItemHash, link: RosterLink) -> Result<bool, RosterLinkError> {
        if matches!(link.statement, Statement::Genesis { .. }) {
            return Err(RosterLinkError::WrongThread);
        }
        let parent =
            *self.by_hash.get(&link.previous).ok_or(RosterLinkError::UnknownPredecessor)?;
        let depth = self.nodes[parent].depth + 1;
        if depth > MAX_LINKS_PER_ROSTER || self.nodes.len() >= 2 * MAX_LINKS_PER_ROSTER {
            return Err(RosterLinkError::TooLong);
        }
        Chain { roster: self, at: parent, members: self.members_at(parent) }.takes(&link)?;
        let many = |leaver: &Leaver| {
            self.removed.get(&leaver.device).is_some_and(|known| known.len() >= MAX_REMOVALS_ASIDE)
        };
        if parent != self.head && link.statement.out().iter().any(many) {
            return Err(RosterLinkError::TooLong);
        }
        let (index, author) = (self.nodes.len(), link.author);
        // What took its author out, on another chain, did not know of it.
        let out = !is(Fault::ForgetRemovals) && self.removed.contains_key(&author);
        let dead = self.nodes[parent].dead || out;
        let link = Placed::new(hash, link);
        let removals: Vec<DeviceKey> =
            link.statement.out().iter().map(|leaver| leaver.device).collect();
        self.nodes.push(Node { parent: Some(parent), depth, link, dead });
        self.by_hash.insert(hash, index);
        for device in &removals {
            self.removed.entry(*device).or_default().push(index);
            self.let_die(device, index);
        }
        let (head, members) = (self.head, self.members.len());
        self.choose();
        Ok(self.head != head || self.members.len() != members)
    }

    /// A removal was shown: what its device made counts only as far as the removal knew of it.
    fn let_die(&mut self, device: &DeviceKey, removal: usize) {
        if is(Fault::ForgetRemovals) {
            return;
        }
        let known: BTreeSet<usize> =
            std::iter::successors(Some(removal), |index| self.nodes[*index].parent).collect();
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            // A link stands after those before it.
            let before = node.parent.is_some_and(|parent| self.nodes[parent].dead);
            let made = node.link.author == *device && !known.contains(&index);
            self.nodes[index].dead |= before || made;
        }
    }

    /// The chain that counts: the longest, of equally long ones the one that was shown first.
    fn choose(&mut self) {
        let counts = self.nodes.iter().enumerate().filter(|(_, node)| !node.dead);
        // The genesis never dies: every removal stands behind it.
        let best = counts.max_by_key(|(index, node)| (node.depth, usize::MAX - index));
        let best = best.map_or(0, |(index, _)| index);
        if best != self.head {
            self.on_chain = self.members_at(best);
            self.head = best;
        }
        self.members = self.on_chain.clone();
        if !is(Fault::ForgetRemovals) {
            self.members.retain(|device, _| !self.removed.contains_key(device));
        }
    }

    /// The thread.
    #[must_use]
    pub const fn thread(&self) -> ThreadId {
        self.thread
    }

    /// The hash of the newest link of the chain that counts.
    #[must_use]
    pub fn head(&self) -> ItemHash {
        self.nodes[self.head].link.hash
    }

    /// The epoch that the chain which counts has come to: its links after the genesis.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        Epoch(self.len() as u64 - 1)
    }

    /// The epoch that a link begins, on whichever chain.
    #[must_use]
    pub fn epoch_of(&self, link: &ItemHash) -> Option<Epoch> {
        let index = *self.by_hash.get(link)?;
        Some(Epoch(self.nodes[index].depth as u64 - 1))
    }

    /// How many links the chain that counts has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes[self.head].depth
    }

    /// Never: a roster begins with its genesis.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// Whether this link was shown, on whichever chain.
    #[must_use]
    pub fn knows(&self, link: &ItemHash) -> bool {
        self.by_hash.contains_key(link)
    }

    /// What the thread is for.
    #[must_use]
    pub fn kind(&self) -> ThreadKind {
        match &self.nodes[0].link.statement {
            Statement::Genesis { kind, .. } => *kind,
            // `found` takes nothing but a genesis as the first link.
            _ => ThreadKind::Joint,
        }
    }

    /// Who founded the thread.
    #[must_use]
    pub fn founder(&self) -> PersonId {
        // `found` takes nothing but a genesis as the first link.
        self.nodes[0].link.statement.card().map_or(PersonId::new([0; 16]), |card| card.person)
    }

    /// Whether this device may let in somebody in a role.
    #[must_use]
    pub fn may_admit(&self, device: &DeviceKey, role: Role) -> bool {
        let card = self.members.get(device);
        card.is_some_and(|card| card.role.may_admit(role, card.person == self.founder()))
    }

    /// The devices that are in, by identity key.
    #[must_use]
    pub const fn members(&self) -> &BTreeMap<DeviceKey, Card> {
        &self.members
    }

    /// The card of a device on any chain that was shown: words once said keep their author.
    #[must_use]
    pub fn card_ever(&self, device: &DeviceKey) -> Option<&Card> {
        self.members.get(device).or_else(|| {
            let cards = self.nodes.iter().filter_map(|node| node.link.statement.card());
            cards.into_iter().find(|card| card.device == *device)
        })
    }

    /// Every card on any chain that was shown, those that count last, so that they win in a map.
    pub fn cards_ever(&self) -> impl Iterator<Item = &Card> {
        let shown = self.nodes.iter().filter_map(|node| node.link.statement.card());
        shown.chain(self.members.values())
    }

    /// The link by which this invite has let a device in, on the chain that counts.
    #[must_use]
    pub fn admitted_by(&self, invite: &InviteId) -> Option<&Placed> {
        self.chain().find(|link| match &link.statement {
            Statement::Admit { invite: by, .. } | Statement::Readmit { invite: by, .. } => {
                by == invite
            }
            _ => false,
        })
    }

    /// The links of the chain that counts, from the genesis.
    pub fn chain(&self) -> impl Iterator<Item = &Placed> {
        let mut links: Vec<&Placed> = self.up_from(self.head).collect();
        links.reverse();
        links.into_iter()
    }

    /// The links that count for anybody: those of the chain that counts, and those that take a device
    /// out on another, with what they build on.
    #[must_use]
    pub fn counting(&self) -> BTreeSet<ItemHash> {
        let removals = self.removed.values().flatten().copied();
        let mut counting = BTreeSet::new();
        for index in removals.chain([self.head]) {
            // Where one walk met another, the rest is there.
            counting.extend(
                self.up_from(index)
                    .map(|link| link.hash)
                    .take_while(|hash| !counting.contains(hash))
                    .collect::<Vec<_>>(),
            );
        }
        counting
    }

    /// A link, on whichever chain.
    #[must_use]
    pub fn link(&self, hash: &ItemHash) -> Option<&Placed> {
        self.by_hash.get(hash).map(|index| &self.nodes[*index].link)
    }

    /// Who is in once this link has been made, on whichever chain, whatever others say.
    #[must_use]
    pub fn members_after(&self, link: &ItemHash) -> Option<BTreeMap<DeviceKey, Card>> {
        self.by_hash.get(link).map(|index| self.members_at(*index))
    }

    /// Who has a seat in the group once this link has been made, on whichever chain: who was let in
    /// or given one since the group was founded, the last time, and was not taken out.
    #[must_use]
    pub fn seated_after(&self, link: &ItemHash) -> Option<BTreeSet<DeviceKey>> {
        let (mut seated, mut out) = (BTreeSet::new(), BTreeSet::new());
        for link in self.up_from(*self.by_hash.get(link)?) {
            let anew = link.statement.founds_group();
            let device = if anew { Some(link.author) } else { link.statement.seats() };
            // A device that is out does not come back: whoever is out by a later link is out.
            seated.extend(device.filter(|device| !out.contains(device)));
            out.extend(link.statement.out().iter().map(|leaver| leaver.device));
            if anew {
                break;
            }
        }
        Some(seated)
    }

    /// A link and those before it, backwards to the genesis.
    fn up_from(&self, index: usize) -> impl Iterator<Item = &Placed> {
        let next = |index: &usize| self.nodes[*index].parent;
        std::iter::successors(Some(index), next).map(|index| &self.nodes[index].link)
    }

    fn members_at(&self, index: usize) -> BTreeMap<DeviceKey, Card> {
        if index == self.head {
            return self.on_chain.clone();
        }
        let (mut members, mut out) = (BTreeMap::new(), BTreeSet::new());
        let mut lines = BTreeMap::new();
        for link in self.up_from(index) {
            if let Some((device, line)) = link.statement.line(link.author) {
                lines.entry(device).or_insert(line);
            }
            if let Some(card) = link.statement.card().filter(|card| !out.contains(&card.device)) {
                let transport = lines.get(&card.device).copied().unwrap_or(card.transport);
                members.insert(card.device, Card { transport, ..card.clone() });
            }
            out.extend(link.statement.out().iter().map(|leaver| leaver.device));
        }
        members
    }
}

impl Placed {
    fn new(hash: ItemHash, link: RosterLink) -> Self {
        let RosterLink { previous, at, statement, author, .. } = link;
        Self { hash, previous, at, statement, author }
    }
}

#[cfg(test)]
mod tests;
