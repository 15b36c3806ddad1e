//! What a person means becomes a change, an outbox item and a row, in one commit.

mod founding;

use std::collections::BTreeSet;

use tandem_proto::{
    InviteLink, Role, ThreadId, ThreadKind, invite_id,
    planted::{Fault, is},
};

use crate::{
    Answer, Engine, EntryId, Intent, Ticket, Trouble, batch,
    engine::random,
    keys::group::{GroupKeys, Mls},
    record::{Cargo, Deed, JoinRecord, KeptPackage, Key, Kind, OutboxRecord, SentRecord},
    state::Deferred,
    thread::{self, Edit},
    view::{Delivery, JoinState},
};

impl Engine {
    /// Takes an intent: at once, or when the records of its thread have been read.
    pub(crate) fn intend(&mut self, ticket: Ticket, intent: Intent) {
        if self.is_not_for_records(&intent) {
            return self.reply(ticket, Err(Trouble::ReadsOnly));
        }
        let thread = match &intent {
            Intent::FoundThread { title } => {
                let answer = self.found_thread(title, ThreadKind::Joint);
                return self.reply(ticket, answer);
            }
            Intent::Invite { thread, role, in_person } => {
                let answer = self.invite(thread, *role, *in_person);
                return self.reply(ticket, answer);
            }
            Intent::RevokeInvite { invite } => {
                let answer = self.revoke_invite(invite);
                return self.reply(ticket, answer);
            }
            Intent::Join { link } => {
                let answer = self.ask_to_join(link);
                return self.reply(ticket, answer);
            }
            Intent::JoinSchool { link } => {
                let answer = self.join_school(link);
                return self.reply(ticket, answer);
            }
            Intent::RenewKeys => {
                let answer = self.renew_keys();
                return self.reply(ticket, Ok(answer));
            }
            Intent::Forget { thread } => {
                let answer = self.forget(thread);
                return self.reply(ticket, answer);
            }
            Intent::KeepFor { days } => {
                let answer = self.keep_for(*days);
                return self.reply(ticket, answer);
            }
            Intent::OfferDevice => {
                let answer = self.offer_device();
                return self.reply(ticket, answer);
            }
            Intent::AddDevice { link } => {
                let answer = self.add_device(link);
                return self.reply(ticket, answer);
            }
            Intent::Readmit { person, link } => {
                let answer = self.readmit(*person, link);
                return self.reply(ticket, answer);
            }
            Intent::Post { thread, .. }
            | Intent::TakeStep { thread, .. }
            | Intent::Remove { thread, .. }
            | Intent::Leave { thread }
            | Intent::Refound { thread, .. }
            | Intent::Verify { thread, .. }
            | Intent::MarkSeen { thread, .. } => *thread,
        };
        let Some(here) = self.threads.get(&thread) else {
            return self.reply(ticket, Err(Trouble::UnknownThread));
        };
        if here.is_erased() {
            let answer = match intent {
                // Nobody would ever learn of it.
                Intent::MarkSeen { .. } => Ok(Answer::Marked(0)),
                _ => Err(Trouble::Erased),
            };
            return self.reply(ticket, answer);
        }
        self.with_records(&thread, Deferred::Intent(ticket, intent));
    }

    /// Whether this is somebody's to say who takes part, and this device only keeps records.
    fn is_not_for_records(&self, intent: &Intent) -> bool {
        let role = match intent {
            Intent::FoundThread { .. } | Intent::AddDevice { .. } | Intent::Readmit { .. } => {
                Some(self.me.role)
            }
            Intent::Invite { thread, .. }
            | Intent::Post { thread, .. }
            | Intent::TakeStep { thread, .. }
            | Intent::Remove { thread, .. }
            | Intent::Refound { thread, .. }
            | Intent::Verify { thread, .. }
            | Intent::MarkSeen { thread, .. } => {
                let members = self.threads.get(thread).map(|thread| thread.roster.members());
                members.and_then(|members| members.get(&self.me.device)).map(|card| card.role)
            }
            Intent::RevokeInvite { .. }
            | Intent::Join { .. }
            | Intent::JoinSchool { .. }
            | Intent::OfferDevice
            | Intent::Leave { .. }
            | Intent::RenewKeys
            | Intent::KeepFor { .. }
            | Intent::Forget { .. } => None,
        };
        role == Some(Role::Archive)
    }

    pub(crate) fn reply(&mut self, ticket: Ticket, answer: Result<Answer, Trouble>) {
        self.out.say(crate::Effect::Answer(ticket, answer));
    }

