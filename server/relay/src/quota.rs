//! What one device, one thread or one school may take of the relay.

use std::collections::BTreeMap;

use tandem_proto::{
    ItemKind, RosterLink, Seq, Statement, ThreadId, Timestamp, TransportKey, item_kind,
    planted::{Fault, is},
};

use crate::{
    admin::{Limit, School},
    relay::Relay,
};

const DAY_MS: u64 = 24 * 3600 * 1000;

/// What each device did on the present day (of UTC).
#[derive(Debug, Default)]
pub(crate) struct Today {
    day: u64,
    did: BTreeMap<TransportKey, Did>,
}

/// What one device did.
#[derive(Debug, Clone, Copy, Default)]
struct Did {
    founded: u64,
    bytes: u64,
}

impl Today {
    fn of(&self, now: Timestamp, by: &TransportKey) -> Did {
        let today = now.0 / DAY_MS == self.day;
        self.did.get(by).copied().filter(|_| today).unwrap_or_default()
    }

    fn count(&mut self, now: Timestamp, by: TransportKey, founds: bool, bytes: u64) {
        let day = now.0 / DAY_MS;
        if day != self.day {
            self.day = day;
            self.did.clear();
        }
        let did = self.did.entry(by).or_default();
        did.founded += u64::from(founds);
        did.bytes = did.bytes.saturating_add(bytes);
    }
}

impl Relay {
    /// A limit as it holds for a school, or where there is none.
    pub(crate) fn limit(&self, school: Option<&School>, limit: Limit) -> u64 {
        let own = school.and_then(|school| school.quota.get(&limit).copied());
        own.unwrap_or_else(|| self.config.limit(limit))
    }

    /// A limit as it holds for a device.
    pub(crate) fn limit_of(&self, device: &TransportKey, limit: Limit) -> u64 {
        self.limit(self.schools.of_device(device).map(|(_, school)| school), limit)
    }

    /// Whether a device may add an item of this many bytes to a thread.
    pub(crate) fn has_room(&self, by: &TransportKey, thread: &ThreadId, bytes: usize) -> bool {
        let Some(state) = self.threads.get(thread) else { return false };
        if is(Fault::QuotaNotCounted) {
            return true;
        }
        let school = self.schools.of_thread(thread).map(|(_, school)| school);
        let bytes = bytes as u64;
        state.head().0 < self.limit(school, Limit::ItemsPerThread)
            && state.bytes.saturating_add(bytes) <= self.limit(school, Limit::BytesPerThread)
            && self.school_has_room(school, bytes)
            && self.may_upload(by, bytes)
    }

    /// Whether a device may put a thread on the relay that begins with this many bytes.
    pub(crate) fn may_found(&self, by: &TransportKey, bytes: usize) -> bool {
        let school = self.schools.of_device(by).map(|(_, school)| school);
        let founded = self.today.of(self.now, by).founded;
        let threads = school.map_or(0, |school| school.threads);
        let bytes = bytes as u64;
        founded < self.limit(school, Limit::ThreadsFoundedPerDay)
            && threads < self.limit(school, Limit::Threads)
            && self.school_has_room(school, bytes)
            && self.may_upload(by, bytes)
    }

    fn school_has_room(&self, school: Option<&School>, bytes: u64) -> bool {
        school.is_none_or(|of| of.bytes.saturating_add(bytes) <= self.limit(school, Limit::Bytes))
    }

    fn may_upload(&self, by: &TransportKey, bytes: u64) -> bool {
        let did = self.today.of(self.now, by).bytes;
        did.saturating_add(bytes) <= self.limit_of(by, Limit::BytesPerDay)
    }

    /// Counts an item that was just taken into its log.
    pub(crate) fn count_item(
        &mut self,
        time: Timestamp,
        by: TransportKey,
        thread: ThreadId,
        seq: Seq,
        item: &[u8],
    ) {
        self.sweep.heard(time);
        // That a phone has new keys is no news of the people in it, or a thread would never be over.
        let renews = matches!(item_kind(item), Ok(ItemKind::RosterLink))
            && RosterLink::parse(item)
                .is_ok_and(|link| matches!(link.statement, Statement::Renew { .. }));
        if let Some(state) = self.threads.get_mut(&thread).filter(|_| !renews) {
            state.newest = state.newest.max(time);
        }
        let len = item.len();
        let (len, of_thread) = (len as u64, self.threads.get(&thread).map_or(0, |t| t.bytes));
        self.counts.items += 1;
        self.counts.bytes += len;
        self.today.count(time, by, seq == Seq(1), len);
        self.schools.count(&by, thread, seq, len, of_thread);
    }
}
