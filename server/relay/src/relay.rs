//! The core's entry points; routes, decides nothing.

use std::collections::BTreeMap;

use rand_chacha::ChaCha20Rng;
use tandem_proto::{
    ClientToRelay, Closing, Generation, RelayKey, SecretKey, ThreadId, Timestamp, Tombstone,
    TransportKey,
};

use crate::{
    AuditChain, Config, ConnId, Effect, Input, admin::Schools, commit::Commits, conns::Conns,
    device::Device, mail::Mail, quota::Today, retention::Sweep, stats::Counts, thread::Thread,
};

/// Where the core is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Running,
    /// The host is stopping.
    Stopping,
    /// A commit failed.
    Finished,
}

/// The relay's core; see the crate's contract.
#[derive(Debug)]
pub struct Relay {
    pub(crate) config: Config,
    pub(crate) key: SecretKey,
    pub(crate) public: RelayKey,
    pub(crate) rng: ChaCha20Rng,
    /// The time of the input that is being handled.
    pub(crate) now: Timestamp,
    pub(crate) generation: Generation,
    /// The newest generation that is durable. While another is on its way nobody is greeted.
    pub(crate) told: Option<Generation>,
    pub(crate) threads: BTreeMap<ThreadId, Thread>,
    /// Threads that are refused for good.
    pub(crate) erased: BTreeMap<ThreadId, Tombstone>,
    pub(crate) devices: BTreeMap<TransportKey, Device>,
    pub(crate) mail: Mail,
    pub(crate) today: Today,
    pub(crate) sweep: Sweep,
    pub(crate) schools: Schools,
    pub(crate) audit: AuditChain,
    pub(crate) commits: Commits,
    pub(crate) conns: Conns,
    pub(crate) stage: Stage,
    pub(crate) counts: Counts,
}

impl Relay {
    /// Draws a new generation now: the host found that the store lost something.
    pub fn renew(&mut self) {
        if !self.is_finished() {
            self.draw_generation();
        }
    }

    /// Takes one input. Never blocks.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        if self.is_finished() {
            return;
        }
        self.now = now;
        match input {
            Input::Connected(id, device) => {
                self.conns.open(id, device);
                self.finish_stopping();
            }
            Input::Frame(id, frame) => self.frame(id, frame),
            Input::Drained(id, bytes) => {
                if self.conns.drained(id, bytes) {
                    self.pump(id);
                }
            }
            Input::Disconnected(id) => self.conns.forget(id),
            Input::Committed(id) => self.committed(id),
            Input::CommitFailed(_) => self.commit_failed(),
            Input::Items(read, items) => self.items(read, items),
            Input::Admin(id, by, request) => self.admin(id, by, request),
            Input::Tick => {
                self.expire_letters();
                self.sweep();
            }
            Input::Stop => self.stop(),
        }
    }

    fn frame(&mut self, id: ConnId, frame: ClientToRelay) {
        use ClientToRelay as F;
        let Some(conn) = self.conns.get(id) else { return };
        let device = conn.device;
        let said_hello = conn.version.is_some();
        match frame {
            F::Hello(_) if self.stage == Stage::Stopping => {
                self.conns.close(id, Closing::Stopping(crate::RETRY_MS));
            }
            F::Hello(hello) if !said_hello => self.hello(id, device, &hello),
            F::Hello(_) => self.conns.close(id, Closing::Malformed),
            // The one frame that says who is there before `Hello` does.
            F::School(pass) if self.stage != Stage::Stopping => self.show_pass(id, device, &pass),
            _ if !said_hello => self.conns.close(id, Closing::Malformed),
            F::Push(push) => self.push(id, device, push),
            F::MailPut(put) => self.mail_put(id, device, put),
            F::MailWatch(watch) => self.mail_watch(id, &watch),
            F::ReceiptRequest(request) => self.receipt_request(id, device, &request),
            // What would change state without being answered by a refusal.
            _ if self.stage == Stage::Stopping => {}
            F::Cursors(cursors) => self.cursors(id, device, &cursors),
            F::Receipt(receipt) => self.shown_receipt(id, receipt),
            F::Evidence(evidence) => self.evidence(&device, &evidence),
            F::Claim(claim) => self.claim(id, device, claim),
            F::Acknowledge(ack) => self.acknowledge(device, ack),
            F::MailDrop(drop) => self.mail_drop(&drop),
            F::Erased(stone) => self.shown_tombstone(stone),
            F::School(_) => {}
        }
    }

    /// The next effect; call until `None` after every [`Relay::handle`], or after several when
    /// more inputs are at hand: a commit goes off only here, with all that was handled before.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        // First, so that the disk works while the rest is performed.
        self.start_commit().or_else(|| self.conns.effects.pop_front())
    }

    /// When to send [`Input::Tick`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.mail.next_expiry().into_iter().chain(self.sweep.due()).min()
    }

    /// The store's present generation.
    #[must_use]
    pub fn generation(&self) -> Generation {
        self.generation
    }
}
