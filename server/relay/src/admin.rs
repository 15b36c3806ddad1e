//! What whoever runs the relay asks of it: schools, devices, and how they stand.

mod audit;
mod door;
mod erasing;
mod limit;
mod request;
mod school;

use std::collections::BTreeSet;

use rand_core::Rng;
use tandem_proto::{SchoolId, SchoolPass, SchoolToken, TransportKey};

pub use audit::{Act, AuditChain, AuditFault, AuditRecord};
pub use limit::{Limit, NoSuchLimit, Quota};
pub use request::{
    AdminError, AdminId, AdminReply, AdminRequest, ErasedThread, KnownDevice, SchoolRow, ThreadLook,
};
pub use school::Standing;
pub(crate) use school::{School, Schools};

use self::request::MAX_SCHOOL_NAME;
use crate::{
    Effect, Record,
    commit::After,
    relay::{Relay, Stage},
};

/// Letters of an id or key that name it when they are enough to tell it apart.
const FEWEST: usize = 4;

impl Relay {
    /// Answers a request, by an effect, when what it changed is durable.
    pub(crate) fn admin(&mut self, id: AdminId, by: String, request: AdminRequest) {
        let told = if self.stage == Stage::Running {
            self.ask(by, request)
        } else {
            Err(AdminError::Unavailable)
        };
        match told {
            Ok(reply) => self.when_durable(After::Admin(id, Box::new(reply))),
            Err(error) => self.conns.effects.push_back(Effect::Admin(id, Err(error))),
        }
    }

    fn ask(&mut self, by: String, request: AdminRequest) -> Result<AdminReply, AdminError> {
        match request {
            AdminRequest::AddSchool { name, quota } => {
                let name = self.free_name(&name)?;
                let pass = self.draw_pass(None);
                let (school, hash) = (pass.school, pass.hash());
                self.act(by, Act::SchoolAdded { school, name, pass: hash, quota });
                Ok(AdminReply::Linked(self.row(&school)?, pass))
            }
            AdminRequest::LinkSchool(name) => {
                let school = self.living(&name)?;
                let pass = self.draw_pass(Some(school));
                self.act(by, Act::SchoolLinked { school, pass: pass.hash() });
                Ok(AdminReply::Linked(self.row(&school)?, pass))
            }
            AdminRequest::LimitSchool { school, changes } => {
                let school = self.living(&school)?;
                let mut quota = self.schools.get(&school).map(|s| s.quota.clone());
                for (limit, value) in changes {
                    let quota = quota.get_or_insert_default();
                    match value {
                        Some(value) => quota.insert(limit, value),
                        None => quota.remove(&limit),
                    };
                }
                self.act(by, Act::SchoolLimited { school, quota: quota.unwrap_or_default() });
                Ok(AdminReply::School(self.row(&school)?))
            }
            AdminRequest::SetSchool(name, standing) => {
                let school = self.living(&name)?;
                let present = self.schools.get(&school).map(|school| school.standing);
                if present == Some(standing) {
                    return Err(AdminError::Already(name, standing.name().to_owned()));
                }
                self.act(
                    by,
                    match standing {
                        Standing::Active => Act::SchoolResumed(school),
                        Standing::Suspended => Act::SchoolSuspended(school),
                        Standing::Removed => Act::SchoolRemoved(school),
                    },
                );
                Ok(AdminReply::School(self.row(&school)?))
            }
            AdminRequest::Schools => {
                let ids: Vec<SchoolId> = self.schools.iter().map(|(id, _)| *id).collect();
                let mut rows: Vec<_> = ids.iter().filter_map(|id| self.row(id).ok()).collect();
                rows.sort_by(|a, b| a.name.cmp(&b.name).then(a.since.cmp(&b.since)));
                Ok(AdminReply::Schools(rows))
            }
            AdminRequest::SetDevice(name, standing) => {
                let device = self.device(&name)?;
                match (self.schools.standing_of(&device), standing) {
                    (Standing::Removed, _) => return Err(AdminError::Gone(device.to_string())),
                    (old, new) if old == new => {
                        let new = new.name().to_owned();
                        return Err(AdminError::Already(device.to_string(), new));
                    }
                    _ => {}
                }
                // A device that has renewed its keys is admitted by two of them.
                let threads = self.threads.values();
                let mut lines: BTreeSet<TransportKey> =
                    threads.flat_map(|thread| thread.lines_of_same(&device)).collect();
                lines.insert(device);
                for line in lines {
                    let present = self.schools.standing_of(&line);
                    if present == standing || present == Standing::Removed {
                        continue;
                    }
                    self.act(
                        by.clone(),
                        match standing {
                            Standing::Active => Act::DeviceResumed(line),
                            Standing::Suspended => Act::DeviceSuspended(line),
                            Standing::Removed => Act::DeviceRemoved(line),
                        },
                    );
                }
                Ok(AdminReply::Device(self.known(&device)))
            }
            AdminRequest::Devices(school) => {
                let school = school.map(|name| self.school(&name)).transpose()?;
                let of = |device: &TransportKey| self.schools.devices.get(device).map(|e| e.school);
                let rows = self.all_devices().into_iter();
                let rows = rows.filter(|device| school.is_none() || of(device) == school);
                Ok(AdminReply::Devices(rows.map(|device| self.known(&device)).collect()))
            }
            AdminRequest::LookAtThread(name) => self.look_at(&name).map(AdminReply::Thread),
            AdminRequest::EraseThread { thread, words } => {
                self.erase_thread(by, &thread, words).map(AdminReply::Erased)
            }
        }
    }

