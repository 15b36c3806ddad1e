//! The one task that owns the core: inputs in, effects out.

mod rebuild;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use tandem_proto::{
    ClientToRelay, Closing, Hash16, ItemHash, Refusal, Refused, RelayToClient, Wire,
};
use tandem_relay::{
    AdminError, AdminId, AdminReply, CommitId, ConnId, Effect, ErasedThread, Input, Relay,
};
use tokio::{
    sync::{
        mpsc::{Receiver, UnboundedReceiver, UnboundedSender},
        oneshot,
    },
    task::{JoinHandle, yield_now},
    time::{Instant, sleep, timeout_at},
};

use self::rebuild::Rebuild;
use crate::{
    admin::Ask,
    journal::Position,
    metrics::Metrics,
    net::{ConnEvent, Health, Out},
    store::{Opened, ReadRequest, Setup, Store, StoreError, StoreEvent},
};

/// Events that are handled before effects are asked for: what arrives together shares a commit.
const BATCH: usize = 256;

/// For connections to be told and closed, of the ten seconds that a stop may take.
const DRAIN: Duration = Duration::from_secs(8);

/// For the store to be closed after that. A disk that hangs is not waited for: what it holds up
/// has no receipt.
const CLOSE: Duration = Duration::from_secs(1);

/// How often a store that failed is tried again.
const REOPEN_EVERY: Duration = Duration::from_secs(1);

/// The longest sleep, so that a clock that was set is noticed.
const LOOK_UP: Duration = Duration::from_secs(30);

/// What devices are told to wait while the store is out.
const BUSY_MS: u64 = 1000;

/// A connection, as the core's effects reach it.
#[derive(Debug)]
struct Conn {
    /// `None` once it is to close.
    out: Option<UnboundedSender<Out>>,
    queued: usize,
}

/// The core and everything it acts through.
#[derive(Debug)]
pub(crate) struct Driver {
    relay: Relay,
    // Counts cores, so that an answer to one that was replaced is known as such.
    core: u64,
    setup: Setup,
    store: Store,
    health: Health,
    metrics: Metrics,
    conns: BTreeMap<ConnId, Conn>,
    queued: usize,
    committing: VecDeque<CommitId>,
    /// Who waits for an answer to what they asked of the relay.
    asking: BTreeMap<AdminId, oneshot::Sender<Result<AdminReply, AdminError>>>,
    next_ask: u64,
    reopening: Option<JoinHandle<Opened>>,
    /// What was erased is to go from the store's files.
    rebuild: Rebuild,
    /// Who waits until it has.
    erasing: Vec<(oneshot::Sender<Result<AdminReply, AdminError>>, ErasedThread)>,
    stopping: Option<Instant>,
}

/// What the driver hears.
#[derive(Debug)]
pub(crate) struct Ears {
    /// The connections.
    pub(crate) conns: Receiver<ConnEvent>,
    /// The store's threads.
    pub(crate) store: UnboundedReceiver<StoreEvent>,
    /// Whoever runs the relay.
    pub(crate) asks: Receiver<Ask>,
    /// One word: stop.
    pub(crate) stop: Receiver<()>,
}

impl Driver {
    pub(crate) fn new(
        relay: Relay,
        setup: Setup,
        store: Store,
        health: Health,
        metrics: Metrics,
    ) -> Self {
        health.set(true);
        Self {
            relay,
            core: 0,
            setup,
            store,
            health,
            metrics,
            conns: BTreeMap::new(),
            queued: 0,
            committing: VecDeque::new(),
            asking: BTreeMap::new(),
            next_ask: 0,
            reopening: None,
            rebuild: Rebuild::No,
            erasing: Vec::new(),
            stopping: None,
        }
    }

    /// Runs until it has been told to stop and everything is drained.
    ///
    /// # Errors
    /// When it can't go on.
    pub(crate) async fn run(mut self, mut ears: Ears) -> Result<(), StoreError> {
        let (mut heard, mut stored) = (Vec::new(), Vec::new());
        loop {
            self.tick();
            self.perform();
            self.begin_rebuilding();
            if self.drained() {
                break;
            }
            let wake = self.wake();
            tokio::select! {
                biased;
                _ = ears.store.recv_many(&mut stored, BATCH) => {}
                opened = reopened(&mut self.reopening) => self.replace(opened)?,
                _ = ears.stop.recv(), if self.stopping.is_none() => self.stop(),
                Some(ask) = ears.asks.recv() => self.ask(ask),
                _ = ears.conns.recv_many(&mut heard, BATCH) => {}
                () = sleep(wake) => {}
            }
            // Who has something to say just now says it before the commit goes off.
            yield_now().await;
            // What else is at hand goes into the same commit. What became durable goes first: it
            // lets go of what waits.
            stored.extend(std::iter::from_fn(|| ears.store.try_recv().ok()).take(BATCH));
            stored.drain(..).for_each(|event| self.store_event(event));
            let room = BATCH.saturating_sub(heard.len());
            heard.extend(std::iter::from_fn(|| ears.conns.try_recv().ok()).take(room));
            heard.drain(..).for_each(|event| self.conn_event(event));
            if self.relay.is_finished() {
                // What the core says to those it closes comes first.
                self.perform();
                self.turn_away();
            }
        }
        if let Some(reopening) = self.reopening.take() {
            reopening.abort();
        }
        let deadline = self.stopping.unwrap_or_else(Instant::now) + CLOSE;
        close(self.store, deadline).await;
        Ok(())
    }

