//! The list of members: exactly who holds keys, and who vouches for them.

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::{DeviceKey, PersonId, Role, ThreadKind, Timestamp};

use crate::{
    Author, Engine, KeyRow, MemberRow,
    state::{Loaded, Thread},
};

/// Who verified each device that is verified: somebody else said so of it, or of the device of the
/// same person that let it in.
fn verifiers(thread: &Thread, loaded: &Loaded) -> BTreeMap<DeviceKey, PersonId> {
    let mut verified: BTreeMap<DeviceKey, PersonId> = BTreeMap::new();
    for link in thread.roster.chain() {
        let Some(card) = link.statement.card() else { continue };
        let facts = loaded.fold.facts();
        let said = facts.verified_by(&card.person, &card.device, &thread.cast);
        let own = |device: &DeviceKey| {
            thread.roster.card_ever(device).is_some_and(|by| by.person == card.person)
        };
        let inherited = Some(link.author)
            .filter(|author| *author != card.device && own(author))
            .and_then(|author| verified.get(&author).copied());
        if let Some(by) = said.first().map(|(_, by)| *by).or(inherited) {
            verified.insert(card.device, by);
        }
    }
    verified
}

/// Who else first let a person in; `None` for a founder.
fn let_in_by(thread: &Thread, person: PersonId) -> Option<PersonId> {
    let roster = &thread.roster;
    let links = roster
        .chain()
        .filter(|link| link.statement.card().is_some_and(|card| card.person == person));
    links
        .filter_map(|link| roster.card_ever(&link.author))
        .map(|by| by.person)
        .find(|by| *by != person)
}

/// When a person first came in, on whichever device.
fn since(thread: &Thread, person: PersonId) -> Option<Timestamp> {
    let first = thread
        .roster
        .chain()
        .find(|link| link.statement.card().is_some_and(|card| card.person == person));
    first.map(|link| link.at)
}

/// Others in the thread who have a device that nobody verified.
pub(crate) fn unverified(thread: &Thread, loaded: &Loaded, me: PersonId) -> Vec<PersonId> {
    let verified = verifiers(thread, loaded);
    let mut people: Vec<PersonId> = thread
        .roster
        .members()
        .values()
        .filter(|card| card.person != me && !verified.contains_key(&card.device))
        .map(|card| card.person)
        .collect();
    people.sort_unstable();
    people.dedup();
    people
}

impl Thread {
    /// The people who are in and have signed for another log than this device was shown.
    pub(crate) fn shown_another_log(&self) -> Vec<PersonId> {
        let members = self.roster.members();
        let cards = self.record.other_log.iter().filter_map(|device| members.get(device));
        cards.map(|card| card.person).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Engine {
    /// Everybody who is in a thread, in the order in which they came.
    pub(crate) fn member_rows(&self, thread: &Thread) -> Vec<MemberRow> {
        let Some(loaded) = &thread.loaded else { return Vec::new() };
        let verified = verifiers(thread, loaded);
        let seated = thread.roster.seated_after(&thread.roster.head()).unwrap_or_default();
        let mut rows: Vec<MemberRow> = Vec::new();
        for link in thread.roster.chain() {
            let card = link.statement.card();
            let Some(card) = card.and_then(|card| thread.roster.members().get(&card.device)) else {
                continue;
            };
            let key = KeyRow {
                device: card.device,
                since: link.at,
                verified: verified.contains_key(&card.device),
                seated: seated.contains(&card.device),
            };
            if let Some(row) = rows.iter_mut().find(|row| row.author.person == card.person) {
                row.devices.retain(|known| known.device != card.device);
                row.devices.push(key);
                continue;
            }
            let by = let_in_by(thread, card.person);
            rows.push(MemberRow {
                author: self.author(thread, loaded, card.person),
                mine: card.person == self.me.person,
                verified: false,
                vouched_by: by.map(|by| self.author(thread, loaded, by)),
                since: since(thread, card.person).unwrap_or(link.at),
                devices: vec![key],
                misdeeds: thread.misdeeds_of(card.person),
                removable: self
                    .has_right(thread, |role, founded| role.may_remove(card.role, founded))
                    && card.person != self.me.person,
                dispensable: self.has_right(thread, |role, _| role.may_go_on_without(card.role))
                    && card.person != self.me.person,
            });
        }
        for row in &mut rows {
            row.verified = row.devices.iter().all(|key| key.verified);
            let first = row.devices.first().and_then(|key| verified.get(&key.device));
            if let Some(by) = first.filter(|_| row.verified) {
                row.vouched_by = Some(self.author(thread, loaded, *by));
            }
        }
        rows
    }

    /// As what this person may let somebody into a thread.
    pub(crate) fn admits(&self, thread: &Thread) -> Vec<Role> {
        let desk = thread.roster.kind() == ThreadKind::Desk;
        let all = Role::ALL.into_iter().filter(|_| !desk);
        all.filter(|other| self.has_right(thread, |role, founded| role.may_admit(*other, founded)))
            .collect()
    }

    /// As what this person can do something in a thread: not where they are out, nor where nothing comes or
    /// goes any more, or nothing before this version is newer.
    pub(crate) fn acting_role(&self, thread: &Thread) -> Option<Role> {
        if thread.is_erased() || thread.needs_newer() {
            return None;
        }
        thread.roster.members().get(&self.me.device).map(|card| card.role)
    }

    /// Whether the rules let this person do something in a thread.
    fn has_right(&self, thread: &Thread, rule: impl Fn(Role, bool) -> bool) -> bool {
        let founded = thread.roster.founder() == self.me.person;
        self.acting_role(thread).is_some_and(|role| rule(role, founded))
    }

    /// Somebody who is or was in a thread.
    pub(crate) fn author(&self, thread: &Thread, loaded: &Loaded, person: PersonId) -> Author {
        let name = loaded.fold.facts().name(&person, &thread.cast).to_owned();
        let cards = thread.roster.cards_ever().filter(|card| card.person == person);
        let role = cards.last().map_or(self.me.role, |card| card.role);
        Author { person, name, role }
    }
}
