//! Making a link, with the group's step in it.

use std::collections::BTreeSet;

use tandem_proto::{
    DeviceKey, Epoch, Handshake, ItemHash, Leavers, Placed, RosterLink, Statement, ThreadId,
    planted::{Fault, is},
};

use crate::{
    Engine, Key,
    engine::random,
    keys::{
        EpochSecret,
        group::{Change, GroupError, GroupKeys, GroupState, Identity, Mls},
    },
    record::GroupRecord,
};

impl Engine {
    /// This device as the group knows it.
    pub(crate) const fn identity(&self) -> Identity<'_> {
        Identity { person: self.me.person, key: &self.me.identity }
    }

    /// The group of a thread that is being founded.
    pub(crate) fn found_group(
        &mut self,
        id: &ThreadId,
        genesis: &ItemHash,
    ) -> Result<(), GroupError> {
        let seed = random(&mut self.rng);
        let state = Mls.found(&seed, &self.identity(), id)?;
        self.keep_group(id, genesis, Epoch(0), &state)
    }

    /// Makes a link behind those that are here or on their way, which gives the device that it
    /// seats the place in the group that `package` asks for, and takes out whom it takes out; queues
    /// it for the relay.
    ///
    /// Nothing happens while this device can't follow the group; whoever asked asks again after
    /// the next catching up.
    pub(crate) fn make_link(
        &mut self,
        id: &ThreadId,
        statement: Statement,
        package: Option<&[u8]>,
    ) {
        let seed = random(&mut self.rng);
        let Some(ahead) = self.roster_ahead(id) else { return };
        let previous = ahead.head();
        let Some(state) = self.group_after(id, &previous) else { return };
        let seated = ahead.seated_after(&previous).unwrap_or_default();
        let leaves = leaves(&statement, &seated);
        let change = Change { add: package.as_slice(), remove: &leaves };
        // What can't be done in the group can't be done at all; the packages of others were
        // checked when they came.
        let Ok(changed) = Mls.change(&seed, &self.identity(), &state, &change) else { return };
        let commit = changed.commit.try_into();
        let welcome = changed.welcome.unwrap_or_default().try_into();
        let (Ok(commit), Ok(welcome)) = (commit, welcome) else { return };
        let handshake = Handshake { commit, welcome };
        let link =
            RosterLink::sign(&self.me.identity, previous, self.now, statement, handshake).to_item();
        // What may be said is judged when it is wished for, and here again: the roster may have moved.
        if ahead.clone().insert(&link).is_err() {
            return;
        }
        // The state counts when the link does. It is kept now: nobody can make it again.
        let epoch = Epoch(ahead.epoch().0 + 1);
        if self.keep_group(id, &ItemHash::of(&link), epoch, &changed.state).is_ok() {
            self.enqueue_link(id, link);
        }
    }

    /// Founds the group anew, with this device alone in it and some left out, behind the links that
    /// are here or on their way.
    pub(crate) fn refound(&mut self, id: &ThreadId, out: Leavers) {
        let seed = random(&mut self.rng);
        let Some(ahead) = self.roster_ahead(id) else { return };
        let (previous, epoch) = (ahead.head(), Epoch(ahead.epoch().0 + 1));
        let own = |link: &Placed| {
            matches!(link.statement, Statement::Refound { .. }) && link.author == self.me.device
        };
        if out.is_empty() && ahead.link(&previous).is_some_and(own) {
            // It is on its way.
            return;
        }
        let Ok(state) = Mls.found(&seed, &self.identity(), id) else { return };
        let (statement, handshake) = (Statement::Refound { out }, Handshake::default());
        let link =
            RosterLink::sign(&self.me.identity, previous, self.now, statement, handshake).to_item();
        if self.keep_group(id, &ItemHash::of(&link), epoch, &state).is_ok() {
            self.enqueue_link(id, link);
        }
    }

    /// The group as it was after a link, if it is kept.
    pub(crate) fn group_after(&self, id: &ThreadId, link: &ItemHash) -> Option<GroupState> {
        let loaded = self.threads.get(id)?.loaded.as_ref()?;
        loaded.groups.get(link).map(|record| GroupState::from_bytes(record.0.to_vec()))
    }

    /// Keeps the group as it is after a link, and the secret of the epoch that the link begins.
    pub(super) fn keep_group(
        &mut self,
        id: &ThreadId,
        link: &ItemHash,
        epoch: Epoch,
        state: &GroupState,
    ) -> Result<(), GroupError> {
        let secret = EpochSecret::new(*link, epoch, Mls.secret(state)?);
        let Some(thread) = self.threads.get_mut(id) else { return Ok(()) };
        thread.keys.ring.keep(secret);
        let record = GroupRecord(state.as_bytes().to_vec().into());
        self.out.put(Key::group(id, link), &record);
        match thread.loaded.as_mut() {
            Some(loaded) => drop(loaded.groups.insert(*link, record)),
            None => thread.overtaken = true,
        }
        self.keep_keys(id);
        Ok(())
    }
}

/// Who gives up a seat by a link: whoever is taken out, and who has one already for the new one.
pub(super) fn leaves(statement: &Statement, seated: &BTreeSet<DeviceKey>) -> Vec<DeviceKey> {
    let out = statement.out().iter().map(|leaver| leaver.device);
    let out = out.filter(|_| !is(Fault::SeatStays));
    out.chain(statement.seats()).filter(|device| seated.contains(device)).collect()
}