    fn handle(&mut self, input: Input) {
        let (old, heard) = (self.relay.generation(), matches!(input, Input::Frame(..)));
        self.relay.handle(self.setup.clock.now(), input);
        let new = self.relay.generation();
        if heard && new != old {
            // Nothing else that a device says makes the core draw one.
            tracing::warn!(
                %old, %new,
                "a device showed this relay's signature over more of a thread than the store \
                 holds, so the store is an older copy or was damaged: a new generation is drawn, \
                 and devices will upload what is missing"
            );
        }
    }

    fn ask(&mut self, ask: Ask) {
        if self.relay.is_finished() {
            // Who has gone needs no answer.
            let _ = ask.reply.send(Err(AdminError::Unavailable));
            return;
        }
        tracing::info!(by = ask.by, "asked: {}", ask.request.name());
        let id = AdminId(self.next_ask);
        self.next_ask += 1;
        self.asking.insert(id, ask.reply);
        self.handle(Input::Admin(id, ask.by, ask.request));
    }

    fn tick(&mut self) {
        let due = self.relay.poll_timeout();
        if due.is_some_and(|due| due <= self.setup.clock.now()) {
            self.handle(Input::Tick);
        }
    }

    fn wake(&self) -> Duration {
        let mut wake = LOOK_UP;
        if let Some(due) = self.relay.poll_timeout() {
            wake = wake.min(Duration::from_millis(due.since_ms(self.setup.clock.now()).max(1)));
        }
        if let Rebuild::At(at) = self.rebuild {
            wake = wake.min(at.saturating_duration_since(Instant::now()));
        }
        if let Some(deadline) = self.stopping {
            wake = wake.min(deadline.saturating_duration_since(Instant::now()));
        }
        wake
    }

    fn perform(&mut self) {
        let mut commits = Vec::new();
        while let Some(effect) = self.relay.poll_effect() {
            match effect {
                Effect::Send(conn, frame) => self.send(conn, &frame),
                Effect::Close(conn) => {
                    if let Some(conn) = self.conns.get_mut(&conn) {
                        conn.out = None;
                    }
                }
                Effect::Admin(id, answer) => match (self.asking.remove(&id), answer) {
                    // Told when it is gone from the files as well.
                    (Some(reply), Ok(AdminReply::Erased(erased))) => {
                        self.erasing.push((reply, erased));
                    }
                    // Who has gone needs no answer.
                    (Some(reply), answer) => drop(reply.send(answer)),
                    (None, _) => {}
                },
                Effect::Rebuild => self.rebuild = self.rebuild.due(),
                Effect::Commit(id, records) => {
                    self.committing.push_back(id);
                    commits.push((id, records));
                }
                Effect::Read { id, thread, first, count, bytes } => {
                    let core = self.core;
                    self.store.read(ReadRequest { core, id, thread, first, count, bytes });
                }
            }
        }
        if !commits.is_empty() {
            self.store.commit(commits);
        }
        self.metrics.queued(self.queued);
    }

    fn send(&mut self, id: ConnId, frame: &RelayToClient) {
        match frame {
            RelayToClient::Receipts(batch) => self.metrics.receipts(batch.items.len()),
            RelayToClient::Refused(refused) => self.metrics.refused(refused.reason),
            RelayToClient::Closing(why) => self.metrics.closing(why),
            _ => {}
        }
        let Some(conn) = self.conns.get_mut(&id) else { return };
        let Some(out) = &conn.out else { return };
        let bytes = frame.to_bytes();
        let len = bytes.len();
        if out.send(Out::Frame(bytes)).is_ok() {
            conn.queued += len;
            self.queued += len;
        }
        // The core keeps to its limit; if it ever does not, memory still has one.
        if conn.queued > 4 * self.setup.core.max_queued_bytes + (8 << 20) {
            tracing::error!(conn = id.0, queued = conn.queued, "a connection's queue overflows");
            conn.out = None;
        }
    }

    fn conn_event(&mut self, event: ConnEvent) {
        match event {
            ConnEvent::Opened(id, key, out) => {
                self.metrics.opened();
                self.conns.insert(id, Conn { out: Some(out), queued: 0 });
                self.handle(Input::Connected(id, key));
            }
            ConnEvent::Frames(id, frames) => {
                if self.conns.get(&id).is_none_or(|conn| conn.out.is_none()) {
                    return;
                }
                for frame in frames {
                    if self.relay.is_finished() {
                        self.refuse(id, &frame);
                    } else {
                        self.handle(Input::Frame(id, frame));
                    }
                }
            }
            ConnEvent::Drained(id, bytes) => {
                if let Some(conn) = self.conns.get_mut(&id) {
                    conn.queued = conn.queued.saturating_sub(bytes);
                    self.queued = self.queued.saturating_sub(bytes);
                    if conn.out.is_some() {
                        self.handle(Input::Drained(id, bytes));
                    }
                }
            }
            ConnEvent::Closed(id) => {
                if let Some(conn) = self.conns.remove(&id) {
                    self.metrics.closed();
                    self.queued = self.queued.saturating_sub(conn.queued);
                    self.handle(Input::Disconnected(id));
                }
            }
        }
    }

