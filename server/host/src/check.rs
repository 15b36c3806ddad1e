//! An offline look at a store. It writes nothing and takes no lock, so it may run beside a relay.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::Duration,
};

use tandem_proto::{ChainHash, Generation, ItemHash, Seq, ThreadId};
use tandem_relay::Record;

use crate::{
    audit::{self, Audit},
    folder::store_of,
    journal::{JournalError, Position, Scan},
    store::journal_dir,
};

/// A running relay's last record may be half written when it is read; read again, it is whole.
const SECOND_LOOKS: u32 = 3;
const SECOND_LOOK_AFTER: Duration = Duration::from_millis(50);

/// A store can't be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// There is none.
    #[error("there is no store in {0}: is it the folder that the relay was given as --data?")]
    NoStore(PathBuf),
    /// The journal can't be read as it is.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What is in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// The present generation; `None` in a store that was begun and never used.
    pub generation: Option<Generation>,
    /// Every thread, by id.
    pub threads: Vec<CheckedThread>,
    /// Which of the hashes that were asked for are in no thread's log; in the order asked.
    pub missing: Vec<ItemHash>,
    /// What whoever runs the relay did.
    pub audit: Audit,
    /// Where the journal can't be read any further.
    pub damage: Option<Damage>,
}

/// One thread's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedThread {
    /// Which.
    pub thread: ThreadId,
    /// The last seq.
    pub head: Seq,
    /// The chain there, computed from the items.
    pub chain: ChainHash,
    /// What can be read of it has no gap: the chain holds up to `head`.
    pub whole: bool,
    /// It is whole, and nothing of the journal is damaged where more of it may have been.
    pub ok: bool,
}

/// Where a journal can't be read any further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The segment.
    pub segment: u32,
    /// The byte in it.
    pub offset: u64,
    /// What is wrong there.
    pub what: String,
}

impl CheckReport {
    /// Whether everything is as it should be.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.damage.is_none()
            && self.audit.fault.is_none()
            && self.missing.is_empty()
            && self.threads.iter().all(|t| t.ok)
    }
}

/// Reads the whole store of the data folder `data`, and looks for the items `has`. Blocks.
///
/// # Errors
/// [`CheckError`] when there is nothing to check or a newer version wrote it. Damage is not an
/// error but part of the report.
pub fn check(data: &Path, has: &[ItemHash]) -> Result<CheckReport, CheckError> {
    let journal = journal_dir(&store_of(data));
    if !journal.is_dir() {
        return Err(CheckError::NoStore(data.to_owned()));
    }
    let look = || read(data, &journal, has);
    let (mut report, mut at) = look()?;
    for _ in 0..SECOND_LOOKS {
        if report.damage.is_none() {
            break;
        }
        std::thread::sleep(SECOND_LOOK_AFTER);
        let (again, there) = look()?;
        let same = there == at;
        (report, at) = (again, there);
        if same {
            break;
        }
    }
    Ok(report)
}

fn read(
    data: &Path,
    journal: &Path,
    has: &[ItemHash],
) -> Result<(CheckReport, Position), JournalError> {
    // Before the journal: a running relay writes it after.
    let copy = audit::copy(data);
    let mut acts = Vec::new();
    let mut scan = Scan::open(journal)?;
    let mut generation = None;
    let mut threads: BTreeMap<ThreadId, CheckedThread> = BTreeMap::new();
    let mut wanted: BTreeSet<&ItemHash> = has.iter().collect();
    while let Some(entry) = scan.next()? {
        match entry.record {
            Record::Generation(new) => generation = Some(new),
            Record::Audited(act) => acts.push(act),
            Record::Append { thread, seq, item, .. } => {
                let hash = ItemHash::of(&item);
                wanted.remove(&hash);
                let log = threads.entry(thread).or_insert_with(|| CheckedThread {
                    thread,
                    head: Seq(0),
                    chain: ChainHash::start(&thread),
                    whole: true,
                    ok: true,
                });
                log.whole &= seq == log.head.next();
                log.head = seq;
                log.chain = log.chain.next(&hash);
            }
            _ => {}
        }
    }
    let end = scan.end();
    let damage = end.damage.map(|what| Damage {
        segment: end.at.segment,
        offset: end.at.offset,
        what: what.to_owned(),
    });
    let mut threads: Vec<_> = threads.into_values().collect();
    threads.iter_mut().for_each(|log| log.ok = log.whole && damage.is_none());
    let missing = has.iter().filter(|hash| wanted.contains(hash)).copied().collect();
    let audit = audit::judged(data, acts, copy);
    Ok((CheckReport { generation, threads, missing, audit, damage }, end.at))
}

#[cfg(test)]
mod tests;
