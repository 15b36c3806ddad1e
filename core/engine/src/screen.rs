//! What screens show: rows and inbox rows, made anew from what changed.

use std::collections::BTreeMap;

use tandem_proto::{PersonId, ThreadId};

use crate::{
    Answer, Author, Delivery, Effect, Engine, InboxRow, JoinRow, JoinState, Key, LastLine, Query,
    ReceiptRow, ThreadRow, Ticket, Trouble, ViewDiff, WaitingRow, Watch, WatchId,
    record::{Cargo, Deed, Kind},
    state::{Deferred, Loaded, Thread},
    thread,
};

/// Characters of an entry's first words in the inbox.
const LAST_LINE_CHARS: usize = 80;

impl InboxRow {
    pub(crate) const fn empty(thread: ThreadId) -> Self {
        Self {
            thread,
            title: String::new(),
            people: Vec::new(),
            last: None,
            unseen: 0,
            waiting: 0,
            stuck: 0,
            as_of: None,
        }
    }
}

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
            Query::Thread(id) | Query::Receipts(id) => {
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
    pub(crate) fn answer(&self, id: &ThreadId, query: &Query) -> Result<Answer, Trouble> {
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        match query {
            Query::Thread(_) => Ok(Answer::Thread(thread.inbox.title.clone(), self.rows(thread))),
            Query::Receipts(_) => Ok(Answer::Receipts(self.receipt_rows(thread))),
            Query::Inbox | Query::Waiting | Query::Device => Err(Trouble::UnknownThread),
        }
    }

    fn receipt_rows(&self, thread: &Thread) -> Vec<ReceiptRow> {
        let Some(loaded) = &thread.loaded else { return Vec::new() };
        let mut rows: Vec<ReceiptRow> = loaded
            .sent
            .iter()
            .filter(|(_, sent)| sent.era == thread.record.era)
            .filter_map(|(entry, sent)| {
                let receipt = sent.receipt.as_ref()?;
                Some(ReceiptRow {
                    entry: *entry,
                    envelope: receipt.item,
                    generation: receipt.generation,
                    seq: receipt.seq,
                    time: receipt.time,
                    verified: receipt.thread == thread.id
                        && receipt.verify(&self.me.relay.key).is_ok(),
                })
            })
            .collect();
        rows.sort_by_key(|row| row.seq);
        rows
    }

    pub(crate) fn watch(&mut self, id: WatchId, watch: Watch) {
        self.watches.insert(id, watch.clone());
        match watch {
            Watch::Inbox => {
                self.inbox_shown = self.inbox_rows();
                let rows = self.inbox_shown.clone();
                self.out.say(Effect::InboxView(id, ViewDiff::Reset(rows)));
            }
            Watch::Thread(thread) => self.with_records(&thread, Deferred::Watch(id)),
        }
    }

    /// A screen gets all rows of a thread.
    pub(crate) fn show_thread(&mut self, watch: WatchId, id: &ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        let rows = self.rows(thread);
        if let Some(shown) = self.shown(id) {
            *shown = Some(rows.clone());
        }
        self.out.say(Effect::ThreadView(watch, ViewDiff::Reset(rows)));
    }

    /// Makes anew what was touched, and says what is different on the screens.
    pub(crate) fn refresh(&mut self) {
        let touched = std::mem::take(&mut self.touched);
        for id in &touched {
            self.refresh_thread(id);
        }
        if touched.is_empty() && !self.inbox_moved {
            return;
        }
        self.inbox_moved = false;
        let watchers: Vec<WatchId> = self
            .watches
            .iter()
            .filter(|(_, watch)| matches!(watch, Watch::Inbox))
            .map(|(id, _)| *id)
            .collect();
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
        let Some(thread) = self.threads.get(id) else { return };
        let mut inbox = thread.inbox.clone();
        let (waiting, stuck) =
            thread.outbox.values().fold((0, 0), |(waiting, stuck), item| {
                match (&item.cargo, &item.receipt) {
                    (Cargo::Stuck { deed, .. }, _) if deed.creates().is_some() => {
                        (waiting, stuck + 1)
                    }
                    (Cargo::Change { deed, .. }, None) if deed.creates().is_some() => {
                        (waiting + 1, stuck)
                    }
                    _ => (waiting, stuck),
                }
            });
        (inbox.waiting, inbox.stuck) = (waiting, stuck);
        if let Some(loaded) = &thread.loaded {
            let rows = self.rows(thread);
            inbox.title = loaded.fold.facts().title(&thread.cast).to_owned();
            inbox.people = self.people(thread, loaded);
            inbox.last = rows.last().map(last_line);
            let unseen = thread::unseen(&loaded.fold, &thread.cast, self.me.person);
            inbox.unseen = u32::try_from(unseen.len()).unwrap_or(u32::MAX);
            if !watchers.is_empty()
                && let Some(shown) = self.shown(id)
            {
                let before = shown.replace(rows.clone()).unwrap_or_default();
                for diff in ViewDiff::between(&before, &rows, |row| row.entry) {
                    for watcher in &watchers {
                        self.out.say(Effect::ThreadView(*watcher, diff.clone()));
                    }
                }
            } else if let Some(shown) = self.shown(id) {
                *shown = None;
            }
        } else if let Some(last) = inbox.last.as_mut() {
            // Without its records a thread moves only by receipts, which its outbox holds.
            let receipt = thread
                .outbox
                .values()
                .find(|item| {
                    matches!(&item.cargo, Cargo::Change { deed, .. }
                        if deed.creates() == Some(last.entry))
                })
                .and_then(|item| item.receipt.as_ref());
            if let (Some(receipt), Some(Delivery::OnThisPhone)) = (receipt, &last.delivery) {
                last.delivery = Some(Delivery::OnRelay { at: receipt.time });
            }
        }
        let Some(thread) = self.threads.get_mut(id) else { return };
        if thread.inbox != inbox {
            self.out.put(Key::thread(Kind::Inbox, id), &inbox);
            thread.inbox = inbox;
        }
    }

    fn people(&self, thread: &Thread, loaded: &Loaded) -> Vec<Author> {
        let mut people: BTreeMap<PersonId, Author> = BTreeMap::new();
        for card in thread.roster.members().values().filter(|c| c.person != self.me.person) {
            let name = loaded.fold.facts().name(&card.person, &thread.cast).to_owned();
            people.insert(card.person, Author { person: card.person, name, role: card.role });
        }
        people.into_values().collect()
    }

    /// A thread's rows, finished.
    fn rows(&self, thread: &Thread) -> Vec<ThreadRow> {
        let Some(loaded) = &thread.loaded else { return Vec::new() };
        let arrived =
            |entry: &crate::EntryId| loaded.arrived.get(entry).filter(|a| a.late).map(|a| a.at);
        let mut rows = thread::rows(&loaded.fold, &thread.cast, self.me.person, &arrived);
        for row in rows.iter_mut().filter(|row| row.mine) {
            row.delivery = Some(self.delivery(thread, loaded, &row.entry));
        }
        for item in thread.outbox.values() {
            if let Cargo::Stuck { deed, reason } = &item.cargo
                && let Some(row) = self.stuck_row(thread, deed, reason)
            {
                rows.push(row);
            }
        }
        rows
    }

    /// An own entry's state, each step of it by a fact.
    fn delivery(&self, thread: &Thread, loaded: &Loaded, entry: &crate::EntryId) -> Delivery {
        let seen: Vec<_> = loaded
            .fold
            .entry(entry)
            .map(|record| record.seen_by(&thread.cast))
            .unwrap_or_default()
            .into_iter()
            .filter(|(person, _)| *person != self.me.person)
            .collect();
        if !seen.is_empty() {
            return Delivery::Seen { by: seen };
        }
        if let Some(phones) = loaded.phones.get(entry) {
            let mut people: Vec<PersonId> = phones
                .iter()
                .filter_map(|device| thread.roster.card_ever(device))
                .map(|card| card.person)
                .collect();
            people.sort_unstable();
            people.dedup();
            if !people.is_empty() {
                return Delivery::OnTheirPhone { people };
            }
        }
        let generation = self.session.generation();
        let sent = loaded.sent.get(entry).filter(|sent| sent.era == thread.record.era);
        match sent.and_then(|sent| sent.receipt.as_ref()) {
            Some(receipt) if Some(receipt.generation) == generation => {
                Delivery::OnRelay { at: receipt.time }
            }
            _ => Delivery::OnThisPhone,
        }
    }

    /// Something that was refused stands at the end, outside the document.
    fn stuck_row(
        &self,
        thread: &Thread,
        deed: &Deed,
        reason: &crate::StuckReason,
    ) -> Option<ThreadRow> {
        let Deed::Post { entry, kind, at, answers, fields } = deed else { return None };
        let role = thread.roster.card_ever(&self.me.device).map_or(self.me.role, |c| c.role);
        Some(ThreadRow {
            entry: *entry,
            kind: kind.clone(),
            author: Author { person: self.me.person, name: self.me.name.clone(), role },
            mine: true,
            at: *at,
            answers: *answers,
            fields: fields.clone(),
            delivery: Some(Delivery::Stuck { reason: reason.clone(), next_try: None }),
            remarks: Vec::new(),
        })
    }

    fn inbox_rows(&self) -> Vec<InboxRow> {
        let mut rows: Vec<InboxRow> = self
            .threads
            .values()
            .map(|thread| InboxRow { as_of: self.session.record.as_of, ..thread.inbox.clone() })
            .collect();
        rows.sort_by(|a, b| {
            let at = |row: &InboxRow| row.last.as_ref().map(|last| last.at);
            at(b).cmp(&at(a)).then(a.title.cmp(&b.title)).then(a.thread.cmp(&b.thread))
        });
        rows
    }

    fn join_rows(&self) -> Vec<JoinRow> {
        let joins = self.joins.values().map(|join| JoinRow {
            thread: join.link.thread,
            state: join.refused.clone().map_or(JoinState::Joining, JoinState::Refused),
            since: join.since,
            knocking: None,
        });
        let knocks = self.invites.values().flat_map(|invite| {
            invite.knocks.iter().map(|(_, name)| JoinRow {
                thread: invite.thread,
                state: JoinState::Refused("this invite was used already".to_owned()),
                since: invite.made,
                knocking: Some(name.clone()),
            })
        });
        joins.chain(knocks).collect()
    }

    fn waiting_rows(&self) -> Vec<WaitingRow> {
        let next_try = self.session.timeout().filter(|_| !self.is_live());
        let mut rows = Vec::new();
        for thread in self.threads.values() {
            for item in thread.outbox.values() {
                let (entry, delivery) = match &item.cargo {
                    Cargo::Stuck { deed, reason } => {
                        (deed.entry(), Delivery::Stuck { reason: reason.clone(), next_try: None })
                    }
                    // What has its receipt has left; it stays only until the log confirms it.
                    _ if item.receipt.is_some() => continue,
                    Cargo::Change { deed, .. } => (deed.entry(), Delivery::OnThisPhone),
                    Cargo::Link { .. } => (None, Delivery::OnThisPhone),
                };
                rows.push(WaitingRow { thread: thread.id, entry, delivery });
            }
        }
        let _ = next_try;
        rows
    }

    /// What the report of a sync counts as waiting.
    pub(crate) fn count_waiting(&self) -> u32 {
        let entries = self.waiting_rows().iter().filter(|row| row.entry.is_some()).count();
        u32::try_from(entries + self.joins.len()).unwrap_or(u32::MAX)
    }

    fn is_live(&self) -> bool {
        self.session.phase == crate::session::Phase::Live
    }
}

fn last_line(row: &ThreadRow) -> LastLine {
    let text = thread::headline(&row.kind, &row.fields).chars().take(LAST_LINE_CHARS).collect();
    LastLine {
        entry: row.entry,
        kind: row.kind.clone(),
        author: row.author.clone(),
        text,
        at: row.at,
        delivery: row.delivery.clone(),
    }
}
