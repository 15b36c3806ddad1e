//! Getting in: invites and admissions on one side, joins on the other.

use tandem_proto::{
    Card, ClientToRelay, DeviceKey, Hash16, InviteId, ItemHash, Mail, MailDrop, MailPut,
    MailStored, MailWatch, MailboxId, Roster, RosterLink, Statement, ThreadId,
    limits::{LETTER_LIFETIME_MS, MAX_LETTERS_PER_MAILBOX, MAX_MAILBOXES_PER_FRAME},
    planted::{Fault, is},
    request_box, welcome_box,
};

use crate::{
    Engine, FoundedKey, Key, batch,
    engine::random,
    join::{self, JoinRequest, Newcomer, Welcome},
    keys::GroupKeys,
    record::{Admission, Cargo, Deed, InviteUse, Kind},
    session::Phase,
    state::Deferred,
    thread::{Authors, ThreadDoc},
};

impl Engine {
    /// Leaves join requests, and asks for letters, in the flight of Hello.
    pub(crate) fn say_mail(&mut self) {
        let mut boxes = Vec::new();
        for record in self.invites.values() {
            // A used invite is watched a while longer: its newcomer may have to ask again, and a
            // second one is to be noticed.
            let old = self.now.since_ms(record.made) > LETTER_LIFETIME_MS;
            if !old || record.used.as_ref().is_none_or(|u| u.admission != Admission::Arrived) {
                boxes.push(request_box(&record.secret));
            }
        }
        for invite in self.joins.keys().copied().collect::<Vec<_>>() {
            self.put_request(&invite);
            if let Some(mailbox) = self.join_box(&invite) {
                boxes.push(mailbox);
            }
        }
        self.watch_boxes(&boxes);
    }

    fn join_box(&self, invite: &InviteId) -> Option<MailboxId> {
        let join = self.joins.get(invite)?;
        let public = join::one_time_public(&join.one_time);
        Some(welcome_box(&join.link.secret, &public))
    }

    fn watch_boxes(&mut self, boxes: &[MailboxId]) {
        self.session.moved |= !boxes.is_empty();
        for chunk in boxes.chunks(MAX_MAILBOXES_PER_FRAME) {
            self.session.mail.extend(chunk);
            // Cut to the limit just above.
            let mailboxes = chunk.to_vec().try_into().unwrap_or_default();
            self.send(ClientToRelay::MailWatch(MailWatch { mailboxes }));
        }
    }

    fn put_letter(&mut self, mailbox: MailboxId, letter: Vec<u8>) {
        let hash = ItemHash::of(&letter).short();
        if let Ok(letter) = letter.try_into() {
            self.session.moved = true;
            self.session.letters.insert(hash);
            self.send(ClientToRelay::MailPut(MailPut { mailbox, letter }));
        }
    }

    fn put_request(&mut self, invite: &InviteId) {
        let Some(join) = self.joins.get(invite) else { return };
        if join.refused.is_none() {
            let (mailbox, letter) = (request_box(&join.link.secret), join.letter.clone());
            self.put_letter(mailbox, letter);
        }
    }

    /// A new invite's box, while connected.
    pub(crate) fn watch_invite(&mut self, invite: &InviteId) {
        if self.session.has_said_hello()
            && let Some(record) = self.invites.get(invite)
        {
            let mailbox = request_box(&record.secret);
            self.watch_boxes(&[mailbox]);
        }
    }

    /// A new join, while connected.
    pub(crate) fn knock(&mut self, invite: &InviteId) {
        if self.session.has_said_hello() {
            self.put_request(invite);
            if let Some(mailbox) = self.join_box(invite) {
                self.watch_boxes(&[mailbox]);
            }
        }
    }

    /// Letters came.
    pub(crate) fn take_mail(&mut self, mail: Mail) {
        self.session.mail.remove(&mail.mailbox);
        let mailbox = mail.mailbox;
        let invite = self
            .invites
            .iter()
            .find(|(_, record)| request_box(&record.secret) == mailbox)
            .map(|(invite, _)| *invite);
        let join = self.joins.keys().copied().find(|invite| self.join_box(invite) == Some(mailbox));
        for letter in mail.letters.into_inner() {
            let letter = letter.into_inner();
            if let Some(invite) = invite {
                self.take_request(&invite, mailbox, &letter);
            } else if let Some(join) = join {
                self.take_welcome(&join, mailbox, &letter);
            }
        }
    }

    fn drop_letter(&mut self, mailbox: MailboxId, letter: &[u8]) {
        let letter = ItemHash::of(letter).short();
        self.send(ClientToRelay::MailDrop(MailDrop { mailbox, letter }));
    }

