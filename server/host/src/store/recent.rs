//! Positions that the index's tree does not have yet.

use std::collections::BTreeMap;

use tandem_proto::{Seq, ThreadId};

use super::index::Checkpoint;
use crate::journal::Span;

/// Where the newest items of some threads stand, and how far the journal is then applied.
#[derive(Debug, Default)]
pub(super) struct Recent {
    runs: BTreeMap<ThreadId, Run>,
    count: u64,
    pub(super) reached: Option<Checkpoint>,
}

/// Where neighbours of one log stand. A log has no gaps, so a run has none.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) first: Seq,
    pub(super) spans: Vec<Span>,
}

impl Recent {
    /// Positions in all runs.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn runs(&self) -> impl Iterator<Item = (&ThreadId, &Run)> {
        self.runs.iter()
    }

    /// Adds an item; `false`, and not added, when it does not follow the last one of its thread.
    pub(super) fn push(&mut self, thread: ThreadId, seq: Seq, span: Span) -> bool {
        let run = self.runs.entry(thread).or_insert(Run { first: seq, spans: Vec::new() });
        let follows = run.first.0 + run.spans.len() as u64 == seq.0;
        if follows {
            run.spans.push(span);
            self.count += 1;
        }
        follows
    }

    pub(super) fn get(&self, thread: &ThreadId, seq: Seq) -> Option<Span> {
        self.runs.get(thread)?.get(seq)
    }

    /// A copy of what there is of `count` items of a thread from `first` on.
    pub(super) fn part(&self, thread: &ThreadId, first: Seq, count: usize) -> Option<Run> {
        let run = self.runs.get(thread)?;
        let skip = usize::try_from(first.0.saturating_sub(run.first.0)).ok()?;
        let ahead = usize::try_from(run.first.0.saturating_sub(first.0)).ok()?;
        let rest = run.spans.get(skip..)?;
        let spans = rest[..count.saturating_sub(ahead).min(rest.len())].to_vec();
        Some(Run { first: first.max(run.first), spans })
    }
}

impl Run {
    pub(super) fn get(&self, seq: Seq) -> Option<Span> {
        let at = usize::try_from(seq.0.checked_sub(self.first.0)?).ok()?;
        self.spans.get(at).copied()
    }
}
