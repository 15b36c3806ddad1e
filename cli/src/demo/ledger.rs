//! What every device holds at one moment.

use tandem_engine::{Delivery, InboxRow, JoinRow, Remark, ThreadRow, WaitingRow};

use super::trip::Trip;
use crate::error::Failure;

/// One device's copy of one thread.
#[derive(Debug)]
pub(super) struct Copy {
    pub(super) device: usize,
    pub(super) family: usize,
    pub(super) title: String,
    pub(super) rows: Vec<ThreadRow>,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// By family, then by device.
    pub(super) copies: Vec<Copy>,
    pub(super) inboxes: Vec<(usize, Vec<InboxRow>)>,
    pub(super) joins: Vec<(usize, JoinRow)>,
    pub(super) waiting: Vec<(usize, WaitingRow)>,
}

/// What all devices show of an entry alike. Whose device it is and when it arrived there are its
/// own.
pub(super) type Common<'a> = (
    &'a tandem_engine::EntryId,
    &'a str,
    &'a tandem_engine::Author,
    tandem_proto::Timestamp,
    Option<tandem_engine::EntryId>,
    &'a tandem_engine::Fields,
    Vec<&'a Remark>,
);

pub(super) fn common(row: &ThreadRow) -> Common<'_> {
    let remarks = row.remarks.iter();
    let remarks = remarks.filter(|remark| !matches!(remark, Remark::ArrivedLate(_))).collect();
    (&row.entry, &row.kind, &row.author, row.at, row.answers, &row.fields, remarks)
}

impl Ledger {
    /// Asks every device.
    pub(super) async fn take(trip: &Trip) -> Result<Self, Failure> {
        let mut ledger = Self::default();
        for (at, device) in trip.devices.iter().enumerate() {
            let (rows, joins) = device.inbox().await?;
            ledger.inboxes.push((at, rows));
            ledger.joins.extend(joins.into_iter().map(|join| (at, join)));
            ledger.waiting.extend(device.waiting().await?.into_iter().map(|row| (at, row)));
        }
        for (family, thread) in trip.threads.iter().enumerate() {
            for at in trip.families[family].members() {
                let (title, rows) = trip.devices[at].rows(*thread).await?;
                ledger.copies.push(Copy { device: at, family, title, rows });
            }
        }
        Ok(ledger)
    }

    /// Copies that differ from the first one of their thread: device and family.
    pub(super) fn differing(&self) -> Vec<(usize, usize)> {
        let same = |a: &Copy, b: &Copy| {
            a.title == b.title && a.rows.iter().map(common).eq(b.rows.iter().map(common))
        };
        let first = |copy: &Copy| self.copies.iter().find(|other| other.family == copy.family);
        let differs = |copy: &&Copy| first(copy).is_none_or(|other| !same(other, copy));
        self.copies.iter().filter(differs).map(|copy| (copy.device, copy.family)).collect()
    }

    /// Own entries with how far each got, as its author's device shows it.
    pub(super) fn own(&self) -> impl Iterator<Item = (&Copy, &ThreadRow)> {
        let rows = |copy| -> (&Copy, _) { (copy, copy.rows.iter()) };
        self.copies
            .iter()
            .map(rows)
            .flat_map(|(copy, rows)| rows.filter(|row| row.mine).map(move |row| (copy, row)))
    }

    /// Entries of others that were not on the screen yet.
    pub(super) fn unseen(&self) -> u32 {
        self.inboxes.iter().flat_map(|(_, rows)| rows).map(|row| row.unseen).sum()
    }

    /// What is left to do before everybody has everything; 0 at rest.
    pub(super) fn restless(&self) -> usize {
        let unread = usize::try_from(self.unseen()).unwrap_or(usize::MAX);
        let unknown = self.own().filter(|(_, row)| !with_others(row)).count();
        self.waiting.len() + self.joins.len() + self.differing().len() + unknown + unread
    }
}

/// Whether someone else is known to have it.
pub(super) const fn with_others(row: &ThreadRow) -> bool {
    matches!(
        row.delivery,
        Some(Delivery::OnTheirPhone { .. } | Delivery::Seen { .. } | Delivery::Heard)
    )
}
