//! Bringing the group to where the roster is.

use tandem_proto::{
    DeviceKey, ItemHash, Placed, RosterLink, Statement, ThreadId,
    planted::{Fault, is},
};

use crate::{
    Engine, Key, Misdeed, StuckReason,
    keys::group::{Expected, GroupError, GroupKeys, GroupState, Joining, Member, Mls},
    membership::change::leaves,
    record::Kind,
    state::{Deferred, Pushed, Thread},
};

/// How many links back the group can be followed again on another chain. A relay that was restored
/// from an hour ago has lost one or two; who is beyond this asks for a new seat.
const KEPT_BACK: u64 = 8;

/// Where following begins.
enum Start {
    /// The group as it was after the link is kept.
    Kept(GroupState),
    /// The link gives us a seat, by a package of ours with this secret.
    Seated(Vec<u8>),
}

/// The group can't be brought to where the roster is.
enum Lost {
    /// We have no seat: a member has to give us a new one.
    Seat,
    /// Nobody has: this link does not do what it says.
    Link(ItemHash),
}

impl Engine {
    /// Follows the roster's chain with the group.
    pub(crate) fn follow(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if thread.epoch_key().is_some() {
            return self.followed(id);
        }
        if thread.loaded.is_none() || thread.loading {
            return self.with_records(id, Deferred::Follow);
        }
        match self.walk(id) {
            Ok(()) => self.followed(id),
            Err(Lost::Seat) => {
                // What stopped the group before is behind us: it was founded anew, or its chain lost.
                let thread = self.threads.get_mut(id);
                if thread.is_some_and(|thread| thread.keys.broken.take().is_some()) {
                    self.keep_keys(id);
                }
                self.session.uploaded = false;
            }
            Err(Lost::Link(link)) => {
                let Some(thread) = self.threads.get_mut(id) else { return };
                thread.keys.broken = Some(link);
                let author = thread.roster.link(&link).map(|link| link.author);
                self.keep_keys(id);
                self.touched.insert(*id);
                if let Some(author) = author {
                    self.note_misdeed(id, author, Misdeed::StoppedThread);
                }
            }
        }
    }

    fn walk(&mut self, id: &ThreadId) -> Result<(), Lost> {
        let thread = self.threads.get(id).ok_or(Lost::Seat)?;
        let chain: Vec<Placed> = thread.roster.chain().cloned().collect();
        // Whatever came before the group was founded anew leads nowhere, and stops nobody.
        let anew = chain.iter().rposition(|link| link.statement.founds_group()).unwrap_or(0);
        let chain = &chain[anew..];
        let found = chain.iter().enumerate().rev().find_map(|(at, link)| {
            self.group_after(id, &link.hash)
                .map(Start::Kept)
                .or_else(|| self.seat(thread, link))
                .map(|start| (at, start))
        });
        let (at, start) = found.ok_or(Lost::Seat)?;
        let mut state = match start {
            Start::Kept(state) => state,
            Start::Seated(secret) => {
                let link = &chain[at];
                let state = self.take_seat(thread, link, &secret)?;
                let epoch = thread.roster.epoch_of(&link.hash).ok_or(Lost::Seat)?;
                self.keep_group(id, &link.hash, epoch, &state).map_err(|_| Lost::Seat)?;
                state
            }
        };
        for link in &chain[at + 1..] {
            let thread = self.threads.get(id).ok_or(Lost::Seat)?;
            state = take_step(thread, &state, link)?;
            let epoch = thread.roster.epoch_of(&link.hash).ok_or(Lost::Seat)?;
            self.keep_group(id, &link.hash, epoch, &state).map_err(|_| Lost::Seat)?;
        }
        Ok(())
    }

    /// Whether a link gives this device a seat that it can take.
    fn seat(&self, thread: &Thread, link: &Placed) -> Option<Start> {
        if link.statement.seats() != Some(self.me.device) {
            return None;
        }
        let packages = &thread.keys.packages;
        let package = match &link.statement {
            Statement::Genesis { .. }
            | Statement::Refound { .. }
            | Statement::Remove { .. }
            | Statement::Renew { .. } => return None,
            // Only one link lets a device in, with the package of its request.
            Statement::Admit { .. } | Statement::Readmit { .. } => packages.first()?,
            Statement::Reseat { request } => {
                packages.iter().find(|kept| kept.public == *request.package)?
            }
        };
        Some(Start::Seated(package.secret.to_vec()))
    }

    fn take_seat(&self, thread: &Thread, link: &Placed, secret: &[u8]) -> Result<GroupState, Lost> {
        let members = seated_after(thread, &link.hash).ok_or(Lost::Seat)?;
        let joining = Joining { thread: &thread.id, author: link.author, members: &members };
        let welcome = handshake(thread, &link.hash).ok_or(Lost::Seat)?.welcome;
        // Made for a package of an earlier life of this device, or not as it should be: only we can
        // tell. Whoever else answers may do it better.
        Mls.join(&self.identity(), secret, &welcome, &joining).map_err(|_| Lost::Seat)
    }

