//! The roster: who is in a thread, as a chain of signed links from its genesis.
//!
//! A link travels as a log item: version 1, kind 16, then postcard of [`RosterLink`]. The thread's
//! id is the hash of its genesis. Of two successors the relay takes the first; after a loss the
//! longest valid chain counts, and of two equally long ones the one that was shown first.
//!
//! Every link after the genesis carries the handshake by which the thread's group took the same
//! step: a link is an epoch, and its place in the chain is the epoch's number (ADR 0013).

mod role;
mod seat;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    BoundedBytes, DeviceKey, Epoch, Hasher, InviteId, ItemHash, PersonId, SecretKey, Signature,
    ThreadId, TransportKey,
    envelope::ROSTER_LINK,
    limits::{MAX_COMMIT_BYTES, MAX_GROUP_WELCOME_BYTES, MAX_LINKS_PER_ROSTER},
};

pub use role::Role;
pub use seat::SeatRequest;

const DOMAIN: &str = "tandem/roster/1";

/// What a thread is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThreadKind {
    /// Family and teachers of one child.
    Joint,
    /// Guardians only.
    Household,
    /// Staff only.
    Staff,
    /// One person's own devices.
    Desk,
}

/// One device of one person, as the roster knows it. No names: those are in the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Whose device.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Signs batches, links and acknowledgements.
    pub device: DeviceKey,
    /// Is admitted by the relay.
    pub transport: TransportKey,
}

/// What a link says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Statement {
    /// The thread is founded.
    Genesis {
        /// What for.
        kind: ThreadKind,
        /// Makes two foundings by one device differ.
        nonce: [u8; 16],
        /// By whom; the link is signed by this device.
        founder: Card,
    },
    /// A device is let in.
    Admit {
        /// Which.
        card: Card,
        /// By which invite.
        invite: InviteId,
    },
    /// A device that is in but lost its place in the group is given a new one.
    Reseat {
        /// What it asked.
        request: SeatRequest,
    },
    /// The group is founded anew with the author alone in it: nobody could follow it any more.
    /// Everybody stays in the roster and asks for a seat.
    Refound,
}

impl Statement {
    /// The device that this brings in.
    #[must_use]
    pub const fn card(&self) -> Option<&Card> {
        match self {
            Self::Genesis { founder, .. } => Some(founder),
            Self::Admit { card, .. } => Some(card),
            Self::Reseat { .. } | Self::Refound => None,
        }
    }

    /// The device that this gives a place in the group as it was.
    #[must_use]
    pub const fn seats(&self) -> Option<DeviceKey> {
        match self {
            Self::Genesis { founder: card, .. } | Self::Admit { card, .. } => Some(card.device),
            Self::Reseat { request } => Some(request.device),
            Self::Refound => None,
        }
    }
}

/// The group's step from a link's predecessor to the link: MLS messages (RFC 9420), which the relay
/// can't read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handshake {
    /// The commit, for those who are in.
    pub commit: BoundedBytes<MAX_COMMIT_BYTES>,
    /// The welcome, for those who are given a place.
    pub welcome: BoundedBytes<MAX_GROUP_WELCOME_BYTES>,
}

/// One signed link of a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterLink {
    /// The hash of the predecessor; zero for the genesis.
    pub previous: ItemHash,
    /// What is said.
    pub statement: Statement,
    /// By which device.
    pub author: DeviceKey,
    /// How the group follows; empty in a genesis, which begins it.
    pub handshake: Handshake,
    /// The author's signature.
    pub signature: Signature,
}

/// A link, a roster or a word of it was not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RosterLinkError {
    /// Not the bytes of a link.
    #[error("not a roster link")]
    Malformed,
    /// The signature does not hold.
    #[error("the link is not signed by its author")]
    Forged,
    /// The genesis of another thread, or a genesis in the middle.
    #[error("the link belongs to another thread")]
    WrongThread,
    /// The predecessor is not known (yet).
    #[error("the link's predecessor is not here")]
    UnknownPredecessor,
    /// The author was not a member at that point of the chain.
    #[error("the link's author is not a member")]
    NotAMember,
    /// The device is a member already, or was given the place that it asks for.
    #[error("the device is in the roster already")]
    AlreadyIn,
    /// The device claims to be a person who is in already.
    #[error("the device claims to be a person who is in the roster already")]
    TakenPerson,
    /// Its author may not let in anybody in this role.
    #[error("a guardian lets in guardians; who speaks for the school lets in the others")]
    NotTheirsToAdmit,
    /// The chain is at its limit.
    #[error("the roster is at its limit")]
    TooLong,
    /// No role of this name.
    #[error("no such role: use guardian, teacher, specialist or lead")]
    UnknownRole,
}

