//! The side of whoever takes an offer up: a person with another device of their own, or somebody who
//! has seen a person whose phone is lost.

use tandem_proto::{
    BoundedStr, DeviceLink, InviteId, ItemHash, MailboxId, PersonId, Role, ThreadId, ThreadKind,
    invite_id,
    limits::OFFER_LIFETIME_MS,
    offer_box,
    planted::{Fault, is},
    uptake_box,
};

use super::letters::{DeviceOffer, Uptake};
use crate::{
    Answer, Engine, Key, NotLetIn, Trouble,
    admission::Letterbox,
    engine::random,
    join::{JoinError, Reply},
    keys::group::MAX_REMOVED,
    record::{Admission, Answered, InviteRecord, InviteUse, Kind, UptakeRecord},
    state::Thread,
};

impl Engine {
    /// Lets another device of this person into all their threads, when its offer has been read.
    pub(crate) fn add_device(&mut self, link: &DeviceLink) -> Result<Answer, Trouble> {
        self.check_device(link)?;
        if self.shared_with(&self.me.person).is_empty() {
            return Err(Trouble::NotAllowed(
                "you are in no thread yet: there is nothing to let another phone into",
            ));
        }
        self.check_desk()?;
        self.take_up(link, None)
    }

    /// Lets a person in again who has lost their phones, into all threads that are shared with them,
    /// when the offer of the new one has been read.
    pub(crate) fn readmit(
        &mut self,
        person: PersonId,
        link: &DeviceLink,
    ) -> Result<Answer, Trouble> {
        self.check_device(link)?;
        if person == self.me.person {
            return Err(Trouble::NotAllowed(
                "this is yourself: `tandem device add` lets in another phone of yours",
            ));
        }
        let known = self
            .threads
            .values()
            .any(|thread| thread.roster.cards_ever().any(|card| card.person == person));
        if !known {
            return Err(Trouble::UnknownPerson);
        }
        let shared = self.shared_with(&person);
        if shared.is_empty() {
            return Err(Trouble::NotAllowed(
                "a guardian lets in guardians; whoever speaks for the school lets in the others",
            ));
        }
        for (id, _) in &shared {
            let count = self.threads.get(id).map_or(0, |thread| {
                thread.roster.members().values().filter(|card| card.person == person).count()
            });
            if count > MAX_REMOVED {
                return Err(Trouble::TooMany { count, max: MAX_REMOVED });
            }
        }
        self.take_up(link, Some(person))
    }

    /// Whoever has several devices has a desk, which only these are in.
    fn check_desk(&mut self) -> Result<(), Trouble> {
        let is_ours = |thread: &Thread| {
            let roster = &thread.roster;
            roster.kind() == ThreadKind::Desk
                && roster.members().contains_key(&self.me.device)
                && !thread.is_erased()
        };
        if !self.threads.values().any(is_ours) {
            self.found_thread("Desk", ThreadKind::Desk)?;
        }
        Ok(())
    }

    fn check_device(&self, link: &DeviceLink) -> Result<(), Trouble> {
        if link.relay.key != self.me.relay.key {
            return Err(Trouble::OtherRelay);
        }
        if link.device == self.me.device {
            return Err(Trouble::NotAllowed(
                "this is the link of this phone itself: the other one is to follow it",
            ));
        }
        let is_in =
            self.threads.values().any(|thread| thread.roster.card_ever(&link.device).is_some());
        if is_in && !self.uptakes.contains_key(&invite_id(&link.secret)) {
            return Err(Trouble::NotAllowed(
                "this link was used: that phone is in already, or was; a phone that was let out makes \
                 a new home with `tandem init` and offers that",
            ));
        }
        Ok(())
    }

    fn take_up(&mut self, link: &DeviceLink, again: Option<PersonId>) -> Result<Answer, Trouble> {
        let id = invite_id(&link.secret);
        // What came to nothing is tried anew; what is under way goes on.
        let under_way =
            self.uptakes.get(&id).is_some_and(|uptake| uptake.why_not(self.now).is_none());
        if !under_way {
            let record = UptakeRecord {
                link: link.clone(),
                again,
                since: self.now,
                taken: None,
                refused: None,
            };
            self.out.put(Key::invite(Kind::Uptake, &id), &record);
            self.uptakes.insert(id, record);
            if self.session.has_said_hello() {
                let boxes = self.say_uptake(&id);
                self.watch_boxes(&boxes);
            }
        }
        let record = self.uptakes.get(&id).ok_or(Trouble::UnknownPerson)?;
        Ok(Answer::TakingUp(self.uptake_row(&id, record)))
    }

    /// Asks for the offer, or leaves what it was answered.
    pub(crate) fn say_uptake(&mut self, id: &InviteId) -> Vec<(MailboxId, Letterbox)> {
        let Some(record) = self.uptakes.get(id) else { return Vec::new() };
        let secret = &record.link.secret;
        match (&record.taken, record.why_not(self.now)) {
            (Some(taken), _) => {
                let (mailbox, letter) = (uptake_box(secret, &taken.one_time), taken.letter.clone());
                self.put_letter(mailbox, letter);
                Vec::new()
            }
            (None, None) => vec![(offer_box(secret), Letterbox::Offer(*id))],
            (None, Some(_)) => Vec::new(),
        }
    }

