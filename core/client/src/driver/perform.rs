//! Performing effects, in the order in which the engine asked for them.

use tandem_engine::{Effect, Input, LinkFault, Watch, WatchId};
use tandem_proto::{ClientToRelay, Wire};

use super::{Driver, LinkPhase, Phase, Screen};
use crate::{
    ClientError,
    link::{Dial, Link},
};

impl Driver {
    /// Performs effects until there are none.
    pub(super) fn perform_all(&mut self) {
        loop {
            while let Phase::Open(engine) | Phase::Early(engine) = &mut self.phase {
                let Some(effect) = engine.poll_effect() else { break };
                self.perform(effect);
            }
            self.flush();
            let now = self.options.clock.now();
            let online = self.online_to_tell();
            let Phase::Open(engine) = &mut self.phase else { return };
            if std::mem::take(&mut self.hung_up) {
                engine.handle(now, Input::LinkDown(LinkFault::HungUp));
            } else if let Some(id) = self.behind.pop() {
                let Some(screen) = self.screens.get(&id) else { continue };
                engine.handle(now, Input::Unwatch(id));
                engine.handle(now, Input::Watch(id, screen.watch()));
            } else if let Some(online) = online {
                self.told_online = online;
                engine.handle(now, Input::Online(online));
            } else if let Some(at) = engine.poll_timeout().filter(|at| *at <= now)
                && self.ticked != Some(at)
            {
                // Due already: a timer would only add its coarseness. Once for each time named.
                self.ticked = Some(at);
                engine.handle(now, Input::Tick);
            } else {
                return;
            }
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Persist(id, batch) => {
                self.store_backlog += 1;
                self.worker.commit(id, batch);
            }
            Effect::Forget(id, thread) => {
                self.store_backlog += 1;
                self.worker.forget(id, thread);
            }
            Effect::Load(thread, prefixes) => {
                self.store_backlog += 1;
                self.worker.load(thread, prefixes);
            }
            Effect::Dial => self.dial(),
            Effect::HangUp => {
                self.hang_up();
                self.hung_up = true;
            }
            Effect::Send(frame) => {
                if !matches!(frame, ClientToRelay::MailDrop(_)) {
                    // All others are answered, and only then is everything done again.
                    self.settled = None;
                }
                frame.encode(&mut self.outgoing);
            }
            Effect::Answer(ticket, answer) => {
                if let Some(reply) = self.tickets.remove(&ticket) {
                    // Whoever asked may have gone; what was meant is done all the same.
                    let _ = reply.send(answer.map_err(ClientError::Trouble));
                }
            }
            Effect::InboxView(id, diff) => self.show(id, |screen| match screen {
                Screen::Inbox(feed) => feed.push(diff),
                Screen::Thread(..) => true,
            }),
            Effect::ThreadView(id, diff) => self.show(id, |screen| match screen {
                Screen::Thread(_, feed) => feed.push(diff),
                Screen::Inbox(_) => true,
            }),
            Effect::Window(id, window, earlier) => {
                if let Some(Screen::Thread(Watch::Newest(_, _, shown), feed)) =
                    self.screens.get_mut(&id)
                {
                    // Kept for when it is shown anew.
                    *shown = Some(window);
                    feed.set_earlier(earlier);
                }
            }
            Effect::Settled(report) => self.on_settled(report),
        }
    }

    /// Shows a difference; a screen that fell behind gets everything again.
    fn show(&mut self, id: WatchId, push: impl FnOnce(&Screen) -> bool) {
        if let Some(screen) = self.screens.get(&id)
            && !push(screen)
            && !self.behind.contains(&id)
        {
            self.behind.push(id);
        }
    }

    fn dial(&mut self) {
        let Phase::Open(engine) = &self.phase else { return };
        let dial = Dial {
            relay: engine.relay().clone(),
            key: engine.transport_key().clone(),
            instead: self.options.dial_override,
            patience: self.options.dial_timeout,
            path: self.path.clone(),
            counter: self.shared.counter.clone(),
        };
        self.hang_up();
        self.hung_up = false;
        self.last_session += 1;
        self.link = Some(Link::dial(dial, self.last_session, self.link_sender.clone()));
        self.set_phase(LinkPhase::Dialing);
    }

    /// Lets go of the link, if there is one; its goodbye leaves by itself.
    pub(super) fn hang_up(&mut self) {
        self.flush();
        self.settled = None;
        if let Some(link) = self.link.take() {
            self.goodbyes.retain(|goodbye| !goodbye.is_finished());
            self.goodbyes.push(link.hang_up());
            self.set_phase(LinkPhase::Offline);
        }
    }

    /// Gives this turn's frames to the link in one piece.
    fn flush(&mut self) {
        let frames = std::mem::take(&mut self.outgoing);
        if frames.is_empty() {
            return;
        }
        if let Some(link) = &self.link
            && !link.send(frames)
        {
            // The engine hears of it at once and dials again later.
            self.link = None;
            self.set_phase(LinkPhase::Offline);
            self.note_fault(LinkFault::Unreachable);
            let now = self.options.clock.now();
            if let Phase::Open(engine) = &mut self.phase {
                engine.handle(now, Input::LinkDown(LinkFault::Unreachable));
            }
        }
    }

    pub(super) fn set_phase(&self, phase: LinkPhase) {
        self.shared.state.send_if_modified(|state| {
            let changed = state.phase != phase;
            state.phase = phase;
            if phase == LinkPhase::Live {
                state.last_fault = None;
            }
            changed
        });
    }

    pub(super) fn note_fault(&self, fault: LinkFault) {
        self.shared.state.send_modify(|state| state.last_fault = Some(fault));
    }
}
