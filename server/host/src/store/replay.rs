//! The journal's records on their way into the core, and past the index.

use tandem_relay::{AuditRecord, Record, Sieve};

use super::index::{Checkpoint, Index, IndexError, Place};
use crate::journal::{End, Entry, JournalError, JournalId, Position, Scan, Span};

/// Positions that are noted before they are written.
const BATCH: usize = 32_768;

/// An iterator over a journal's records that remembers where it is and what went wrong.
pub(super) struct Replay<'a> {
    scan: Scan,
    catchup: Option<Catchup<'a>>,
    last: Option<Span>,
    acts: Vec<AuditRecord>,
    sieve: Sieve,
    error: Option<JournalError>,
}

/// What a replay came to.
pub(super) struct Replayed {
    /// Where the journal's readable part ends.
    pub(super) end: End,
    /// The last record that was handed out.
    pub(super) last: Option<Position>,
    /// What whoever runs the relay did.
    pub(super) acts: Vec<AuditRecord>,
    /// Whether something is in the journal that was erased.
    pub(super) is_due: bool,
    /// Whether the index went along with it; `None` when none was asked to.
    pub(super) indexed: Option<Result<(), Disagreement>>,
}

/// An index is not of this journal, or can't be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Disagreement {
    /// Another journal, another record, other counts.
    #[error("the index is not of this journal")]
    Other,
    /// Or it failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl<'a> Replay<'a> {
    pub(super) fn new(scan: Scan, catchup: Option<Catchup<'a>>) -> Self {
        Self { scan, catchup, last: None, acts: Vec::new(), sieve: Sieve::new(), error: None }
    }

    /// What it came to, once it has ended or was dropped by its reader.
    pub(super) fn finish(self) -> Result<Replayed, JournalError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        Ok(Replayed {
            end: self.scan.end().clone(),
            last: self.last.map(|span| span.at),
            acts: self.acts,
            is_due: self.sieve.is_due(),
            indexed: self.catchup.map(Catchup::finish),
        })
    }
}

impl Iterator for Replay<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let entry = match self.scan.next() {
            Ok(entry) => entry?,
            Err(error) => {
                self.error = Some(error);
                return None;
            }
        };
        self.last = Some(entry.span);
        if let (Some(catchup), Some(journal)) = (&mut self.catchup, self.scan.end().journal) {
            catchup.pass(journal, &entry);
        }
        self.sieve.look(&entry.record);
        if let Record::Audited(act) = &entry.record {
            self.acts.push(act.clone());
        }
        Some(entry.record)
    }
}

/// Brings an index up to its journal: checks that its checkpoint is on it, then adds what is new.
pub(super) struct Catchup<'a> {
    index: &'a Index,
    checkpoint: Option<Checkpoint>,
    seen: u64,
    fresh: Vec<Place>,
    reached: Option<Checkpoint>,
    failed: Option<Disagreement>,
}

impl<'a> Catchup<'a> {
    pub(super) fn new(index: &'a Index, checkpoint: Option<Checkpoint>) -> Self {
        Self { index, checkpoint, seen: 0, fresh: Vec::new(), reached: None, failed: None }
    }

    fn pass(&mut self, journal: JournalId, entry: &Entry) {
        if self.failed.is_some() {
            return;
        }
        let place = match &entry.record {
            Record::Append { thread, seq, .. } => Some(((*thread, *seq), entry.span)),
            _ => None,
        };
        let here = Checkpoint { journal, next: entry.span.end(), mark: entry.mark, count: 0 };
        if let Some(checkpoint) = self.checkpoint {
            self.seen += u64::from(place.is_some());
            if checkpoint.next == here.next {
                match self.agrees(checkpoint, here) {
                    Ok(()) => self.checkpoint = None,
                    Err(disagreement) => self.failed = Some(disagreement),
                }
            }
            return;
        }
        self.fresh.extend(place);
        self.reached = Some(here);
        if self.fresh.len() >= BATCH {
            self.failed = self.write().err();
        }
    }

    fn agrees(&self, checkpoint: Checkpoint, here: Checkpoint) -> Result<(), Disagreement> {
        let here = Checkpoint { count: self.seen, ..here };
        if checkpoint == here && self.index.stored()? == self.seen {
            Ok(())
        } else {
            Err(Disagreement::Other)
        }
    }

    fn write(&mut self) -> Result<(), Disagreement> {
        let Some(reached) = self.reached.take() else { return Ok(()) };
        self.index.note(self.fresh.drain(..), reached);
        Ok(self.index.store()?)
    }

    fn finish(mut self) -> Result<(), Disagreement> {
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        if self.checkpoint.is_some() {
            return Err(Disagreement::Other);
        }
        self.write()
    }
}
