//! What newer versions wrote behind values, kept by key until the value is written again.
//!
//! Every record is read and written here, whichever its kind. As a rule there is no tail at all,
//! and then this costs a look into an empty map.
//!
//! A tail is only known once its value has been read. Nearly all records are in memory before they
//! are written; what else reads first is in [`crate::state`] (`unread`) and says why.

use std::collections::{BTreeMap, BTreeSet};

use tandem_proto::ThreadId;

use super::{Key, Kind, Record, RecordError, Write, codec};

/// The tails of values that were read.
#[derive(Debug, Default)]
pub(crate) struct Tails(BTreeMap<Key, Vec<u8>>);

impl Tails {
    /// Reads a stored value and keeps its tail.
    pub(crate) fn read<T: Record>(&mut self, key: &Key, value: &[u8]) -> Result<T, RecordError> {
        let (value, tail) = codec::decode(value)?;
        if !tail.is_empty() {
            self.0.insert(key.clone(), tail);
        }
        Ok(value)
    }

    /// The value to store under a key.
    pub(crate) fn write<T: Record>(&self, key: &Key, value: &T) -> Vec<u8> {
        let mut out = codec::encode(value);
        if let Some(tail) = self.0.get(key) {
            out.extend_from_slice(tail);
        }
        out
    }

    /// These writes become one commit: what they remove has no tail any more. What is removed and
    /// written again in one commit is the same record.
    pub(crate) fn committed(&mut self, writes: &[Write]) {
        if self.0.is_empty() {
            return;
        }
        let mut gone = BTreeSet::new();
        for write in writes {
            match write {
                Write::Put(key, _) => gone.remove(key),
                Write::Delete(key) => gone.insert(key),
            };
        }
        self.0.retain(|key, _| !gone.contains(key));
    }

    /// Forgets what stood behind the records of a thread that is gone.
    pub(crate) fn forget(&mut self, thread: &ThreadId) {
        self.0.retain(|key, _| key.of_thread() != Some(thread.as_bytes()));
    }

    /// The records of a thread that are read when it is needed are put away. Those that may be
    /// written before they are read again keep their tails.
    pub(crate) fn put_away(&mut self, thread: &ThreadId) {
        let stays = |key: &Key| {
            key.is_resident()
                || [Kind::Sent, Kind::Item].iter().any(|kind| key.after(*kind).is_some())
        };
        self.0.retain(|key, _| stays(key) || key.of_thread() != Some(thread.as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::PhonesRecord;

    fn key(thread: u8, kind: Kind) -> Key {
        Key::thread(kind, &ThreadId::new([thread; 20]))
    }

    #[test]
    fn a_tail_stays_until_its_record_is_removed_for_good() {
        let mut tails = Tails::default();
        let (one, two) = (key(1, Kind::Phones), key(2, Kind::Phones));
        let value = PhonesRecord(Vec::new());
        let newer = [codec::encode(&value), vec![7, 7]].concat();
        for key in [&one, &two] {
            assert_eq!(tails.read(key, &newer), Ok(value.clone()));
        }
        tails.committed(&[
            Write::Delete(one.clone()),
            Write::Put(one.clone(), tails.write(&one, &value)),
            Write::Put(two.clone(), tails.write(&two, &value)),
            Write::Delete(two.clone()),
        ]);
        assert_eq!(tails.write(&one, &value), newer);
        assert_eq!(tails.write(&two, &value), codec::encode(&value));
    }

    #[test]
    fn what_is_put_away_is_forgotten_but_for_what_is_written_unread() {
        let mut tails = Tails::default();
        let value = PhonesRecord(Vec::new());
        let newer = [codec::encode(&value), vec![7]].concat();
        let keys = [Kind::Phones, Kind::Sent, Kind::Item, Kind::Inbox].map(|kind| key(1, kind));
        let other = key(2, Kind::Phones);
        for key in keys.iter().chain([&other]) {
            assert_eq!(tails.read(key, &newer), Ok(value.clone()));
        }
        tails.put_away(&ThreadId::new([1; 20]));
        let kept: Vec<bool> =
            keys.iter().chain([&other]).map(|key| tails.write(key, &value) == newer).collect();
        assert_eq!(kept, [false, true, true, true, true]);
    }
}
