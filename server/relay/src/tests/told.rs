//! Finds in frames what a test asks about.

use std::collections::BTreeMap;

use tandem_proto::{
    Acknowledgement, Deliver, Hash16, ItemHash, Receipt, Refusal, RelayToClient, SignedCursors,
    ThreadId,
};

use super::rig::public_key;

/// All receipts among frames, opened against what was pushed.
pub(super) fn receipts(
    frames: &[RelayToClient],
    thread: ThreadId,
    pushed: &[Vec<u8>],
) -> Vec<Receipt> {
    let by_short: BTreeMap<Hash16, ItemHash> =
        pushed.iter().map(|item| (ItemHash::of(item).short(), ItemHash::of(item))).collect();
    let batches = frames.iter().filter_map(|frame| match frame {
        RelayToClient::Receipts(batch) => Some(batch),
        _ => None,
    });
    batches
        .flat_map(|batch| {
            batch.open(&public_key(), |short| Some((thread, *by_short.get(short)?))).unwrap()
        })
        .inspect(|receipt| assert_eq!(receipt.verify(&public_key()), Ok(())))
        .collect()
}

pub(super) fn receipt_seqs(
    frames: &[RelayToClient],
    thread: ThreadId,
    pushed: &[Vec<u8>],
) -> Vec<u64> {
    receipts(frames, thread, pushed).iter().map(|receipt| receipt.seq.0).collect()
}

pub(super) fn refusals(frames: &[RelayToClient]) -> Vec<(Hash16, Refusal)> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            RelayToClient::Refused(refused) => Some((refused.item, refused.reason)),
            _ => None,
        })
        .collect()
}

/// Delivered items with their seqs, in the order of their frames.
pub(super) fn delivered(frames: &[RelayToClient], thread: ThreadId) -> Vec<(u64, Vec<u8>)> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            RelayToClient::Deliver(deliver) if deliver.thread == thread => Some(deliver),
            _ => None,
        })
        .flat_map(|Deliver { first, items, .. }| {
            (first.0..).zip(items.iter().map(|item| item.to_vec())).collect::<Vec<_>>()
        })
        .collect()
}

pub(super) fn delivered_seqs(frames: &[RelayToClient], thread: ThreadId) -> Vec<u64> {
    delivered(frames, thread).into_iter().map(|(seq, _)| seq).collect()
}

pub(super) fn matched(frames: &[RelayToClient]) -> Option<bool> {
    frames.iter().rev().find_map(|frame| match frame {
        RelayToClient::Greeting(greeting) => Some(greeting.matched),
        _ => None,
    })
}

pub(super) fn signed(frames: &[RelayToClient]) -> Option<SignedCursors> {
    frames.iter().find_map(|frame| match frame {
        RelayToClient::CursorsSigned(signed) => Some(signed.clone()),
        _ => None,
    })
}

pub(super) fn acks(frames: &[RelayToClient]) -> Vec<(u64, Acknowledgement)> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            RelayToClient::Acknowledged(revision, ack) => Some((*revision, ack.clone())),
            _ => None,
        })
        .collect()
}

pub(super) fn caught_up(frames: &[RelayToClient]) -> bool {
    frames.contains(&RelayToClient::CaughtUp)
}
