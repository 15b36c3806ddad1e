//! Who depends on whom: the checks that make order irrelevant.

use std::collections::BTreeMap;

use automerge::{Change, ChangeHash, ChangeMetadata};
use tandem_proto::{Timestamp, limits::MAX_INCARNATIONS};

use super::{
    actor::{Actor, ActorPrefix},
    clock,
    doc::DocError,
    op::OpRef,
};

/// What the graph needs to know of a change.
#[derive(Debug, Clone)]
pub(super) struct Link {
    hash: ChangeHash,
    actor: Actor,
    seq: u64,
    start: u64,
    /// The last operation; one before the first when there is none.
    end: u64,
    time: Timestamp,
    deps: Vec<ChangeHash>,
}

const SECOND_MS: u64 = 1000;

/// The end of the second that a change was made in: whatever follows a change stands after
/// everything that was said in it.
fn time(seconds: i64) -> Timestamp {
    let ms = u64::try_from(seconds).unwrap_or(0).saturating_mul(SECOND_MS);
    Timestamp(ms.saturating_add(SECOND_MS - 1))
}

impl Link {
    pub(super) fn of(change: &Change) -> Result<Self, DocError> {
        let count = u64::try_from(change.len()).map_err(|_| DocError::Unsound("its length"))?;
        let start = change.start_op().get();
        Ok(Self {
            hash: change.hash(),
            actor: Actor::read(change.actor_id()).ok_or(DocError::Unsound("a foreign actor"))?,
            seq: change.seq(),
            start,
            end: start.saturating_add(count) - 1,
            time: time(change.timestamp()),
            deps: change.deps().to_vec(),
        })
    }

    pub(super) fn of_meta(meta: &ChangeMetadata<'_>) -> Result<Self, DocError> {
        Ok(Self {
            hash: meta.hash,
            actor: Actor::read(&meta.actor).ok_or(DocError::Unsound("a foreign actor"))?,
            seq: meta.seq,
            start: meta.start_op,
            end: meta.max_op,
            time: time(meta.timestamp),
            deps: meta.deps.clone(),
        })
    }
}

#[derive(Debug, Clone)]
struct Node {
    link: Link,
    actor: usize,
    /// How many changes of each actor are this one or its ancestors.
    clock: Vec<usize>,
    /// The newest time among this one and its ancestors, no clock years ahead believed.
    newest: Option<Timestamp>,
}

/// All changes of a document in a causal order.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    by_hash: BTreeMap<ChangeHash, usize>,
    actors: BTreeMap<Actor, usize>,
    /// Each actor's changes in order.
    chains: Vec<Vec<usize>>,
}

impl Graph {
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn holds(&self, hash: &ChangeHash) -> bool {
        self.by_hash.contains_key(hash)
    }

    pub(super) fn is_ready(&self, deps: &[ChangeHash]) -> bool {
        deps.iter().all(|dep| self.holds(dep))
    }

    /// All hashes, each after those it depends on.
    pub(super) fn hashes(&self) -> impl Iterator<Item = ChangeHash> + '_ {
        self.nodes.iter().map(|node| node.link.hash)
    }

    /// Adds a change whose dependencies are all here.
    pub(super) fn add(&mut self, link: Link) -> Result<(), DocError> {
        let deps = self.nodes_of(&link.deps)?;
        if deps.is_empty() && !self.nodes.is_empty() {
            return Err(DocError::Unsound("it depends on nothing"));
        }
        let expected = deps.iter().map(|dep| self.nodes[*dep].link.end).max().unwrap_or(0) + 1;
        if link.start != expected {
            return Err(DocError::Unsound("its operations are numbered wrongly"));
        }
        let actor = *self.actors.entry(link.actor).or_insert(self.chains.len());
        if actor == self.chains.len() {
            self.chains.push(Vec::new());
        }
        let mut clock = self.clock_of(&deps);
        let before = self.chains[actor].len();
        let place = usize::try_from(link.seq).map_err(|_| DocError::NotDescending)?;
        if (1..=before).contains(&place) {
            return Err(DocError::Equivocation { seq: link.seq });
        }
        if place != before + 1 || clock[actor] != before {
            return Err(DocError::NotDescending);
        }
        clock[actor] += 1;
        let earlier = self.newest_of(&deps);
        // The fixed first change has no time.
        let newest = match deps.is_empty() {
            true => None,
            false => earlier.max(Some(clock::placed(link.time, earlier).0)),
        };
        let index = self.nodes.len();
        self.chains[actor].push(index);
        self.by_hash.insert(link.hash, index);
        self.nodes.push(Node { link, actor, clock, newest });
        Ok(())
    }

    /// The last operation of each incarnation of a device, the newest first and at most as many as
    /// a removal names.
    pub(super) fn last_operations(&self, device: &ActorPrefix) -> Vec<([u8; 4], u64)> {
        let chains = self.actors.iter().filter(|(actor, _)| actor.prefix() == *device);
        let mut last: Vec<_> = chains
            .filter_map(|(actor, chain)| {
                let newest = self.chains[*chain].last()?;
                Some((actor.incarnation(), self.nodes[*newest].link.end))
            })
            .collect();
        last.sort_by_key(|(incarnation, end)| (std::cmp::Reverse(*end), *incarnation));
        last.truncate(MAX_INCARNATIONS);
        last
    }

    /// Takes the newest changes out again.
    pub(super) fn cut(&mut self, len: usize) {
        for node in self.nodes.drain(len..) {
            self.by_hash.remove(&node.link.hash);
            self.chains[node.actor].pop();
        }
    }

    /// The newest time among what a change with these dependencies depends on.
    pub(super) fn newest_before(&self, deps: &[ChangeHash]) -> Option<Timestamp> {
        self.newest_of(&self.nodes_of(deps).ok()?)
    }

    /// Whether every operation named is this change's own or in one of its ancestors, so that the
    /// change means the same wherever it arrives.
    pub(super) fn knows_all(&self, hash: &ChangeHash, names: &[OpRef]) -> bool {
        let Some(node) = self.by_hash.get(hash).map(|index| &self.nodes[*index]) else {
            return false;
        };
        names.iter().all(|name| {
            let Some(actor) = self.actors.get(&name.actor) else { return false };
            let known = node.clock.get(*actor).copied().unwrap_or(0);
            let chain = &self.chains[*actor][..known];
            let at = chain.partition_point(|index| self.nodes[*index].link.end < name.counter);
            chain.get(at).is_some_and(|index| self.nodes[*index].link.start <= name.counter)
        })
    }

    /// Whether anything outside of these depends on one of them.
    pub(super) fn is_needed(&self, taken_out: &std::collections::BTreeSet<ChangeHash>) -> bool {
        self.nodes
            .iter()
            .filter(|node| !taken_out.contains(&node.link.hash))
            .any(|node| node.link.deps.iter().any(|dep| taken_out.contains(dep)))
    }

    fn nodes_of(&self, deps: &[ChangeHash]) -> Result<Vec<usize>, DocError> {
        deps.iter()
            .map(|dep| self.by_hash.get(dep).copied().ok_or(DocError::Unsound("what it needs")))
            .collect()
    }

    fn newest_of(&self, deps: &[usize]) -> Option<Timestamp> {
        deps.iter().filter_map(|dep| self.nodes[*dep].newest).max()
    }

    fn clock_of(&self, deps: &[usize]) -> Vec<usize> {
        let mut clock = vec![0; self.chains.len()];
        for dep in deps {
            for (mine, theirs) in clock.iter_mut().zip(&self.nodes[*dep].clock) {
                *mine = (*mine).max(*theirs);
            }
        }
        clock
    }
}