    /// What lies in an offer's box.
    pub(crate) fn take_offer(&mut self, id: &InviteId, letter: &[u8]) {
        let Some(record) = self.uptakes.get(id) else { return };
        if record.taken.is_some() {
            return;
        }
        let expires = !is(Fault::ExpiredOfferTaken);
        let came = match DeviceOffer::open(&record.link, letter) {
            // It is its device's to take back.
            Ok(offer) if expires && self.now.since_ms(offer.made) > OFFER_LIFETIME_MS => {
                Err(NotLetIn::OfferExpired)
            }
            Ok(offer) => self.answer_offer(id, &offer),
            Err(JoinError::Newer(_)) => Err(NotLetIn::NewerVersionNeeded),
            // Whoever knows the link can leave a false one; the true one may still come.
            Err(_) => return,
        };
        if let (Err(why), Some(record)) = (came, self.uptakes.get_mut(id)) {
            record.refused = Some(why);
            self.out.put(Key::invite(Kind::Uptake, id), record);
        }
        self.inbox_moved = true;
    }

    /// Makes an invite for each thread that the device is let into, and says which they are.
    fn answer_offer(&mut self, id: &InviteId, offer: &DeviceOffer) -> Result<(), NotLetIn> {
        let Some(record) = self.uptakes.get(id).cloned() else { return Ok(()) };
        let person = record.again.unwrap_or(self.me.person);
        let threads = self.shared_with(&person);
        let (name, role) = match record.again {
            Some(person) => self.known_as(&person),
            None => (self.me.name.clone(), self.me.role),
        };
        let uptake = Uptake {
            by: self.me.device,
            person,
            name: BoundedStr::try_from(name).map_err(|_| NotLetIn::NoThread)?,
            role,
            threads: (0..)
                .zip(&threads)
                .map(|(at, (thread, _))| (*thread, at))
                .collect::<Vec<_>>()
                .try_into()
                .map_err(|_| NotLetIn::NoThread)?,
        };
        if threads.is_empty() {
            return Err(NotLetIn::NoThread);
        }
        let secret = &record.link.secret;
        let seed = random(&mut self.rng);
        let letter = uptake
            .sign(&self.me.identity, secret, &offer.one_time)
            .and_then(|signed| Reply::Uptake(signed).seal(&offer.one_time, seed))
            .map_err(|_| NotLetIn::OfferUnusable)?;
        for (at, (thread, role)) in threads.iter().enumerate() {
            let package = offer.packages.get(at).or(offer.packages.last());
            let used = InviteUse {
                request: ItemHash::of(&letter).short(),
                person,
                device: offer.device,
                transport: offer.transport,
                one_time: offer.one_time,
                package: package.map(|package| package.to_vec()).unwrap_or_default(),
                admission: Admission::Linking,
            };
            self.let_device_in(id, thread, *role, record.again.is_some(), used);
        }
        if let Some(record) = self.uptakes.get_mut(id) {
            record.taken = Some(Answered { one_time: offer.one_time, letter });
            self.out.put(Key::invite(Kind::Uptake, id), record);
        }
        let boxes = self.say_uptake(id);
        self.watch_boxes(&boxes);
        Ok(())
    }

    fn let_device_in(
        &mut self,
        offer: &InviteId,
        thread: &ThreadId,
        role: Role,
        again: bool,
        used: InviteUse,
    ) {
        let Some(link) = self.uptakes.get(offer).map(|record| record.link.clone()) else { return };
        let secret = link.secret.for_thread(thread);
        let invite = invite_id(&secret);
        let record = InviteRecord {
            thread: *thread,
            role,
            secret,
            made: self.now,
            used: Some(used),
            knocks: Vec::new(),
            knocked: Vec::new(),
            // Whoever lets somebody in again has seen them; a person's own device is vouched for by
            // the one that lets it in.
            in_person: again,
            revoked: None,
            offer: Some(*offer),
            again,
        };
        self.out.put(Key::invite(Kind::Invite, &invite), &record);
        self.invites.insert(invite, record);
        self.admit(&invite);
    }

    /// The threads in which this device may let in a device of a person who is or was in them, each
    /// with as what.
    fn shared_with(&self, person: &PersonId) -> Vec<(ThreadId, Role)> {
        let own = *person == self.me.person;
        let synced = self.threads.values().filter(|thread| !thread.is_erased());
        let shared = synced.filter_map(|thread| {
            let roster = &thread.roster;
            roster.members().get(&self.me.device)?;
            let role = roster.cards_ever().filter(|card| card.person == *person).last()?.role;
            (own || roster.may_admit(&self.me.device, role)).then_some((thread.id, role))
        });
        shared.collect()
    }

    /// A person's name and role, as the threads that are shared with them have it.
    fn known_as(&self, person: &PersonId) -> (String, Role) {
        let mut known = self.threads.values().flat_map(|thread| &thread.inbox.people);
        let named = known.find(|who| who.person == *person && !who.name.is_empty());
        let role = self.shared_with(person).first().map_or(Role::Guardian, |(_, role)| *role);
        named.map_or_else(|| (String::new(), role), |who| (who.name.clone(), who.role))
    }

    /// A device that came by an offer was heard of: with the last thread the offer has been answered.
    pub(crate) fn uptake_arrives(&mut self, offer: &InviteId) {
        let waits =
            self.invites.values().filter(|record| record.offer == Some(*offer)).any(|record| {
                record.used.as_ref().is_some_and(|u| u.admission != Admission::Arrived)
            });
        if !waits && self.uptakes.remove(offer).is_some() {
            self.out.delete(Key::invite(Kind::Uptake, offer));
        }
    }

    /// How far each thread is into which an offer's device is let.
    pub(super) fn letting_in(&self, offer: &InviteId) -> impl Iterator<Item = Admission> {
        let invites = self.invites.values().filter(move |record| record.offer == Some(*offer));
        invites.filter_map(|record| record.used.as_ref()).map(|used| used.admission)
    }
}
