//! The roster links that let newcomers in.

use tandem_proto::{
    Because, Card, InviteId, ItemHash, Leaver, Roster, RosterLink, Statement, ThreadId,
};

use crate::{
    Engine,
    record::{Admission, Cargo},
    session::Phase,
    state::Deferred,
};

impl Engine {
    /// Lets a newcomer in, when the thread's records are here.
    pub(crate) fn admit(&mut self, invite: &InviteId) {
        if let Some(id) = self.invites.get(invite).map(|record| record.thread) {
            self.with_records(&id, Deferred::Admit(*invite));
        }
    }

    /// Makes the roster link that lets a newcomer in, on the present head.
    pub(crate) fn let_in(&mut self, id: &ThreadId, invite: &InviteId) {
        let id = *id;
        let Some(record) = self.invites.get(invite) else { return };
        let (role, again) = (record.role, record.again);
        let Some(used) = record.used.clone() else { return };
        let Some(thread) = self.threads.get_mut(&id) else { return };
        // The invite's role counts, not the newcomer's word.
        let card =
            Card { person: used.person, role, device: used.device, transport: used.transport };
        if thread.roster.members().contains_key(&card.device) {
            self.set_admission(invite, Admission::Welcoming);
            return self.with_records(&id, Deferred::Welcome(*invite));
        }
        let Some(ahead) = self.roster_ahead(&id) else { return };
        if ahead.members().contains_key(&card.device) {
            return;
        }
        let statement = if again {
            // How far the words of the lost phone count is what is here: what was said while this one
            // was away is read first, and then this is asked for once more.
            if self.session.phase != Phase::Live || !self.session.uploaded {
                return;
            }
            let theirs = ahead.members().values().filter(|member| member.person == card.person);
            let out: Vec<Leaver> =
                theirs.map(|own| self.leaver(&id, &own.device, Because::Decided)).collect();
            let Ok(out) = out.try_into() else { return };
            Statement::Readmit { card, invite: *invite, out }
        } else {
            Statement::Admit { card, invite: *invite }
        };
        self.make_link(&id, statement, Some(&used.package));
    }

    /// The roster as it will be when the links that are on their way have been taken: those who
    /// knocked together are let in together.
    pub(crate) fn roster_ahead(&self, id: &ThreadId) -> Option<Roster> {
        self.links_ahead(id).map(|(ahead, _)| ahead)
    }

    /// The same, and which of the links that wait another was faster than. Alone the relay refuses such
    /// a link; two of them would be a longer chain than the one that counts, and undo it.
    fn links_ahead(&self, id: &ThreadId) -> Option<(Roster, Vec<u64>)> {
        let thread = self.threads.get(id)?;
        // Behind a link that this version can't read there is none for it to make.
        if thread.is_erased() || thread.needs_newer() {
            return None;
        }
        let (mut ahead, mut outrun) = (thread.roster.clone(), Vec::new());
        for (number, record) in &thread.outbox {
            let Cargo::Link { item } = &record.cargo else { continue };
            if record.met.is_some() || ahead.knows(&ItemHash::of(item)) {
                continue;
            }
            let follows = RosterLink::parse(item).is_ok_and(|link| link.previous == ahead.head());
            if !follows || ahead.insert(item).is_err() {
                outrun.push(*number);
            }
        }
        Some((ahead, outrun))
    }

    /// Forgets links that wait and that another was faster than, when the log has been read: what they
    /// were made for is done anew on the chain that counts. One that is under way is answered first.
    pub(crate) fn drop_outrun_links(&mut self, id: &ThreadId) {
        let outrun = self.links_ahead(id).map(|(_, outrun)| outrun).unwrap_or_default();
        for number in outrun {
            let Some(thread) = self.threads.get_mut(id) else { return };
            let Some(Cargo::Link { item }) = thread.outbox.get(&number).map(|r| &r.cargo) else {
                continue;
            };
            let hash = ItemHash::of(item);
            if !self.session.in_flight.contains_key(&hash.short()) {
                thread.lost.insert(hash);
                self.drop_item(id, number);
            }
        }
    }

    /// Whether the roster could take this device as this person.
    pub(super) fn can_admit(&self, id: &ThreadId, card: &Card, invite: &InviteId) -> bool {
        let Some(ahead) = self.roster_ahead(id) else { return false };
        let statement = Statement::Admit { card: card.clone(), invite: *invite };
        ahead.members().get(&card.device) == Some(card)
            || matches!(self.would_take(id, statement), Some(Ok(())))
    }

    pub(super) fn set_admission(&mut self, invite: &InviteId, admission: Admission) {
        let Some(record) = self.invites.get_mut(invite) else { return };
        if let Some(used) = record.used.as_mut()
            && used.admission != admission
        {
            used.admission = admission;
            let offer = record.offer;
            self.keep_invite(invite);
            if let Some(offer) = offer.filter(|_| admission == Admission::Arrived) {
                self.uptake_arrives(&offer);
            }
        }
    }

    /// A link was read in the log: whoever it lets in can be welcomed.
    pub(crate) fn link_met(&mut self, id: &ThreadId, _item: &ItemHash) {
        self.renew_again(id);
        let ready: Vec<InviteId> = self
            .invites
            .iter()
            .filter(|(_, record)| record.thread == *id)
            .filter(|(_, record)| {
                record.used.as_ref().is_some_and(|used| {
                    used.admission == Admission::Linking
                        && self
                            .threads
                            .get(id)
                            .is_some_and(|t| t.roster.members().contains_key(&used.device))
                })
            })
            .map(|(invite, _)| *invite)
            .collect();
        for invite in ready {
            self.set_admission(&invite, Admission::Welcoming);
            self.with_records(id, Deferred::Welcome(invite));
        }
    }

    /// After catching up: links that lost are made again, welcomes that were not stored put again.
    pub(crate) fn admit_again(&mut self) {
        for invite in self.invites.keys().copied().collect::<Vec<_>>() {
            let record = &self.invites[&invite];
            let id = record.thread;
            let Some(used) = &record.used else { continue };
            let (admission, device) = (used.admission, used.device);
            let is_in =
                self.threads.get(&id).is_some_and(|t| t.roster.members().contains_key(&device));
            let is_out = self.threads.get(&id).is_some_and(|t| t.roster.is_out(&device));
            if is_out {
                // They came, and went.
                self.set_admission(&invite, Admission::Arrived);
            } else if !is_in {
                // Its link lost against another, or the chain that counts is another now.
                self.set_admission(&invite, Admission::Linking);
                self.admit(&invite);
            } else if matches!(admission, Admission::Linking | Admission::Welcoming) {
                self.set_admission(&invite, Admission::Welcoming);
                self.with_records(&id, Deferred::Welcome(invite));
            }
        }
    }
}