const NO_PREDECESSOR: ItemHash = ItemHash::new([0; 32]);

impl RosterLink {
    /// Makes and signs a genesis.
    #[must_use]
    pub fn found(key: &SecretKey, statement: Statement) -> Self {
        Self::sign(key, NO_PREDECESSOR, statement, Handshake::default())
    }

    /// Makes and signs a link behind another.
    #[must_use]
    pub fn sign(
        key: &SecretKey,
        previous: ItemHash,
        statement: Statement,
        handshake: Handshake,
    ) -> Self {
        let author = DeviceKey::new(key.public());
        let signature =
            key.sign(DOMAIN, &signed(&previous, &statement_bytes(&statement), &handshake));
        Self { previous, statement, author, handshake, signature }
    }

    /// The link as a log item.
    #[must_use]
    pub fn to_item(&self) -> Vec<u8> {
        // Writing into a Vec can't fail, and a link has no maps or unknown lengths.
        postcard::to_extend(self, ROSTER_LINK.to_vec()).expect("a link always serializes")
    }

    /// Reads a log item as a link and checks its signature, but not its place in a chain.
    ///
    /// # Errors
    /// [`RosterLinkError::Malformed`], also for bytes after the link, since its hash is its name;
    /// [`RosterLinkError::Forged`].
    pub fn from_item(item: &[u8]) -> Result<Self, RosterLinkError> {
        let link = Self::parse(item)?;
        let statement = statement_bytes(&link.statement);
        link.signature
            .verify(
                link.author.as_bytes(),
                DOMAIN,
                &signed(&link.previous, &statement, &link.handshake),
            )
            .map_err(|_| RosterLinkError::Forged)?;
        Ok(link)
    }

    /// Reads a log item as a link that was checked before; its signature is not checked again.
    ///
    /// # Errors
    /// [`RosterLinkError::Malformed`].
    pub fn parse(item: &[u8]) -> Result<Self, RosterLinkError> {
        let body = item.strip_prefix(&ROSTER_LINK).ok_or(RosterLinkError::Malformed)?;
        let (link, rest): (Self, _) =
            postcard::take_from_bytes(body).map_err(|_| RosterLinkError::Malformed)?;
        if !rest.is_empty() || link.to_item() != item {
            return Err(RosterLinkError::Malformed);
        }
        Ok(link)
    }
}

/// What a link's signature covers.
fn signed<'a>(
    previous: &'a ItemHash,
    statement: &'a [u8],
    handshake: &'a Handshake,
) -> [&'a [u8]; 4] {
    [previous.as_bytes(), statement, &handshake.commit, &handshake.welcome]
}

fn statement_bytes(statement: &Statement) -> Vec<u8> {
    postcard::to_extend(statement, Vec::new()).expect("a statement always serializes")
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
}

