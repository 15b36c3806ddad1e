//! All of a thread, for whoever has a right to a copy.

use tandem_proto::{DeviceKey, ThreadId};

use crate::{
    Engine, ExportedRow, KeptOut, ThreadExport, Trouble,
    state::{Loaded, Thread},
    thread,
};

impl Engine {
    /// A thread whose records are here, as it goes out of this home.
    pub(super) fn export(&mut self, id: &ThreadId) -> Result<ThreadExport, Trouble> {
        let too_late = self.count_too_late(id)?;
        let thread = self.threads.get(id).ok_or(Trouble::UnknownThread)?;
        let loaded = thread.loaded.as_ref().ok_or(Trouble::UnknownThread)?;
        let rows = self.rows(thread).into_iter().filter(|row| row.is_entry());
        let entries = rows.map(|row| {
            let device = loaded.fold.entry(&row.entry).and_then(|record| record.device());
            let device = device.and_then(|prefix| thread.cast.device(&prefix));
            // What is stuck is in no document, and this device's own.
            let device = device.or(row.mine.then_some(self.me.device));
            let text = thread::headline(&row.kind, &row.fields).to_owned();
            ExportedRow { device, text, row }
        });
        let entries: Vec<ExportedRow> = entries.collect();
        let events = self.events(thread, loaded).into_iter().map(event).collect();
        let by = self.author(thread, loaded, self.me.person);
        Ok(ThreadExport {
            thread: *id,
            title: thread.inbox.title.clone(),
            by,
            device: self.me.device,
            as_of: self.session.record.as_of.filter(|_| !thread.needs_newer()),
            members: self.member_rows(thread),
            kept_out: kept_out(thread, loaded, too_late),
            entries,
            events,
        })
    }

    /// Changes of devices that were out by then.
    fn count_too_late(&mut self, id: &ThreadId) -> Result<u32, Trouble> {
        let thread = self.threads.get_mut(id).ok_or(Trouble::UnknownThread)?;
        let loaded = thread.loaded.as_mut().ok_or(Trouble::UnknownThread)?;
        let doc = loaded.doc().map_err(|e| Trouble::Damaged(e.to_string()))?;
        let changes = doc.changes();
        Ok(count(changes.iter().filter(|change| thread.cast.is_too_late(change)).count()))
    }
}

fn event((device, row): (DeviceKey, crate::ThreadRow)) -> ExportedRow {
    ExportedRow { device: Some(device), text: String::new(), row }
}

/// What is in the log or in the document and stands in no row.
fn kept_out(thread: &Thread, loaded: &Loaded, after_removal: u32) -> KeptOut {
    let unheard = loaded.fold.entries().filter(|(_, record)| record.is_unheard(&thread.cast));
    KeptOut {
        after_removal,
        by_records: count(unheard.count()),
        unread: count(thread.record.except.len()),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
