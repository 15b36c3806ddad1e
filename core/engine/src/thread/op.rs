//! Operations of a change, as the fold reads them.

use automerge::{
    Change, ExpandedChange, ScalarValue,
    legacy::{Key, ObjectId, OpId, OpType},
};
use serde::{Deserialize, Serialize};

use super::{actor::Actor, doc::DocError, gate};

/// An operation's id. Ordered as automerge orders them: what was written in knowledge of another
/// is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct OpRef {
    pub(super) counter: u64,
    pub(super) actor: Actor,
}

impl OpRef {
    /// Reads automerge's; `None` when its actor isn't one of ours.
    pub(super) fn read(id: &OpId) -> Option<Self> {
        Some(Self { counter: id.counter(), actor: Actor::read(id.actor())? })
    }
}

/// What was written. Part of stored records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Int(i64),
    /// It was taken away.
    Absent,
    /// Something this version has no use for.
    Other,
}

impl Value {
    fn read(scalar: ScalarValue) -> Self {
        match scalar {
            ScalarValue::Str(text) => Self::Text(text.to_string()),
            ScalarValue::Int(n) | ScalarValue::Timestamp(n) => Self::Int(n),
            ScalarValue::Uint(n) => i64::try_from(n).map_or(Self::Other, Self::Int),
            _ => Self::Other,
        }
    }
}

/// What an operation does at its key.
#[derive(Debug)]
pub(super) enum Act {
    /// Makes a map.
    MakeMap,
    /// Writes a value; also anything that this version has no use for.
    Write(Value),
}

/// One operation on a key of a map.
#[derive(Debug)]
pub(super) struct Op {
    pub(super) id: OpRef,
    /// In which map; `None` is the root.
    pub(super) object: Option<OpRef>,
    pub(super) key: String,
    pub(super) act: Act,
}

/// A change's operations on maps, in order. Those on lists and texts are left out: nothing in this
/// version's schema is one.
pub(super) fn read(change: &Change) -> Result<Vec<Op>, DocError> {
    let actor = Actor::read(change.actor_id()).ok_or(DocError::Unsound("a foreign actor"))?;
    let first = change.start_op().get();
    Ok((first..)
        .zip(expand(change)?.operations)
        .filter_map(|(n, op)| map_op(n, actor, op))
        .collect())
}

/// automerge's own view of a change.
pub(super) fn expand(change: &Change) -> Result<ExpandedChange, DocError> {
    gate::bulkhead(|| change.decode())
}

fn map_op(counter: u64, actor: Actor, op: automerge::legacy::Op) -> Option<Op> {
    let Key::Map(key) = op.key else { return None };
    let object = match &op.obj {
        ObjectId::Root => None,
        ObjectId::Id(id) => Some(OpRef::read(id)?),
    };
    let act = match op.action {
        OpType::Make(automerge::ObjType::Map) => Act::MakeMap,
        OpType::Put(scalar) => Act::Write(Value::read(scalar)),
        OpType::Delete => Act::Write(Value::Absent),
        _ => Act::Write(Value::Other),
    };
    Some(Op { id: OpRef { counter, actor }, object, key: key.to_string(), act })
}
