//! The document: changes in, changes out.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{
    ActorId, AutoCommit, AutomergeError, Change, ChangeHash,
    transaction::{CommitOptions, Transactable},
};
use tandem_proto::Timestamp;

use super::{
    actor::{Actor, ActorPrefix},
    edit::{self, Edit},
    gate::{self, bulkhead},
    graph::{Graph, Link},
    schema,
};
use crate::EntryId;

/// The document did not take or give something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DocError {
    /// What was stored is not a document.
    #[error("the stored document can't be read: {0}")]
    Damaged(String),
    /// No honest device makes such a change.
    #[error("a change that can't be taken in: {0}")]
    Unsound(&'static str),
    /// A device made two changes with one number.
    #[error("two different changes of one device have the number {seq}")]
    Equivocation {
        /// The number.
        seq: u64,
    },
    /// It was made without its author's earlier changes.
    #[error("a change does not follow its author's previous one")]
    NotDescending,
    /// Other changes depend on what is to be taken out.
    #[error("what is to be taken out is needed by other changes")]
    Needed,
    /// The edits come to nothing, or to more than one change may hold.
    #[error("an edit without operations, or with too many")]
    Operations,
    /// There is no such entry to write to.
    #[error("there is no entry {0}")]
    UnknownEntry(EntryId),
    /// automerge refused.
    #[error("the document refused: {0}")]
    Refused(String),
}

impl From<AutomergeError> for DocError {
    fn from(error: AutomergeError) -> Self {
        Self::Refused(error.to_string())
    }
}

/// The changes of one thread.
#[derive(Debug, Clone)]
pub(crate) struct ThreadDoc {
    doc: AutoCommit,
    graph: Graph,
}

impl ThreadDoc {
    /// An empty document: the fixed first change and nothing else.
    #[must_use]
    pub(crate) fn begin() -> Self {
        let first = schema::first_change();
        let mut graph = Graph::default();
        let link = Link::of(&first).expect("the constant first change has an actor of ours");
        graph.add(link).expect("an empty graph takes the first change");
        let mut doc = AutoCommit::new().with_actor(Actor::NOBODY.id());
        doc.apply_changes([first]).expect("an empty document takes the constant first change");
        Self { doc, graph }
    }

    /// Reads what [`ThreadDoc::save`] gave, and raw changes that were stored after it, in order.
    ///
    /// # Errors
    /// [`DocError::Damaged`], also when something is missing.
    pub(crate) fn load(parts: &[Vec<u8>]) -> Result<Self, DocError> {
        let damaged = |why: &dyn std::fmt::Display| DocError::Damaged(why.to_string());
        let bytes = parts.concat();
        let mut doc = bulkhead(|| AutoCommit::load(&bytes))
            .map_err(|e| damaged(&e))?
            .map_err(|e| damaged(&e))?;
        let mut graph = Graph::default();
        for meta in doc.get_changes_meta(&[]) {
            let link = Link::of_meta(&meta).map_err(|e| damaged(&e))?;
            graph.add(link).map_err(|e| damaged(&e))?;
        }
        // The graph refuses a second change that depends on nothing: all descend from the first.
        if graph.hashes().next() != Some(schema::first_change().hash()) {
            return Err(damaged(&"it does not begin as every thread does"));
        }
        if !doc.get_missing_deps(&[]).is_empty() {
            return Err(damaged(&"changes are missing"));
        }
        Ok(Self { doc, graph })
    }

    /// Everything, compact.
    #[must_use]
    pub(crate) fn save(&mut self) -> Vec<u8> {
        self.doc.save()
    }

    /// The changes that no other depends on. Equal heads mean equal documents.
    #[must_use]
    pub(crate) fn heads(&mut self) -> Vec<ChangeHash> {
        let mut heads = self.doc.get_heads();
        heads.sort_unstable();
        heads
    }

    /// Whether this change is here.
    #[must_use]
    pub(crate) fn holds(&self, hash: &ChangeHash) -> bool {
        self.graph.holds(hash)
    }

    /// A change that is here.
    #[must_use]
    pub(crate) fn change(&mut self, hash: &ChangeHash) -> Option<Change> {
        self.doc.get_change_by_hash(hash)
    }

    /// All changes but the fixed first one, each after those it depends on.
    #[must_use]
    pub(crate) fn changes(&mut self) -> Vec<Change> {
        let mut all: BTreeMap<_, _> =
            self.doc.get_changes(&[]).into_iter().map(|change| (change.hash(), change)).collect();
        self.graph.hashes().skip(1).filter_map(|hash| all.remove(&hash)).collect()
    }

    /// The newest time among what this change depends on, for [`super::Fold::take`]: the time of the
    /// changes, no clock years ahead believed.
    #[must_use]
    pub(crate) fn newest_before(&self, change: &Change) -> Option<Timestamp> {
        self.graph.newest_before(change.deps())
    }

    /// The last operation of each incarnation of a device, by its part of the actor; the newest
    /// incarnations, as many as a removal names.
    #[must_use]
    pub(crate) fn last_operations(&self, device: &ActorPrefix) -> Vec<([u8; 4], u64)> {
        self.graph.last_operations(device)
    }

