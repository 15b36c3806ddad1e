//! How many bytes a frame takes on the wire.

use tandem_proto::{Deliver, RelayToClient, ThreadId, Wire};

/// What [`Wire::to_bytes`] would give, counted; deliveries, which are nearly all of what a relay
/// sends, without encoding them a second time.
pub(crate) fn wire_len(frame: &RelayToClient) -> usize {
    match frame {
        RelayToClient::Deliver(deliver) => deliver_len(deliver),
        other => other.to_bytes().len(),
    }
}

fn deliver_len(deliver: &Deliver) -> usize {
    const LENGTH_AND_TAG: usize = 4 + 1;
    let items: usize = deliver.items.iter().map(|i| varint(i.len() as u64) + i.len()).sum();
    LENGTH_AND_TAG
        + ThreadId::LEN
        + varint(deliver.first.0)
        + varint(deliver.items.len() as u64)
        + items
}

/// Bytes of a LEB128 number.
fn varint(value: u64) -> usize {
    (u64::BITS - value.leading_zeros()).div_ceil(7).max(1) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tandem_proto::{Item, Seq};

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
    }
}
