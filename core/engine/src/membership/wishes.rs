//! What people want of a thread's membership: kept until a link has done it, and done by a link
//! that is made when the log has been read.

use std::collections::BTreeMap;

use tandem_proto::{
    Because, BoundedVec, Card, DeviceKey, Handshake, LastWord, Leaver, Leavers, PersonId,
    RosterLink, RosterLinkError, Statement, ThreadId, limits::MAX_LEAVERS,
};

use crate::{
    Answer, Engine, Intent, Trouble, batch, intents::NOT_IN, record::Wish, state::Deferred,
};

impl Wish {
    /// The devices that it is about, of those who are in: also such as came in since it was wished.
    fn devices(&self, members: &BTreeMap<DeviceKey, Card>) -> Vec<DeviceKey> {
        match self {
            Self::Leave => Vec::new(),
            Self::Remove { person, device } => devices_of(members, person, *device),
            Self::GoOnWithout(person) => devices_of(members, person, None),
        }
    }

    /// Whether it is still to be done, by who is in now.
    pub(super) fn is_open(&self, members: &BTreeMap<DeviceKey, Card>, me: &DeviceKey) -> bool {
        // Who is out wishes nothing any more.
        let Some(me) = members.get(me) else { return false };
        match self {
            // The last one leaves nobody.
            Self::Leave => members.values().any(|card| card.person != me.person),
            _ => !self.devices(members).is_empty(),
        }
    }
}

impl Engine {
    /// Takes an intent about who is in.
    pub(crate) fn wish(&mut self, id: &ThreadId, intent: &Intent) -> Result<Answer, Trouble> {
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        let members = thread.roster.members();
        if !members.contains_key(&self.me.device) {
            return Err(Trouble::NotAllowed(NOT_IN));
        }
        let wish = match intent {
            Intent::Leave { .. } if thread.has_others(&self.me.person) => Wish::Leave,
            Intent::Leave { .. } if members.len() > 1 => {
                return Err(Trouble::NotAllowed(
                    "only devices of yours are in this thread: take one out with `tandem remove` and \
                     `--device`",
                ));
            }
            Intent::Leave { .. } => {
                return Err(Trouble::NotAllowed(
                    "nobody else is in this thread: there is nobody to leave",
                ));
            }
            Intent::Remove { person, device, .. } => {
                let wish = Wish::Remove { person: *person, device: *device };
                let devices = wish.devices(members);
                if devices.contains(&self.me.device) {
                    return Err(Trouble::NotAllowed(
                        "this is the device in your hands; to leave with all your devices, use \
                         `tandem leave`",
                    ));
                }
                self.may(id, |out| Statement::Remove { out }, &devices)?;
                wish
            }
            Intent::Refound { without, .. } => {
                let wish = Wish::GoOnWithout(*without);
                let devices = wish.devices(members);
                if devices.contains(&self.me.device) {
                    return Err(Trouble::NotAllowed(
                        "nobody founds a thread's group without themselves",
                    ));
                }
                self.may(id, |out| Statement::Refound { out }, &devices)?;
                wish
            }
            _ => return Err(Trouble::UnknownThread),
        };
        let thread = self.threads.get_mut(id).ok_or(Trouble::UnknownThread)?;
        if !thread.keys.wishes.contains(&wish) {
            thread.keys.wishes.push(wish);
            self.keep_keys(id);
            self.touched.insert(*id);
            // It is done when the log has been read: now, if it has been.
            self.session.uploaded = false;
            self.name_thread(id);
        }
        Ok(Answer::Wished(*id))
    }

    /// Whether this device could say so now.
    fn may(
        &self,
        id: &ThreadId,
        say: impl Fn(Leavers) -> Statement,
        devices: &[DeviceKey],
    ) -> Result<(), Trouble> {
        if devices.is_empty() {
            return Err(Trouble::UnknownPerson);
        }
        let words = BoundedVec::default;
        let out: Vec<Leaver> = devices
            .iter()
            .map(|device| Leaver { device: *device, because: Because::Decided, words: words() })
            .collect();
        let max = MAX_LEAVERS;
        let out = out.try_into().map_err(|_| Trouble::TooMany { count: devices.len(), max })?;
        match self.would_take(id, say(out)) {
            Some(Ok(())) => Ok(()),
            Some(Err(RosterLinkError::NotTheirsToRemove)) => Err(Trouble::NotAllowed(
                "guardians take out guardians; a lead, or whoever founded the thread, takes out the others; \
                 a guardian or a lead takes out the school's records; what stops a thread is gone on without with `tandem refound`",
            )),
            _ => Err(Trouble::NotAllowed(NOT_IN)),
        }
    }

