//! How many bytes a frame takes on the wire.

use tandem_proto::{Deliver, Generation, Hash16, ReceiptBatch, RelayToClient, ThreadId, Wire};

/// What [`Wire::to_bytes`] would give, counted; deliveries and receipts, which are nearly all of
/// what a relay sends, without encoding them a second time.
pub(crate) fn wire_len(frame: &RelayToClient) -> usize {
    match frame {
        RelayToClient::Deliver(deliver) => deliver_len(deliver),
        RelayToClient::Receipts(batch) => receipts_len(batch),
        other => other.to_bytes().len(),
    }
}

const LENGTH_AND_TAG: usize = 4 + 1;

fn deliver_len(deliver: &Deliver) -> usize {
    let items: usize = deliver.items.iter().map(|i| varint(i.len() as u64) + i.len()).sum();
    LENGTH_AND_TAG
        + ThreadId::LEN
        + varint(deliver.first.0)
        + varint(deliver.items.len() as u64)
        + items
}

fn receipts_len(batch: &ReceiptBatch) -> usize {
    let proof = &batch.proof;
    let items: usize = batch.items.iter().map(|(_, seq)| Hash16::LEN + varint(seq.0)).sum();
    LENGTH_AND_TAG
        + Generation::LEN
        + varint(batch.time.0)
        + varint(proof.first.into())
        + varint(proof.size.into())
        + varint(proof.outside.len() as u64)
        + proof.outside.len() * 32
        + 64
        + varint(batch.items.len() as u64)
        + items
}

/// Bytes of a LEB128 number.
fn varint(value: u64) -> usize {
    (u64::BITS - value.leading_zeros()).div_ceil(7).max(1) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tandem_proto::{
        Item, ItemHash, ReceiptLeaf, SecretKey, Seq, Timestamp, limits::MAX_ITEMS_PER_FRAME,
        sign_receipts,
    };

    use super::*;

    proptest! {
        #[test]
        fn a_delivery_is_counted_as_it_is_encoded(
            first: u64,
            shift in 0u32..64,
            lens in prop::collection::vec(0usize..20_000, 0..200),
        ) {
            let items: Vec<Item> = lens
                .into_iter()
                .map(|len| Item::try_from(vec![7; len]).expect("within the limit"))
                .collect();
            let frame = RelayToClient::Deliver(Deliver {
                thread: ThreadId::new([1; 20]),
                first: Seq(first >> shift),
                items: items.try_into().expect("within the limit"),
            });
            prop_assert_eq!(wire_len(&frame), frame.to_bytes().len());
        }

        #[test]
        fn receipts_are_counted_as_they_are_encoded(
            time: u64,
            shift in 0u32..64,
            seqs in prop::collection::vec(any::<u64>(), 1..MAX_ITEMS_PER_FRAME),
            before in 0usize..300,
        ) {
            let leaf = |seq| ReceiptLeaf {
                thread: ThreadId::new([1; 20]),
                seq: Seq(seq),
                item: ItemHash::new([2; 32]),
            };
            let mut leaves = vec![leaf(1); before];
            leaves.extend(seqs.iter().map(|seq| leaf(seq >> shift)));
            let key = SecretKey::from_seed([3; 32]);
            let (generation, time) = (Generation::new([4; 16]), Timestamp(time >> shift));
            for batch in sign_receipts(&key, generation, time, &leaves, &[before, seqs.len()]) {
                let frame = RelayToClient::Receipts(batch);
                prop_assert_eq!(wire_len(&frame), frame.to_bytes().len());
            }
        }
    }
}
