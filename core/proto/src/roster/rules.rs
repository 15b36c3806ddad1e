//! Whether a link may stand where it stands. Asked of its own chain alone, never of what else was
//! shown: whoever is shown the same links in another order comes to the same answer.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Because, Card, Handshake, Leaver, Role, Roster, RosterLink, RosterLinkError, Statement,
    ThreadKind,
};
use crate::{
    DeviceKey, PersonId, TransportKey,
    limits::MAX_LINKS_PER_ROSTER,
    planted::{Fault, is},
};

/// Links of a roster that are left for other things than new keys.
const KEPT_FREE: usize = 128;

/// The chain that ends in one link, as the next one finds it.
pub(super) struct Chain<'a> {
    pub(super) roster: &'a Roster,
    pub(super) at: usize,
    /// Who is in.
    pub(super) members: BTreeMap<DeviceKey, Card>,
}

impl Chain<'_> {
    /// Whether a link may follow.
    pub(super) fn takes(&self, link: &RosterLink) -> Result<(), RosterLinkError> {
        let by = self.members.get(&link.author).ok_or(RosterLinkError::NotAMember)?;
        match &link.statement {
            Statement::Genesis { .. } => return Err(RosterLinkError::WrongThread),
            Statement::Admit { card, .. } => self.may_come_in(by, card)?,
            Statement::Readmit { card, out, .. } => self.may_come_back(by, card, out)?,
            Statement::Reseat { request } => {
                request.verify(&self.roster.thread)?;
                // Nobody can give a seat to themselves.
                if !self.members.contains_key(&request.device) || link.author == request.device {
                    return Err(RosterLinkError::NotAMember);
                }
                // What was asked once is answered once on a chain: nobody throws a device out of
                // its place with its own old words.
                let same = Statement::Reseat { request: request.clone() };
                if self.roster.up_from(self.at).any(|link| link.statement == same) {
                    return Err(RosterLinkError::AlreadyIn);
                }
            }
            Statement::Refound { out } => {
                let again = &self.roster.nodes[self.at].link;
                if link.handshake != Handshake::default() {
                    return Err(RosterLinkError::Malformed);
                }
                // Nobody makes a chain longer by founding anew what they have just founded.
                if out.is_empty()
                    && again.author == link.author
                    && matches!(again.statement, Statement::Refound { .. })
                {
                    return Err(RosterLinkError::AlreadyIn);
                }
            }
            Statement::Renew { transport, proof } => {
                // There is always room to take somebody out, however often they renew their keys.
                if self.roster.nodes[self.at].depth + KEPT_FREE > MAX_LINKS_PER_ROSTER {
                    return Err(RosterLinkError::TooLong);
                }
                Statement::check_renewal(transport, proof, &self.roster.thread, &link.author)
                    .map_err(|_| RosterLinkError::Forged)?;
                self.is_free(transport, &link.author)?;
            }
            Statement::Remove { out } if out.is_empty() => return Err(RosterLinkError::Malformed),
            Statement::Remove { .. } => {}
        }
        self.may_take_out(by, &link.statement)
    }

    /// Whether `by` may let in a new device.
    fn may_come_in(&self, by: &Card, card: &Card) -> Result<(), RosterLinkError> {
        self.is_new(card)?;
        // A desk is one person's.
        if self.roster.kind() == ThreadKind::Desk && card.person != self.roster.founder() {
            return Err(RosterLinkError::NotTheirsToAdmit);
        }
        self.may_keep_records(by, card)?;
        // Only a person's own device says that another device is that person's too; a newcomer's
        // word about who they are counts for nobody who is in already, or was.
        match self.last_of(&card.person) {
            Some(known) if by.person != card.person || known.role != card.role => {
                Err(RosterLinkError::TakenPerson)
            }
            None if !self.may_let_in(by, card) => Err(RosterLinkError::NotTheirsToAdmit),
            _ => Ok(()),
        }
    }

    /// Whether `by` may let a person in again who was in, on a new device.
    fn may_come_back(&self, by: &Card, card: &Card, out: &[Leaver]) -> Result<(), RosterLinkError> {
        self.is_new(card)?;
        let known = self.last_of(&card.person).ok_or(RosterLinkError::NotAMember)?;
        if known.role != card.role {
            return Err(RosterLinkError::TakenPerson);
        }
        self.may_keep_records(by, card)?;
        // Who has a device left uses that: nobody is turned out of one behind their back and keeps
        // another.
        let theirs = self.members.values().filter(|card| card.person == known.person);
        let theirs: BTreeSet<DeviceKey> = theirs.map(|card| card.device).collect();
        if out.iter().map(|leaver| leaver.device).collect::<BTreeSet<_>>() != theirs {
            return Err(RosterLinkError::NotTheirsToRemove);
        }
        if !self.may_let_in(by, card) {
            return Err(RosterLinkError::NotTheirsToAdmit);
        }
        Ok(())
    }

    fn may_let_in(&self, by: &Card, card: &Card) -> bool {
        let planted = card.role == Role::Archive && is(Fault::AnybodysArchive);
        by.role.may_admit(card.role, self.has_founded(by)) || planted
    }

    /// Whether `by` may let in the school's records, if that is what comes in: it is the family's to
    /// accept, in a thread of theirs with the school, and nobody's twice. So the records have one
    /// device: a second would be let in by the first.
    fn may_keep_records(&self, by: &Card, card: &Card) -> Result<(), RosterLinkError> {
        if card.role != Role::Archive {
            return Ok(());
        }
        if !self.may_let_in(by, card) || self.roster.kind() != ThreadKind::Joint {
            return Err(RosterLinkError::NotTheirsToAdmit);
        }
        let mut others = self.members.values().filter(|member| member.person != card.person);
        if others.any(|member| member.role == Role::Archive) {
            return Err(RosterLinkError::SecondArchive);
        }
        Ok(())
    }

    /// A device comes in once: what it signed before it was let out must not count again.
    fn is_new(&self, card: &Card) -> Result<(), RosterLinkError> {
        if self.cards().any(|known| known.device == card.device) {
            return Err(RosterLinkError::AlreadyIn);
        }
        self.is_free(&card.transport, &card.device)
    }

    /// A relay tells devices apart by these keys: nobody takes one that another member has or had,
    /// and nobody renews what they have.
    fn is_free(&self, transport: &TransportKey, device: &DeviceKey) -> Result<(), RosterLinkError> {
        let current = self.members.get(device).map(|card| card.transport);
        let others = self.roster.lines_up_from(self.at).any(|(whose, line)| {
            line == *transport && whose != *device && self.members.contains_key(&whose)
        });
        if others || current == Some(*transport) { Err(RosterLinkError::AlreadyIn) } else { Ok(()) }
    }

    /// Whether `by` may take out whom the statement takes out.
    fn may_take_out(&self, by: &Card, statement: &Statement) -> Result<(), RosterLinkError> {
        let mut named = BTreeSet::new();
        for leaver in statement.out() {
            let card = self.members.get(&leaver.device).ok_or(RosterLinkError::NotAMember)?;
            // Nobody can take themselves out of a group.
            if leaver.device == by.device || !named.insert(leaver.device) {
                return Err(RosterLinkError::NotTheirsToRemove);
            }
            match &leaver.because {
                Because::Decided if self.may_decide(by, card, statement) => {}
                Because::Decided => return Err(RosterLinkError::NotTheirsToRemove),
                Because::Left(farewell) => {
                    farewell.verify(&self.roster.thread)?;
                    let said_by = self.members.get(&farewell.device);
                    if said_by.is_none_or(|said_by| said_by.person != card.person) {
                        return Err(RosterLinkError::NotTheirsToRemove);
                    }
                }
                Because::Removed(link) => {
                    let other = self.roster.link(link);
                    let other = other.ok_or(RosterLinkError::UnknownPredecessor)?;
                    if !other.statement.takes_out(&leaver.device) || !leaver.words.is_empty() {
                        return Err(RosterLinkError::NotTheirsToRemove);
                    }
                }
            }
        }
        Ok(())
    }

    fn may_decide(&self, by: &Card, whom: &Card, statement: &Statement) -> bool {
        by.person == whom.person
            || match statement {
                // Who it is that comes back was judged with the rest.
                Statement::Readmit { .. } => true,
                Statement::Refound { .. } => by.role.may_go_on_without(whom.role),
                _ => by.role.may_remove(whom.role, self.has_founded(by)),
            }
    }

    fn has_founded(&self, by: &Card) -> bool {
        self.roster.founder() == by.person
    }

    /// Every card that this chain ever had, the newest first.
    fn cards(&self) -> impl Iterator<Item = &Card> {
        self.roster.up_from(self.at).filter_map(|link| link.statement.card())
    }

    /// A person as this chain last had them, in or not.
    fn last_of(&self, person: &PersonId) -> Option<&Card> {
        self.cards().find(|card| card.person == *person)
    }
}
