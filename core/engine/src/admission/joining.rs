//! A newcomer's side: what is believed of an answer, and going in.

use automerge::ChangeHash;
use tandem_proto::{InviteId, InviteLink, MailboxId, RosterLinkError, ThreadId};

use crate::{
    Engine, Key, NotLetIn, Trouble, batch,
    join::{self, JoinError, Newcomer, Reply, SignedWelcome},
    record::{ByOffer, Deed, ItemRecord, KeptPackage, KeysRecord, Kind},
    thread::{Authors, DocError, ThreadDoc},
};

/// Items of a log that one change may stand in, on average: copies stay few (DESIGN, section 5).
const MAX_COPIES: usize = 16;

/// A welcome that leads nowhere. Which of the reasons it is matters to nobody: it is not believed.
#[derive(Debug, thiserror::Error)]
pub(super) enum EnterError {
    /// It is not from who let us in, or not about this thread.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// Its document can't be read.
    #[error(transparent)]
    Document(#[from] DocError),
    /// The thread can't be begun.
    #[error(transparent)]
    Thread(#[from] Trouble),
}

impl Engine {
    /// An answer to our request; a welcome is verified whole before anything of it is believed.
    pub(super) fn take_reply(&mut self, invite: &InviteId, mailbox: MailboxId, letter: &[u8]) {
        let Some(join) = self.joins.get(invite) else { return };
        let (link, one_time) = (join.link.clone(), join.one_time);
        let (package, by) = (join.package.clone(), join.by_offer.clone());
        let refused = match Reply::open(&one_time, letter) {
            Ok(Reply::Welcome(welcome)) => {
                // Whoever knows the link can leave a false one: it changes nothing, and the true
                // one may still come.
                match self.enter(&link, &one_time, package, by.as_ref(), &welcome) {
                    Ok(()) => {
                        self.arrive(&link.thread);
                        None
                    }
                    Err(EnterError::Join(JoinError::Roster(RosterLinkError::Newer))) => {
                        Some(NotLetIn::NewerVersionNeeded)
                    }
                    Err(_) => None,
                }
            }
            Ok(Reply::Taken) => Some(NotLetIn::LinkUsed),
            Ok(Reply::Expired) => Some(NotLetIn::LinkExpired),
            Ok(Reply::Revoked) => Some(NotLetIn::LinkRevoked),
            // It answers no join.
            Ok(Reply::Uptake(_)) => None,
            Err(JoinError::Newer(_)) => Some(NotLetIn::NewerVersionNeeded),
            Err(_) => None,
        };
        if let Some(why) = refused
            && let Some(join) = self.joins.get_mut(invite)
        {
            join.refused = Some(why);
            let record = join.clone();
            self.out.put(Key::invite(Kind::Join, invite), &record);
        }
        self.drop_letter(mailbox, letter);
        self.inbox_moved = true;
    }

    /// The thread is here: no join for it waits any longer.
    pub(super) fn arrive(&mut self, id: &ThreadId) {
        let done: Vec<InviteId> = self
            .joins
            .iter()
            .filter(|(_, join)| join.link.thread == *id)
            .map(|(invite, _)| *invite)
            .collect();
        for invite in done {
            self.joins.remove(&invite);
            self.out.delete(Key::invite(Kind::Join, &invite));
        }
        // The document was just begun from a snapshot that verified.
        let _ = self.act(id, Deed::Name { name: self.own_name(id) });
        self.name_thread(id);
        self.session.uploaded = false;
        self.offer_arrives();
    }

    /// What this person is called in a thread: as they called themselves there before, on another
    /// device.
    fn own_name(&self, id: &ThreadId) -> String {
        let known = self.threads.get(id).and_then(|thread| {
            let facts = thread.loaded.as_ref()?.fold.facts();
            Some(facts.name(&self.me.person, &thread.cast).to_owned())
        });
        known.filter(|name| !name.is_empty()).unwrap_or_else(|| self.me.name.clone())
    }

    pub(super) fn enter(
        &mut self,
        link: &InviteLink,
        one_time: &[u8; 32],
        package: KeptPackage,
        by: Option<&ByOffer>,
        welcome: &SignedWelcome,
    ) -> Result<(), EnterError> {
        if self.threads.contains_key(&link.thread) {
            return Ok(());
        }
        let id = link.thread;
        let me = Newcomer {
            person: by.map_or(self.me.person, |by| by.person),
            device: self.me.device,
            transport: self.me.transport_key,
        };
        if !self.is_nobody_else(&me.person) {
            return Err(JoinError::NotAdmitted.into());
        }
        let (welcome, roster) = welcome.verify(link, &me, &join::one_time_public(one_time))?;
        let cast = crate::state::Cast::of(&roster);
        let mut doc = ThreadDoc::load(std::slice::from_ref(&welcome.snapshot))?;
        let changes = doc.changes();
        let first = ThreadDoc::begin().heads();
        // A document begins with a change, which is its only head then.
        let first = first.first().ok_or(JoinError::Incomplete)?;
        join::verify_snapshot(&id, first, &changes, &welcome.attestations, &|p| cast.device(p))?;
        if let Some(by) = by {
            self.become_somebody(by);
        }
        let handed_over = !welcome.items.is_empty();
        let keys = KeysRecord { packages: vec![package], handed_over, ..KeysRecord::default() };
        self.begin_thread(id, keys, welcome.roster, ThreadDoc::begin())?;
        // By the link that let us in; when that is for a package of an earlier life of this device,
        // a member gives us another seat.
        self.follow(&id);
        // The snapshot goes in as the log's changes would, one by one through the fold; nothing of
        // it counts as met until the log shows it.
        let Some(thread) = self.threads.get_mut(&id) else { return Ok(()) };
        thread.record.unmet = changes.iter().map(automerge::Change::hash).collect();
        if let Some(loaded) = thread.loaded.as_mut() {
            let taken = loaded.doc().and_then(|doc| doc.take(changes.clone()));
            for change in taken? {
                let author = batch::prefix_of(change.actor_id().to_bytes());
                let author = author.and_then(|prefix| cast.known(&prefix));
                self.take_change(&id, &change, author.as_ref());
            }
            for attestation in welcome.attestations.clone() {
                self.keep_attestation(&id, attestation);
            }
        }
        let places = join::places(&changes);
        let hashes: Vec<ChangeHash> = places.into_keys().collect();
        // Each change stands in a few items at most; more is no welcome of ours.
        let named: usize = welcome.items.iter().map(|(_, places)| places.len()).sum();
        let items = if named <= MAX_COPIES * hashes.len() { welcome.items } else { Vec::new() };
        for (item, places) in items {
            let brought = places.iter().map(|place| hashes.get(*place as usize).copied());
            if let Some(brought) = brought.collect::<Option<Vec<_>>>()
                && let Some(loaded) = self.threads.get_mut(&id).and_then(|t| t.loaded.as_mut())
            {
                self.out.put(Key::item(&id, &item), &ItemRecord(brought.clone()));
                loaded.items.insert(item, brought);
            }
        }
        self.compact(&id);
        self.keep_thread(&id);
        Ok(())
    }
}
