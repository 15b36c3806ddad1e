//! Receipts, each verified alone.

use serde_json::{Value, json};
use tandem_proto::{
    Generation, Hash16, Hasher, ItemHash, Receipt, ReceiptLeaf, RelayKey, SecretKey, Seq, ThreadId,
    Timestamp, sign_receipts,
};

use super::{hex, same_as_committed};

const RELAY_SEED: [u8; 32] = [0x77; 32];
const GENERATION: Generation = Generation::new([0x22; 16]);
const TIME: Timestamp = Timestamp(1_760_000_123_456);

fn relay() -> SecretKey {
    SecretKey::from_seed(RELAY_SEED)
}

/// What the receipt at `place` is about.
fn item(place: usize) -> Vec<u8> {
    format!("the log item of receipt {place}").into_bytes()
}

/// The receipts of one group commit of so many items.
fn receipts(size: usize) -> Vec<Receipt> {
    let leaves: Vec<ReceiptLeaf> = (0..size)
        .map(|place| ReceiptLeaf {
            thread: ThreadId::new([0x11; 20]),
            seq: Seq(place as u64 + 300),
            item: ItemHash::of(&item(place)),
        })
        .collect();
    let batch = sign_receipts(&relay(), GENERATION, TIME, &leaves, &[size]).remove(0);
    let sent = |short: &Hash16| {
        leaves.iter().find(|leaf| leaf.item.short() == *short).map(|leaf| (leaf.thread, leaf.item))
    };
    batch.open(&RelayKey::new(relay().public()), sent).unwrap()
}

fn vector(receipt: &Receipt) -> Value {
    let relay = RelayKey::new(relay().public());
    assert_eq!(receipt.verify(&relay), Ok(()));
    let leaf = Hasher::new("tandem/receipt/1")
        .part(receipt.generation.as_bytes())
        .part(receipt.thread.as_bytes())
        .part(&receipt.seq.0.to_le_bytes())
        .part(receipt.item.as_bytes())
        .finish();
    let siblings: Vec<String> = receipt.path.siblings.iter().map(|hash| hex(hash)).collect();
    let root = receipt.path.root(leaf).unwrap();
    json!({
        "name": format!("leaf {} of {}", receipt.path.index, receipt.path.size),
        "inputs": {
            "relay": hex(relay.as_bytes()),
            "generation": hex(receipt.generation.as_bytes()),
            "thread": hex(receipt.thread.as_bytes()),
            "seq": receipt.seq.0,
            "item": hex(&item(receipt.path.index as usize)),
            "time": receipt.time.0,
            "index": receipt.path.index,
            "size": receipt.path.size,
            "siblings": siblings,
            "signature": hex(&receipt.signature.to_bytes()),
        },
        "expected": {
            "relay_seed": hex(&RELAY_SEED),
            "item_hash": hex(receipt.item.as_bytes()),
            "leaf": hex(&leaf),
            "root": hex(&root),
        },
    })
}

#[test]
fn the_receipts_of_the_vectors_are_those_that_the_code_makes() {
    let vectors: Vec<Value> = [1, 2, 5, 8]
        .into_iter()
        .flat_map(|size| receipts(size).into_iter().step_by(size.div_ceil(2)))
        .chain(receipts(5).pop())
        .map(|receipt| vector(&receipt))
        .collect();
    let about =
        "Receipts: the relay's signature over the root of a tree, and one leaf's way to it.";
    same_as_committed("receipt.json", about, &vectors);
}