/// All valid links of one thread that were shown, and the chain among them that counts.
#[derive(Debug, Clone)]
pub struct Roster {
    thread: ThreadId,
    nodes: Vec<Node>,
    by_hash: BTreeMap<ItemHash, usize>,
    head: usize,
    members: BTreeMap<DeviceKey, Card>,
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
        if link.handshake != Handshake::default() {
            return Err(RosterLinkError::Malformed);
        }
        let members = BTreeMap::from([(founder.device, founder.clone())]);
        let hash = ItemHash::of(genesis);
        let nodes = vec![Node { parent: None, depth: 1, link: Placed::new(hash, link) }];
        Ok(Self { thread, nodes, by_hash: BTreeMap::from([(hash, 0)]), head: 0, members })
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
        let there = self.members_at(parent);
        let by = there.get(&link.author).ok_or(RosterLinkError::NotAMember)?;
        match &link.statement {
            Statement::Genesis { .. } => {}
            Statement::Refound => {
                let again = &self.nodes[parent].link;
                if link.handshake != Handshake::default() {
                    return Err(RosterLinkError::Malformed);
                }
                // Nobody makes a chain longer by founding anew what they have just founded.
                if again.statement == Statement::Refound && again.author == link.author {
                    return Err(RosterLinkError::AlreadyIn);
                }
            }
            Statement::Admit { card, .. } => self.may_come_in(&there, by, card)?,
            Statement::Reseat { request } => {
                request.verify(&self.thread)?;
                // Nobody can give a seat to themselves.
                if !there.contains_key(&request.device) || link.author == request.device {
                    return Err(RosterLinkError::NotAMember);
                }
                // What was asked once is answered once on a chain: nobody throws a device out of
                // its place with its own old words.
                let same = |link: &Placed| {
                    link.statement == Statement::Reseat { request: request.clone() }
                };
                if self.up_from(parent).any(same) {
                    return Err(RosterLinkError::AlreadyIn);
                }
            }
        }
        let index = self.nodes.len();
        self.nodes.push(Node { parent: Some(parent), depth, link: Placed::new(hash, link) });
        self.by_hash.insert(hash, index);
        if depth <= self.nodes[self.head].depth {
            return Ok(false);
        }
        self.members = self.members_at(index);
        self.head = index;
        Ok(true)
    }

    /// Whether `by` may let in `card` where `there` are in.
    fn may_come_in(
        &self,
        there: &BTreeMap<DeviceKey, Card>,
        by: &Card,
        card: &Card,
    ) -> Result<(), RosterLinkError> {
        if there.contains_key(&card.device)
            || there.values().any(|member| member.transport == card.transport)
        {
            return Err(RosterLinkError::AlreadyIn);
        }
        // Only a person's own device says that another device is that person's too; a newcomer's
        // word about who they are counts for nobody who is in already.
        let claimed = there.values().find(|member| member.person == card.person);
        if claimed.is_some_and(|m| by.person != card.person || m.role != card.role) {
            return Err(RosterLinkError::TakenPerson);
        }
        let founded = self.founder() == by.person;
        if claimed.is_none() && !by.role.may_admit(card.role, founded) {
            return Err(RosterLinkError::NotTheirsToAdmit);
        }
        Ok(())
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
            Statement::Admit { .. } | Statement::Reseat { .. } | Statement::Refound => {
                ThreadKind::Joint
            }
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

    /// The device with this transport key, if it is in.
    #[must_use]
    pub fn by_transport(&self, key: &TransportKey) -> Option<&Card> {
        self.members.values().find(|card| card.transport == *key)
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
        self.chain().find(
            |link| matches!(&link.statement, Statement::Admit { invite: by, .. } if by == invite),
        )
    }

    /// The links of the chain that counts, from the genesis.
    pub fn chain(&self) -> impl Iterator<Item = &Placed> {
        let mut links: Vec<&Placed> = self.up_from(self.head).collect();
        links.reverse();
        links.into_iter()
    }

    /// A link, on whichever chain.
    #[must_use]
    pub fn link(&self, hash: &ItemHash) -> Option<&Placed> {
        self.by_hash.get(hash).map(|index| &self.nodes[*index].link)
    }

    /// Who is in once this link has been made, on whichever chain.
    #[must_use]
    pub fn members_after(&self, link: &ItemHash) -> Option<BTreeMap<DeviceKey, Card>> {
        self.by_hash.get(link).map(|index| self.members_at(*index))
    }

    /// Who has a seat in the group once this link has been made, on whichever chain: who was let in
    /// or given one since the group was founded, the last time.
    #[must_use]
    pub fn seated_after(&self, link: &ItemHash) -> Option<BTreeSet<DeviceKey>> {
        let mut seated = BTreeSet::new();
        for link in self.up_from(*self.by_hash.get(link)?) {
            match link.statement.seats() {
                Some(device) => {
                    seated.insert(device);
                }
                None => {
                    seated.insert(link.author);
                    break;
                }
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
            return self.members.clone();
        }
        let cards = self.up_from(index).filter_map(|link| link.statement.card());
        cards.map(|card| (card.device, card.clone())).collect()
    }
}

impl Placed {
    fn new(hash: ItemHash, link: RosterLink) -> Self {
        let RosterLink { previous, statement, author, .. } = link;
        Self { hash, previous, statement, author }
    }
}

#[cfg(test)]
mod tests;