    /// Performs an intent whose thread's records are here.
    pub(crate) fn perform(&mut self, id: &ThreadId, intent: Intent) -> Result<Answer, Trouble> {
        match intent {
            Intent::Post { kind, fields, answers, .. } => {
                self.post(id, &kind, fields, answers).map(|(e, d)| Answer::Said(e, d))
            }
            Intent::TakeStep { entry, state, .. } => {
                let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
                let loaded = thread.loaded.as_ref().ok_or(Trouble::UnknownThread)?;
                let record = loaded.fold.entry(&entry).ok_or(Trouble::UnknownEntry)?;
                let card = thread.roster.members().get(&self.me.device);
                let card = card.ok_or(Trouble::NotAllowed(NOT_IN))?;
                thread::check_move(record, &thread.cast, state, card)?;
                self.act(id, Deed::Move { entry, state })?;
                Ok(Answer::Said(entry, Delivery::OnThisPhone))
            }
            Intent::MarkSeen { entries, .. } => {
                self.mark_seen(id, entries.as_deref()).map(Answer::Marked)
            }
            Intent::Remove { .. } | Intent::Leave { .. } | Intent::Refound { .. } => {
                self.wish(id, &intent)
            }
            Intent::Verify { person, code, .. } => {
                self.verify(id, person, &code).map(|()| Answer::Verified)
            }
            Intent::FoundThread { .. }
            | Intent::Invite { .. }
            | Intent::RevokeInvite { .. }
            | Intent::Join { .. }
            | Intent::OfferDevice
            | Intent::RenewKeys
            | Intent::AddDevice { .. }
            | Intent::Readmit { .. }
            | Intent::JoinSchool { .. }
            | Intent::KeepFor { .. }
            | Intent::Forget { .. } => Err(Trouble::UnknownThread),
        }
    }

    fn post(
        &mut self,
        id: &ThreadId,
        kind: &str,
        fields: crate::Fields,
        answers: Option<EntryId>,
    ) -> Result<(EntryId, Delivery), Trouble> {
        let maker = batch::actor_prefix(id, &self.me.device);
        let entry = thread::entry_id(&maker, random(&mut self.rng));
        let now = self.now;
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        let loaded = thread.loaded.as_ref().ok_or(Trouble::UnknownThread)?;
        let card = thread.roster.members().get(&self.me.device);
        let role = card.ok_or(Trouble::NotAllowed(NOT_IN))?.role;
        let fields = thread::compose(kind, &fields, role)?;
        if answers.is_some_and(|entry| loaded.fold.entry(&entry).is_none()) {
            return Err(Trouble::UnknownEntry);
        }
        let at = thread::clock(now, loaded.fold.newest());
        self.act(id, Deed::Post { entry, kind: kind.to_owned(), at, answers, fields })?;
        Ok((entry, Delivery::OnThisPhone))
    }

    /// Marks the entries that were shown, all when it is not said which.
    pub(crate) fn mark_seen(
        &mut self,
        id: &ThreadId,
        shown: Option<&[EntryId]>,
    ) -> Result<u32, Trouble> {
        let me = self.me.person;
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        let loaded = thread.loaded.as_ref().ok_or(Trouble::UnknownThread)?;
        // As many as one change holds; the rest is marked the next time.
        let mut entries = thread::unseen(&loaded.fold, &thread.cast, me);
        if let Some(shown) = shown {
            let shown: BTreeSet<&EntryId> = shown.iter().collect();
            entries.retain(|entry| shown.contains(entry));
        }
        entries.truncate(MAX_SEEN_AT_ONCE);
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        if !entries.is_empty() {
            let at = self.now;
            self.act(id, Deed::Seen { entries, at })?;
        }
        Ok(count)
    }

