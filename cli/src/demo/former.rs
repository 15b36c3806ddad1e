//! Devices that are taken out before the end: the teacher's old tablet, and a phone that is lost.

use std::collections::BTreeSet;

use tandem_proto::ThreadId;

use super::{device::Device, trip::Trip};
use crate::error::Failure;

/// One of them. Its owner goes on with another device.
#[derive(Debug)]
pub(super) struct Former {
    pub(super) device: Device,
    /// `Ms Rivera's old tablet`.
    pub(super) called: String,
    /// The place in the cast of whoever had it.
    pub(super) owner: usize,
    /// How many entries had been said in all threads when it was out.
    pub(super) out_since: Option<usize>,
    /// What was written on it when it was out: of which family, and which entry.
    pub(super) wrote: Option<(usize, String)>,
}

impl Former {
    pub(super) const fn new(device: Device, called: String, owner: usize) -> Self {
        Self { device, called, owner, out_since: None, wrote: None }
    }

    /// The families in whose threads it was.
    pub(super) fn families(&self, trip: &Trip) -> Vec<usize> {
        let was_in = |family: &usize| trip.families[*family].members().contains(&self.owner);
        (0..trip.families.len()).filter(was_in).collect()
    }

    /// What was said in a family's thread when this device was out.
    pub(super) fn said_since(&self, trip: &Trip, family: usize) -> BTreeSet<String> {
        let since = self.out_since.unwrap_or(trip.kept.len());
        let kept = trip.kept.iter().skip(since).filter(|kept| kept.family == family);
        kept.map(|kept| kept.entry.clone()).collect()
    }

    /// Every entry of a thread that it shows, in the thread or in the inbox.
    pub(super) async fn shown(&self, thread: ThreadId) -> Result<BTreeSet<String>, Failure> {
        let (_, rows) = self.device.rows(thread).await?;
        let mut shown: BTreeSet<_> = rows.iter().map(|row| row.entry.to_string()).collect();
        let (inbox, _) = self.device.inbox().await?;
        let last = inbox.into_iter().filter(|row| row.thread == thread).filter_map(|row| row.last);
        shown.extend(last.map(|last| last.entry.to_string()));
        Ok(shown)
    }
}
