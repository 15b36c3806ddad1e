//! Syncs that somebody waits for, and whether the engine is to be online.

use std::time::Duration;

use tandem_engine::{Input, LinkFault, SyncReport};
use tandem_proto::Closing;
use tokio::time::Instant;

use super::{Driver, LinkPhase, Reply, SyncId, Wish};
use crate::SyncError;

/// One sync that somebody waits for.
pub(super) struct PendingSync {
    id: SyncId,
    pub(super) deadline: Instant,
    reply: Reply<Result<SyncReport, SyncError>>,
    /// The relay greeted during this sync.
    greeted: bool,
    /// Why the last connection ended, of those during this sync.
    fault: Option<LinkFault>,
}

impl PendingSync {
    /// What it came to when time ran out.
    fn late(&self) -> SyncError {
        match &self.fault {
            Some(LinkFault::Closed(why)) => SyncError::RelayClosed(why.clone()),
            Some(LinkFault::WrongKey) => SyncError::WrongKey,
            Some(LinkFault::TurnedAway(why)) => SyncError::TurnedAway(why.clone()),
            _ if self.greeted => SyncError::TimedOut,
            _ => SyncError::Unreachable,
        }
    }
}

impl Driver {
    pub(super) fn start_sync(
        &mut self,
        id: SyncId,
        patience: Duration,
        reply: Reply<Result<SyncReport, SyncError>>,
    ) {
        if reply.is_closed() {
            return;
        }
        let live = self.shared.state.borrow().phase == LinkPhase::Live;
        if let (Some(report), true, 0) = (self.settled, live, self.store_backlog) {
            // Connected, and nothing has happened since everything was done.
            let _ = reply.send(Ok(report));
            return;
        }
        let deadline = Instant::now() + patience;
        self.syncs.push(PendingSync { id, deadline, reply, greeted: live, fault: None });
        // Also when it is online already: it cuts a backoff short.
        self.told_online = true;
        self.feed(Input::Online(true));
    }

    pub(super) fn give_up_sync(&mut self, id: SyncId) {
        self.parked.retain(|wish| !matches!(wish, Wish::Sync(of, ..) if *of == id));
        self.syncs.retain(|sync| sync.id != id);
        self.update_online();
    }

    pub(super) fn on_settled(&mut self, report: SyncReport) {
        self.settled = Some(report);
        for sync in self.syncs.drain(..) {
            // Whoever asked may have gone.
            let _ = sync.reply.send(Ok(report));
        }
    }

    pub(super) fn end_late_syncs(&mut self) {
        let now = Instant::now();
        let (late, rest) = self.syncs.drain(..).partition(|sync| sync.deadline <= now);
        self.syncs = rest;
        let late: Vec<PendingSync> = late;
        for sync in late {
            let error = sync.late();
            let _ = sync.reply.send(Err(error));
        }
        self.update_online();
    }

    /// Ends every sync.
    pub(super) fn end_syncs(&mut self, error: &SyncError) {
        for sync in self.syncs.drain(..) {
            let _ = sync.reply.send(Err(error.clone()));
        }
    }

    /// The relay does not serve this device, or its school. Trying again soon comes to the same.
    pub(super) fn turned_away(&mut self, why: Closing) {
        self.note_fault(LinkFault::TurnedAway(why.clone()));
        self.end_syncs(&SyncError::TurnedAway(why));
    }

    pub(super) fn greeted(&mut self) {
        self.set_phase(LinkPhase::Live);
        for sync in &mut self.syncs {
            (sync.greeted, sync.fault) = (true, None);
        }
    }

    /// The link is gone, or could not be made.
    pub(super) fn lost(&mut self, fault: LinkFault) {
        self.settled = None;
        self.set_phase(LinkPhase::Offline);
        self.note_fault(fault.clone());
        for sync in &mut self.syncs {
            sync.fault = Some(fault.clone());
        }
        if fault == LinkFault::WrongKey {
            // Trying again reaches the same impostor: say so now.
            self.end_syncs(&SyncError::WrongKey);
        }
        self.feed(Input::LinkDown(fault));
        self.update_online();
    }

    /// Whether the engine is to be online and has not been told so, or the other way round.
    pub(super) fn online_to_tell(&self) -> Option<bool> {
        let online = self.leaving.is_none() && (self.wanted_online || !self.syncs.is_empty());
        (online != self.told_online).then_some(online)
    }

    /// Tells the engine whether to be online, if that changed.
    pub(super) fn update_online(&mut self) {
        // It is the last thing that a turn looks at.
        self.perform_all();
    }
}
