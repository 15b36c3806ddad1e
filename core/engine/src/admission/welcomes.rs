//! Welcomes, from the commit of a link until the newcomer is heard of.

use std::collections::BTreeMap;

use automerge::ChangeHash;
use tandem_proto::{
    DeviceKey, Hash16, InviteId, ItemHash, ThreadId,
    planted::{Fault, is},
    welcome_box,
};

use crate::{
    Engine,
    engine::random,
    join::{JoinError, KnownItem, Reply, Welcome, places},
    record::Admission,
    session::Phase,
    state::Deferred,
    thread::ThreadDoc,
};

impl Engine {
    /// In a new generation a welcome may be gone; it is put again unless its reader has arrived.
    pub(crate) fn welcome_again(&mut self, invite: &InviteId) {
        let welcomed = self.invites.get(invite).and_then(|r| r.used.as_ref());
        if welcomed.is_some_and(|used| used.admission == Admission::Welcomed) {
            self.set_admission(invite, Admission::Welcoming);
        }
    }

    /// Leaves the welcome: the roster, whose links hold the newcomer's way into the group, and a
    /// snapshot, sealed to the newcomer's one-time key.
    pub(crate) fn welcome(&mut self, id: &ThreadId, invite: &InviteId) {
        let newcomer = self.invites.get(invite).and_then(|record| record.used.as_ref());
        if newcomer.is_some_and(|used| self.has_left(id, &used.device)) {
            return self.set_admission(invite, Admission::Arrived);
        }
        self.vouch_for_newcomer(id, invite);
        if self.session.phase != Phase::Live {
            return;
        }
        let seed = random(&mut self.rng);
        let Some(record) = self.invites.get(invite) else { return };
        let Some(used) = record.used.clone() else { return };
        if used.admission != Admission::Welcoming {
            return;
        }
        // One is on its way: it is stored, or the connection ends.
        if self.session.welcomes.values().any(|other| other == invite) {
            return;
        }
        let mailbox = welcome_box(&record.secret, &used.one_time);
        let Some(thread) = self.threads.get_mut(id) else { return };
        let roster = thread.links.links.clone();
        let title = thread.inbox.title.clone();
        let Some(loaded) = thread.loaded.as_mut() else { return };
        if !loaded.all_items {
            thread.deferred.push_front(Deferred::Welcome(*invite));
            return self.read_items(id);
        }
        let attestations = loaded.attestations.values().cloned().collect();
        let known = loaded.items.clone();
        let Ok(doc) = loaded.doc() else { return };
        let items =
            if is(Fault::WelcomeWithoutItems) { Vec::new() } else { known_items(doc, &known) };
        let whole = Welcome { roster, title, snapshot: doc.save(), attestations, items };
        let mut letter = self.seal_welcome(&whole, invite, &used.one_time, seed);
        if letter.is_err() {
            // A thread that is longer than a letter is carried again, under an epoch that the
            // newcomer has the key of.
            let snapshot = ThreadDoc::begin().save();
            let (attestations, items) = (Vec::new(), Vec::new());
            let short = Welcome { snapshot, attestations, items, ..whole };
            letter = self.seal_welcome(&short, invite, &used.one_time, seed);
            if letter.is_ok()
                && let Some(thread) = self.threads.get_mut(id)
            {
                thread.record.unmet_all = true;
                self.keep_thread(id);
                self.session.uploaded = false;
            }
        }
        // What is left of errors is a one-time key that nothing can be sealed to.
        if let Ok(letter) = letter {
            self.session.welcomes.insert(ItemHash::of(&letter).short(), *invite);
            self.put_letter(mailbox, letter);
        }
    }

    pub(super) fn seal_welcome(
        &self,
        welcome: &Welcome,
        invite: &InviteId,
        one_time: &[u8; 32],
        seed: [u8; 32],
    ) -> Result<Vec<u8>, JoinError> {
        let signed = welcome.sign(&self.me.identity, invite, one_time)?;
        Reply::Welcome(signed).seal(one_time, seed)
    }

    /// A device has shown that it is in.
    pub(crate) fn heard_of(&mut self, id: &ThreadId, device: &DeviceKey) {
        let arrived: Vec<InviteId> = self
            .invites
            .iter()
            .filter(|(_, r)| r.thread == *id)
            .filter(|(_, r)| {
                r.used.as_ref().is_some_and(|used| {
                    used.device == *device
                        && matches!(used.admission, Admission::Welcoming | Admission::Welcomed)
                })
            })
            .map(|(invite, _)| *invite)
            .collect();
        for invite in arrived {
            self.set_admission(&invite, Admission::Arrived);
        }
    }
}

/// What items of the log brought, as a welcome says it.
fn known_items(doc: &mut ThreadDoc, known: &BTreeMap<Hash16, Vec<ChangeHash>>) -> Vec<KnownItem> {
    let places = places(&doc.changes());
    let place = |change: &ChangeHash| places.get(change).copied();
    known
        .iter()
        // What is not whole in the document can't be said to be.
        .filter_map(|(item, changes)| {
            Some((*item, changes.iter().map(place).collect::<Option<_>>()?))
        })
        .collect()
}
