//! The new device's side: it offers itself, and becomes a device of whoever takes it up.

use tandem_proto::{
    ClientToRelay, DeviceLink, InviteLink, InviteSecret, ItemHash, MailDrop, MailboxId, PersonId,
    invite_id,
    limits::{MAX_OFFERED_PACKAGES, OFFER_LIFETIME_MS},
    offer_box, uptake_box,
};

use super::letters::{DeviceOffer, Uptake};
use crate::{
    Answer, Engine, Key, NotLetIn, OfferState, Trouble,
    admission::Letterbox,
    engine::random,
    join::{self, Reply},
    keys::group::{ANYBODYS, GroupKeys, Identity, Mls},
    record::{ByOffer, JoinRecord, KeptPackage, Kind, OfferRecord},
};

/// A home with threads has a person of its own.
const SOMEBODY: &str = "this phone is in threads already, as somebody of its own; make a new home for \
                        it with `tandem init --home DIR` and offer that";

impl OfferRecord {
    /// How it stands; `waiting` of the threads that were promised are not here yet.
    pub(super) fn state(&self, now: tandem_proto::Timestamp, waiting: u32) -> OfferState {
        match (&self.taken, &self.refused) {
            (_, Some(why)) => OfferState::Refused(*why),
            (Some(by), None) => OfferState::TakenUp { name: by.name.clone(), waiting },
            (None, None) if now.since_ms(self.made) > OFFER_LIFETIME_MS => OfferState::Expired,
            (None, None) => OfferState::Open,
        }
    }

    /// Whether its letter is to be found at the relay.
    fn is_out(&self, now: tandem_proto::Timestamp) -> bool {
        matches!(self.state(now, 0), OfferState::Open | OfferState::TakenUp { .. })
    }
}

impl Engine {
    /// Offers this device to be let in; the same offer as long as it waits.
    pub(crate) fn offer_device(&mut self) -> Result<Answer, Trouble> {
        if let Some(offer) = &self.offer
            && offer.is_out(self.now)
        {
            return Ok(Answer::Offered(self.offer_row(offer)));
        }
        if !self.threads.is_empty() {
            return Err(Trouble::NotAllowed(SOMEBODY));
        }
        if self.joins.values().any(|join| join.refused.is_none()) {
            return Err(Trouble::NotAllowed(
                "this phone has asked to be let in by a link, as somebody of its own; wait for that, or \
                 make a new home with `tandem init --home DIR` and offer that",
            ));
        }
        self.withdraw_offer();
        let record = self.new_offer().map_err(|e| Trouble::Damaged(e.to_string()))?;
        self.out.put(Key::one(Kind::Offer), &record);
        let row = self.offer_row(&record);
        self.offer = Some(record);
        if self.session.has_said_hello() {
            let boxes = self.say_offer();
            self.watch_boxes(&boxes);
        }
        Ok(Answer::Offered(row))
    }

    fn new_offer(&mut self) -> Result<OfferRecord, Box<dyn std::error::Error>> {
        let one_time: [u8; 32] = random(&mut self.rng);
        let secret = InviteSecret::new(random(&mut self.rng));
        let mut packages = Vec::with_capacity(MAX_OFFERED_PACKAGES);
        for _ in 0..MAX_OFFERED_PACKAGES {
            let seed = random(&mut self.rng);
            // Whoever takes it up says whose it is.
            let me = Identity { person: ANYBODYS, key: &self.me.identity };
            let package = Mls.package(&seed, &me)?;
            packages.push(KeptPackage { public: package.public, secret: package.secret });
        }
        let public = packages.iter().map(|package| package.public.clone().try_into());
        let offer = DeviceOffer {
            device: self.me.device,
            transport: self.me.transport_key,
            one_time: join::one_time_public(&one_time),
            made: self.now,
            packages: public.collect::<Result<Vec<_>, _>>()?.try_into()?,
        };
        let letter = offer.seal(&self.me.identity, &secret)?;
        let made = self.now;
        Ok(OfferRecord { secret, one_time, packages, letter, made, taken: None, refused: None })
    }

    /// This device's link.
    pub(super) fn device_link(&self, offer: &OfferRecord) -> DeviceLink {
        let (relay, device) = (self.me.relay.clone(), self.me.device);
        DeviceLink { relay, device, secret: offer.secret.clone() }
    }

    /// Leaves the offer, and says where the answer will lie.
    pub(crate) fn say_offer(&mut self) -> Vec<(MailboxId, Letterbox)> {
        let Some(offer) = self.offer.as_ref().filter(|offer| offer.is_out(self.now)) else {
            return Vec::new();
        };
        let (mailbox, letter) = (offer_box(&offer.secret), offer.letter.clone());
        let answer = uptake_box(&offer.secret, &join::one_time_public(&offer.one_time));
        self.put_letter(mailbox, letter);
        vec![(answer, Letterbox::Uptakes)]
    }

