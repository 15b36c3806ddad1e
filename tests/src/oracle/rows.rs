//! Rows: nothing appears that nobody said, nothing goes, nothing changes its place.

use std::collections::BTreeMap;

use tandem_engine::{Delivery, EntryId, Remark, ThreadRow};
use tandem_proto::ThreadId;

use super::is_stuck;
use crate::world::World;

impl World {
    /// After every input: whatever changed on a screen is checked.
    pub(crate) fn oracle_looks(&mut self, device: usize) {
        let changed = std::mem::take(&mut self.devices[device].view.changed);
        for thread in changed {
            self.check_rows(device, thread);
        }
        if std::mem::take(&mut self.devices[device].view.inbox_changed) {
            self.check_inbox(device);
        }
    }

    fn check_inbox(&mut self, index: usize) {
        let inbox = std::mem::take(&mut self.devices[index].view.inbox);
        let mut wanted = Vec::new();
        for thread in self.devices[index].title.keys() {
            let forgotten = self.oracle.forgotten.contains(&(index, *thread));
            if !forgotten && !inbox.iter().any(|row| row.thread == *thread) {
                let name = &self.devices[index].name;
                self.violation(&format!("{thread:?} is gone from {name}'s inbox"));
            }
        }
        for row in &inbox {
            let before = self.devices[index].title.insert(row.thread, row.title.clone());
            if before.is_some_and(|before| !before.is_empty() && before != row.title) {
                self.violation("a thread has changed its title");
            }
            let last = row.last.as_ref();
            if let Some(Delivery::OnRelay { .. }) = last.and_then(|last| last.delivery.as_ref()) {
                wanted.push((index, row.thread));
            }
            let said = self.oracle.said.iter().filter(|said| said.thread == row.thread).count();
            if (row.waiting + row.stuck) as usize > said + self.oracle.tried
                || row.unseen as usize > said
            {
                self.violation(&format!("the inbox counts more than was said: {row:?}"));
            }
        }
        self.oracle.wants.extend(wanted);
        self.devices[index].view.inbox = inbox;
    }

    fn check_rows(&mut self, index: usize, thread: ThreadId) {
        let Some(whole) = self.devices[index].view.threads.remove(&thread) else { return };
        // Who came and went is said by the roster, of which a relay can lose something.
        let rows: Vec<ThreadRow> = whole.iter().filter(|row| row.is_entry()).cloned().collect();
        let mut shown = self.devices[index].shown.remove(&thread).unwrap_or_default();
        // Whoever forgets a thread is shown nothing of it any more, and has nothing of it any more.
        if whole.is_empty() && self.oracle.forgotten.contains(&(index, thread)) {
            if self.is_named_on(index, thread) {
                self.violation("a screen is emptied of a thread that is still kept");
            }
            return;
        }
        // What is refused leaves its place in the document and stands at the end.
        let moved: Vec<EntryId> =
            rows.iter().filter(|row| is_stuck(row)).map(|row| row.entry).collect();
        let order: Vec<EntryId> = shown
            .order
            .iter()
            .filter(|entry| !moved.contains(entry) && !self.may_go(&thread, entry))
            .copied()
            .collect();
        let so = kept_order(&order, &rows);
        self.insist(so.map_err(|what| format!("{} sees {what}", self.devices[index].name)));
        let fresh: Vec<EntryId> = rows
            .iter()
            .map(|row| row.entry)
            .filter(|entry| !shown.delivery.contains_key(entry) && !shown.order.contains(entry))
            .collect();
        self.check_words(thread, &rows);
        for row in &rows {
            let before = shown.delivery.get(&row.entry);
            if row.mine != row.delivery.is_some() {
                self.violation(&format!("own rows have a state, others have none: {row:?}"));
            }
            let Some(delivery) = &row.delivery else { continue };
            if before != Some(delivery) {
                self.check_delivery(index, thread, row, before, delivery);
                shown.delivery.insert(row.entry, delivery.clone());
            }
        }
        shown.order = rows.iter().map(|row| row.entry).collect();
        self.devices[index].shown.insert(thread, shown);
        self.devices[index].view.threads.insert(thread, whole);
        if !fresh.is_empty() {
            self.insist_durable(index, &fresh);
        }
    }

    /// Whether an entry may go from the screens: somebody took its author out who did not know of it.
    fn may_go(&self, thread: &ThreadId, entry: &EntryId) -> bool {
        let said = self.oracle.by_entry.get(entry).map(|n| &self.oracle.said[*n]);
        said.is_some_and(|said| self.oracle.out.contains(&(*thread, said.device)))
    }

    /// Every row is something that somebody said, as they said it and in their order.
    fn check_words(&mut self, thread: ThreadId, rows: &[ThreadRow]) {
        let mut last: BTreeMap<(usize, u32), usize> = BTreeMap::new();
        for row in rows {
            let headline = row.fields.get(if row.kind == "concern" { "what" } else { "text" });
            let number = headline.and_then(|text| text.split(':').next()?.parse::<usize>().ok());
            let Some(n) = number.filter(|n| *n < self.oracle.said.len()) else {
                self.violation(&format!("nobody said this: {row:?}"));
            };
            let bound = self.bind(n, row.entry);
            self.insist(bound);
            let said = &self.oracle.said[n];
            let mut fields = row.fields.clone();
            let state = fields.remove("state");
            // On a person's second device it is still their name.
            let name = &self.devices[said.device].profile.name;
            // Whoever is let in again before anybody has read their name is called as the new phone's
            // home was.
            let called = |shown: &String| {
                let mut theirs = self.devices.iter().filter(|device| device.profile.name == *name);
                shown == name || theirs.any(|device| device.name == *shown)
            };
            let same = said.thread == thread
                && said.kind == row.kind
                && said.fields == fields
                && said.answers == row.answers
                && (row.author.name.is_empty() || called(&row.author.name));
            if !same {
                self.violation(&format!("{n} was said otherwise than it is shown: {row:?}"));
            }
            if said.kept == Some(false) {
                self.violation(&format!("{n} was not kept, and is shown: {row:?}"));
            }
            if let Some(state) = state.and_then(|state| state.parse().ok()) {
                let moved = self.oracle.moves.get(&row.entry);
                let by_owner = state == tandem_engine::StepState::Open
                    || moved.is_some_and(|moved| moved.contains(&state));
                if !by_owner {
                    self.violation(&format!("no owner moved this step: {row:?}"));
                }
            }
            if !is_stuck(row)
                && last.insert((said.device, said.restores), n).is_some_and(|before| before > n)
            {
                self.violation(&format!("{n} stands after what {name} said later: {rows:#?}"));
            }
            for remark in &row.remarks {
                if matches!(remark, Remark::EditByOther { .. } | Remark::Incomplete(_)) {
                    self.violation(&format!("an honest entry is called {remark:?}: {row:?}"));
                }
            }
        }
    }
}

/// What stood there stands there still, in the same order.
fn kept_order(before: &[EntryId], rows: &[ThreadRow]) -> Result<(), String> {
    let mut rows = rows.iter();
    for entry in before {
        if !rows.any(|row| row.entry == *entry) {
            return Err(format!("{entry:?} go, or change its place"));
        }
    }
    Ok(())
}