    /// A join request: the first with an invite is admitted, a later one is shown.
    fn take_request(&mut self, invite: &InviteId, mailbox: MailboxId, letter: &[u8]) {
        let hash = ItemHash::of(letter).short();
        let Some(record) = self.invites.get_mut(invite) else { return };
        if record.knocks.iter().any(|(known, _)| *known == hash) {
            return self.drop_letter(mailbox, letter);
        }
        let Ok(request) = JoinRequest::open(&record.secret, letter) else {
            return self.drop_letter(mailbox, letter);
        };
        if let Some(used) = &record.used {
            // Asked again: whatever was left for the newcomer is gone, or was never found.
            if used.device == request.newcomer().device {
                return self.welcome_anew(invite, hash, *request.one_time());
            }
            if !is(Fault::AdmitTwice) {
                return self.note_knock(invite, hash, request.name(), mailbox, letter);
            }
        }
        let (thread, newcomer) = (record.thread, request.newcomer().card(record.role));
        if !self.can_admit(&thread, &newcomer, invite) {
            // Someone who claims to be a member already: shown, and not let in.
            return self.note_knock(invite, hash, request.name(), mailbox, letter);
        }
        let Some(record) = self.invites.get_mut(invite) else { return };
        record.used = Some(InviteUse {
            request: hash,
            person: request.newcomer().person,
            device: request.newcomer().device,
            transport: request.newcomer().transport,
            one_time: *request.one_time(),
            admission: Admission::Linking,
        });
        self.keep_invite(invite);
        self.admit(invite);
    }

    /// Notes who asks and is not let in.
    fn note_knock(
        &mut self,
        invite: &InviteId,
        request: Hash16,
        name: &str,
        mailbox: MailboxId,
        letter: &[u8],
    ) {
        if let Some(record) = self.invites.get_mut(invite)
            && record.knocks.len() < MAX_LETTERS_PER_MAILBOX
        {
            record.knocks.push((request, name.to_owned()));
            self.keep_invite(invite);
            self.inbox_moved = true;
        }
        self.drop_letter(mailbox, letter);
    }

    /// The device that this invite let in asks again: the relay lost its welcome, or it lost the
    /// one-time key of its first request with whatever else its store had. It gets its welcome
    /// again, to the key of this request.
    fn welcome_anew(&mut self, invite: &InviteId, request: Hash16, one_time: [u8; 32]) {
        let Some(used) = self.invites.get_mut(invite).and_then(|r| r.used.as_mut()) else { return };
        if matches!(used.admission, Admission::Linking | Admission::Welcoming)
            && used.request == request
        {
            return;
        }
        used.request = request;
        used.one_time = one_time;
        if used.admission != Admission::Linking {
            used.admission = Admission::Welcoming;
        }
        self.keep_invite(invite);
        if let Some(id) = self.invites.get(invite).map(|record| record.thread) {
            self.with_records(&id, Deferred::Welcome(*invite));
        }
    }

    fn keep_invite(&mut self, invite: &InviteId) {
        if let Some(record) = self.invites.get(invite) {
            self.out.put_stored(Key::invite(Kind::Invite, invite), record);
        }
    }

    /// Makes the roster link that lets a newcomer in, on the present head.
    fn admit(&mut self, invite: &InviteId) {
        let Some(record) = self.invites.get(invite) else { return };
        let (id, role) = (record.thread, record.role);
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
        let statement = Statement::Admit { card, invite: *invite };
        let link = RosterLink::sign(&self.me.identity, Some(ahead.head()), statement).to_item();
        self.enqueue_link(&id, link);
    }

    /// The roster as it will be when the links that are on their way have been taken: those who
    /// knocked together are let in together.
    fn roster_ahead(&self, id: &ThreadId) -> Option<Roster> {
        let thread = self.threads.get(id)?;
        let mut ahead = thread.roster.clone();
        for item in thread.outbox.values() {
            if let Cargo::Link { item } = &item.cargo {
                // One that does not fit will be refused and made again.
                let _ = ahead.insert(item);
            }
        }
        Some(ahead)
    }

    /// Whether the roster could take this device as this person.
    fn can_admit(&self, id: &ThreadId, card: &Card, invite: &InviteId) -> bool {
        let Some(mut ahead) = self.roster_ahead(id) else { return false };
        if ahead.members().get(&card.device).is_some_and(|member| member == card) {
            return true;
        }
        let statement = Statement::Admit { card: card.clone(), invite: *invite };
        let link = RosterLink::sign(&self.me.identity, Some(ahead.head()), statement).to_item();
        ahead.insert(&link).is_ok()
    }