    /// Whether the roster would take a statement of ours behind what is on its way.
    pub(crate) fn would_take(
        &self,
        id: &ThreadId,
        statement: Statement,
    ) -> Option<Result<(), RosterLinkError>> {
        let mut ahead = self.roster_ahead(id)?;
        let (key, previous) = (&self.me.identity, ahead.head());
        let link = RosterLink::sign(key, previous, self.now, statement, Handshake::default());
        Some(ahead.insert(&link.to_item()).map(|_| ()))
    }

    /// After catching up: does what is wished for, lets go who leaves, and takes out on this chain
    /// whom another has taken out.
    pub(crate) fn settle_members(&mut self, id: &ThreadId) {
        self.forget_what_is_done(id);
        let Some(thread) = self.threads.get(id) else { return };
        let nothing = thread.keys.wishes.is_empty()
            && thread.keys.leaving.is_empty()
            && thread.roster.to_take_out().is_empty();
        if !nothing && thread.roster.members().contains_key(&self.me.device) {
            self.with_records(id, Deferred::Members);
        }
    }

    /// The thread's records are here.
    pub(crate) fn change_members(&mut self, id: &ThreadId) {
        self.take_out_here_too(id);
        self.let_leave(id);
        let wishes = self.threads.get(id).map(|t| t.keys.wishes.clone()).unwrap_or_default();
        for wish in wishes {
            if wish == Wish::Leave {
                self.say_farewell(id);
                continue;
            }
            let Some(ahead) = self.roster_ahead(id) else { return };
            let mut devices = wish.devices(ahead.members());
            if let (Wish::GoOnWithout(_), Some(seated)) = (&wish, self.seated_by_what_broke(id)) {
                devices.retain(|device| *device != seated);
                devices.insert(0, seated);
            }
            let devices = devices.into_iter().take(MAX_LEAVERS);
            let out: Vec<Leaver> =
                devices.map(|device| self.leaver(id, &device, Because::Decided)).collect();
            let Ok(out) = Leavers::try_from(out) else { continue };
            match wish {
                _ if out.is_empty() => {}
                Wish::GoOnWithout(_) => self.refound(id, out),
                _ => self.make_link(id, Statement::Remove { out }, None),
            }
        }
    }

    /// Whom the link let in that stopped the thread: nobody ever shared a key with them, and they are
    /// not to be given a seat by asking for one. Not where leaving them out is not ours to say.
    fn seated_by_what_broke(&mut self, id: &ThreadId) -> Option<DeviceKey> {
        let thread = self.threads.get(id)?;
        let link = thread.roster.link(&thread.keys.broken?)?;
        let device = link.statement.card()?.device;
        if !thread.roster.members().contains_key(&device) || device == self.me.device {
            return None;
        }
        let out = vec![self.leaver(id, &device, Because::Decided)].try_into().ok()?;
        self.would_take(id, Statement::Refound { out })?.ok().map(|()| device)
    }

    /// Once out is out: whom a link of another chain took out, and who has a seat on this.
    fn take_out_here_too(&mut self, id: &ThreadId) {
        let Some(ahead) = self.roster_ahead(id) else { return };
        let (mut anew, mut repeated) = (Vec::new(), Vec::new());
        for (device, link) in ahead.to_take_out().into_iter().take(MAX_LEAVERS) {
            let because = Because::Removed(link);
            repeated.push(Leaver { device, because, words: BoundedVec::default() });
            // Ours may be nowhere but here: it is said anew, with the same words.
            let own = ahead.link(&link).filter(|link| link.author == self.me.device);
            let own = own.and_then(|link| link.statement.out().iter().find(|l| l.device == device));
            anew.extend(own.cloned());
        }
        for out in [anew, repeated] {
            let Ok(out) = Leavers::try_from(out) else { continue };
            let statement = Statement::Remove { out };
            if matches!(self.would_take(id, statement.clone()), Some(Ok(()))) {
                return self.make_link(id, statement, None);
            }
        }
    }

    /// A device that is to be taken out, with its words as far as they are here.
    pub(crate) fn leaver(&mut self, id: &ThreadId, device: &DeviceKey, because: Because) -> Leaver {
        let maker = batch::actor_prefix(id, device);
        let loaded = self.threads.get_mut(id).and_then(|thread| thread.loaded.as_mut());
        let doc = loaded.and_then(|loaded| loaded.doc().ok());
        let words: Vec<LastWord> = doc
            .map(|doc| doc.last_operations(&maker))
            .unwrap_or_default()
            .into_iter()
            .map(|(incarnation, operation)| LastWord { incarnation, operation })
            .collect();
        // Cut to the limit by the document.
        Leaver { device: *device, because, words: words.try_into().unwrap_or_default() }
    }
}

/// A person's devices that are in, or the one of them that was named.
fn devices_of(
    members: &BTreeMap<DeviceKey, Card>,
    person: &PersonId,
    device: Option<DeviceKey>,
) -> Vec<DeviceKey> {
    let theirs = members.values().filter(|card| card.person == *person).map(|card| card.device);
    theirs.filter(|theirs| device.is_none_or(|only| only == *theirs)).collect()
}
