//! Threads that a newer version has taken further than this one can follow (`docs/adr/0024`).
//!
//! A link whose statement is not known here may have changed who is in, and how. So the log is read
//! up to it and no further, and nothing is sealed or linked behind it. Nobody is blamed and nothing is
//! lost: the cursor stays before it, and a newer version goes on from there. A relay that shows such
//! a link falsely does what it could do by keeping the log back.

use tandem_proto::{RosterLink, RosterLinkError, Seq, ThreadId};

use crate::{Engine, StuckReason, state::Thread};

impl Thread {
    /// Whether only a newer version reads on here.
    pub(crate) const fn needs_newer(&self) -> bool {
        self.keys.newer.is_some()
    }
}

impl Engine {
    /// Whether something of the log is not to be read by this version: it can't, or it stands behind
    /// what it can't read.
    pub(crate) fn is_for_a_newer_version(&mut self, id: &ThreadId, seq: Seq, item: &[u8]) -> bool {
        let Some(thread) = self.threads.get_mut(id) else { return false };
        let known = thread.keys.newer;
        if known.is_some_and(|known| known < seq) {
            return true;
        }
        let newer = RosterLink::parse(item) == Err(RosterLinkError::Newer);
        if newer == (known == Some(seq)) {
            // Nothing new: it stands there still, or there is no such thing.
            return newer;
        }
        // What stood here can be read by now: this is the newer version.
        thread.keys.newer = newer.then_some(seq);
        self.keep_keys(id);
        self.touched.insert(*id);
        if newer {
            self.wait_for_a_newer_version(id);
        } else {
            self.clear_refused(id, &StuckReason::NewerVersionNeeded);
            self.session.uploaded = false;
        }
        newer
    }

    /// What waits to leave such a thread says why it does not.
    pub(crate) fn wait_for_a_newer_version(&mut self, id: &ThreadId) {
        let Some(thread) = self.threads.get(id).filter(|thread| thread.needs_newer()) else {
            return;
        };
        let waits = thread.outbox.iter().filter(|(_, item)| item.met.is_none());
        let numbers: Vec<u64> = waits.map(|(number, _)| *number).collect();
        self.mark_all_refused(id, &numbers, &StuckReason::NewerVersionNeeded);
    }
}

#[cfg(test)]
mod tests;
