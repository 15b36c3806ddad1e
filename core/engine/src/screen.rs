//! What screens show: rows and inbox rows, made anew from what changed.

mod events;
mod export;
mod inbox;
mod rows;
mod upkeep;
mod watch;
mod window;

use tandem_proto::ThreadId;

use crate::{Answer, Effect, Engine, Query, Ticket, Trouble, ViewDiff, WatchId, state::Deferred};

pub use watch::Watch;
pub use window::Window;

impl Engine {
    pub(crate) fn ask(&mut self, ticket: Ticket, query: Query) {
        match &query {
            Query::Inbox => {
                let answer = Ok(Answer::Inbox(self.inbox_rows(), self.join_rows()));
                self.reply(ticket, answer);
            }
            Query::Waiting => {
                let answer = Ok(Answer::Waiting(self.waiting_rows()));
                self.reply(ticket, answer);
            }
            Query::Device => {
                let answer = Ok(Answer::Device(self.device_row()));
                self.reply(ticket, answer);
            }
            Query::Upkeep => {
                let answer = Ok(Answer::Upkeep(self.upkeep_rows()));
                self.reply(ticket, answer);
            }
            Query::Retention => {
                let answer = Ok(Answer::Retention(self.retention_row()));
                self.reply(ticket, answer);
            }
            Query::Offers => {
                let (offer, uptakes) = self.offer_rows();
                self.reply(ticket, Ok(Answer::Offers(offer, uptakes)));
            }
            Query::Invites(thread) => {
                let answer = self.invite_rows(thread.as_ref()).map(Answer::Invites);
                self.reply(ticket, answer);
            }
            Query::Thread(id)
            | Query::Receipts(id)
            | Query::Members(id)
            | Query::Code(id, _)
            | Query::Quote(id, _)
            | Query::Export(id) => {
                let id = *id;
                if self.threads.contains_key(&id) {
                    self.with_records(&id, Deferred::Query(ticket, query));
                } else {
                    self.reply(ticket, Err(Trouble::UnknownThread));
                }
            }
        }
    }

    /// Answers a query whose thread's records are here.
    pub(crate) fn answer(&mut self, id: &ThreadId, query: &Query) -> Result<Answer, Trouble> {
        if let Query::Export(_) = query {
            return self.export(id).map(|all| Answer::Export(Box::new(all)));
        }
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        match query {
            Query::Thread(_) => Ok(Answer::Thread(thread.inbox.title.clone(), self.rows(thread))),
            Query::Receipts(_) => Ok(Answer::Receipts(self.receipt_rows(thread))),
            Query::Members(_) => Ok(Answer::Members(self.member_rows(thread))),
            Query::Code(_, person) => self.code_with(thread, person).map(Answer::Code),
            Query::Quote(_, entry) => Ok(Answer::Quote(self.quote(thread, entry))),
            Query::Inbox
            | Query::Waiting
            | Query::Device
            | Query::Offers
            | Query::Invites(_)
            | Query::Upkeep
            | Query::Retention
            | Query::Export(_) => Err(Trouble::UnknownThread),
        }
    }

    pub(crate) fn watch(&mut self, id: WatchId, watch: Watch) {
        let first = self.inbox_watchers().is_empty();
        self.watches.insert(id, watch.clone());
        match watch {
            Watch::Inbox => {
                if first {
                    self.inbox_shown = self.inbox_rows();
                }
                // What another screen shows already; what is different since goes to both.
                let rows = self.inbox_shown.clone();
                self.out.say(Effect::InboxView(id, ViewDiff::Reset(rows)));
            }
            Watch::Thread(thread) | Watch::Newest(thread, ..) => {
                self.with_records(&thread, Deferred::Watch(id));
            }
        }
    }

    /// A screen gets the rows of a thread.
    pub(crate) fn show_thread(&mut self, watch: WatchId, id: &ThreadId) {
        // Closed again while the thread was read.
        if !self.watches.contains_key(&watch) {
            return;
        }
        let Some(thread) = self.threads.get(id) else { return };
        // What another screen shows already; what is different since goes to both.
        let shown = thread.loaded.as_ref().and_then(|loaded| loaded.rows.clone());
        let rows = shown.unwrap_or_else(|| self.rows(thread));
        if let Some(shown) = self.shown(id) {
            *shown = Some(rows.clone());
        }
        self.open_window(watch, &rows);
    }

    fn inbox_watchers(&self) -> Vec<WatchId> {
        let inbox = self.watches.iter().filter(|(_, watch)| matches!(watch, Watch::Inbox));
        inbox.map(|(id, _)| *id).collect()
    }

    /// Makes anew what was touched, and says what is different on the screens.
    pub(crate) fn refresh(&mut self) {
        for id in std::mem::take(&mut self.touched) {
            self.refresh_thread(&id);
        }
        if !std::mem::take(&mut self.inbox_moved) {
            return;
        }
        let watchers = self.inbox_watchers();
        if watchers.is_empty() {
            return;
        }
        let rows = self.inbox_rows();
        for diff in ViewDiff::between(&self.inbox_shown, &rows, |row| row.thread) {
            for watcher in &watchers {
                self.out.say(Effect::InboxView(*watcher, diff.clone()));
            }
        }
        self.inbox_shown = rows;
    }

    fn refresh_thread(&mut self, id: &ThreadId) {
        let watchers = self.watchers(id);
        let mut last = None;
        if watchers.is_empty() {
            if let Some(shown) = self.shown(id) {
                *shown = None;
            }
        } else if let Some(thread) = self.threads.get(id).filter(|t| t.loaded.is_some()) {
            let rows = self.rows(thread);
            last = rows.iter().rev().find(|row| row.is_entry()).cloned();
            let before = self.shown(id).and_then(|shown| shown.replace(rows.clone()));
            for watcher in watchers {
                match &before {
                    Some(before) => self.show_changes(watcher, before, &rows),
                    None => self.open_window(watcher, &rows),
                }
            }
        }
        self.refresh_inbox_row(id, last.as_ref());
    }
}

#[cfg(test)]
mod tests;
