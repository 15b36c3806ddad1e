//! Welcomes, from the commit of a link until the newcomer is heard of.

use tandem_proto::{DeviceKey, InviteId, ItemHash, ThreadId, welcome_box};

use crate::{
    Engine,
    engine::random,
    join::{JoinError, Reply, Welcome},
    keys::GroupKeys,
    record::Admission,
    session::Phase,
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

    /// Leaves the welcome: the thread's key and a snapshot, sealed to the newcomer's one-time key.
    pub(crate) fn welcome(&mut self, id: &ThreadId, invite: &InviteId) {
        if self.session.phase != Phase::Live {
            return;
        }
        let seed = random(&mut self.rng);
        let Some(record) = self.invites.get(invite) else { return };
        let Some(used) = record.used.clone() else { return };
        if used.admission != Admission::Welcoming {
            return;
        }
        let mailbox = welcome_box(&record.secret, &used.one_time);
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(key) = thread.record.key.secret(thread.record.key.epoch()).copied() else {
            return;
        };
        let roster = thread.roster.to_items();
        let title = thread.inbox.title.clone();
        let Some(loaded) = thread.loaded.as_mut() else { return };
        let attestations = loaded.attestations.values().cloned().collect();
        let Ok(doc) = loaded.doc() else { return };
        let whole = Welcome { key, roster, title, snapshot: doc.save(), attestations };
        let letter = self.seal_welcome(&whole, invite, &used.one_time, seed).or_else(|_| {
            // A thread that is longer than a letter is read from the log, which has all of it.
            let snapshot = ThreadDoc::begin().save();
            let short = Welcome { snapshot, attestations: Vec::new(), ..whole };
            self.seal_welcome(&short, invite, &used.one_time, seed)
        });
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
