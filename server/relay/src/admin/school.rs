//! The schools of a relay: their devices, their threads, and how each stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tandem_proto::{SchoolId, SchoolPass, Seq, ThreadId, Timestamp, TransportKey};

use super::{Act, Quota};

/// How a school or a device stands with who runs the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Standing {
    /// It is served.
    Active,
    /// It is not served for now.
    Suspended,
    /// It is served no more.
    Removed,
}

impl Standing {
    /// Its name in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Removed => "removed",
        }
    }
}

/// One school.
#[derive(Debug, Clone)]
pub(crate) struct School {
    pub(crate) name: String,
    /// The hash of its pass.
    pass: [u8; 32],
    pub(crate) standing: Standing,
    pub(crate) quota: Quota,
    pub(crate) since: Timestamp,
    pub(crate) devices: u64,
    pub(crate) threads: u64,
    /// Bytes of all logs of its threads.
    pub(crate) bytes: u64,
}

/// Of which school a device is, and since when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Enrolled {
    pub(crate) school: SchoolId,
    pub(crate) since: Timestamp,
}

/// All schools, and who and what belongs to them.
#[derive(Debug, Default)]
pub(crate) struct Schools {
    all: BTreeMap<SchoolId, School>,
    pub(crate) devices: BTreeMap<TransportKey, Enrolled>,
    /// Devices that are not active.
    pub(crate) standings: BTreeMap<TransportKey, Standing>,
    threads: BTreeMap<ThreadId, SchoolId>,
}

impl Schools {
    pub(crate) fn get(&self, school: &SchoolId) -> Option<&School> {
        self.all.get(school)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&SchoolId, &School)> {
        self.all.iter()
    }

    /// The school of a device, whatever it stands.
    pub(crate) fn of_device(&self, device: &TransportKey) -> Option<(SchoolId, &School)> {
        let id = self.devices.get(device)?.school;
        Some((id, self.all.get(&id)?))
    }

    /// The school of a device, if it is served.
    pub(crate) fn serving(&self, device: &TransportKey) -> Option<SchoolId> {
        let (id, school) = self.of_device(device)?;
        (school.standing == Standing::Active).then_some(id)
    }

    /// The school of a thread, whatever it stands.
    pub(crate) fn of_thread(&self, thread: &ThreadId) -> Option<(SchoolId, &School)> {
        let id = *self.threads.get(thread)?;
        Some((id, self.all.get(&id)?))
    }

    pub(crate) fn standing_of(&self, device: &TransportKey) -> Standing {
        self.standings.get(device).copied().unwrap_or(Standing::Active)
    }

    /// The school that has this pass and was not removed.
    pub(crate) fn with_pass(&self, pass: &SchoolPass) -> Option<&School> {
        let school = self.all.get(&pass.school)?;
        (school.standing != Standing::Removed && school.pass == pass.hash()).then_some(school)
    }

    /// A device is a school's from here on, and no other's.
    pub(crate) fn enrol(&mut self, device: TransportKey, school: SchoolId, since: Timestamp) {
        self.dismiss(&device);
        if let Some(known) = self.all.get_mut(&school) {
            known.devices += 1;
            self.devices.insert(device, Enrolled { school, since });
        }
    }

    pub(crate) fn dismiss(&mut self, device: &TransportKey) {
        if let Some(Enrolled { school, .. }) = self.devices.remove(device)
            && let Some(school) = self.all.get_mut(&school)
        {
            school.devices = school.devices.saturating_sub(1);
        }
    }

    /// An item was taken into a log, which has `bytes` with it. The first one makes the thread the
    /// school's whose device uploaded it; a thread of a school that was removed goes over to the next
    /// school whose device adds to it.
    pub(crate) fn count(
        &mut self,
        by: &TransportKey,
        thread: ThreadId,
        seq: Seq,
        len: u64,
        bytes: u64,
    ) {
        let moves = seq == Seq(1)
            || self.of_thread(&thread).is_some_and(|(_, s)| s.standing == Standing::Removed);
        if let Some(new) = self.serving(by).filter(|_| moves) {
            let before = bytes.saturating_sub(len);
            if let Some(old) = self.threads.insert(thread, new)
                && let Some(old) = self.all.get_mut(&old)
            {
                old.threads = old.threads.saturating_sub(1);
                old.bytes = old.bytes.saturating_sub(before);
            }
            if let Some(new) = self.all.get_mut(&new) {
                new.threads += 1;
                new.bytes = new.bytes.saturating_add(before);
            }
        }
        if let Some(school) = self.threads.get(&thread).and_then(|id| self.all.get_mut(id)) {
            school.bytes = school.bytes.saturating_add(len);
        }
    }

    /// A thread of this many bytes is nobody's any more.
    pub(crate) fn forget_thread(&mut self, thread: &ThreadId, bytes: u64) {
        if let Some(school) = self.threads.remove(thread).and_then(|id| self.all.get_mut(&id)) {
            school.threads = school.threads.saturating_sub(1);
            school.bytes = school.bytes.saturating_sub(bytes);
        }
    }

    /// Does what an act says.
    pub(crate) fn obey(&mut self, act: &Act, time: Timestamp) {
        match act {
            Act::SchoolAdded { school, name, pass, quota } => {
                let added = School {
                    name: name.clone(),
                    pass: *pass,
                    standing: Standing::Active,
                    quota: quota.clone(),
                    since: time,
                    devices: 0,
                    threads: 0,
                    bytes: 0,
                };
                self.all.insert(*school, added);
            }
            Act::SchoolLinked { school, pass } => {
                self.change(school, |school| school.pass = *pass);
            }
            Act::SchoolLimited { school, quota } => {
                self.change(school, |school| school.quota = quota.clone());
            }
            Act::SchoolSuspended(school) => {
                self.change(school, |school| school.standing = Standing::Suspended);
            }
            Act::SchoolResumed(school) => {
                self.change(school, |school| school.standing = Standing::Active);
            }
            Act::SchoolRemoved(school) => {
                self.change(school, |school| school.standing = Standing::Removed);
            }
            Act::DeviceSuspended(device) => {
                self.standings.insert(*device, Standing::Suspended);
            }
            Act::DeviceResumed(device) => {
                self.standings.remove(device);
            }
            Act::DeviceRemoved(device) => {
                self.dismiss(device);
                self.standings.insert(*device, Standing::Removed);
            }
            // Threads are the relay's own.
            Act::ThreadErased(_) => {}
        }
    }

    fn change(&mut self, school: &SchoolId, change: impl FnOnce(&mut School)) {
        if let Some(school) = self.all.get_mut(school) {
            change(school);
        }
    }
}