    /// Makes a deed a change of the document and an item of the outbox.
    pub(crate) fn act(&mut self, id: &ThreadId, deed: Deed) -> Result<(), Trouble> {
        let me = self.me.person;
        let edits = match deed.clone() {
            Deed::Begin { title, name } => {
                vec![Edit::Title(title), Edit::Name { person: me, name }]
            }
            Deed::Name { name } => vec![Edit::Name { person: me, name }],
            Deed::Post { entry, kind, at, answers, fields } => {
                vec![Edit::Post { entry, kind, at, answers, fields }]
            }
            Deed::Move { entry, state } => vec![Edit::Move { entry, state }],
            Deed::Seen { entries, at } => vec![Edit::Seen { person: me, entries, at }],
            Deed::Verified { person, devices, at } => {
                vec![Edit::Verified { person, devices, at }]
            }
        };
        let incarnation = if is(Fault::ReuseIncarnation) { [0; 4] } else { random(&mut self.rng) };
        let thread = self.threads.get_mut(id).ok_or(Trouble::UnknownThread)?;
        let loaded = thread.loaded.as_mut().ok_or(Trouble::UnknownThread)?;
        let actor = thread
            .actor
            .get_or_insert_with(|| batch::actor_id(id, &self.me.device, incarnation))
            .clone();
        let damaged = |e: &dyn std::error::Error| Trouble::Damaged(e.to_string());
        let doc = loaded.doc().map_err(|e| damaged(&e))?;
        let change = doc.edit(actor, self.now, &edits).map_err(|e| damaged(&e))?;
        let (plain, attestation) =
            batch::close(id, &self.me.identity, std::slice::from_ref(&change))
                .map_err(|e| damaged(&e))?;
        let hash = change.hash();
        if let Some(entry) = deed.creates() {
            let era = thread.record.era;
            let sent = SentRecord { change: hash, era, place: None, receipt: None, again: None };
            self.out.put(Key::entry(Kind::Sent, id, &entry), &sent);
            loaded.sent.insert(entry, sent);
        }
        let number = thread.take_number();
        let cargo = Cargo::Change { change: hash, plain, deed };
        let item = OutboxRecord::new(cargo);
        self.out.put(Key::number(Kind::Outbox, id, number), &item);
        thread.outbox.insert(number, item);
        self.keep_change(id, &change, Some(attestation));
        self.push(id, number);
        self.wait_for_a_newer_version(id);
        Ok(())
    }

    /// Queues a roster link for the relay. It counts when the log shows it, not before.
    pub(crate) fn enqueue_link(&mut self, id: &ThreadId, item: Vec<u8>) {
        let Some(thread) = self.threads.get_mut(id).filter(|t| !t.is_erased()) else { return };
        let number = thread.take_number();
        let record = OutboxRecord::new(Cargo::Link { item });
        self.out.put(Key::number(Kind::Outbox, id, number), &record);
        thread.outbox.insert(number, record);
        self.keep_thread(id);
        self.push(id, number);
    }

    fn ask_to_join(&mut self, link: &InviteLink) -> Result<Answer, Trouble> {
        if link.relay.key != self.me.relay.key {
            return Err(Trouble::OtherRelay);
        }
        self.check_becoming()?;
        match (self.me.role, link.role) {
            (Role::Archive, Role::Archive) => {}
            (Role::Archive, other) => return Err(Trouble::NotForRecords(other)),
            (_, Role::Archive) => return Err(Trouble::ForRecords),
            _ => {}
        }
        if self.threads.contains_key(&link.thread) {
            return Ok(Answer::Joining(link.thread, JoinState::Joined));
        }
        let invite = invite_id(&link.secret);
        if let Some(JoinRecord { refused: Some(why), .. }) = self.joins.get(&invite) {
            return Ok(Answer::Joining(link.thread, JoinState::Refused(*why)));
        }
        if !self.joins.contains_key(&invite) {
            let one_time: [u8; 32] = random(&mut self.rng);
            let damaged = |e: &dyn std::error::Error| Trouble::Damaged(e.to_string());
            let seed = random(&mut self.rng);
            let package = Mls.package(&seed, &self.identity()).map_err(|e| damaged(&e))?;
            let public = package.public.clone().try_into().map_err(|e| damaged(&e))?;
            let request = crate::join::JoinRequest::make(
                &self.me.identity,
                &link.secret,
                &self.me.name,
                self.me.person,
                self.me.transport_key,
                crate::join::one_time_public(&one_time),
                public,
            )
            .map_err(|e| damaged(&e))?;
            let letter = request.seal(&link.secret);
            let record = JoinRecord {
                link: link.clone(),
                one_time,
                package: KeptPackage { public: package.public, secret: package.secret },
                letter,
                since: self.now,
                refused: None,
                by_offer: None,
            };
            self.out.put(Key::invite(Kind::Join, &invite), &record);
            self.joins.insert(invite, record);
            self.knock(&invite);
        }
        Ok(Answer::Joining(link.thread, JoinState::Joining))
    }

    /// This device's card in a role.
    pub(crate) const fn card(&self, role: Role) -> tandem_proto::Card {
        tandem_proto::Card {
            person: self.me.person,
            role,
            device: self.me.device,
            transport: self.me.transport_key,
        }
    }

    /// Stores a thread's resident record with the commit of this input, as it is then.
    pub(crate) fn keep_thread(&mut self, id: &ThreadId) {
        self.unkept.insert(*id);
    }

    /// Stores a thread's roster.
    pub(crate) fn keep_roster(&mut self, id: &ThreadId) {
        if let Some(thread) = self.threads.get(id) {
            self.out.put(Key::thread(Kind::Roster, id), &thread.links);
        }
    }
}

/// Entries marked by one change.
const MAX_SEEN_AT_ONCE: usize = 4_096;

/// Why someone outside can do nothing in a thread.
pub(crate) const NOT_IN: &str = "this device is not in the thread any more";