    /// Makes one change by `actor`.
    ///
    /// # Errors
    /// [`DocError`]; nothing is written then.
    pub(crate) fn edit(
        &mut self,
        actor: ActorId,
        now: Timestamp,
        edits: &[Edit],
    ) -> Result<Change, DocError> {
        let moved = edit::moved(&mut self.doc, edits)?;
        let write =
            |doc: &mut AutoCommit| edits.iter().try_for_each(|edit| edit::write(doc, &moved, edit));
        // A change is never older than what it says: later entries are placed after it by its time.
        let said = edits.iter().filter_map(|edit| match edit {
            Edit::Post { at, .. } => Some(*at),
            _ => None,
        });
        self.write(actor, said.fold(now, Timestamp::max), write)
    }

    /// Makes one change out of whatever `write` does.
    pub(super) fn write(
        &mut self,
        actor: ActorId,
        now: Timestamp,
        write: impl FnOnce(&mut AutoCommit) -> Result<(), DocError>,
    ) -> Result<Change, DocError> {
        Actor::read(&actor).ok_or(DocError::Unsound("a foreign actor"))?;
        self.doc.set_actor(actor);
        let written = write(&mut self.doc);
        let count = u64::try_from(self.doc.pending_ops()).unwrap_or(u64::MAX);
        let written = written.and_then(|()| {
            ((1..=gate::MAX_OPS).contains(&count)).then_some(()).ok_or(DocError::Operations)
        });
        if let Err(error) = written {
            self.doc.rollback();
            return Err(error);
        }
        let seconds = i64::try_from(now.0 / 1000).unwrap_or(i64::MAX);
        let hash = self.doc.commit_with(CommitOptions::default().with_time(seconds));
        let change =
            hash.and_then(|hash| self.doc.get_change_by_hash(&hash)).ok_or(DocError::Operations)?;
        self.graph.add(Link::of(&change)?)?;
        Ok(change)
    }

    /// Takes in those of `changes`, in whatever order, that are new and whose dependencies are
    /// here or among them. Returns them, each after those it depends on; the rest stays with the
    /// caller.
    ///
    /// # Errors
    /// [`DocError::Equivocation`], [`DocError::NotDescending`], [`DocError::Unsound`]; nothing is
    /// taken in then.
    pub(crate) fn take(&mut self, changes: Vec<Change>) -> Result<Vec<Change>, DocError> {
        let before = self.graph.len();
        let taken = self.link_ready(changes).and_then(|ready| {
            if !ready.is_empty() {
                self.doc = self.applied(&ready)?;
            }
            Ok(ready)
        });
        if taken.is_err() {
            self.graph.cut(before);
        }
        taken
    }

    /// The document of all other changes.
    ///
    /// # Errors
    /// [`DocError::Needed`] when one of them depends on what is to be taken out.
    pub(crate) fn without(&mut self, taken_out: &BTreeSet<ChangeHash>) -> Result<Self, DocError> {
        if self.graph.is_needed(taken_out) {
            return Err(DocError::Needed);
        }
        let mut rest = self.changes();
        rest.retain(|change| !taken_out.contains(&change.hash()));
        let mut doc = Self::begin();
        doc.take(rest)?;
        Ok(doc)
    }

    /// Adds to the graph what can be added, in causal order.
    fn link_ready(&mut self, changes: Vec<Change>) -> Result<Vec<Change>, DocError> {
        let mut waiting = changes;
        let mut ready = Vec::new();
        loop {
            let before = ready.len();
            let mut still = Vec::new();
            for change in waiting {
                if self.graph.holds(&change.hash()) {
                    continue;
                }
                if !self.graph.is_ready(change.deps()) {
                    still.push(change);
                    continue;
                }
                self.graph.add(Link::of(&change)?)?;
                if !self.graph.knows_all(&change.hash(), &gate::names(&change)?) {
                    return Err(DocError::Unsound("it names what it does not know"));
                }
                ready.push(change);
            }
            if ready.len() == before {
                return Ok(ready);
            }
            waiting = still;
        }
    }

    /// A copy with these changes applied, that gives each back byte for byte: so that what is
    /// saved can be loaded, whatever a change was made of.
    fn applied(&mut self, ready: &[Change]) -> Result<AutoCommit, DocError> {
        let heads = self.doc.get_heads();
        let mut trial = self.doc.clone();
        let given: BTreeMap<ChangeHash, Change> = bulkhead(|| {
            trial.apply_changes(ready.iter().cloned())?;
            let given = trial.get_changes(&heads);
            Ok::<_, AutomergeError>(given.into_iter().map(|c| (c.hash(), c)).collect())
        })??;
        let same = |change: &Change| {
            given.get(&change.hash()).is_some_and(|back| back.raw_bytes() == change.raw_bytes())
        };
        match ready.iter().all(same) {
            true => Ok(trial),
            false => Err(DocError::Unsound("it can't be given back as it came")),
        }
    }
}