    /// Does something, and puts it into the log.
    pub(crate) fn act(&mut self, by: String, act: Act) {
        let record = self.audit.add(&self.key, self.now, by, act);
        // Also when nothing of a thread counts: something may have been set aside as damaged.
        self.obey(record, true);
    }

    /// Does what a record says, and collects it; whether the store is to be rebuilt for what is erased
    /// though the core has nothing of it.
    fn obey(&mut self, record: AuditRecord, rebuild: bool) {
        self.schools.obey(&record.act, record.time);
        let erased = match &record.act {
            Act::ThreadErased(stone) => Some(stone.clone()),
            _ => None,
        };
        self.commits.collecting.records.push(Record::Audited(record));
        self.look_at_retention();
        if let Some(stone) = erased {
            let held = self.threads.contains_key(&stone.thread);
            self.bury(stone, held || rebuild);
        }
    }

    /// Takes back acts that the store has lost and that were kept beside it, as far as they follow
    /// those it has; how many. Called after [`Relay::restore`], before anything else.
    pub fn bring_back(&mut self, records: impl IntoIterator<Item = AuditRecord>) -> u64 {
        let mut count = 0;
        for record in records {
            if self.audit.check(&record).is_err() {
                break;
            }
            self.audit.follow(&record);
            self.obey(record, false);
            count += 1;
        }
        count
    }

    /// The log of acts: how many, and whether all that was restored follows.
    #[must_use]
    pub const fn audit(&self) -> &AuditChain {
        &self.audit
    }

    fn draw_pass(&mut self, school: Option<SchoolId>) -> SchoolPass {
        let mut bytes = [[0; 16]; 2];
        bytes.iter_mut().for_each(|bytes| self.rng.fill_bytes(bytes));
        let school = school.unwrap_or(SchoolId::new(bytes[0]));
        SchoolPass { school, token: SchoolToken::new(bytes[1]) }
    }

    fn free_name(&self, name: &str) -> Result<String, AdminError> {
        let name = name.trim();
        if name.is_empty() || name.len() > MAX_SCHOOL_NAME || name.chars().any(char::is_control) {
            return Err(AdminError::BadName);
        }
        let taken = |school: &School| school.standing != Standing::Removed && school.name == name;
        if self.schools.iter().any(|(_, school)| taken(school)) {
            return Err(AdminError::NameTaken(name.to_owned()));
        }
        Ok(name.to_owned())
    }

    /// The school that a word names; one that was removed only by its id, or when no other has its
    /// name.
    fn school(&self, name: &str) -> Result<SchoolId, AdminError> {
        let called = |removed: bool| {
            let fits = self.schools.iter().filter(move |(_, school)| {
                school.name == name && (school.standing == Standing::Removed) == removed
            });
            fits.map(|(id, _)| *id).collect::<Vec<_>>()
        };
        let with_id = || {
            let ids = self.schools.iter().map(|(id, _)| *id);
            ids.filter(|id| name.len() >= FEWEST && id.to_string().starts_with(name)).collect()
        };
        let found =
            [called(false), with_id(), called(true)].into_iter().find(|ids| !ids.is_empty());
        one(name, found.unwrap_or_default(), AdminError::NoSchool)
    }

    fn living(&self, name: &str) -> Result<SchoolId, AdminError> {
        let id = self.school(name)?;
        match self.schools.get(&id) {
            Some(school) if school.standing == Standing::Removed => {
                Err(AdminError::Gone(school.name.clone()))
            }
            _ => Ok(id),
        }
    }

    /// Everybody that the relay remembers: of a school, suspended, with cursors, or connected.
    fn all_devices(&self) -> BTreeSet<TransportKey> {
        let connected = self.conns.iter().map(|(_, conn)| &conn.device);
        let enrolled = self.schools.devices.keys();
        enrolled
            .chain(self.schools.standings.keys())
            .chain(self.devices.keys())
            .chain(connected)
            .copied()
            .collect()
    }

    fn device(&self, name: &str) -> Result<TransportKey, AdminError> {
        // One that was never here may be kept out before it comes.
        if let Ok(device) = name.parse() {
            return Ok(device);
        }
        let fits =
            |device: &TransportKey| name.len() >= FEWEST && device.to_string().starts_with(name);
        let found = self.all_devices().into_iter().filter(fits).collect();
        one(name, found, AdminError::NoDevice)
    }

    fn row(&self, id: &SchoolId) -> Result<SchoolRow, AdminError> {
        let school = self.schools.get(id).ok_or_else(|| AdminError::NoSchool(id.to_string()))?;
        let limits = Limit::ALL.map(|(limit, _)| (limit, self.limit(Some(school), limit)));
        Ok(SchoolRow {
            school: *id,
            name: school.name.clone(),
            standing: school.standing,
            since: school.since,
            devices: school.devices,
            threads: school.threads,
            bytes: school.bytes,
            limits: limits.into(),
            own: school.quota.keys().copied().collect(),
        })
    }

    fn known(&self, device: &TransportKey) -> KnownDevice {
        KnownDevice {
            device: *device,
            school: self.schools.of_device(device).map(|(_, school)| school.name.clone()),
            since: self.schools.devices.get(device).map(|enrolled| enrolled.since),
            standing: self.schools.standing_of(device),
            connected: self.conns.of_device(device).is_some(),
        }
    }
}

fn one<T: Copy>(
    name: &str,
    found: Vec<T>,
    none: fn(String) -> AdminError,
) -> Result<T, AdminError> {
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(none(name.to_owned())),
        _ => Err(AdminError::Ambiguous(name.to_owned())),
    }
}