    fn store_event(&mut self, event: StoreEvent) {
        match event {
            StoreEvent::Committed(ids) => {
                for id in ids {
                    self.committing.retain(|committing| *committing != id);
                    self.handle(Input::Committed(id));
                }
            }
            StoreEvent::Items { core, id, items } if core == self.core => {
                self.handle(Input::Items(id, items));
            }
            StoreEvent::Items { .. } => {}
            StoreEvent::Failed { durable, error } => {
                tracing::error!(%error, "the journal can't be written; nothing is taken for now");
                self.metrics.journal_failed();
                self.health.set(false);
                self.reopen(durable);
                if let Some(first) = self.committing.pop_front() {
                    self.committing.clear();
                    self.handle(Input::CommitFailed(first));
                }
            }
        }
    }

    /// While there is no core, what would be stored is refused.
    fn refuse(&mut self, id: ConnId, frame: &ClientToRelay) {
        let items: Vec<Hash16> = match frame {
            ClientToRelay::Push(push) => {
                push.items.iter().map(|item| ItemHash::of(item).short()).collect()
            }
            ClientToRelay::MailPut(put) => vec![ItemHash::of(&put.letter).short()],
            _ => return,
        };
        for item in items {
            let refused = Refused { item, reason: Refusal::Unavailable };
            self.send(id, &RelayToClient::Refused(refused));
        }
    }

    /// Sends everybody away that the core did not: it is finished, or a fresh one does not know
    /// them.
    fn turn_away(&mut self) {
        let busy = RelayToClient::Closing(Closing::Busy(BUSY_MS)).to_bytes();
        for out in self.conns.values_mut().filter_map(|conn| conn.out.take()) {
            // One that is gone already needs no telling.
            let _ = out.send(Out::Last(busy.clone()));
        }
    }

    /// What failed is never tried again by itself: the store is read from disk anew, for as long
    /// as that takes.
    fn reopen(&mut self, durable: Position) {
        let setup = self.setup.clone();
        let reopen = Arc::new(self.store.reopener(durable));
        self.reopening = Some(tokio::spawn(async move {
            loop {
                let (setup, reopen) = (setup.clone(), reopen.clone());
                match tokio::task::spawn_blocking(move || reopen(&setup)).await {
                    Ok(Ok(opened)) => return opened,
                    Ok(Err(error)) => tracing::warn!(%error, "the store is still out"),
                    Err(error) => tracing::error!(%error, "reopening the store failed"),
                }
                sleep(REOPEN_EVERY).await;
            }
        }));
    }

    /// Goes on with what the journal really holds.
    fn replace(&mut self, opened: Opened) -> Result<(), StoreError> {
        tracing::info!("the journal can be written again");
        self.reopening = None;
        self.rebuilt(opened.unerased());
        self.committing.clear();
        self.turn_away();
        self.relay = self.store.resume(opened)?;
        self.core += 1;
        self.health.set(true);
        if self.stopping.is_some() {
            self.handle(Input::Stop);
        }
        Ok(())
    }

    fn stop(&mut self) {
        tracing::info!(connections = self.conns.len(), "stopping");
        self.stopping = Some(Instant::now() + DRAIN);
        self.leave_unerased();
        self.handle(Input::Stop);
    }

    fn drained(&self) -> bool {
        let Some(deadline) = self.stopping else { return false };
        if Instant::now() >= deadline {
            tracing::warn!(connections = self.conns.len(), "stopped before all was drained");
            return true;
        }
        self.conns.is_empty() && self.committing.is_empty()
    }
}

/// Closes the store; on a thread of its own, for the runtime would wait for one of its.
async fn close(store: Store, deadline: Instant) {
    let (done, closed) = oneshot::channel();
    let closing = std::thread::Builder::new().name("tandem-close".to_owned()).spawn(move || {
        store.close();
        // Who no longer waits has been told otherwise.
        let _ = done.send(());
    });
    if let Err(error) = closing {
        return tracing::warn!(%error, "the store closes by itself");
    }
    // A panic of the store's threads was told where it happened.
    if timeout_at(deadline, closed).await.is_err() {
        tracing::warn!("stopped before the store was closed: the disk does not answer");
    }
}

/// The store, when it has been reopened; never, when it is not being reopened.
async fn reopened(reopening: &mut Option<JoinHandle<Opened>>) -> Opened {
    match reopening {
        // The task has no way to end but with a store, unless the runtime itself ends.
        Some(task) => match task.await {
            Ok(opened) => opened,
            Err(_) => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
