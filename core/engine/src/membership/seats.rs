//! Seats: asked for by a device that can't follow the group, given by any member.

use tandem_proto::{
    DeviceKey, ItemHash, Leavers, SeatRequest, Seq, Statement, ThreadId,
    planted::{Fault, is},
};

use crate::{
    Engine,
    engine::random,
    keys::group::{GroupKeys, Member, Mls},
    record::KeptPackage,
    state::{Deferred, Pushed, Thread},
};

/// How long a device without a seat waits for an answer before it founds the group anew: longer than
/// a weekend.
const PATIENCE_MS: u64 = 4 * 24 * 3600 * 1000;

/// Packages of this device that are kept for one thread: its first, and the newest.
const MAX_PACKAGES: usize = 8;

impl Thread {
    /// Whether a link of the chain that counts answers a request.
    pub(crate) fn is_answered(&self, request: &SeatRequest) -> bool {
        self.roster.chain().any(|link| match &link.statement {
            Statement::Reseat { request: answered } => answered == request,
            _ => false,
        })
    }
}

impl Engine {
    /// After catching up: asks for a seat, if we have none, and gives those that others ask for.
    pub(crate) fn settle_seats(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        if thread.lost_its_seat(&self.me.device) {
            return self.with_records(id, Deferred::Unseated);
        }
        if thread.keys.wanted.is_empty() || thread.epoch_key().is_none() {
            return;
        }
        // One that was answered is kept: the chain that answered it may lose.
        let wanted: Vec<SeatRequest> =
            thread.keys.wanted.iter().filter(|r| !thread.is_answered(r)).cloned().collect();
        for request in wanted {
            self.with_records(id, Deferred::Reseat(request));
        }
    }

    /// This device has no seat: it asks for one, or founds the group anew when there is nobody to
    /// ask.
    pub(crate) fn unseated(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        let Some(loaded) = thread.loaded.as_ref() else { return };
        // Whoever was let in says their name first thing. Nobody has: in the document, in anything
        // of the log that we can't read, by an acknowledgement or a request. The person's other device counts:
        // it lets this one in again as well as anybody.
        let heard = loaded.attestations.values().any(|by| by.device != self.me.device)
            || !thread.record.except.is_empty()
            || !loaded.peers.is_empty()
            || !thread.keys.wanted.is_empty();
        if !thread.lost_its_seat(&self.me.device) {
            return;
        }
        // Whoever was asked has had time to answer.
        let in_vain = thread
            .keys
            .asked
            .is_some_and(|at| self.now.since_ms(at) > PATIENCE_MS && thread.keys.request.is_some());
        if heard && !in_vain {
            self.ask_for_a_seat(id)
        } else {
            self.refound(id, Leavers::default())
        }
    }

    fn ask_for_a_seat(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        let asked = thread.keys.request.clone().filter(|item| {
            // One that was answered did not help: another package, then.
            SeatRequest::from_item(id, item).is_ok_and(|request| !thread.is_answered(&request))
        });
        let item = match asked {
            Some(item) => item,
            None => {
                let seed = random(&mut self.rng);
                let Ok(package) = Mls.package(&seed, &self.identity()) else { return };
                let Ok(public) = package.public.clone().try_into() else { return };
                let item = SeatRequest::sign(&self.me.identity, id, public).to_item();
                let Some(thread) = self.threads.get_mut(id) else { return };
                let packages = &mut thread.keys.packages;
                if packages.len() == MAX_PACKAGES {
                    packages.remove(1);
                }
                packages.push(KeptPackage { public: package.public, secret: package.secret });
                thread.keys.request = Some(item.clone());
                thread.keys.asked = Some(self.now);
                self.keep_keys(id);
                item
            }
        };
        self.push_items(id, vec![(Pushed::Request, item)]);
    }

    /// The log shows a request for a seat.
    pub(crate) fn take_seat_request(&mut self, id: &ThreadId, seq: Seq, item: &[u8]) -> bool {
        let Ok(request) = SeatRequest::from_item(id, item) else { return false };
        let Some(thread) = self.threads.get_mut(id) else { return false };
        if request.device == self.me.device {
            return true;
        }
        thread.record.others = seq;
        let is_member = thread.roster.members().contains_key(&request.device);
        if is_member && !is(Fault::IgnoreSeatRequests) {
            // A device has one seat: the last request counts.
            thread.keys.wanted.retain(|other| other.device != request.device);
            thread.keys.wanted.push(request);
            self.keep_keys(id);
            self.session.uploaded = false;
        }
        true
    }

    /// A link was met: if it gives somebody a seat, they can read now what they could not.
    pub(crate) fn seat_given(&mut self, id: &ThreadId, link: &ItemHash) {
        let Some(thread) = self.threads.get_mut(id) else { return };
        let Some(Statement::Reseat { request }) = thread.roster.link(link).map(|l| &l.statement)
        else {
            return;
        };
        let device = request.device;
        self.with_records(id, Deferred::Seated(device));
    }

    /// What a device could not take in while it had no seat is carried again.
    pub(crate) fn seated(&mut self, id: &ThreadId, device: &DeviceKey) {
        let peers = self.threads.get(id).and_then(|thread| thread.loaded.as_ref());
        let except = peers.and_then(|loaded| Some(loaded.peers.get(device)?.ack.except.clone()));
        if let Some(except) = except {
            self.read_excepted(id, device, &except);
        }
    }

    /// Gives a member the seat that it asks for.
    pub(crate) fn reseat(&mut self, id: &ThreadId, request: SeatRequest) {
        let Some(ahead) = self.roster_ahead(id) else { return };
        let Some(card) = ahead.members().get(&request.device) else { return };
        let member = Member { person: card.person, device: card.device };
        if Mls.check_package(&request.package) != Ok(member) {
            // Not a package of that device: nothing can be done with it.
            return;
        }
        let statement = Statement::Reseat { request: request.clone() };
        if ahead.chain().any(|link| link.statement == statement) {
            return;
        }
        self.make_link(id, statement, Some(&request.package));
    }
}
