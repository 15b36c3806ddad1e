//! The audit log as it lies on disk: read, compared with its copy, and verified. Writes nothing.

use std::{io, path::Path};

use tandem_proto::RelayKey;
use tandem_relay::{AuditChain, AuditRecord, Record};

use crate::{
    acts,
    check::CheckError,
    folder::{public_key, store_of},
    journal::Scan,
    store::journal_dir,
};

/// What whoever runs the relay did, and whether that is all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Every act that the store tells of, oldest first.
    pub acts: Vec<AuditRecord>,
    /// What is wrong with it; `None` when every record follows and is as the relay signed it.
    pub fault: Option<String>,
}

/// Reads and verifies the audit log of a data folder, also beside a running relay. Blocks.
///
/// # Errors
/// [`CheckError`] when there is no store or a newer version wrote it.
pub fn audit(data: &Path) -> Result<Audit, CheckError> {
    let journal = journal_dir(&store_of(data));
    if !journal.is_dir() {
        return Err(CheckError::NoStore(data.to_owned()));
    }
    // Before the journal: a running relay writes it after.
    let copy = copy(data);
    let mut scan = Scan::open(&journal)?;
    let mut acts = Vec::new();
    while let Some(entry) = scan.next()? {
        if let Record::Audited(act) = entry.record {
            acts.push(act);
        }
    }
    Ok(judged(data, acts, copy))
}

/// The copy of the audit log.
pub(crate) fn copy(data: &Path) -> io::Result<Vec<AuditRecord>> {
    acts::read(&acts::acts_of(data)).map(|(records, _)| records)
}

/// Holds what a journal tells against the relay's key and the copy.
pub(crate) fn judged(
    data: &Path,
    acts: Vec<AuditRecord>,
    copy: io::Result<Vec<AuditRecord>>,
) -> Audit {
    let fault = chained(data, &acts).or_else(|| compared(&acts, copy));
    Audit { acts, fault }
}

fn chained(data: &Path, acts: &[AuditRecord]) -> Option<String> {
    if acts.is_empty() {
        return None;
    }
    let key: RelayKey = match public_key(data) {
        Ok(key) => key,
        Err(error) => return Some(format!("it can't be verified: {error}")),
    };
    let mut chain = AuditChain::new(key);
    acts.iter().for_each(|act| chain.follow(act));
    chain.fault().map(|fault| fault.to_string())
}

fn compared(acts: &[AuditRecord], copy: io::Result<Vec<AuditRecord>>) -> Option<String> {
    let copy = match copy {
        Ok(copy) => copy,
        Err(error) => return Some(format!("acts.log can't be read: {error}")),
    };
    let same = acts.iter().zip(&copy).take_while(|(a, b)| a == b).count();
    if same < acts.len().min(copy.len()) {
        return Some(format!("number {} is another in acts.log", same + 1));
    }
    (copy.len() > acts.len()).then(|| {
        format!(
            "the store ends with number {}, acts.log beside it has {} more: the store was wiped, \
             copied back or cut; the next start of the relay takes them back",
            acts.len(),
            copy.len() - acts.len()
        )
    })
}

#[cfg(test)]
mod tests;
