//! Stopping: nothing new is taken, what is under way is finished, then everybody is told.

use tandem_proto::Closing;

use crate::relay::{Relay, Stage};

impl Relay {
    pub(crate) fn stop(&mut self) {
        self.stage = Stage::Stopping;
        self.finish_stopping();
    }

    /// Says goodbye when the last commit is done.
    pub(crate) fn finish_stopping(&mut self) {
        if self.stage == Stage::Stopping && self.commits.is_idle() {
            for id in self.conns.ids() {
                self.conns.close(id, Closing::Stopping(crate::RETRY_MS));
            }
        }
    }

    /// Whether everything that was under way when the host said [`crate::Input::Stop`] is done and
    /// every connection was told to go; also after a commit failed, when nothing is left to wait
    /// for.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        self.stage != Stage::Running && self.commits.is_idle() && self.conns.iter().next().is_none()
    }

    /// Whether a commit failed. Everybody was sent away and further inputs do nothing: the host
    /// restores a fresh core from what its journal really holds.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.stage == Stage::Finished
    }
}