    /// Somebody takes the offer up: the first counts. From then on this device waits for a welcome
    /// into each of the threads.
    pub(crate) fn take_uptake(&mut self, mailbox: MailboxId, letter: &[u8]) {
        let Some(offer) = &self.offer else { return self.drop_letter(mailbox, letter) };
        let secret = offer.secret.clone();
        let uptake = match Reply::open(&offer.one_time, letter) {
            Ok(Reply::Uptake(signed)) => {
                signed.verify(&secret, &join::one_time_public(&offer.one_time)).ok()
            }
            _ => None,
        };
        if let Some(uptake) = uptake
            && offer.state(self.now, 0) == OfferState::Open
        {
            self.taken_up(uptake);
        }
        self.drop_letter(mailbox, letter);
        self.inbox_moved = true;
    }

    fn taken_up(&mut self, uptake: Uptake) {
        let Some(mut offer) = self.offer.take() else { return };
        if !self.is_nobody_else(&uptake.person) {
            offer.refused = Some(NotLetIn::IsSomebody);
        } else {
            let by =
                ByOffer { person: uptake.person, name: uptake.name.to_string(), role: uptake.role };
            for (thread, place) in uptake.threads.into_inner() {
                let package = usize::try_from(place).ok().and_then(|at| offer.packages.get(at));
                let package = package.or(offer.packages.last()).cloned();
                let Some(package) = package.filter(|_| !self.threads.contains_key(&thread)) else {
                    continue;
                };
                let secret = offer.secret.for_thread(&thread);
                let invite = invite_id(&secret);
                let relay = self.me.relay.clone();
                let join = JoinRecord {
                    link: InviteLink { relay, thread, role: by.role, secret },
                    one_time: offer.one_time,
                    package,
                    letter: Vec::new(),
                    since: self.now,
                    refused: None,
                    by_offer: Some(by.clone()),
                };
                self.out.put(Key::invite(Kind::Join, &invite), &join);
                self.joins.insert(invite, join);
                self.knock(&invite);
            }
            offer.taken = Some(by);
        }
        self.out.put(Key::one(Kind::Offer), &offer);
        self.offer = Some(offer);
    }

    /// Whether this home can become that person's: it is in no thread, and has asked to be let into
    /// none, as somebody else.
    pub(crate) fn is_nobody_else(&self, person: &PersonId) -> bool {
        let asked = |join: &JoinRecord| join.refused.is_none() && join.by_offer.is_none();
        let on_its_own = !self.threads.is_empty() || self.joins.values().any(asked);
        self.me.person == *person || !on_its_own
    }

    /// A home that is about to become somebody's does nothing in its own name.
    pub(crate) fn check_becoming(&self) -> Result<(), Trouble> {
        if self.threads.is_empty() && self.joins_by_offer() > 0 {
            return Err(Trouble::NotAllowed(
                "this phone is being let in as somebody's: `tandem sync --once` first",
            ));
        }
        Ok(())
    }

    /// This home is that person's from now on: a welcome has shown that they let it in.
    pub(crate) fn become_somebody(&mut self, by: &ByOffer) {
        if self.me.person == by.person {
            return;
        }
        self.me.person = by.person;
        if !by.name.is_empty() {
            self.me.name.clone_from(&by.name);
        }
        self.me.role = by.role;
        self.keep_identity();
    }

    /// A thread of an offer is here; with the last one the offer has done its work.
    pub(crate) fn offer_arrives(&mut self) {
        let taken = self.offer.as_ref().is_some_and(|offer| offer.taken.is_some());
        if taken && self.joins_by_offer() == 0 {
            self.withdraw_offer();
        }
    }

    /// How many threads were promised and are not here.
    pub(super) fn joins_by_offer(&self) -> u32 {
        let joins = self.joins.values().filter(|join| join.by_offer.is_some()).count();
        u32::try_from(joins).unwrap_or(u32::MAX)
    }

    /// Forgets the offer, and takes its letter back where that can be.
    fn withdraw_offer(&mut self) {
        let Some(offer) = self.offer.take() else { return };
        self.out.delete(Key::one(Kind::Offer));
        if self.session.has_said_hello() {
            let letter = ItemHash::of(&offer.letter).short();
            let mailbox = offer_box(&offer.secret);
            self.send(ClientToRelay::MailDrop(MailDrop { mailbox, letter }));
        }
    }
}
