//! Opening, failing and opening again, suspending, closing.

use std::time::Duration;

use tandem_engine::{CommitId, Effect, Engine, Input, Trouble, Watch};
use tokio::time::Instant;

use super::{Driver, Goodbyes, Phase, Reply, request::Wish};
use crate::{
    ClientError, HomeError, Notice, SyncError,
    store::{Opening, StoreEvent},
};

/// How long a store that can't be opened is left alone when nobody wants anything.
const BROKEN_PAUSE: Duration = Duration::from_secs(5);

/// A suspension or a close under way.
pub(super) struct Leaving {
    reply: Option<Reply<Goodbyes>>,
    for_good: bool,
    /// The store was told to close.
    closing: bool,
}

impl Driver {
    /// Takes what the store says; false when the driver is to end.
    pub(super) fn on_store(&mut self, event: StoreEvent) -> bool {
        match event {
            StoreEvent::Early(engine) => self.on_early(engine),
            StoreEvent::Opened(opened) => return self.on_opened(*opened),
            StoreEvent::Closed => return self.on_closed(),
            StoreEvent::Persisted(id) => {
                self.store_backlog -= 1;
                self.feed(Input::Persisted(id));
                self.changes.send_replace(());
            }
            StoreEvent::Failed(id, error) => {
                self.store_backlog -= 1;
                self.fail(id, &error.to_string());
            }
            StoreEvent::Loaded(thread, records) => {
                self.store_backlog -= 1;
                self.feed(Input::Loaded(thread, records));
            }
            StoreEvent::LoadFailed(thread, error) => {
                self.store_backlog -= 1;
                self.feed(Input::LoadFailed(thread, error.to_string()));
            }
        }
        true
    }

    /// The inbox can be looked at while the store is being opened. Nothing else is asked of this
    /// engine: it is not known yet whether the store is sound.
    fn on_early(&mut self, engine: Box<Engine>) {
        let relay = engine.relay().clone();
        self.phase = Phase::Early(engine);
        self.told_online = false;
        self.watch_again(|watch| matches!(watch, Watch::Inbox));
        if let Some(reply) = self.first_opening.take() {
            let _ = reply.send(Ok(relay));
        }
    }

    fn watch_again(&mut self, which: impl Fn(&Watch) -> bool) {
        let screens = self.screens.iter().map(|(id, screen)| (*id, screen.watch()));
        for (id, watch) in screens.filter(|(_, watch)| which(watch)).collect::<Vec<_>>() {
            self.feed(Input::Watch(id, watch));
        }
    }

    fn on_opened(&mut self, opened: Opening) -> bool {
        match opened {
            Ok((engine, notices)) => {
                let early = std::mem::replace(&mut self.phase, Phase::Opening);
                let (engine, stands) = match (engine, early) {
                    (Some(engine), _) => (Box::new(engine), false),
                    (None, Phase::Early(engine)) => (engine, true),
                    // No opener says that an engine stands which it never handed out.
                    (None, _) => return false,
                };
                let relay = engine.relay().clone();
                self.phase = Phase::Open(engine);
                self.told_online = false;
                self.note(notices);
                self.watch_again(|watch| !(stands && matches!(watch, Watch::Inbox)));
                for wish in std::mem::take(&mut self.parked) {
                    self.on_wish(wish);
                }
                self.update_online();
                // Another process may have been there in between, and what failed was taken back.
                self.changes.send_replace(());
                for reply in self.resuming.drain(..) {
                    let _ = reply.send(Ok(()));
                }
                if let Some(reply) = self.first_opening.take() {
                    let _ = reply.send(Ok(relay));
                }
                true
            }
            Err(error) => {
                if let Some(reply) = self.first_opening.take() {
                    let _ = reply.send(Err(error));
                    return false;
                }
                tracing::warn!(%error, "the store can't be opened again yet");
                self.phase = Phase::Broken(Instant::now() + BROKEN_PAUSE);
                for wish in std::mem::take(&mut self.parked) {
                    wish.refuse(Some(&error));
                }
                for reply in self.resuming.drain(..) {
                    let _ = reply.send(Err(error.clone()));
                }
                true
            }
        }
    }

    fn note(&self, notices: Vec<Notice>) {
        let notes = self.shared.notices.lock();
        notes.unwrap_or_else(std::sync::PoisonError::into_inner).extend(notices);
    }

    /// Opens the store again, if that is not under way.
    pub(super) fn reopen(&mut self) {
        if !matches!(self.phase, Phase::Opening | Phase::Early(_)) {
            self.phase = Phase::Opening;
            self.worker.open();
        }
    }

    /// A commit failed. The engine is finished: whoever waits hears that nothing was kept, and
    /// store and engine are opened anew. Screens get a fresh `Reset`.
    fn fail(&mut self, id: CommitId, why: &str) {
        let now = self.options.clock.now();
        let Phase::Open(engine) = &mut self.phase else {
            // One of the commits behind the first that failed.
            return;
        };
        tracing::warn!(why, "a commit failed");
        engine.handle(now, Input::PersistFailed(id, why.to_owned()));
        // What it has to say to those who wait counts; what it wants done does not.
        while let Some(effect) = engine.poll_effect() {
            if let Effect::Answer(ticket, answer) = effect
                && let Some(reply) = self.tickets.remove(&ticket)
            {
                let _ = reply.send(answer.map_err(ClientError::Trouble));
            }
        }
        self.end_tickets(&ClientError::Trouble(Trouble::NotKept(why.to_owned())));
        self.end_syncs(&SyncError::NotKept(why.to_owned()));
        self.outgoing.clear();
        self.hang_up();
        if self.leaving.is_some() {
            self.phase = Phase::Suspended;
        } else {
            self.reopen();
        }
    }

    fn end_tickets(&mut self, error: &ClientError) {
        for (_, reply) in std::mem::take(&mut self.tickets) {
            let _ = reply.send(Err(error.clone()));
        }
    }

    /// Hangs up and closes the store once everything given to it is done.
    pub(super) fn leave(&mut self, reply: Option<Reply<Goodbyes>>, for_good: bool) {
        self.end_syncs(&SyncError::NotOpen);
        self.leaving = Some(Leaving { reply, for_good, closing: false });
        self.update_online();
        // Also if the engine sees no reason to.
        self.hang_up();
    }

    pub(super) fn close_if_leaving(&mut self) {
        if let Some(leaving) = &mut self.leaving
            && !leaving.closing
            && self.store_backlog == 0
            && !matches!(self.phase, Phase::Opening | Phase::Early(_))
        {
            leaving.closing = true;
            self.worker.close();
        }
    }

    fn on_closed(&mut self) -> bool {
        self.phase = Phase::Suspended;
        self.end_tickets(&ClientError::Suspended);
        for wish in std::mem::take(&mut self.parked) {
            wish.refuse(None);
        }
        let Some(leaving) = self.leaving.take() else { return true };
        if let Some(reply) = leaving.reply {
            let _ = reply.send(std::mem::take(&mut self.goodbyes));
        }
        !leaving.for_good
    }
}

impl Wish {
    /// Says that the store is not open: why it can't be opened, or that it was suspended.
    fn refuse(self, why: Option<&HomeError>) {
        match self {
            Self::Perform(_, reply) | Self::Ask(_, reply) => {
                let why = why.cloned().map_or(ClientError::Suspended, ClientError::Home);
                let _ = reply.send(Err(why));
            }
            Self::Sync(_, _, reply) => {
                let why = why.cloned().map_or(SyncError::NotOpen, SyncError::Home);
                let _ = reply.send(Err(why));
            }
        }
    }
}
