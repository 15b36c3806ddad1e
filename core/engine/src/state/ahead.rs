//! What stands beyond a thread's cursor: it waits for the records, or for a gap to close.

use std::collections::BTreeMap;

use automerge::ChangeHash;
use tandem_proto::{ItemHash, Seq};

/// Bytes and items of one thread that may wait: years of messages. What is over is read again from
/// the cursor.
const MAX_BYTES: usize = 2 << 20;
const MAX_ITEMS: usize = 4_096;

/// One place beyond the cursor.
#[derive(Debug, Clone)]
pub(crate) enum Ahead {
    /// Bytes from the log.
    Item(Vec<u8>),
    /// Something that this connection pushed, whose receipt names this seq.
    Own(ItemHash, Pushed),
}

/// What this device pushed.
#[derive(Debug, Clone)]
pub(crate) enum Pushed {
    /// An outbox item, by its number.
    Item(u64),
    /// A link of the roster that the log had not shown.
    Link,
    /// A request for a seat of our own.
    Request,
    /// Changes that were carried.
    Carried(Vec<ChangeHash>),
}

/// What waits, by its seq.
#[derive(Debug, Default)]
pub(crate) struct Beyond {
    places: BTreeMap<Seq, Ahead>,
    bytes: usize,
    overflowed: bool,
    /// Where the log was read from again on this connection.
    again_from: Option<Seq>,
}

impl Beyond {
    /// Something of the log that stands right after the cursor (`next`) or beyond a gap; what is
    /// over the limit is forgotten, and noted to be read again.
    pub(crate) fn arrived(&mut self, next: Seq, seq: Seq, item: Vec<u8>) {
        let full = self.places.len() >= MAX_ITEMS || self.bytes + item.len() > MAX_BYTES;
        if full && seq > next {
            self.overflowed = true;
            return;
        }
        self.bytes += item.len();
        if let Some(Ahead::Item(before)) = self.places.insert(seq, Ahead::Item(item)) {
            self.bytes -= before.len();
        }
    }

    /// The receipt of something that we pushed names this seq.
    pub(crate) fn own(&mut self, seq: Seq, item: ItemHash, pushed: Pushed) {
        if let Some(Ahead::Item(before)) = self.places.insert(seq, Ahead::Own(item, pushed)) {
            self.bytes -= before.len();
        }
    }

    pub(crate) fn get(&self, seq: &Seq) -> Option<&Ahead> {
        self.places.get(seq)
    }

    pub(crate) fn contains(&self, seq: &Seq) -> bool {
        self.places.contains_key(seq)
    }

    pub(crate) fn take(&mut self, seq: &Seq) -> Option<Ahead> {
        let taken = self.places.remove(seq);
        if let Some(Ahead::Item(item)) = &taken {
            self.bytes -= item.len();
        }
        taken
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether something was forgotten that has to be read again.
    pub(crate) const fn has_overflowed(&self) -> bool {
        self.overflowed
    }

    /// The log is read again from the cursor: what came of it is forgotten, what we pushed is not.
    /// False when it was read again from there before: this relay does not close the gap.
    pub(crate) fn read_again(&mut self, cursor: Seq) -> bool {
        self.places.retain(|_, ahead| matches!(ahead, Ahead::Own(..)));
        (self.bytes, self.overflowed) = (0, false);
        self.again_from.replace(cursor) != Some(cursor)
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_can_make_a_device_hold_no_more_than_the_limit_beyond_a_gap() {
        let mut beyond = Beyond::default();
        let next = Seq(1);
        for seq in 3..100 {
            beyond.arrived(next, Seq(seq), vec![0; 256 << 10]);
        }
        assert_eq!((beyond.places.len(), beyond.bytes), (8, MAX_BYTES));
        assert!(beyond.has_overflowed(), "what was forgotten is known to be missing");
        beyond.arrived(next, next, vec![0; 256 << 10]);
        assert!(beyond.contains(&next), "what closes the gap is always taken");
        assert!(beyond.read_again(Seq(0)));
        assert!(beyond.is_empty() && !beyond.has_overflowed());
        for seq in 3..9_000 {
            beyond.arrived(next, Seq(seq), vec![0; 8]);
        }
        assert_eq!((beyond.places.len(), beyond.has_overflowed()), (MAX_ITEMS, true));
        assert!(!beyond.read_again(Seq(0)), "a second time from the same place");
        assert!(beyond.read_again(Seq(1)), "it moved on");
    }

    #[test]
    fn the_bytes_that_wait_are_counted_once() {
        let mut beyond = Beyond::default();
        beyond.arrived(Seq(1), Seq(5), vec![0; 10]);
        beyond.arrived(Seq(1), Seq(5), vec![0; 20]);
        beyond.arrived(Seq(1), Seq(6), vec![0; 7]);
        assert_eq!(beyond.bytes, 27);
        beyond.own(Seq(5), ItemHash::new([0; 32]), Pushed::Link);
        assert_eq!(beyond.bytes, 7);
        assert!(beyond.take(&Seq(6)).is_some());
        assert_eq!(beyond.bytes, 0);
        assert!(beyond.read_again(Seq(0)));
        assert!(beyond.contains(&Seq(5)), "what we pushed is not sent back");
    }
}
