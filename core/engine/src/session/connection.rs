//! The connection: dialled, lost and tried again, and what each frame is for.

use rand_core::Rng;
use tandem_proto::{
    ClientToRelay, Closing, Hello, PROTOCOL, RelayToClient, Seq, cursor_digest, cursor_root,
};

use super::{BACKOFF_FIRST_MS, BACKOFF_LAST_MS, Phase};
use crate::{Effect, Engine, SyncReport, state::Thread};

impl Engine {
    pub(crate) fn go_online(&mut self, online: bool) {
        self.session.online = online;
        if online {
            self.session.faults = 0;
            self.session.retry_at = Some(self.now);
            if self.session.phase == Phase::Live {
                // Someone waits for a complete sync: nothing is collected any longer.
                self.session.moved = true;
                self.session.due = Some(self.now);
            }
            return;
        }
        self.keep_as_of();
        if self.session.phase != Phase::Offline {
            self.hang_up();
        }
    }

    pub(super) fn hang_up(&mut self) {
        self.forget_connection();
        self.out.now(Effect::HangUp);
    }

    pub(crate) fn link_down(&mut self) {
        if self.session.phase == Phase::Offline {
            return;
        }
        self.forget_connection();
        self.back_off();
    }

    pub(super) fn back_off(&mut self) {
        let doubled = BACKOFF_FIRST_MS << self.session.faults.min(16);
        let wait = doubled.min(BACKOFF_LAST_MS);
        // Between half and all of it, so that a school's phones don't come back as one.
        let jitter = u64::from(self.rng.next_u32()) * (wait / 2) / u64::from(u32::MAX);
        self.session.faults += 1;
        self.session.retry_at = Some(self.now.plus_ms(wait / 2 + jitter));
    }

    /// The relay can't take anything just now: come back later.
    pub(crate) fn come_back_later(&mut self) {
        self.hang_up();
        self.back_off();
    }

    pub(super) fn forget_connection(&mut self) {
        // What was to be sent on it waits for a commit no longer; the next connection begins anew.
        self.out.forget_sends();
        let session = &mut self.session;
        session.phase = Phase::Offline;
        session.expected = 0;
        session.uploaded = false;
        session.uploading.clear();
        session.in_flight.clear();
        session.refused.clear();
        session.requested.clear();
        session.named.clear();
        session.claimed = None;
        session.mail.clear();
        session.boxes.clear();
        session.letters.clear();
        session.welcomes.clear();
        session.due = None;
        session.offer_again = None;
        session.settled = false;
        for thread in self.threads.values_mut() {
            thread.ahead.clear();
            thread.named = false;
            thread.shown = false;
            thread.barred = false;
            thread.lost.clear();
            thread.stale = 0;
            thread.acking = None;
        }
    }

    pub(crate) fn link_up(&mut self) {
        if self.session.phase != Phase::Dialing {
            return;
        }
        self.session.phase = Phase::Greeting;
        self.session.heard_at = self.now;
        self.session.report = SyncReport::default();
        // The root over the set that was signed was reckoned when it was.
        let record = &self.session.record;
        let signed = record.signed.as_ref().map(|set| &set.signed);
        let (root, acks) = signed
            .filter(|signed| Some(signed.generation) == record.generation)
            .map_or_else(|| (cursor_root([]), 0), |signed| (signed.root, record.acks));
        let hello = Hello {
            version: PROTOCOL,
            generation: record.generation,
            digest: cursor_digest(&root, acks),
        };
        // Before it, so that the relay knows whose device it greets.
        self.show_school();
        self.send(ClientToRelay::Hello(hello));
        for id in self.threads_that(Thread::has_something_to_push) {
            self.push_links(&id);
            // What may have been sent under an epoch that is over is looked for in the log first.
            if !self.threads[&id].keys.reseal {
                self.push_waiting(&id);
            }
        }
        self.say_mail();
    }

    /// Sends a frame after everything written so far is durable.
    pub(crate) fn send(&mut self, frame: ClientToRelay) {
        self.out.say(Effect::Send(frame));
    }

    pub(crate) fn frame(&mut self, frame: RelayToClient) {
        self.session.heard_at = self.now;
        match (self.session.phase, frame) {
            (Phase::Greeting | Phase::Live, RelayToClient::Greeting(greeting)) => {
                self.greeted(&greeting);
            }
            (Phase::Greeting | Phase::Live, RelayToClient::Closing(closing)) => {
                self.closing(&closing);
            }
            (Phase::Live, frame) => self.live_frame(frame),
            // Replies to what was said in the flight of Hello come after the greeting. A relay
            // that can't greet yet, because its generation is only being drawn, is left alone.
            (Phase::Greeting, _) => self.come_back_later(),
            (Phase::Offline | Phase::Dialing, _) => {}
        }
    }

    pub(super) fn live_frame(&mut self, frame: RelayToClient) {
        match frame {
            RelayToClient::Receipts(receipts) => self.take_receipts(&receipts),
            RelayToClient::Refused(refused) => self.take_refusal(&refused),
            RelayToClient::Deliver(deliver) => {
                let thread = self.threads.get_mut(&deliver.thread);
                if let Some(thread) = thread.filter(|thread| !thread.is_erased()) {
                    // The relay knows that we follow it, whatever it said before of an earlier
                    // list: we were let in between the two.
                    thread.named = true;
                }
                let first = deliver.first.0;
                let items = deliver.items.into_inner();
                for (offset, item) in (0u64..).zip(items) {
                    let seq = Seq(first.saturating_add(offset));
                    self.arrived(deliver.thread, seq, item.into_inner());
                }
                self.advance(deliver.thread);
            }
            RelayToClient::OffChain(thread) => self.off_chain(thread),
            RelayToClient::UnknownThread(thread) => self.show_thread_to_relay(thread),
            RelayToClient::CaughtUp => {
                self.session.expected = self.session.expected.saturating_sub(1);
            }
            RelayToClient::CursorsSigned(signed) => self.cursors_signed(signed),
            RelayToClient::ClaimRefused => {
                self.session.claimed = None;
                self.say_cursors();
            }
            RelayToClient::Acknowledged(revision, ack) => self.acknowledged(revision, ack),
            RelayToClient::Mail(mail) => self.take_mail(mail),
            RelayToClient::MailStored(stored) => self.mail_stored(&stored),
            RelayToClient::School(answer) => self.school_answered(&answer),
            RelayToClient::Erased(stone) => self.thread_erased(stone),
            RelayToClient::Greeting(_) | RelayToClient::Closing(_) => {}
        }
    }

    pub(super) fn closing(&mut self, closing: &Closing) {
        self.hang_up();
        self.back_off();
        let wait = match closing {
            Closing::Busy(wait) | Closing::Stopping(wait) => (*wait).min(BACKOFF_LAST_MS),
            // A person has to do something.
            Closing::Suspended(_) | Closing::Removed(_) => BACKOFF_LAST_MS,
            Closing::Version(_) | Closing::Malformed | Closing::Replaced => return,
        };
        self.session.retry_at = self.session.retry_at.max(Some(self.now.plus_ms(wait)));
    }
}
