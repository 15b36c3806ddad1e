//! The inbox: one row per thread, stored so that opening the app loads no document; what waits, and
//! who asks.

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::{PersonId, ThreadId, ThreadKind};

use crate::{
    Author, Delivery, Engine, InboxRow, JoinRow, JoinState, Key, LastLine, ThreadRow, Waiting,
    WaitingRow,
    erased::delivery_once_erased,
    people,
    record::{Cargo, Kind},
    state::{Loaded, Thread},
    thread,
};

/// Characters of an entry's first words in the inbox.
const LAST_LINE_CHARS: usize = 80;

impl Engine {
    /// Makes a thread's inbox row anew from what is in memory; `last` is its last row, where that
    /// is known already.
    pub(super) fn refresh_inbox_row(&mut self, id: &ThreadId, last: Option<&ThreadRow>) {
        let Some(thread) = self.threads.get(id) else { return };
        let mut inbox = thread.inbox.clone();
        (inbox.waiting, inbox.stuck) = count(thread);
        inbox.desk = thread.roster.kind() == ThreadKind::Desk;
        inbox.other_log = thread.shown_another_log();
        inbox.erased = thread.erased_row();
        inbox.newer_version_needed = thread.needs_newer();
        if let Some(loaded) = &thread.loaded {
            loaded.fold.facts().title(&thread.cast).clone_into(&mut inbox.title);
            inbox.people = self.people(thread, loaded);
            inbox.unverified = people::unverified(thread, loaded, self.me.person);
            inbox.last = match last {
                Some(row) => Some(last_line(row)),
                None => self.last_row(thread, loaded).as_ref().map(last_line),
            };
            inbox.unseen = thread::count_unseen(&loaded.fold, &thread.cast, self.me.person);
        } else if let Some(last) = inbox.last.as_mut() {
            // Without its records a thread moves only by receipts, which its outbox holds.
            let item = thread.outbox.values().find(|item| {
                matches!(&item.cargo, Cargo::Change { deed, .. }
                    if deed.creates() == Some(last.entry))
            });
            match (item.map(|item| &item.receipt), &last.delivery) {
                (Some(Some(receipt)), Some(Delivery::OnThisPhone)) => {
                    last.delivery = Some(Delivery::OnRelay { at: receipt.time });
                }
                (Some(None), Some(Delivery::OnRelay { .. })) => {
                    last.delivery = Some(Delivery::OnThisPhone);
                }
                _ => {}
            }
        }
        if thread.is_erased() {
            // Nobody can mark anything there any more.
            inbox.unseen = 0;
            if let Some(last) = inbox.last.as_mut() {
                last.delivery = last.delivery.take().map(delivery_once_erased);
            }
        }
        if thread.inbox != inbox
            && let Some(thread) = self.threads.get_mut(id)
        {
            self.out.put(Key::thread(Kind::Inbox, id), &inbox);
            thread.inbox = inbox;
            self.inbox_moved = true;
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

    pub(super) fn inbox_rows(&self) -> Vec<InboxRow> {
        let mut rows: Vec<InboxRow> = self
            .threads
            .values()
            .map(|thread| {
                // What stands behind what this version can't read is not here.
                let as_of = self.session.record.as_of.filter(|_| !thread.needs_newer());
                InboxRow {
                    as_of,
                    kept: self.kept_row(thread),
                    role: self.acting_role(thread),
                    admits: self.admits(thread),
                    ..thread.inbox.clone()
                }
            })
            .collect();
        rows.sort_by(|a, b| {
            let at = |row: &InboxRow| row.last.as_ref().map(|last| last.at);
            at(b).cmp(&at(a)).then(a.title.cmp(&b.title)).then(a.thread.cmp(&b.thread))
        });
        rows
    }

    pub(super) fn join_rows(&self) -> Vec<JoinRow> {
        let joins = self.joins.values().map(|join| JoinRow {
            thread: join.link.thread,
            state: join.refused.map_or(JoinState::Joining, JoinState::Refused),
            since: join.since,
            knocking: None,
        });
        let knocks = self.invites.iter().flat_map(|(id, invite)| {
            let gone = self.knocks_gone(id);
            let here = invite.knocks.iter().filter(move |(request, _)| !gone.contains(request));
            here.map(|(request, name)| {
                let knocked = invite.knocked.iter().find(|knock| knock.request == *request);
                JoinRow {
                    thread: invite.thread,
                    state: JoinState::Refused(invite.why_not(self.now)),
                    since: knocked.map_or(invite.made, |knock| knock.at),
                    knocking: Some(name.clone()),
                }
            })
        });
        joins.chain(knocks).collect()
    }

    pub(super) fn waiting_rows(&self) -> Vec<WaitingRow> {
        let mut rows = Vec::new();
        for thread in self.threads.values() {
            for item in thread.outbox.values() {
                let stuck = item.stuck().map(|(deed, reason, next_try)| {
                    (deed.entry(), Delivery::Stuck { reason: reason.clone(), next_try })
                });
                let (entry, delivery) = match (&item.cargo, stuck) {
                    (_, Some(stuck)) => stuck,
                    // What has its receipt has left; it stays only until the log confirms it.
                    _ if item.receipt.is_some() => continue,
                    (Cargo::Change { deed, .. }, None) => (deed.entry(), Delivery::OnThisPhone),
                    (_, None) => (None, Delivery::OnThisPhone),
                };
                let what = match &item.cargo {
                    Cargo::Change { deed, .. } | Cargo::Stuck { deed, .. } => deed.what(),
                    Cargo::Link { .. } => Waiting::Members,
                };
                rows.push(WaitingRow { thread: thread.id, entry, what, delivery });
            }
            // What shall be so of the membership, until a link has made it so.
            for _ in &thread.keys.wishes {
                let (what, delivery) = (Waiting::Members, Delivery::OnThisPhone);
                rows.push(WaitingRow { thread: thread.id, entry: None, what, delivery });
            }
        }
        rows
    }

    /// What the report of a sync counts as waiting.
    pub(crate) fn count_waiting(&self) -> u32 {
        // An entry that was said and moved is one entry.
        let rows = self.waiting_rows();
        let entries: BTreeSet<_> = rows.iter().filter_map(|row| row.entry).collect();
        let entries = entries.len();
        let joins = self.joins.values().filter(|join| join.refused.is_none()).count();
        u32::try_from(entries + joins).unwrap_or(u32::MAX)
    }
}

/// Entries of a thread of which something waits here, and of which something is stuck. Each counts
/// once, however much of it waits.
fn count(thread: &Thread) -> (u32, u32) {
    let (mut waiting, mut stuck) = (BTreeSet::new(), BTreeSet::new());
    for item in thread.outbox.values() {
        match (item.stuck(), &item.cargo) {
            (Some((deed, ..)), _) => stuck.extend(deed.entry()),
            (None, Cargo::Change { deed, .. }) if item.receipt.is_none() => {
                waiting.extend(deed.entry());
            }
            _ => {}
        }
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (count(waiting.difference(&stuck).count()), count(stuck.len()))
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