    fn set_admission(&mut self, invite: &InviteId, admission: Admission) {
        let Some(record) = self.invites.get_mut(invite) else { return };
        if let Some(used) = record.used.as_mut()
            && used.admission != admission
        {
            used.admission = admission;
            self.keep_invite(invite);
        }
    }

    /// A link was read in the log: whoever it lets in can be welcomed.
    pub(crate) fn link_met(&mut self, id: &ThreadId, _item: &ItemHash) {
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
            if !is_in {
                // Its link lost against another, or the chain that counts is another now.
                self.set_admission(&invite, Admission::Linking);
                self.admit(&invite);
            } else if matches!(admission, Admission::Linking | Admission::Welcoming) {
                self.set_admission(&invite, Admission::Welcoming);
                self.with_records(&id, Deferred::Welcome(invite));
            }
        }
    }

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
        let welcome = Welcome { key, roster, title, snapshot: doc.save(), attestations };
        if let Ok(letter) = welcome.seal(&used.one_time, seed) {
            self.session.welcomes.insert(ItemHash::of(&letter).short(), *invite);
            self.put_letter(mailbox, letter);
        }
    }

    /// A letter is durable at the relay.
    pub(crate) fn mail_stored(&mut self, stored: &MailStored) {
        self.session.letters.remove(&stored.letter);
        let Some(invite) = self.session.welcomes.remove(&stored.letter) else { return };
        self.set_admission(&invite, Admission::Welcomed);
        // The request has done its work.
        if let Some(record) = self.invites.get(&invite)
            && let Some(used) = &record.used
        {
            let (mailbox, letter) = (request_box(&record.secret), used.request);
            self.send(ClientToRelay::MailDrop(MailDrop { mailbox, letter }));
        }
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

    /// A welcome: verified whole before anything of it is believed.
    fn take_welcome(&mut self, invite: &InviteId, mailbox: MailboxId, letter: &[u8]) {
        let Some(join) = self.joins.get(invite) else { return };
        let link = join.link.clone();
        let Ok(welcome) = Welcome::open(&join.one_time, letter) else {
            return self.drop_letter(mailbox, letter);
        };
        match self.enter(&link, &welcome) {
            Ok(()) => {
                self.joins.remove(invite);
                self.out.delete(Key::invite(Kind::Join, invite));
                let id = link.thread;
                let deed = Deed::Name { name: self.me.name.clone() };
                // The document was just begun from a snapshot that verified.
                let _ = self.act(&id, deed);
                self.name_thread(&id);
                self.session.uploaded = false;
            }
            Err(why) => {
                if let Some(join) = self.joins.get_mut(invite) {
                    join.refused = Some(why);
                    let record = join.clone();
                    self.out.put_stored(Key::invite(Kind::Join, invite), &record);
                }
            }
        }
        self.drop_letter(mailbox, letter);
        self.inbox_moved = true;
    }

    fn enter(&mut self, link: &tandem_proto::InviteLink, welcome: &Welcome) -> Result<(), String> {
        if self.threads.contains_key(&link.thread) {
            return Ok(());
        }
        let id = link.thread;
        let me = Newcomer {
            person: self.me.person,
            device: self.me.device,
            transport: self.me.transport_key,
        };
        let roster = welcome.verify(link, &me).map_err(|e| e.to_string())?;
        let cast = crate::state::Cast::of(&roster);
        let mut doc =
            ThreadDoc::load(std::slice::from_ref(&welcome.snapshot)).map_err(|e| e.to_string())?;
        let changes = doc.changes();
        let first = ThreadDoc::begin().heads();
        let first = first.first().ok_or("a document without a beginning")?;
        join::verify_snapshot(&id, first, &changes, &welcome.attestations, &|p| cast.device(p))
            .map_err(|e| e.to_string())?;
        let key = FoundedKey::new(welcome.key);
        self.begin_thread(id, key, roster.to_items(), ThreadDoc::begin())
            .map_err(|e| e.to_string())?;
        // The snapshot goes in as the log's changes would, one by one through the fold; nothing of
        // it counts as met until the log shows it.
        let Some(thread) = self.threads.get_mut(&id) else { return Ok(()) };
        thread.record.unmet = changes.iter().map(automerge::Change::hash).collect();
        if let Some(loaded) = thread.loaded.as_mut() {
            let taken = loaded.doc().and_then(|doc| doc.take(changes));
            for change in taken.map_err(|e| e.to_string())? {
                let author = batch::prefix_of(change.actor_id().to_bytes());
                let author = author.and_then(|prefix| cast.card(&prefix));
                self.take_change(&id, &change, author.as_ref());
            }
            for attestation in welcome.attestations.clone() {
                self.keep_attestation(&id, attestation);
            }
        }
        self.compact(&id);
        self.keep_thread(&id);
        Ok(())
    }
}