    /// The group is where the roster is.
    fn followed(&mut self, id: &ThreadId) {
        self.put_old_groups_away(id);
        let Some(thread) = self.threads.get_mut(id) else { return };
        let asked = thread.keys.request.take().is_some();
        let broken = thread.keys.broken.take().is_some();
        let waits = thread
            .outgoing()
            .any(|(number, _)| thread.outbox.get(&number).is_some_and(|item| item.met.is_none()));
        // What could not be sealed goes now. What is under way is answered first: it may be in the log
        // under the epoch before.
        let under_way = self.session.in_flight.values().any(|flight| {
            flight.thread == *id
                && matches!(flight.pushed, Pushed::Item(n) if thread.outgoing().any(|(m, _)| m == n))
        });
        let reseal = waits && !thread.keys.reseal;
        thread.keys.reseal |= waits;
        if asked || broken || reseal {
            self.keep_keys(id);
        }
        if asked || broken || (waits && !under_way) {
            self.session.uploaded = false;
            self.touched.insert(*id);
        }
        self.clear_refused(id, &StuckReason::Broken);
    }

    /// Forgets states so old that nobody goes back to them.
    fn put_old_groups_away(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let newest = thread.roster.epoch().0;
        let Some(loaded) = thread.loaded.as_mut() else { return };
        // A link of ours that was not taken is kept as long: a log that was lost may have had it.
        let ring = &mut thread.keys.ring;
        let epoch = |link: &ItemHash| ring.after(link).map_or(0, |secret| secret.epoch.0);
        let old: Vec<ItemHash> =
            loaded.groups.keys().filter(|link| epoch(link) + KEPT_BACK < newest).copied().collect();
        for link in old {
            loaded.groups.remove(&link);
            self.out.delete(Key::group(id, &link));
            if !thread.roster.knows(&link) {
                ring.forget(&link);
            }
        }
    }

    /// What waited for a reason that is gone waits no longer for it.
    pub(crate) fn clear_refused(&mut self, id: &ThreadId, reason: &StuckReason) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        for (number, item) in &mut thread.outbox {
            if item.refused.as_ref() == Some(reason) {
                item.refused = None;
                self.out.put(Key::number(Kind::Outbox, id, *number), item);
                self.touched.insert(*id);
            }
        }
    }
}

/// The group after another's link.
fn take_step(thread: &Thread, state: &GroupState, link: &Placed) -> Result<GroupState, Lost> {
    let card = |device: &DeviceKey| thread.roster.card_ever(device);
    // A group that another founded anew begins without us.
    if link.statement.founds_group() {
        return Err(Lost::Seat);
    }
    let mut add = Vec::new();
    if let Some(device) = link.statement.seats() {
        let person = card(&device).ok_or(Lost::Link(link.hash))?.person;
        add.push(Member { person, device });
    }
    let before = thread.roster.seated_after(&link.previous).ok_or(Lost::Seat)?;
    let leaves = leaves(&link.statement, &before);
    let expected = Expected { author: link.author, add: &add, remove: &leaves };
    let commit = handshake(thread, &link.hash).ok_or(Lost::Seat)?.commit;
    let next = Mls.process(state, &commit, &expected).map_err(|error| match error {
        // Ours, made in a life that this store does not remember; or we were given a seat that we
        // can't take; or our own state is damaged.
        GroupError::Own | GroupError::Removed | GroupError::State => Lost::Seat,
        _ => Lost::Link(link.hash),
    })?;
    // Exactly who the roster gives a seat holds the keys.
    match (Mls.members(&next), seated_after(thread, &link.hash)) {
        (Ok(found), Some(said)) if Member::all_stand_for(&found, &said) => Ok(next),
        (Ok(_), Some(_)) if is(Fault::PolicySkipped) || is(Fault::SeatStays) => Ok(next),
        _ => Err(Lost::Link(link.hash)),
    }
}

/// Who has a seat after a link, sorted.
fn seated_after(thread: &Thread, link: &ItemHash) -> Option<Vec<Member>> {
    let cards = thread.roster.members_after(link)?;
    let seated = thread.roster.seated_after(link)?;
    let mut members: Vec<Member> = cards
        .values()
        .filter(|card| seated.contains(&card.device))
        .map(|card| Member { person: card.person, device: card.device })
        .collect();
    members.sort_unstable();
    Some(members)
}

fn handshake(thread: &Thread, link: &ItemHash) -> Option<tandem_proto::Handshake> {
    // Checked when it came.
    RosterLink::parse(thread.link_item(link)?).ok().map(|link| link.handshake)
}
